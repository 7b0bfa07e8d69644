/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Moving fair tasks.  cf. kernel/sched/fair.c v6.12: sched_balance_rq(),
 * detach_tasks(), active_load_balance_cpu_stop().  When that is tried is in
 * fair-tick.c and fair-newidle.c.
 *
 * A CPU pulls tasks that wait, those first that were queued or began to run
 * longest ago; one that ran less than half a millisecond ago stays where its
 * cache is, unless nothing else helps.  Classes that don't note that go by when
 * a task has run.
 */
#include <config.h>

#include "preemptsim/kernel/preempt.h"

#include "fair-domain-private.h"
#include "fair-group-private.h"

#include <glib.h>

/* cf. SCHED_NR_MIGRATE_BREAK: at how many an attempt looks, and under rt. */
#define NR_MIGRATE 32
#define NR_MIGRATE_RT 8

/* cf. MAX_PINNED_INTERVAL, ms */
#define MAX_PINNED_INTERVAL 512

/* struct seen - tasks that an attempt looks at, @most of them, in this order. */
struct seen {
	struct task *task[NR_MIGRATE];
	unsigned int nr, most;
};

/*
 * Whom
 */

/* Whether a task that waits is the one that is looked for. */
typedef bool (*task_filter)(struct task *p, void *data);

static struct task *find_in(const struct cfs_rq *cfs, task_filter wanted,
			    void *data);

/* The first of a tree, and of its groups. */
static struct task *find_below(struct sched_entity *se, task_filter wanted,
			       void *data)
{
	struct task *found;

	if (!se)
		return NULL;
	found = find_below(se->left, wanted, data);
	if (!found && se->my_q)
		found = find_in(se->my_q, wanted, data);
	if (found)
		return found;
	if (!se->my_q && wanted(task_of(se), data))
		return task_of(se);
	return find_below(se->right, wanted, data);
}

/* The tree does not have the group that runs, in which others may wait. */
static struct task *find_in(const struct cfs_rq *cfs, task_filter wanted,
			    void *data)
{
	struct sched_entity *curr = cfs->curr;
	struct task *found = NULL;

	if (curr && curr->my_q && curr->on_rq)
		found = find_in(curr->my_q, wanted, data);
	return found ? found : find_below(cfs->root, wanted, data);
}

static bool may_run_on(struct task *p, void *data)
{
	unsigned int cpu = *(unsigned int *)data;

	return task_may_run_on(p, cpu) && !group_throttled_on(p, cpu);
}

struct task *first_fair_for(struct rq *rq, unsigned int cpu)
{
	return find_in(&rq->cfs, may_run_on, &cpu);
}

/* Is @a to be moved before @b?  cf. the order of cfs_tasks. */
static bool goes_before(const struct task *a, const struct task *b)
{
	if (a->se.touched != b->se.touched)
		return a->se.touched < b->se.touched;
	return a->se.exec_start < b->se.exec_start;
}

/* struct search - for the first that may run on @cpu. */
struct search {
	unsigned int cpu;
	struct task *first;
};

static bool search_note(struct task *p, void *data)
{
	struct search *search = data;

	if (may_run_on(p, &search->cpu) &&
	    (!search->first || goes_before(p, search->first)))
		search->first = p;
	return false;
}

/* cf. detach_one_task() */
static struct task *one_to_detach(struct rq *rq, unsigned int cpu)
{
	struct search search = { .cpu = cpu };

	find_in(&rq->cfs, search_note, &search);
	return search.first;
}

static bool is_movable(struct task *p, void *data)
{
	(void)data;
	return p->nr_cpus_allowed > 1;
}

bool any_movable(const struct rq *rq)
{
	return find_in(&rq->cfs, is_movable, NULL);
}

/* One that may not come here may run on another CPU of this group. */
static void note_pinned(struct lb_env *env, const struct task *p)
{
	const struct sched_group *group = env->sd->groups;
	unsigned int cpu;

	env->some_pinned = true;
	if (env->idle == CPU_NEWLY_IDLE || env->new_dst < NR_CPUS)
		return;
	for_each_cpu(cpu, group->span, env->kernel->config.nr_cpus)
	{
		if (cpu != env->dst->kc->cpu.id &&
		    cpumask_test_cpu(&env->cpus, cpu) &&
		    task_may_run_on(p, cpu)) {
			env->new_dst = cpu;
			return;
		}
	}
}

