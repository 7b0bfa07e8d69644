/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_KERNEL_H
#define PREEMPTSIM_KERNEL_KERNEL_H

/*
 * One simulated kernel on one simulated machine: configuration, per-CPU data,
 * tasks.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/params.h"
#include "preemptsim/kernel/costs.h"
#include "preemptsim/kernel/cpudeadline.h"
#include "preemptsim/kernel/cpupri.h"
#include "preemptsim/kernel/debug.h"
#include "preemptsim/kernel/hrtimer.h"
#include "preemptsim/kernel/idle.h"
#include "preemptsim/kernel/ipi.h"
#include "preemptsim/kernel/sched.h"
#include "preemptsim/kernel/softirq.h"
#include "preemptsim/kernel/stop.h"
#include "preemptsim/kernel/task.h"
#include "preemptsim/kernel/tick.h"
#include "preemptsim/kernel/topology.h"
#include "preemptsim/kernel/version.h"
#include "preemptsim/machine/cpu.h"

struct preempt_layout;
struct preempt_model;
struct nmi_backtrace; /* preemptsim/kernel/nmi.h */
struct smp_calls;     /* preemptsim/kernel/smp.h */
struct stop_machine;  /* preemptsim/kernel/stop-machine.h */
struct housekeeping;  /* src/kernel/housekeeping.c */
struct worker_pool;   /* preemptsim/kernel/workqueue.h */

/* Frames that the kernel's own paths may need on top of a program: a system
 * call in schedule(), a hardirq over it, a softirq on its exit, a hardirq in
 * that, and an NMI. */
#define KERNEL_DEPTH 40

/* Nested spinlocks that a CPU may wait for at once: task, softirq, hardirq
 * and NMI context, as Linux's qnodes. */
#define MAX_SPIN_NEST 4

/**
 * struct spin_waiter - a CPU that spins.
 * @link: in the lock's queue
 * @kc: which CPU
 * @frame: its frame that waits
 * @since: waiting since
 * @acct: what its time went to before
 * @read: it is content to share the lock with others that are
 * @ahead: it stands in no queue, but in front of it
 */
struct spin_waiter {
	struct list_head link;
	struct kcpu *kc;
	struct frame *frame;
	ktime_t since;
	uint8_t acct;
	bool read, ahead;
};

/**
 * struct kcpu - a CPU and what the kernel keeps for it.
 * @cpu: the hardware
 * @kernel: whose it is
 * @preempt_count: the word, as preempt.h has it
 * @told: the bits of it of which tracepoints are told when they leave zero: all
 *        but need-resched; in an NMI that found them zero, those that it is not
 *        itself in
 * @preempt_off_since, @preempt_off_max: outermost disabled stretches
 * @preempt_off_why: what began the last of them
 * @quiescent: times that it passed __schedule(), a way to user mode or a
 *             cond_resched() that reschedules
 * @rq: its run queue
 * @hrtimers: its timers
 * @softirq: its softirqs
 * @tick: its tick
 * @ipi: interrupts from other CPUs
 * @idle: its idle task
 * @stopper: its stop task
 * @ksoftirqd, @ktimers: kernel threads for softirqs; the second one only where
 *                       interrupts are handled in threads
 * @idle_polls: the idle task watches its need_resched flag
 *              (TIF_POLLING_NRFLAG), so that setting it is enough
 * @idle_exit: price of leaving the idle state that it is in
 * @block: in which block of CPUs it is, by level of the topology
 * @workers: who does the CPU's works; NULL: nobody queues any
 * @housekeeping: the kernel's own timers; NULL: they are elsewhere, or none
 * @calls: functions called on all CPUs; NULL: nobody calls any
 * @distribute_cpu_mask_prev: see cpumask_any_and_distribute()
 * @wake_event: of a wakeup under way, while interrupts are off; [1]: in an NMI
 * @wake_sync: who causes it is about to sleep
 * @spin: nodes to wait for spinlocks with, @spin_depth in use
 * @resched_latency: for how long need_resched has been set
 */
