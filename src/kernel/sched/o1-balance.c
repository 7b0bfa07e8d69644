/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Balancing under the O(1) scheduler.  cf. kernel/sched.c v2.6.16:
 * rebalance_tick(), load_balance(), load_balance_newidle(), move_tasks(),
 * active_load_balance(); include/linux/topology.h.
 *
 * A queue's load is how many tasks are on it, now or on average over its last
 * ticks.  Each tick looks whether a domain is due, soon on a CPU that idles and
 * rarely on a busy one, and pulls as many tasks as would make the busiest group
 * and the own one equal: those first that have used up their slices.  Who ran a
 * moment ago stays where its cache is, until that has failed some times; then
 * who runs is sent away, too.
 *
 * How long a cache is warm was measured at boot; here it is what it was before
 * that (SD_CPU_INIT of v2.6.15).  Cores that share a cache are balanced as
 * others, which v2.6.17 began with.  Real-time tasks, which wait in the same
 * arrays there, are not moved here; they count where fair ones wait beside
 * them.
 *
 * Left out: attempts that find balance take no time; keeping the other thread
 * of a core idle for who runs on one (dependent_sleeper()).
 */
#include <config.h>

#include "fair-domain-private.h"
#include "o1-private.h"

#include <glib.h>

/* The load of one task. */
#define SCHED_LOAD_SCALE UINT64_C(128)

/* cf. MAX_PINNED_INTERVAL, ms */
#define MAX_PINNED_INTERVAL 512

/* struct o1_level - the figures of a domain, by what its CPUs share.
 * @busy_factor: how much longer the interval is on a busy CPU
 * @cache_hot_ns: for how long who ran here has a warm cache
 * @load_idx: which average counts, by enum cpu_idle_type; 0: what is now
 * @newidle: a CPU that goes idle looks here */
struct o1_level {
	unsigned int min_interval, max_interval, busy_factor, imbalance_pct;
	int64_t cache_hot_ns;
	unsigned int cache_nice_tries, load_idx[3];
	bool newidle;
};

/* cf. SD_SIBLING_INIT, SD_CPU_INIT, and SD_NODE_INIT of x86_64 */
#define CPU_INIT                                             \
	{                                                    \
		1, 4, 64, 125, 2500000, 1, { 2, 1, 2 }, true \
	}

static const struct o1_level levels[NR_SD_LEVELS] = {
	[SD_SMT] = { 1, 2, 8, 110, 0, 0, { 0, 0, 1 }, true },
	[SD_MC] = CPU_INIT,
	[SD_PKG] = CPU_INIT,
	[SD_NUMA] = { 8, 32, 32, 125, 10000000, 2, { 3, 2, 0 }, false },
};

/* struct o1_env - an attempt to balance @sd.
 * @dst, @src: run queues, that pulls and is pulled from
 * @idle: what @dst's CPU does
 * @imbalance: tasks to be moved
 * @all_pinned: none has been seen that may run there */
struct o1_env {
	struct sched_domain *sd;
	const struct o1_level *level;
	struct rq *dst, *src;
	enum cpu_idle_type idle;
	unsigned int imbalance;
	bool all_pinned;
};

/*
 * Loads
 */

/* One that has nothing that could be moved is not overloaded. */
static uint64_t load_now(const struct rq *rq)
{
	unsigned int n = rq->nr_running;

	return SCHED_LOAD_SCALE * (rq->cfs.nr_running ? n : MIN(n, 1));
}

/* Each average is slower than the one before.  Rounded towards what is now. */
static void update_cpu_load(struct rq *rq)
{
	uint64_t now = load_now(rq);

	for (unsigned int i = 0; i < NR_O1_LOADS; i++) {
		uint64_t *load = &rq->o1.cpu_load[i], scale = UINT64_C(1) << i;
		uint64_t up = now > *load ? scale - 1 : 0;

		*load = (*load * (scale - 1) + now + up) / scale;
	}
}

/* A low guess. */
static uint64_t source_load(const struct rq *rq, unsigned int idx)
{
	uint64_t now = load_now(rq);

	return idx ? MIN(rq->o1.cpu_load[idx - 1], now) : now;
}

/* A high one. */
static uint64_t target_load(const struct rq *rq, unsigned int idx)
{
	uint64_t now = load_now(rq);

	return idx ? MAX(rq->o1.cpu_load[idx - 1], now) : now;
}

/*
 * The busiest
 */

/* struct group_load - what a group's CPUs come to.
 * @sum: their loads
 * @power: what they can do; a core's further threads a tenth each
 * @load: the former by the latter */
