/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Softirqs.  cf. kernel/softirq.c v6.12: handle_softirqs(), irq_exit_rcu(),
 * run_ksoftirqd().
 */
#include <config.h>

#include "preemptsim/kernel/softirq.h"

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/preempt.h"

/* cf. MAX_SOFTIRQ_RESTART and MAX_SOFTIRQ_TIME (msecs_to_jiffies(2)). */
#define MAX_SOFTIRQ_RESTART 10
#define MAX_SOFTIRQ_MS 2

const struct choice *softirq_choice(unsigned int i)
{
	static const struct choice choices[NR_SOFTIRQS] = {
		[HI_SOFTIRQ] = { "hi", "high-priority tasklets" },
		[TIMER_SOFTIRQ] = { "timer", "timers of the timer wheel" },
		[NET_TX_SOFTIRQ] = { "net_tx", "network transmit" },
		[NET_RX_SOFTIRQ] = { "net_rx", "network receive" },
		[BLOCK_SOFTIRQ] = { "block", "completion of block requests" },
		[IRQ_POLL_SOFTIRQ] = { "irq_poll", "polled block devices" },
		[TASKLET_SOFTIRQ] = { "tasklet", "tasklets" },
		[SCHED_SOFTIRQ] = { "sched", "load balancing" },
		[HRTIMER_SOFTIRQ] = { "hrtimer", "soft hrtimers" },
		[RCU_SOFTIRQ] = { "rcu", "RCU callbacks" },
	};

	return i < NR_SOFTIRQS ? &choices[i] : NULL;
}

static void wakeup_softirqd(struct kcpu *kc)
{
	try_to_wake_up(kc, kc->softirq.ksoftirqd, NO_EVENT);
}

void raise_softirq(struct kcpu *kc, unsigned int vector)
{
	cpu_trace(&kc->cpu, TP_softirq_raise, NULL, vector, 0);
	kc->softirq.pending |= 1u << vector;
	if (!in_interrupt(kc))
		wakeup_softirqd(kc);
}

bool softirq_may_run(struct cpu *cpu)
{
	struct kcpu *kc = to_kcpu(cpu);

	return kc->softirq.pending && !in_interrupt(kc);
}

/* msecs_to_jiffies() rounds up. */
static uint64_t max_softirq_jiffies(const struct kernel *kernel)
{
	return (MAX_SOFTIRQ_MS * (uint64_t)kernel->config.hz + 999) / 1000;
}

static void softirq_begin(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	cpu->top->acct = cpu->acct;
	cpu_account(cpu, ACCT_SOFTIRQ);
	preempt_count_add_for(kc, SOFTIRQ_OFFSET, "do_softirq");
	kc->softirq.restarts = MAX_SOFTIRQ_RESTART;
	kc->softirq.end_jiffy =
		jiffies(kc->kernel) + max_softirq_jiffies(kc->kernel);
	kc->softirq.again = true;
}

static void pass_begin(struct cpu *cpu, const struct op *op)
{
	struct softirq_cpu *softirq = &to_kcpu(cpu)->softirq;

	(void)op;
	softirq->active = softirq->pending;
	softirq->pending = 0;
	cpu_open_irqs(cpu);
}

static bool vector_left(struct cpu *cpu)
{
	return to_kcpu(cpu)->softirq.active != 0;
}

static void action_begin(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct softirq_cpu *softirq = &kc->softirq;

	(void)op;
	softirq->vector = (unsigned int)__builtin_ctz(softirq->active);
	softirq->active &= softirq->active - 1;
	softirq->count_before = preempt_count(kc);
	cpu_trace(cpu, TP_softirq_entry, NULL, softirq->vector, 0);
}

/* The kernel's own deferred work, and then what devices put here. */
static void action_run(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct kernel *kernel = kc->kernel;

	(void)op;
	if (kc->softirq.vector == TIMER_SOFTIRQ)
		cpu->top->left = cpu->price[COST_TICK_SOFTIRQ];
	if (kernel->run_softirq)
		kernel->run_softirq(kc, kc->softirq.vector,
				    kernel->softirq_data);
}

/* cf. the check in handle_softirqs() that an action keeps the count. */
static void action_end(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	uint32_t before = kc->softirq.count_before;
	uint32_t after = preempt_count(kc);

	(void)op;
	cpu_trace(cpu, TP_softirq_exit, NULL, kc->softirq.vector, 0);
	if (likely(after == before))
		return;
	sim_warn(cpu->sim, cpu->id, "preempt_count_imbalance",
		 "softirq %s entered with preempt_count %08x, left with %08x",
		 softirq_choice(kc->softirq.vector)->name, before, after);
	preempt_count_force(kc, before);
}

static const struct op action_path[] = {
	DO(action_begin),
	SPEND(SOFTIRQ_VECTOR),
	DO(action_run),
	DO(action_end),
	RET,
};

static void pass_end(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct softirq_cpu *softirq = &kc->softirq;

	(void)op;
	cpu_close_irqs(cpu);
	softirq->again = softirq->pending &&
			 jiffies(kc->kernel) < softirq->end_jiffy &&
			 !need_resched(cpu) && --softirq->restarts;
}

static const struct op pass_path[] = {
	DO(pass_begin),
	WHILE(vector_left, action_path),
	DO(pass_end),
	RET,
};

static bool another_pass(struct cpu *cpu)
{
	return to_kcpu(cpu)->softirq.again;
}

static void softirq_end(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	if (kc->softirq.pending)
		wakeup_softirqd(kc);
	preempt_count_sub_for(kc, SOFTIRQ_OFFSET, "do_softirq");
	cpu_account(cpu, cpu->top->acct);
}

const struct op do_softirq_path[] = {
	DO(softirq_begin),
	SPEND(SOFTIRQ_ENTRY),
	WHILE(another_pass, pass_path),
	DO(softirq_end),
	RET,
};

/* cf. run_ksoftirqd() */
static const struct op ksoftirqd_run[] = {
	DO(op_preempt_enable),
	DO(op_local_irq_disable),
	WHEN(softirq_may_run, do_softirq_path),
	DO(op_local_irq_enable),
	CALL(cond_resched_path),
	RET,
};

/* A look for work with preemption disabled; the state is set before it, so
 * that a raise that comes after it still wakes. */
static void ksoftirqd_look(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct task *curr = current_task(kc);

	set_current_state(kc, curr, TASK_INTERRUPTIBLE);
	op_preempt_disable(cpu, op);
	if (kc->softirq.pending) {
		set_current_state(kc, curr, TASK_RUNNING);
		cpu_push(cpu, ksoftirqd_run, NULL);
	} else {
		op_preempt_enable_no_resched(cpu, op);
		cpu_push(cpu, schedule_path, NULL);
	}
}

/* cf. smpboot_thread_fn() */
const struct op ksoftirqd_path[] = {
	DO(ksoftirqd_look),
	{ .exec = op_loop, .a.path = ksoftirqd_path },
};
