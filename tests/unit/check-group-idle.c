/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of idle groups: what they weigh, whom they make way for, and where they
 * count as idle.
 */
#include <config.h>

#include "group-harness.h"

static const struct op hog[] = { RUN(1000 * MS), AGAIN(hog) };

static struct rq *start(int i)
{
	struct harness_config config = { .fair = i ? "cfs" : "eevdf" };

	harness_start(&config);
	return cpu_rq(h.kernel, 0);
}

/* One weighs 3 beside 1024, whatever is in it: of 10270 ms its task gets 30. */
START_TEST(weighs_3)
{
	struct task_group *tg;

	start(_i);
	tg = group_with(NULL, 0, 0);
	member(tg, "bg", hog, 0, 0);
	member(NULL, "hog", hog, 0, 0);
	harness_run(10 * 1027 * MS);
	ck_assert_uint_eq(tg->cpu[0].se.weight, 3);
	ck_assert_uint_eq(tg->cpu[0].se.inv_weight, 1431655765);
	ck_assert_int_le(llabs(h.task[0].se.sum_exec_runtime - 30 * MS),
			 3 * MS);
	harness_finish();
}
END_TEST

/* Who wakes up beside an idle group preempts what runs in it at once, though he
 * has had too much, and nobody of that group preempts others, though he is due
 * something.  Among idle groups, and among others, all is as usual. */
static const struct {
	bool curr_idle, woken_idle, due, preempts;
} pairs[] = {
	{ true, false, false, true },	{ false, true, true, false },
	{ true, true, false, false },	{ false, false, true, true },
	{ false, false, false, false },
};

START_TEST(makes_way)
{
	const char *fair = _i % 2 ? "cfs" : "eevdf";
	const struct sched_class *class = harness_fair_class(fair);
	int64_t due = pairs[_i / 2].due ? 10000 * MS : -10000 * MS;
	struct rq *rq = start(_i % 2);
	struct task_group *tg[2];

	h.kernel->features.run_to_parity = false;
	tg[0] = group_with(NULL, pairs[_i / 2].curr_idle ? 0 : 1024, 0);
	tg[1] = group_with(NULL, pairs[_i / 2].woken_idle ? 0 : 1024, 0);
	for (unsigned int i = 0; i < 2; i++)
		member(group_with(tg[i], 1024, 0), "t", hog, 0, KTIME_MAX);
	activate_task(rq, &h.task[0], 0);
	class->set_next_task(rq, &h.task[0]);
	rq->curr = &h.task[0];
	rq->clock += 5 * MS;
	tg[1]->cpu[0].se.vlag = due;
	tg[1]->cpu[0].se.vruntime = -due;
	activate_task(rq, &h.task[1], 0);
	class->wakeup_preempt(rq, &h.task[1]);
	ck_assert_int_eq(rq->curr->tif != 0, pairs[_i / 2].preempts);
	rq->curr = rq->idle;
	harness_finish();
}
END_TEST

/* Where nothing but idle groups' tasks are, others find the CPU idle; also where
 * they are in a group within, and while a throttled group has others. */
START_TEST(counts)
{
	struct task_group *outer, *quota;
	struct rq *rq;

	rq = start(_i);
	outer = group_with(NULL, 0, 0);
	quota = group_with(outer, 1024, 2 * MS);
	member(group_with(outer, 1024, 0), "in", hog, 0, 0);
	member(quota, "out", hog, 0, 0);
	member(NULL, "hog", hog, 0, 11 * MS);
	harness_run(1 * MS);
	ck_assert_uint_eq(rq->nr_sched_idle, 2);
	ck_assert(sched_idle_cpu(h.kernel, 0));
	harness_run(9 * MS);
	ck_assert(quota->cpu[0].throttled);
	ck_assert_uint_eq(rq->nr_sched_idle, 1);
	ck_assert_uint_eq(outer->cpu[0].cfs.nr_sched_idle, 0);
	ck_assert(sched_idle_cpu(h.kernel, 0));
	harness_run(12 * MS);
	ck_assert_uint_eq(rq->nr_sched_idle, 2u - quota->cpu[0].throttled);
	ck_assert(!sched_idle_cpu(h.kernel, 0));
	harness_finish();
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("group-idle");
	TCase *tc = tcase_create("group-idle");

	tcase_add_loop_test(tc, weighs_3, 0, 2);
	tcase_add_loop_test(tc, makes_way, 0, 2 * (int)G_N_ELEMENTS(pairs));
	tcase_add_loop_test(tc, counts, 0, 2);
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	return run_suite(suite());
}
