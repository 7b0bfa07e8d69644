/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Quotas of groups: a group has a pool that is filled up each period, its
 * queues on the CPUs take slices from it as they run, and one that finds the
 * pool empty is throttled, which is to leave its parent's queue, until the next
 * period or until others give runtime back.
 * cf. kernel/sched/fair.c v6.12: account_cfs_rq_runtime(), throttle_cfs_rq(),
 * unthrottle_cfs_rq(), distribute_cfs_runtime(), do_sched_cfs_period_timer(),
 * do_sched_cfs_slack_timer(), __refill_cfs_bandwidth_runtime().
 *
 * Left out: the random instant at which a group's first period begins, here
 * periods are multiples of their length; longer periods for those that are too
 * short to be kept up with.
 */
#include <config.h>

#include "preemptsim/kernel/smp.h"

#include "cfs-bandwidth-private.h"
#include "fair-group-private.h"

#include <glib.h>

/* sched_cfs_bandwidth_slice(): what a queue takes at a time. */
#define SLICE_NS 5000000

/* min_cfs_rq_runtime: what an empty queue keeps. */
#define MIN_RUNTIME_NS 1000000

/* cfs_bandwidth_slack_period, min_bandwidth_expiration: runtime that was given
 * back is handed out after the one, if it is more than the other until the next
 * period. */
#define SLACK_PERIOD_NS 5000000
#define MIN_EXPIRATION_NS 2000000

static struct cfs_bandwidth *bandwidth_of(const struct cfs_rq *cfs)
{
	return &cfs->tg->bandwidth;
}

/*
 * The pool
 */

/* cf. __refill_cfs_bandwidth_runtime(): what was left of the last period stays
 * as far as a burst may take it. */
static void refill(struct cfs_bandwidth *b)
{
	int64_t burst;

	b->runtime += b->quota;
	burst = b->runtime_snap - b->runtime;
	if (burst > 0) {
		b->stat.burst += burst;
		b->stat.nr_bursts++;
	}
	b->runtime = MIN(b->runtime, b->quota + b->burst);
	b->runtime_snap = b->runtime;
}

/* cf. start_cfs_bandwidth(); the timer stays on the CPU that starts it. */
static void start_period(struct cfs_bandwidth *b, struct kernel *kernel)
{
	if (b->period_active)
		return;
	b->period_active = true;
	hrtimer_start(this_cpu(kernel), &b->period_timer,
		      (kernel->sim->now / b->period + 1) * b->period, 0);
}

/* cf. __assign_cfs_rq_runtime(): up to @target, if there is as much.  False:
 * it still has nothing. */
static bool assign_runtime(struct kernel *kernel, struct group_rq *group,
			   int64_t target)
{
	struct cfs_bandwidth *b = bandwidth_of(&group->cfs);
	int64_t amount;

	start_period(b, kernel);
	if (b->runtime > 0) {
		amount = MIN(b->runtime, target - group->runtime_remaining);
		b->runtime -= amount;
		b->idle = false;
		group->runtime_remaining += amount;
	}
	return group->runtime_remaining > 0;
}

/*
 * Throttling
 */

/* struct members - tasks of a group and of those in it: how many, and of them
 * those that sleep, and those that count as idle. */
struct members {
	unsigned int nr, delayed, idle;
};

static struct members members_of(const struct cfs_rq *cfs)
{
	return (struct members){ .nr = cfs->nr_running,
				 .delayed = cfs->nr_delayed,
				 .idle = cfs->nr_sched_idle };
}

/* @m of the throttled @se can't run any more.  Groups that have nobody else
 * leave, too, and none of them stays for a while. */
static void throttle_entities(struct rq *rq, struct sched_entity *se,
			      struct members m)
{
	const struct cfs_ops *ops = rq->kc->kernel->config.fair->groups;
	bool gone = true;

