/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where fair tasks wake up.  cf. kernel/sched/fair.c v6.12:
 * select_task_rq_fair(), wake_affine(), select_idle_sibling().
 *
 * Two CPUs are asked first: the waker's, whose cache has what it wrote, and the
 * one where the task ran last.  One of them is the target, and if it is not
 * idle, one is searched that shares its cache.
 *
 * A CPU that runs nothing but SCHED_IDLE is as good as an idle one, but in
 * wake_affine() and for a core.
 */
#include <config.h>

#include "fair-domain-private.h"

#include <glib.h>

/* What wake_affine() prefers none of the two by. */
#define NO_CPU NR_CPUS

/*
 * Which of the two
 */

/* cf. record_wakee(): how often the waker turns to another task; halved each
 * second. */
static void record_wakee(struct task *waker, const struct task *p)
{
	const struct kernel *kernel = p->kernel;
	ktime_t now = kernel->sim->now;

	if (now > waker->wake.decay_at) {
		waker->wake.flips >>= 1;
		waker->wake.decay_at =
			now + kernel->tick_period * kernel->config.hz;
	}
	if (waker->wake.last_wakee != p) {
		waker->wake.last_wakee = p;
		waker->wake.flips++;
	}
}

/* cf. wake_wide(): one that wakes many, who wake others: there is no cache
 * for all of them. */
static bool wake_wide(const struct task *p, const struct rq *this_rq)
{
	unsigned int master = this_rq->curr->wake.flips;
	unsigned int slave = p->wake.flips;
	unsigned int factor = this_rq->sd_llc ? this_rq->sd_llc->weight : 1;

	if (master < slave) {
		unsigned int other = master;

		master = slave;
		slave = other;
	}
	return slave >= factor && master >= slave * factor;
}

/* cf. wake_affine_idle(): a CPU that only a synchronous waker runs on is as
 * good as idle. */
static unsigned int wake_affine_idle(const struct kcpu *waker,
				     unsigned int prev)
{
	const struct kernel *kernel = waker->kernel;
	bool prev_idle = rq_is_idle(kernel, prev);
	unsigned int this = waker->cpu.id;

	if (rq_is_idle(kernel, this) && cpus_share_cache(kernel, this, prev))
		return prev_idle ? prev : this;
	if (waker->wake_sync && waker->rq.nr_running == 1)
		return this;
	return prev_idle ? prev : NO_CPU;
}

/* cf. wake_affine_weight(): with @p, and without a synchronous waker, less load
 * than there without it. */
static bool wake_affine_weight(const struct task *p,
			       const struct sched_domain *sd,
			       const struct kcpu *waker, unsigned int prev)
{
	int64_t load = (int64_t)task_h_load(p);
	int64_t here = (int64_t)cpu_load(&waker->rq);
	int64_t there = (int64_t)cpu_load(cpu_rq(p->kernel, prev));
	int64_t pct = 100 + (sd->imbalance_pct - 100) / 2;

	if (waker->wake_sync) {
		here -= (int64_t)task_h_load(waker->rq.curr);
		if (here < 0)
			return true;
	}
	here += load;
	if (!waker->rq.pelt)
		return here * 100 < there * pct;
	here *= 100 * (int64_t)cpu_rq(p->kernel, prev)->cpu_capacity;
	there = (there - load) * pct * (int64_t)waker->rq.cpu_capacity;
	return here < there + waker->wake_sync;
}

/* cf. wake_affine() */
static unsigned int wake_affine(const struct task *p,
				const struct sched_domain *sd,
				const struct kcpu *waker, unsigned int prev)
{
	unsigned int target = wake_affine_idle(waker, prev);

	if (target != NO_CPU)
		return target;
	return wake_affine_weight(p, sd, waker, prev) ? waker->cpu.id : prev;
}

