/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SCHED_FIFO and SCHED_RR.  cf. kernel/sched/rt.c v6.12.
 *
 * On several CPUs the tasks of highest priority run: a wakeup looks for a CPU
 * of lower priority, a CPU about to run something less urgent pulls, and a
 * task that was displaced is pushed.  Under rt it does not pull by itself, but
 * has the others push (RT_PUSH_IPI).
 */
#include <config.h>

#include "rt-push-private.h"
#include "rt-throttle-private.h"
#include "sched-deadline-private.h"

#include <glib.h>

/* cf. RR_TIMESLICE: 100 ms in ticks. */
#define RR_TIMESLICE_MS 100

static unsigned int rr_timeslice(const struct task *p)
{
	unsigned int ticks = RR_TIMESLICE_MS * p->kernel->config.hz / 1000;

	return ticks ? ticks : 1;
}

static void rq_init_rt(struct rq *rq)
{
	for (unsigned int i = 0; i < MAX_RT_PRIO; i++)
		list_init(&rq->rt.queue[i]);
	rq->rt.highest_prio = MAX_RT_PRIO;
	rt_update_overload(rq);
}

static void task_init_rt(struct task *p)
{
	list_init(&p->rt.run_list);
	p->rt.time_slice = rr_timeslice(p);
}

/* The queue of @prio is empty no more, or is now. */
static inline void set_queued(struct rt_rq *rt, unsigned int prio)
{
	rt->bitmap[prio / 64] |= UINT64_C(1) << (prio % 64);
}

static inline void clear_queued(struct rt_rq *rt, unsigned int prio)
{
	rt->bitmap[prio / 64] &= ~(UINT64_C(1) << (prio % 64));
}

static void queue_task(struct rt_rq *rt, struct task *p, bool head)
{
	struct list_head *queue = &rt->queue[p->prio];

	if (head)
		list_add(&p->rt.run_list, queue);
	else
		list_add_tail(&p->rt.run_list, queue);
	set_queued(rt, (unsigned int)p->prio);
}

static void unqueue_task(struct rt_rq *rt, struct task *p)
{
	list_del(&p->rt.run_list);
	if (list_empty(&rt->queue[p->prio]))
		clear_queued(rt, (unsigned int)p->prio);
}

/* The most urgent priority on @rt from @from on, or MAX_RT_PRIO. */
static inline int next_prio(const struct rt_rq *rt, int from)
{
	unsigned int prio = (unsigned int)from;

	for (; prio < MAX_RT_PRIO; prio = (prio / 64 + 1) * 64) {
		uint64_t word = rt->bitmap[prio / 64] >> (prio % 64);

		if (word)
			return (int)prio + __builtin_ctzll(word);
	}
	return MAX_RT_PRIO;
}

/* cf. rt_set_overload() and rt_clear_overload() */
static void set_overload(struct rq *rq, bool overloaded)
{
	struct kernel *kernel = rq->kc->kernel;

	rq->rt.overloaded = overloaded;
	if (overloaded)
		cpumask_set_cpu(&kernel->rto_mask, rq->kc->cpu.id);
	else
		cpumask_clear_cpu(&kernel->rto_mask, rq->kc->cpu.id);
	kernel->rto_count += overloaded ? 1 : -1;
}

/* Does something wait here that could run elsewhere? */
static __attribute__((noinline)) void check_overload(struct rq *rq)
{
	bool overloaded = rq->kc->kernel->version->rto_by_pushable ?
				  rq->rt.nr_pushable :
				  rq->rt.nr_migratory;

	if (rq->rt.nr_running <= 1 && !rq->rt.one_waits)
		overloaded = false;
	if (overloaded != rq->rt.overloaded)
		set_overload(rq, overloaded);
}

/* One alone waits for the next switch only, mostly. */
static inline void update_overload(struct rq *rq)
{
	if (unlikely(rq->rt.nr_running > 1 || rq->rt.overloaded ||
		     rq->rt.one_waits))
		check_overload(rq);
}

/* Up to 6.6 nobody asks that.  Interrupts that ask for tasks go to all. */
void rt_update_overload(struct rq *rq)
{
	rq->rt.one_waits = rq->kc->kernel->version->rto_by_pushable &&
			   (rq->dl.known || sched_feat(rq, rt_push_ipi));
	check_overload(rq);
}

/* cf. enqueue_pushable_task(): it waits from now on. */
static inline void add_pushable(struct rq *rq, struct task *p)
{
	if (p->nr_cpus_allowed == 1)
		return;
	rq->rt.nr_pushable += !p->rt.pushable;
	p->rt.pushable = ++rq->rt.pushable;
}