/* cf. task_hot(), CACHE_HOT_BUDDY: also one that is to run next. */
static bool task_hot(const struct lb_env *env, const struct task *p)
{
	const struct cfs_rq *cfs = p->se.cfs_rq;

	if (p->policy == POLICY_IDLE || env->sd->flags & SD_SHARE_CPUCAPACITY)
		return false;
	if (cfs && env->dst->nr_running &&
	    (cfs->next == &p->se || cfs->last == &p->se))
		return true;
	return rq_clock_ns(env->src) - p->se.exec_start < MIGRATION_COST_NS;
}

/* It is where it belongs, and no hindrance. */
static bool kthread_is_per_cpu(const struct task *p)
{
	return p->kthread && p->nr_cpus_allowed == 1;
}

/* cf. can_migrate_task() */
static bool can_migrate_task(struct lb_env *env, const struct task *p)
{
	if (group_throttled_on(p, env->dst->kc->cpu.id) ||
	    kthread_is_per_cpu(p))
		return false;
	if (!task_may_run_on(p, env->dst->kc->cpu.id)) {
		note_pinned(env, p);
		return false;
	}
	env->all_pinned = false;
	if (p == env->src->curr)
		return false;
	return env->sd->nr_balance_failed > env->sd->cache_nice_tries ||
	       !task_hot(env, p);
}

static bool seen_note(struct task *p, void *data)
{
	struct seen *seen = data;
	unsigned int i = MIN(seen->nr, seen->most - 1);

	if (seen->nr == seen->most && !goes_before(p, seen->task[i]))
		return false;
	for (; i > 0 && goes_before(p, seen->task[i - 1]); i--)
		seen->task[i] = seen->task[i - 1];
	seen->task[i] = p;
	seen->nr = MIN(seen->nr + 1, seen->most);
	return false;
}

/* The one that runs is among them. */
static void see_tasks(struct seen *seen, const struct lb_env *env)
{
	const struct kernel *kernel = env->kernel;
	struct task *curr = env->src->curr;

	seen->nr = 0;
	seen->most = kernel->model->sleeping_locks ? NR_MIGRATE_RT : NR_MIGRATE;
	if (curr->sched_class == kernel->config.fair && curr->on_rq)
		seen_note(curr, seen);
	find_in(&env->src->cfs, seen_note, seen);
}

/*
 * Moving
 */

/* cf. attach_task() */
static void attach_task(const struct lb_env *env, struct task *p)
{
	activate_task(env->dst, p, ENQUEUE_MIGRATED);
	p->on_rq = !p->se.delayed;
	p->se.exec_start = 0;
	if (env->idle != CPU_NEWLY_IDLE)
		wakeup_preempt(env->dst, p);
}

static void detach_task(const struct lb_env *env, struct task *p)
{
	deactivate_task(env->src, p, DEQUEUE_MIGRATING);
	set_task_cpu(this_cpu(env->kernel), p, env->dst->kc->cpu.id);
}

/* How much of the imbalance goes with @p, or -1: that would be too much. */
static int64_t share_of(const struct lb_env *env, const struct task *p)
{
	unsigned int failed = MIN(env->sd->nr_balance_failed, 31);
	int64_t share = 1;

	if (env->type == MIGRATE_TASK)
		return share;
	if (env->type == MIGRATE_LOAD)
		share = MAX((int64_t)task_h_load(p), 1);
	else if (env->src->pelt)
		share = (int64_t)task_util_est(p);
	else
		share = SCHED_CAPACITY_SCALE / env->src->cfs.nr_running;
	return share >> failed > env->imbalance ? -1 : share;
}

/* How much would go with @p, if it may come and is not too much; or -1. */
static int64_t share_to_move(struct lb_env *env, struct task *p)
{
	int64_t share = can_migrate_task(env, p) ? share_of(env, p) : -1;

	if (share < 0)
		touch_task(env->src, p);
	return share;
}

/* cf. detach_tasks(), attach_tasks(): the last one goes on the other queue
 * first.  One that goes idle is content with one. */
static unsigned int detach_tasks(struct lb_env *env)
{
	struct seen seen;
	unsigned int moved = 0;

	update_rq_clock(env->src);
	update_rq_clock(env->dst);
	see_tasks(&seen, env);
	for (unsigned int i = 0; i < seen.nr && env->imbalance > 0; i++) {
		int64_t share;

		if (env->idle && env->src->nr_running <= 1)
			break;
		share = share_to_move(env, seen.task[i]);
		if (share < 0)
			continue;
		detach_task(env, seen.task[i]);
		env->imbalance -= share;
		seen.task[moved++] = seen.task[i];
		if (env->idle == CPU_NEWLY_IDLE)
			break;
	}
	for (unsigned int i = moved; i > 0; i--)
		attach_task(env, seen.task[i - 1]);
	return moved;
}