struct group_load {
	const struct sched_group *group;
	uint64_t sum, power, load;
};

/* cf. the cpu_power of build_sched_domains() */
static uint64_t cpu_power(const struct sched_group *group)
{
	unsigned int more = group->weight / group->cores - 1;

	return group->cores * (SCHED_LOAD_SCALE + SCHED_LOAD_SCALE * more / 10);
}

static struct group_load group_load(const struct o1_env *env,
				    const struct sched_group *group)
{
	struct kernel *kernel = env->dst->kc->kernel;
	unsigned int idx = env->level->load_idx[env->idle], cpu;
	bool local = group == env->sd->groups;
	struct group_load all = { .group = group, .power = cpu_power(group) };

	for_each_cpu(cpu, group->span, kernel->config.nr_cpus)
	{
		const struct rq *rq = cpu_rq(kernel, cpu);

		all.sum += local ? target_load(rq, idx) : source_load(rq, idx);
	}
	all.load = all.sum * SCHED_LOAD_SCALE / all.power;
	return all;
}

/* What one task more or less makes of what a group gets done. */
static uint64_t done_by(const struct group_load *group, uint64_t load)
{
	return group->power * MIN(SCHED_LOAD_SCALE, load);
}

/* Is it worth while to move one task though that is more than the imbalance? */
static bool one_helps(const struct group_load *this,
		      const struct group_load *busiest)
{
	const uint64_t one = SCHED_LOAD_SCALE * SCHED_LOAD_SCALE;
	uint64_t less = one / busiest->power;
	uint64_t more = MIN(busiest->load * busiest->power, one) / this->power;
	uint64_t now, moved;

	if (busiest->load - this->load >= 2 * SCHED_LOAD_SCALE)
		return true;
	now = done_by(busiest, busiest->load) + done_by(this, this->load);
	moved = done_by(this, this->load + more);
	if (busiest->load > less)
		moved += done_by(busiest, busiest->load - less);
	return moved / SCHED_LOAD_SCALE > now / SCHED_LOAD_SCALE;
}

/* How many tasks should go from one to the other, if @avg is what all groups
 * of the domain come to. */
static unsigned int imbalance(const struct o1_env *env,
			      const struct group_load *this,
			      const struct group_load *busiest, uint64_t avg)
{
	uint64_t pull;

	if (this->load >= busiest->load || busiest->load <= SCHED_LOAD_SCALE ||
	    this->load >= avg ||
	    100 * busiest->load <= env->level->imbalance_pct * this->load)
		return 0;
	pull = busiest->load - MAX(avg, SCHED_LOAD_SCALE);
	pull = MIN(pull * busiest->power, (avg - this->load) * this->power) /
	       SCHED_LOAD_SCALE;
	if (pull < SCHED_LOAD_SCALE)
		return one_helps(this, busiest);
	return (unsigned int)(pull / SCHED_LOAD_SCALE);
}

/* cf. find_busiest_group(): NULL: none is too busy. */
static const struct sched_group *find_busiest_group(struct o1_env *env)
{
	const struct sched_group *group = env->sd->groups;
	struct group_load this = group_load(env, group), busiest = { 0 };
	uint64_t load = this.sum, power = this.power;

	while ((group = group->next) != env->sd->groups) {
		struct group_load other = group_load(env, group);

		load += other.sum;
		power += other.power;
		if (other.load > busiest.load)
			busiest = other;
	}
	env->imbalance = imbalance(env, &this, &busiest,
				   load * SCHED_LOAD_SCALE / power);
	return env->imbalance ? busiest.group : NULL;
}

/* cf. find_busiest_queue() */
static bool find_busiest(struct o1_env *env)
{
	const struct sched_group *group = find_busiest_group(env);
	struct kernel *kernel = env->dst->kc->kernel;
	uint64_t most = 0;
	unsigned int cpu;

	if (!group)
		return false;
	for_each_cpu(cpu, group->span, kernel->config.nr_cpus)
	{
		struct rq *rq = cpu_rq(kernel, cpu);

		if (load_now(rq) > most) {
			most = load_now(rq);
			env->src = rq;
		}
	}
	return env->src;
}

/*
 * Moving
 */

static bool task_hot(const struct o1_env *env, const struct task *p)
{
	return env->src->o1.timestamp_last_tick - p->o1.timestamp <
	       env->level->cache_hot_ns;
}

