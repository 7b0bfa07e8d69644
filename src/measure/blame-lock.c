/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who holds a lock that is waited for, and what that one does meanwhile.
 *
 * A wait for a lock is as long as its holder makes it, and who looks for the
 * culprit wants to know why: the section itself is long, somebody preempted its
 * holder or interrupts it, or it waits in turn.  Locks are followed up to who
 * holds the last one and waits for none.
 */
#include <config.h>

#include "blame-private.h"

#include "preemptsim/kernel/debug.h"
#include "preemptsim/kernel/entry.h"
#include "preemptsim/kernel/preempt.h"

/* What @task, or an interrupt over it, reads under @lock with; NULL: it does
 * not. */
static const struct lock_hold *hold_of(const struct task *task,
				       const struct lock *lock)
{
	for (unsigned int i = 0; i < task->nr_holds; i++)
		if (task->hold[i].lock == lock && !task->hold[i].waits)
			return &task->hold[i];
	return NULL;
}

/* One of those that read under @lock. */
static const struct task *reader_of(const struct blamer *blamer,
				    const struct lock *lock)
{
	struct list_head *pos;

	list_for_each(pos, &blamer->kernel->tasks)
	{
		const struct task *task = container_of(pos, struct task, tasks);

		if (hold_of(task, lock))
			return task;
	}
	return NULL;
}

/* A lock that is handed on has a CPU before it has an owner; one that sleeps
 * has an owner already while that waits for the last readers. */
static const struct task *holder_of(const struct blamer *blamer,
				    const struct lock *lock)
{
	if (lock->nr_readers)
		return reader_of(blamer, lock);
	if (lock->owner)
		return lock->owner;
	return lock->owner_cpu ? current_task(lock->owner_cpu) : NULL;
}

const struct lock *blame_spins_for(const struct kcpu *kc)
{
	const struct task *curr = current_task(kc);

	/* A CPU has a node for each lock it spins for; who waits for the end of
	 * a seqlock's write has none. */
	if (curr->nr_holds && curr->hold[curr->nr_holds - 1].waits)
		return curr->hold[curr->nr_holds - 1].lock;
	if (kc->spin_depth)
		return kc->spin[kc->spin_depth - 1].frame->arg;
	return curr->spins ? curr->spin.lock : NULL;
}

static bool is_lock(const struct workload *workload, const void *arg)
{
	const struct lock *locks = workload->locks;

	return (uintptr_t)arg >= (uintptr_t)locks &&
	       (uintptr_t)arg < (uintptr_t)(locks + workload->nr_locks);
}

/* Not all are in a queue: a lock that sleeps is the writer's before its readers
 * are gone, a mutex may be handed over to who sleeps yet, and who waits for
 * himself is in none.  But all stand in the middle of taking it. */
const struct lock *blame_waits_for(const struct blamer *blamer,
				   const struct task *task)
{
	if (task->waiter.lock)
		return task->waiter.lock;
	for (const struct frame *frame = task->top; frame > task->stack;
	     frame--)
		if (is_lock(blamer->workload, frame->arg))
			return frame->arg;
	return NULL;
}

/*
 * Why it takes so long
 */

static enum acct context_of_reader(const struct lock_hold *hold)
{
	enum acct acct = hold->acct & (ACCT_TASK - 1);

	return acct == ACCT_NMI || acct == ACCT_HARDIRQ ||
			       acct == ACCT_SOFTIRQ ?
		       acct :
		       ACCT_USER;
}

/* What kind of interrupt over @holder took @lock; ACCT_USER: none, it did. */
static enum acct context_of(const struct lock *lock, const struct task *holder)
{
	if (lock->type->sleeps || lock->type->inherits)
		return ACCT_USER;
	if (lock->nr_readers)
		return context_of_reader(hold_of(holder, lock));
	if (!lock->owner)
		return ACCT_USER;
	if (lock->context & NMI_MASK)
		return ACCT_NMI;
	if (lock->context & HARDIRQ_MASK)
		return ACCT_HARDIRQ;
	return lock->context & SOFTIRQ_OFFSET ? ACCT_SOFTIRQ : ACCT_USER;
}

/* What the interrupt on @kc is called that took a lock: an NMI, or what is
 * below the one that runs. */
