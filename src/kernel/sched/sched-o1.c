/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fair class as the O(1) scheduler.  cf. kernel/sched.c v2.6.16:
 * task_timeslice(), effective_prio(), recalc_task_prio(), scheduler_tick().
 *
 * Each task has a slice by its static priority.  Who has used it up waits in
 * the expired array until the active one is empty; then they change places.
 * Who sleeps much gets a better priority, and if that is good enough stays
 * active with a new slice.
 *
 * Left out: the credit for waiting on the run queue after a wakeup; slices
 * shared with children (a new task has a whole one, and has not slept).
 */
#include <config.h>

#include "fair-server-private.h"
#include "o1-private.h"

#include <glib.h>

extern const struct sched_class sched_class_o1_early;

/* In ms; GRANULARITY is the least time after which equals take turns. */
#define MIN_TIMESLICE_MS 5
#define DEF_TIMESLICE_MS 100
#define GRANULARITY_MS 10

/* How much of the priorities sleeping may win or lose: a quarter. */
#define MAX_BONUS 10
#define INTERACTIVE_DELTA 2

/* What is enough sleep for the best bonus: MAX_SLEEP_AVG and STARVATION_LIMIT. */
#define MAX_SLEEP_AVG_MS (DEF_TIMESLICE_MS * MAX_BONUS)

static int static_prio(const struct task *p)
{
	return DEFAULT_PRIO + p->nice;
}

static unsigned int ms_to_ticks(const struct task *p, unsigned int ms)
{
	return MAX(ms * p->kernel->config.hz / 1000, 1);
}

static int64_t max_sleep_ns(const struct task *p)
{
	int64_t tick = 1000000000 / (int64_t)p->kernel->config.hz;

	return ms_to_ticks(p, DEF_TIMESLICE_MS) * MAX_BONUS * tick;
}

/*
 * Slices
 */

/* cf. BASE_TIMESLICE() of 2.6.0: from 10 to 200 ms. */
static unsigned int early_timeslice_ms(int prio)
{
	return 10 +
	       190 * (unsigned int)(MAX_PRIO - 1 - prio) / (NR_USER_PRIOS - 1);
}

/* cf. SCALE_PRIO() */
static unsigned int timeslice_ms(int prio)
{
	unsigned int ms =
		prio < DEFAULT_PRIO ? 4 * DEF_TIMESLICE_MS : DEF_TIMESLICE_MS;

	ms = ms * (unsigned int)(MAX_PRIO - prio) / (NR_USER_PRIOS / 2);
	return MAX(ms, MIN_TIMESLICE_MS);
}

static unsigned int task_timeslice(const struct task *p)
{
	bool early = p->kernel->config.fair == &sched_class_o1_early;

	return ms_to_ticks(p, early ? early_timeslice_ms(static_prio(p)) :
				      timeslice_ms(static_prio(p)));
}

/*
 * Priorities
 */

/* cf. CURRENT_BONUS(): 0 .. MAX_BONUS */
static int current_bonus(const struct task *p)
{
	int64_t tick = 1000000000 / (int64_t)p->kernel->config.hz;

	return (int)(p->o1.sleep_avg / tick * MAX_BONUS /
		     (ms_to_ticks(p, DEF_TIMESLICE_MS) * MAX_BONUS));
}

static int effective_prio(const struct task *p)
{
	int bonus = current_bonus(p) - MAX_BONUS / 2;

	return CLAMP(static_prio(p) - bonus, MAX_RT_PRIO, MAX_PRIO - 1);
}

/* cf. DELTA(): how much better than its static one the priority of a task has
 * to be for it to count as interactive. */
static int interactive_delta(const struct task *p)
{
	return p->nice * MAX_BONUS / NR_USER_PRIOS + INTERACTIVE_DELTA;
}

static bool task_interactive(const struct task *p)
{
	return p->o1.prio <= static_prio(p) - interactive_delta(p);
}

/* cf. INTERACTIVE_SLEEP(): as much sleep at once makes a task interactive. */
static int64_t interactive_sleep(const struct task *p)
{
	int64_t tick = 1000000000 / (int64_t)p->kernel->config.hz;

	return max_sleep_ns(p) * (MAX_BONUS / 2 + interactive_delta(p) + 1) /
		       MAX_BONUS -
	       tick;
}

/* cf. recalc_task_prio(): a very long sleep makes no more of a task than one
 * that is just interactive; a short one counts the more the less it has slept
 * before. */
