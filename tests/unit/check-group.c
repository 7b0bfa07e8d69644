/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of groups of tasks: weights, shares on each CPU, who runs when, and
 * queues that hold together.
 */
#include <config.h>

#include "group-harness.h"
#include "preemptsim/base/rng.h"

static const struct op hog[] = { RUN(1000 * MS), AGAIN(hog) };

static void start(unsigned int nr_cpus, const char *fair)
{
	struct harness_config config = { .nr_cpus = nr_cpus, .fair = fair };

	harness_start(&config);
}

static struct task_group *group(struct task_group *parent, uint64_t weight)
{
	return group_with(parent, weight, 0);
}

static int64_t ran(const struct task *p)
{
	return p->se.sum_exec_runtime;
}

/*
 * Weights
 */

START_TEST(weights)
{
	ck_assert_uint_eq(sched_weight_from_cgroup(1), 10);
	ck_assert_uint_eq(sched_weight_from_cgroup(33), 338);
	ck_assert_uint_eq(sched_weight_from_cgroup(100), 1024);
	ck_assert_uint_eq(sched_weight_from_cgroup(10000), 102400);
	ck_assert_uint_eq(sched_weight_from_nice(-20), 88761);
	ck_assert_uint_eq(sched_weight_from_nice(0), 1024);
	ck_assert_uint_eq(sched_weight_from_nice(19), 15);
}
END_TEST

/* Three quarters of a group's load are on the first of two CPUs, and so are
 * three quarters of its shares: 1024 * 3072 / 4096.  When two die, that CPU
 * knows at once, but the other one still sees the average that it had, until it
 * is told. */
START_TEST(shares_by_load)
{
	static const struct op dies[] = { RUN(20 * MS), DIE };
	struct task_group *tg;

	start(2, _i ? "cfs" : "eevdf");
	tg = group(NULL, 1024);
	for (unsigned int i = 0; i < 3; i++)
		member(tg, "three", i ? dies : hog, 0, 0);
	member(tg, "one", hog, 1, 0);
	harness_run(5 * MS);
	ck_assert_double_eq_tol((double)tg->load_avg, 4096, 4);
	ck_assert_uint_eq(tg->cpu[0].se.weight, 768);
	ck_assert_uint_eq(tg->cpu[1].se.weight, 256);
	ck_assert_uint_eq(tg->cpu[1].se.inv_weight, UINT32_MAX / 256);
	harness_run(100 * MS);
	ck_assert_double_eq_tol((double)tg->load_avg, 2048, 40);
	ck_assert_double_eq_tol((double)tg->cpu[0].se.weight, 512, 4);
	ck_assert_double_eq_tol((double)tg->cpu[1].se.weight, 512, 4);
	harness_finish();
}
END_TEST

/* The CPU that one more comes to knows at once: of three tasks' load it has two
 * thirds now. */
START_TEST(shares_of_more)
{
	struct task_group *tg;

	start(2, _i ? "cfs" : "eevdf");
	tg = group(NULL, 1024);
	member(tg, "one", hog, 0, 0);
	member(tg, "other", hog, 1, 0);
	member(tg, "late", hog, 1, 200 * MS + 500 * US);
	harness_run(200 * MS + 499 * US);
	ck_assert_uint_eq(tg->cpu[1].se.weight, 512);
	harness_run(200 * MS + 501 * US);
	ck_assert_uint_eq(tg->cpu[1].se.weight, 1024 * 2 / 3);
	harness_finish();
}
END_TEST

/* With another weight, what an entity is behind or ahead of the average and
 * what is left of its request are worth as much as before: here it was 1 ms
 * ahead, and its deadline 1.7 ms behind the average. */
