/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is a domain out of balance, and by how much?  cf. kernel/sched/fair.c v6.12:
 * sched_balance_find_src_group(), calculate_imbalance(),
 * sched_balance_find_src_rq().
 */
#include <config.h>

#include "fair-domain-private.h"

#include <glib.h>

/* struct sd_stats - of a domain, all its groups together. */
struct sd_stats {
	const struct sched_group *local, *busiest;
	struct group_stats local_stats, busiest_stats;
	int64_t load, capacity;
};

/*
 * The busiest group
 */

/* cf. sched_reduced_capacity(): with more tasks they are too many anyway. */
static bool has_reduced_capacity(const struct rq *rq,
				 const struct sched_domain *sd)
{
	return rq->pelt && rq->cfs.nr_running == 1 &&
	       check_cpu_capacity(rq, sd);
}

/* What the CPU that balances has, or what the groups of the domain below
 * had. */
void update_group_capacity(struct rq *rq, struct sched_domain *sd)
{
	const struct kernel *kernel = rq->kc->kernel;
	struct sched_group *own = sd->groups, *group;

	if (!rq->pelt)
		return;
	own->next_update =
		jiffies(kernel) + sd_balance_interval(kernel, sd, false);
	if (!sd->child) {
		update_cpu_capacity(rq);
		own->capacity = rq->cpu_capacity;
		return;
	}
	own->capacity = 0;
	group = sd->child->groups;
	do {
		own->capacity += group->capacity;
		group = group->next;
	} while (group != sd->child->groups);
}

/* cf. update_sg_lb_stats(): two threads of a core are more than an idle one
 * should leave together. */
static void group_stats_take(const struct lb_env *env,
			     const struct sched_group *group,
			     struct group_stats *stats)
{
	unsigned int cpu;
	bool local = cpumask_test_cpu(group->span, env->dst->kc->cpu.id);

	*stats = (struct group_stats){ 0 };
	for_each_cpu(cpu, group->span, env->kernel->config.nr_cpus)
	{
		const struct rq *rq = cpu_rq(env->kernel, cpu);

		if (!cpumask_test_cpu(&env->cpus, cpu))
			continue;
		group_stats_add(stats, env->kernel, cpu);
		if (!local && env->idle && has_reduced_capacity(rq, env->sd))
			stats->misfit =
				MAX(stats->misfit, (int64_t)cpu_load(rq));
	}
	group_stats_classify(stats, env->sd, group);
	if (!local && env->idle && group->flags & SD_SHARE_CPUCAPACITY &&
	    stats->nr_fair > 1 && stats->type < GROUP_SMT_BALANCE)
		stats->type = GROUP_SMT_BALANCE;
}

/* cf. smt_vs_nonsmt_groups() */
static bool only_one_is_a_core(const struct sched_group *a,
			       const struct sched_group *b)
{
	return (a->flags ^ b->flags) & SD_SHARE_CPUCAPACITY;
}

static bool has_less_room(const struct group_stats *a,
			  const struct group_stats *b)
{
	if (a->idle_cpus != b->idle_cpus)
		return a->idle_cpus < b->idle_cpus;
	return a->nr_running > b->nr_running;
}

/* Both have room.  A core that runs one task is worse than two CPUs that run
 * one. */
static bool spares_less(const struct sched_group *group,
			const struct group_stats *stats,
			const struct sd_stats *sds)
{
	if (only_one_is_a_core(group, sds->busiest))
		return !(group->flags & SD_SHARE_CPUCAPACITY) ||
		       stats->nr_fair > 1;
	return has_less_room(stats, &sds->busiest_stats);
}

/* Both are full, but not more.  Of cores the first one is it; of others the
 * last, since Linux compares loads that it has not computed. */
static bool is_as_full(const struct sd_stats *sds)
{
	return !(sds->busiest->flags & SD_SHARE_CPUCAPACITY);
}

/* cf. update_sd_pick_busiest() */
static bool is_busier(const struct sched_group *group,
		      const struct group_stats *stats,
		      const struct sd_stats *sds)
{
	const struct group_stats *busiest = &sds->busiest_stats;

	if (!stats->nr_fair)
		return false;
	if (!sds->busiest)
		return true;
	if (stats->type != busiest->type)
		return stats->type > busiest->type;
	switch (stats->type) {
	case GROUP_OVERLOADED:
		return stats->avg_load > busiest->avg_load;
	case GROUP_IMBALANCED:
		return false;
	case GROUP_MISFIT_TASK:
		return stats->misfit > busiest->misfit;
	case GROUP_SMT_BALANCE:
		return stats->idle_cpus || busiest->idle_cpus ?
			       has_less_room(stats, busiest) :
			       is_as_full(sds);
	case GROUP_FULLY_BUSY:
		return is_as_full(sds);
	default:
		return spares_less(group, stats, sds);
	}
}

