/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bottom halves under rt: they are counted in the task, which can be preempted
 * while they are disabled and while it serves softirqs.
 * cf. kernel/softirq.c v6.18 for PREEMPT_RT: __local_bh_disable_ip(),
 * __local_bh_enable_ip().
 *
 * With PREEMPT_RT_NEEDS_BH_LOCK, and always up to v6.17, a lock of each CPU makes
 * such sections wait for each other, and lend each other their priorities.  It
 * sleeps, so who can't be preempted goes without it, and is warned if there is
 * such a section already.
 */
#include <config.h>

#include "preemptsim/kernel/softirq.h"

#include "preemptsim/kernel/debug.h"
#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/lock.h"
#include "preemptsim/kernel/preempt.h"

void softirq_lock_init(struct kcpu *kc)
{
	struct lock *lock = arena_new(&kc->cpu.sim->state, struct lock, 1);

	lock_init(lock, lock_type_of(kc->kernel, lock_type(0)),
		  "softirq_ctrl.lock");
	lock->internal = true;
	kc->softirq.lock = lock;
}

bool softirq_lock_due(const struct kcpu *kc)
{
	return kc->softirq.lock && !current_task(kc)->softirq_disable_cnt &&
	       preemptible(kc);
}

/* cf. local_lock(): whose lock it is has to be this CPU's still when it is
 * taken.  Being pinned is a reschedule point. */
static void lock_pin(struct cpu *cpu, const struct op *op)
{
	migrate_disable(current_task(to_kcpu(cpu)));
	op_preempt_check_resched(cpu, op);
}

static void lock_take(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = to_kcpu(cpu)->softirq.lock;

	(void)op;
	cpu_push(cpu, lock->type->lock[LOCK_PLAIN], lock);
}

/* Who has the lock is pinned anyway. */
static void lock_unpin(struct cpu *cpu, const struct op *op)
{
	(void)op;
	migrate_enable(current_task(to_kcpu(cpu)));
}

static const struct op lock_path[] = {
	DO(lock_pin),
	DO(lock_take),
	DO(lock_unpin),
	RET,
};

void op_softirq_lock(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_push(cpu, lock_path, NULL);
}

void op_softirq_unlock(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct lock *lock = kc->softirq.lock;

	(void)op;
	if (lock && lock->owner == current_task(kc) &&
	    !current_task(kc)->softirq_disable_cnt)
		cpu_push(cpu, lock->type->unlock[LOCK_PLAIN], lock);
}

void softirq_count_add(struct kcpu *kc, uint32_t units)
{
	struct task *curr = current_task(kc);

	if (!curr->softirq_disable_cnt) {
		if (unlikely(kc->softirq.disable_cnt && !preemptible(kc)))
			debug_bh_disable(kc);
		migrate_disable(curr);
	}
	curr->softirq_disable_cnt += units;
	kc->softirq.disable_cnt += units;
}

void softirq_count_sub(struct kcpu *kc, uint32_t units)
{
	struct task *curr = current_task(kc);

	if (unlikely(curr->softirq_disable_cnt < units)) {
		preempt_count_underflow(kc, units);
		return;
	}
	curr->softirq_disable_cnt -= units;
	kc->softirq.disable_cnt -= units;
	if (!curr->softirq_disable_cnt)
		migrate_enable(curr);
}

static void serving_end(struct cpu *cpu, const struct op *op)
{
	(void)op;
	softirq_count_sub(to_kcpu(cpu), SOFTIRQ_OFFSET);
}

static const struct op bh_serve_path[] = {
	CALL(do_softirq_path),
	DO(serving_end),
	RET,
};

/* The outermost one serves what is pending, in place of ksoftirqd, unless it
 * could not be preempted meanwhile. */
static void bh_enable(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	bool preempt_on = preemptible(kc);

	op_local_irq_save(cpu, op);
	if (softirq_count(kc) == SOFTIRQ_DISABLE_OFFSET &&
	    kc->softirq.pending) {
		if (preempt_on) {
			softirq_count_sub(kc, SOFTIRQ_DISABLE_OFFSET -
						      SOFTIRQ_OFFSET);
			cpu_push(cpu, bh_serve_path, cpu->top->arg);
			return;
		}
		wakeup_softirqd(kc);
	}
	softirq_count_sub(kc, SOFTIRQ_DISABLE_OFFSET);
}

static const struct op bh_enable_path[] = {
	DO(bh_enable),
	DO(op_softirq_unlock),
	DO(op_local_irq_restore),
	DO(op_preempt_check_resched),
	RET,
};

void op_rt_bh_enable(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_push(cpu, bh_enable_path, cpu->top->arg);
}
