/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_TASK_H
#define PREEMPTSIM_KERNEL_TASK_H

/*
 * struct task: what Linux calls task_struct.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/cpumask.h"
#include "preemptsim/base/list.h"
#include "preemptsim/base/time.h"
#include "preemptsim/kernel/hrtimer.h"
#include "preemptsim/kernel/sched-entity.h"
#include "preemptsim/kernel/softirq.h"
#include "preemptsim/machine/op.h"

struct held_lock;
struct kcpu;
struct kernel;
struct lock;
struct rq;
struct sched_class;
struct task_group;

/* Locks that may be waited for on one stack: by the task, a softirq, a hardirq
 * and an NMI. */
#define MAX_WAITS 4

/* Task states; as in Linux, 0 is runnable. */
#define TASK_RUNNING 0u
#define TASK_INTERRUPTIBLE 1u
#define TASK_UNINTERRUPTIBLE 2u
#define TASK_DEAD 0x80u
#define TASK_WAKING 0x200u
#define TASK_NOLOAD 0x400u
#define TASK_RTLOCK_WAIT 0x1000u

/* Of who waits for work, and is no load by that. */
#define TASK_IDLE (TASK_UNINTERRUPTIBLE | TASK_NOLOAD)

/* States that a wakeup ends. */
#define TASK_NORMAL (TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

/* Thread flags: make way now, or at the next tick at the latest. */
#define TIF_NEED_RESCHED (1u << 0)
#define TIF_NEED_RESCHED_LAZY (1u << 1)

/* Priorities as the kernel counts them: lower is more urgent.  All tasks of
 * SCHED_DEADLINE have the same. */
#define DL_PRIO (-1)
#define MAX_RT_PRIO 100
#define DEFAULT_PRIO 120
#define MAX_PRIO 140

/* "No event": a task that owes no latency sample. */
#define NO_EVENT KTIME_MAX

/**
 * enum policy - scheduling policies that tasks may have.
 */
enum policy {
	POLICY_FIFO,
	POLICY_RR,
	POLICY_OTHER,
	POLICY_BATCH,
	POLICY_IDLE,
	POLICY_DEADLINE,
	NR_POLICIES
};

/**
 * struct rt_mutex_waiter - a task's wait for a lock that inherits priorities.
 * @link: among the lock's waiters, by priority
 * @lock: what it waits for, also a plain mutex; NULL: nothing
 * @prio: its priority as the queue knows it: all but real-time ones are alike
 * @deadline: the same of its deadline
 */
struct rt_mutex_waiter {
	struct list_head link;
	struct lock *lock;
	int prio;
	ktime_t deadline;
};

/**
 * struct owner_spin - a task that spins for a lock to sleep for while that one's
 * holder runs.
 * @lock: which
 * @frame: its frame that spins
 * @link: in the lock's queue of those that are not among its waiters
 * @on: the CPU where the holder runs that it looks at; NULL: none
 * @next: the next that looks at that CPU
 * @acct: what its time went to before
 */
struct owner_spin {
	struct lock *lock;
	struct frame *frame;
	struct list_head link;
	struct rq *on;
	struct task *next;
	uint8_t acct;
};

/* Locks that a task, and what interrupts it, may read under at once. */
#define MAX_READ_NEST 8

/**
 * struct lock_hold - a task that reads under a lock.
 * @lock: which; NULL: this one is over
 * @since: it reads since
 * @open: interrupt flag before an irqsave form
 * @waits_below: waits on its stack over which it was taken
 * @acct: what the CPU's time went to then, which tells a reader that is an
 *        interrupt from the task below it
 *
 * Under a seqlock also:
 * @begun: since when it wants to
 * @sequence: the lock's when it began
 * @task, @link, @frame: it waits for the end of a write, among the lock's
 *                       readers
 * @acct: what its time went to before that
 * @waits: it does; @contended: it had to, or to begin anew
 */
struct lock_hold {
	struct lock *lock;
	ktime_t since, begun;
	uint64_t sequence;
	struct task *task;
	struct list_head link;
	struct frame *frame;
	uint8_t open, acct;
	bool waits, contended;
	unsigned int waits_below;
};

