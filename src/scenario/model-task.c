/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks: what their table can't say, which is how the keys depend on the
 * policy and on the way in which the program runs.
 */
#include <config.h>

#include <inttypes.h>
#include <string.h>

#include "model-private.h"
#include "preemptsim/kernel/sched.h"

/* All tasks of a scenario, copies included. */
#define TASKS_MAX 100000

/* enum claim - by what tasks of a policy compete. */
enum claim {
	CLAIM_PRIORITY,
	CLAIM_NICE,
	CLAIM_NONE,
	CLAIM_DEADLINE
};

/* What tasks of each policy need to say. */
static const struct policy_rule {
	const char *name;
	enum claim claim;
	const char *slack;
} policies[] = {
	{ "fifo", CLAIM_PRIORITY, "0ns" },
	{ "rr", CLAIM_PRIORITY, "0ns" },
	{ "other", CLAIM_NICE, "50us" },
	{ "batch", CLAIM_NICE, "50us" },
	{ "idle", CLAIM_NONE, "50us" },
	{ "deadline", CLAIM_DEADLINE, "0ns" },
};

/* NULL if the policy is a mistake; those not in the table have no claim. */
static const struct policy_rule *policy_of(const struct task_conf *task)
{
	static const struct policy_rule other = { "", CLAIM_NONE, "50us" };
	const char *name;

	if (task->policy < 0)
		return NULL;
	name = policy_choice((unsigned int)task->policy)->name;
	for (size_t i = 0; i < G_N_ELEMENTS(policies); i++) {
		if (!strcmp(policies[i].name, name))
			return &policies[i];
	}
	return &other;
}

/** task_free - free a struct task_conf. */
void task_free(gpointer data)
{
	struct task_conf *task = data;

	g_free(task->name);
	g_clear_pointer(&task->steps, g_ptr_array_unref);
	dist_free(task->jitter);
	g_free(task);
}

/* cf. __checkparam_dl() and sysctl_sched_dl_period_{min,max}. */
static const struct dl_limit {
	const char *key;
	int64_t min_ns, max_ns;
	const char *range;
} dl_limits[] = {
	{ "runtime", 1024, INT64_MAX, "at least 1024ns" },
	{ "period", 100000, 4194304000, "from 100us to 4194304us" },
};

static void check_limits(struct reader *rd, const struct task_conf *task,
			 const struct ynode *node)
{
	const ktime_t given[] = { task->runtime, task->period };

	for (size_t i = 0; i < G_N_ELEMENTS(dl_limits); i++) {
		const struct dl_limit *limit = &dl_limits[i];
		int64_t ns = ktime_to_ns(&rd->tb, given[i]);

		if (given[i] && (ns < limit->min_ns || ns > limit->max_ns))
			diag_error(rd->diags, ynode_get(node, limit->key),
				   "'%s' is %s; policy deadline takes one %s",
				   limit->key,
				   ynode_get(node, limit->key)->text,
				   limit->range);
	}
}

/* Policy deadline: runtime <= deadline <= period. */
static void check_budget(struct reader *rd, struct task_conf *task,
			 struct ynode *node, const char *what)
{
	const struct ynode *every = ynode_get(node, "every");

	if (!ynode_get(node, "runtime")) {
		diag_error(rd->diags, node,
			   "%s needs 'runtime'; policy "
			   "deadline takes runtime:, deadline: and period:",
			   what);
		return;
	}
	if (!ynode_get(node, "period") && !every) {
		diag_error(rd->diags, node,
			   "%s needs 'period'; policy "
			   "deadline takes it from every:, or period:",
			   what);
		return;
	}
	if (every)
		model_default_time(rd, node, "period", every->text,
				   &task->period);
	model_default_time(rd, node, "deadline",
			   ynode_get(node, "period")->text, &task->deadline);
	if (!ynode_get(node, "reclaim"))
		params_default(node, "reclaim", "false");
	check_limits(rd, task, node);
	if (task->runtime > task->deadline && task->deadline)
		diag_error(rd->diags, ynode_get(node, "runtime"),
			   "the runtime "
			   "is longer than the deadline; it must fit into it");
	else if (task->deadline > task->period && task->period)
		diag_error(rd->diags, ynode_get(node, "deadline"),
			   "the "
			   "deadline is longer than the period; policy "
			   "deadline wants it to be at most as long");
}

