/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is done before a task is woken, by whoever may be going to wake it.
 *
 * Who does so shows only when it happens, so each CPU is asked, and each of the
 * kernel's own threads that has something to do: of an interrupt, ksoftirqd,
 * ktimers, workers. One that is woken itself carries on what was done before
 * that, by who woke it.
 */
#include <config.h>

#include "blame-private.h"

#include "preemptsim/kernel/preempt.h"

/**
 * struct agent - a thread of the kernel that is busy.
 * @stretches: GArray of struct stretch: what kept it, and who came before it
 */
struct agent {
	const struct task *thread;
	GArray *stretches;
};

/**
 * struct before - see blame-private.h.
 * @cpus: by CPU: GArray of struct stretch
 * @agents: GArray of struct agent
 * @begun: there is something in them
 */
struct before {
	const struct blamer *blamer;
	GArray **cpus;
	GArray *agents;
	bool begun;
};

static GArray *stretches_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(struct stretch));
}

static void agent_clear(void *data)
{
	struct agent *agent = data;

	g_array_unref(agent->stretches);
}

static unsigned int nr_cpus(const struct before *before)
{
	return before->blamer->kernel->config.nr_cpus;
}

struct before *before_new(const struct blamer *blamer)
{
	struct before *before = g_new0(struct before, 1);

	before->blamer = blamer;
	before->cpus = g_new(GArray *, nr_cpus(before));
	for (unsigned int i = 0; i < nr_cpus(before); i++)
		before->cpus[i] = stretches_new();
	before->agents = g_array_new(FALSE, FALSE, sizeof(struct agent));
	g_array_set_clear_func(before->agents, agent_clear);
	return before;
}

void before_free(struct before *before)
{
	for (unsigned int i = 0; i < nr_cpus(before); i++)
		g_array_unref(before->cpus[i]);
	g_free(before->cpus);
	g_array_unref(before->agents);
	g_free(before);
}

bool before_begun(const struct before *before)
{
	return before->begun;
}

void before_clear(struct before *before)
{
	before->begun = false;
	for (unsigned int i = 0; i < nr_cpus(before); i++)
		g_array_set_size(before->cpus[i], 0);
	g_array_set_size(before->agents, 0);
}

static void append(GArray *list, const struct stretch *stretch)
{
	struct stretch *last = NULL;

	if (list->len)
		last = &g_array_index(list, struct stretch, list->len - 1);
	if (last && stretch_goes_on(last, stretch))
		last->to = stretch->to;
	else
		g_array_append_vals(list, stretch, 1);
}

/* What @thread is kept by, or does; false: it has nothing to do. */
static bool looks_busy(const struct blamer *blamer, const struct task *thread,
		       ktime_t now, ktime_t *until, struct culprit *culprit)
{
	const char *place;

	if (blame_look(blamer, thread, false, now, until, culprit))
		return true;
	place = blame_place_of(blamer, thread);
	*culprit = (struct culprit){ .cause = BLAME_sleep,
				     .cpu = thread->cpu,
				     .what = place };
	return place != NULL;
}

static bool look_at_thread(const struct blamer *blamer,
			   const struct task *thread, ktime_t now,
			   ktime_t *until, struct culprit *culprit)
{
	if (!looks_busy(blamer, thread, now, until, culprit))
		return false;
	if (culprit->cause == BLAME_execution)
		*culprit = (struct culprit){ .cause = BLAME_thread,
					     .cpu = thread->cpu,
					     .task = thread };
	else if (culprit->cause == BLAME_sleep ||
		 culprit->cause == BLAME_timer_slack)
		culprit->task = thread;
	else if (culprit->cause == BLAME_wakeup)
		culprit->cause = BLAME_task;
	blame_follow(blamer, culprit, now, until);
	return true;
}

static void look_at_cpus(struct before *before, const struct task *task,
			 const struct stretch *whole)
{
	const struct blamer *blamer = before->blamer;

	for (unsigned int i = 0; i < nr_cpus(before); i++) {
		struct kcpu *kc = &blamer->kernel->cpus[i];

		for (ktime_t t = whole->from; t < whole->to;) {
			struct stretch stretch = *whole;

			stretch.from = t;
			stretch.culprit = blame_cpu(blamer, kc, task, false, t,
						    &stretch.to);
			append(before->cpus[i], &stretch);
			t = stretch.to;
		}
	}
}