START_TEST(reweighted)
{
	static const struct {
		uint64_t weight;
		int64_t vruntime, deadline;
	} cases[] = {
		{ 2048, 1500 * US, 1850 * US },
		{ 512, 3000 * US, 4400 * US },
	};
	const struct sched_class *class = harness_fair_class("eevdf");
	struct task *a, *b;
	struct rq *rq;

	start(1, "eevdf");
	rq = cpu_rq(h.kernel, 0);
	a = member(NULL, "a", hog, 0, KTIME_MAX);
	b = member(NULL, "b", hog, 0, KTIME_MAX);
	b->se.vlag = -MS;
	class->enqueue_task(rq, a, 0);
	class->enqueue_task(rq, b, 0);
	ck_assert_int_eq(b->se.vruntime, 2 * MS);
	ck_assert_int_eq(b->se.deadline, 2700 * US);
	class->groups->reweight_entity(rq, &b->se, cases[_i].weight);
	ck_assert_uint_eq(b->se.weight, cases[_i].weight);
	ck_assert_int_eq(b->se.vruntime, cases[_i].vruntime);
	ck_assert_int_eq(b->se.deadline, cases[_i].deadline);
	ck_assert_int_eq(a->se.vruntime, 0);
	harness_finish();
}
END_TEST

/* The load of one that comes to a group in a group is there at once, on all
 * levels, and once. */
START_TEST(load_is_handed_up)
{
	struct task_group *outer, *inner;
	struct rq *rq;

	start(2, _i ? "cfs" : "eevdf");
	outer = group(NULL, 2048);
	inner = group(outer, 512);
	member(inner, "one", hog, 0, 0);
	harness_run(1);
	rq = cpu_rq(h.kernel, 0);
	ck_assert_uint_eq(inner->cpu[0].cfs.avg.load_avg, 1024);
	ck_assert_double_eq_tol((double)outer->cpu[0].cfs.avg.load_avg, 512, 1);
	ck_assert_double_eq_tol((double)rq->cfs.avg.load_avg, 2048, 3);
	ck_assert_uint_eq(rq->cfs.avg.util_avg, 512);
	ck_assert_uint_eq(rq->cfs.avg.runnable_avg, 512);
	harness_run(200 * MS);
	ck_assert_double_eq_tol((double)inner->cpu[0].cfs.avg.load_avg, 1024,
				2);
	ck_assert_double_eq_tol((double)outer->cpu[0].cfs.avg.load_avg, 512, 2);
	ck_assert_double_eq_tol((double)rq->cfs.avg.load_avg, 2048, 6);
	ck_assert_double_eq_tol((double)rq->cfs.avg.util_avg, 1018, 6);
	harness_finish();
}
END_TEST

/* For the averages of a group that is throttled for 8 of 10 ms these don't
 * pass: it runs all the time that there is, and a fifth of what there is for
 * its CPU. */
START_TEST(throttled_time_stands_still)
{
	struct task_group *tg;

	start(2, _i ? "cfs" : "eevdf");
	tg = group_with(NULL, 1024, 2 * MS);
	member(tg, "one", hog, 0, 0);
	harness_run(1000 * MS);
	ck_assert_uint_ge(tg->cpu[0].cfs.avg.util_avg, 980);
	ck_assert_double_eq_tol((double)cpu_rq(h.kernel, 0)->cfs.avg.util_avg,
				205, 30);
	harness_finish();
}
END_TEST

/* No group gets nothing. */
START_TEST(least_share)
{
	struct task_group *tg;

	start(2, NULL);
	tg = group(NULL, sched_weight_from_cgroup(1));
	member(tg, "one", hog, 0, 0);
	for (unsigned int i = 0; i < 40; i++)
		member(tg, "many", hog, 1, 0);
	harness_run(5 * MS);
	ck_assert_uint_eq(tg->cpu[0].se.weight, 2);
	ck_assert_uint_eq(tg->cpu[1].se.weight, 9);
	harness_finish();
}
END_TEST

/*
 * Who runs
 */

/* Groups take turns of a tick, and in one of them its two tasks. */
START_TEST(turns_of_groups)
{
	struct task_group *a, *b;

	start(1, NULL);
	a = group(NULL, 1024);
	b = group(NULL, 1024);
	harness_log_switches();
	member(a, "x", hog, 0, 0);
	member(b, "y", hog, 0, 0);
	member(b, "z", hog, 0, 0);
	harness_run(8 * MS + 1);
	check_text("x@0 y@1000 x@2000 z@3000 x@4000 y@5000 x@6000 z@7000 "
		   "x@8000");
	harness_finish();
}
END_TEST

