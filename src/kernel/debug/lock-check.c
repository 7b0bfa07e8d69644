/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What holds of locks and of who waits for them between any two operations:
 *
 *   - of a lock that is free the first who waits is on his way to it, and who
 *     spins is about to look again: no wakeup is lost;
 *   - who is blocked for a lock is among its waiters, once, in their order;
 *   - a lock lends its holder what its first waiter has, and who is lent
 *     something has the highest of that.
 *
 * It is looked at in each switch, where nothing is half done but the switch: for
 * all locks that anybody has waited for, and for the task that goes.
 *
 * Not for who waits for himself in the end (lock_deadlocks()): he has no lock that
 * he waits for, and is in no queue but that of a mutex.
 */
#include <config.h>

#include "preemptsim/kernel/debug.h"

#include <glib.h>

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/lock.h"
#include "preemptsim/kernel/preempt.h"

/**
 * struct lock_checker - what is known of a kernel's locks.
 * @kernel: whose they are
 * @locks: those that somebody has waited for, struct lock *
 */
struct lock_checker {
	struct kernel *kernel;
	GPtrArray *locks;
};

/* Who waits for @lock spins, come what may. */
static bool spins_for(const struct lock *lock)
{
	return !lock->type->inherits && !lock->type->sleeps;
}

static _Noreturn void wrong(const struct lock *lock, const struct task *p,
			    const char *what)
{
	sim_bug(p->kernel->sim, (int)p->cpu, "lock %s, %s-%d: %s", lock->name,
		p->comm, p->pid, what);
}

/*
 * Waiters that sleep
 */

static const struct task *waiter_at(const struct lock *lock,
				    const struct list_head *pos)
{
	return lock->type->inherits ?
		       container_of(pos, const struct task, waiter.link) :
		       container_of(pos, const struct task, wait);
}

static const struct task *first_waiter(const struct lock *lock)
{
	return list_empty(&lock->waiters) ? NULL :
					    waiter_at(lock, lock->waiters.next);
}

/* Is somebody about to wake @p? */
static bool has_waker(const struct task *p)
{
	const struct list_head *pos;

	if (cpu_rq(p->kernel, p->cpu)->woken == p)
		return true;
	list_for_each(pos, &p->kernel->tasks)
	{
		if (container_of(pos, const struct task, tasks)->wakee == p)
			return true;
	}
	return false;
}

/* Will @p, which waits for @lock, look at it without anything else? */
static bool on_its_way(const struct lock *lock, const struct task *p)
{
	return p->state == TASK_RUNNING || p->state == TASK_WAKING ||
	       p->spins || lock->wakee == p || has_waker(p);
}

static bool in_order(const struct rt_mutex_waiter *a,
		     const struct rt_mutex_waiter *b)
{
	return a->prio < b->prio ||
	       (a->prio == b->prio &&
		(a->prio != DL_PRIO || a->deadline <= b->deadline));
}

static void check_place(const struct lock *lock, const struct task *p)
{
	int prio = p->prio < MAX_RT_PRIO ? p->prio : DEFAULT_PRIO;

	if (p->waiter.lock != lock)
		wrong(lock, p, "is in the queue of another lock");
	if (p->waiter.prio != prio)
		wrong(lock, p, "has another priority than in the queue");
}

/*
 * Those that spin
 */

/* Who looks at the lock that he would sleep for: he does so again whenever
 * something is different; the switch that is under way will tell him. */
static void check_looker(const struct lock *lock, const struct task *p)
{
	const struct rq *on = p->spin.on;

	if (p->spin.frame->left != STALLED)
		return;
	if (!lock->owner)
		wrong(lock, p, "spins on for what is free");
	if (!on || (on->curr != lock->owner && !on->scheduling))
		wrong(lock, p, "spins on though the holder does not run");
}

/*
 * Queues
 */

/* @p stands behind @before.  (Of a mutex who spins goes on if that happens, and
 * it does where user mode has it, too.) */
