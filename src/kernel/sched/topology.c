/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scheduling domains.  cf. kernel/sched/topology.c v6.12:
 * build_sched_domains(), sd_init(), cpu_attach_domain().
 *
 * CPUs are numbered so that what belongs together is a block of a fixed
 * length at each level; a level whose blocks are those of the level below has
 * no domains, as a degenerate one of Linux.
 *
 * Left out: nodes at several distances (all are 20 apart), cores of different
 * capacity, clusters.
 */
#include <config.h>

#include "preemptsim/kernel/topology.h"

#include <glib.h>

#include "preemptsim/kernel/kernel.h"

/* cf. sd_init() */
#define BASE_FLAGS SD_PREFER_SIBLING

/* struct sched_domains - what the domains are made of: of each level its blocks
 * of CPUs, and these as groups of the level above; and which CPUs are isolated,
 * [1], or not. */
struct sched_domains {
	struct cpumask *span[NR_SD_LEVELS];
	struct sched_group *group[NR_SD_LEVELS];
	struct sched_domain *domain;
	struct sched_domain_shared *shared;
	struct cpumask root[2];
};

static const struct {
	unsigned int flags, imbalance_pct, cache_nice_tries;
} levels[NR_SD_LEVELS] = {
	[SD_SMT] = { BASE_FLAGS | SD_SHARE_CPUCAPACITY | SD_SHARE_LLC, 110, 0 },
	[SD_MC] = { BASE_FLAGS | SD_SHARE_LLC, 117, 1 },
	[SD_PKG] = { BASE_FLAGS, 117, 1 },
	[SD_NUMA] = { SD_ACROSS_NODES, 117, 2 },
};

bool topology_valid(const struct topology *topo, unsigned int nr_cpus)
{
	unsigned int smt = MAX(topo->smt, 1), nodes = MAX(topo->nodes, 1);

	return nr_cpus % nodes == 0 && nr_cpus / nodes % smt == 0 &&
	       nr_cpus / nodes / smt % MAX(topo->llc, 1) == 0;
}

void topology_fill(struct topology *topo, unsigned int nr_cpus)
{
	topo->smt = MAX(topo->smt, 1);
	topo->nodes = MAX(topo->nodes, 1);
	if (!topo->llc)
		topo->llc = nr_cpus / topo->nodes / topo->smt;
}

/* How many CPUs a block of each level has, and in which each CPU is. */
static void set_blocks(struct kernel *kernel)
{
	const struct topology *topo = &kernel->config.topology;

	kernel->block[SD_CPU] = 1;
	kernel->block[SD_SMT] = topo->smt;
	kernel->block[SD_MC] = topo->smt * topo->llc;
	kernel->block[SD_PKG] = kernel->config.nr_cpus / topo->nodes;
	kernel->block[SD_NUMA] = kernel->config.nr_cpus;
	for (unsigned int cpu = 0; cpu < kernel->config.nr_cpus; cpu++)
		for (unsigned int i = 0; i < NR_SD_LEVELS; i++)
			kernel->cpus[cpu].block[i] = cpu / kernel->block[i];
}

enum sd_level cpus_level(const struct kernel *kernel, unsigned int a,
			 unsigned int b)
{
	const unsigned int *one = kernel->cpus[a].block;
	const unsigned int *other = kernel->cpus[b].block;
	enum sd_level level = SD_CPU;

	while (one[level] != other[level])
		level++;
	return level;
}

/* The first CPU from @cpu on that is in both, or NR_CPUS. */
static unsigned int next_of_both(const struct kernel *kernel, unsigned int cpu,
				 const struct cpumask *a,
				 const struct cpumask *b)
{
	for (; cpu < kernel->config.nr_cpus; cpu = (cpu / 64 + 1) * 64) {
		uint64_t both =
			(a->bits[cpu / 64] & b->bits[cpu / 64]) >> (cpu % 64);

		if (both)
			return cpu + (unsigned int)__builtin_ctzll(both);
	}
	return NR_CPUS;
}

/* cf. cpumask_any_and_distribute() in lib/cpumask.c: round and round, so that
 * CPUs that are as good take turns.  What is told first is not CPU 0, if there
 * is another.  @one_word: a mask is one, as on most machines. */