/* The group of the one that goes and of the one that comes has not stopped:
 * its own request goes on being served. */
START_TEST(common_group_goes_on)
{
	struct task_group *tg;
	const struct sched_entity *se;
	struct rq *rq;

	start(1, _i ? "cfs" : "eevdf");
	tg = group(group(NULL, 1024), 1024);
	member(tg, "x", hog, 0, 0);
	member(tg, "y", hog, 0, 0);
	member(NULL, "z", hog, 0, 0);
	harness_run(50 * MS);
	rq = &h.kernel->cpus[0].rq;
	se = &tg->cpu[0].se;
	while (rq->curr->group != tg)
		harness_run(h.sim.now + 1 * MS);
	ck_assert_ptr_eq(se->cfs_rq->curr, se);
	ck_assert_ptr_eq(tg->parent->cpu[0].se.cfs_rq->curr,
			 &tg->parent->cpu[0].se);
	ck_assert_ptr_eq(tg->cpu[0].cfs.curr, &rq->curr->se);
	ck_assert_int_eq(se->sum_exec_runtime,
			 ran(&h.task[0]) + ran(&h.task[1]));
	harness_finish();
}
END_TEST

/* A sleeper of one group wakes up beside a hog of another: the groups are
 * compared, since the tasks' own virtual times mean nothing to each other.  CFS
 * lets it run at once; under EEVDF a request of 0.7 ms was served at the tick
 * of 10 ms, so the hog's next one is due before the sleeper's. */
START_TEST(groups_preempt)
{
	static const struct op sleeper[] = { RUN(100 * US), NOTE('w'),
					     SLEEP(9900 * US), AGAIN(sleeper) };
	struct task_group *a, *b;

	start(1, _i ? "cfs" : "eevdf");
	a = group(NULL, 1024);
	b = group(group(NULL, 1024), 1024);
	member(a, "hog", hog, 0, 0);
	member(b, "sleeper", sleeper, 0, 10500 * US);
	harness_run(50 * MS);
	check_text(_i ? "w10600 w20600 w30600 w40600" :
			"w11100 w21100 w31100 w41100");
	harness_finish();
}
END_TEST

/* A group whose only task goes has had 2 ms more than its due, and is delayed
 * as a task would be: until the other one has had as much. */
static struct task_group *group_sleeps(void)
{
	const struct sched_class *class = fair_class(0);
	struct task_group *tg;
	struct rq *rq;

	start(1, NULL);
	tg = group(NULL, 1024);
	member(tg, "in", hog, 0, KTIME_MAX);
	member(NULL, "out", hog, 0, KTIME_MAX);
	rq = &h.kernel->cpus[0].rq;
	for (unsigned int i = 0; i < 2; i++) {
		h.task[i].on_rq = true;
		class->enqueue_task(rq, &h.task[i], ENQUEUE_WAKEUP);
	}
	ck_assert_ptr_eq(class->pick_next_task(rq), &h.task[0]);
	class->set_next_task(rq, &h.task[0]);
	rq->clock += 2 * MS;
	h.task[0].on_rq = false;
	class->dequeue_task(rq, &h.task[0], DEQUEUE_SLEEP);
	ck_assert(!h.task[0].se.on_rq);
	ck_assert(tg->cpu[0].se.delayed && tg->cpu[0].se.on_rq);
	ck_assert_uint_eq(rq->cfs.nr_running, 1);
	ck_assert_ptr_eq(class->pick_next_task(rq), &h.task[1]);
	class->put_prev_task(rq, &h.task[0]);
	class->set_next_task(rq, &h.task[1]);
	return tg;
}

START_TEST(group_pays)
{
	struct task_group *tg = group_sleeps();
	struct rq *rq = &h.kernel->cpus[0].rq;

	rq->clock += 1 * MS;
	ck_assert_ptr_eq(fair_class(0)->pick_next_task(rq), &h.task[1]);
	ck_assert(tg->cpu[0].se.delayed && tg->cpu[0].se.on_rq);
	rq->clock += 1500 * US;
	ck_assert_ptr_eq(fair_class(0)->pick_next_task(rq), &h.task[1]);
	ck_assert(!tg->cpu[0].se.delayed && !tg->cpu[0].se.on_rq);
	ck_assert_int_eq(tg->cpu[0].se.vlag, 0);
	harness_finish();
}
END_TEST