/* cf. update_sd_lb_stats() */
static void sd_stats_take(const struct lb_env *env, struct sd_stats *sds)
{
	const struct sched_group *group = env->sd->groups;
	uint64_t util = 0;

	*sds = (struct sd_stats){ .local = group };
	if (env->idle != CPU_NEWLY_IDLE ||
	    jiffies(env->kernel) >= group->next_update)
		update_group_capacity(env->dst, env->sd);
	do {
		struct group_stats stats;

		group_stats_take(env, group, &stats);
		sds->load += stats.load;
		sds->capacity += stats.capacity;
		util += (uint64_t)stats.util;
		if (group == sds->local) {
			sds->local_stats = stats;
		} else if (is_busier(group, &stats, sds)) {
			sds->busiest = group;
			sds->busiest_stats = stats;
		}
		group = group->next;
	} while (group != env->sd->groups);
	if (env->idle != CPU_NEWLY_IDLE)
		update_idle_cpu_scan(env->sd, util);
}

static int64_t avg_load(const struct sd_stats *sds)
{
	return sds->load * SCHED_CAPACITY_SCALE / sds->capacity;
}

/* Tasks of the groups below go to other groups rather than together. */
static bool prefers_sibling(const struct sd_stats *sds)
{
	return sds->busiest->flags & SD_PREFER_SIBLING;
}

/* cf. sibling_imbalance(): by how many tasks the busiest group has too many for
 * its cores. */
static long sibling_imbalance(const struct lb_env *env,
			      const struct sd_stats *sds)
{
	long local = sds->local->cores, busiest = sds->busiest->cores;
	long here = sds->local_stats.nr_running;
	long there = sds->busiest_stats.nr_running;
	long imbalance;

	if (env->idle == CPU_NOT_IDLE || !there)
		return 0;
	if (local == busiest)
		return MAX(there - here, 0);
	imbalance = 2 * MAX(local * there - busiest * here, 0);
	imbalance = (imbalance + local + busiest) / (local + busiest);
	if (imbalance <= 1 && !here && there > 1)
		imbalance = 2;
	return imbalance;
}

/*
 * How much
 */

static void set_imbalance(struct lb_env *env, enum migration_type type,
			  int64_t imbalance)
{
	env->type = type;
	env->imbalance = imbalance;
}

/* There is room here, so as many tasks go as leave the groups even. */
static void use_spare(struct lb_env *env, const struct sd_stats *sds)
{
	const struct group_stats *local = &sds->local_stats;
	const struct group_stats *busiest = &sds->busiest_stats;
	long imbalance;

	if (busiest->type > GROUP_FULLY_BUSY &&
	    !(env->sd->flags & SD_SHARE_LLC)) {
		set_imbalance(env, MIGRATE_UTIL,
			      MAX(local->capacity - local->util, 0));
		if (env->idle && !env->imbalance)
			set_imbalance(env, MIGRATE_TASK, 1);
		return;
	}
	if (busiest->weight == 1 || prefers_sibling(sds))
		imbalance = sibling_imbalance(env, sds);
	else
		imbalance = MAX(
			(long)local->idle_cpus - (long)busiest->idle_cpus, 0);
	if (env->sd->flags & SD_ACROSS_NODES)
		imbalance = adjust_numa_imbalance(
			imbalance, local->nr_running + 1, env->sd->imb_numa_nr);
	set_imbalance(env, MIGRATE_TASK, imbalance >> 1);
}

/* Both have more than they can run: each gets the average weight.  A heavy task
 * alone on its CPU may make that more than even the busiest group has; then it
 * is no limit, since Linux computes without signs. */
static void share_load(struct lb_env *env, const struct sd_stats *sds)
{
	const struct group_stats *local = &sds->local_stats;
	const struct group_stats *busiest = &sds->busiest_stats;
	int64_t average = avg_load(sds);
	int64_t much = (busiest->avg_load - average) * busiest->capacity;
	int64_t room = (average - local->avg_load) * local->capacity;

	if (busiest->type != GROUP_OVERLOADED ||
	    local->avg_load >= busiest->avg_load || local->avg_load >= average)
		set_imbalance(env, MIGRATE_LOAD, 0);
	else
		set_imbalance(env, MIGRATE_LOAD,
			      (int64_t)MIN((uint64_t)much, (uint64_t)room) /
				      SCHED_CAPACITY_SCALE);
}

