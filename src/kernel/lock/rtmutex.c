/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Priority inheritance.  cf. kernel/locking/rtmutex.c v6.12:
 * try_to_take_rt_mutex(), task_blocks_on_rt_mutex(),
 * rt_mutex_adjust_prio_chain(), mark_wakeup_next_waiter().
 *
 * A lock's waiters stand in order of priority, first come, first served within
 * one.  The first of them lends its priority to the owner; if that waits too,
 * its place in that queue changes, and so on.  An unlock does not pass the
 * lock on: it wakes the first waiter, and until that runs only a more urgent
 * task may take the lock.  The first waiter spins while the owner runs, with
 * preemption enabled.
 *
 * Left out: waits that end early.
 */
#include <config.h>

#include "owner-spin-private.h"
#include "rtmutex-private.h"
#include "spin-private.h"

#include <glib.h>

#include "preemptsim/kernel/debug.h"
#include "preemptsim/kernel/wait.h"

/* cf. __waiter_prio(): nice values do not count here. */
static int waiter_prio(const struct task *p)
{
	return p->prio < MAX_RT_PRIO ? p->prio : DEFAULT_PRIO;
}

static struct task *task_of(struct list_head *link)
{
	return container_of(link, struct task, waiter.link);
}

static struct task *top_waiter(const struct lock *lock)
{
	return list_empty(&lock->waiters) ? NULL : task_of(lock->waiters.next);
}

/* Does the waiter @w stand behind @p, of priority @prio?  What he had when he
 * came counts of him, for a wakeup may have moved his deadline since.  cf.
 * rt_waiter_node_less() */
static bool waits_behind(const struct task *w, const struct task *p, int prio)
{
	if (w->waiter.prio != prio)
		return w->waiter.prio > prio;
	return prio == DL_PRIO && w->waiter.deadline > p->dl.node.deadline;
}

static void enqueue_waiter(struct lock *lock, struct task *p)
{
	struct list_head *pos;

	p->waiter.prio = waiter_prio(p);
	p->waiter.deadline = p->dl.node.deadline;
	list_for_each(pos, &lock->waiters)
	{
		if (waits_behind(task_of(pos), p, p->waiter.prio))
			break;
	}
	wait_enqueue(p, &p->waiter.link, pos);
	if (unlikely(lock->spinner && lock->spinner != top_waiter(lock)))
		owner_spin_kick(lock->spinner);
}

/* What a held lock lends its owner now; a lock that lends nothing is not on
 * the owner's list. */
static void update_boost(struct lock *lock)
{
	const struct task *top = top_waiter(lock);
	int boost = MIN(lock->ceiling, top ? top->prio : MAX_PRIO);

	if (lock->boost == MAX_PRIO && boost != MAX_PRIO)
		list_add_tail(&lock->boost_link, &lock->owner->boosting);
	else if (lock->boost != MAX_PRIO && boost == MAX_PRIO)
		list_del(&lock->boost_link);
	lock->boost = boost;
}

/* cf. __pi_waiter_less(): does @lock lend more than @prio, or @donor, if that is
 * a deadline task's? */
static bool lends_more(const struct lock *lock, int prio,
		       const struct task *donor)
{
	if (lock->boost != prio || prio != DL_PRIO)
		return lock->boost < prio;
	return !donor ||
	       top_waiter(lock)->waiter.deadline < donor->waiter.deadline;
}

/* cf. rt_mutex_adjust_prio().  Returns whether @p's place in queues is another:
 * not if it is a deadline task and has got a donor only. */
static bool adjust_prio(struct cpu *cpu, struct task *p)
{
	int prio = p->normal_prio, oldprio = p->prio;
	struct task *donor = NULL;
	struct list_head *pos;

	list_for_each(pos, &p->boosting)
	{
		const struct lock *lock =
			container_of(pos, struct lock, boost_link);

		if (!lends_more(lock, prio, donor))
			continue;
		prio = lock->boost;
		donor = top_waiter(lock);
	}
	if (!rt_mutex_setprio(to_kcpu(cpu), p, prio, donor))
		return false;
	cpu->top->left += cpu->price[COST_PI_BOOST];
	return prio != oldprio;
}

/* Who was awake already may have had the lock meanwhile, and wait for something
 * else now.  Linux wakes him for nothing, unless he waited as for a spinlock
 * (rt_mutex_wake_up_q()); his waits all look again, here some do not. */
static void wake_waiter(struct cpu *cpu, const struct lock *lock,
			struct task *p)
{
	if (unlikely(p->waiter.lock != lock))
		return;
	if (p->state == TASK_RTLOCK_WAIT)
		wake_rtlock(to_kcpu(cpu), p);
	else
		try_to_wake_up(to_kcpu(cpu), p, NO_EVENT);
}

/* cf. rt_waiter_node_equal() */
static bool stands_right(const struct task *p)
{
	return p->waiter.prio == waiter_prio(p) &&
	       (p->waiter.prio != DL_PRIO ||
		p->waiter.deadline == p->dl.node.deadline);
}

