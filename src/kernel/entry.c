/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entry and exit paths.
 * cf. kernel/entry/common.c v6.12: irqentry_enter(), irqentry_exit(),
 * exit_to_user_mode_loop(), syscall_exit_to_user_mode();
 * kernel/softirq.c: irq_enter_rcu(), irq_exit_rcu().
 */
#include <config.h>

#include "preemptsim/kernel/entry.h"

#include "preemptsim/kernel/debug.h"
#include "preemptsim/kernel/irq-thread.h"
#include "preemptsim/kernel/nmi.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/smp.h"

/* cf. syscall_enter_from_user_mode(): the instruction switches interrupts off,
 * and they are on again before anything can come of that. */
static __always_inline void __op_syscall_enter(struct cpu *cpu,
					       const struct op *op, bool told)
{
	(void)op;
	cpu_account(cpu, ACCT_KERNEL | ACCT_TASK);
	if (told) {
		__cpu_close_irqs(cpu, told);
		__cpu_open_irqs(cpu, told);
	}
	cpu_spend(cpu, cpu->price[COST_SYSCALL_ENTRY]);
}

TOLD_OP(, op_syscall_enter)

void op_sys_enter(struct cpu *cpu, const struct op *op)
{
	current_task(to_kcpu(cpu))->syscall = op->a.ptr;
	cpu_trace(cpu, TP_sys_enter, op->a.ptr, 0, 0);
}

void op_sys_exit(struct cpu *cpu, const struct op *op)
{
	cpu_trace(cpu, TP_sys_exit, op->a.ptr, 0, 0);
}

static void check_balance(struct cpu *cpu, const struct op *op,
			  const char *what)
{
	struct kcpu *kc = to_kcpu(cpu);

	if (likely(preemptible(kc) && !softirq_count(kc)))
		return;
	sim_warn(cpu->sim, cpu->id, "preempt_count_imbalance",
		 "%s-%d leaves a %s with preempt_count %08x and "
		 "interrupts %s",
		 current_task(kc)->comm, current_task(kc)->pid, what,
		 preempt_count(kc) | softirq_count(kc),
		 cpu_irqs_on(cpu) ? "on" : "off");
	preempt_count_force(kc, 0);
	if (softirq_count(kc))
		softirq_count_sub(kc, softirq_count(kc));
	op_softirq_unlock(cpu, op);
}

void check_user_exit(struct cpu *cpu, const struct op *op, const char *what)
{
	check_balance(cpu, op, what);
	if (unlikely(current_task(to_kcpu(cpu))->held_locks))
		lockdep_sys_exit(to_kcpu(cpu));
}

static void check_syscall_exit(struct cpu *cpu, const struct op *op)
{
	check_user_exit(cpu, op, "system call");
}

static const struct op exit_to_user_resched[] = {
	DO(op_local_irq_enable),
	CALL(schedule_path),
	RET,
};

static __always_inline void __op_enter_user(struct cpu *cpu,
					    const struct op *op, bool told)
{
	to_kcpu(cpu)->quiescent++;
	cpu_account(cpu, ACCT_USER | ACCT_TASK);
	__cpu_open_irqs(cpu, told);
	op_ret(cpu, op);
	if (likely(!cpu->top->left))
		cpu_chain(cpu);
}

TOLD_OP(, op_enter_user)

/* As often as either flag asks, it is not over yet; interrupts are off from
 * the last look on. */
static __always_inline void __op_exit_to_user(struct cpu *cpu,
					      const struct op *op, bool told)
{
	__cpu_close_irqs(cpu, told);
	if (unlikely(current_task(to_kcpu(cpu))->tif)) {
		cpu->top->pc--;
		cpu_push(cpu, exit_to_user_resched, NULL);
	} else if (cpu_spent(cpu, cpu->price[COST_SYSCALL_EXIT], op + 1)) {
		__op_enter_user(cpu, op + 1, told);
	}
}

TOLD_OP(, op_exit_to_user)

const struct op syscall_exit_path[] = {
	DO(check_syscall_exit),
	DO(op_exit_to_user),
	DO(op_enter_user),
};

/* The way in, and what it takes: an interrupt that ends a halt pays for leaving
 * it.  The idle task's standing count is no latency: its stretch begins
 * here. */
