/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When domains are balanced.  cf. kernel/sched/fair.c v6.12:
 * sched_balance_trigger(), sched_balance_domains(), nohz_balancer_kick(),
 * nohz_idle_balance().
 *
 * Each domain has an interval, which is longer on a busy CPU; the tick looks
 * whether one is over.  A CPU that idles without a tick does not: the tick of
 * one with too many tasks calls it.
 *
 * Left out: attempts while there is nothing that could be moved.  They call no
 * idle CPU and raise no softirq; what they do to intervals and groups is done in
 * the tick, and takes no time.  In the same way the load averages of CPUs that
 * idle without a tick are brought up to date.
 */
#include <config.h>

#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/smp.h"

#include "fair-domain-private.h"

#include <glib.h>

/* sd->busy_factor */
#define BUSY_FACTOR 16

static uint64_t msecs_to_jiffies(const struct kernel *kernel, unsigned int ms)
{
	return ((uint64_t)ms * kernel->config.hz + 999) / 1000;
}

/* cf. get_sd_balance_interval() and max_load_balance_interval */
uint64_t sd_balance_interval(const struct kernel *kernel,
			     const struct sched_domain *sd, bool busy)
{
	uint64_t max =
		(uint64_t)kernel->config.hz * kernel->config.nr_cpus / 10;
	uint64_t interval = msecs_to_jiffies(
		kernel, sd->balance_interval * (busy ? BUSY_FACTOR : 1));

	if (busy)
		interval--;
	return CLAMP(interval, 1, MAX(max, 1));
}

/* The first instant at which one of the domains that @rq looks at is due. */
static ktime_t next_balance(const struct rq *rq, bool busy)
{
	const struct kernel *kernel = rq->kc->kernel;
	const struct sched_domain *sd;
	uint64_t next = UINT64_MAX;

	for_each_domain(rq, sd)
	{
		next = MIN(next, sd->last_balance +
					 sd_balance_interval(kernel, sd, busy));
		if (sd == rq->sd_looked)
			break;
	}
	if (next == UINT64_MAX)
		return KTIME_MAX;
	return (ktime_t)next * kernel->tick_period;
}

/* Where there is more than one level, tasks may run too near to each other. */
static bool has_levels(const struct kernel *kernel)
{
	return kernel->block[SD_SMT] > 1 ||
	       kernel->block[SD_MC] < kernel->config.nr_cpus;
}

/* Has @rq a task too many, one that may go? */
static bool has_too_much(struct rq *rq)
{
	return rq->nr_running > 1 && rq->cfs.nr_running && any_movable(rq);
}

/* Does @rq run a fair task that could go? */
static bool could_go(const struct rq *rq)
{
	return rq->cfs.nr_running && rq->curr->nr_cpus_allowed > 1;
}

/* Is that one worse off there than elsewhere, for what other classes take, and is
 * there a stop task to send it away? */
static bool should_go(const struct rq *rq)
{
	return could_go(rq) && rq->sd && rq->kc->stopper.ready &&
	       check_cpu_capacity(rq, rq->sd);
}

/* Is there anything that balancing could move? */
static bool may_help(struct kernel *kernel)
{
	unsigned int running = 0;

	for (unsigned int cpu = 0; cpu < kernel->config.nr_cpus; cpu++) {
		struct rq *rq = cpu_rq(kernel, cpu);

		if (has_too_much(rq) || should_go(rq))
			return true;
		running += could_go(rq);
	}
	return running > 1 && has_levels(kernel);
}

/*
 * A CPU's own domains
 */

static bool is_busy(const struct rq *rq, enum cpu_idle_type idle)
{
	return idle == CPU_NOT_IDLE &&
	       !sched_idle_cpu(rq->kc->kernel, rq->kc->cpu.id);
}

/* An attempt in @sd though nobody who waits may go. */
static void balance_in_vain(struct rq *rq, struct sched_domain *sd,
			    enum cpu_idle_type idle, bool *proceed)
{
	if (rq->kc->kernel->nr_overloaded)
		load_balance(rq, sd, idle, proceed);
	else
		balance_nothing(rq, sd, idle, proceed);
}

/* cf. sched_balance_domains(); @idle is the one of the tick before.  Where
 * another CPU balances a domain it does so with the larger ones, too: these stay
 * due, but are not looked at. */
