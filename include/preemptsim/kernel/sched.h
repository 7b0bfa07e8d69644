/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_SCHED_H
#define PREEMPTSIM_KERNEL_SCHED_H

/*
 * The scheduler core: run queues, wakeups, __schedule().  It knows the
 * scheduling classes only through struct sched_class.
 * cf. kernel/sched/core.c, kernel/sched/sched.h.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/list.h"
#include "preemptsim/base/params.h" /* struct choice */
#include "preemptsim/base/rng.h"
#include "preemptsim/base/time.h"
#include "preemptsim/kernel/cpupri.h"
#include "preemptsim/kernel/task.h"
#include "preemptsim/machine/op.h"

struct cfs_ops;	 /* sched/fair-group-private.h */
struct group_rq; /* task-group.h */
struct kcpu;
struct rq;
struct sched_domain;

/* Flags of enqueue_task and dequeue_task, as in Linux. */
#define ENQUEUE_WAKEUP 0x01u
#define ENQUEUE_MIGRATED 0x02u
#define ENQUEUE_INITIAL 0x04u
#define ENQUEUE_HEAD 0x10u
#define ENQUEUE_REPLENISH 0x20u
#define DEQUEUE_SLEEP 0x01u
#define DEQUEUE_MIGRATING 0x02u

/**
 * struct sched_class - a scheduling class.
 *
 * All are called under the run queue's lock with interrupts off.  What an
 * operation is called with and what it owes is said here; check-sched-class
 * holds every class to it.  One that is not needed may be NULL where it says
 * so.
 *
 * @name: for messages
 * @summary: one sentence for `list schedulers`; NULL: not to be chosen
 * @rq_init: prepare the class's part of a run queue, before any task; NULL
 * @task_init: prepare the class's part of a task, of any class; NULL
 * @enqueue_task: @p became runnable (ENQUEUE_WAKEUP; for the first time also
 *                ENQUEUE_INITIAL), came from another CPU (ENQUEUE_MIGRATED), or
 *                changed its class or who lends it his (ENQUEUE_REPLENISH).
 *                It is not queued yet, and p->on_rq is set
 * @dequeue_task: @p is not runnable any more (DEQUEUE_SLEEP), or goes to
 *                another run queue (DEQUEUE_MIGRATING) or class.  It is queued,
 *                may be the one that runs, and p->on_rq says what follows
 * @yield_task: the running task asked to make way; it stays runnable
 * @wakeup_preempt: @p of this class woke up beside rq->curr of this class;
 *                  resched_curr() if it should run first
 * @pick_next_task: the task to run next, which is queued and may be the one
 *                  that runs; NULL if and only if there is none.  Nothing
 *                  changes yet: asked again, it says the same
 * @put_prev_task: @p stops running; it is still runnable if p->on_rq, else it
 *                 was dequeued before.  Comes before another's @set_next_task
 * @set_next_task: @p, as picked, starts running
 * @task_tick: a tick while @p runs
 * @select_task_rq: the CPU that @p should wake up on, one that it may use
 * @balance: about to pick: may pull tasks of other run queues; NULL
 * @rebalance_tick: a fair class that balances in its own way: a tick on an SMP
 *                  machine is over; returns how many domains it has looked at
 *                  that were out of balance, which is paid for; NULL: as EEVDF,
 *                  if @balance is its, or not at all
 * @task_woken: @p woke up and was enqueued, and rq->curr asked to make way if it
 *              has to: may push @p, or others that wait; NULL
 * @update_curr: put the running task's time down; a fair class needs it, for
 *               the fair server; else NULL
 * @next_event: the running task @p turns to p->event without having slept,
 *              since that was there already; schedule() follows; NULL: makes no
 *              difference
 * @prio_changed: the priority of @p of this class was @oldprio; ask for what
 *                follows from the new one; NULL: nothing does
 * @switched_from: @p was of this class and now is of another, where it is
 *                 queued already if it is runnable; NULL
 * @switched_to: the other way round: resched_curr() if another one should run
 *               now, @p or, if it runs, of whatever class; NULL: it never comes
 *               from another
 * @groups: how it serves groups of tasks; NULL: it knows none
 *
 * A class that keeps a queued task from running (throttling) says so with
 * sub_nr_running() and add_nr_running().
 */