static void recalc_task_prio(struct rq *rq, struct task *p)
{
	int64_t slept = rq_clock_ns(rq) - p->o1.timestamp;
	int64_t most = max_sleep_ns(p);

	slept = MIN(slept, most);
	if (p->policy == POLICY_BATCH)
		slept = 0;
	if (!p->kthread && slept > interactive_sleep(p)) {
		p->o1.sleep_avg = most - most / MAX_BONUS;
	} else {
		slept *= MAX(MAX_BONUS - current_bonus(p), 1);
		p->o1.sleep_avg = MIN(p->o1.sleep_avg + slept, most);
	}
	p->o1.prio = effective_prio(p);
}

/*
 * The arrays
 */

static void rq_init_o1(struct rq *rq)
{
	for (unsigned int i = 0; i < 2; i++)
		for (unsigned int j = 0; j < NR_USER_PRIOS; j++)
			list_init(&rq->o1.array[i].queue[j]);
	rq->o1.best_expired_prio = MAX_PRIO;
	rq->cfs = (struct cfs_rq){ 0 };
}

static void task_init_o1(struct task *p)
{
	list_init(&p->o1.run_list);
	p->o1.time_slice = task_timeslice(p);
	p->o1.prio = effective_prio(p);
}

void o1_array_add(struct rq *rq, struct task *p, unsigned int array, bool head)
{
	struct o1_array *to = &rq->o1.array[array];
	unsigned int i = (unsigned int)(p->o1.prio - MAX_RT_PRIO);

	p->o1.array = array;
	if (head)
		list_add(&p->o1.run_list, &to->queue[i]);
	else
		list_add_tail(&p->o1.run_list, &to->queue[i]);
	to->bitmap |= UINT64_C(1) << i;
}

void o1_array_del(struct rq *rq, struct task *p)
{
	struct o1_array *from = &rq->o1.array[p->o1.array];
	unsigned int i = (unsigned int)(p->o1.prio - MAX_RT_PRIO);

	list_del(&p->o1.run_list);
	if (list_empty(&from->queue[i]))
		from->bitmap &= ~(UINT64_C(1) << i);
}

/* The fair server wants to know how long fair tasks ran. */
static void update_curr_o1(struct rq *rq)
{
	struct sched_entity *curr = rq->cfs.curr;
	int64_t delta;

	if (!curr)
		return;
	delta = rq_clock_ns(rq) - curr->exec_start;
	curr->exec_start += delta;
	curr->sum_exec_runtime += delta;
	fair_server_update(rq, delta);
}

static void enqueue_task_o1(struct rq *rq, struct task *p, unsigned int flags)
{
	update_curr_o1(rq);
	if (flags & ENQUEUE_WAKEUP && !(flags & ENQUEUE_INITIAL))
		recalc_task_prio(rq, p);
	o1_array_add(rq, p, rq->o1.active, flags & ENQUEUE_HEAD);
	rq->cfs.nr_running++;
	if (rq->cfs.nr_running == 1)
		fair_server_start(rq);
}

static void dequeue_task_o1(struct rq *rq, struct task *p, unsigned int flags)
{
	(void)flags;
	update_curr_o1(rq);
	o1_array_del(rq, p);
	rq->cfs.nr_running--;
	if (!rq->cfs.nr_running)
		fair_server_stop(rq);
}

/* cf. sys_sched_yield(): until all others have used up their slices. */
static void yield_task_o1(struct rq *rq)
{
	o1_array_del(rq, rq->curr);
	o1_array_add(rq, rq->curr, !rq->o1.active, false);
}

static void wakeup_preempt_o1(struct rq *rq, struct task *p)
{
	if (p->o1.prio < rq->curr->o1.prio)
		resched_curr_lazy(rq);
}

static void switch_arrays(struct o1_rq *o1)
{
	o1->active = !o1->active;
	o1->expired_timestamp = 0;
	o1->best_expired_prio = MAX_PRIO;
}

static struct task *pick_next_task_o1(struct rq *rq)
{
	struct o1_rq *o1 = &rq->o1;
	const struct o1_array *array;

	if (!rq->cfs.nr_running)
		return NULL;
	if (!o1->array[o1->active].bitmap)
		switch_arrays(o1);
	array = &o1->array[o1->active];
	return list_first(&array->queue[__builtin_ctzll(array->bitmap)],
			  struct task, o1.run_list);
}

