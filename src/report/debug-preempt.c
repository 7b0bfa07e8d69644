/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --debug=preempt: each change of preempt_count.
 */
#include <config.h>

#include "preemptsim/report/debug.h"

#include <inttypes.h>

#include "preemptsim/kernel/preempt.h"

/* Room for "TASK-PID". */
#define TASK_WIDTH 16

static const char *yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

static unsigned int field(uint32_t word, uint32_t mask, uint32_t unit)
{
	return (word & mask) / unit;
}

/* What kind of code has changed the word: its own marks are in it before or
 * after. */
static const char *context_of(const struct kcpu *kc, uint32_t word)
{
	if (word & NMI_MASK)
		return "nmi";
	if (word & HARDIRQ_MASK)
		return "hardirq";
	if (word & SOFTIRQ_OFFSET)
		return "softirq";
	return task_is_idle(current_task(kc)) ? "idle" : "task";
}

static void put_words(const struct debug *debug, uint32_t old, uint32_t new)
{
	const struct preempt_layout *layout = debug->kernel->layout;
	int digits = preempt_layout_digits(layout);

	fprintf(debug->out, "%0*" PRIx64 " -> %0*" PRIx64 "  ", digits,
		preempt_layout_word(layout, old), digits,
		preempt_layout_word(layout, new));
}

static void put_fields(const struct debug *debug, uint32_t word)
{
	fprintf(debug->out,
		"preempt=%-2u softirq=%-2u hardirq=%u nmi=%u resched=%-3s  ",
		field(word, PREEMPT_MASK, PREEMPT_OFFSET),
		field(word, SOFTIRQ_MASK, SOFTIRQ_OFFSET),
		field(word, HARDIRQ_MASK, HARDIRQ_OFFSET),
		field(word, NMI_MASK, NMI_OFFSET),
		yes_no(!(word & PREEMPT_NEED_RESCHED)));
}

static void told_change(void *data, const struct trace_record *record)
{
	const struct debug *debug = data;
	const struct kcpu *kc = &debug->kernel->cpus[record->cpu];
	const struct task *curr = current_task(kc);
	uint32_t old = (uint32_t)record->a, new = (uint32_t)record->b;
	char task[64];

	if (old == new)
		return;
	snprintf(task, sizeof(task), "%s-%d", curr->comm, curr->pid);
	fprintf(debug->out, "%14" PRId64 " %3u  %-*s %-8s",
		ktime_to_ns(&kc->cpu.sim->tb, record->when), record->cpu,
		TASK_WIDTH, task, context_of(kc, old | new));
	put_words(debug, old, new);
	put_fields(debug, new);
	fprintf(debug->out, "%s\n", (const char *)record->object);
}

/* What a reader has to know, and the heads of the columns. */
static void put_head(const struct debug *debug)
{
	const struct preempt_layout *layout = debug->kernel->layout;
	int width = 2 * preempt_layout_digits(layout) + 4;

	fprintf(debug->out,
		"# preempt_count, layout %s: %s\n"
		"# preempt: depth of preempt_disable() and spinlocks; "
		"softirq: 1 while one is served, 2 for each "
		"local_bh_disable();\n"
		"# hardirq, nmi: how many are being served; resched: the "
		"task shall make way\n"
		"#      time_ns cpu  %-*s %-8s%-*s  %-49s  %s\n",
		layout->name, layout->help, TASK_WIDTH, "task", "context",
		width, "preempt_count", "meaning", "by");
}

static void listen(struct debug *debug)
{
	put_head(debug);
	tracer_listen(&debug->kernel->sim->tracer, TP_preempt_count,
		      told_change, debug);
}

extern const struct debug_topic debug_preempt;

const struct debug_topic debug_preempt = {
	.choice = { "preempt", "each change of preempt_count, field by field" },
	.listen = listen,
};