static const char *irq_name(const struct kcpu *kc, enum acct context)
{
	bool below = in_nmi(kc) && context != ACCT_NMI;
	const struct frame *frame = kc->cpu.top;

	if (!below)
		return interrupt_name(kc);
	for (; frame > current_task(kc)->stack; frame--) {
		const char *name = irq_frame_name(frame);

		if (name && !below)
			return name;
		below = below && !name;
	}
	return NULL;
}

/* An interrupt holds the lock: which, and whether it runs. */
static void look_at_irq(const struct blamer *blamer, const struct kcpu *kc,
			enum acct context, struct holding *end)
{
	enum acct acct = blame_account(kc);

	end->cause = BLAME_execution;
	if (context == ACCT_SOFTIRQ) {
		struct culprit softirq = blame_softirq(blamer, kc);

		end->irq = softirq.what;
		end->irq_of = softirq.within;
	} else {
		end->irq = irq_name(kc, context);
	}
	if (acct == context || (acct != ACCT_HARDIRQ && acct != ACCT_NMI))
		return;
	end->cause = acct == ACCT_NMI ? BLAME_nmi : BLAME_hardirq;
	end->what = interrupt_name(kc);
}

/* Is somebody about to wake @task, which sleeps for @lock? */
static bool has_waker(const struct blamer *blamer, const struct lock *lock,
		      const struct task *task)
{
	struct list_head *pos;

	if (lock->wakee == task)
		return true;
	list_for_each(pos, &blamer->kernel->tasks)
	{
		if (container_of(pos, struct task, tasks)->wakee == task)
			return true;
	}
	return false;
}

/* It has a holder who does not know yet: @task, which waits for it. */
static bool is_handed_on(const struct blamer *blamer, const struct lock *lock,
			 const struct task *task)
{
	if (lock->nr_readers || holder_of(blamer, lock) != task)
		return false;
	if (!lock->type->sleeps && !lock->type->inherits)
		return !lock->owner;
	return !lock->owner || has_waker(blamer, lock, task);
}

/* An interrupt or a softirq over the holder on @kc spins: that is its affair. */
static bool spins_over(const struct blamer *blamer, const struct kcpu *kc,
		       struct holding *end)
{
	if (blame_account(kc) != ACCT_SPIN || current_task(kc) != end->task)
		return false;
	if (in_nmi(kc) || in_hardirq(kc)) {
		end->cause = in_nmi(kc) ? BLAME_nmi : BLAME_hardirq;
		end->what = interrupt_name(kc);
		return true;
	}
	if (in_serving_softirq(kc) && !kc->kernel->force_irqthreads) {
		struct culprit softirq = blame_softirq(blamer, kc);

		end->cause = BLAME_softirq;
		end->what = softirq.what;
		end->within = softirq.within;
		return true;
	}
	return false;
}

/* Of @holder, in its own words: who else spins on its CPU keeps it off that, and
 * who keeps an interrupt that is to wake it, does not keep it off anything. */
static void say_of_holder(const struct blamer *blamer,
			  const struct task *holder, struct culprit *doing)
{
	bool asleep =
		!holder->on_rq && holder->state != TASK_WAKING &&
		current_task(&blamer->kernel->cpus[holder->cpu]) != holder;
	const struct driver *driver;

	if (doing->cause == BLAME_spinlock && doing->task != holder) {
		doing->cause = BLAME_task;
		doing->within = NULL;
		doing->lock = NULL;
	}
	if (!asleep || doing->cause == BLAME_lock || doing->cause == BLAME_io ||
	    doing->cause == BLAME_sleep || doing->cause == BLAME_timer_slack)
		return;
	driver = blame_driver_of(blamer, holder);
	*doing = (struct culprit){ .cause = driver ? BLAME_io : BLAME_sleep,
				   .cpu = holder->cpu,
				   .what = driver ? driver->name : NULL };
}