/* A waiter has another priority: its place is another, too.  Of a lock that is
 * free somebody else was told; a new first waiter has to be as well. */
static void requeue_waiter(struct cpu *cpu, struct lock *lock, struct task *p)
{
	const struct task *top = top_waiter(lock);

	if (likely(stands_right(p)))
		return;
	list_del(&p->waiter.link);
	enqueue_waiter(lock, p);
	if (!lock->owner && top_waiter(lock) != top)
		wake_waiter(cpu, lock, top_waiter(lock));
}

/* cf. rt_mutex_adjust_prio_chain(): from the waiter @p on. */
static void adjust_prio_chain(struct cpu *cpu, struct task *p)
{
	struct lock *lock;

	while ((lock = p->waiter.lock) && lock->type->inherits) {
		requeue_waiter(cpu, lock, p);
		p = lock->owner;
		if (!p)
			return;
		update_boost(lock);
		if (!adjust_prio(cpu, p))
			return;
	}
}

/* cf. rt_mutex_steal().  Who may not never queues as the first: of a free lock
 * the first one has been told, and nobody else will be. */
static bool may_steal(const struct task *p, const struct lock *lock,
		      bool lateral)
{
	const struct task *top = top_waiter(lock);
	int prio = waiter_prio(p);

	return waits_behind(top, p, prio) ||
	       (lateral && prio == top->waiter.prio && prio >= MAX_RT_PRIO);
}

/* Who lends a priority schedules anyway, who keeps one is not preempted by
 * that. */
static const char wait_lock[] = "wait_lock";

/* Who still waits lends nothing yet: he is not more urgent, or would have the
 * lock himself; nice values lend only when somebody comes to wait. */
bool rt_mutex_try_take(struct cpu *cpu, struct lock *lock, bool lateral)
{
	struct task *curr = current_task(to_kcpu(cpu));
	const struct task *top = top_waiter(lock);
	bool on;

	if (lock->owner)
		return false;
	if (top && top != curr && !may_steal(curr, lock, lateral))
		return false;
	if (curr->waiter.lock == lock) {
		list_del(&curr->waiter.link);
		curr->waiter.lock = NULL;
	}
	lock->owner = curr;
	if (list_empty(&lock->waiters) && lock->ceiling == MAX_PRIO)
		return true;
	on = raw_lock_irqsave(to_kcpu(cpu), wait_lock);
	update_boost(lock);
	if (lock->ceiling != MAX_PRIO)
		adjust_prio(cpu, curr);
	raw_unlock_irqrestore(to_kcpu(cpu), on, wait_lock);
	return true;
}

void rt_mutex_wait_begin(struct cpu *cpu, struct lock *lock, bool read)
{
	struct task *curr = current_task(to_kcpu(cpu));
	bool on;

	curr->waiting_since = cpu->sim->now;
	curr->waiter.lock = lock;
	cpu_trace(cpu, TP_contention_begin, lock, read ? LOCK_READ : 0, 0);
	enqueue_waiter(lock, curr);
	if (unlikely(!lock->owner && top_waiter(lock) == curr))
		sim_bug(cpu->sim, cpu->id,
			"%s waits for the lock %s, which is free", curr->comm,
			lock->name);
	cpu->top->left += cpu->price[COST_RTMUTEX_SLOW];
	on = raw_lock_irqsave(to_kcpu(cpu), wait_lock);
	adjust_prio_chain(cpu, curr);
	raw_unlock_irqrestore(to_kcpu(cpu), on, wait_lock);
}

/*
 * A handler that waits for what sleeps was told of; over a task it takes that
 * along.  Two can't be taken along: the idle task, which always runs (cf.
 * dequeue_task_idle(): "bad: scheduling from the idle thread!", and whoever
 * wakes it then crashes, for its class has no enqueue_task()), and a task that
 * waits for another lock already, in one queue at a time.  There the handler
 * keeps the CPU, interrupts as they are, and spins: whoever gives the lock back
 * lets it look again, after whom he wakes.
 */
bool rt_mutex_may_sleep(struct cpu *cpu)
{
	const struct task *curr = current_task(to_kcpu(cpu));

	return likely(!task_is_idle(curr) && !curr->waiter.lock);
}

bool rt_mutex_spins(struct cpu *cpu)
{
	const struct kcpu *kc = to_kcpu(cpu);

	return kc->spin_depth && kc->spin[kc->spin_depth - 1].frame == cpu->top;
}

void rt_mutex_spin_begin(struct cpu *cpu, struct lock *lock)
{
	struct kcpu *kc = to_kcpu(cpu);
	const struct task *curr = current_task(kc);

	kernel_warn(kc, "scheduling_while_atomic", lock,
		    "%s: %s-%d with preempt_count %08x waits for %s, which is "
		    "to sleep for; it spins",
		    task_is_idle(curr) ? "scheduling from the idle thread" :
					 "scheduling while atomic",
		    curr->comm, curr->pid, preempt_count(kc), lock->name);
	spin_begin_for(cpu, lock, false, &lock->spinners);
}

