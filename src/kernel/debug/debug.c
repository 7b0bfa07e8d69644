/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Saying what went wrong, and where; and the checks that are made in place.
 */
#include <config.h>

#include "preemptsim/kernel/debug.h"

#include <glib.h>
#include <stdarg.h>

#include "preemptsim/kernel/entry.h"
#include "preemptsim/kernel/lock.h"
#include "preemptsim/kernel/preempt.h"

#define NS_PER_S 1000000000

/* Its frame is the topmost of an interrupt's path. */
const char *interrupt_name(const struct kcpu *kc)
{
	const struct frame *frame = kc->cpu.top;
	const char *name = NULL;

	for (; !name && frame > current_task(kc)->stack; frame--)
		name = irq_frame_name(frame);
	return name;
}

static void task_place(const struct kcpu *kc, struct place *place)
{
	const struct task *curr = current_task(kc);

	if (task_is_idle(curr)) {
		place->what = "the idle loop";
	} else if (!curr->user) {
		place->what = "a kernel thread";
	} else if ((kc->cpu.acct & (ACCT_TASK - 1)) == ACCT_USER) {
		place->what = "user mode";
	} else {
		place->what = curr->syscall ? "system call" : "kernel mode";
		place->name = curr->syscall;
	}
}

struct place here(const struct kcpu *kc)
{
	struct place place = { .when = kc->cpu.sim->now,
			       .cpu = kc->cpu.id,
			       .task = current_task(kc) };

	if (in_nmi(kc) || in_hardirq(kc)) {
		place.what = in_nmi(kc) ? "NMI" : "interrupt";
		place.name = interrupt_name(kc);
	} else if (in_serving_softirq(kc)) {
		place.what = "softirq";
		place.name = softirq_choice(place.task->softirq.vector)->name;
	} else {
		task_place(kc, &place);
	}
	return place;
}

const char *describe_context(const struct kcpu *kc, char *buf, size_t n)
{
	struct place place = here(kc);

	g_snprintf(buf, n, "%s%s%s", place.what, place.name ? " " : "",
		   place.name ? place.name : "");
	return buf;
}

const char *describe_place(const struct place *place, char *buf, size_t n)
{
	const struct sim *sim = place->task->kernel->sim;
	int64_t ns = ktime_to_ns(&sim->tb, place->when);

	g_snprintf(buf, n, "%s-%d in %s%s%s on CPU %u at %lld.%09d s",
		   place->task->comm, place->task->pid, place->what,
		   place->name ? " " : "", place->name ? place->name : "",
		   place->cpu, (long long)(ns / NS_PER_S),
		   (int)(ns % NS_PER_S));
	return buf;
}

static void tell(struct sim_warning *warning, struct sim *sim, unsigned int cpu,
		 const struct lock *lock, const char *format, va_list args)
{
	g_autofree char *text = g_strdup_vprintf(format, args);

	warning->text = text;
	warning->lock = lock ? lock->name : NULL;
	sim_trace(sim, TP_warning, cpu, warning, 0, 0);
}

void kernel_warn(struct kcpu *kc, const char *kind, const struct lock *lock,
		 const char *format, ...)
{
	struct sim_warning warning = { .kind = kind };
	va_list args;

	va_start(args, format);
	tell(&warning, kc->cpu.sim, kc->cpu.id, lock, format, args);
	va_end(args);
}

void kernel_warn_task(const struct task *task, const char *kind,
		      const struct lock *lock, const char *format, ...)
{
	g_autofree char *context =
		task->syscall ?
			g_strdup_printf("system call %s", task->syscall) :
			g_strdup("the kernel");
	struct sim_warning warning = { .kind = kind,
				       .task = task->comm,
				       .context = context };
	va_list args;

	va_start(args, format);
	tell(&warning, task->kernel->sim, task->cpu, lock, format, args);
	va_end(args);
}

/* cf. kernel/sched/core.c v6.12: __might_resched(), which is silent for one
 * second (HZ ticks) after it has spoken, on whatever CPU.  The idle task must
 * not sleep anywhere. */