/*
 * Active balancing: who runs is sent away by the stop task
 */

/* Is the one fair task of the busiest CPU much worse off there than it would be
 * here, for what other classes take? */
static bool has_less_capacity(const struct lb_env *env)
{
	const struct rq *src = env->src;

	return env->idle && src->cfs.nr_running == 1 &&
	       check_cpu_capacity(src, env->sd) &&
	       src->cpu_capacity * env->sd->imbalance_pct <
		       env->dst->cpu_capacity * 100;
}

/* cf. need_active_balance() */
static bool need_active_balance(const struct lb_env *env)
{
	const struct sched_domain *sd = env->sd;

	if (!env->src->kc->stopper.ready)
		return false;
	return (env->type == MIGRATE_TASK &&
		sd->nr_balance_failed > sd->cache_nice_tries + 2) ||
	       has_less_capacity(env);
}

/* cf. active_load_balance_cpu_stop() */
static void active_balance_stop(struct cpu *cpu, const struct op *op)
{
	struct rq *rq = &to_kcpu(cpu)->rq;
	struct kernel *kernel = rq->kc->kernel;
	struct rq *dst = cpu_rq(kernel, rq->push_cpu);
	struct lb_env env = { .kernel = kernel, .src = rq, .dst = dst };
	struct task *p = one_to_detach(rq, dst->kc->cpu.id);

	(void)op;
	for_each_domain(dst,
			env.sd) if (cpumask_test_cpu(env.sd->span,
						     rq->kc->cpu.id)) break;
	if (!p || !env.sd)
		return;
	update_rq_clock(rq);
	update_rq_clock(dst);
	detach_task(&env, p);
	attach_task(&env, p);
	env.sd->nr_balance_failed = 0;
}

static const struct op active_balance_path[] = {
	DO(op_local_irq_save),
	DO(active_balance_stop),
	DO(op_local_irq_restore),
	RET,
};

/* Returns whether the task that runs there may come at all. */
static bool active_balance(const struct lb_env *env)
{
	struct rq *src = env->src;
	struct cpu_stop_work *work = &src->kc->stopper.balance;

	if (!task_may_run_on(src->curr, env->dst->kc->cpu.id))
		return false;
	if (work->busy)
		return true;
	src->push_cpu = env->dst->kc->cpu.id;
	work->path = active_balance_path;
	work->arg = NULL;
	stop_one_cpu_nowait(src->kc, work);
	return true;
}

/*
 * One attempt
 */

/* Are all other threads of CPU @cpu's core idle? */
static bool siblings_are_idle(const struct kernel *kernel, unsigned int cpu)
{
	unsigned int smt = kernel->block[SD_SMT];

	for (unsigned int i = cpu / smt * smt; i < (cpu / smt + 1) * smt; i++)
		if (i != cpu && !rq_is_idle(kernel, i))
			return false;
	return true;
}

/* cf. should_we_balance(): of a group, its first idle CPU does it, one with
 * idle siblings before others, or its first. */
static bool should_we_balance(const struct lb_env *env)
{
	const struct sched_group *group = env->sd->groups;
	unsigned int cpu, idle_smt = NR_CPUS, own = env->dst->kc->cpu.id;

	if (env->idle == CPU_NEWLY_IDLE)
		return !env->dst->nr_running;
	for_each_cpu(cpu, group->span, env->kernel->config.nr_cpus)
	{
		if (!rq_is_idle(env->kernel, cpu))
			continue;
		if (env->sd->flags & SD_SHARE_CPUCAPACITY ||
		    siblings_are_idle(env->kernel, cpu))
			return cpu == own;
		if (idle_smt == NR_CPUS)
			idle_smt = cpu;
	}
	return idle_smt == NR_CPUS ? group->first == own : idle_smt == own;
}

/* Pull what there is, and what may not come here to another CPU of the group.
 * cf. more_balance in sched_balance_rq() */