static unsigned int target_of(const struct task *p, const struct kcpu *waker)
{
	unsigned int this = waker->cpu.id, prev = p->cpu;
	const struct sched_domain *sd;

	if (this == prev || !task_may_run_on(p, this) ||
	    wake_wide(p, &waker->rq))
		return prev;
	for_each_domain(
		&waker->rq,
		sd) if (cpumask_test_cpu(sd->span,
					 prev)) return wake_affine(p, sd, waker,
								   prev);
	return prev;
}

/*
 * An idle one near it
 */

/* Where it runs nothing else, a CPU looks for work as one that idles: see
 * fair-tick.c. */
void add_sched_idle(struct rq *rq, int n)
{
	struct cpumask *mask = &rq->kc->kernel->sched_idle_mask;

	rq->nr_sched_idle += (unsigned int)n;
	if (rq->nr_sched_idle)
		cpumask_set_cpu(mask, rq->kc->cpu.id);
	else
		cpumask_clear_cpu(mask, rq->kc->cpu.id);
	if (rq->sd)
		rq->next_balance[1] = 0;
}

static bool is_available(const struct kernel *kernel, unsigned int cpu)
{
	return rq_is_idle(kernel, cpu) || sched_idle_cpu(kernel, cpu);
}

/* Those that run nothing but SCHED_IDLE of CPUs @i * 64 and up, 64 of them. */
static __attribute__((noinline)) uint64_t
sched_idle_word(const struct kernel *kernel, unsigned int i)
{
	uint64_t left = kernel->sched_idle_mask.bits[i], word = 0;

	for (; left; left &= left - 1) {
		unsigned int bit = (unsigned int)__builtin_ctzll(left);

		if (sched_idle_cpu(kernel, i * 64 + bit))
			word |= UINT64_C(1) << bit;
	}
	return word;
}

/* The first idle CPU from @from on and below @to that @p may use, or NO_CPU. */
static unsigned int idle_between(const struct task *p,
				 const struct cpumask *span, unsigned int from,
				 unsigned int to)
{
	for (unsigned int cpu = from; cpu < to; cpu = (cpu / 64 + 1) * 64) {
		unsigned int i = cpu / 64;
		uint64_t word = p->kernel->idle_mask.bits[i];

		if (unlikely(p->kernel->sched_idle_mask.bits[i]))
			word |= sched_idle_word(p->kernel, i);
		word &= span->bits[i] & p->cpus_mask.bits[i];

		word >>= cpu % 64;
		if (!word)
			continue;
		cpu += (unsigned int)__builtin_ctzll(word);
		return cpu < to ? cpu : NO_CPU;
	}
	return NO_CPU;
}

/* The same around @sd, beginning behind @target; cf. for_each_cpu_wrap(). */
static unsigned int idle_behind(const struct task *p,
				const struct sched_domain *sd,
				unsigned int target)
{
	unsigned int cpu = idle_between(p, sd->span, target + 1,
					p->kernel->config.nr_cpus);

	return cpu == NO_CPU ? idle_between(p, sd->span, 0, target + 1) : cpu;
}

/* How many CPUs that @p may use a search comes by on its way from behind
 * @target to @cpu. */
static unsigned int nr_looked_at(const struct task *p,
				 const struct sched_domain *sd,
				 unsigned int target, unsigned int cpu)
{
	unsigned int n = p->kernel->config.nr_cpus, looked = 0;

	for (unsigned int i = (target + 1) % n;; i = (i + 1) % n) {
		looked +=
			cpumask_test_cpu(sd->span, i) && task_may_run_on(p, i);
		if (i == cpu)
			return looked;
	}
}

/* The first idle one, if it is not too far for how busy the cache's are. */
static unsigned int idle_near(const struct task *p,
			      const struct sched_domain *sd,
			      unsigned int target, unsigned int nr)
{
	unsigned int cpu = idle_behind(p, sd, target);

	if (cpu != NO_CPU && unlikely(nr < sd->weight) &&
	    nr_looked_at(p, sd, target, cpu) > nr)
		return NO_CPU;
	return cpu;
}