	for (; se; se = se->parent) {
		struct cfs_rq *cfs = se->cfs_rq;

		if (!se->on_rq)
			return;
		if (gone) {
			ops->dequeue_entity(rq, se,
					    DEQUEUE_SLEEP | DEQUEUE_SPECIAL);
		} else {
			update_load_avg(rq, se, 0);
			se_update_runnable(se);
		}
		gone = gone && !cfs->nr_queued;
		if (cfs_rq_is_idle(se->my_q))
			m.idle = m.nr;
		cfs->nr_delayed -= m.delayed;
		if (!cfs->tg)
			break;
		cfs->nr_running -= m.nr;
		cfs->nr_sched_idle -= m.idle;
	}
	if (!m.nr)
		return;
	sub_nr_running(rq, m.nr);
	sub_fair_running(rq, m.nr);
	if (m.idle)
		add_sched_idle(rq, -(int)m.idle);
}

/* cf. throttle_cfs_rq() */
static bool throttle(struct rq *rq, struct cfs_rq *cfs)
{
	struct group_rq *group = group_rq_of(cfs);

	if (assign_runtime(rq->kc->kernel, group, 1))
		return false;
	list_add_tail(&group->throttled_link, &bandwidth_of(cfs)->throttled);
	freeze_load_avg(rq, cfs->tg);
	throttle_entities(rq, &group->se, members_of(cfs));
	group->throttled = true;
	group->throttled_clock = cfs->nr_queued ? rq_clock_ns(rq) : -1;
	return true;
}

/* The same the other way round; those of a group that is throttled itself stay
 * there.  True: they are back. */
static bool unthrottle_entities(struct rq *rq, struct sched_entity *se,
				struct members *m)
{
	const struct cfs_ops *ops = rq->kc->kernel->config.fair->groups;

	for (; se; se = se->parent) {
		struct cfs_rq *cfs = se->cfs_rq;

		if (se->delayed)
			ops->dequeue_entity(rq, se,
					    DEQUEUE_SLEEP | DEQUEUE_SPECIAL);
		if (!se->on_rq) {
			ops->enqueue_entity(rq, se, ENQUEUE_WAKEUP);
		} else {
			update_load_avg(rq, se, UPDATE_TG);
			se_update_runnable(se);
		}
		if (cfs_rq_is_idle(se->my_q))
			m->idle = m->nr;
		cfs->nr_delayed += m->delayed;
		if (!cfs->tg)
			break;
		cfs->nr_running += m->nr;
		cfs->nr_sched_idle += m->idle;
		if (cfs_rq_throttled(cfs))
			return false;
	}
	return true;
}

/* cf. unthrottle_cfs_rq(): whoever runs there is not preempted for it. */
static void unthrottle(struct rq *rq, struct cfs_rq *cfs)
{
	struct group_rq *group = group_rq_of(cfs);
	struct members m = members_of(cfs);

	update_rq_clock(rq);
	group->throttled = false;
	thaw_load_avg(rq, cfs->tg);
	list_del(&group->throttled_link);
	if (group->throttled_clock >= 0)
		bandwidth_of(cfs)->stat.throttled +=
			rq_clock_ns(rq) - group->throttled_clock;
	if (!cfs->nr_queued || !unthrottle_entities(rq, &group->se, &m) ||
	    !m.nr)
		return;
	add_nr_running(rq, m.nr);
	add_fair_running(rq, m.nr);
	if (m.idle)
		add_sched_idle(rq, (int)m.idle);
	if (task_is_idle(rq->curr))
		resched_curr(rq);
}

/*
 * Running
 */

/* cf. __account_cfs_rq_runtime() */
void account_cfs_rq_runtime(struct rq *rq, struct cfs_rq *cfs, int64_t delta)
{
	struct group_rq *group = group_rq_of(cfs);

	if (likely(!bandwidth_of(cfs)->quota))
		return;
	group->runtime_remaining -= delta;
	if (group->runtime_remaining > 0 || group->throttled)
		return;
	if (!assign_runtime(rq->kc->kernel, group, SLICE_NS) && cfs->curr)
		resched_curr(rq);
}

bool check_cfs_rq_runtime(struct rq *rq, struct cfs_rq *cfs)
{
	const struct group_rq *group = group_rq_of(cfs);

	if (likely(!bandwidth_of(cfs)->quota || group->runtime_remaining > 0))
		return false;
	return group->throttled || throttle(rq, cfs);
}

