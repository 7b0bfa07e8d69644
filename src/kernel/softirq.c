/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Softirqs.  cf. kernel/softirq.c v6.13: handle_softirqs(), irq_exit_rcu(),
 * run_ksoftirqd(), run_ktimerd().  What differs under rt is in softirq-rt.c.
 */
#include <config.h>

#include "preemptsim/kernel/softirq.h"

#include "preemptsim/kernel/housekeeping.h"
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

/* The run of softirqs that goes on on this CPU, on its task's stack. */
static struct softirq_run *this_run(struct cpu *cpu)
{
	return &current_task(to_kcpu(cpu))->softirq;
}

/* cf. try_to_wake_up(), which disables preemption. */
static void wake_thread(struct kcpu *kc, struct task *thread)
{
	preempt_count_add(kc, PREEMPT_OFFSET);
	try_to_wake_up(kc, thread, NO_EVENT);
	preempt_count_sub(kc, PREEMPT_OFFSET);
}

void wakeup_softirqd(struct kcpu *kc)
{
	wake_thread(kc, kc->softirq.ksoftirqd);
}

/* Nobody on this CPU has bottom halves disabled who would serve what is raised
 * when he enables them. */
static bool should_wake_ksoftirqd(const struct kcpu *kc)
{
	return !kc->softirq.disable_cnt;
}

void __raise_softirq(struct kcpu *kc, unsigned int vector)
{
	cpu_trace(&kc->cpu, TP_softirq_raise, NULL, vector, 0);
	kc->softirq.raises++;
	kc->softirq.pending |= 1u << vector;
}

void raise_softirq(struct kcpu *kc, unsigned int vector)
{
	__raise_softirq(kc, vector);
	if (!in_interrupt(kc) && should_wake_ksoftirqd(kc))
		wakeup_softirqd(kc);
}

void raise_timer_softirq(struct kcpu *kc, unsigned int vector)
{
	if (!kc->softirq.ktimers) {
		__raise_softirq(kc, vector);
		return;
	}
	cpu_trace(&kc->cpu, TP_softirq_raise, NULL, vector, 0);
	kc->softirq.timers_pending |= 1u << vector;
}

/* Is anything raised on @cpu? */
static bool softirq_pending(struct cpu *cpu)
{
	return to_kcpu(cpu)->softirq.pending;
}

/* msecs_to_jiffies() rounds up. */
static uint64_t max_softirq_jiffies(const struct kernel *kernel)
{
	return (MAX_SOFTIRQ_MS * (uint64_t)kernel->config.hz + 999) / 1000;
}

/* Under rt the task's count says already that softirqs are served. */
static void softirq_begin(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct softirq_run *run = this_run(cpu);

	(void)op;
	cpu->top->acct = cpu->acct;
	cpu_account(cpu, ACCT_SOFTIRQ);
	if (kc->kernel->model->threaded_irqs)
		current_task(kc)->acct = ACCT_SOFTIRQ;
	else
		preempt_count_add_for(kc, SOFTIRQ_OFFSET, "do_softirq");
	run->restarts = MAX_SOFTIRQ_RESTART;
	run->end_jiffy = jiffies(kc->kernel) + max_softirq_jiffies(kc->kernel);
	run->again = true;
}

static void pass_begin(struct cpu *cpu, const struct op *op)
{
	struct softirq_cpu *softirq = &to_kcpu(cpu)->softirq;

	(void)op;
	this_run(cpu)->active = softirq->pending;
	softirq->pending = 0;
	cpu_open_irqs(cpu);
}

static bool vector_left(struct cpu *cpu)
{
	return this_run(cpu)->active != 0;
}

static void action_begin(struct cpu *cpu, const struct op *op)
{
	struct softirq_run *run = this_run(cpu);

	(void)op;
	run->vector = (unsigned int)__builtin_ctz(run->active);
	run->active &= run->active - 1;
	run->count_before = preempt_count(to_kcpu(cpu));
	cpu_trace(cpu, TP_softirq_entry, NULL, run->vector, 0);
}

