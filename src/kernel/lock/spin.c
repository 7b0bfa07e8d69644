/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spinning: a CPU that waits for a lock, whatever type that is of.
 */
#include <config.h>

#include "spin-private.h"

struct spin_waiter *spin_begin_for(struct cpu *cpu, struct lock *lock,
				   bool read, struct list_head *waiters)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct spin_waiter *waiter;

	if (unlikely(kc->spin_depth == MAX_SPIN_NEST))
		sim_stuck(cpu->sim, cpu->id,
			  "interrupts nest and spin for more than %d locks; "
			  "does a handler switch interrupts on?",
			  MAX_SPIN_NEST);
	waiter = &kc->spin[kc->spin_depth++];
	*waiter = (struct spin_waiter){ .kc = kc,
					.frame = cpu->top,
					.since = cpu->sim->now,
					.acct = cpu->acct,
					.read = read };
	list_add_tail(&waiter->link, waiters);
	cpu_trace(cpu, TP_contention_begin, lock, read ? LOCK_READ : 0, 0);
	cpu_account(cpu, ACCT_SPIN | (cpu->acct & ACCT_TASK));
	return waiter;
}

struct spin_waiter *spin_begin(struct cpu *cpu, struct lock *lock, bool read)
{
	cpu->top->left = STALLED;
	return spin_begin_for(cpu, lock, read, &lock->waiters);
}

ktime_t spin_end(struct cpu *cpu)
{
	struct kcpu *kc = to_kcpu(cpu);
	const struct spin_waiter *waiter = &kc->spin[--kc->spin_depth];

	cpu_account(cpu, waiter->acct);
	return cpu->sim->now - waiter->since;
}

unsigned int spin_count(const struct lock *lock)
{
	const struct list_head *pos;
	unsigned int n = 0;

	list_for_each(pos, &lock->waiters) n +=
		spin_looks(container_of(pos, struct spin_waiter, link));
	return n;
}

void spin_grant(struct spin_waiter *waiter, ktime_t delay)
{
	list_del(&waiter->link);
	cpu_resume(&waiter->kc->cpu, waiter->frame, delay);
}

void op_keep_flags(struct cpu *cpu, const struct op *op)
{
	(void)op;
	lock_arg(cpu)->open = cpu->top->open;
}

void op_take_flags(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu->top->open = lock_arg(cpu)->open;
}

static void spin_lock_bh_count(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	bool rt = kc->kernel->model->threaded_irqs;

	(void)op;
	if (rt)
		softirq_count_add(kc, SOFTIRQ_DISABLE_OFFSET);
	preempt_count_add_for(
		kc, PREEMPT_OFFSET + (rt ? 0 : SOFTIRQ_DISABLE_OFFSET),
		"spin_lock_bh");
}

static const struct op bh_lock_path[] = {
	DO(op_softirq_lock),
	DO(spin_lock_bh_count),
	RET,
};

void op_spin_lock_bh(struct cpu *cpu, const struct op *op)
{
	if (unlikely(softirq_lock_due(to_kcpu(cpu))))
		cpu_push(cpu, bh_lock_path, cpu->top->arg);
	else
		spin_lock_bh_count(cpu, op);
}

void op_spin_unlock_bh(struct cpu *cpu, const struct op *op)
{
	preempt_count_sub_for(to_kcpu(cpu), PREEMPT_OFFSET, "spin_unlock_bh");
	op_local_bh_enable(cpu, op);
}