/* A period is looked for here, too, where another than the task has it. */
static void no_budget(struct reader *rd, const struct ynode *node)
{
	static const char *const budget[] = { "runtime", "period", "reclaim",
					      NULL };
	const struct ynode *on = ynode_get(node, "on");
	g_autofree char *why = NULL;

	if (!on || on->kind != YNODE_SCALAR || !ynode_get(node, "period")) {
		model_misplaced(rd, node, budget,
				"it goes with policy deadline");
		return;
	}
	why = g_strdup_printf("it goes with policy deadline, and when jobs "
			      "come is up to '%s' (on)",
			      on->text);
	model_misplaced(rd, node, budget, why);
}

static void check_policy(struct reader *rd, struct task_conf *task,
			 struct ynode *node, const char *what)
{
	static const char *const priority[] = { "priority", NULL };
	static const char *const nice[] = { "nice", "slice", NULL };
	const struct policy_rule *policy = policy_of(task);

	if (!policy)
		return;
	if (policy->claim != CLAIM_PRIORITY)
		model_misplaced(rd, node, priority,
				"it goes with policy fifo and rr");
	else if (!ynode_get(node, "priority"))
		diag_error(rd->diags, node,
			   "%s needs 'priority'; policy %s "
			   "takes one from 1 to 99",
			   what, policy->name);
	if (policy->claim != CLAIM_NICE)
		model_misplaced(rd, node, nice,
				"it goes with policy other and batch");
	else if (!ynode_get(node, "nice"))
		params_default(node, "nice", "0");
	if (policy->claim == CLAIM_DEADLINE)
		check_budget(rd, task, node, what);
	else
		no_budget(rd, node);
	model_default_time(rd, node, "timer_slack", policy->slack,
			   &task->timer_slack);
}

/* The period of the device that releases the jobs, as written; or NULL. */
static const char *device_period(const struct reader *rd,
				 const struct scenario *s,
				 const struct task_conf *task)
{
	const struct ynode *devices = ynode_get(s->resolved, "devices");
	const char *name = rd->names[NAME_QUEUE].list->pdata[task->on];
	const struct ynode *device = ynode_get(devices, name);
	const struct ynode *irq = device ? ynode_get(device, "irq") : NULL;
	const struct ynode *every = irq ? ynode_get(irq, "every") : NULL;

	return every && every->kind == YNODE_SCALAR ? every->text : NULL;
}

static void default_deadline(struct reader *rd, const struct scenario *s,
			     struct task_conf *task, struct ynode *node)
{
	const struct ynode *every = ynode_get(node, "every");
	const char *text = every ? every->text : NULL;

	if (!every && task->on >= 0)
		text = device_period(rd, s, task);
	if (ynode_get(node, "deadline"))
		return;
	if (text)
		model_default_time(rd, node, "deadline", text, &task->deadline);
	else
		ynode_set(node, "deadline",
			  ynode_new_scalar(node, "none", false));
}

/* A program of jobs: when they are released, and what is late. */
static void check_jobs(struct reader *rd, const struct scenario *s,
		       struct task_conf *task, struct ynode *node)
{
	static const char *const with_every[] = { "offset", "jitter", NULL };
	static const char *const start[] = { "start", NULL };
	static const char *const on[] = { "on", NULL };
	const struct ynode *every = ynode_get(node, "every");

	if (!every && !ynode_get(node, "on"))
		diag_error(rd->diags, ynode_get(node, "do"),
			   "it is not said "
			   "when this is done; add on: or every:, or write "
			   "loop: or once: in place of do:");
	if (every)
		model_misplaced(rd, node, on,
				"every: releases the jobs "
				"already");
	else
		model_misplaced(rd, node, with_every, "it goes with every");
	model_misplaced(rd, node, start,
			"it goes with loop and once; the "
			"first job of every: is at offset:");
	if (every)
		model_default_time(rd, node, "offset", "0ns", &task->offset);
	default_deadline(rd, s, task, node);
	if (!ynode_get(node, "overrun"))
		ynode_set(node, "overrun",
			  ynode_new_scalar(node, "queue", false));
}