/* Woken before, its task is in it again, and the group where it was. */
START_TEST(group_woken_in_debt)
{
	struct task_group *tg = group_sleeps();
	struct rq *rq = &h.kernel->cpus[0].rq;

	rq->clock += 1 * MS;
	h.task[0].on_rq = true;
	fair_class(0)->enqueue_task(rq, &h.task[0], ENQUEUE_WAKEUP);
	ck_assert(!tg->cpu[0].se.delayed && tg->cpu[0].se.on_rq);
	ck_assert_uint_eq(tg->cpu[0].cfs.nr_queued, 1);
	ck_assert_uint_eq(rq->cfs.nr_running, 2);
	fair_class(0)->update_curr(rq);
	ck_assert_int_eq(tg->cpu[0].se.vruntime - h.task[1].se.vruntime,
			 1 * MS);
	harness_finish();
}
END_TEST

/* Two tasks of a group, and one that is in none and asks for less. */
static struct task *in[2], *out;

static void switch_to(struct rq *rq, struct task *p, ktime_t time)
{
	const struct sched_class *class = fair_class(0);

	ck_assert_ptr_eq(class->pick_next_task(rq), p);
	if (rq->curr != rq->idle)
		class->put_prev_task(rq, rq->curr);
	class->set_next_task(rq, p);
	rq->curr = p;
	rq->clock += time;
	class->update_curr(rq);
}

static struct rq *two_in_a_group(void)
{
	struct task_attr attr = { .comm = "out",
				  .policy = POLICY_OTHER,
				  .slice_ns = 100 * US,
				  .entry = hog };
	struct task_group *tg;
	struct rq *rq;

	start(1, "eevdf");
	h.kernel->features.run_to_parity = false;
	rq = &h.kernel->cpus[0].rq;
	tg = group(NULL, 1024);
	for (unsigned int i = 0; i < 2; i++)
		in[i] = member(tg, "in", hog, 0, KTIME_MAX);
	out = &h.task[harness_add(&attr, KTIME_MAX)];
	for (unsigned int i = 0; i < 3; i++)
		activate_task(rq, &h.task[i], ENQUEUE_WAKEUP);
	return rq;
}

/* Both have had 250 us; it is the other's turn by its deadline, 350 us against
 * 700, but the group goes on where that is so. */
START_TEST(group_goes_on)
{
	const struct sched_class *class = fair_class(0);
	struct rq *rq = two_in_a_group();

	h.kernel->features.pick_buddy = _i;
	switch_to(rq, out, 250 * US);
	switch_to(rq, in[0], 150 * US);
	switch_to(rq, in[1], 100 * US);
	in[1]->on_rq = false;
	class->dequeue_task(rq, in[1], DEQUEUE_SLEEP);
	ck_assert(!in[1]->se.on_rq);
	ck_assert_ptr_eq(class->pick_next_task(rq), _i ? in[0] : out);
	rq->curr = rq->idle;
	harness_finish();
}
END_TEST

/* A task alone in its group asks for a slice more when it yields, since there is
 * somebody else; where nobody is, it does not. */
START_TEST(yields_to_another_group)
{
	const struct sched_class *class = fair_class(0);
	struct task_group *tg;
	struct task *p;
	struct rq *rq;
	int64_t before;

	start(1, "eevdf");
	rq = &h.kernel->cpus[0].rq;
	tg = group(NULL, 1024);
	p = member(tg, "in", hog, 0, KTIME_MAX);
	member(NULL, "out", hog, 0, KTIME_MAX);
	for (int i = 0; i <= _i; i++)
		activate_task(rq, &h.task[i], ENQUEUE_WAKEUP);
	switch_to(rq, p, 0);
	before = p->se.deadline;
	class->yield_task(rq);
	ck_assert_int_eq(p->se.deadline - before, _i ? 700 * US : 0);
	rq->curr = rq->idle;
	harness_finish();
}
END_TEST

