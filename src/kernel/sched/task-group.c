/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making groups of tasks.  cf. kernel/sched/core.c v6.12:
 * sched_create_group(), sched_weight_from_cgroup(), cpu_weight_write_u64();
 * kernel/sched/fair.c: alloc_fair_sched_group(), init_tg_cfs_entry(),
 * sched_group_set_idle().
 */
#include <config.h>

#include "cfs-bandwidth-private.h"
#include "fair-group-private.h"
#include "fair-load-private.h"

#include <glib.h>

uint64_t sched_weight_from_cgroup(uint64_t cgroup_weight)
{
	return (cgroup_weight * NICE_0_LOAD + CGROUP_WEIGHT_DFL / 2) /
	       CGROUP_WEIGHT_DFL;
}

/* On each CPU it is one of those that its parent's queue there serves. */
static void init_cpu(struct task_group *tg, struct rq *rq)
{
	unsigned int cpu = rq->kc->cpu.id;
	struct group_rq *group = &tg->cpu[cpu];
	struct sched_entity *se = &group->se;

	group->cpu = cpu;
	group->cfs = (struct cfs_rq){ .tg = tg, .seed = cpu + 1 };
	se->my_q = &group->cfs;
	se->cfs_rq = &rq->cfs;
	if (tg->parent) {
		se->parent = &tg->parent->cpu[cpu].se;
		se->cfs_rq = &tg->parent->cpu[cpu].cfs;
		se->depth = se->parent->depth + 1;
	}
	entity_set_weight(se, NICE_0_LOAD);
	init_entity_load_avg(se);
	group->tg_load_avg_at = -tg->kernel->version->tg_load_interval_ns;
}

static unsigned int nr_groups(const struct kernel *kernel)
{
	const struct list_head *link;
	unsigned int n = 0;

	list_for_each(link, &kernel->task_groups) n++;
	return n;
}

struct task_group *sched_create_group(struct kernel *kernel,
				      const struct task_group_attr *attr)
{
	struct task_group *tg =
		arena_new(&kernel->sim->state, struct task_group, 1);

	tg->name = g_strdup(attr->name);
	tg->parent = attr->parent;
	tg->kernel = kernel;
	tg->idle = attr->idle;
	tg->in_idle = attr->idle || (attr->parent && attr->parent->in_idle);
	tg->shares = (attr->idle ? WEIGHT_IDLEPRIO : attr->weight) << 10;
	tg->bandwidth.period = attr->period;
	tg->bandwidth.quota = ktime_to_ns(&kernel->sim->tb, attr->quota);
	tg->bandwidth.burst = ktime_to_ns(&kernel->sim->tb, attr->burst);
	tg->id = nr_groups(kernel);
	init_cfs_bandwidth(tg, kernel);
	tg->cpu = arena_new(&kernel->sim->state, struct group_rq,
			    kernel->config.nr_cpus);
	for (unsigned int cpu = 0; cpu < kernel->config.nr_cpus; cpu++)
		init_cpu(tg, cpu_rq(kernel, cpu));
	list_add_tail(&tg->link, &kernel->task_groups);
	start_pelt(kernel);
	return tg;
}

void sched_destroy_groups(struct kernel *kernel)
{
	struct task_group *tg;

	while (!list_empty(&kernel->task_groups)) {
		tg = list_first(&kernel->task_groups, struct task_group, link);
		list_del(&tg->link);
		g_free(tg->name);
	}
}