static __always_inline ktime_t irq_enter_with(struct cpu *cpu, ktime_t price,
					      bool told)
{
	struct kcpu *kc = to_kcpu(cpu);

	if (irqentry_from_user(cpu))
		price += cpu->price[COST_IRQ_FROM_USER];
	if (cpu->was_halted) {
		price += kc->idle_exit;
		kc->preempt_off_since = cpu->sim->now;
	}
	cpu_account(cpu, ACCT_HARDIRQ);
	__preempt_count_add(kc, HARDIRQ_OFFSET, "irq_enter", told);
	return price;
}

static __always_inline void __irq_enter(struct cpu *cpu, const struct op *op,
					bool told)
{
	(void)op;
	cpu_spend(cpu, irq_enter_with(cpu, cpu->price[COST_IRQ_ENTRY], told));
}

TOLD_OP(static, irq_enter)

/* cf. raw_irqentry_exit_cond_resched(), which looks at the flag itself: one set
 * by another CPU is seen though its interrupt has not come. */
static bool irq_kernel_resched_due(const struct kcpu *kc)
{
	return (current_task(kc)->tif & TIF_NEED_RESCHED) &&
	       kc->kernel->model->kernel && preempt_count(kc) == 0 &&
	       (kc->cpu.top->open & IRQ_MASKABLE);
}

static void user_resched_begin(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_account(cpu, ACCT_KERNEL | ACCT_TASK);
	cpu_push(cpu, schedule_path, NULL);
	cpu_open_irqs(cpu);
	cpu_chain(cpu);
}

static void user_resched_end(struct cpu *cpu, const struct op *op)
{
	cpu_close_irqs(cpu);
	op_ret(cpu, op);
	cpu_next_top(cpu);
}

static const struct op irq_user_resched[] = {
	DO(user_resched_begin),
	DO(user_resched_end),
};

/* cf. irqentry_exit(): the last look at need_resched, repeated until nobody
 * asks.  On the way to user mode either flag counts; into the kernel only
 * what is folded into a count of zero, if the model preempts it. */
static __always_inline void __op_irqentry_exit(struct cpu *cpu,
					       const struct op *op, bool told)
{
	struct kcpu *kc = to_kcpu(cpu);
	bool user = irqentry_from_user(cpu);

	if (user ? current_task(kc)->tif != 0 : irq_kernel_resched_due(kc)) {
		cpu->top->pc--;
		cpu_push(cpu,
			 user ? irq_user_resched : preempt_schedule_irq_path,
			 NULL);
		cpu_next(cpu);
	} else if (cpu_spent(cpu, cpu->price[COST_IRQ_EXIT], op + 1)) {
		__op_iret(cpu, op + 1, told);
	}
}

TOLD_OP(, op_irqentry_exit)

/* cf. irq_exit_rcu() */
static __always_inline void __irq_exit(struct cpu *cpu, const struct op *op,
				       bool told)
{
	struct kcpu *kc = to_kcpu(cpu);

	__preempt_count_sub(kc, HARDIRQ_OFFSET, "irq_exit", told);
	if (unlikely(kc->softirq.pending | kc->softirq.timers_pending)) {
		softirq_irq_exit(cpu);
		cpu_chain(cpu);
	} else {
		cpu_follow(cpu, op + 1);
		__op_irqentry_exit(cpu, op + 1, told);
	}
}

TOLD_OP(static, irq_exit)

/* What every maskable interrupt ends with. */
#define IRQ_TAIL DO(irq_exit), DO(op_irqentry_exit), DO(op_iret)

static __always_inline void __timer_irq_enter(struct cpu *cpu,
					      const struct op *op, bool told)
{
	ktime_t price =
		cpu->price[COST_IRQ_ENTRY] + cpu->price[COST_TIMER_INTERRUPT];

	if (cpu_spent(cpu, irq_enter_with(cpu, price, told), op + 1))
		op_hrtimer_begin(cpu, op + 1);
}

TOLD_OP(static, timer_irq_enter)

const struct op timer_irq_path[] = {
	DO(timer_irq_enter),
	DO(op_hrtimer_begin),
	DO(op_hrtimer_run_queue),
	DO(op_hrtimer_end),
	IRQ_TAIL,
};

/* cf. scheduler_ipi() and preempt_fold_need_resched(). */
static void resched_ipi(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	cpu_trace(cpu, TP_reschedule_entry, NULL, 0, 0);
	if (current_task(kc)->tif & TIF_NEED_RESCHED)
		set_preempt_need_resched(kc);
	cpu_trace(cpu, TP_reschedule_exit, NULL, 0, 0);
}

/* cf. arch/x86/include/asm/idtentry.h v6.12: DEFINE_IDTENTRY_SYSVEC_SIMPLE(),
 * __irq_exit_raw().  An interrupt that does next to nothing: no softirqs are
 * served at its end, those that pend have been left to ksoftirqd. */
