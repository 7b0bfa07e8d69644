/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making tasks.
 */
#include <config.h>

#include "preemptsim/kernel/task.h"

#include <glib.h>

#include "preemptsim/kernel/entry.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/wait.h"

static bool is_rt(enum policy policy)
{
	return policy == POLICY_FIFO || policy == POLICY_RR;
}

/* cf. task_is_realtime() */
static bool is_realtime(enum policy policy)
{
	return is_rt(policy) || policy == POLICY_DEADLINE;
}

int task_prio_of(enum policy policy, int rt_priority, int nice)
{
	if (policy == POLICY_DEADLINE)
		return DL_PRIO;
	if (is_rt(policy))
		return MAX_RT_PRIO - 1 - rt_priority;
	return DEFAULT_PRIO + nice;
}

static const struct sched_class *class_of(const struct kernel *kernel,
					  enum policy policy)
{
	if (policy == POLICY_DEADLINE)
		return kernel->sched_class[PLACE_DL];
	return kernel->sched_class[is_rt(policy) ? PLACE_RT : PLACE_FAIR];
}

static void set_affinity(struct task *task, const struct cpumask *cpus)
{
	const struct cpumask *isolated = &task->kernel->config.isolcpus;

	task->cpus_mask = *cpus;
	if (!cpumask_weight(cpus))
		for (unsigned int i = 0; i < task->kernel->config.nr_cpus; i++)
			if (!cpumask_test_cpu(isolated, i))
				cpumask_set_cpu(&task->cpus_mask, i);
	task->nr_cpus_allowed = cpumask_weight(&task->cpus_mask);
	task->any_cpu = task->nr_cpus_allowed == task->kernel->config.nr_cpus;
	task->cpu = cpumask_first(&task->cpus_mask);
}

/* A new user task's way out of the kernel. */
static const struct op first_user_path[] = {
	CALL(first_run_path),
	CALL(syscall_exit_path),
	RET,
};

static void set_stack(struct task *task, const struct task_attr *attr)
{
	unsigned int depth =
		attr->depth + KERNEL_DEPTH + task->kernel->config.irq_depth;
	const struct op *first =
		attr->kthread ? first_run_path : first_user_path;

	task->stack = g_aligned_alloc0(depth, sizeof(struct frame), CACHE_LINE);
	task->limit = task->stack + depth;
	task->stack[1].pc = attr->entry;
	task->stack[2].pc = first;
	task->top = &task->stack[2];
}

void task_init(struct task *task, struct kernel *kernel,
	       const struct task_attr *attr)
{
	*task = (struct task){
		.sched_class = class_of(kernel, attr->policy),
		.state = TASK_INTERRUPTIBLE,
		.prio = task_prio_of(attr->policy, attr->rt_priority,
				     attr->nice),
		.preempt_count = FORK_PREEMPT_COUNT,
		.normal_prio = task_prio_of(attr->policy, attr->rt_priority,
					    attr->nice),
		.event = NO_EVENT,
		.acct = ACCT_KERNEL | ACCT_TASK,
		.kthread = attr->kthread,
		.policy = attr->policy,
		.rt_priority = attr->rt_priority,
		.group = attr->group,
		.nice = attr->nice,
		.timer_slack =
			is_realtime(attr->policy) ? 0 : attr->timer_slack,
		.rel_deadline =
			attr->rel_deadline ? attr->rel_deadline : KTIME_MAX,
		.se = { .custom_slice = attr->slice_ns },
		.dl = { .dl_runtime = attr->dl_runtime,
			.dl_deadline = attr->dl_deadline,
			.dl_period = attr->dl_period,
			.reclaim = attr->reclaim },
		.kernel = kernel,
		.pid = kernel->next_pid++,
		.comm = g_strdup(attr->comm),
	};
	list_add_tail(&task->tasks, &kernel->tasks);
	list_init(&task->wait);
	list_init(&task->waiter.link);
	list_init(&task->spin.link);
	list_init(&task->boosting);
	hrtimer_init(&task->timer, hrtimer_wakeup_path);
	task->timer.is_soft =
		kernel->model->threaded_irqs && !is_realtime(attr->policy);
	set_affinity(task, &attr->cpus);
	for (unsigned int i = 0; i < NR_SCHED_CLASSES; i++)
		if (kernel->sched_class[i]->task_init)
			kernel->sched_class[i]->task_init(task);
	set_stack(task, attr);
}

void task_destroy(struct task *task)
{
	g_aligned_free(task->stack);
	g_free(task->comm);
}