/* cf. dequeue_pushable_task() */
static inline void del_pushable(struct rq *rq, struct task *p)
{
	rq->rt.nr_pushable -= !!p->rt.pushable;
	p->rt.pushable = 0;
}

/* cf. inc_rt_prio_smp() and dec_rt_prio_smp(): whether there are deadline tasks
 * is not asked, so that such a CPU looks as if it had none once a real-time task
 * has come, or gone. */
static void set_highest_prio(struct rq *rq, int prio)
{
	rq->rt.highest_prio = prio;
	cpupri_set(&rq->cpupri, prio);
}

static void update_curr_rt(struct rq *rq)
{
	if (unlikely(rt_throttles(rq)) &&
	    rq->curr->sched_class == &sched_class_rt)
		rt_throttle_account(rq);
}

static void enqueue_task_rt(struct rq *rq, struct task *p, unsigned int flags)
{
	queue_task(&rq->rt, p, flags & ENQUEUE_HEAD);
	if (likely(p != rq->curr))
		add_pushable(rq, p);
	rq->rt.nr_running++;
	if (unlikely(rt_throttles(rq)))
		rt_throttle_start(rq);
	if (unlikely(rq->rt.throttled))
		sub_nr_running(rq, 1);
	rq->rt.nr_migratory += p->nr_cpus_allowed > 1;
	update_overload(rq);
	if (p->prio < rq->rt.highest_prio)
		set_highest_prio(rq, p->prio);
}

static void dequeue_task_rt(struct rq *rq, struct task *p, unsigned int flags)
{
	(void)flags;
	if (rq->curr == p)
		update_curr_rt(rq);
	if (unlikely(rq->rt.throttled))
		add_nr_running(rq, 1);
	unqueue_task(&rq->rt, p);
	del_pushable(rq, p);
	rq->rt.nr_running--;
	rq->rt.nr_migratory -= p->nr_cpus_allowed > 1;
	update_overload(rq);
	if (p->prio == rq->rt.highest_prio &&
	    list_empty(&rq->rt.queue[p->prio]))
		set_highest_prio(rq, next_prio(&rq->rt, p->prio));
}

static void requeue_task_rt(struct rq *rq, struct task *p)
{
	unqueue_task(&rq->rt, p);
	queue_task(&rq->rt, p, false);
}

static void yield_task_rt(struct rq *rq)
{
	requeue_task_rt(rq, rq->curr);
}

/*
 * Other CPUs
 */

/* Is there any for @p? */
static bool has_lowest_rq(const struct task *p, struct cpumask *lowest)
{
	return cpupri_find(&p->kernel->cpupri, p, cpu_rq(p->kernel, p->cpu)->rd,
			   lowest);
}

/* cf. find_lowest_rq(): a CPU whose most urgent task is less urgent than @p,
 * the least urgent of them; NR_CPUS: none. */
static __attribute__((noinline)) unsigned int
find_lowest_rq(const struct task *p, struct kcpu *waker)
{
	struct cpumask lowest;

	return has_lowest_rq(p, &lowest) ? nearest_cpu(&lowest, p->cpu, waker) :
					   NR_CPUS;
}

/* cf. select_task_rq_rt(): stay, unless what runs there is an RT task that is
 * as urgent or may not leave; up to 6.6, or a deadline task (rt_task()). */
static unsigned int select_task_rq_rt(struct task *p, struct kcpu *waker)
{
	const struct task *curr;
	unsigned int cpu = p->cpu;
	unsigned int lowest;

	if (!task_may_run_on(p, cpu))
		cpu = cpumask_first(&p->cpus_mask);
	if (p->nr_cpus_allowed == 1)
		return cpu;
	curr = cpu_rq(p->kernel, cpu)->curr;
	if (curr->prio >= MAX_RT_PRIO ||
	    (curr->prio == DL_PRIO && !p->kernel->version->rt_flees_dl) ||
	    (curr->nr_cpus_allowed > 1 && curr->prio > p->prio))
		return cpu;
	lowest = find_lowest_rq(p, waker);
	return lowest < NR_CPUS ? lowest : cpu;
}

static bool is_pushable(const struct task *p, unsigned int cpu)
{
	return cpu == NR_CPUS ? p->nr_cpus_allowed > 1 :
				cpumask_test_cpu(&p->cpus_mask, cpu);
}

/* Of one priority, who has waited for the longest.  Those that were preempted
 * are at the head, the last of them first. */