/* cf. can_migrate_task() */
static bool can_migrate_task(struct o1_env *env, const struct task *p)
{
	if (!task_may_run_on(p, env->dst->kc->cpu.id))
		return false;
	env->all_pinned = false;
	if (p == env->src->curr)
		return false;
	return env->sd->nr_balance_failed > env->level->cache_nice_tries ||
	       !task_hot(env, p);
}

/* cf. pull_task(): who has used up its slice still has. */
static void pull_task(const struct o1_env *env, struct task *p)
{
	bool expired = p->o1.array != env->src->o1.active;

	move_queued_task(p, env->dst);
	if (expired) {
		o1_array_del(env->dst, p);
		o1_array_add(env->dst, p, !env->dst->o1.active, false);
	}
	wakeup_preempt(env->dst, p);
}

/* Of each priority, the best first, those that came last. */
static unsigned int move_from(struct o1_env *env, unsigned int array,
			      unsigned int most)
{
	struct o1_array *from = &env->src->o1.array[array];
	unsigned int moved = 0;

	for (uint64_t left = from->bitmap; left; left &= left - 1) {
		struct list_head *queue = &from->queue[__builtin_ctzll(left)];
		struct list_head *pos, *prev;

		for (pos = queue->prev; pos != queue; pos = prev) {
			struct task *p =
				container_of(pos, struct task, o1.run_list);

			if (moved == most)
				return moved;
			prev = pos->prev;
			if (can_migrate_task(env, p)) {
				pull_task(env, p);
				moved++;
			}
		}
	}
	return moved;
}

/* cf. move_tasks(): up to @most; those that will not run for longest have the
 * coldest caches. */
static unsigned int move_tasks(struct o1_env *env, unsigned int most)
{
	unsigned int active = env->src->o1.active, moved;

	update_rq_clock(env->src);
	update_rq_clock(env->dst);
	env->all_pinned = true;
	moved = move_from(env, !active, most);
	return moved + move_from(env, active, most - moved);
}

/*
 * Active balancing: who runs is sent away by the migration thread
 */

/* cf. active_load_balance() */
static void active_load_balance(struct cpu *cpu, const struct op *op)
{
	struct rq *rq = &to_kcpu(cpu)->rq;
	struct o1_env env = {
		.src = rq,
		.dst = cpu_rq(rq->kc->kernel, rq->push_cpu),
	};

	(void)op;
	if (rq->nr_running <= 1)
		return;
	for_each_domain(env.dst, env.sd)
	{
		if (!cpumask_test_cpu(env.sd->span, cpu->id))
			continue;
		env.level = &levels[env.sd->level];
		move_tasks(&env, 1);
		return;
	}
}

static const struct op active_balance_path[] = {
	DO(op_local_irq_save),
	DO(active_load_balance),
	DO(op_local_irq_restore),
	RET,
};

/* Returns whether it is asked only now. */
static bool active_balance(const struct o1_env *env)
{
	struct rq *src = env->src;
	struct cpu_stop_work *work = &src->kc->stopper.balance;

	if (work->busy)
		return false;
	src->push_cpu = env->dst->kc->cpu.id;
	work->path = active_balance_path;
	work->arg = NULL;
	stop_one_cpu_nowait(src->kc, work);
	return true;
}

/*
 * One attempt
 */

/* Does another thread of the own core run something, or the CPU itself, which
 * it still does when it is about to idle?  cf. sd_idle */
static bool core_is_busy(const struct o1_env *env)
{
	struct kernel *kernel = env->dst->kc->kernel;
	unsigned int cpu;

	if (!(env->sd->flags & SD_SHARE_CPUCAPACITY))
		return false;
	if (env->idle != CPU_IDLE)
		return true;
	for_each_cpu(cpu, env->sd->span, kernel->config.nr_cpus)
	{
		const struct rq *rq = cpu_rq(kernel, cpu);

		if (rq->curr != rq->idle)
			return true;
	}
	return false;
}

static void wait_longer(struct sched_domain *sd, unsigned int max_interval)
{
	if (sd->balance_interval < max_interval)
		sd->balance_interval *= 2;
}

/* Nothing came; after some times of that, who runs has to go.  False: he may
 * not. */
static bool has_failed(const struct o1_env *env, bool *asked)
{
	struct sched_domain *sd = env->sd;

	if (++sd->nr_balance_failed <= env->level->cache_nice_tries + 2)
		return true;
	if (!task_may_run_on(env->src->curr, env->dst->kc->cpu.id))
		return false;
	*asked = active_balance(env);
	sd->nr_balance_failed = env->level->cache_nice_tries + 1;
	return true;
}