/* cf. schedule(): what it ran is taken off what it slept, the slower the more
 * that is. */
static void put_prev_task_o1(struct rq *rq, struct task *p)
{
	int64_t ran = rq_clock_ns(rq) - p->o1.timestamp, most = max_sleep_ns(p);

	update_curr_o1(rq);
	ran = MIN(ran, most) / MAX(current_bonus(p), 1);
	p->o1.sleep_avg = MAX(p->o1.sleep_avg - ran, 0);
	p->o1.timestamp = rq_clock_ns(rq);
	rq->cfs.curr = NULL;
}

static void set_next_task_o1(struct rq *rq, struct task *p)
{
	p->o1.timestamp = rq_clock_ns(rq);
	p->se.exec_start = p->o1.timestamp;
	rq->cfs.curr = &p->se;
}

/*
 * The tick
 */

/* cf. EXPIRED_STARVING(): do those who wait do so for too long, or is one of
 * them better than @p? */
static bool expired_starving(const struct rq *rq, const struct task *p)
{
	const struct o1_rq *o1 = &rq->o1;
	uint64_t limit =
		(uint64_t)ms_to_ticks(p, MAX_SLEEP_AVG_MS) * rq->cfs.nr_running;

	if (jiffies(p->kernel) - o1->expired_timestamp >= limit + 1)
		return true;
	return static_prio(p) > o1->best_expired_prio;
}

static void slice_is_over(struct rq *rq, struct task *p)
{
	struct o1_rq *o1 = &rq->o1;
	unsigned int array = o1->active;

	o1_array_del(rq, p);
	resched_curr_lazy(rq);
	p->o1.prio = effective_prio(p);
	p->o1.time_slice = task_timeslice(p);
	if (!o1->expired_timestamp)
		o1->expired_timestamp = jiffies(p->kernel);
	if (!task_interactive(p) || expired_starving(rq, p)) {
		array = !array;
		o1->best_expired_prio =
			MIN(o1->best_expired_prio, static_prio(p));
	}
	o1_array_add(rq, p, array, false);
}

/* cf. TIMESLICE_GRANULARITY(): the better the bonus, the shorter. */
static unsigned int granularity(const struct task *p)
{
	unsigned int worse = (unsigned int)MAX(MAX_BONUS - current_bonus(p), 1);

	return ms_to_ticks(p, GRANULARITY_MS) * (1u << (worse - 1)) *
	       p->kernel->config.nr_cpus;
}

/* Interactive equals take turns within their slices. */
static bool turn_is_over(const struct rq *rq, const struct task *p)
{
	unsigned int turn = granularity(p);

	return task_interactive(p) && p->o1.time_slice >= turn &&
	       (task_timeslice(p) - p->o1.time_slice) % turn == 0 &&
	       p->o1.array == rq->o1.active;
}

static void task_tick_o1(struct rq *rq, struct task *p)
{
	update_curr_o1(rq);
	if (p->o1.array != rq->o1.active) {
		resched_curr_lazy(rq);
	} else if (--p->o1.time_slice == 0) {
		slice_is_over(rq, p);
	} else if (turn_is_over(rq, p)) {
		o1_array_del(rq, p);
		o1_array_add(rq, p, rq->o1.active, false);
		resched_curr_lazy(rq);
	}
}

#define O1_CLASS(id)                                                          \
	{                                                                     \
		.name = id, .rq_init = rq_init_o1, .task_init = task_init_o1, \
		.enqueue_task = enqueue_task_o1,                              \
		.dequeue_task = dequeue_task_o1, .yield_task = yield_task_o1, \
		.wakeup_preempt = wakeup_preempt_o1,                          \
		.pick_next_task = pick_next_task_o1,                          \
		.put_prev_task = put_prev_task_o1,                            \
		.set_next_task = set_next_task_o1, .task_tick = task_tick_o1, \
		.select_task_rq = select_task_rq_fair, .balance = balance_o1, \
		.rebalance_tick = rebalance_tick_o1,                          \
		.update_curr = update_curr_o1,                                \
		.prio_changed = prio_changed_fair,                            \
		.switched_to = switched_to_fair,                              \
	}

const struct sched_class sched_class_o1 = O1_CLASS("o1");
const struct sched_class sched_class_o1_early = O1_CLASS("o1_early");
