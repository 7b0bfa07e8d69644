/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_TOPOLOGY_H
#define PREEMPTSIM_KERNEL_TOPOLOGY_H

/*
 * Which CPUs share a core, a last level cache and a node, and the scheduling
 * domains that follow.  cf. kernel/sched/topology.c.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/cpumask.h"
#include "preemptsim/base/time.h"

struct kcpu;
struct kernel;

/** enum sd_level - what CPUs may have in common, the closest first. */
enum sd_level {
	SD_CPU,
	SD_SMT,
	SD_MC,
	SD_PKG,
	SD_NUMA,
	NR_SD_LEVELS
};

/* What an idle CPU can do, and a task of nice 0 asks for. */
#define SCHED_CAPACITY_SCALE 1024

/* Flags of domains, as in Linux.  BALANCE_NEWIDLE, BALANCE_FORK and
 * WAKE_AFFINE are set in all of them here, and not written down. */
#define SD_SHARE_CPUCAPACITY 0x1u
#define SD_SHARE_LLC 0x2u
#define SD_PREFER_SIBLING 0x4u
#define SD_ACROSS_NODES 0x8u /* Linux's SD_NUMA */

/**
 * struct topology - how the CPUs of a machine belong together; neighbours have
 * consecutive numbers.
 * @smt: threads of a core; 0: one
 * @llc: cores that share a last level cache; 0: all of a node
 * @nodes: NUMA nodes; 0: one
 */
struct topology {
	unsigned int smt, llc, nodes;
};

/**
 * struct sched_group - the part of a domain that a domain below it spans.
 * @next: the next one, in a ring
 * @span: its CPUs
 * @weight: how many
 * @cores: how many cores they are
 * @first: the lowest
 * @flags: of the domain below; 0: there is none
 * @imbalance: affinities kept balance from coming about within it
 * @capacity: what its CPUs leave to fair tasks, 1024 for all of each
 * @next_update: no CPU that goes idle looks at that anew before this jiffy
 */
struct sched_group {
	struct sched_group *next;
	const struct cpumask *span;
	unsigned int weight, cores, first;
	unsigned int flags;
	bool imbalance;
	uint64_t capacity, next_update;
};

/**
 * struct sched_domain_shared - what the CPUs of a cache have in common.
 * @nr_idle_scan: at so many of them a search for an idle one looks (SIS_UTIL)
 */
struct sched_domain_shared {
	unsigned int nr_idle_scan;
};

/**
 * struct sched_domain - CPUs among which load is balanced, as one of them
 * sees it.
 * @parent, @child: the next larger and the next smaller; NULL: none
 * @shared: of the largest whose CPUs share a cache; NULL: it is not that
 * @groups: its parts, beginning with the one that has this CPU
 * @span: its CPUs
 * @weight: how many
 * @level: what they have in common
 * @flags: SD_...
 * @imbalance_pct: how much busier in per cent a group has to be
 * @cache_nice_tries: how often balancing may fail before it takes tasks that
 *                    ran a moment ago
 * @imb_numa_nr: tasks that a node may have more than another
 * @min_interval, @max_interval, @balance_interval: ms between two attempts
 * @last_balance: jiffies at the last one
 * @nr_balance_failed: attempts since one succeeded
 * @max_newidle_lb_cost: the most that one took when the CPU went idle
 * @last_decay_max_lb_cost: when that was, or some of it was forgotten, jiffies
 */
struct sched_domain {
	struct sched_domain *parent, *child;
	struct sched_domain_shared *shared;
	struct sched_group *groups;
	const struct cpumask *span;
	unsigned int weight;
	enum sd_level level;
	unsigned int flags;
	unsigned int imbalance_pct, cache_nice_tries, imb_numa_nr;
	unsigned int min_interval, max_interval, balance_interval;
	uint64_t last_balance;
	unsigned int nr_balance_failed;
	ktime_t max_newidle_lb_cost;
	uint64_t last_decay_max_lb_cost;
};

/** for_each_domain - @sd walks through the domains of @rq, the smallest
 * first. */
#define for_each_domain(rq, sd_) \
	for ((sd_) = (rq)->sd; (sd_); (sd_) = (sd_)->parent)

struct sched_domains;

/** topology_valid - do @topo's numbers, 0 or not, divide @nr_cpus? */
bool topology_valid(const struct topology *topo, unsigned int nr_cpus);

/** topology_fill - put in what is not said. */
void topology_fill(struct topology *topo, unsigned int nr_cpus);

/** cpus_level - the smallest thing that CPUs @a and @b of @kernel share. */
enum sd_level cpus_level(const struct kernel *kernel, unsigned int a,
			 unsigned int b);

/** cpus_share_cache - do they share a last level cache? */
static inline bool cpus_share_cache(const struct kernel *kernel, unsigned int a,
				    unsigned int b)
{
	return cpus_level(kernel, a, b) <= SD_MC;
}

/**
 * cpumask_any_and_distribute - one of the CPUs that are in both masks, or
 * NR_CPUS.
 * @here: where the caller runs; who asks there again is told the next one
 */
unsigned int cpumask_any_and_distribute(struct kcpu *here,
					const struct cpumask *a,
					const struct cpumask *b);

/**
 * nearest_cpu - which of the CPUs in @mask, of which there is one, a real-time
 * task of CPU @cpu should go to: that one itself, else one of the smallest
 * domain that has any, @here before others, where the caller runs.
 */
unsigned int nearest_cpu(const struct cpumask *mask, unsigned int cpu,
			 struct kcpu *here);

/**
 * sched_domains_build - make the domains of @kernel, which has its run queues
 * and a valid config.topology.  cf. build_sched_domains().
 */
void sched_domains_build(struct kernel *kernel);

#endif
