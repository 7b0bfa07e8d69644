/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How busy the groups of a domain are, and where new tasks go by that.
 * cf. kernel/sched/fair.c v6.12: update_sg_lb_stats(),
 * sched_balance_find_dst_cpu().
 *
 * That goes by load averages (fair-load.c); under a class that keeps none, by
 * the tasks that want to run now.  Left out: the capacity that interrupts take
 * away.
 */
#include <config.h>

#include "fair-domain-private.h"

#include <glib.h>

/* cf. NUMA_IMBALANCE_MIN */
#define NUMA_IMBALANCE_MIN 2

void group_stats_add(struct group_stats *stats, struct kernel *kernel,
		     unsigned int cpu)
{
	const struct rq *rq = cpu_rq(kernel, cpu);

	stats->idle_cpus += rq_is_idle(kernel, cpu);
	stats->nr_running += rq->nr_running;
	stats->nr_fair += rq->cfs.nr_running;
	stats->load += (int64_t)cpu_load(rq);
	stats->util += (int64_t)cpu_util_cfs(rq, false);
	stats->runnable += (int64_t)cpu_runnable(rq);
}

/* cf. group_has_capacity() */
static bool has_capacity(const struct group_stats *stats, int64_t pct)
{
	if (stats->nr_running < stats->weight)
		return true;
	if (stats->capacity * pct < stats->runnable * 100)
		return false;
	return stats->capacity * 100 > stats->util * pct;
}

/* cf. group_is_overloaded() */
static bool is_overloaded(const struct group_stats *stats, int64_t pct)
{
	if (stats->nr_running <= stats->weight)
		return false;
	return stats->capacity * 100 < stats->util * pct ||
	       stats->capacity * pct < stats->runnable * 100;
}

void group_stats_classify(struct group_stats *stats,
			  const struct sched_domain *sd,
			  const struct sched_group *group)
{
	int64_t pct = sd->imbalance_pct;

	stats->weight = group->weight;
	stats->capacity = (int64_t)group->capacity;
	if (is_overloaded(stats, pct))
		stats->type = GROUP_OVERLOADED;
	else if (group->imbalance)
		stats->type = GROUP_IMBALANCED;
	else if (stats->misfit)
		stats->type = GROUP_MISFIT_TASK;
	else if (!has_capacity(stats, pct))
		stats->type = GROUP_FULLY_BUSY;
	else
		stats->type = GROUP_HAS_SPARE;
	if (stats->capacity)
		stats->avg_load =
			stats->load * SCHED_CAPACITY_SCALE / stats->capacity;
}

long adjust_numa_imbalance(long imbalance, unsigned int dst_running,
			   unsigned int imb_numa_nr)
{
	if (dst_running <= imb_numa_nr && imbalance <= NUMA_IMBALANCE_MIN)
		return 0;
	return imbalance;
}

/* cf. the function of that name: the fewer the more they are used, and none
 * from 100 / imbalance_pct = 85 % on. */
void update_idle_cpu_scan(const struct sched_domain *sd, uint64_t util)
{
	uint64_t used;

	if (!sd->shared)
		return;
	used = util / sd->weight * sd->imbalance_pct;
	used = used * used / (10000 * SCHED_CAPACITY_SCALE);
	used = MIN(used, SCHED_CAPACITY_SCALE);
	sd->shared->nr_idle_scan =
		(unsigned int)((SCHED_CAPACITY_SCALE - used) * sd->weight /
			       SCHED_CAPACITY_SCALE);
}

/*
 * The idlest CPU, for a new task
 */

/* cf. update_pick_idlest() */
static bool is_idler(const struct group_stats *a, const struct group_stats *b)
{
	if (a->type != b->type)
		return a->type < b->type;
	if (a->type == GROUP_IMBALANCED)
		return false;
	if (a->type == GROUP_HAS_SPARE && a->idle_cpus == b->idle_cpus)
		return a->util < b->util;
	if (a->type == GROUP_HAS_SPARE)
		return a->idle_cpus > b->idle_cpus;
	return a->avg_load < b->avg_load;
}

/* How many CPUs of the group that balances in @sd may @p use? */
static unsigned int nr_usable(const struct task *p,
			      const struct sched_domain *sd)
{
	struct cpumask usable;

	for (unsigned int i = 0; i < CPUMASK_WORDS; i++)
		usable.bits[i] =
			p->cpus_mask.bits[i] & sd->groups->span->bits[i];
	return cpumask_weight(&usable);
}

/* A small imbalance between nodes is no reason to leave one's own. */
static bool stays_in_node(const struct task *p, const struct sched_domain *sd,
			  const struct group_stats *local,
			  const struct group_stats *idlest)
{
	unsigned int allowed = MIN(sd->imb_numa_nr, nr_usable(p, sd));
	long imbalance = labs((long)local->idle_cpus - (long)idlest->idle_cpus);

	return !adjust_numa_imbalance(imbalance, local->nr_running + 1,
				      allowed);
}