/* cf. select_idle_core(): are all of the core's threads idle? */
static bool core_is_idle(const struct kernel *kernel, unsigned int cpu)
{
	unsigned int smt = kernel->block[SD_SMT];

	for (unsigned int i = cpu / smt * smt; i < (cpu / smt + 1) * smt; i++)
		if (!rq_is_idle(kernel, i))
			return false;
	return true;
}

/* A CPU of the first idle core behind @target, or NO_CPU. */
static unsigned int select_idle_core(const struct task *p,
				     const struct sched_domain *sd,
				     unsigned int target)
{
	unsigned int first = idle_behind(p, sd, target), cpu = first;

	if (first == NO_CPU)
		return NO_CPU;
	do {
		if (core_is_idle(p->kernel, cpu))
			return cpu;
		cpu = idle_behind(p, sd, cpu);
	} while (cpu != first);
	return NO_CPU;
}

/* cf. select_idle_smt(): another thread of @cpu's core. */
static unsigned int select_idle_smt(const struct task *p,
				    const struct sched_domain *sd,
				    unsigned int cpu)
{
	unsigned int smt = p->kernel->block[SD_SMT];

	return idle_between(p, sd->span, cpu / smt * smt,
			    (cpu / smt + 1) * smt);
}

/* With threads, an idle core before anything else, then a thread beside where
 * the task ran; cf. select_idle_cpu(). */
static unsigned int select_idle_cpu(const struct task *p, unsigned int target)
{
	struct kernel *kernel = p->kernel;
	const struct sched_domain *sd = cpu_rq(kernel, target)->sd_llc;
	unsigned int cpu, nr;

	if (!sd)
		return NO_CPU;
	nr = kernel->features.sis_util ? sd->shared->nr_idle_scan : sd->weight;
	if (kernel->block[SD_SMT] > 1) {
		cpu = select_idle_core(p, sd, target);
		if (cpu != NO_CPU)
			return nr ? cpu : NO_CPU;
		if (cpus_share_cache(kernel, p->cpu, target))
			cpu = select_idle_smt(p, sd, p->cpu);
		if (cpu != NO_CPU)
			return cpu;
	}
	return nr ? idle_near(p, sd, target, nr) : NO_CPU;
}

/* Threads bound to a CPU run works for others, who go on where they wait. */
static bool wakes_for_work(const struct task *p, const struct kcpu *waker)
{
	const struct task *curr = waker->rq.curr;

	return curr->kthread && curr->nr_cpus_allowed == 1 && in_task(waker) &&
	       p->cpu == waker->cpu.id && waker->rq.nr_running <= 1;
}

/* cf. select_idle_sibling() */
static unsigned int select_idle_sibling(struct task *p,
					const struct kcpu *waker,
					unsigned int target)
{
	const struct kernel *kernel = p->kernel;
	unsigned int prev = p->cpu, recent = p->wake.recent_used_cpu, cpu;

	if (is_available(kernel, target))
		return target;
	if (prev != target && cpus_share_cache(kernel, prev, target) &&
	    is_available(kernel, prev))
		return prev;
	if (wakes_for_work(p, waker))
		return prev;
	p->wake.recent_used_cpu = prev;
	if (recent != prev && recent != target &&
	    cpus_share_cache(kernel, recent, target) &&
	    is_available(kernel, recent) && task_may_run_on(p, recent))
		return recent;
	cpu = select_idle_cpu(p, target);
	return cpu == NO_CPU ? target : cpu;
}

unsigned int select_task_rq_fair(struct task *p, struct kcpu *waker)
{
	unsigned int cpu;

	if (p->nr_cpus_allowed == 1)
		return p->cpu;
	if (!p->placed) {
		p->wake.recent_used_cpu = waker->cpu.id;
		return find_idlest_cpu(p, waker);
	}
	record_wakee(waker->rq.curr, p);
	cpu = select_idle_sibling(p, waker, target_of(p, waker));
	if (cpu != p->cpu)
		migrate_task_rq_fair(p);
	return cpu;
}