static struct task *pick_pushable_of(struct rq *rq, int prio, unsigned int cpu)
{
	struct list_head *pos;
	struct task *best = NULL;

	list_for_each(pos, &rq->rt.queue[prio])
	{
		struct task *p = container_of(pos, struct task, rt.run_list);

		if (p == rq->curr || !is_pushable(p, cpu))
			continue;
		if (best && p->rt.pushable > best->rt.pushable)
			break;
		best = p;
	}
	return best;
}

/* The most urgent task of @rq that waits and may run on @cpu (NR_CPUS: on
 * any other), were it not pinned; of those that come before @prio.
 * cf. pushable_tasks. */
static struct task *pick_pushable(struct rq *rq, unsigned int cpu, int prio)
{
	for (int i = rq->rt.highest_prio; i < prio;
	     i = next_prio(&rq->rt, i + 1)) {
		struct task *p = pick_pushable_of(rq, i, cpu);

		if (p)
			return p;
	}
	return NULL;
}

struct rq *find_lock_lowest_rq(const struct task *p)
{
	unsigned int cpu = find_lowest_rq(p, this_cpu(p->kernel));

	return cpu < NR_CPUS && cpu != p->cpu ? cpu_rq(p->kernel, cpu) : NULL;
}

/* Another CPU has room for a task that waits here, but that must stay: the one
 * that runs makes way, if it could run elsewhere.  cf. push_rt_task() with
 * @pull. */
static void push_current(struct rq *rq)
{
	if (!rq->kc->stopper.push.busy &&
	    rq->curr->sched_class == &sched_class_rt &&
	    find_lock_lowest_rq(rq->curr))
		push_curr_away(rq);
}

/* cf. push_rt_task(): move what waits here to where it would run, but for one
 * that is about to preempt.  For one that must stay nothing is done unless
 * somebody asked to @pull, else the one that runs would be sent to and fro
 * between CPUs on which such tasks wait. */
static inline void push_rt_tasks_if(struct rq *rq, bool pull)
{
	struct task *p;

	while (rq->rt.overloaded &&
	       (p = pick_pushable(rq, NR_CPUS, MAX_RT_PRIO))) {
		struct rq *to;

		if (unlikely(p->prio < rq->curr->prio)) {
			resched_curr(rq);
			return;
		}
		if (unlikely(p->migration_disabled)) {
			if (pull)
				push_current(rq);
			return;
		}
		to = find_lock_lowest_rq(p);
		if (!to)
			return;
		update_rq_clock(to);
		move_queued_task(p, to);
		resched_curr(to);
	}
}

static void push_rt_tasks(struct rq *rq)
{
	push_rt_tasks_if(rq, false);
}

void push_rt_tasks_for_pull(struct rq *rq)
{
	push_rt_tasks_if(rq, true);
}

static void task_woken_rt(struct rq *rq, struct task *p)
{
	const struct task *curr = rq->curr;

	if (p != curr && !(curr->tif & TIF_NEED_RESCHED) &&
	    p->nr_cpus_allowed > 1 && curr->prio < MAX_RT_PRIO &&
	    (curr->nr_cpus_allowed < 2 || curr->prio <= p->prio))
		push_rt_tasks(rq);
}

/* cf. need_pull_rt_task(): is this CPU about to do something less urgent than
 * before? */
static bool need_pull(const struct rq *rq)
{
	const struct task *curr = rq->curr;

	return (!curr->on_rq || curr->sched_class != &sched_class_rt) &&
	       rq->rt.highest_prio > curr->prio;
}

/* cf. pull_rt_task(): what runs here next must not be less urgent than what
 * waits elsewhere.  One that is about to preempt its own CPU stays there. */
static bool pull_rt_tasks(struct rq *rq)
{
	struct kernel *kernel = rq->kc->kernel;
	unsigned int here = rq->kc->cpu.id;
	unsigned int cpu;
	bool pulled = false;

	if (kernel->rto_count == 0)
		return false;
	if (unlikely(sched_feat(rq, rt_push_ipi))) {
		if (kernel->rto_count > 1 || !rq->rt.overloaded)
			tell_cpu_to_push(rq);
		return false;
	}
	for_each_cpu(cpu, &kernel->rto_mask, kernel->config.nr_cpus)
	{
		struct rq *from = cpu_rq(kernel, cpu);
		struct task *p;

		if (cpu == here || !same_root_domain(rq, cpu))
			continue;
		p = pick_pushable(from, here, rq->rt.highest_prio);
		if (!p || p->prio < from->curr->prio)
			continue;
		if (unlikely(p->migration_disabled)) {
			push_curr_away(from);
		} else {
			move_queued_task(p, rq);
			pulled = true;
		}
	}
	return pulled;
}

