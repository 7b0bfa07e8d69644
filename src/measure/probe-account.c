/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accounts: where the CPUs' time went between the end of the warmup and the
 * end of the run, and what the tasks had of it.
 */
#include <config.h>

#include "probe-private.h"

#include <string.h>

#include "preemptsim/kernel/preempt.h"

_Static_assert((int)ACCT_USER == (int)CPU_USER &&
		       (int)ACCT_IDLE == (int)CPU_IDLE &&
		       (int)NR_ACCT == (int)NR_CPU_TIMES,
	       "the machine accounts for what results report");

/* Bring the accounts of a CPU and of the task on it up to now. */
static void settle(struct kcpu *kc)
{
	struct task *curr = current_task(kc);
	ktime_t own;

	cpu_account(&kc->cpu, kc->cpu.acct);
	own = cpu_own_time(&kc->cpu);
	curr->cpu_time += own - kc->rq.own_time_mark;
	kc->rq.own_time_mark = own;
}

static void mark_cpu(struct kcpu *kc, struct cpu_mark *mark)
{
	ktime_t now = kc->cpu.sim->now;

	settle(kc);
	for (unsigned int i = 0; i < NR_ACCT; i++)
		mark->time[i] = cpu_acct_time(&kc->cpu, i);
	mark->interrupts = kc->cpu.interrupts;
	mark->switches = kc->rq.nr_switches;
	kc->preempt_off_max = 0;
	kc->preempt_off_since = now;
	kc->cpu.irqs_off_max = 0;
	kc->cpu.irqs_off_since = now;
}

void probe_mark(struct probe *probe)
{
	struct workload *workload = probe->config.workload;

	for (unsigned int i = 0; i < probe->results->cpus->len; i++)
		mark_cpu(&workload->kernel->cpus[i], &probe->marks[i]);
	for (unsigned int i = 0; i < workload->nr_tasks; i++) {
		const struct task *task = &workload->tasks[i].task;
		struct task_probe *mark = probe_task(probe, i);

		mark->voluntary = task->nvcsw;
		mark->involuntary = task->nivcsw;
		mark->migrations = task->nr_migrations;
		mark->cpu_time = task->cpu_time;
	}
	for (unsigned int i = 0; i < probe->groups->len; i++) {
		struct group_probe *group = probe_group(probe, i);

		group->mark = cfs_bandwidth_stat(group->tg);
	}
}

/* Times in ns as differences of rounded running sums, so that they add up to
 * the rounded whole. */
static void account_times(const struct probe *probe, const struct cpu *cpu,
			  const struct cpu_mark *mark, int64_t *time_ns)
{
	ktime_t sum = 0;
	int64_t before = 0;

	for (unsigned int i = 0; i < NR_ACCT; i++) {
		int64_t after;

		sum += cpu_acct_time(cpu, i) - mark->time[i];
		after = probe_ns(probe, sum);
		time_ns[i] = after - before;
		before = after;
	}
}

/* A stretch that the end of the run cuts off counts as far as it got.  Idle's
 * own standing count does not, while it halts. */
static ktime_t longest(ktime_t max, bool open, ktime_t since, ktime_t now)
{
	return open ? MAX(max, now - since) : max;
}

static void account_cpu(const struct probe *probe, struct kcpu *kc,
			const struct cpu_mark *mark, struct cpu_results *out)
{
	ktime_t now = probe->sim->now;
	struct cpu *cpu = &kc->cpu;
	bool counted = told_count(kc) != 0 && !cpu->halted;

	settle(kc);
	account_times(probe, cpu, mark, out->time_ns);
	out->preempt_off_max_ns =
		probe_ns(probe, longest(kc->preempt_off_max, counted,
					kc->preempt_off_since, now));
	out->irqs_off_max_ns =
		probe_ns(probe, longest(cpu->irqs_off_max, !cpu_irqs_on(cpu),
					cpu->irqs_off_since, now));
	out->interrupts = cpu->interrupts - mark->interrupts;
	out->switches = kc->rq.nr_switches - mark->switches;
}

static void account_task(const struct probe *probe, const struct task *task,
			 const struct task_probe *mark)
{
	struct task_results *out = mark->results;

	out->jobs += mark->jobs;
	out->completed += mark->jobs;
	out->late += mark->late;
	out->cpu_ns = probe_ns(probe, task->cpu_time - mark->cpu_time);
	out->voluntary = task->nvcsw - mark->voluntary;
	out->involuntary = task->nivcsw - mark->involuntary;
	out->migrations = task->nr_migrations - mark->migrations;
}

static bool task_is_in(const struct task *task, const struct task_group *tg)
{
	const struct task_group *up = task->group;

	while (up && up != tg)
		up = up->parent;
	return up;
}

static void account_group(struct probe *probe, const struct group_probe *group)
{
	const struct workload *workload = probe->config.workload;
	const struct cfs_bandwidth_stat *mark = &group->mark;
	struct cfs_bandwidth_stat stat = cfs_bandwidth_stat(group->tg);
	struct group_results *out = group->results;

	out->nr_periods = stat.nr_periods - mark->nr_periods;
	out->nr_throttled = stat.nr_throttled - mark->nr_throttled;
	out->throttled_ns = stat.throttled - mark->throttled;
	out->nr_bursts = stat.nr_bursts - mark->nr_bursts;
	out->burst_ns = stat.burst - mark->burst;
	for (unsigned int i = 0; i < workload->nr_tasks; i++)
		if (task_is_in(&workload->tasks[i].task, group->tg))
			out->usage_ns += probe_task(probe, i)->results->cpu_ns;
}

void probe_account(struct probe *probe)
{
	struct workload *workload = probe->config.workload;

	for (unsigned int i = 0; i < probe->results->cpus->len; i++)
		account_cpu(probe, &workload->kernel->cpus[i], &probe->marks[i],
			    g_ptr_array_index(probe->results->cpus, i));
	for (unsigned int i = 0; i < workload->nr_tasks; i++)
		account_task(probe, &workload->tasks[i].task,
			     probe_task(probe, i));
	for (unsigned int i = 0; i < probe->groups->len; i++)
		account_group(probe, probe_group(probe, i));
}