/* cf. calculate_imbalance() */
static void calculate_imbalance(struct lb_env *env, const struct sd_stats *sds)
{
	enum group_type busiest = sds->busiest_stats.type;

	if (busiest == GROUP_SMT_BALANCE || busiest == GROUP_IMBALANCED)
		set_imbalance(env, MIGRATE_TASK, 1);
	else if (busiest == GROUP_MISFIT_TASK)
		set_imbalance(env, MIGRATE_LOAD, sds->busiest_stats.misfit);
	else if (sds->local_stats.type == GROUP_HAS_SPARE)
		use_spare(env, sds);
	else
		share_load(env, sds);
}

/* Overloaded groups are in balance if their loads are, by and large. */
static bool loads_are_even(const struct lb_env *env, const struct sd_stats *sds)
{
	int64_t local = sds->local_stats.avg_load;
	int64_t busiest = sds->busiest_stats.avg_load;

	return local >= busiest || local >= avg_load(sds) ||
	       100 * busiest <= env->sd->imbalance_pct * local;
}

/* Groups that are not overloaded are, unless this CPU has nothing to do and the
 * busiest group clearly less idle CPUs. */
static bool spare_is_even(const struct lb_env *env, const struct sd_stats *sds)
{
	const struct group_stats *local = &sds->local_stats;
	const struct group_stats *busiest = &sds->busiest_stats;

	if (env->idle == CPU_NOT_IDLE)
		return true;
	if (busiest->type == GROUP_SMT_BALANCE &&
	    only_one_is_a_core(sds->local, sds->busiest))
		return false;
	if (busiest->weight > 1 && local->idle_cpus <= busiest->idle_cpus + 1)
		return true;
	return busiest->nr_fair == 1;
}

/* cf. sched_balance_find_src_group() */
static bool is_balanced(const struct lb_env *env, const struct sd_stats *sds)
{
	const struct group_stats *local = &sds->local_stats;
	const struct group_stats *busiest = &sds->busiest_stats;

	if (!sds->busiest)
		return true;
	if (busiest->type == GROUP_IMBALANCED ||
	    busiest->type == GROUP_MISFIT_TASK)
		return false;
	if (local->type > busiest->type)
		return true;
	if (local->type == GROUP_OVERLOADED && loads_are_even(env, sds))
		return true;
	if (prefers_sibling(sds) && local->type == GROUP_HAS_SPARE &&
	    sibling_imbalance(env, sds) > 1)
		return false;
	return busiest->type != GROUP_OVERLOADED && spare_is_even(env, sds);
}

/*
 * The busiest of its queues
 */

/* What @rq is compared by, and 0 if nothing can be had there. */
static uint64_t busyness(const struct lb_env *env, const struct rq *rq)
{
	bool boost = env->kernel->version->util_boost;
	unsigned int nr = rq->cfs.nr_running;

	switch (env->type) {
	case MIGRATE_LOAD:
		if (nr == 1 && (int64_t)cpu_load(rq) > env->imbalance &&
		    !has_reduced_capacity(rq, env->sd))
			return 0;
		return cpu_load(rq);
	case MIGRATE_UTIL:
		return nr > 1 ? cpu_util_cfs(rq, boost) : 0;
	default:
		return nr;
	}
}

static struct rq *busiest_of(const struct lb_env *env,
			     const struct sched_group *group)
{
	struct rq *busiest = NULL;
	uint64_t most = 0, capacity = 1;
	unsigned int cpu;

	for_each_cpu(cpu, group->span, env->kernel->config.nr_cpus)
	{
		struct rq *rq = cpu_rq(env->kernel, cpu);
		uint64_t much, of = 1;

		if (!cpumask_test_cpu(&env->cpus, cpu) || !rq->cfs.nr_running)
			continue;
		much = busyness(env, rq);
		if (env->type == MIGRATE_LOAD)
			of = rq->cpu_capacity;
		if (much * capacity <= most * of)
			continue;
		busiest = rq;
		most = much;
		capacity = of;
	}
	return busiest;
}

bool find_busiest_queue(struct lb_env *env)
{
	struct sd_stats sds;

	sd_stats_take(env, &sds);
	if (is_balanced(env, &sds))
		return false;
	calculate_imbalance(env, &sds);
	if (env->imbalance <= 0)
		return false;
	env->src = busiest_of(env, sds.busiest);
	return env->src && env->src != env->dst;
}