static void irq_exit_raw(struct cpu *cpu, const struct op *op)
{
	(void)op;
	preempt_count_sub_for(to_kcpu(cpu), HARDIRQ_OFFSET, "irq_exit");
	cpu_next(cpu);
}

const struct op resched_irq_path[] = {
	DO(irq_enter),	      DO(resched_ipi), DO(irq_exit_raw),
	DO(op_irqentry_exit), DO(op_iret),
};

static void call_function_single_entry(struct cpu *cpu, const struct op *op)
{
	cpu_trace(cpu, TP_call_function_single_entry, NULL, 0, 0);
	op_flush_call_queue(cpu, op);
}

static void call_function_single_exit(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_trace(cpu, TP_call_function_single_exit, NULL, 0, 0);
}

/* cf. generic_smp_call_function_single_interrupt() */
const struct op call_function_single_irq_path[] = {
	DO(irq_enter),
	DO(call_function_single_entry),
	DO(op_run_csd),
	DO(op_sched_ttwu_pending),
	DO(call_function_single_exit),
	IRQ_TAIL,
};

static void call_function_entry(struct cpu *cpu, const struct op *op)
{
	cpu_trace(cpu, TP_call_function_entry, NULL, 0, 0);
	op_flush_call_queue(cpu, op);
}

static void call_function_exit(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_trace(cpu, TP_call_function_exit, NULL, 0, 0);
}

/* cf. sysvec_call_function() */
const struct op call_function_irq_path[] = {
	DO(irq_enter),		DO(call_function_entry),
	DO(op_run_csd),		DO(op_sched_ttwu_pending),
	DO(call_function_exit), IRQ_TAIL,
};

static struct device_irq *device_irq_of(struct cpu *cpu)
{
	return container_of((struct irq_line *)cpu->top->arg, struct device_irq,
			    line);
}

void device_irq_handle(struct cpu *cpu, struct device_irq *irq, ktime_t raised)
{
	irq->context.event = raised;
	irq->count_before = preempt_count(to_kcpu(cpu));
	cpu_trace(cpu, TP_irq_handle, irq->device, raised, 0);
	cpu_push(cpu, irq->handler, &irq->context);
}

static void handle_irq_event(struct cpu *cpu, struct device_irq *irq,
			     ktime_t raised)
{
	irq->in_progress = true;
	cpu_trace(cpu, TP_irq_handler_entry, irq->device, irq->line.number,
		  raised);
	device_irq_handle(cpu, irq, raised);
}

/* cf. kernel/irq/chip.c v6.12: handle_edge_irq().  A handler that switches
 * interrupts on, or sleeps, is not entered again: it is called once more when
 * it has ended, however many came meanwhile, for the line is masked then. */
static void handler_entry(struct cpu *cpu, const struct op *op)
{
	struct device_irq *irq = device_irq_of(cpu);

	(void)op;
	if (likely(!irq->in_progress)) {
		handle_irq_event(cpu, irq, cpu->raised_at);
		return;
	}
	if (!irq->pending)
		irq->pending_since = cpu->raised_at;
	irq->pending = true;
	cpu->top->pc++;
}

/* cf. __handle_irq_event_percpu() and the softirq code. */
void device_irq_handled(struct cpu *cpu, const struct device_irq *irq)
{
	struct kcpu *kc = to_kcpu(cpu);

	if (likely(preempt_count(kc) == irq->count_before))
		return;
	sim_warn(cpu->sim, cpu->id, "preempt_count_imbalance",
		 "a handler entered with preempt_count %08x, left with %08x",
		 irq->count_before, preempt_count(kc));
	preempt_count_force(kc, irq->count_before);
}

/* Nor may a handler leave interrupts on. */
static void handler_exit(struct cpu *cpu, const struct op *op)
{
	struct device_irq *irq = device_irq_of(cpu);

	(void)op;
	device_irq_handled(cpu, irq);
	if (irq->line.nmi)
		cpu_trace(cpu, TP_nmi_handler, irq->device,
			  cpu->sim->now - irq->nmi_began, 0);
	else
		cpu_trace(cpu, TP_irq_handler_exit, irq->device,
			  irq->line.number, 0);
	if (unlikely(cpu_irqs_on(cpu))) {
		debug_handler_irqs(to_kcpu(cpu));
		cpu_close_irqs(cpu);
	}
	irq->in_progress = false;
	if (likely(!irq->pending))
		return;
	irq->pending = false;
	cpu->top->pc--;
	handle_irq_event(cpu, irq, irq->pending_since);
}