static void balance_rt(struct rq *rq)
{
	if (need_pull(rq))
		pull_rt_tasks(rq);
}

/*
 * This CPU
 */

/* cf. wakeup_preempt_rt(): only a more urgent task preempts.  One of equal
 * priority does if it may run nowhere else while the current one could. */
static void wakeup_preempt_rt(struct rq *rq, struct task *p)
{
	struct task *curr = rq->curr;
	struct cpumask lowest;

	if (p->prio < curr->prio) {
		resched_curr(rq);
		return;
	}
	if (p->prio != curr->prio || curr->tif & TIF_NEED_RESCHED)
		return;
	if (curr->nr_cpus_allowed == 1 || !has_lowest_rq(curr, &lowest))
		return;
	if (p->nr_cpus_allowed != 1 && has_lowest_rq(p, &lowest))
		return;
	unqueue_task(&rq->rt, p);
	queue_task(&rq->rt, p, true);
	resched_curr(rq);
}

static struct task *pick_next_task_rt(struct rq *rq)
{
	int prio = rq->rt.highest_prio;

	if (prio == MAX_RT_PRIO || unlikely(rq->rt.throttled))
		return NULL;
	return list_first(&rq->rt.queue[prio], struct task, rt.run_list);
}

static void put_prev_task_rt(struct rq *rq, struct task *p)
{
	update_curr_rt(rq);
	update_rt_rq_load_avg(rq, true);
	if (list_empty(&p->rt.run_list))
		return;
	add_pushable(rq, p);
	update_overload(rq);
}

static void set_next_task_rt(struct rq *rq, struct task *p)
{
	rq->rt.exec_start = rq->kc->cpu.sim->now;
	del_pushable(rq, p);
	update_overload(rq);
	if (rq->rt.overloaded)
		rq->balance_callback = push_rt_tasks;
	if (unlikely(rq->pelt) && rq->curr->sched_class != &sched_class_rt)
		update_rt_rq_load_avg(rq, false);
}

/* cf. task_tick_rt(): a used-up slice puts the task behind its equals. */
static void task_tick_rt(struct rq *rq, struct task *p)
{
	update_curr_rt(rq);
	update_rt_rq_load_avg(rq, true);
	if (p->policy != POLICY_RR || --p->rt.time_slice)
		return;
	p->rt.time_slice = rr_timeslice(p);
	if (p->rt.run_list.prev == p->rt.run_list.next)
		return;
	requeue_task_rt(rq, p);
	resched_curr(rq);
}

/*
 * Priorities that change
 */

static void prio_changed_rt(struct rq *rq, struct task *p, int oldprio)
{
	if (!p->on_rq)
		return;
	if (rq->curr != p) {
		if (p->prio < rq->curr->prio)
			resched_curr(rq);
		return;
	}
	if (oldprio < p->prio)
		pull_rt_tasks(rq);
	if (p->prio > rq->rt.highest_prio)
		resched_curr(rq);
}

/* The last real-time task here is one no more: others may come. */
static void switched_from_rt(struct rq *rq, struct task *p)
{
	if (p->on_rq && !rq->rt.nr_running && pull_rt_tasks(rq))
		resched_curr(rq);
}

/* What ran up to now was of another class. */
static void switched_to_rt(struct rq *rq, struct task *p)
{
	if (rq->curr == p)
		update_rt_rq_load_avg(rq, false);
	if (!p->on_rq || rq->curr == p)
		return;
	if (p->nr_cpus_allowed > 1)
		push_rt_tasks(rq);
	if (cpu_rq(p->kernel, p->cpu) == rq && p->prio < rq->curr->prio)
		resched_curr(rq);
}

const struct sched_class sched_class_rt = {
	.name = "rt",
	.rq_init = rq_init_rt,
	.task_init = task_init_rt,
	.enqueue_task = enqueue_task_rt,
	.dequeue_task = dequeue_task_rt,
	.yield_task = yield_task_rt,
	.wakeup_preempt = wakeup_preempt_rt,
	.pick_next_task = pick_next_task_rt,
	.put_prev_task = put_prev_task_rt,
	.set_next_task = set_next_task_rt,
	.task_tick = task_tick_rt,
	.select_task_rq = select_task_rq_rt,
	.balance = balance_rt,
	.task_woken = task_woken_rt,
	.update_curr = update_curr_rt,
	.prio_changed = prio_changed_rt,
	.switched_from = switched_from_rt,
	.switched_to = switched_to_rt,
};