struct kcpu {
	struct cpu cpu;
	struct kernel *kernel;
	uint32_t preempt_count, told;
	ktime_t preempt_off_since, preempt_off_max;
	const char *preempt_off_why;
	uint64_t quiescent;
	struct rq rq;
	struct hrtimer_cpu_base hrtimers;
	struct softirq_cpu softirq;
	struct tick_sched tick;
	struct ipi ipi;
	bool idle_polls;
	ktime_t idle_exit;
	unsigned int block[NR_SD_LEVELS], distribute_cpu_mask_prev;
	struct task idle;
	struct task ksoftirqd, ktimers;
	struct cpu_stopper stopper;
	struct worker_pool *workers;
	struct housekeeping *housekeeping;
	struct smp_calls *calls;
	ktime_t wake_event[2];
	bool wake_sync;
	struct spin_waiter spin[MAX_SPIN_NEST];
	unsigned int spin_depth;
	struct resched_latency resched_latency;
};

/**
 * struct kernel_config - how a kernel is built and booted.
 * @model: preemption model
 * @layout: layout of preempt_count; NULL: the first
 * @version: whose rules the details follow; NULL: the first's
 * @features: switches of the fair class; NULL: those of @version
 * @slices: its times; NULL: those of @version
 * @fair: what serves SCHED_OTHER
 * @hz: ticks a second
 * @nohz_idle: an idle CPU stops its tick
 * @threadirqs: interrupts are handled in threads, whatever the model
 * @bh_lock: under rt, sections of a CPU with bottom halves disabled wait for
 *           each other
 * @rt_throttling: real-time tasks are throttled, as before Linux 6.12
 * @fair_server_runtime, @fair_server_period: what fair tasks are due beside
 *                                            real-time ones; 0: nothing
 * @rt_runtime, @rt_period: what deadline tasks may ask for of a CPU (and
 *                          reclaim), and how long real-time ones may run in
 *                          each period if they are throttled; 0: all of it
 * @nr_cpus: CPUs of the machine
 * @topology: how they belong together
 * @isolcpus: those that are in no scheduling domain, and where only tasks run
 *            that ask for it
 * @idle: how they idle
 * @irq_depth: frames that the programs of interrupts and softirqs, one over the
 *             other, may need on any stack
 * @nr_timers: timers that may be armed at once, beside the kernel's own
 * @latency_warn: how long need_resched may be set; 0: for ever
 * @seed, @run: of its own random streams
 * @costs: prices
 */
struct kernel_config {
	const struct preempt_model *model;
	const struct preempt_layout *layout;
	const struct kernel_version *version;
	const struct sched_features *features;
	const struct sched_slices *slices;
	const struct sched_class *fair;
	unsigned int hz;
	bool nohz_idle, threadirqs, bh_lock, rt_throttling;
	ktime_t fair_server_runtime, fair_server_period;
	ktime_t rt_runtime, rt_period;
	unsigned int nr_cpus;
	struct topology topology;
	struct cpumask isolcpus;
	struct idle_config idle;
	unsigned int irq_depth;
	unsigned int nr_timers;
	ktime_t latency_warn;
	uint64_t seed, run;
	struct costs costs;
};

/* When a scheduler from outside may move tasks; see sched/sched-plugin.c. */
enum plugin_moves {
	PLUGIN_STAYS,
	PLUGIN_BALANCES,
	PLUGIN_WOKE
};

/**
 * struct kernel - the kernel.
 * @sim: the simulation it runs in
 * @config: as given
 * @model, @layout, @version: the config's, for short
 * @features, @slices: of the scheduling classes, and of the fair one
 * @sched_class: the classes in order of priority, by enum sched_place
 * @cpus: config.nr_cpus of them
 * @force_irqthreads: interrupts are handled in threads
 * @tick_period: 1/hz
 * @next_pid: of the next task
 * @group_slices: of the tasks in groups some have said what they ask for at a
 *                time, and that concerns the groups
 * @tasks: all of them, links are task.tasks
 * @run_softirq: a softirq vector's action: push its frames; set by whoever
 *               owns devices
 * @softirq_data: for @run_softirq
 * @idle_mask: CPUs whose run queue is empty
 * @sched_idle_mask: those with fair tasks of SCHED_IDLE or in idle groups
 * @cpupri: CPUs by the most urgent real-time task on each
 * @cpudl: CPUs by the earliest deadline on each
 * @rto_mask, @rto_count: run queues where real-time tasks wait that could run
 *                        elsewhere (root_domain's)
 * @rto_push: for the CPUs that are not isolated, and for those that are: the
 *            interrupt that goes round those run queues
 * @rto_push.next: the first that it has not come to; 0: it is not under way
 * @rto_push.asked: how often it was asked for
 * @rto_push.loop: how often when this round began
 * @nr_overloaded: run queues with more than one task
 * @plugin_moves: a plug-in's balance or task_woken is under way
 * @dlo_mask, @dlo_count: the same of the deadline class
 * @dl_max_bw, @dl_bw_ratio: what deadline tasks may use of a CPU, and the
 *                           inverse, for reclaiming
 * @rt_period_timer, @rt_period_active: of throttling
 * @first_place: the first class that has any task at all
 * @block: how many CPUs with consecutive numbers each level of the topology
 *         puts together
 * @domains: the scheduling domains; NULL: there is one CPU
 * @nohz_next_balance: before that no CPU that idles is called to balance
 * @nohz_has_blocked: the load averages of some may have to be brought up to
 *	date
 * @nohz_next_blocked: not before the end of this jiffy
 * @stop: stops of all CPUs; NULL: nobody does that
 * @task_groups: groups of tasks, links are task_group.link, parents first
 * @backtrace: NMIs to all CPUs; NULL: nobody sends any
 * @debug: what went wrong so far
 */
