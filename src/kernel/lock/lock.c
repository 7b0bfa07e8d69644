/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all lock types share, and their list.
 */
#include <config.h>

#include "lock-private.h"

#include <glib.h>

#include "preemptsim/kernel/debug.h"

#define LOCK_TYPE(id) extern const struct lock_type lock_type_##id;
#include "lock-list.h"
#undef LOCK_TYPE

const char futex_name[] = "futex";

static const struct lock_type *const types[] = {
#define LOCK_TYPE(id) &lock_type_##id,
#include "lock-list.h"
#undef LOCK_TYPE
};

const struct lock_type *lock_type(unsigned int i)
{
	return i < G_N_ELEMENTS(types) ? types[i] : NULL;
}

const struct lock_type *lock_type_of(const struct kernel *kernel,
				     const struct lock_type *type)
{
	return kernel->model->sleeping_locks && type->rt ? type->rt : type;
}

/* A lock type begins with its name and help, as a choice does. */
const struct choice *lock_type_choice(unsigned int i)
{
	_Static_assert(offsetof(struct lock_type, name) ==
				       offsetof(struct choice, name) &&
			       offsetof(struct lock_type, help) ==
				       offsetof(struct choice, help),
		       "struct lock_type begins like struct choice");
	return (const struct choice *)lock_type(i);
}

void lock_init(struct lock *lock, const struct lock_type *type,
	       const char *name)
{
	*lock = (struct lock){ .type = type,
			       .name = name,
			       .ceiling = MAX_PRIO,
			       .boost = MAX_PRIO };
	list_init(&lock->waiters);
	list_init(&lock->spinners);
	list_init(&lock->osq);
	list_init(&lock->readers);
	lock_seed(lock, 0, 0);
}

void lock_seed(struct lock *lock, uint64_t seed, uint64_t run)
{
	g_autofree char *entity = g_strdup_printf("locks.%s", lock->name);

	rng_init(&lock->rng, seed, run, entity, "next owner");
}

void lock_wait_over(struct cpu *cpu, struct lock *lock)
{
	struct task *curr = current_task(to_kcpu(cpu));

	if (likely(curr->nr_waits &&
		   curr->waits_for[curr->nr_waits - 1] == lock))
		curr->nr_waits--;
	cpu_trace(cpu, TP_contention_end, lock, 0, 0);
}

void lock_taken(struct cpu *cpu, struct lock *lock, ktime_t waited,
		bool contended)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct task *curr = current_task(kc);

	lock->since = cpu->sim->now;
	lock->context = kc->preempt_count;
	lock->owner = curr;
	if (contended)
		lock_wait_over(cpu, lock);
	lock->waits_below = curr->nr_waits;
	cpu_trace(cpu, TP_lock_acquire, lock, waited, contended);
}

void lock_given_back(struct cpu *cpu, struct lock *lock)
{
	lock->owner = NULL;
	cpu_trace(cpu, TP_lock_release, lock, cpu->sim->now - lock->since, 0);
}

bool lock_deadlocks(struct cpu *cpu, const struct lock *lock)
{
	const struct task *curr = current_task(to_kcpu(cpu));

	while (lock && lock->owner && lock->owner != curr)
		lock = lock->owner->waiter.lock;
	return lock && lock->owner == curr;
}

bool lock_not_mine(struct cpu *cpu, const struct lock *lock, bool mine)
{
	const struct task *curr = current_task(to_kcpu(cpu));

	if (likely(mine))
		return false;
	kernel_warn(to_kcpu(cpu), "bad_unlock", lock,
		    "%s-%d gives back %s, which is held by %s", curr->comm,
		    curr->pid, lock->name,
		    lock->owner	     ? lock->owner->comm :
		    lock->nr_readers ? "readers" :
				       "nobody");
	return true;
}