struct sched_class {
	const char *name;
	const char *summary;
	void (*rq_init)(struct rq *rq);
	void (*task_init)(struct task *p);
	void (*enqueue_task)(struct rq *rq, struct task *p, unsigned int flags);
	void (*dequeue_task)(struct rq *rq, struct task *p, unsigned int flags);
	void (*yield_task)(struct rq *rq);
	void (*wakeup_preempt)(struct rq *rq, struct task *p);
	struct task *(*pick_next_task)(struct rq *rq);
	void (*put_prev_task)(struct rq *rq, struct task *p);
	void (*set_next_task)(struct rq *rq, struct task *p);
	void (*task_tick)(struct rq *rq, struct task *p);
	unsigned int (*select_task_rq)(struct task *p, struct kcpu *waker);
	void (*balance)(struct rq *rq);
	unsigned int (*rebalance_tick)(struct rq *rq);
	void (*task_woken)(struct rq *rq, struct task *p);
	void (*update_curr)(struct rq *rq);
	void (*next_event)(struct rq *rq, struct task *p);
	void (*prio_changed)(struct rq *rq, struct task *p, int oldprio);
	void (*switched_from)(struct rq *rq, struct task *p);
	void (*switched_to)(struct rq *rq, struct task *p);
	const struct cfs_ops *groups;
};

/* Scheduling classes in order of priority: places in kernel.sched_class. */
enum sched_place {
	PLACE_STOP,
	PLACE_DL,
	PLACE_RT,
	PLACE_FAIR,
	PLACE_IDLE,
	NR_SCHED_CLASSES
};

/**
 * struct rt_rq - the part of the rt class.
 * @bitmap: which of the queues are not empty
 * @nr_running: tasks on them
 * @nr_migratory: of them, those that may run on several CPUs
 * @highest_prio: the most urgent on it, or MAX_RT_PRIO
 * @overloaded: something waits here that could run elsewhere
 * @one_waits: one that is alone may wait for more than the next switch
 * @throttled: none of them may run in this period any more
 * @time: that they ran in it, quanta
 * @exec_start: the running one has done so since
 * @pushable: how many have begun to wait so far
 * @nr_pushable: of those that wait, how many may run on several CPUs
 * @queue: runnable tasks by priority, in order
 */
struct rt_rq {
	uint64_t bitmap[2];
	unsigned int nr_running, nr_migratory, nr_pushable;
	int highest_prio;
	bool overloaded, one_waits, throttled;
	ktime_t time, exec_start;
	uint64_t pushable;
	struct list_head queue[MAX_RT_PRIO];
};

/**
 * struct cfs_rq - the part of the fair class; see sched/sched-eevdf.c and
 * sched/sched-cfs.c.  Each group of tasks has one on each CPU.
 * @root: queued entities by deadline, the running one is not among them
 * @curr: the running entity, or NULL
 * @tg: whose it is; NULL: the run queue's own
 * @nr_running: tasks, also those of groups below (h_nr_running)
 * @nr_queued: entities, the running one and those of sleepers
 *             (DELAY_DEQUEUE) included
 * @nr_idle: CFS: those of them of SCHED_IDLE, and idle groups
 * @nr_delayed: those of @nr_running that sleep (h_nr_delayed)
 * @nr_sched_idle: of a group's, those of SCHED_IDLE or in an idle group within
 *                 (idle_h_nr_running)
 * @avg_vruntime, @avg_load: weighted sum and weights of those in the tree
 * @min_vruntime: what @avg_vruntime is relative to; never goes back
 * @seed, @seq: shape the tree, order equal deadlines
 * @touched: the run queue's own: how often a task was queued or began to run
 * @load: weights, the running entity's included; EEVDF: in groups only
 * @next, @last, @skip: whom to prefer, since it woke up or preempted; CFS: or
 *                      was preempted, and whom to pass over, since it yielded
 * @avg: load averages of all entities that are queued here or sleep since they
 *       were
 * @removed: of those that have woken up elsewhere, not yet taken off @avg
 * @h_load: what of the CPU's load is its, at @h_load_at, in jiffies from 1 on
 * @h_load_next: the entity of the group below, for whose sake that is asked
 */
struct cfs_rq {
	struct sched_entity *root, *curr;
	struct task_group *tg;
	unsigned int nr_running, nr_queued, nr_idle, nr_delayed;
	unsigned int nr_sched_idle;
	uint64_t touched;
	int64_t avg_vruntime;
	uint64_t avg_load;
	int64_t min_vruntime;
	uint64_t seed, seq;
	uint64_t load;
	struct sched_entity *next, *last, *skip;
	struct sched_avg avg;
	struct {
		unsigned int nr;
		uint64_t load_avg, runnable_avg, util_avg;
	} removed;
	uint64_t h_load, h_load_at;
	struct sched_entity *h_load_next;
};