const struct op device_irq_path[] = {
	DO(irq_enter),	   DO(handler_entry), DO(handler_exit),
	SPEND(DEVICE_IRQ), IRQ_TAIL,
};

/* The primary handler only wakes the thread. */
static void primary_handler(struct cpu *cpu, const struct op *op)
{
	struct device_irq *irq = device_irq_of(cpu);
	int number = irq->line.number;

	(void)op;
	cpu_trace(cpu, TP_irq_handler_entry, irq->device, number,
		  cpu->raised_at);
	cpu_trace(cpu, TP_irq_handler_exit, irq->device, number, 0);
	irq_thread_raise(irq, cpu->raised_at);
}

static void wake_irq_thread(struct cpu *cpu, const struct op *op)
{
	(void)op;
	irq_wake_thread(to_kcpu(cpu), device_irq_of(cpu));
}

const struct op threaded_irq_path[] = {
	DO(irq_enter), SPEND(IRQ_MASK),	    DO(primary_handler),
	SPEND(WAKEUP), DO(wake_irq_thread), SPEND(DEVICE_IRQ),
	IRQ_TAIL,
};

#define NMI_UNITS (NMI_OFFSET + HARDIRQ_OFFSET)

/* cf. nmi_enter(): NMI and hardirq at once, with __preempt_count_add(), which
 * no tracepoint tells of. */
static void nmi_enter(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	cpu->top->left = cpu->price[COST_NMI_ENTRY];
	if (cpu->was_halted) {
		cpu->top->left += kc->idle_exit;
		kc->preempt_off_since = cpu->sim->now;
	}
	cpu_account(cpu, ACCT_NMI);
	if (!preempt_count(kc))
		kc->told = PREEMPT_MASK | SOFTIRQ_MASK;
	preempt_count_set(kc, kc->preempt_count + NMI_UNITS, __func__);
}

static void nmi_handler(struct cpu *cpu, const struct op *op)
{
	struct device_irq *irq = device_irq_of(cpu);

	(void)op;
	irq->nmi_began = cpu->sim->now;
	device_irq_handle(cpu, irq, cpu->nmi_raised_at);
}

static void nmi_exit(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	preempt_count_set(kc, kc->preempt_count - NMI_UNITS, __func__);
	kc->told = ~PREEMPT_NEED_RESCHED;
}

const struct op nmi_path[] = {
	DO(nmi_enter),	 DO(nmi_handler), DO(handler_exit),
	SPEND(NMI_EXIT), DO(nmi_exit),	  DO(op_iret),
};

/* cf. nmi_cpu_backtrace_handler() */
const struct op backtrace_nmi_path[] = {
	DO(nmi_enter),
	DO(op_nmi_cpu_backtrace),
	DO(op_nmi_cpu_backtrace_done),
	SPEND(NMI_EXIT),
	DO(nmi_exit),
	DO(op_iret),
};

/* Does @frame stand in the middle of @path of @n operations? */
static bool stands_in(const struct frame *frame, const struct op *path,
		      size_t n)
{
	return frame->pc > path && frame->pc <= path + n;
}

#define STANDS_IN(frame, path) stands_in(frame, path, G_N_ELEMENTS(path))

const struct device_irq *irq_frame_device(const struct frame *frame)
{
	if (STANDS_IN(frame, device_irq_path) || STANDS_IN(frame, nmi_path) ||
	    STANDS_IN(frame, threaded_irq_path))
		return container_of((struct irq_line *)frame->arg,
				    struct device_irq, line);
	return NULL;
}

const char *irq_frame_name(const struct frame *frame)
{
	if (STANDS_IN(frame, timer_irq_path))
		return "timer";
	if (STANDS_IN(frame, resched_irq_path))
		return "reschedule";
	if (STANDS_IN(frame, call_function_single_irq_path))
		return "call_function_single";
	if (STANDS_IN(frame, call_function_irq_path))
		return "call_function";
	if (STANDS_IN(frame, backtrace_nmi_path))
		return "backtrace";
	return irq_frame_device(frame) ? irq_frame_device(frame)->name : NULL;
}

bool irq_entering(const struct frame *frame)
{
	return frame->pc == timer_irq_path + 1 ||
	       frame->pc == resched_irq_path + 1 ||
	       frame->pc == call_function_single_irq_path + 1 ||
	       frame->pc == call_function_irq_path + 1 ||
	       frame->pc == device_irq_path + 1 ||
	       frame->pc == threaded_irq_path + 1;
}