static unsigned int balance_domains(struct rq *rq, enum cpu_idle_type idle,
				    bool help)
{
	const struct kernel *kernel = rq->kc->kernel;
	bool proceed = true, forgotten = false;
	unsigned int looked = 0;
	struct sched_domain *sd;
	ktime_t cost = 0;

	for_each_domain(rq, sd)
	{
		forgotten = update_newidle_cost(kernel, sd, 0);
		cost += sd->max_newidle_lb_cost;
		if (!proceed && forgotten)
			continue;
		if (!proceed)
			break;
		rq->sd_looked = sd;
		if (jiffies(kernel) <
		    sd->last_balance +
			    sd_balance_interval(kernel, sd, is_busy(rq, idle)))
			continue;
		looked += help;
		if (!help)
			balance_in_vain(rq, sd, idle, &proceed);
		else if (load_balance(rq, sd, idle, &proceed))
			idle = rq_is_idle(kernel, rq->kc->cpu.id) ?
				       CPU_IDLE :
				       CPU_NOT_IDLE;
		sd->last_balance = jiffies(kernel);
	}
	if (forgotten)
		update_max_idle_cost(rq, cost);
	rq->next_balance[0] = next_balance(rq, false);
	if (!has_levels(kernel) && !rq->nr_sched_idle && !should_go(rq))
		rq->next_balance[1] = next_balance(rq, true);
	return looked;
}

/*
 * For those that idle without a tick
 */

/* LOAD_AVG_PERIOD */
#define STATS_PERIOD_MS 32

static bool idles_without_tick(const struct kernel *kernel, unsigned int cpu)
{
	return rq_is_idle(kernel, cpu) && kernel->cpus[cpu].tick.stopped;
}

/* cf. _nohz_idle_balance() with NOHZ_STATS_KICK: of all, on the tick of one
 * that does not idle. */
static void update_nohz_stats(struct kernel *kernel)
{
	bool left = false;

	for (unsigned int cpu = 0; cpu < kernel->config.nr_cpus; cpu++)
		if (idles_without_tick(kernel, cpu))
			left |= update_blocked_averages(cpu_rq(kernel, cpu));
	kernel->nohz_has_blocked = left;
	kernel->nohz_next_blocked =
		jiffies(kernel) + msecs_to_jiffies(kernel, STATS_PERIOD_MS);
}

/* Is @cpu among nohz.idle_cpus_mask, and idles?  The one that was called is,
 * though it may have been told by its flag, and so be on its way out of the
 * idle loop, with its tick. */
static bool nohz_idle(const struct kernel *kernel, unsigned int cpu,
		      unsigned int called)
{
	return cpu == called ? rq_is_idle(kernel, cpu) :
			       idles_without_tick(kernel, cpu);
}

/* cf. _nohz_idle_balance(): beginning behind the own CPU. */
static unsigned int balance_idle(struct kcpu *kc)
{
	struct kernel *kernel = kc->kernel;
	unsigned int n = kernel->config.nr_cpus, looked = 0;
	ktime_t next = KTIME_MAX;

	for (unsigned int i = 1; i <= n; i++) {
		unsigned int cpu = (kc->cpu.id + i) % n;
		struct rq *rq = cpu_rq(kernel, cpu);

		if (!rq->sd || !nohz_idle(kernel, cpu, kc->cpu.id))
			continue;
		if (!rq_is_idle(kernel, kc->cpu.id) && need_resched(&kc->cpu))
			break;
		update_blocked_averages(rq);
		if (kernel->sim->now >= next_balance(rq, false))
			looked += balance_domains(rq, CPU_IDLE, true);
		next = MIN(next, next_balance(rq, false));
	}
	if (next != KTIME_MAX)
		kernel->nohz_next_balance = next;
	return looked;
}

/* cf. kick_ilb() and find_new_ilb() */
static void kick_ilb(struct kernel *kernel, struct kcpu *from)
{
	kernel->nohz_next_balance = kernel->sim->now + kernel->tick_period;
	for (unsigned int cpu = 0; cpu < kernel->config.nr_cpus; cpu++) {
		struct kcpu *kc = &kernel->cpus[cpu];

		if (!kc->rq.sd || !idles_without_tick(kernel, cpu))
			continue;
		if (!kc->rq.nohz_balance) {
			kc->rq.nohz_balance = true;
			smp_call_function_single_async(kc, from, CSD_NOHZ);
		}
		return;
	}
}

/* cf. nohz_csd_func(): whether it still idles is asked again later.  Who calls
 * this sees to it that the softirq is served. */