/* Priorities of tasks that are not real-time ones. */
#define NR_USER_PRIOS (MAX_PRIO - MAX_RT_PRIO)

/* Averages of a run queue's load; cf. runqueue.cpu_load of v2.6.16. */
#define NR_O1_LOADS 3

/**
 * struct o1_rq - the part of the O(1) scheduler; see sched/sched-o1.c.
 * @array: the tasks by priority, twice: those that have a slice left, and those
 *         that wait until all have used theirs up
 * @array.bitmap: which of its queues are not empty
 * @active: which array is the former
 * @expired_timestamp: jiffies since when the other one is not empty; 0: it is
 * @best_expired_prio: best static priority in it
 * @cpu_load: 128 for each runnable task: of the last tick, and on average over
 *            some before it, each longer than the one before
 * @ticks: how many there were
 * @timestamp_last_tick: when that was, ns
 */
struct o1_rq {
	struct o1_array {
		uint64_t bitmap;
		struct list_head queue[NR_USER_PRIOS];
	} array[2];
	unsigned int active;
	uint64_t expired_timestamp;
	int best_expired_prio;
	uint64_t cpu_load[NR_O1_LOADS], ticks;
	int64_t timestamp_last_tick;
};

/**
 * struct dl_rq - the part of the deadline class; see sched/sched-deadline.c.
 * @tree: tasks that may run, by deadline, the running one among them
 * @nr_running: how many
 * @nr_migratory: of them, those that may run on several CPUs
 * @overloaded: something waits here that could run elsewhere
 * @known: other CPUs know that there is one, or the fair server that serves
 * @this_bw: bandwidth of all tasks that belong here
 * @running_bw: of those of them that are in use
 * @extra_bw: what may be reclaimed beside that: what nobody was promised
 */
struct dl_rq {
	struct cfs_rq tree;
	unsigned int nr_running, nr_migratory;
	bool overloaded, known;
	int64_t this_bw, running_bw, extra_bw;
};

/**
 * struct fair_server - what keeps real-time tasks from starving fair ones.
 * @active: fair tasks are runnable
 * @serving: they go before real-time tasks just now
 * @throttled: it waits for @timer
 * @armed: that is, for the latest instant at which to serve
 * @running: fair tasks have starved, and it doesn't wait for that; cf.
 * dl_defer_running
 * @runtime_ns: what is left of this period's
 * @deadline: end of the period
 * @idle_since: when idle began to run, as far as that is not accounted for
 * @timer: expires when the runtime left just fits in before @deadline, or then
 */
struct fair_server {
	bool active, serving, throttled, armed, running;
	int64_t runtime_ns;
	ktime_t deadline, idle_since;
	struct hrtimer timer;
};

/**
 * struct hrtick - what ends a fair task's slice, where ticks are too coarse
 * for that (HRTICK); see sched/hrtick.c.
 * @timer: expires when the slice is over
 * @time: when that is
 * @due: it has expired just now
 */
struct hrtick {
	struct hrtimer timer;
	ktime_t time;
	bool due;
};

/** enum rq_csd - what a CPU can ask another to do to its run queue, without
 * waiting for it: nohz_csd_func(), rto_push_irq_work_func(), hrtick_func(),
 * cfsb_csd_unthrottle(). */
enum rq_csd {
	CSD_NOHZ,
	CSD_RTO_PUSH,
	CSD_HRTICK,
	CSD_UNTHROTTLE
};

