/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of what groups of tasks ask EEVDF for at a time, step by step: the least
 * of what those in them ask for.  cf. cfs_rq_min_slice() of Linux 6.12.
 */
#include <config.h>

#include "kernel-harness.h"
#include "preemptsim/kernel/task-group.h"

static const struct op hog[] = { RUN(1000 * MS), AGAIN(hog) };

static struct rq *rq;

static void start(const char *version)
{
	struct harness_config config = { .fair = "eevdf", .version = version };

	harness_start(&config);
	rq = &h.kernel->cpus[0].rq;
}

static void finish(void)
{
	rq->curr = rq->idle;
	harness_finish();
}

static struct task_group *group(struct task_group *parent)
{
	struct task_group_attr attr = { .name = "group",
					.parent = parent,
					.weight = 1024 };

	return sched_create_group(h.kernel, &attr);
}

/* A task that asks for so much at a time; 0: has no wish. */
static struct task *enqueue(struct task_group *tg, int64_t slice_ns)
{
	struct task_attr attr = { .comm = "task",
				  .policy = POLICY_OTHER,
				  .group = tg,
				  .slice_ns = slice_ns,
				  .entry = hog };
	struct task *p = &h.task[harness_add(&attr, KTIME_MAX)];

	activate_task(rq, p, ENQUEUE_WAKEUP);
	return p;
}

/* From the next request on, and at each level; before 6.12 what everybody does. */
START_TEST(least)
{
	static const char *const versions[] = { "6.12", "6.6" };
	struct sched_entity *outer, *inner;
	struct task_group *tg;
	struct task *p;

	start(versions[_i]);
	tg = group(NULL);
	outer = &tg->cpu[0].se;
	tg = group(tg);
	inner = &tg->cpu[0].se;
	enqueue(tg, 3 * MS);
	ck_assert_int_eq(inner->slice, _i ? 750000 : 3 * MS);
	ck_assert_int_eq(outer->slice, _i ? 750000 : 3 * MS);
	ck_assert_int_eq(inner->deadline - inner->vruntime, inner->slice);
	p = enqueue(tg, MS / 10);
	ck_assert_int_eq(inner->slice, _i ? 750000 : MS / 10);
	ck_assert_int_eq(outer->slice, _i ? 750000 : MS / 10);
	ck_assert_int_eq(inner->deadline - inner->vruntime,
			 _i ? 750000 : 3 * MS);
	deactivate_task(rq, p, 0);
	ck_assert_int_eq(inner->slice, _i ? 750000 : 3 * MS);
	ck_assert_int_eq(outer->slice, _i ? 750000 : 3 * MS);
	finish();
}
END_TEST

/* The one that runs counts, too, and a task without a wish asks for 0.7 ms. */
START_TEST(running)
{
	struct task_group *tg;
	struct task *p;

	start(NULL);
	tg = group(NULL);
	p = enqueue(tg, MS / 10);
	p->sched_class->set_next_task(rq, p);
	rq->curr = p;
	enqueue(tg, 3 * MS);
	ck_assert_int_eq(tg->cpu[0].se.slice, MS / 10);
	deactivate_task(rq, p, 0);
	ck_assert_int_eq(tg->cpu[0].se.slice, 3 * MS);
	enqueue(tg, 0);
	ck_assert_int_eq(tg->cpu[0].se.slice, 700000);
	p->sched_class->put_prev_task(rq, p);
	finish();
}
END_TEST

/* One in which nobody is left, and that is 2 ms ahead, stays until that is paid.
 * It asks for what the others do then, and nobody waits in it. */
START_TEST(paying)
{
	struct sched_entity *se;
	struct task_group *tg;
	struct task *p;

	start(NULL);
	tg = group(NULL);
	se = &tg->cpu[0].se;
	p = enqueue(tg, 3 * MS);
	p->sched_class->set_next_task(rq, p);
	rq->curr = p;
	enqueue(NULL, 0);
	rq->clock += 2 * MS;
	ck_assert_int_eq(se->slice, 3 * MS);
	ck_assert_uint_eq(se->runnable_weight, 1);
	deactivate_task(rq, p, DEQUEUE_SLEEP);
	ck_assert(se->delayed);
	ck_assert_int_eq(se->slice, 700000);
	ck_assert_uint_eq(se->runnable_weight, 0);
	p->sched_class->put_prev_task(rq, p);
	finish();
}
END_TEST

/* Who asks for little preempts who runs in another group and asks for more, as it
 * would without groups. */
START_TEST(short_one_preempts)
{
	struct task *p;

	start(NULL);
	p = enqueue(group(NULL), 0);
	p->sched_class->set_next_task(rq, p);
	rq->curr = p;
	rq->clock += MS / 2;
	p = enqueue(group(NULL), _i ? MS / 10 : 0);
	p->sched_class->wakeup_preempt(rq, p);
	ck_assert_int_eq(!!(rq->curr->tif & TIF_NEED_RESCHED), _i);
	rq->curr->sched_class->put_prev_task(rq, rq->curr);
	finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("group-slice");
	TCase *tc = tcase_create("group-slice");

	tcase_add_loop_test(tc, least, 0, 2);
	tcase_add_test(tc, running);
	tcase_add_test(tc, paying);
	tcase_add_loop_test(tc, short_one_preempts, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