/* One that runs is throttled when it stops doing so.  What waits in one that
 * has been throttled while it was empty counts from now on. */
void check_enqueue_throttle(struct rq *rq, struct cfs_rq *cfs)
{
	struct group_rq *group = group_rq_of(cfs);

	if (likely(!bandwidth_of(cfs)->quota))
		return;
	if (!cfs->curr && !group->throttled) {
		account_cfs_rq_runtime(rq, cfs, 0);
		if (group->runtime_remaining <= 0)
			throttle(rq, cfs);
	}
	if (group->throttled && group->throttled_clock < 0)
		group->throttled_clock = rq_clock_ns(rq);
}

/*
 * Giving back
 */

/* cf. runtime_refresh_within() */
static bool refresh_within(const struct cfs_bandwidth *b, struct kernel *kernel,
			   int64_t ns)
{
	ktime_t left = b->period_timer.expires - kernel->sim->now;

	return left < ktime_from_ns(&kernel->sim->tb, ns);
}

/* cf. start_cfs_slack_bandwidth() */
static void start_slack(struct cfs_bandwidth *b, struct kernel *kernel)
{
	ktime_t slack = ktime_from_ns(&kernel->sim->tb, SLACK_PERIOD_NS);

	if (refresh_within(b, kernel, SLACK_PERIOD_NS + MIN_EXPIRATION_NS) ||
	    b->slack_started)
		return;
	b->slack_started = true;
	hrtimer_start(this_cpu(kernel), &b->slack_timer,
		      kernel->sim->now + slack, 0);
}

/* cf. __return_cfs_rq_runtime() */
void return_cfs_rq_runtime(struct rq *rq, struct cfs_rq *cfs)
{
	struct cfs_bandwidth *b = bandwidth_of(cfs);
	struct group_rq *group = group_rq_of(cfs);
	int64_t slack = group->runtime_remaining - MIN_RUNTIME_NS;

	if (likely(!b->quota) || cfs->nr_queued || slack <= 0)
		return;
	b->runtime += slack;
	group->runtime_remaining -= slack;
	if (b->runtime > SLICE_NS && !list_empty(&b->throttled))
		start_slack(b, rq->kc->kernel);
}

/* cf. __cfsb_csd_unthrottle() */
void cfsb_csd_unthrottle(struct rq *rq)
{
	struct group_rq *group;

	while ((group = rq->cfsb_csd)) {
		rq->cfsb_csd = group->csd_next;
		group->unthrottling = false;
		if (group->throttled)
			unthrottle(rq, &group->cfs);
	}
}

/* cf. unthrottle_cfs_rq_async(): its own group a CPU unthrottles when all have
 * got theirs, see distribute(). */
static void unthrottle_async(struct kernel *kernel, struct group_rq *group)
{
	struct rq *rq = cpu_rq(kernel, group->cpu);
	struct group_rq **end = &rq->cfsb_csd;
	struct kcpu *here = this_cpu(kernel);

	while (*end)
		end = &(*end)->csd_next;
	*end = group;
	group->csd_next = NULL;
	group->unthrottling = true;
	if (rq->kc != here && rq->cfsb_csd == group)
		smp_call_function_single_async(rq->kc, here, CSD_UNTHROTTLE);
}

/* It has runtime again. */
static void let_run(struct kernel *kernel, struct group_rq *group)
{
	if (kernel->version->unthrottle_async)
		unthrottle_async(kernel, group);
	else
		unthrottle(cpu_rq(kernel, group->cpu), &group->cfs);
}

/* cf. distribute_cfs_runtime(): each gets out of its debt, in the order in
 * which they were throttled.  True: there was not enough for all. */
static bool distribute(struct cfs_bandwidth *b, struct kernel *kernel)
{
	struct list_head *pos = b->throttled.next;
	bool throttled = false;

	while (pos != &b->throttled && b->runtime > 0) {
		struct group_rq *group =
			container_of(pos, struct group_rq, throttled_link);
		int64_t runtime = MIN(1 - group->runtime_remaining, b->runtime);

		pos = pos->next;
		if (group->unthrottling)
			continue;
		b->runtime -= runtime;
		group->runtime_remaining += runtime;
		if (group->runtime_remaining > 0)
			let_run(kernel, group);
		else
			throttled = true;
	}
	cfsb_csd_unthrottle(&this_cpu(kernel)->rq);
	return throttled || pos != &b->throttled;
}