/* A program that is not made of jobs. */
static void check_thread(struct reader *rd, struct task_conf *task,
			 struct ynode *node, bool fine)
{
	static const char *const jobs[] = { "on",     "every",	 "offset",
					    "jitter", "overrun", NULL };
	static const char *const deadline[] = { "deadline", NULL };
	const char *why = "it goes with do, a job per activation";
	const struct policy_rule *policy = policy_of(task);

	model_misplaced(rd, node, jobs, why);
	if (policy && policy->claim != CLAIM_DEADLINE)
		model_misplaced(rd, node, deadline, why);
	model_default_time(rd, node, "start", "0ns", &task->start);
	if (fine && task->body == BODY_LOOP &&
	    !step_list_takes_time(task->steps))
		diag_error(rd->diags, ynode_get(node, "loop"),
			   "this loop can "
			   "never take time; it needs a step that does, as "
			   "run, sleep or wait");
}

/* Move the program from where it was written; false if there is not one. */
static bool take_body(struct reader *rd, struct task_raw *raw,
		      struct ynode *node, const char *what)
{
	static const char *const keys[] = { "do", "loop", "once" };
	GPtrArray **lists[] = { &raw->jobs, &raw->loop, &raw->once };
	int found = -1;

	for (int i = 0; i < 3; i++) {
		int at = ynode_index(node, keys[i]);

		if (at < 0)
			continue;
		if (found >= 0) {
			diag_error(rd->diags, ynode_key(node, (unsigned int)at),
				   "'%s' stands beside '%s'; a task takes one "
				   "of do, loop and once",
				   keys[i], keys[found]);
			return false;
		}
		found = i;
	}
	if (found < 0) {
		diag_error(rd->diags, node,
			   "%s does nothing; it takes one of "
			   "do (with on or every), loop and once",
			   what);
		return false;
	}
	raw->conf.body = (enum task_body)found;
	raw->conf.steps = g_steal_pointer(lists[found]);
	return true;
}

/* The task that makes them too many is the one that is told. */
static void check_copies(struct reader *rd, const struct ynode *node,
			 int64_t copies)
{
	const struct ynode *at = ynode_get(node, "copies");
	int64_t before = rd->tasks;

	rd->tasks += copies;
	if (rd->tasks > TASKS_MAX && before <= TASKS_MAX)
		diag_error(rd->diags, at ? at : node,
			   "these are %" PRId64 " tasks in all; %d are allowed",
			   rd->tasks, TASKS_MAX);
}

/* @fine: the keys hold no mistakes by themselves. */
static void finish(struct reader *rd, struct scenario *s, struct task_raw *raw,
		   struct ynode *node, const char *what, bool fine)
{
	struct task_conf *task = &raw->conf;

	check_policy(rd, task, node, what);
	if (!take_body(rd, raw, node, what))
		return;
	if (task->body == BODY_JOB) {
		check_jobs(rd, s, task, node);
		stream_check_task(rd, task, node);
	} else {
		check_thread(rd, task, node, fine);
	}
}

static void free_list(GPtrArray *steps)
{
	if (steps)
		g_ptr_array_unref(steps);
}

/**
 * task_read - read a task; see model_fn.
 */
void task_read(struct reader *rd, struct scenario *s, const struct ynode *key,
	       struct ynode *node, const char *what)
{
	struct section section = *section_find("tasks");
	struct task_raw raw = {
		.conf = { .name = g_strdup(key->text),
			  .policy = -1,
			  .copies = 1,
			  .on = -1,
			  .group = -1,
			  .deadline = KTIME_MAX },
	};
	struct task_conf *task = g_new(struct task_conf, 1);
	bool fine;

	if (value_is_yes(ynode_get(node, "kthread")))
		section.where = section.where_else;
	fine = params_read(rd, node, &section, what, &raw);
	if (node->kind == YNODE_MAPPING) {
		finish(rd, s, &raw, node, what, fine);
		params_order(node, section.keys);
	}
	*task = raw.conf;
	g_ptr_array_add(s->tasks, task);
	check_copies(rd, node, task->copies);
	free_list(raw.jobs);
	free_list(raw.loop);
	free_list(raw.once);
}