/* What the holder of @lock does; returns the lock that it waits for. */
static const struct lock *look_at_holder(const struct blamer *blamer,
					 const struct lock *lock, ktime_t now,
					 ktime_t *until, struct holding *end)
{
	const struct kcpu *kc = &blamer->kernel->cpus[end->task->cpu];
	enum acct context = context_of(lock, end->task);
	struct culprit doing = { .cause = BLAME_execution };

	end->cpu = kc->cpu.id;
	if (context != ACCT_USER) {
		look_at_irq(blamer, kc, context, end);
		if (blame_account(kc) != ACCT_SPIN)
			return NULL;
	}
	if (context == ACCT_USER && spins_over(blamer, kc, end))
		return NULL;
	blame_look(blamer, end->task, true, now, until, &doing);
	say_of_holder(blamer, end->task, &doing);
	end->cause = doing.cause;
	if (doing.cause == BLAME_spinlock || doing.cause == BLAME_lock) {
		if (!doing.lock) {
			end->what = "the other CPUs";
			return NULL;
		}
		if (!is_handed_on(blamer, doing.lock, end->task))
			return doing.lock;
		end->cause = doing.cause == BLAME_lock ? BLAME_wakeup :
							 BLAME_execution;
		return NULL;
	}
	end->cpu = doing.cpu;
	end->other = doing.task;
	/* In user mode or not, it runs. */
	if (doing.cause != BLAME_execution)
		end->what = doing.what;
	end->within = doing.within;
	end->section = doing.lock;
	return NULL;
}

static guint hash_holding(gconstpointer data)
{
	const struct holding *one = data;
	uintptr_t hash = (uintptr_t)one->lock ^ (uintptr_t)one->task ^
			 (uintptr_t)one->other;

	return (guint)(hash / 8 + one->cause * 7 + one->cpu);
}

static gboolean same_holding(gconstpointer x, gconstpointer y)
{
	const struct holding *a = x, *b = y;

	return a->lock == b->lock && a->links == b->links && a->cpu == b->cpu &&
	       a->task == b->task && same_name(a->irq, b->irq) &&
	       same_name(a->irq_of, b->irq_of) &&
	       same_name(a->first_irq, b->first_irq) &&
	       same_name(a->first_irq_of, b->first_irq_of) &&
	       a->cause == b->cause && a->other == b->other &&
	       same_name(a->what, b->what) && same_name(a->within, b->within) &&
	       a->section == b->section;
}

GHashTable *holdings_new(void)
{
	return g_hash_table_new_full(hash_holding, same_holding, g_free, NULL);
}

static const struct holding *keep(const struct blamer *blamer,
				  const struct holding *end)
{
	struct holding *kept = g_hash_table_lookup(blamer->holdings, end);

	if (kept)
		return kept;
	kept = g_new(struct holding, 1);
	*kept = *end;
	g_hash_table_add(blamer->holdings, kept);
	return kept;
}

/* From lock to lock, up to who waits for none, or for the first; returns who
 * holds that one, or NULL. */
static const struct task *follow(const struct blamer *blamer,
				 const struct culprit *culprit, ktime_t now,
				 ktime_t *until, struct holding *end)
{
	const struct task *first = NULL;
	const char *irq = NULL, *irq_of = NULL;
	const struct lock *lock = culprit->lock;

	for (unsigned int links = 0;
	     lock && links <= blamer->workload->nr_locks; links++) {
		const struct task *holder = holder_of(blamer, lock);

		if (!holder || is_handed_on(blamer, lock, culprit->task))
			break;
		if (!first)
			first = holder;
		*end = (struct holding){ .lock = lock,
					 .links = links,
					 .task = holder,
					 .first_irq = irq,
					 .first_irq_of = irq_of };
		lock = look_at_holder(blamer, lock, now, until, end);
		if (!links) {
			irq = end->irq;
			irq_of = end->irq_of;
		}
		if (lock == culprit->lock)
			break; /* a deadlock */
	}
	return first;
}

void blame_follow(const struct blamer *blamer, struct culprit *culprit,
		  ktime_t now, ktime_t *until)
{
	struct holding end;

	if (culprit->cause != BLAME_spinlock && culprit->cause != BLAME_lock)
		return;
	culprit->holder = follow(blamer, culprit, now, until, &end);
	if (!culprit->holder)
		return;
	culprit->end = keep(blamer, &end);
	if (culprit->cause == BLAME_lock)
		culprit->cpu = end.cpu;
}