/* cf. do_sched_cfs_period_timer(): true if the timer is not needed any more,
 * since nothing has run for a period. */
static bool period_is_idle(struct cfs_bandwidth *b, struct kernel *kernel,
			   uint64_t overrun)
{
	bool throttled = !list_empty(&b->throttled);

	b->stat.nr_periods += overrun;
	refill(b);
	if (b->idle && !throttled)
		return true;
	b->idle = !throttled;
	if (!throttled)
		return false;
	b->stat.nr_throttled += overrun;
	while (throttled && b->runtime > 0)
		throttled = distribute(b, kernel);
	return false;
}

/* cf. sched_cfs_period_timer() */
static void period_expire(struct cpu *cpu, const struct op *op)
{
	struct hrtimer *timer = cpu->top->arg;
	struct cfs_bandwidth *b =
		container_of(timer, struct cfs_bandwidth, period_timer);
	struct kcpu *kc = to_kcpu(cpu);
	ktime_t now = cpu->sim->now;
	ktime_t overrun = (now - timer->expires) / b->period + 1;

	op_ret(cpu, op);
	timer->expires += overrun * b->period;
	if (period_is_idle(b, kc->kernel, (uint64_t)overrun))
		b->period_active = false;
	else
		hrtimer_start(kc, timer, timer->expires, 0);
	cpu_next_top(cpu);
}

static const struct op period_path[] = {
	DO(period_expire),
};

/* cf. do_sched_cfs_slack_timer() */
static void slack_expire(struct cpu *cpu, const struct op *op)
{
	struct hrtimer *timer = cpu->top->arg;
	struct cfs_bandwidth *b =
		container_of(timer, struct cfs_bandwidth, slack_timer);
	struct kernel *kernel = to_kcpu(cpu)->kernel;

	op_ret(cpu, op);
	b->slack_started = false;
	if (!refresh_within(b, kernel, MIN_EXPIRATION_NS) &&
	    b->runtime > SLICE_NS)
		distribute(b, kernel);
	cpu_next_top(cpu);
}

static const struct op slack_path[] = {
	DO(slack_expire),
};

const struct task_group *throttled_group(const struct task *p)
{
	const struct task_group *tg;

	if (!p->on_rq || p->sched_class != p->kernel->config.fair)
		return NULL;
	for (tg = p->group; tg; tg = tg->parent)
		if (tg->cpu[p->cpu].throttled)
			return tg;
	return NULL;
}

struct cfs_bandwidth_stat cfs_bandwidth_stat(const struct task_group *tg)
{
	struct cfs_bandwidth_stat stat = tg->bandwidth.stat;
	const struct sim *sim = tg->kernel->sim;
	struct list_head *pos;

	if (!tg->bandwidth.quota)
		return stat;
	list_for_each(pos, &tg->bandwidth.throttled)
	{
		const struct group_rq *group =
			container_of(pos, struct group_rq, throttled_link);

		if (group->throttled_clock >= 0)
			stat.throttled += ktime_to_ns(&sim->tb, sim->now) -
					  group->throttled_clock;
	}
	return stat;
}

/* Both are soft timers where there are such. */
void init_cfs_bandwidth(struct task_group *tg, struct kernel *kernel)
{
	struct cfs_bandwidth *b = &tg->bandwidth;

	list_init(&b->throttled);
	hrtimer_init(&b->period_timer, period_path);
	b->period_timer.function = HRTIMER_sched_cfs_period_timer;
	hrtimer_init(&b->slack_timer, slack_path);
	b->slack_timer.function = HRTIMER_sched_cfs_slack_timer;
	b->period_timer.is_soft = kernel->model->threaded_irqs;
	b->slack_timer.is_soft = kernel->model->threaded_irqs;
	if (b->quota)
		refill(b);
}