/* A handler, see rt_mutex_may_sleep(). */
static void spin_on(struct cpu *cpu)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct list_head *link = &kc->spin[kc->spin_depth - 1].link;

	if (list_empty(link))
		list_add_tail(link, &lock_arg(cpu)->spinners);
	cpu->top->left = STALLED;
}

/* cf. rtmutex_spin_on_owner().  What has a ceiling is no rt_mutex in Linux, but a
 * futex. */
static bool spins_on_owner(struct cpu *cpu, const struct lock *lock)
{
	return !lock->type->ceiling &&
	       top_waiter(lock) == current_task(to_kcpu(cpu)) && lock->owner &&
	       owner_spin_worth(cpu, lock);
}

static void spin_on_owner(struct cpu *cpu, struct lock *lock)
{
	owner_spin_begin(cpu, lock);
	lock->spinner = current_task(to_kcpu(cpu));
	owner_spin_stall(cpu, lock, true);
}

void rt_mutex_sleep(struct cpu *cpu, const struct op *again)
{
	struct lock *lock = lock_arg(cpu);

	if (unlikely(rt_mutex_spins(cpu))) {
		cpu->top->pc = again;
		spin_on(cpu);
	} else if (owner_spins(cpu)) {
		owner_spin_end(cpu);
		cpu->top->pc = again;
	} else if (spins_on_owner(cpu, lock)) {
		cpu->top->pc--;
		spin_on_owner(cpu, lock);
	} else {
		cpu->top->pc = again;
		cpu_push(cpu, schedule_path, NULL);
	}
}

void rt_mutex_freed(struct cpu *cpu, struct lock *lock)
{
	while (unlikely(!list_empty(&lock->spinners)))
		spin_grant(
			list_first(&lock->spinners, struct spin_waiter, link),
			cpu->price[COST_SPIN_HANDOFF]);
}

ktime_t rt_mutex_waited(struct cpu *cpu)
{
	const struct task *curr = current_task(to_kcpu(cpu));

	return unlikely(rt_mutex_spins(cpu)) ?
		       spin_end(cpu) :
		       cpu->sim->now - curr->waiting_since;
}

void rt_mutex_take(struct cpu *cpu, struct lock *lock, bool contended)
{
	lock_taken(cpu, lock, contended ? rt_mutex_waited(cpu) : 0, contended);
}

/* The priority goes back before the waiter is woken, so that no two run with
 * the same.  A waiter that spins sees only then that the lock is free, and gets
 * at it when the wait_lock is given back. */
static void give_back(struct cpu *cpu, struct lock *lock)
{
	struct task *curr = current_task(to_kcpu(cpu));

	if (lock->boost != MAX_PRIO) {
		list_del(&lock->boost_link);
		lock->boost = MAX_PRIO;
		adjust_prio(cpu, curr);
	}
	lock->owner = NULL;
	rt_mutex_freed(cpu, lock);
	curr->wakee = top_waiter(lock);
	if (!curr->wakee)
		return;
	cpu->top->left += cpu->price[COST_RTMUTEX_SLOW];
	owner_spin_changed(lock, cpu->top->left);
	cpu->top->left += cpu->price[COST_WAKEUP];
}

static void rt_mutex_pass(struct cpu *cpu, const struct op *op)
{
	(void)op;
	give_back(cpu, lock_arg(cpu));
}

static void rt_mutex_give(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	give_back(cpu, lock);
	lock_given_back(cpu, lock);
}

static void rt_mutex_wake(struct cpu *cpu, const struct op *op)
{
	struct task *curr = current_task(to_kcpu(cpu));
	struct task *wakee = curr->wakee;

	(void)op;
	curr->wakee = NULL;
	if (wakee)
		wake_waiter(cpu, lock_arg(cpu), wakee);
}

/* cf. mark_wakeup_next_waiter(): a preemption between the two would be a
 * priority inversion. */
#define SLOW_UNLOCK(give)                                                \
	{                                                                \
		DO(op_local_irq_save), DO(op_preempt_disable), DO(give), \
			DO(rt_mutex_wake), DO(op_local_irq_restore),     \
			DO(op_preempt_enable), RET,                      \
	}

static const struct op slow_unlock_path[] = SLOW_UNLOCK(rt_mutex_give);
static const struct op slow_pass_path[] = SLOW_UNLOCK(rt_mutex_pass);

static bool concerns_nobody(const struct lock *lock)
{
	return lock->boost == MAX_PRIO && list_empty(&lock->waiters);
}

void op_rt_mutex_unlock(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	if (lock_not_mine(cpu, lock, lock->owner == current_task(to_kcpu(cpu))))
		return;
	if (concerns_nobody(lock)) {
		lock_given_back(cpu, lock);
		rt_mutex_freed(cpu, lock);
	} else {
		cpu_push(cpu, slow_unlock_path, lock);
	}
}

void op_rt_mutex_pass(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	if (concerns_nobody(lock)) {
		lock->owner = NULL;
		rt_mutex_freed(cpu, lock);
	} else {
		cpu_push(cpu, slow_pass_path, lock);
	}
}