struct kernel {
	struct sim *sim;
	struct kernel_config config;
	const struct preempt_model *model;
	const struct preempt_layout *layout;
	const struct kernel_version *version;
	struct sched_features features;
	struct sched_slices slices;
	const struct sched_class *sched_class[NR_SCHED_CLASSES];
	struct kcpu *cpus;
	bool force_irqthreads;
	ktime_t tick_period;
	int next_pid;
	bool group_slices;
	struct list_head tasks;
	void (*run_softirq)(struct kcpu *kc, unsigned int vector, void *data);
	void *softirq_data;
	struct cpumask idle_mask, sched_idle_mask;
	struct cpupri cpupri;
	struct cpudl cpudl;
	struct cpumask rto_mask;
	struct rto_push {
		unsigned int next, asked, loop;
	} rto_push[2];
	int rto_count, nr_overloaded;
	enum plugin_moves plugin_moves;
	struct cpumask dlo_mask;
	int dlo_count;
	int64_t dl_max_bw, dl_bw_ratio;
	struct hrtimer rt_period_timer;
	bool rt_period_active;
	unsigned int first_place;
	unsigned int block[NR_SD_LEVELS];
	struct sched_domains *domains;
	ktime_t nohz_next_balance;
	bool nohz_has_blocked;
	uint64_t nohz_next_blocked;
	struct stop_machine *stop;
	struct list_head task_groups;
	struct nmi_backtrace *backtrace;
	struct debug_state debug;
};

/** to_kcpu - the kernel's view of a CPU. */
static inline struct kcpu *to_kcpu(struct cpu *cpu)
{
	return container_of(cpu, struct kcpu, cpu);
}

/** current_task - the task on @kc. */
static inline struct task *current_task(const struct kcpu *kc)
{
	return kc->rq.curr;
}

/** cpu_rq - the run queue of CPU number @cpu. */
static inline struct rq *cpu_rq(struct kernel *kernel, unsigned int cpu)
{
	return &kernel->cpus[cpu].rq;
}

/** this_cpu - the CPU whose code is being run. */
static inline struct kcpu *this_cpu(const struct kernel *kernel)
{
	return &kernel->cpus[kernel->sim->this_cpu];
}

/** update_rq_clock - rq->clock is now. */
static inline void update_rq_clock(struct rq *rq)
{
	rq->clock = rq->kc->cpu.sim->now;
}

/** kernel_new - a kernel in @sim; its CPUs run their idle tasks when the
 * simulation starts.  Free with kernel_destroy(). */
struct kernel *kernel_new(struct sim *sim, const struct kernel_config *config);

/** kernel_destroy - free @kernel; tasks are their owners'. */
void kernel_destroy(struct kernel *kernel);

/** kernel_boot - start all CPUs; the last thing before sim_run(). */
void kernel_boot(struct kernel *kernel);

/** kernel_leave_out - from copies of the simulation, what of @kernel stays what
 * it is; when all tasks are made.  @readers: there are locks to read under. */
void kernel_leave_out(struct kernel *kernel, bool readers);

/** kernel_sources - event sources that a kernel on @nr_cpus CPUs needs. */
unsigned int kernel_sources(unsigned int nr_cpus);

/** jiffies - ticks since boot. */
static inline uint64_t jiffies(const struct kernel *kernel)
{
	return (uint64_t)(kernel->sim->now / kernel->tick_period);
}

#endif
