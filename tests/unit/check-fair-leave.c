/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of what is left behind when tasks leave the queues of CFS and EEVDF or
 * make way there, step by step.
 */
#include <config.h>

#include "kernel-harness.h"

static const struct op hog[] = { RUN(1000 * MS), AGAIN(hog) };

static const struct sched_class *class;
static struct rq *rq;

static void start(const char *fair)
{
	struct harness_config config = { .fair = fair };

	harness_start(&config);
	class = harness_fair_class(fair);
	rq = &h.kernel->cpus[0].rq;
}

static void finish(void)
{
	rq->curr = rq->idle;
	harness_finish();
}

static struct task *enqueue(enum policy policy)
{
	struct task_attr attr = { .comm = "t", .policy = policy, .entry = hog };
	struct task *p;

	cpumask_set_cpu(&attr.cpus, 0);
	p = &h.task[harness_add(&attr, KTIME_MAX)];
	activate_task(rq, p, 0);
	return p;
}

static void run(struct task *p)
{
	class->set_next_task(rq, p);
	rq->curr = p;
}

/* Who goes is counted no more, in no respect. */
START_TEST(counts)
{
	struct task *p[4];

	start(_i ? "eevdf" : "cfs");
	for (int i = 0; i < 4; i++)
		p[i] = enqueue(i % 2 ? POLICY_IDLE : POLICY_OTHER);
	ck_assert_uint_eq(rq->cfs.nr_running, 4);
	ck_assert_uint_eq(rq->cfs.nr_queued, 4);
	ck_assert_uint_eq(rq->cfs.nr_idle, _i ? 0 : 2);
	ck_assert_uint_eq(h.kernel->nr_overloaded, 1);
	for (int i = 0; i < 4; i++)
		deactivate_task(rq, p[i], 0);
	ck_assert_uint_eq(rq->nr_running, 0);
	ck_assert_uint_eq(rq->cfs.nr_running, 0);
	ck_assert_uint_eq(rq->cfs.nr_queued, 0);
	ck_assert_uint_eq(rq->cfs.nr_idle, 0);
	ck_assert_uint_eq(rq->cfs.load, 0);
	ck_assert_uint_eq(rq->cfs.avg_load, 0);
	ck_assert_int_eq(rq->cfs.avg_vruntime, 0);
	ck_assert_uint_eq(h.kernel->nr_overloaded, 0);
	ck_assert_ptr_null(rq->cfs.root);
	finish();
}
END_TEST

/* CFS: who changes its class while it is queued takes along how far it was ahead,
 * once. */
START_TEST(ahead_is_taken_along)
{
	struct task *p;

	start("cfs");
	rq->cfs.min_vruntime = 100 * MS;
	p = enqueue(POLICY_OTHER);
	ck_assert_int_eq(p->se.vruntime, 100 * MS);
	p->se.vruntime += 3 * MS;
	deactivate_task(rq, p, 0);
	ck_assert_int_eq(p->se.vruntime, 3 * MS);
	class->switched_from(rq, p);
	ck_assert_int_eq(p->se.vruntime, 3 * MS);
	finish();
}
END_TEST

/* CFS: a sleeper does so as if it woke up now, with no more than its credit,
 * half of 6 ms. */
START_TEST(sleeper_changes_class)
{
	struct task *p;

	start("cfs");
	p = enqueue(POLICY_OTHER);
	deactivate_task(rq, p, DEQUEUE_SLEEP);
	rq->cfs.min_vruntime = 100 * MS;
	class->switched_from(rq, p);
	ck_assert_int_eq(p->se.vruntime, -3 * MS);
	finish();
}
END_TEST

/* EEVDF: who yields puts its request back by a slice of 0.7 ms, if there is
 * somebody else. */
START_TEST(yield)
{
	struct task *p;
	int64_t deadline;

	start("eevdf");
	p = enqueue(POLICY_OTHER);
	run(p);
	deadline = p->se.deadline;
	class->yield_task(rq);
	ck_assert_int_eq(p->se.deadline, deadline);
	enqueue(POLICY_OTHER);
	class->yield_task(rq);
	ck_assert_int_eq(p->se.deadline, deadline + 700 * US);
	finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fair-leave");
	TCase *tc = tcase_create("fair-leave");

	tcase_add_loop_test(tc, counts, 0, 2);
	tcase_add_test(tc, ahead_is_taken_along);
	tcase_add_test(tc, sleeper_changes_class);
	tcase_add_test(tc, yield);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