/**
 * struct rq - a CPU's run queue.
 * @kc: whose
 * @curr: the task that runs, @idle when nobody wants to
 * @next: the decision that is being carried out
 * @idle: the idle task
 * @active_mm: the task whose address space is loaded
 * @nr_running: tasks on it, the idle task not counted
 * @nr_sched_idle: of them, fair ones of SCHED_IDLE or in idle groups
 * @wake_list: tasks that woke up for this CPU while it was idle, and that it
 *             is to enqueue itself; linked by wake_next
 * @wake_flushed: of them, those that it is enqueueing
 * @ttwu_pending: there are some of either
 * @csd, @csd_flushed: what other CPUs have asked for (bits of enum rq_csd), and
 *                     what of it is about to be done
 * @clock: as of the last update_rq_clock(), quanta
 * @preempting: __schedule() was entered to preempt (SM_PREEMPT)
 * @scheduling: inside __schedule(), where nobody else gets its lock
 * @woken: the running task, to be woken behind __schedule(); NULL: is not
 * @balance_callback: called once after the switch that is being decided, as
 *                    the kernel's balance callbacks are; NULL: none
 * @waiting: there is somebody in @woken or @spun_for, or was
 * @spun_for: tasks elsewhere that spin for a lock because @curr holds it, by
 *            spin.next
 * @nr_switches: switches so far
 * @own_time_mark: cpu_own_time() when @curr was switched in
 * @cpupri: its place among CPUs by priority
 * @rt, @cfs, @dl, @o1: the classes' parts
 * @picked: whom a fair class that knows groups has picked to run next
 * @pelt: load averages are kept
 * @avg_rt, @avg_dl: those of what real-time and deadline tasks take of its CPU
 * @cpu_capacity: what these left of it to others when it was looked at last, of
 *                1024
 * @fair_server: between the first two
 * @hrtick: ends slices
 * @stop: the task of the stop class, while it is runnable
 * @rd: its root domain: the CPUs that are isolated as it is, or not, to which
 *      real-time tasks may be pushed; NULL: all of them
 * @sd: the smallest scheduling domain it is in; NULL: none
 * @sd_llc: the largest whose CPUs share a cache
 * @sd_looked: the largest domain that it looked at when it was to balance last,
 *             or has looked at since because it went idle: larger ones are no
 *             reason to balance; NULL: all are
 * @next_balance: no tick has to look at its domains before: of an idle CPU,
 *                and [1] of one that runs one task
 * @idle_balance: what it did at that tick
 * @nohz_balance: it shall balance for all CPUs that idle without a tick
 * @balanced: domains that it looked at in the softirq under way
 * @idle_stamp: since when it has idled without anybody waking up here; 0: it
 *              has not
 * @avg_idle: for how long it does that, on average
 * @max_idle_balance_cost: the most that it has taken to look for tasks before
 * @cfsb_csd: groups that have runtime again, and that this CPU is to unthrottle,
 *            linked by csd_next
 * @push_cpu: where its stop task shall move a fair task
 * @plugin_data: a fair class's own data, if that is a plug-in
 * @chance: of a fair class that goes by it
 */
struct rq {
	struct kcpu *kc;
	struct task *curr, *next, *idle;
	const struct task *active_mm;
	unsigned int nr_running, nr_sched_idle;
	struct task *wake_list, *wake_flushed;
	uint8_t csd, csd_flushed;
	ktime_t clock;
	bool preempting, scheduling, ttwu_pending, waiting;
	struct task *woken;
	void (*balance_callback)(struct rq *rq);
	struct task *spun_for;
	uint64_t nr_switches;
	ktime_t own_time_mark;
	struct cpupri_cpu cpupri;
	struct rt_rq rt;
	struct cfs_rq cfs;
	const struct sched_entity *picked;
	bool pelt;
	struct sched_avg avg_rt, avg_dl;
	uint64_t cpu_capacity;
	struct fair_server fair_server;
	struct hrtick hrtick;
	struct dl_rq dl;
	struct task *stop;
	const struct cpumask *rd;
	struct sched_domain *sd, *sd_llc;
	struct sched_domain *sd_looked;
	ktime_t next_balance[2];
	bool idle_balance, nohz_balance;
	unsigned int balanced, push_cpu;
	ktime_t idle_stamp, avg_idle, max_idle_balance_cost;
	struct group_rq *cfsb_csd;
	void *plugin_data;
	struct rng chance;
	struct o1_rq o1;
};

/** policy_choice - the policies' names. */
const struct choice *policy_choice(unsigned int i);

/** fair_class_choice - the classes that can serve SCHED_OTHER. */
const struct choice *fair_class_choice(unsigned int i);

/**
 * sched_plugin_load - have the plug-in @file among the fair classes from now
 * on, behind those of preemptsim.
 *
 * Returns NULL, or what is wrong with it, to be freed.
 */
char *sched_plugin_load(const char *file);

/** fair_class - the class behind fair_class_choice(@i). */
const struct sched_class *fair_class(unsigned int i);

extern const struct sched_class sched_class_stop;
extern const struct sched_class sched_class_deadline;
extern const struct sched_class sched_class_rt;
extern const struct sched_class sched_class_idle;

/** rq_update_waiting - who waits for the end of a switch on @rq has come or
 * gone. */