static void check_behind(const struct lock *lock, const struct task *before,
			 const struct task *p)
{
	if (p->spins && p->spin.frame->left == STALLED)
		wrong(lock, p, "spins on though it is not the first");
	if (!in_order(&before->waiter, &p->waiter))
		wrong(lock, p, "waits behind who is less urgent");
}

static void check_sleepers(const struct lock *lock)
{
	const struct task *last = NULL;
	const struct list_head *pos;

	list_for_each(pos, &lock->waiters)
	{
		const struct task *p = waiter_at(lock, pos);

		if (p == lock->owner && p->waiter.lock == lock)
			wrong(lock, p, "waits for what it holds");
		if (lock->type->inherits)
			check_place(lock, p);
		if (p->spins)
			check_looker(lock, p);
		if (lock->type->inherits && last)
			check_behind(lock, last, p);
		last = p;
	}
	if (!lock->owner && last && !on_its_way(lock, first_waiter(lock)))
		wrong(lock, first_waiter(lock),
		      "sleeps for what is free, and nobody wakes it");
}

/* Of those that are among no waiters yet the first looks. */
static void check_osq(const struct lock *lock)
{
	if (!list_empty(&lock->osq))
		check_looker(lock, container_of(lock->osq.next,
						const struct task, spin.link));
}

/* A spinlock is handed over; test and set looks again. */
static void check_spinners(const struct lock *lock)
{
	const struct list_head *pos;

	if (lock->owner_cpu || list_empty(&lock->waiters))
		return;
	list_for_each(pos, &lock->waiters)
	{
		const struct spin_waiter *waiter =
			container_of(pos, const struct spin_waiter, link);

		bool free_for_it = !lock->nr_readers ||
				   (waiter->read && pos == lock->waiters.next);

		if (free_for_it && waiter->frame->left == STALLED)
			wrong(lock, current_task(waiter->kc),
			      "spins on for what is free");
	}
}

static void check_seqlock(const struct kernel *kernel, const struct lock *lock)
{
	if (!list_empty(&lock->readers) && lock->sequence % 2 == 0)
		sim_bug(kernel->sim, -1,
			"lock %s: somebody waits for the end of no write",
			lock->name);
}

/*
 * Priorities that are lent
 */

static int lends(const struct lock *lock)
{
	const struct task *first = first_waiter(lock);

	return MIN(lock->ceiling, first ? first->prio : MAX_PRIO);
}

/* Nice values are lent when somebody comes to wait, and not before. */
static void check_prio(const struct task *p)
{
	int prio = p->normal_prio;
	const struct list_head *pos;
	const struct lock *lock = NULL;

	list_for_each(pos, &p->boosting)
	{
		lock = container_of(pos, const struct lock, boost_link);
		if (lock->owner != p)
			wrong(lock, p, "is lent a priority for another's lock");
		if (lock->boost != lends(lock))
			wrong(lock, p, "is not lent what its waiter has");
		prio = MIN(prio, lock->boost);
	}
	if (p->prio < prio || (p->prio > prio && prio < MAX_RT_PRIO))
		sim_bug(p->kernel->sim, (int)p->cpu,
			"%s-%d has priority %d and should have %d", p->comm,
			p->pid, p->prio, prio);
}

static void check_boost(const struct kernel *kernel, const struct lock *lock)
{
	if (!lock->owner) {
		if (lock->boost != MAX_PRIO)
			sim_bug(kernel->sim, -1, "lock %s lends to nobody",
				lock->name);
		return;
	}
	if (lock->boost != lends(lock))
		wrong(lock, lock->owner, "is not lent what its waiter has");
	check_prio(lock->owner);
}

/*
 * All together
 */

static void check_lock(const struct kernel *kernel, const struct lock *lock)
{
	if (spins_for(lock)) {
		check_spinners(lock);
		check_seqlock(kernel, lock);
		return;
	}
	check_sleepers(lock);
	check_osq(lock);
	if (lock->type->inherits)
		check_boost(kernel, lock);
}

