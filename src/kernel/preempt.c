/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * preempt_count's operations and the table of preemption models.
 *
 * A model is a row of policy.  The reschedule points ask the row; nothing else
 * in the simulator knows which model runs.
 */
#include <config.h>

#include "preemptsim/kernel/preempt.h"

#include "preemptsim/kernel/debug.h"

static const struct preempt_model models[] = {
#define PREEMPT_MODEL(id, text, ...) \
	{ .name = #id, .summary = (text), __VA_ARGS__ },
#include "preempt-list.h"
#undef PREEMPT_MODEL
};

const struct choice *preempt_model_choice(unsigned int i)
{
	static const struct choice choices[] = {
#define PREEMPT_MODEL(id, text, ...) { #id, text },
#include "preempt-list.h"
#undef PREEMPT_MODEL
	};

	return i < G_N_ELEMENTS(choices) ? &choices[i] : NULL;
}

const struct preempt_model *preempt_model(unsigned int i)
{
	return &models[i];
}

void preempt_count_underflow(struct kcpu *kc, uint32_t units)
{
	kernel_warn(kc, "preempt_count_imbalance", NULL,
		    "%s-%d subtracts %x from a preempt_count of %08x",
		    current_task(kc)->comm, current_task(kc)->pid, units,
		    preempt_count(kc));
}

void preempt_count_force(struct kcpu *kc, uint32_t count)
{
	uint32_t now = preempt_count(kc);

	if (count > now)
		preempt_count_add_for(kc, count - now, "preempt_count_set");
	else if (count < now)
		preempt_count_sub_for(kc, now - count, "preempt_count_set");
}

/* Whose a change of the count is, for those that are told. */
static const char *why(const struct op *op, const char *own)
{
	return op->a.ptr ? op->a.ptr : own;
}

void op_preempt_disable(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	preempt_count_add_for(kc, PREEMPT_OFFSET, why(op, "preempt_disable"));
	if (unlikely((kc->preempt_count & PREEMPT_MASK) >= PREEMPT_MASK - 10))
		debug_count_full(kc);
}

static void preempt_enable_for(struct cpu *cpu, const char *reason)
{
	preempt_count_sub_for(to_kcpu(cpu), PREEMPT_OFFSET, reason);
}

void op_preempt_enable_no_resched(struct cpu *cpu, const struct op *op)
{
	preempt_enable_for(cpu, why(op, "preempt_enable_no_resched"));
}

/* cf. should_resched(): one comparison for "count 0 and need_resched". */
void op_preempt_check_resched(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	if (kc->preempt_count == 0 && kc->kernel->model->kernel &&
	    cpu_irqs_on(cpu))
		cpu_push(cpu, preempt_schedule_path, cpu->top->arg);
}

void op_preempt_enable(struct cpu *cpu, const struct op *op)
{
	preempt_enable_for(cpu, why(op, "preempt_enable"));
	op_preempt_check_resched(cpu, op);
}

void op_local_irq_disable(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_close_irqs(cpu);
}

void op_local_irq_enable(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_open_irqs(cpu);
	cpu_trace(cpu, TP_hardirqs_on, NULL, 0, 0);
}

void op_local_irq_save(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu->top->open = cpu->open;
	cpu_close_irqs(cpu);
}

void op_local_irq_restore(struct cpu *cpu, const struct op *op)
{
	if (cpu->top->open & IRQ_MASKABLE)
		op_local_irq_enable(cpu, op);
	else
		cpu_close_irqs(cpu);
}

/* Under rt the first one pins the task, see migrate_disable(): a reschedule
 * point. */
static void rt_bh_disable(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	bool first = !softirq_count(kc);

	softirq_count_add(kc, SOFTIRQ_DISABLE_OFFSET);
	if (first)
		op_preempt_check_resched(cpu, op);
}

static void rt_bh_count(struct cpu *cpu, const struct op *op)
{
	(void)op;
	softirq_count_add(to_kcpu(cpu), SOFTIRQ_DISABLE_OFFSET);
}

static const struct op rt_bh_lock_path[] = {
	DO(op_softirq_lock),
	DO(rt_bh_count),
	RET,
};

void op_local_bh_disable(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	if (unlikely(softirq_lock_due(kc)))
		cpu_push(cpu, rt_bh_lock_path, cpu->top->arg);
	else if (kc->kernel->model->threaded_irqs)
		rt_bh_disable(cpu, op);
	else
		preempt_count_add_for(kc, SOFTIRQ_DISABLE_OFFSET,
				      "local_bh_disable");
}

static bool bh_softirq_due(struct cpu *cpu)
{
	struct kcpu *kc = to_kcpu(cpu);

	return kc->softirq.pending && !in_interrupt(kc) &&
	       !softirqs_left_alone(kc);
}

/* What local_bh_enable() does beside counting: serve what was raised while
 * bottom halves were off, with one level of preempt_disable() kept. */
static const struct op bh_softirq_path[] = {
	DO(op_local_irq_save),
	CALL(do_softirq_path),
	DO(op_local_irq_restore),
	RET,
};

static const struct op bh_enable_path[] = {
	WHEN(bh_softirq_due, bh_softirq_path),
	DO_WITH(op_preempt_enable, "local_bh_enable"),
	RET,
};

/* cf. __local_bh_enable_ip(): drops all but one unit, so that the CPU cannot
 * be lost before the softirqs are served. */
void op_local_bh_enable(struct cpu *cpu, const struct op *op)
{
	(void)op;
	if (unlikely(!cpu_irqs_on(cpu) || in_hardirq(to_kcpu(cpu))))
		debug_bh_enable(to_kcpu(cpu));
	if (to_kcpu(cpu)->kernel->model->threaded_irqs) {
		op_rt_bh_enable(cpu, op);
		return;
	}
	preempt_count_sub_for(to_kcpu(cpu),
			      SOFTIRQ_DISABLE_OFFSET - PREEMPT_OFFSET,
			      "local_bh_enable");
	cpu_trace(cpu, TP_softirqs_on, NULL, 0, 0);
	cpu_push(cpu, bh_enable_path, cpu->top->arg);
}

/* cf. resched_offsets_ok(): what keeps a task on its CPU under rt, a spinlock or
 * bottom halves being off, is inside RCU's read side, where it may not sleep
 * for anything but spinlocks. */
static bool may_sleep(const struct kcpu *kc)
{
	return preemptible(kc) && !current_task(kc)->migration_disabled;
}

void op_check_sleep(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	if (unlikely(current_task(kc)->state != TASK_RUNNING))
		debug_blocking_op(kc);
	if (unlikely(!may_sleep(kc)))
		debug_atomic_sleep(kc, NULL);
}

static bool cond_resched_due(struct cpu *cpu)
{
	struct kcpu *kc = to_kcpu(cpu);

	return kc->kernel->model->cond_resched && kc->preempt_count == 0 &&
	       cpu_irqs_on(cpu);
}

static bool might_resched_due(struct cpu *cpu)
{
	return to_kcpu(cpu)->kernel->model->might_sleep &&
	       cond_resched_due(cpu);
}

/* A kernel for debugging looks at this place whatever the model does there. */
static void cond_resched_begin(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	if (unlikely(!may_sleep(kc)))
		debug_atomic_sleep(kc, NULL);
	else
		kc->quiescent += kc->kernel->model->cond_resched;
	cpu_spend(cpu, cpu->price[COST_COND_RESCHED]);
}

static void might_sleep_begin(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	kc->quiescent += kc->kernel->model->might_sleep && preemptible(kc);
	cpu_spend(cpu, cpu->price[COST_COND_RESCHED]);
}

/* cf. __cond_resched(): preempt_schedule_common() where it applies. */
const struct op cond_resched_path[] = {
	DO(cond_resched_begin),
	WHEN(cond_resched_due, preempt_schedule_path),
	RET,
};

const struct op might_sleep_path[] = {
	DO(might_sleep_begin),
	WHEN(might_resched_due, preempt_schedule_path),
	RET,
};