static inline void rq_update_waiting(struct rq *rq)
{
	rq->waiting = rq->woken || rq->spun_for;
}

/** rq_init - an empty run queue of @kc. */
void rq_init(struct rq *rq, struct kcpu *kc);

/** resched_curr - the task that runs on @rq shall make way. */
void resched_curr(struct rq *rq);

/**
 * resched_curr_lazy - the same, but a lazy model lets it run to the next tick
 * or to user mode.  Only the fair class calls it.
 */
void resched_curr_lazy(struct rq *rq);

/**
 * try_to_wake_up - make @p runnable because of an event at @event.
 * @kc: the CPU that does it
 *
 * Returns false if @p was runnable already.  Context: any, interrupts off and
 * preemption disabled.
 */
bool try_to_wake_up(struct kcpu *kc, struct task *p, ktime_t event);

/** op_sched_ttwu_pending - enqueue what woke up for this CPU; interrupts are
 * off. */
void op_sched_ttwu_pending(struct cpu *cpu, const struct op *op);

/** activate_task, deactivate_task - put @p on @rq, take it off. */
void activate_task(struct rq *rq, struct task *p, unsigned int flags);
void deactivate_task(struct rq *rq, struct task *p, unsigned int flags);

/** add_nr_running, sub_nr_running - @n tasks more, or less, want @rq's CPU:
 * for a class that keeps queued tasks from running. */
void add_nr_running(struct rq *rq, unsigned int n);
void sub_nr_running(struct rq *rq, unsigned int n);

/** move_queued_task - take the queued @p from its run queue to @to's. */
void move_queued_task(struct task *p, struct rq *to);

/**
 * rt_mutex_setprio - @p's priority is @prio for now, lent by who waits for it,
 * or its own again.
 * @kc: the CPU that does it
 * @donor: who lends it, if that is DL_PRIO: its parameters come along
 *
 * Returns whether that was a change.  Context: interrupts off and preemption
 * disabled, or about to schedule.
 */
bool rt_mutex_setprio(struct kcpu *kc, struct task *p, int prio,
		      const struct task *donor);

/** wake_rtlock - wake @p from its wait for a sleeping spinlock, and only from
 * that.  Context: as try_to_wake_up(). */
void wake_rtlock(struct kcpu *kc, struct task *p);

/** migrate_disable, migrate_enable - current stays on its CPU meanwhile; they
 * nest. */
void migrate_disable(struct task *curr);
void migrate_enable(struct task *curr);

/** sched_tick - the scheduler's part of a tick on @kc. */
void sched_tick(struct kcpu *kc);

/**
 * sched_balance_trigger - the tick of @rq is over: have it balance, or an idle
 * CPU for it, if it is time.
 */
void sched_balance_trigger(struct rq *rq);

/** nohz_csd_func - @kc was called to balance for all that idle; interrupts are
 * off. */
void nohz_csd_func(struct kcpu *kc);

/** hrtick_func - @rq's CPU was asked to start its timer; interrupts are off. */
void hrtick_func(struct rq *rq);

/** cfsb_csd_unthrottle - @rq's CPU was asked to unthrottle the groups of
 * rq.cfsb_csd; interrupts are off. */
void cfsb_csd_unthrottle(struct rq *rq);

/** rto_push_irq_work_func - @rq's CPU was asked to push real-time tasks;
 * interrupts are off. */
void rto_push_irq_work_func(struct rq *rq);

/** task_is_idle - is @p the idle task of its CPU? */
bool task_is_idle(const struct task *p);

/** need_resched - shall @cpu's current task make way now? */
bool need_resched(struct cpu *cpu);

/** task_sleeps - did current say that it is about to sleep? */
bool task_sleeps(struct cpu *cpu);

/* Paths, each called with interrupts on and preemption enabled unless said. */
/** schedule_path - schedule(): give the CPU to whoever should have it. */
extern const struct op schedule_path[];
/** preempt_schedule_path - preempt_schedule() after a preempt_enable(). */
extern const struct op preempt_schedule_path[];
/** preempt_schedule_irq_path - at the end of an interrupt, interrupts off. */
extern const struct op preempt_schedule_irq_path[];
/** schedule_idle_path - the idle loop's, with its standing count of 1. */
extern const struct op schedule_idle_path[];
/** sched_balance_path - the action of SCHED_SOFTIRQ: balance what is due. */
extern const struct op sched_balance_path[];
/** first_run_path - what a new task begins with, in a switch to it. */
extern const struct op first_run_path[];

#endif