static __always_inline unsigned int any_of_both(struct kcpu *here,
						const struct cpumask *a,
						const struct cpumask *b,
						bool one_word)
{
	unsigned int prev = here->distribute_cpu_mask_prev, cpu;

	if (one_word) {
		uint64_t both = a->bits[0] & b->bits[0];
		uint64_t behind = both & ~UINT64_C(1) << prev;

		if (!both)
			return NR_CPUS;
		cpu = (unsigned int)__builtin_ctzll(behind ? behind : both);
	} else {
		cpu = next_of_both(here->kernel, prev + 1, a, b);
		if (cpu >= NR_CPUS)
			cpu = next_of_both(here->kernel, 0, a, b);
		if (cpu >= NR_CPUS)
			return NR_CPUS;
	}
	here->distribute_cpu_mask_prev = cpu;
	return cpu;
}

__attribute__((noinline)) unsigned int
cpumask_any_and_distribute(struct kcpu *here, const struct cpumask *a,
			   const struct cpumask *b)
{
	return any_of_both(here, a, b, false);
}

static __always_inline unsigned int nearest(const struct cpumask *mask,
					    unsigned int cpu, struct kcpu *here,
					    bool one_word)
{
	unsigned int this_cpu = here->cpu.id;
	bool has_this = cpumask_test_cpu(mask, this_cpu);
	const struct sched_domain *sd;

	for_each_domain(&here->kernel->cpus[cpu].rq, sd)
	{
		unsigned int best;

		if (has_this && cpumask_test_cpu(sd->span, this_cpu))
			return this_cpu;
		best = any_of_both(here, mask, sd->span, one_word);
		if (best < NR_CPUS)
			return best;
	}
	return has_this ? this_cpu :
			  cpumask_any_and_distribute(here, mask, mask);
}

static __attribute__((noinline)) unsigned int
nearest_of_many(const struct cpumask *mask, unsigned int cpu, struct kcpu *here)
{
	return nearest(mask, cpu, here, false);
}

/* cf. the second half of find_lowest_rq() and find_later_rq() */
unsigned int nearest_cpu(const struct cpumask *mask, unsigned int cpu,
			 struct kcpu *here)
{
	if (cpumask_test_cpu(mask, cpu))
		return cpu;
	return likely(here->kernel->config.nr_cpus <= 64) ?
		       nearest(mask, cpu, here, true) :
		       nearest_of_many(mask, cpu, here);
}

/* cf. the loop over imb_numa_nr in build_sched_domains(): an eighth of a node's
 * CPUs, or one for each of its caches if it has several. */
static unsigned int imb_numa_nr(const struct kernel *kernel)
{
	unsigned int pkg = kernel->block[SD_PKG];
	unsigned int llcs = pkg / kernel->block[SD_MC];

	return MAX(llcs == 1 ? pkg / 8 : llcs, 1);
}

static void make_group(struct kernel *kernel, struct sched_group *group,
		       struct cpumask *span, unsigned int first)
{
	unsigned int core = kernel->block[SD_SMT];
	unsigned int last_core = NR_CPUS, cpu;

	group->span = span;
	group->weight = cpumask_weight(span);
	group->first = first;
	group->capacity = group->weight * (uint64_t)SCHED_CAPACITY_SCALE;
	for_each_cpu(cpu, span, kernel->config.nr_cpus)
	{
		group->cores += cpu / core != last_core;
		last_core = cpu / core;
	}
}

static void make_level(struct kernel *kernel, enum sd_level level)
{
	struct sched_domains *all = kernel->domains;
	unsigned int size = kernel->block[level], n = kernel->config.nr_cpus;
	struct arena *state = &kernel->sim->state;

	all->span[level] = arena_new(state, struct cpumask, n / size);
	all->group[level] = arena_new(state, struct sched_group, n / size);
	for (unsigned int cpu = 0; cpu < n; cpu++)
		if (!cpumask_test_cpu(&kernel->config.isolcpus, cpu))
			cpumask_set_cpu(&all->span[level][cpu / size], cpu);
	for (unsigned int i = 0; i < n / size; i++) {
		struct cpumask *span = &all->span[level][i];

		make_group(kernel, &all->group[level][i], span,
			   cpumask_first(span));
	}
}

/* The ring of @sd's groups: the blocks of the level below it that have CPUs.
 * Its CPUs find it done but for the first. */
static struct sched_group *link_groups(struct kernel *kernel,
				       const struct sched_domain *sd,
				       unsigned int cpu)
{
	unsigned int size = kernel->block[sd->level - 1];
	unsigned int n = kernel->block[sd->level] / size;
	struct sched_group *own =
		&kernel->domains->group[sd->level - 1][cpu / size];
	struct sched_group *begin =
		&kernel->domains->group[sd->level - 1][cpu / size / n * n];
	struct sched_group *last = NULL;

	own->flags = sd->child ? sd->child->flags : 0;
	for (unsigned int i = 2 * n; i-- > 0;) {
		struct sched_group *group = &begin[i % n];

		if (!group->weight)
			continue;
		if (last)
			group->next = last;
		last = group;
	}
	return own;
}