void nohz_csd_func(struct kcpu *kc)
{
	kc->rq.idle_balance = rq_is_idle(kc->kernel, kc->cpu.id);
	if (kc->rq.idle_balance)
		__raise_softirq(kc, SCHED_SOFTIRQ);
	else
		kc->rq.nohz_balance = false;
}

/*
 * The tick
 */

/* cf. nohz_balancer_kick() */
static bool wants_idle_help(struct rq *rq)
{
	struct kernel *kernel = rq->kc->kernel;

	return !rq->idle_balance && rq->cfs.nr_running &&
	       kernel->sim->now >= kernel->nohz_next_balance &&
	       (has_levels(kernel) ? may_help(kernel) :
				     has_too_much(rq) || should_go(rq));
}

/* A class that balances in its own way does so in the tick itself; CPUs that
 * have none are called by one that has too much, as above. */
static void rebalance_tick(struct rq *rq)
{
	struct kernel *kernel = rq->kc->kernel;
	struct cpu *cpu = &rq->kc->cpu;

	if (rq->cfs.nr_running && (rq->nr_running > 1 || has_levels(kernel)) &&
	    kernel->sim->now >= kernel->nohz_next_balance)
		kick_ilb(kernel, rq->kc);
	cpu->top->left += cpu->price[COST_LOAD_BALANCE] *
			  kernel->config.fair->rebalance_tick(rq);
}

void sched_balance_trigger(struct rq *rq)
{
	struct kernel *kernel = rq->kc->kernel;
	bool help;

	if (rq->sd && kernel->config.fair->rebalance_tick) {
		rebalance_tick(rq);
		return;
	}
	if (!rq->sd || kernel->config.fair->balance != balance_fair)
		return;
	rq->idle_balance = rq_is_idle(kernel, rq->kc->cpu.id);
	if (kernel->nohz_has_blocked && !rq->idle_balance &&
	    jiffies(kernel) > kernel->nohz_next_blocked)
		update_nohz_stats(kernel);
	if (wants_idle_help(rq))
		kick_ilb(kernel, rq->kc);
	if (rq->clock <
	    next_balance(rq, is_busy(rq, rq->idle_balance ? CPU_IDLE :
							    CPU_NOT_IDLE)))
		return;
	help = may_help(kernel);
	if (help) {
		raise_softirq(rq->kc, SCHED_SOFTIRQ);
		return;
	}
	update_blocked_averages(rq);
	balance_domains(rq, rq->idle_balance ? CPU_IDLE : CPU_NOT_IDLE, false);
}

/*
 * The softirq
 */

/* The same for a class that balances in its own way. */
static unsigned int rebalance_idle(struct kcpu *kc)
{
	struct kernel *kernel = kc->kernel;
	unsigned int looked = 0;

	for (unsigned int cpu = 0; cpu < kernel->config.nr_cpus; cpu++) {
		struct rq *rq = cpu_rq(kernel, cpu);

		if (!rq->sd || !nohz_idle(kernel, cpu, kc->cpu.id))
			continue;
		update_rq_clock(rq);
		looked += kernel->config.fair->rebalance_tick(rq);
	}
	return looked;
}

/* cf. sched_balance_softirq() */
static unsigned int balance_due(struct kcpu *kc)
{
	struct rq *rq = &kc->rq;

	if (rq->nohz_balance && kc->kernel->config.fair->rebalance_tick) {
		rq->nohz_balance = false;
		return rebalance_idle(kc);
	}
	if (!rq->sd || kc->kernel->config.fair->balance != balance_fair)
		return 0;
	if (rq->nohz_balance) {
		rq->nohz_balance = false;
		return balance_idle(kc);
	}
	update_blocked_averages(rq);
	return balance_domains(rq, rq->idle_balance ? CPU_IDLE : CPU_NOT_IDLE,
			       true);
}

static void balance(struct cpu *cpu, const struct op *op)
{
	(void)op;
	to_kcpu(cpu)->rq.balanced = balance_due(to_kcpu(cpu));
}

static void balance_spend(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu->top->left =
		cpu->price[COST_LOAD_BALANCE] * to_kcpu(cpu)->rq.balanced;
}

/* Tasks move, and the stop task is woken, under the locks of two run queues:
 * also where softirqs can be preempted. */
const struct op sched_balance_path[] = {
	DO(op_local_irq_disable),
	DO(op_preempt_disable),
	DO(balance),
	DO(op_local_irq_enable),
	DO(op_preempt_enable),
	DO(balance_spend),
	RET,
};