/* Who wakes up in a group that is throttled is not noted as the next one. */
START_TEST(no_buddy_where_throttled)
{
	const char *fair = _i % 2 ? "cfs" : "eevdf";
	const struct sched_class *class = harness_fair_class(fair);
	struct task_group *tg;
	struct rq *rq;

	start(1, fair);
	h.kernel->features.next_buddy = true;
	rq = &h.kernel->cpus[0].rq;
	tg = group(NULL, 1024);
	for (unsigned int i = 0; i < 10; i++) {
		struct task *p = member(i ? NULL : tg, "t", hog, 0, KTIME_MAX);

		p->se.sum_exec_runtime = 1; /* not a new one */
		activate_task(rq, p, ENQUEUE_WAKEUP);
	}
	class->set_next_task(rq, &h.task[1]);
	rq->curr = &h.task[1];
	tg->cpu[0].throttle_count = _i / 2;
	class->wakeup_preempt(rq, &h.task[0]);
	ck_assert_ptr_eq(tg->cpu[0].cfs.next, _i / 2 ? NULL : &h.task[0].se);
	rq->curr = rq->idle;
	harness_finish();
}
END_TEST

/*
 * Queues that hold together
 */

#define NR_GROUPS 6
#define NR_TASKS 24
#define NR_RANDOM_CPUS 3

static struct task_group *groups[NR_GROUPS];
static struct rng rng;

static unsigned int below(unsigned int n)
{
	return (unsigned int)(rng_next(&rng) % n);
}

static const struct op lively[] = { RUN(300 * US),  YIELD,
				    RUN(1700 * US), SLEEP(900 * US),
				    RUN(4100 * US), SLEEP(50 * US),
				    RUN(10 * US),   SLEEP(7 * MS),
				    AGAIN(lively) };

/* The entities of @cfs, and their weights, as counted by hand. */
static void check_queue(struct rq *rq, const struct cfs_rq *cfs)
{
	unsigned int queued = 0, tasks = 0, delayed = 0, idle = 0;
	unsigned int cpu = rq->kc->cpu.id;
	uint64_t load = 0;

	for (unsigned int i = 0; i < NR_TASKS; i++) {
		const struct sched_entity *se = &h.task[i].se;

		if (se->cfs_rq != cfs || !se->on_rq)
			continue;
		ck_assert(h.task[i].on_rq != se->delayed);
		queued++;
		tasks++;
		delayed += se->delayed;
		idle += h.task[i].policy == POLICY_IDLE;
		load += se->weight;
	}
	for (unsigned int i = 0; i < NR_GROUPS; i++) {
		const struct group_rq *child = &groups[i]->cpu[cpu];

		if (child->se.cfs_rq != cfs)
			continue;
		if (child->throttled) {
			ck_assert(!child->se.on_rq);
			continue;
		}
		tasks += child->cfs.nr_running;
		delayed += child->cfs.nr_delayed;
		idle += groups[i]->idle ? child->cfs.nr_running :
					  child->cfs.nr_sched_idle;
		ck_assert(child->se.on_rq || !child->cfs.nr_queued);
		ck_assert(!child->se.delayed || !child->cfs.nr_queued);
		ck_assert(child->se.on_rq == child->se.delayed ||
			  child->cfs.nr_queued);
		queued += child->se.on_rq;
		load += child->se.on_rq ? child->se.weight : 0;
	}
	ck_assert_uint_eq(cfs->nr_running, tasks);
	ck_assert_uint_eq(cfs->nr_delayed, delayed);
	if (cfs == &rq->cfs) {
		ck_assert_uint_eq(rq->nr_running, tasks);
		ck_assert_uint_eq(rq->nr_sched_idle, idle);
	} else {
		ck_assert_uint_eq(cfs->nr_sched_idle, idle);
	}
	ck_assert_uint_eq(cfs->nr_queued, queued);
	if (cfs->tg)
		ck_assert_uint_eq(cfs->load, load);
}