/* cf. sd_init() */
static void sd_init(struct kernel *kernel, struct sched_domain *sd,
		    enum sd_level level, const struct cpumask *span)
{
	unsigned int weight = cpumask_weight(span);

	*sd = (struct sched_domain){
		.level = level,
		.span = span,
		.weight = weight,
		.flags = levels[level].flags,
		.imbalance_pct = levels[level].imbalance_pct,
		.cache_nice_tries = levels[level].cache_nice_tries,
		.min_interval = weight,
		.max_interval = 2 * weight,
		.balance_interval = weight,
		.imb_numa_nr = level > SD_MC ? imb_numa_nr(kernel) : 0,
	};
}

/* cf. cpu_attach_domain(): what has no more CPUs than what is below it goes
 * away. */
static void attach(struct kernel *kernel, unsigned int cpu)
{
	struct sched_domain *sd = &kernel->domains->domain[cpu * NR_SD_LEVELS];
	struct rq *rq = cpu_rq(kernel, cpu);
	struct sched_domain *child = NULL;

	for (enum sd_level level = SD_SMT; level < NR_SD_LEVELS; level++) {
		unsigned int i = cpu / kernel->block[level];

		sd_init(kernel, sd, level, &kernel->domains->span[level][i]);
		if (sd->weight == (child ? child->weight : 1))
			continue;
		sd->child = child;
		if (child)
			child->parent = sd;
		else
			rq->sd = sd;
		rq->cpu_capacity = SCHED_CAPACITY_SCALE;
		rq->next_balance[0] = rq->next_balance[1] = 0;
		sd->groups = link_groups(kernel, sd, cpu);
		if (sd->flags & SD_SHARE_LLC)
			rq->sd_llc = sd;
		child = sd++;
	}
}

/* cf. update_top_cache_domain(): a search begins with looking at all. */
static void share_cache(struct kernel *kernel, unsigned int cpu)
{
	struct sched_domain *sd = cpu_rq(kernel, cpu)->sd_llc;

	if (!sd)
		return;
	sd->shared = &kernel->domains->shared[cpu / kernel->block[SD_MC]];
	sd->shared->nr_idle_scan = sd->weight;
}

/* cf. cpu_attach_domain() with def_root_domain: isolated CPUs have no domains,
 * but real-time tasks are pushed among them; and among the others. */
static void make_root_domains(struct kernel *kernel)
{
	const struct cpumask *isolated = &kernel->config.isolcpus;
	struct cpumask *root = kernel->domains->root;
	unsigned int n = kernel->config.nr_cpus;

	if (!cpumask_weight(isolated))
		return;
	for (unsigned int cpu = 0; cpu < n; cpu++) {
		bool is_isolated = cpumask_test_cpu(isolated, cpu);

		cpumask_set_cpu(&root[is_isolated], cpu);
		cpu_rq(kernel, cpu)->rd = &root[is_isolated];
	}
}

/* Where cores or caches may be shared unevenly, tasks that run are moved; a class
 * that balances in its own way may do so anywhere. */
static void make_stoppers(struct kernel *kernel)
{
	unsigned int n = kernel->config.nr_cpus;

	if (kernel->block[SD_SMT] == 1 && kernel->block[SD_MC] == n &&
	    !kernel->config.fair->rebalance_tick)
		return;
	for (unsigned int cpu = 0; cpu < n; cpu++)
		cpu_stop_init(&kernel->cpus[cpu]);
}

void sched_domains_build(struct kernel *kernel)
{
	struct arena *state = &kernel->sim->state;
	unsigned int n = kernel->config.nr_cpus;

	topology_fill(&kernel->config.topology, n);
	set_blocks(kernel);
	if (n == 1)
		return;
	kernel->domains = arena_new(state, struct sched_domains, 1);
	kernel->domains->domain =
		arena_new(state, struct sched_domain, n * NR_SD_LEVELS);
	kernel->domains->shared = arena_new(state, struct sched_domain_shared,
					    n / kernel->block[SD_MC]);
	for (enum sd_level level = SD_CPU; level < NR_SD_LEVELS; level++)
		make_level(kernel, level);
	for (unsigned int cpu = 0; cpu < n; cpu++)
		if (!cpumask_test_cpu(&kernel->config.isolcpus, cpu)) {
			attach(kernel, cpu);
			share_cache(kernel, cpu);
		}
	make_root_domains(kernel);
	make_stoppers(kernel);
}