/* cf. the end of sched_balance_find_dst_group() */
static bool prefers_local(const struct task *p, const struct sched_domain *sd,
			  const struct group_stats *local,
			  const struct group_stats *idlest)
{
	bool numa = sd->flags & SD_ACROSS_NODES;
	int64_t pct = sd->imbalance_pct;
	int64_t imbalance = NICE_0_LOAD * (pct - 100) / 100;

	if (local->type != idlest->type)
		return local->type < idlest->type;
	if (local->type == GROUP_HAS_SPARE)
		return (numa && stays_in_node(p, sd, local, idlest)) ||
		       local->idle_cpus >= idlest->idle_cpus;
	if (local->type == GROUP_IMBALANCED)
		return true;
	return (numa && idlest->avg_load + imbalance >= local->avg_load) ||
	       idlest->avg_load >= local->avg_load + imbalance ||
	       100 * local->avg_load <= pct * idlest->avg_load;
}

static struct group_stats stats_for(struct task *p,
				    const struct sched_domain *sd,
				    const struct sched_group *group)
{
	struct kernel *kernel = p->kernel;
	struct group_stats stats = { 0 };
	unsigned int cpu;

	for_each_cpu(cpu, group->span, kernel->config.nr_cpus)
		group_stats_add(&stats, kernel, cpu);
	group_stats_classify(&stats, sd, group);
	return stats;
}

static bool may_use(const struct task *p, const struct cpumask *span)
{
	for (unsigned int i = 0; i < CPUMASK_WORDS; i++)
		if (p->cpus_mask.bits[i] & span->bits[i])
			return true;
	return false;
}

/* cf. sched_balance_find_dst_group(): NULL: the one that has @cpu is best. */
static const struct sched_group *
find_idlest_group(struct task *p, const struct sched_domain *sd,
		  unsigned int cpu)
{
	const struct sched_group *group = sd->groups, *idlest = NULL;
	struct group_stats best = { 0 }, local = { 0 };
	bool has_local = false;

	do {
		struct group_stats stats;

		if (may_use(p, group->span)) {
			stats = stats_for(p, sd, group);
			if (cpumask_test_cpu(group->span, cpu)) {
				local = stats;
				has_local = true;
			} else if (!idlest || is_idler(&stats, &best)) {
				idlest = group;
				best = stats;
			}
		}
		group = group->next;
	} while (group != sd->groups);
	if (idlest && has_local && prefers_local(p, sd, &local, &best))
		return NULL;
	return idlest;
}

/* It wakes up sooner, or has been idle for less long, so its cache is warmer. */
static bool idles_better(const struct kcpu *a, const struct kcpu *b)
{
	if (a->idle_exit != b->idle_exit)
		return a->idle_exit < b->idle_exit;
	return a->rq.idle_stamp > b->rq.idle_stamp;
}

/* cf. sched_balance_find_dst_group_cpu(): the first that runs nothing but
 * SCHED_IDLE, the best of those that idle, or the least loaded. */
static unsigned int find_idlest_in(const struct task *p,
				   const struct sched_group *group)
{
	struct kernel *kernel = p->kernel;
	const struct kcpu *idlest = NULL;
	unsigned int cpu, best = NR_CPUS;
	uint64_t least = UINT64_MAX;

	for_each_cpu(cpu, group->span, kernel->config.nr_cpus)
	{
		const struct kcpu *kc = &kernel->cpus[cpu];

		if (!cpumask_test_cpu(&p->cpus_mask, cpu))
			continue;
		if (sched_idle_cpu(kernel, cpu))
			return cpu;
		if (rq_is_idle(kernel, cpu)) {
			if (!idlest || idles_better(kc, idlest))
				idlest = kc;
		} else if (cpu_load(&kc->rq) < least) {
			least = cpu_load(&kc->rq);
			best = cpu;
		}
	}
	return idlest ? idlest->cpu.id : best;
}

/* The largest domain of @cpu that is smaller than @weight CPUs. */
static const struct sched_domain *
domain_below(struct kernel *kernel, unsigned int cpu, unsigned int weight)
{
	const struct sched_domain *sd, *found = NULL;

	for_each_domain(cpu_rq(kernel, cpu), sd)
	{
		if (sd->weight >= weight)
			break;
		found = sd;
	}
	return found;
}

unsigned int find_idlest_cpu(struct task *p, const struct kcpu *waker)
{
	struct kernel *kernel = p->kernel;
	unsigned int cpu = waker->cpu.id;
	const struct sched_domain *sd = domain_below(kernel, cpu, UINT_MAX);

	if (!sd || !may_use(p, sd->span))
		return cpumask_first(&p->cpus_mask);
	while (sd) {
		const struct sched_group *group = find_idlest_group(p, sd, cpu);

		if (!group) {
			sd = sd->child;
			continue;
		}
		cpu = find_idlest_in(p, group);
		sd = domain_below(kernel, cpu, sd->weight);
	}
	return cpu;
}