/* From the queue that was found.  Returns how many tasks came. */
static unsigned int balance_from(struct o1_env *env)
{
	unsigned int max = env->level->max_interval, moved = 0;
	struct sched_domain *sd = env->sd;
	bool asked = false;

	env->all_pinned = false;
	if (env->src->nr_running > 1)
		moved = move_tasks(env, env->imbalance);
	if (env->all_pinned) {
		sd->nr_balance_failed = 0;
		wait_longer(sd, MAX_PINNED_INTERVAL);
	} else if (moved) {
		sd->nr_balance_failed = 0;
		sd->balance_interval = env->level->min_interval;
	} else if (!has_failed(env, &asked)) {
		wait_longer(sd, MAX_PINNED_INTERVAL);
	} else if (asked) {
		wait_longer(sd, max);
	} else {
		sd->balance_interval = env->level->min_interval;
	}
	return moved;
}

/* cf. load_balance(): Returns whether it counts as busy from now on. */
static bool load_balance_o1(struct o1_env *env, unsigned int *looked)
{
	bool busy = core_is_busy(env);

	if (find_busiest(env)) {
		++*looked;
		return balance_from(env) || busy;
	}
	env->sd->nr_balance_failed = 0;
	wait_longer(env->sd, env->level->max_interval);
	return busy;
}

/*
 * When
 */

/* Not all CPUs balance at once. */
static uint64_t cpu_offset(const struct rq *rq)
{
	const struct kernel_config *config = &rq->kc->kernel->config;

	return (uint64_t)config->hz * rq->kc->cpu.id / config->nr_cpus;
}

static uint64_t ticks_between(const struct rq *rq,
			      const struct sched_domain *sd, bool busy)
{
	uint64_t ms = (uint64_t)sd->balance_interval *
		      (busy ? levels[sd->level].busy_factor : 1);

	return MAX((ms * rq->kc->kernel->config.hz + 999) / 1000, 1);
}

/* The interval begins where it would be if the CPU had been up for ever, and
 * busy. */
static void first_tick(struct rq *rq)
{
	struct sched_domain *sd;

	for_each_domain(rq, sd)
	{
		uint64_t interval;

		sd->balance_interval = 1;
		interval = ticks_between(rq, sd, true);
		sd->last_balance = cpu_offset(rq) / interval * interval;
	}
}

/* Ticks are counted rather than jiffies: what a CPU idles without any is
 * no time that it would have to make up for. */
unsigned int rebalance_tick_o1(struct rq *rq)
{
	struct o1_env env = { .dst = rq };
	unsigned int looked = 0;
	struct sched_domain *sd;

	env.idle = rq->curr == rq->idle ? CPU_IDLE : CPU_NOT_IDLE;
	rq->o1.timestamp_last_tick = rq_clock_ns(rq);
	update_cpu_load(rq);
	if (!rq->o1.ticks++)
		first_tick(rq);
	for_each_domain(rq, sd)
	{
		uint64_t interval =
			ticks_between(rq, sd, env.idle == CPU_NOT_IDLE);

		if (rq->o1.ticks + cpu_offset(rq) - sd->last_balance < interval)
			continue;
		env.sd = sd;
		env.level = &levels[sd->level];
		env.src = NULL;
		if (load_balance_o1(&env, &looked))
			env.idle = CPU_NOT_IDLE;
		sd->last_balance += interval;
	}
	return looked;
}

/* cf. load_balance_newidle(): returns whether that is enough. */
static bool load_balance_newidle(struct o1_env *env, unsigned int *looked)
{
	bool busy = core_is_busy(env);
	unsigned int moved = 0;

	if (find_busiest(env)) {
		++*looked;
		if (env->src->nr_running > 1)
			moved = move_tasks(env, env->imbalance);
		if (moved)
			env->sd->nr_balance_failed = 0;
		return moved || busy;
	}
	if (!busy)
		env->sd->nr_balance_failed = 0;
	return busy;
}

/* cf. idle_balance() */
void balance_o1(struct rq *rq)
{
	struct o1_env env = { .dst = rq, .idle = CPU_NEWLY_IDLE };
	unsigned int looked = 0;

	if (rq->nr_running || !rq->kc->kernel->nr_overloaded)
		return;
	for_each_domain(rq, env.sd)
	{
		env.level = &levels[env.sd->level];
		env.src = NULL;
		if (env.level->newidle && load_balance_newidle(&env, &looked))
			break;
	}
	rq->kc->cpu.top->left += rq->kc->cpu.price[COST_LOAD_BALANCE] * looked;
}