static unsigned int pull(struct lb_env *env)
{
	unsigned int moved = 0;

	for (;;) {
		env->new_dst = NR_CPUS;
		moved += detach_tasks(env);
		if (env->new_dst == NR_CPUS || env->imbalance <= 0)
			return moved;
		cpumask_clear_cpu(&env->cpus, env->dst->kc->cpu.id);
		env->dst = cpu_rq(env->kernel, env->new_dst);
	}
}

/* What keeps a domain from balance by affinities, the one above is told. */
static void note_imbalance(struct sched_domain *sd, bool imbalance)
{
	if (sd->parent)
		sd->parent->groups->imbalance = imbalance;
}

/* Is there another CPU to pull from, outside of the group that pulls? */
static bool others_are_left(const struct lb_env *env)
{
	const struct cpumask *own = env->sd->groups->span;

	for (unsigned int i = 0; i < CPUMASK_WORDS; i++)
		if (env->cpus.bits[i] & ~own->bits[i])
			return true;
	return false;
}

/* The next attempt may be later. */
static void wait_longer(const struct lb_env *env)
{
	struct sched_domain *sd = env->sd;

	if (env->idle == CPU_NEWLY_IDLE)
		return;
	if ((env->all_pinned && sd->balance_interval < MAX_PINNED_INTERVAL) ||
	    sd->balance_interval < sd->max_interval)
		sd->balance_interval *= 2;
}

/* Nothing had to be moved. */
static void was_balanced(const struct lb_env *env)
{
	env->sd->nr_balance_failed = 0;
	wait_longer(env);
}

/* Nothing could be moved; after some times of that, who runs has to go.
 * Returns whether even he may not. */
static bool has_failed(struct lb_env *env)
{
	if (env->idle != CPU_NEWLY_IDLE)
		env->sd->nr_balance_failed++;
	return need_active_balance(env) && !active_balance(env);
}

/* What could be pulled is, or somebody made ready to be: @moved tasks.  False:
 * none of those that wait there may come. */
static bool balance_from(struct lb_env *env, unsigned int *moved)
{
	struct rq *dst = env->dst;

	*moved = 0;
	env->all_pinned = true;
	if (env->src->nr_running > 1) {
		*moved = pull(env);
		env->dst = dst;
		if (env->some_pinned && env->imbalance > 0)
			note_imbalance(env->sd, true);
		if (env->all_pinned)
			return false;
	}
	if (*moved)
		env->sd->nr_balance_failed = 0;
	if (!*moved && has_failed(env))
		wait_longer(env);
	else
		env->sd->balance_interval = env->sd->min_interval;
	return true;
}

/* The busiest queue, or another one if none of its tasks may leave it. */
static unsigned int balance_domain(struct lb_env *env)
{
	unsigned int own = env->dst->kc->cpu.id;

	while (cpumask_test_cpu(&env->cpus, own) && find_busiest_queue(env)) {
		unsigned int moved;

		if (balance_from(env, &moved))
			return moved;
		cpumask_clear_cpu(&env->cpus, env->src->kc->cpu.id);
		if (!others_are_left(env))
			break;
	}
	if (!env->all_pinned)
		note_imbalance(env->sd, false);
	was_balanced(env);
	return 0;
}

unsigned int load_balance(struct rq *rq, struct sched_domain *sd,
			  enum cpu_idle_type idle, bool *proceed)
{
	struct lb_env env = { .kernel = rq->kc->kernel,
			      .sd = sd,
			      .dst = rq,
			      .idle = idle,
			      .cpus = *sd->span };

	if (should_we_balance(&env))
		return balance_domain(&env);
	*proceed = false;
	note_imbalance(sd, false);
	was_balanced(&env);
	return 0;
}

static uint64_t util_of(const struct kernel *kernel,
			const struct sched_domain *sd)
{
	uint64_t util = 0;
	unsigned int cpu;

	for_each_cpu(cpu, sd->span, kernel->config.nr_cpus) util +=
		cpu_util_cfs(&kernel->cpus[cpu].rq, false);
	return util;
}

void balance_nothing(struct rq *rq, struct sched_domain *sd,
		     enum cpu_idle_type idle, bool *proceed)
{
	struct lb_env env = {
		.kernel = rq->kc->kernel, .sd = sd, .dst = rq, .idle = idle
	};

	*proceed = should_we_balance(&env);
	if (*proceed) {
		update_group_capacity(rq, sd);
		if (sd->shared)
			update_idle_cpu_scan(sd, util_of(env.kernel, sd));
	}
	note_imbalance(sd, false);
	was_balanced(&env);
}