void debug_atomic_sleep(struct kcpu *kc, const struct lock *lock)
{
	struct debug_state *debug = &kc->kernel->debug;
	const struct task *curr = current_task(kc);
	ktime_t now = kc->cpu.sim->now;
	ktime_t second = ktime_from_ns(&kc->cpu.sim->tb, NS_PER_S);
	const struct lock *held;

	if (debug->atomic_sleep_said && now < debug->atomic_sleep_at + second)
		return;
	debug->atomic_sleep_said = true;
	debug->atomic_sleep_at = now;
	held = lockdep_spinlock_held(curr, true);
	kernel_warn(kc, "sleeping_in_atomic", lock ? lock : held,
		    "sleeping function called from invalid context: %s-%d "
		    "with preempt_count %08x and interrupts %s%s%s",
		    curr->comm, curr->pid,
		    preempt_count(kc) | softirq_count(kc),
		    cpu_irqs_on(&kc->cpu) ? "on" : "off",
		    held ? ", holding " : "", held ? held->name : "");
}

void debug_schedule(struct kcpu *kc)
{
	const struct task *curr = current_task(kc);
	const struct lock *held = lockdep_spinlock_held(curr, false);

	kernel_warn(kc, "scheduling_while_atomic", held,
		    "scheduling while atomic: %s-%d with preempt_count "
		    "%08x%s%s",
		    curr->comm, curr->pid, preempt_count(kc),
		    held ? ", holding " : "", held ? held->name : "");
}

void debug_blocking_op(struct kcpu *kc)
{
	const struct task *curr = current_task(kc);

	if (kc->kernel->debug.blocking_op_said)
		return;
	kc->kernel->debug.blocking_op_said = true;
	kernel_warn(kc, "blocking_while_not_running", NULL,
		    "do not call blocking ops when !TASK_RUNNING: %s-%d has "
		    "state %u",
		    curr->comm, curr->pid, curr->state);
}

/* cf. __local_bh_enable_ip(): WARN_ON_ONCE(in_hardirq()) and lockdep's
 * assertion that interrupts are on. */
void debug_bh_enable(struct kcpu *kc)
{
	if (kc->kernel->debug.bh_enable_said)
		return;
	kc->kernel->debug.bh_enable_said = true;
	kernel_warn(kc, "bh_enable_irqs_off", NULL,
		    "%s-%d enables bottom halves %s", current_task(kc)->comm,
		    current_task(kc)->pid,
		    in_hardirq(kc) ? "in a handler" : "with interrupts off");
}

/* cf. __local_bh_disable_ip() for PREEMPT_RT:
 * DEBUG_LOCKS_WARN_ON(this_cpu_read(softirq_ctrl.cnt)). */
void debug_bh_disable(struct kcpu *kc)
{
	if (kc->kernel->debug.bh_disable_said)
		return;
	kc->kernel->debug.bh_disable_said = true;
	kernel_warn(kc, "bh_disable_atomic", NULL,
		    "%s-%d disables bottom halves with preempt_count %08x and "
		    "interrupts %s, where a task that was preempted has them "
		    "disabled",
		    current_task(kc)->comm, current_task(kc)->pid,
		    preempt_count(kc), cpu_irqs_on(&kc->cpu) ? "on" : "off");
}

/* cf. kernel/irq/handle.c v6.12: the WARN_ONCE(!irqs_disabled()) in
 * __handle_irq_event_percpu(). */
void debug_handler_irqs(struct kcpu *kc)
{
	if (kc->kernel->debug.handler_irqs_said)
		return;
	kc->kernel->debug.handler_irqs_said = true;
	kernel_warn(kc, "handler_irqs_on", NULL,
		    "the handler of %s enabled interrupts", interrupt_name(kc));
}

/* cf. process_one_work(), "workqueue leaked atomic, lock or RCU". */
void debug_work_leaked(struct kcpu *kc)
{
	kernel_warn(kc, "preempt_count_imbalance", NULL,
		    "%s-%d leaves a work with preempt_count %08x",
		    current_task(kc)->comm, current_task(kc)->pid,
		    preempt_count(kc) | softirq_count(kc));
}

/* cf. kernel/sched/core.c v6.12: preempt_count_add(), "Spinlock count
 * overflowing soon?" */
void debug_count_full(struct kcpu *kc)
{
	if (kc->kernel->debug.overflow_said)
		return;
	kc->kernel->debug.overflow_said = true;
	kernel_warn(kc, "preempt_count_imbalance", NULL,
		    "%s-%d has disabled preemption %u times, and preempt_count "
		    "has room for %u",
		    current_task(kc)->comm, current_task(kc)->pid,
		    kc->preempt_count & PREEMPT_MASK, PREEMPT_MASK);
}
