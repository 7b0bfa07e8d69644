/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_FAIR_DOMAIN_PRIVATE_H
#define PREEMPTSIM_FAIR_DOMAIN_PRIVATE_H

/*
 * How busy the groups of a domain are: what placement and balancing go by.
 */

#include "fair-load-private.h"

/** enum group_type - what can be done about a group's load, the least
 * pressing first; those of Linux that need no figures we do not have. */
enum group_type {
	GROUP_HAS_SPARE,
	GROUP_FULLY_BUSY,
	GROUP_MISFIT_TASK,
	GROUP_SMT_BALANCE,
	GROUP_IMBALANCED,
	GROUP_OVERLOADED,
};

/**
 * struct group_stats - of the CPUs of a group that count.
 * @type: what they come to
 * @weight: how many they are
 * @idle_cpus: of them, idle
 * @nr_running, @nr_fair: tasks on them, and of these, fair ones
 * @load, @util, @runnable: of the latter, as load averages have them
 * @capacity: SCHED_CAPACITY_SCALE for each, but for what other classes take
 * @misfit: of CPUs where these take much, the most load that one task has
 * @avg_load: @load as if there were one CPU
 */
struct group_stats {
	enum group_type type;
	unsigned int weight, idle_cpus, nr_running, nr_fair;
	int64_t load, util, runnable, capacity, misfit, avg_load;
};

/** group_stats_add - CPU number @cpu counts. */
void group_stats_add(struct group_stats *stats, struct kernel *kernel,
		     unsigned int cpu);

/** group_stats_classify - all have been added: cf. group_classify(). */
void group_stats_classify(struct group_stats *stats,
			  const struct sched_domain *sd,
			  const struct sched_group *group);

/** adjust_numa_imbalance - @imbalance between two nodes that should be made
 * up for if @dst_running tasks will run where it goes. */
long adjust_numa_imbalance(long imbalance, unsigned int dst_running,
			   unsigned int imb_numa_nr);

/** enum cpu_idle_type - what the CPU that balances does. */
enum cpu_idle_type {
	CPU_NOT_IDLE,
	CPU_IDLE,
	CPU_NEWLY_IDLE
};

/** enum migration_type - what an imbalance is counted in. */
enum migration_type {
	MIGRATE_LOAD,
	MIGRATE_UTIL,
	MIGRATE_TASK
};

/**
 * struct lb_env - an attempt to balance a domain.
 * @kernel: where
 * @sd: the domain, as @dst has it
 * @dst: the run queue that pulls
 * @src: the busiest one
 * @idle: what @dst's CPU does
 * @cpus: CPUs that may still be pulled from
 * @type, @imbalance: how much has to be moved yet
 * @all_pinned: no task has been seen that may run on @dst
 * @some_pinned: one has been that may not
 * @new_dst: another CPU of @dst's group, where such a one may run; NR_CPUS:
 *	none
 */
struct lb_env {
	struct kernel *kernel;
	struct sched_domain *sd;
	struct rq *dst, *src;
	enum cpu_idle_type idle;
	struct cpumask cpus;
	enum migration_type type;
	int64_t imbalance;
	bool all_pinned, some_pinned;
	unsigned int new_dst;
};

/** any_movable - does a fair task wait on @rq that may run on several CPUs? */
bool any_movable(const struct rq *rq);

/** find_busiest_queue - whom @env's CPU should pull from, and how much: sets
 * src, type and imbalance; false: the domain is balanced. */
bool find_busiest_queue(struct lb_env *env);

/** update_group_capacity - what is left to fair tasks of the group of @sd that
 * has @rq's CPU; cf. the function of that name. */
void update_group_capacity(struct rq *rq, struct sched_domain *sd);

/** update_idle_cpu_scan - the CPUs of @sd have @util in all: at how many of
 * them a search for an idle one looks from now on, if @sd is that of a
 * cache. */
void update_idle_cpu_scan(const struct sched_domain *sd, uint64_t util);

/* Who ran less than this ago has a warm cache;
 * cf. sysctl_sched_migration_cost. */
#define MIGRATION_COST_NS 500000

/** update_newidle_cost - looking at @sd has taken @cost, 0 to see whether what
 * it took before is to be forgotten; returns whether some of it was. */
bool update_newidle_cost(const struct kernel *kernel, struct sched_domain *sd,
			 ktime_t cost);

/** update_max_idle_cost - all domains of @rq's together may take @cost. */
void update_max_idle_cost(struct rq *rq, ktime_t cost);

/** balance_nothing - what an attempt does though there is nothing too much
 * anywhere; as load_balance(). */
void balance_nothing(struct rq *rq, struct sched_domain *sd,
		     enum cpu_idle_type idle, bool *proceed);

/** load_balance - cf. sched_balance_rq(): pull tasks to @rq from elsewhere in
 * @sd.  Returns how many; @proceed: false: another CPU does it. */
unsigned int load_balance(struct rq *rq, struct sched_domain *sd,
			  enum cpu_idle_type idle, bool *proceed);

/** sd_balance_interval - jiffies between two attempts to balance @sd of a CPU
 * that is @busy or not. */
uint64_t sd_balance_interval(const struct kernel *kernel,
			     const struct sched_domain *sd, bool busy);

/** find_idlest_cpu - a CPU for the new @p, made by @waker. */
unsigned int find_idlest_cpu(struct task *p, const struct kcpu *waker);

#endif