/* Who runs is current in all queues from the CPU's own down to its own. */
static void check_current(const struct rq *rq)
{
	const struct sched_entity *se = &rq->curr->se;

	if (rq->curr->sched_class != h.kernel->config.fair) {
		ck_assert_ptr_null(rq->cfs.curr);
		return;
	}
	for (; se; se = se->parent)
		ck_assert_ptr_eq(se->cfs_rq->curr, se);
}

/* A group's average is what its CPUs have told of. */
static void check_averages(void)
{
	for (unsigned int i = 0; i < NR_GROUPS; i++) {
		uint64_t all = 0;

		for (unsigned int cpu = 0; cpu < NR_RANDOM_CPUS; cpu++)
			all += groups[i]->cpu[cpu].tg_load_avg_contrib;
		ck_assert_uint_eq(groups[i]->load_avg, all);
	}
}

static void check_all(void *data, const struct trace_record *record)
{
	(void)data;
	(void)record;
	for (unsigned int cpu = 0; cpu < NR_RANDOM_CPUS; cpu++) {
		struct rq *rq = cpu_rq(h.kernel, cpu);

		check_queue(rq, &rq->cfs);
		for (unsigned int i = 0; i < NR_GROUPS; i++)
			check_queue(rq, &groups[i]->cpu[cpu].cfs);
	}
	check_averages();
}

static void check_entry(void *data, const struct trace_record *record)
{
	check_all(data, record);
	check_current(cpu_rq(h.kernel, record->cpu));
}

START_TEST(queues_hold_together)
{
	start(NR_RANDOM_CPUS, _i % 2 ? "cfs" : "eevdf");
	rng_init(&rng, (uint64_t)_i, 0, "tests", "groups");
	for (unsigned int i = 0; i < NR_GROUPS; i++)
		groups[i] = group_with(
			i && below(2) ? groups[below(i)] : NULL,
			below(4) ? sched_weight_from_cgroup(1 + below(1000)) :
				   0,
			_i >= 12 && below(2) ? (1 + below(20)) * MS : 0);
	for (unsigned int i = 0; i < NR_TASKS; i++) {
		struct task_attr attr = {
			.comm = "task",
			.policy = below(5) ? POLICY_OTHER : POLICY_IDLE,
			.nice = (int)below(40) - 20,
			.group = below(8) ? groups[below(NR_GROUPS)] : NULL,
			.entry = below(3) ? lively : hog,
			.kthread = true,
		};

		if (below(2))
			cpumask_set_cpu(&attr.cpus, below(NR_RANDOM_CPUS));
		harness_add(&attr, (ktime_t)below(20) * MS);
	}
	tracer_listen(&h.sim.tracer, TP_sched_entry, check_entry, NULL);
	tracer_listen(&h.sim.tracer, TP_sched_exit, check_entry, NULL);
	tracer_listen(&h.sim.tracer, TP_sched_wakeup, check_all, NULL);
	harness_run(700 * MS);
	harness_finish();
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("group");
	TCase *tc = tcase_create("group");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, weights);
	tcase_add_loop_test(tc, shares_by_load, 0, 2);
	tcase_add_loop_test(tc, shares_of_more, 0, 2);
	tcase_add_loop_test(tc, reweighted, 0, 2);
	tcase_add_loop_test(tc, load_is_handed_up, 0, 2);
	tcase_add_loop_test(tc, throttled_time_stands_still, 0, 2);
	tcase_add_test(tc, least_share);
	tcase_add_test(tc, turns_of_groups);
	tcase_add_loop_test(tc, common_group_goes_on, 0, 2);
	tcase_add_loop_test(tc, groups_preempt, 0, 2);
	tcase_add_test(tc, group_pays);
	tcase_add_test(tc, group_woken_in_debt);
	tcase_add_loop_test(tc, group_goes_on, 0, 2);
	tcase_add_loop_test(tc, yields_to_another_group, 0, 2);
	tcase_add_loop_test(tc, no_buddy_where_throttled, 0, 4);
	tcase_add_loop_test(tc, queues_hold_together, 0, 24);
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	return run_suite(suite());
}
