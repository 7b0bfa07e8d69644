/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a CPU that goes idle does to get work.  cf. kernel/sched/fair.c v6.12:
 * sched_balance_newidle(), update_newidle_cost(); kernel/sched/core.c:
 * ttwu_do_activate().
 *
 * Looking for a task in a domain takes time.  A CPU that is idle for less than
 * that, on average, does not look: somebody will have woken up there by then.
 */
#include <config.h>

#include "fair-domain-private.h"

#include <glib.h>

static ktime_t migration_cost(const struct rq *rq)
{
	return ktime_from_ns(&rq->kc->cpu.sim->tb, MIGRATION_COST_NS);
}

/*
 * For how long it idles
 */

void init_avg_idle(struct rq *rq)
{
	rq->max_idle_balance_cost = migration_cost(rq);
	rq->avg_idle = 2 * rq->max_idle_balance_cost;
}

/* An eighth of the way to what it was this time; long ones count for no more
 * than would make a difference.  cf. update_avg() */
void update_avg_idle(struct rq *rq)
{
	rq->avg_idle += (rq->clock - rq->idle_stamp - rq->avg_idle) / 8;
	rq->avg_idle = MIN(rq->avg_idle, 2 * rq->max_idle_balance_cost);
	rq->idle_stamp = 0;
}

/*
 * How long it takes to look
 */

/* The most, of which a hundredth is forgotten each second. */
bool update_newidle_cost(const struct kernel *kernel, struct sched_domain *sd,
			 ktime_t cost)
{
	uint64_t now = jiffies(kernel);

	if (cost > sd->max_newidle_lb_cost) {
		sd->max_newidle_lb_cost = cost;
		sd->last_decay_max_lb_cost = now;
	} else if (now > sd->last_decay_max_lb_cost + kernel->config.hz) {
		sd->max_newidle_lb_cost = sd->max_newidle_lb_cost * 253 / 256;
		sd->last_decay_max_lb_cost = now;
		return true;
	}
	return false;
}

void update_max_idle_cost(struct rq *rq, ktime_t cost)
{
	rq->max_idle_balance_cost = MAX(migration_cost(rq), cost);
}

/* cf. update_next_balance(): what is due in @sd is a reason to balance, now that it
 * is idle. */
static void look_at(struct rq *rq, struct sched_domain *sd)
{
	if (!rq->sd_looked || rq->sd_looked->weight >= sd->weight)
		return;
	rq->sd_looked = sd;
	rq->next_balance[0] = 0;
}

/* A task from the nearest domain that has one to spare.  Returns for how long
 * it was looked for. */
static ktime_t newidle(struct rq *rq)
{
	ktime_t price = rq->kc->cpu.price[COST_LOAD_BALANCE], spent = 0;
	struct sched_domain *sd;
	unsigned int moved = 0;
	bool proceed = true;

	for_each_domain(rq, sd)
	{
		if (moved || !proceed)
			break;
		look_at(rq, sd);
		if (rq->avg_idle < spent + sd->max_newidle_lb_cost)
			break;
		moved = load_balance(rq, sd, CPU_NEWLY_IDLE, &proceed);
		update_newidle_cost(rq->kc->kernel, sd, price);
		spent += price;
	}
	if (moved)
		rq->idle_stamp = 0;
	return spent;
}

void balance_fair(struct rq *rq)
{
	ktime_t spent;

	if (rq->nr_running || rq->cfs.nr_queued || rq->ttwu_pending || !rq->sd)
		return;
	rq->idle_stamp = rq->clock;
	if (!rq->kc->kernel->nr_overloaded ||
	    rq->avg_idle < rq->sd->max_newidle_lb_cost)
		return;
	update_blocked_averages(rq);
	spent = newidle(rq);
	rq->max_idle_balance_cost = MAX(rq->max_idle_balance_cost, spent);
	rq->kc->cpu.top->left += spent;
}
