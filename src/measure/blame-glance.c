/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is seen at most looks: somebody runs, the CPU switches tasks, or it
 * serves an interrupt, or the task is throttled; where that was put down to the
 * last time is known.
 *
 * Whatever else there may be needs a closer look, blame_task().
 */
#include <config.h>

#include "blame-private.h"

#include "preemptsim/kernel/debug.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/task-group.h"

/* Bits of struct recalled's how, above those of enum acct. */
#define HOW_OWN 0x10u
#define HOW_LAZY 0x20u
#define HOW_KERNEL 0x40u
#define HOW_KNOWN 0x80u
#define HOW_THROTTLED 0x100u

/* The task waits for the CPU, and nothing but its turn. */
static bool is_queued(const struct kcpu *kc, const struct task *task)
{
	return task->on_rq && task->state != TASK_WAKING &&
	       !kc->rq.rt.throttled && !kc->rq.fair_server.serving &&
	       task->sched_class != &sched_class_deadline;
}

/* Who was asked to make way is in the kernel, but in no section there. */
static bool keeps_cpu_simply(const struct kcpu *kc)
{
	return cpu_irqs_on(&kc->cpu) && !preempt_count(kc) &&
	       !blame_ipi_under_way(kc);
}

/* What a task's time on its CPU is put down to, in bits; 0: look closer. */
static unsigned int how_it_runs(const struct kcpu *kc, const struct task *curr,
				bool own)
{
	unsigned int how = HOW_KNOWN | blame_account(kc);

	if (own)
		return how | HOW_OWN;
	if (curr->tif & TIF_NEED_RESCHED)
		return keeps_cpu_simply(kc) ? how | HOW_KERNEL : 0;
	return curr->tif & TIF_NEED_RESCHED_LAZY ? how | HOW_LAZY : how;
}

/* The closer look, once. */
static unsigned int learn(const struct blamer *blamer, const struct task *task,
			  struct blame_sums *sums, ktime_t now)
{
	ktime_t until = KTIME_MAX;
	struct culprit culprit;

	blame_look(blamer, task, true, now, &until, &culprit);
	return blame_sums_number(sums, &culprit);
}

/* @curr, @name: whatever it depends on beside @how. */
static unsigned int recall(const struct blamer *blamer, const struct task *task,
			   struct blame_sums *sums, unsigned int how,
			   const struct task *curr, const char *name,
			   ktime_t now)
{
	uintptr_t hash = (uintptr_t)curr / CACHE_LINE + (uintptr_t)name + how;
	struct recalled *one = &sums->recalled[hash % RECALLED];

	if (likely(one->how == how && one->curr == curr && one->name == name))
		return one->number;
	*one = (struct recalled){ .how = how,
				  .curr = curr,
				  .name = name,
				  .number = learn(blamer, task, sums, now) };
	return one->number;
}

/* It is the same interrupt for as long as none begins or ends. */
static unsigned int recall_interrupt(const struct blamer *blamer,
				     const struct task *task,
				     struct blame_sums *sums, ktime_t now)
{
	const struct kcpu *kc = &blamer->kernel->cpus[task->cpu];
	const struct cpu *cpu = &kc->cpu;
	struct recalled_irq *irq = &sums->irq;

	/* The way out of idle comes first. */
	if (cpu->was_halted && now < cpu->acct_since + kc->idle_exit)
		return NO_SUM;
	if (irq->kc == kc && irq->since == cpu->acct_since &&
	    irq->interrupts == cpu->interrupts)
		return irq->number;
	*irq = (struct recalled_irq){ .kc = kc,
				      .since = cpu->acct_since,
				      .interrupts = cpu->interrupts };
	irq->number = recall(blamer, task, sums, HOW_KNOWN | ACCT_HARDIRQ, NULL,
			     interrupt_name(kc), now);
	return irq->number;
}

unsigned int blame_glance(const struct blamer *blamer, const struct task *task,
			  struct blame_sums *sums, ktime_t now, bool *own)
{
	const struct kcpu *kc = &blamer->kernel->cpus[task->cpu];
	const struct task *curr = current_task(kc);
	const struct task_group *throttled;
	enum acct acct = blame_account(kc);
	unsigned int how = HOW_KNOWN | acct;

	*own = false;
	if (task != curr && !is_queued(kc, task))
		return NO_SUM;
	throttled = task != curr && task->group ? throttled_group(task) : NULL;
	if (throttled)
		return recall(blamer, task, sums, HOW_KNOWN | HOW_THROTTLED,
			      NULL, throttled->name, now);
	if (acct == ACCT_HARDIRQ)
		return recall_interrupt(blamer, task, sums, now);
	if (acct == ACCT_USER || acct == ACCT_KERNEL) {
		*own = task == curr;
		how = how_it_runs(kc, curr, *own);
	} else if (acct != ACCT_SWITCH) {
		return NO_SUM;
	}
	if (!how)
		return NO_SUM;
	return recall(blamer, task, sums, how, curr, curr->syscall, now);
}