/* The kernel's own deferred work, and then what devices put here. */
static void action_run(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct kernel *kernel = kc->kernel;
	unsigned int vector = this_run(cpu)->vector;

	(void)op;
	if (vector == TIMER_SOFTIRQ && kc->housekeeping)
		cpu_push(cpu, timer_softirq_path, NULL);
	else if (vector == TIMER_SOFTIRQ)
		cpu->top->left = cpu->price[COST_TICK_SOFTIRQ];
	if (vector == SCHED_SOFTIRQ)
		cpu_push(cpu, sched_balance_path, NULL);
	if (vector == HRTIMER_SOFTIRQ)
		cpu_push(cpu, hrtimer_softirq_path, NULL);
	if (kernel->run_softirq)
		kernel->run_softirq(kc, vector, kernel->softirq_data);
}

/* cf. the check in handle_softirqs() that an action keeps the count. */
static void action_end(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	const struct softirq_run *run = this_run(cpu);
	uint32_t before = run->count_before;
	uint32_t after = preempt_count(kc);

	(void)op;
	cpu_trace(cpu, TP_softirq_exit, NULL, run->vector, 0);
	if (likely(after == before))
		return;
	sim_warn(cpu->sim, cpu->id, "preempt_count_imbalance",
		 "softirq %s entered with preempt_count %08x, left with %08x",
		 softirq_choice(run->vector)->name, before, after);
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
	struct softirq_run *run = this_run(cpu);

	(void)op;
	cpu_close_irqs(cpu);
	run->again = kc->softirq.pending &&
		     jiffies(kc->kernel) < run->end_jiffy &&
		     !need_resched(cpu) && --run->restarts;
}

static const struct op pass_path[] = {
	DO(pass_begin),
	WHILE(vector_left, action_path),
	DO(pass_end),
	RET,
};

static bool another_pass(struct cpu *cpu)
{
	return this_run(cpu)->again;
}

