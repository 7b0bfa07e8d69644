/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deadlocks that happen: who begins to wait for a lock, does he wait for
 * himself?
 *
 * Everybody waits for one lock at a time and a lock has one holder, so the
 * graph of who waits for whom is a path that is followed until somebody runs
 * or the beginning is met again.  What is interrupted while it spins waits
 * behind the interrupt: of a stack's contexts the last one counts.  What an
 * interrupt took over somebody who spins, it will give back, though.
 *
 * A lock may have many readers, and a writer waits for all of them: those are
 * looked for when the writer begins to wait, and when a reader does.  Under rt
 * the writer is the lock's holder then to all others.
 *
 * Left out: circles with readers that somebody else closes, or more than one of
 * them, readers that queue behind a writer, and waits for anything else than a
 * lock; a hung task or a lockup tells of these.
 */
#include <config.h>

#include "preemptsim/kernel/debug.h"

#include <glib.h>

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/lock.h"

/* On whose stack @lock is held; also while it is being handed over. */
static const struct task *holder_of(const struct lock *lock)
{
	if (lock->owner || !lock->owner_cpu)
		return lock->owner;
	return current_task(lock->owner_cpu);
}

/* What @task waits for: the last of its stack's contexts. */
static const struct lock *wait_of(const struct task *task)
{
	return task->waits_for[task->nr_waits - 1];
}

/* Waits on @holder's stack that are below the context that has @lock, or that
 * is about to get it. */
static unsigned int waits_below(const struct lock *lock,
				const struct task *holder)
{
	unsigned int i = 0;

	if (lock->owner)
		return lock->waits_below;
	while (i < holder->nr_waits && holder->waits_for[i] != lock)
		i++;
	return i + 1;
}

/* Who has @lock and waits himself, or an interrupt over him does; NULL: nobody,
 * it will be given back. */
static const struct task *stuck_holder(const struct lock *lock)
{
	const struct task *holder = holder_of(lock);

	if (!holder || holder->nr_waits <= waits_below(lock, holder))
		return NULL;
	return holder;
}

/* Is @task, by the lock that it waits for, one that readers hold up?  Who spins
 * leaves the queue when it is his turn. */
static bool waits_for_readers(const struct task *task)
{
	const struct kcpu *kc = &task->kernel->cpus[task->cpu];
	const struct lock *lock = wait_of(task);
	const struct list_head *pos;

	if (lock->owner || !lock->nr_readers || lock->type->inherits)
		return lock->owner == task;
	list_for_each(pos, &lock->waiters)
	{
		const struct spin_waiter *waiter =
			container_of(pos, const struct spin_waiter, link);

		if (waiter->kc == kc && !waiter->read)
			return true;
	}
	return false;
}

/* Does @task read under @lock, and wait in a context that is not below that? */
static bool reads_and_waits(const struct task *task, const struct lock *lock)
{
	for (unsigned int i = 0; i < task->nr_holds; i++)
		if (task->hold[i].lock == lock &&
		    task->nr_waits > task->hold[i].waits_below)
			return true;
	return false;
}

/* Does @task, which others take for the lock's holder or for another one that
 * waits, wait for @reader to give it back? */
static bool waits_for_reader(const struct task *task, const struct task *reader)
{
	return unlikely(waits_for_readers(task)) &&
	       reads_and_waits(reader, wait_of(task));
}

/* Does the path from what @task waits for lead to @waiter?  It may also lead into
 * a circle of others, which is left as soon as it is walked round: @mark comes
 * along at every power of two steps. */
static bool waits_in_the_end(const struct task *task, const struct task *waiter)
{
	const struct task *mark = NULL;

	for (unsigned int n = 0;; n++) {
		task = stuck_holder(wait_of(task));
		if (!task || task == mark)
			return false;
		if (task == waiter || waits_for_reader(task, waiter))
			return true;
		if ((n & (n + 1)) == 0)
			mark = task;
	}
}

/* Of the readers under @lock one that never ends, since it waits for @waiter in
 * the end, which is to write; NULL: there is none. */
static const struct task *stuck_reader(const struct lock *lock,
				       const struct task *waiter)
{
	const struct list_head *pos;

	if (likely(!lock->nr_readers))
		return NULL;
	list_for_each(pos, &waiter->kernel->tasks)
	{
		const struct task *task =
			container_of(pos, const struct task, tasks);

		if (reads_and_waits(task, lock) &&
		    (task == waiter || waits_in_the_end(task, waiter)))
			return task;
	}
	return NULL;
}

static void append_task(GString *text, const struct task *task)
{
	g_string_append_printf(text, "%s-%d", task->comm, task->pid);
	if (cpu_rq(task->kernel, task->cpu)->curr == task)
		g_string_append_printf(text, " on CPU %u", task->cpu);
}

/* "a-3 on CPU 0 waits for B, held by b-4 on CPU 1, which waits for A, held by
 * a-3 on CPU 0"; the first holder may be a @reader. */
static void report(struct kcpu *kc, const struct lock *lock,
		   const struct task *reader)
{
	const struct task *waiter = current_task(kc), *task = waiter;
	GString *text = g_string_new(NULL);

	append_task(text, task);
	do {
		const struct lock *next = wait_of(task);

		if (task != waiter)
			g_string_append(text, ", which");
		g_string_append_printf(text, " waits for %s, held by ",
				       next->name);
		if (reader)
			task = reader;
		else if (waits_for_reader(task, waiter))
			task = waiter;
		else
			task = holder_of(next);
		reader = NULL;
		append_task(text, task);
	} while (task != waiter);
	kernel_warn(kc, "deadlock", lock, "%s", text->str);
	g_string_free(text, TRUE);
}

/* A spinlock whose holder was switched out: he can't come back to the CPU on
 * which others spin for it. */
static void report_sleeper(struct kcpu *kc, const struct lock *lock)
{
	const struct task *curr = current_task(kc);

	kernel_warn(kc, "deadlock", lock,
		    "%s-%d on CPU %u waits for %s, held on this CPU by %s-%d, "
		    "which was switched out",
		    curr->comm, curr->pid, kc->cpu.id, lock->name,
		    lock->owner->comm, lock->owner->pid);
}

static void check(struct kcpu *kc, const struct lock *lock, bool read)
{
	const struct task *curr = current_task(kc);
	const struct task *reader = read ? NULL : stuck_reader(lock, curr);

	if (reader || waits_in_the_end(curr, curr))
		report(kc, lock, reader);
	else if (lock->owner_cpu == kc && lock->owner)
		report_sleeper(kc, lock);
}

/* Nearly always the holder just runs, elsewhere.  The end of the wait is noted
 * where the lock is taken. */
static void on_contention_begin(void *data, const struct trace_record *record)
{
	struct kernel *kernel = data;
	struct kcpu *kc = &kernel->cpus[record->cpu];
	struct task *curr = current_task(kc);
	const struct lock *lock = record->object;
	const struct task *owner = lock->owner;

	if (unlikely(curr->nr_waits == MAX_WAITS ||
		     record->a & LOCK_WILL_SLEEP))
		return;
	curr->waits_for[curr->nr_waits++] = lock;
	if (likely(owner && owner->nr_waits <= lock->waits_below &&
		   lock->owner_cpu != kc))
		return;
	check(kc, lock, record->a & LOCK_READ);
}

void deadlock_init(struct kernel *kernel)
{
	tracer_listen(&kernel->sim->tracer, TP_contention_begin,
		      on_contention_begin, kernel);
}
