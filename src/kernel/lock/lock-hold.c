/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Readers of locks.
 */
#include <config.h>

#include "lock-hold-private.h"

struct lock_hold *lock_hold_push(struct cpu *cpu, struct lock *lock)
{
	struct task *curr = current_task(to_kcpu(cpu));
	struct lock_hold *hold;

	if (unlikely(curr->nr_holds == MAX_READ_NEST))
		sim_stuck(cpu->sim, cpu->id,
			  "%s-%d and what interrupts it read under more than "
			  "%d locks at once; are they all given back?",
			  curr->comm, curr->pid, MAX_READ_NEST);
	hold = &curr->hold[curr->nr_holds++];
	*hold = (struct lock_hold){ .lock = lock };
	return hold;
}

struct lock_hold *lock_hold_find(struct cpu *cpu, const struct lock *lock)
{
	struct task *curr = current_task(to_kcpu(cpu));

	for (unsigned int i = curr->nr_holds; i-- > 0;)
		if (curr->hold[i].lock == lock)
			return &curr->hold[i];
	return NULL;
}

/* It stays where it is, as do those above it, which may be waiting. */
void lock_hold_pop(struct cpu *cpu, struct lock_hold *hold)
{
	struct task *curr = current_task(to_kcpu(cpu));

	hold->lock = NULL;
	while (curr->nr_holds && !curr->hold[curr->nr_holds - 1].lock)
		curr->nr_holds--;
}

void lock_read_taken(struct cpu *cpu, struct lock *lock, ktime_t waited,
		     bool contended)
{
	struct lock_hold *hold = lock_hold_push(cpu, lock);

	hold->since = cpu->sim->now;
	hold->acct = cpu->acct;
	if (contended)
		lock_wait_over(cpu, lock);
	hold->waits_below = current_task(to_kcpu(cpu))->nr_waits;
	cpu_trace(cpu, TP_lock_acquire, lock, waited,
		  LOCK_READ | (contended ? LOCK_CONTENDED : 0));
}

bool lock_read_given_back(struct cpu *cpu, struct lock *lock)
{
	struct lock_hold *hold = lock_hold_find(cpu, lock);

	if (lock_not_mine(cpu, lock, hold))
		return false;
	cpu_trace(cpu, TP_lock_release, lock, cpu->sim->now - hold->since,
		  LOCK_READ);
	lock_hold_pop(cpu, hold);
	return true;
}

void op_keep_read_flags(struct cpu *cpu, const struct op *op)
{
	(void)op;
	lock_hold_find(cpu, lock_arg(cpu))->open = cpu->top->open;
}

void op_take_read_flags(struct cpu *cpu, const struct op *op)
{
	const struct lock_hold *hold = lock_hold_find(cpu, lock_arg(cpu));

	(void)op;
	cpu->top->open = hold ? hold->open : cpu->open;
}