/* False: it has nothing to do any more. */
static bool agent_looks(const struct blamer *blamer, const struct agent *agent,
			const struct stretch *whole)
{
	for (ktime_t t = whole->from; t < whole->to;) {
		struct stretch stretch = *whole;

		stretch.from = t;
		if (!look_at_thread(blamer, agent->thread, t, &stretch.to,
				    &stretch.culprit))
			return false;
		append(agent->stretches, &stretch);
		t = stretch.to;
	}
	return true;
}

static void look_at_agents(struct before *before, const struct stretch *whole)
{
	unsigned int i = 0;

	while (i < before->agents->len) {
		const struct agent *agent =
			&g_array_index(before->agents, struct agent, i);

		if (agent_looks(before->blamer, agent, whole))
			i++;
		else
			g_array_remove_index_fast(before->agents, i);
	}
}

static bool is_agent(const struct blamer *blamer, const struct task *task)
{
	return task->kthread && !blame_is_workload(blamer, task);
}

static struct agent *agent_of(const struct before *before,
			      const struct task *thread)
{
	for (unsigned int i = 0; i < before->agents->len; i++) {
		struct agent *agent =
			&g_array_index(before->agents, struct agent, i);

		if (agent->thread == thread)
			return agent;
	}
	return NULL;
}

static struct agent *agent_add(struct before *before, const struct task *thread)
{
	struct agent agent = { thread, stretches_new() };

	g_array_append_val(before->agents, agent);
	return agent_of(before, thread);
}

/* Those that are busy already; others have to be woken first. */
static void begin(struct before *before, ktime_t now)
{
	const struct blamer *blamer = before->blamer;
	struct list_head *pos;

	list_for_each(pos, &blamer->kernel->tasks)
	{
		const struct task *task = container_of(pos, struct task, tasks);
		ktime_t until = KTIME_MAX;
		struct culprit culprit;

		if (is_agent(blamer, task) &&
		    look_at_thread(blamer, task, now, &until, &culprit))
			agent_add(before, task);
	}
	before->begun = true;
}

void before_look(struct before *before, const struct task *task,
		 const struct stretch *whole)
{
	if (!before->begun)
		begin(before, whole->from);
	look_at_cpus(before, task, whole);
	look_at_agents(before, whole);
}

/* The thread in whose name @kc does what it does: not an interrupt over it, nor
 * softirqs at the end of one. */
static struct agent *agent_at(const struct before *before,
			      const struct kcpu *kc)
{
	const struct task *curr = current_task(kc);

	if (in_nmi(kc) || in_hardirq(kc))
		return NULL;
	if (in_serving_softirq(kc) && !kc->kernel->force_irqthreads &&
	    curr != kc->softirq.ksoftirqd)
		return NULL;
	return agent_of(before, curr);
}

const GArray *before_of_waker(const struct before *before, unsigned int cpu)
{
	const struct kcpu *kc = &before->blamer->kernel->cpus[cpu];
	const struct agent *agent = agent_at(before, kc);

	return agent ? agent->stretches : before->cpus[cpu];
}

void before_woken(struct before *before, const struct task *thread,
		  unsigned int cpu)
{
	const GArray *list;
	struct agent *agent;

	if (!before->begun || !is_agent(before->blamer, thread) ||
	    agent_of(before, thread))
		return;
	list = before_of_waker(before, cpu);
	agent = agent_add(before, thread);
	/* Adding may have moved what @list was found in, not the list. */
	g_array_append_vals(agent->stretches, list->data, list->len);
}

/* Who serves the timer of @task; NULL: the interrupt does. */
static const struct task *timers_thread(const struct task *task)
{
	const struct softirq_cpu *softirq = &task->timer.base->softirq;

	if (!task->timer.is_soft)
		return NULL;
	return softirq->ktimers ? softirq->ktimers : softirq->ksoftirqd;
}

const GArray *before_of_nobody(const struct before *before,
			       const struct task *task)
{
	const struct driver *driver = blame_driver_of(before->blamer, task);
	const struct task *thread = NULL;
	const struct agent *agent = NULL;
	unsigned int cpu = task->cpu;

	if (driver) {
		cpu = to_kcpu(driver->device.cpu)->cpu.id;
		if (driver->irq.thread)
			thread = &driver->irq.thread->task;
	} else if (task->timer.slot != HRTIMER_INACTIVE) {
		cpu = task->timer.base->cpu.id;
		thread = timers_thread(task);
	}
	if (thread)
		agent = agent_of(before, thread);
	return agent ? agent->stretches : before->cpus[cpu];
}
