/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Admission of deadline tasks: together they may not ask for more than the
 * kernel gives away.  cf. kernel/sched/deadline.c v6.12: sched_dl_overflow().
 *
 * Bandwidth is that of root domains, one of the isolated CPUs and one of the
 * others; a task stays in that of its first CPU, whatever else it may run on.
 * Tasks that may not run in all of it are taken to be in an exclusive cpuset,
 * since Linux admits no others; within a set of CPUs there are those tasks that
 * may run nowhere else.
 */
#include <config.h>

#include "model-private.h"
#include "preemptsim/kernel/sched.h"

/* cf. BW_SHIFT */
#define BW_SHIFT 20

/* struct claim - a deadline task: where it runs, its own bandwidth, all copies
 * taken together, and that of all so far that run on its CPUs only. */
struct claim {
	const struct task_conf *task;
	struct cpumask cpus;
	int64_t bw, total;
};

/* cf. to_ratio() */
static int64_t to_ratio(ktime_t period, ktime_t runtime)
{
	__extension__ typedef __int128 wide_t;

	return (int64_t)(((wide_t)runtime << BW_SHIFT) / period);
}

static bool is_subset(const struct cpumask *a, const struct cpumask *b)
{
	for (size_t i = 0; i < G_N_ELEMENTS(a->bits); i++)
		if (a->bits[i] & ~b->bits[i])
			return false;
	return true;
}

/* Those of @cpus that are in the root domain of the first of them. */
static struct cpumask in_root_domain(const struct cpumask *cpus,
				     const struct cpumask *isolated)
{
	bool is_isolated = cpumask_test_cpu(isolated, cpumask_first(cpus));
	struct cpumask in = *cpus;

	for (size_t i = 0; i < G_N_ELEMENTS(in.bits); i++)
		in.bits[i] &=
			is_isolated ? isolated->bits[i] : ~isolated->bits[i];
	return in;
}

/* The claim that is too much with @claim; NULL: it is admitted. */
static const struct claim *admit(GArray *claims, struct claim *claim,
				 int64_t limit)
{
	const struct claim *over = NULL;

	for (guint i = 0; i < claims->len; i++) {
		const struct claim *other =
			&g_array_index(claims, struct claim, i);

		if (is_subset(&other->cpus, &claim->cpus))
			claim->total += other->bw;
	}
	g_array_append_val(claims, *claim);
	for (guint i = 0; i < claims->len; i++) {
		struct claim *set = &g_array_index(claims, struct claim, i);

		if (!is_subset(&claim->cpus, &set->cpus))
			continue;
		set->total += claim->bw;
		if (!over && set->total > limit * cpumask_weight(&set->cpus))
			over = set;
	}
	return over;
}

static double percent(int64_t bw)
{
	return 100.0 * (double)bw / (1 << BW_SHIFT);
}

static void report(struct reader *rd, const struct scenario *s,
		   const struct task_conf *task, const struct claim *over,
		   int64_t limit)
{
	const struct ynode *tasks = ynode_get(s->resolved, "tasks");
	unsigned int cpus = cpumask_weight(&over->cpus);

	diag_error(rd->diags,
		   ynode_get(ynode_get(tasks, task->name), "runtime"),
		   "with this one, deadline tasks ask for %.2f %% of a CPU, "
		   "runtime by period, where they have %u; up to %.2f %% are "
		   "given away (%.2f %% of each, as kernel.rt_throttling says)",
		   percent(over->total), cpus, percent(limit * cpus),
		   percent(limit));
}

/**
 * admission_check - do the deadline tasks fit on their CPUs?
 * @rd: the reader
 * @s: all of its tasks are read
 *
 * The first that does not is told of.
 */
void admission_check(struct reader *rd, const struct scenario *s)
{
	g_autoptr(GArray) claims =
		g_array_new(FALSE, FALSE, sizeof(struct claim));
	const struct claim *over = NULL;
	int64_t limit;

	if (!s->kernel.rt_throttling || s->kernel.rt_period <= 0)
		return;
	limit = to_ratio(s->kernel.rt_period, s->kernel.rt_runtime);
	for (guint i = 0; i < s->tasks->len && !over; i++) {
		const struct task_conf *task = s->tasks->pdata[i];
		struct claim claim = { .task = task };

		if (task->policy != POLICY_DEADLINE || task->period <= 0)
			continue;
		claim.cpus = in_root_domain(&task->cpus, &s->kernel.isolcpus);
		claim.bw = to_ratio(task->period, task->runtime) * task->copies;
		over = admit(claims, &claim, limit);
		if (over)
			report(rd, s, task, over, limit);
	}
}