/**
 * struct task - a task.
 *
 * In order of use, cache line by cache line, so that a job touches few of them.
 * Written by the scheduler and the interpreter:
 * @top: the running frame while it does not run
 * @limit: one behind its last frame
 * @sched_class: who schedules it
 * @state: TASK_...
 * @prio: effective priority, DL_PRIO .. MAX_PRIO - 1
 * @tif: TIF_...
 * @on_rq: it is on a run queue (also while it runs)
 * @placed: it has been on a CPU; the first placement is no migration
 * @lock_granted: it has been given the mutex it waits for
 * @spins: it spins for a lock to sleep for, see @spin
 * @wake_flags: of the wakeup that another CPU is to complete
 * @acct: what its time in the kernel goes to, an enum acct with ACCT_TASK
 * @moved: it has not run since it left @ran_on
 * @migration_disabled: how often it said that it has to stay on its CPU
 * @push_later: when it need not stay any more, it makes way (MDF_PUSH)
 * @cpu: where it is queued, runs, or ran last
 * @preempt_count: as it was in the switch away from it, where it is the task's
 * @event: instant of the event that its next own instruction answers, or
 *         NO_EVENT
 * @cpu_time: quanta in user and kernel mode, up to its last switch out
 * @rt: the rt class's own data
 * @timer: what it sleeps by
 * @nvcsw, @nivcsw: voluntary and involuntary switches away from it
 * @pinned_at: how many there were when it said that it has to stay
 * @nr_migrations: times it was put on another CPU than before
 * @syscall: the system call that it is in or was in last; borrowed
 * @wake_next: the next on the list of wakeups that a CPU is to complete
 * @wait: link in a wait queue or among a lock's waiters
 * @waiting_since: for the lock it waits for
 * @waits_for: locks that its contexts wait for, @nr_waits of them; the last is
 *             that of the interrupt that was taken last
 * @held_locks: for lockdep, the last taken first
 * @softirq_disable_cnt: softirq_count() under rt; 0 in other models
 * @softirq: softirqs being served on its stack
 * @tasks: link in kernel.tasks
 * @last_switch_count, @last_switch_time: when khungtaskd last saw it switch
 * @se: the fair class's own data
 * @wake: whom it wakes, and where it woke up
 * @o1: the O(1) scheduler's own data
 * @waiter: for the lock that it waits for
 * @spin: how it spins for that
 * @boosting: locks it holds that lend it a priority, links are lock.boost_link
 * @normal_prio: @prio without what others lend it
 * @saved_state: its state before it waited for a sleeping spinlock
 * @wakee: who waits for the lock that it is giving back, and is next
 * @nr_holds: of @hold in use
 * @sleep_for: it is about to sleep for a length of time, not until an instant
 *
 * What is mostly not used, see kernel_leave_out():
 * @hold: what it reads under
 * @dl: the deadline class's own data
 *
 * Fixed when the task is made:
 * @plugin_data: a fair class's own data, if that is a plug-in
 * @kernel: whose task it is
 * @user: the workload's own data of it, or NULL for kernel threads
 * @policy, @rt_priority, @nice: as in a scenario
 * @group: the group that it is in; NULL: none
 * @nr_cpus_allowed, @cpus_mask: affinity
 * @any_cpu: it may run on all CPUs of the machine
 * @kthread: it never leaves kernel mode, and has no address space
 * @timer_slack: how much later than asked its timers may fire; 0 for
 *               real-time tasks, whatever is asked for
 * @rel_deadline: of its jobs, KTIME_MAX: none
 * @stack: its frames
 * @pid, @comm: its name to the outside; @comm is owned
 */
struct task {
	struct frame *top, *limit;
	const struct sched_class *sched_class;
	struct kernel *kernel;
	void *user;
	unsigned int state;
	int prio;
	uint8_t tif;
	bool on_rq, placed, moved, lock_granted, spins, any_cpu;
	uint8_t wake_flags, acct;
	uint16_t migration_disabled;
	bool kthread, push_later;
	unsigned int cpu;

	unsigned int ran_on;
	uint32_t preempt_count;
	ktime_t event;

	struct sched_rt_entity rt;
	ktime_t cpu_time;
	enum policy policy;
	unsigned int nr_cpus_allowed;

	struct hrtimer timer;
	ktime_t timer_slack;
	const char *syscall;
	uint64_t nvcsw;

	uint64_t nivcsw, nr_migrations;
	struct task *wake_next;
	struct list_head wait;
	ktime_t waiting_since;
	const struct lock *waits_for[MAX_WAITS];
	unsigned int nr_waits;
	uint32_t pinned_at;
	struct held_lock *held_locks;
	uint32_t softirq_disable_cnt;
	struct softirq_run softirq;
	struct list_head tasks;
	uint64_t last_switch_count;
	ktime_t last_switch_time;
	struct sched_entity se;
	struct wake_affinity wake;
	struct sched_o1_entity o1;
	struct rt_mutex_waiter waiter;
	struct owner_spin spin;
	struct list_head boosting;
	int normal_prio;
	unsigned int saved_state;
	struct task *wakee;
	unsigned int nr_holds;
	bool sleep_for;
	struct lock_hold hold[MAX_READ_NEST];
	struct sched_dl_entity dl;
	void *plugin_data;
	struct task_group *group;
	struct cpumask cpus_mask;
	ktime_t rel_deadline;
	struct frame *stack;
	int rt_priority, nice;
	int pid;
	char *comm;
};

/**
 * struct task_attr - what a new task is given.
 * @comm: copied
 * @policy, @rt_priority, @nice, @timer_slack: as in struct task
 * @slice_ns: what it asks the fair class for at a time; 0: has no wish
 * @rel_deadline: relative deadline of its jobs; 0 and KTIME_MAX: none
 * @dl_runtime, @dl_deadline, @dl_period, @reclaim: of POLICY_DEADLINE
 * @group: the group that it is in; NULL: none
 * @cpus: affinity; empty: all CPUs
 * @depth: frames that its own program needs
 * @entry: its program
 * @kthread: it never leaves kernel mode
 */
struct task_attr {
	const char *comm;
	enum policy policy;
	int rt_priority, nice;
	ktime_t timer_slack;
	int64_t slice_ns;
	ktime_t rel_deadline;
	ktime_t dl_runtime, dl_deadline, dl_period;
	bool reclaim;
	struct task_group *group;
	struct cpumask cpus;
	unsigned int depth;
	const struct op *entry;
	bool kthread;
};

/**
 * task_init - make @task a sleeping task that begins @attr's program when it
 * is first woken.  Before the run only; kernel_destroy() frees what it holds.
 */
void task_init(struct task *task, struct kernel *kernel,
	       const struct task_attr *attr);

/** task_destroy - free what task_init() took. */
void task_destroy(struct task *task);

/** set_current_state - the running @task says what it is about to do. */
void set_current_state(struct kcpu *kc, struct task *task, unsigned int state);

/** task_prio_of - the kernel's priority of a policy, rt_priority and nice. */
int task_prio_of(enum policy policy, int rt_priority, int nice);

#endif