static void softirq_end(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	if (kc->softirq.pending)
		wakeup_softirqd(kc);
	if (kc->kernel->model->threaded_irqs)
		current_task(kc)->acct = ACCT_KERNEL | ACCT_TASK;
	else
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

/*
 * The ends of interrupts
 */

static void wake_softirqd(struct cpu *cpu, const struct op *op)
{
	(void)op;
	wakeup_softirqd(to_kcpu(cpu));
}

static const struct op wake_softirqd_path[] = {
	SPEND(WAKEUP),
	DO(wake_softirqd),
	RET,
};

static void wake_timersd(struct cpu *cpu, const struct op *op)
{
	(void)op;
	wake_thread(to_kcpu(cpu), to_kcpu(cpu)->softirq.ktimers);
}

static const struct op wake_timersd_path[] = {
	SPEND(WAKEUP),
	DO(wake_timersd),
	RET,
};

static void leave_to_ksoftirqd(struct cpu *cpu)
{
	struct kcpu *kc = to_kcpu(cpu);

	if (should_wake_ksoftirqd(kc) &&
	    kc->softirq.ksoftirqd->state != TASK_RUNNING)
		cpu_push(cpu, wake_softirqd_path, NULL);
}

/* cf. SOFTIRQ_NOW_MASK v6.1 */
#define NOW_MASK (1u << HI_SOFTIRQ | 1u << TASKLET_SOFTIRQ)

/* cf. ksoftirqd_running() v6.1, which the rt patches of that version take out. */
bool softirqs_left_alone(const struct kcpu *kc)
{
	return unlikely(kc->kernel->version->ksoftirqd_alone) &&
	       !kc->kernel->model->threaded_irqs &&
	       kc->softirq.ksoftirqd->state == TASK_RUNNING &&
	       !(kc->softirq.pending & NOW_MASK);
}

/* cf. invoke_softirq(): with forced threading an interrupt serves nothing. */
static void invoke_softirq(struct cpu *cpu)
{
	if (softirqs_left_alone(to_kcpu(cpu)))
		return;
	if (to_kcpu(cpu)->kernel->force_irqthreads)
		leave_to_ksoftirqd(cpu);
	else
		cpu_push(cpu, do_softirq_path, NULL);
}

/* cf. do_softirq_post_smp_call_flush(): forced threading is about interrupts. */
void op_softirq_post_flush(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	if (!kc->softirq.pending || softirqs_left_alone(kc))
		return;
	if (kc->kernel->model->threaded_irqs)
		leave_to_ksoftirqd(cpu);
	else
		cpu_push(cpu, do_softirq_path, NULL);
}

/* cf. __irq_exit_rcu() */
void softirq_irq_exit(struct cpu *cpu)
{
	struct kcpu *kc = to_kcpu(cpu);
	const struct softirq_cpu *softirq = &kc->softirq;

	if (unlikely(softirq->timers_pending) && !in_hardirq(kc) &&
	    !in_nmi(kc) && softirq->ktimers->state != TASK_RUNNING)
		cpu_push(cpu, wake_timersd_path, NULL);
	if (softirq->pending && !in_interrupt(kc))
		invoke_softirq(cpu);
}

/*
 * ksoftirqd and ktimers
 */

/* cf. ksoftirqd_run_begin() and ksoftirqd_run_end() */
static void run_begin(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	if (kc->kernel->model->threaded_irqs) {
		softirq_count_add(kc, SOFTIRQ_OFFSET);
		cpu->top->left = cpu->price[COST_SOFTIRQ_THREAD];
	}
}

static bool lock_due(struct cpu *cpu)
{
	return softirq_lock_due(to_kcpu(cpu));
}

static const struct op lock_path[] = {
	DO(op_softirq_lock),
	RET,
};

static void run_end(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	if (!kc->kernel->model->threaded_irqs)
		return;
	softirq_count_sub(kc, SOFTIRQ_OFFSET);
	op_softirq_unlock(cpu, op);
}

static void run_over(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_open_irqs(cpu);
}

/* cf. run_ksoftirqd() */
static const struct op ksoftirqd_run[] = {
	DO(op_preempt_enable),
	WHEN(lock_due, lock_path),
	DO(run_begin),
	DO(op_local_irq_disable),
	WHEN(softirq_pending, do_softirq_path),
	DO(run_end),
	DO(run_over),
	CALL(cond_resched_path),
	RET,
};

/* The timers' vectors are served along with what else is raised. */
static void take_timers(struct cpu *cpu, const struct op *op)
{
	struct softirq_cpu *softirq = &to_kcpu(cpu)->softirq;

	(void)op;
	softirq->pending |= softirq->timers_pending;
	softirq->timers_pending = 0;
}

/* cf. run_ktimerd() */
static const struct op ktimers_run[] = {
	DO(op_preempt_enable),
	WHEN(lock_due, lock_path),
	DO(run_begin),
	DO(op_local_irq_disable),
	DO(take_timers),
	CALL(do_softirq_path),
	DO(run_end),
	DO(run_over),
	RET,
};

/* A look for work with preemption disabled; the state is set before it, so
 * that a raise that comes after it still wakes. */
static void thread_look(struct cpu *cpu, const struct op *op,
			const uint32_t *work, const struct op *run)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct task *curr = current_task(kc);

	set_current_state(kc, curr, TASK_INTERRUPTIBLE);
	op_preempt_disable(cpu, op);
	if (*work) {
		set_current_state(kc, curr, TASK_RUNNING);
		cpu_push(cpu, run, NULL);
	} else {
		op_preempt_enable_no_resched(cpu, op);
		cpu_push(cpu, schedule_path, NULL);
	}
}

static void ksoftirqd_look(struct cpu *cpu, const struct op *op)
{
	thread_look(cpu, op, &to_kcpu(cpu)->softirq.pending, ksoftirqd_run);
}

static void ktimers_look(struct cpu *cpu, const struct op *op)
{
	thread_look(cpu, op, &to_kcpu(cpu)->softirq.timers_pending,
		    ktimers_run);
}

/* cf. smpboot_thread_fn() */
const struct op ksoftirqd_path[] = {
	DO(ksoftirqd_look),
	{ .exec = op_loop, .a.path = ksoftirqd_path },
};

const struct op ktimers_path[] = {
	DO(ktimers_look),
	{ .exec = op_loop, .a.path = ktimers_path },
};