static bool is_queued(const struct task *p)
{
	const struct lock *lock = p->waiter.lock;
	const struct list_head *pos;

	list_for_each(pos, &lock->waiters)
	{
		if (waiter_at(lock, pos) == p)
			return true;
	}
	return p->spins;
}

/* Has one that can run, and was the last to read under @lock, not told yet that
 * it does so no more? */
static bool is_being_released(const struct kernel *kernel,
			      const struct lock *lock)
{
	const struct list_head *pos;

	list_for_each(pos, &kernel->tasks)
	{
		const struct task *p =
			container_of(pos, const struct task, tasks);
		const struct frame *top = cpu_rq(p->kernel, p->cpu)->curr == p ?
						  kernel->cpus[p->cpu].cpu.top :
						  p->top;

		if (p->state != TASK_RUNNING)
			continue;
		for (const struct frame *frame = p->stack; frame <= top;
		     frame++)
			if (frame->arg == lock)
				return true;
	}
	return false;
}

/* A writer that waits for readers is in no queue: there have to be some. */
static void check_drain(const struct lock_checker *checker,
			const struct task *p)
{
	const struct lock *drained = NULL;

	for (unsigned int i = 0; i < checker->locks->len; i++) {
		const struct lock *lock = checker->locks->pdata[i];

		if (lock->owner != p || !lock->writing)
			continue;
		if (lock->nr_readers || is_being_released(p->kernel, lock))
			return;
		drained = lock;
	}
	if (drained && !has_waker(p))
		wrong(drained, p, "waits for readers that are gone");
}

static void check_writer(const struct lock_checker *checker,
			 const struct task *p)
{
	if (p->state == TASK_RTLOCK_WAIT && !p->waiter.lock)
		check_drain(checker, p);
}

/* Before it sleeps a task may let others run, and then queue. */
static void check_task(const struct task *p)
{
	if (p->waiter.lock && p->state != TASK_RUNNING && !is_queued(p))
		wrong(p->waiter.lock, p, "waits for it, but not in its queue");
	check_prio(p);
}

static void check_locks(const struct lock_checker *checker)
{
	for (unsigned int i = 0; i < checker->locks->len; i++) {
		const struct lock *lock = checker->locks->pdata[i];

		check_lock(checker->kernel, lock);
		if (lock->owner)
			check_writer(checker, lock->owner);
	}
}

static void on_switch(void *data, const struct trace_record *record)
{
	const struct lock_checker *checker = data;
	const struct kcpu *kc = &checker->kernel->cpus[record->cpu];

	check_locks(checker);
	check_task(current_task(kc));
}

static void on_contention_begin(void *data, const struct trace_record *record)
{
	struct lock_checker *checker = data;
	void *lock = (void *)(uintptr_t)record->object;

	if (!g_ptr_array_find(checker->locks, lock, NULL))
		g_ptr_array_add(checker->locks, lock);
}

struct lock_checker *lock_checker_new(struct kernel *kernel)
{
	struct lock_checker *checker = g_new(struct lock_checker, 1);
	struct tracer *tracer = &kernel->sim->tracer;

	*checker = (struct lock_checker){ .kernel = kernel,
					  .locks = g_ptr_array_new() };
	tracer_listen(tracer, TP_contention_begin, on_contention_begin,
		      checker);
	tracer_listen(tracer, TP_sched_switch, on_switch, checker);
	return checker;
}

/* Not if the run could not go on: something was half done then. */
static void check_end(const struct lock_checker *checker)
{
	const struct list_head *pos;

	if (checker->kernel->sim->rescue)
		return;
	check_locks(checker);
	list_for_each(pos, &checker->kernel->tasks)
		check_task(container_of(pos, const struct task, tasks));
}

void lock_checker_finish(struct lock_checker *checker)
{
	check_end(checker);
	g_ptr_array_unref(checker->locks);
	g_free(checker);
}
