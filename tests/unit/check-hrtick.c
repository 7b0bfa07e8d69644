/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of HRTICK: when a timer ends the slices of CFS and EEVDF, in numbers
 * that follow from kernel/sched/core.c and fair.c of Linux 6.1 and 6.12 by
 * hand.
 */
#include <config.h>

#include <math.h>

#include "kernel-harness.h"

static const struct op hog[] = { RUN(1000 * MS), AGAIN(hog) };

static struct rq *rq;

static void start(const char *fair, unsigned int nr_cpus)
{
	struct harness_config config = { .fair = fair,
					 .hz = 250,
					 .nr_cpus = nr_cpus };

	harness_start(&config);
	h.kernel->features.hrtick = true;
	h.kernel->features.start_debit = false;
	rq = &h.kernel->cpus[0].rq;
	harness_log_switches();
}

/* Of 6 ms each has the half, less what the inverse of the weights is rounded
 * by: see check-cfs. */
START_TEST(cfs_halves)
{
	start("cfs", 1);
	harness_fair("a", hog, 0, 0, 0);
	harness_fair("b", hog, 0, 0, 0);
	harness_run(10 * MS);
	check_text("a@0 b@2999.998 a@5999.996 b@8999.994");
	harness_finish();
}
END_TEST

/* 6 ms * 1024 / 2383 twice, and 6 ms * 335 / 2383, behind which the last one is
 * 2 ns of virtual time behind the others: 10 us is what it gets on top, since
 * the timer takes no less. */
START_TEST(cfs_by_weight)
{
	start("cfs", 1);
	harness_fair("a", hog, 0, 0, 0);
	harness_fair("b", hog, 0, 0, 0);
	harness_fair("c", hog, 5, 0, 0);
	harness_run(7 * MS);
	check_text("a@0 b@2578.262 c@5156.524 a@6009.998");
	harness_finish();
}
END_TEST

/* The slice of one that runs ends once there is somebody else, though that is
 * found out on another CPU.  Of two CPUs slices are twice as long, and half a
 * millisecond of it is over; an IPI takes no time here. */
START_TEST(slice_begins_with_the_second)
{
	static const struct op waker[] = { RUN(1 * MS), WAKE(1), DIE };

	start(_i ? "eevdf" : "cfs", 2);
	harness_fair("w", waker, 0, 0, 0);
	harness_fair("b", hog, 0, 1, KTIME_MAX);
	harness_fair("a", hog, 0, 1, 500 * US);
	harness_run(_i ? 4 * MS : 7 * MS);
	check_text(_i ? "w/0@0 a/1@500 idle/0@1000 b/1@1900 a/1@3300" :
			"w/0@0 a/1@500 idle/0@1000 b/1@6499.997");
	ck_assert(!h.kernel->cpus[1].rq.csd);
	ck_assert(!h.kernel->cpus[1].rq.hrtick.due);
	harness_finish();
}
END_TEST

/* A heavy one, 3121 to 1024, which is due something still when its slice is
 * over goes on, and nobody sets the timer for it again: the next tick ends
 * that.
 */
START_TEST(eevdf_goes_on_to_the_tick)
{
	start("eevdf", 1);
	harness_fair("a", hog, -5, 0, 0);
	harness_fair("b", hog, 0, 0, 0);
	harness_run(9 * MS);
	check_text("a@0 b@700 a@1400 b@4000 a@4700 b@8000");
	harness_finish();
}
END_TEST

/*
 * Slices as hogs see them in their own clocks, that is in user mode, ms: what
 * was measured on Debian's 6.1.192 and 6.12.117, one CPU, 250 Hz.
 */
static const struct {
	const char *profile, *fair;
	unsigned int hogs;
	double slice[3];
} measured[] = {
	{ "linux-6.1", "cfs", 2, { 3.0, 3.0 } },
	{ "linux-6.1", "cfs", 3, { 2.577, 2.577, .842 } },
	{ "linux-6.12", "eevdf", 3, { .698, .698, .698 } },
	{ "linux-6.12", "eevdf", 2, { 4.0, 4.0 } },
};

/* No two turns are quite equal on a real CPU. */
static const struct op noise[] = { RUN(13), RET };

#define MOST_SLICES 20000

static struct {
	double slice[MOST_SLICES];
	unsigned int n;
} seen[3];
static ktime_t user_before;

/* Whose slice is over now, and how much of it was in user mode. */
static void see_slice(void *data, const struct trace_record *record)
{
	struct kcpu *kc = &h.kernel->cpus[0];
	unsigned int i = (unsigned int)(kc->rq.curr - h.task);
	ktime_t user = cpu_acct_time(&kc->cpu, ACCT_USER);

	(void)data;
	(void)record;
	if (i < 3 && seen[i].n < MOST_SLICES)
		seen[i].slice[seen[i].n++] = (double)(user - user_before) / MS;
	user_before = user;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static struct costs costs_of(const char *name)
{
	struct costs costs;
	unsigned int profile = 0;

	while (strcmp(cost_profile_choice(profile)->name, name) != 0)
		profile++;
	for (unsigned int i = 0; i < NR_COSTS; i++)
		costs.price[i] = cost_profile_ns(profile, (enum cost_id)i);
	return costs;
}

/* The median: a tick takes some us of every second or third slice.
 *
 * Two of equal weight under EEVDF: who has had less when the timer expires is
 * due something still, is picked again, and the timer is not.  As soon as that
 * has come about once by a difference of some ns, it goes on from tick to
 * tick. */
START_TEST(as_measured)
{
	struct costs costs = costs_of(measured[_i].profile);
	struct harness_config config = { .fair = measured[_i].fair,
					 .costs = &costs,
					 .hz = 250 };

	memset(seen, 0, sizeof(seen));
	user_before = 0;
	harness_start(&config);
	h.kernel->features.hrtick = true;
	tracer_listen(&h.sim.tracer, TP_sched_switch, see_slice, NULL);
	for (unsigned int i = 0; i < measured[_i].hogs; i++)
		harness_fair("t", hog, i < 2 ? 0 : 5, 0, 0);
	if (measured[_i].slice[0] > 3.9)
		harness_irq_at(0, noise, 0)->every = 976543;
	harness_run(10000 * MS);
	for (unsigned int i = 0; i < measured[_i].hogs; i++) {
		double slice;

		qsort(seen[i].slice, seen[i].n, sizeof(double), compare);
		slice = seen[i].slice[seen[i].n / 2];
		ck_assert_msg(fabs(slice - measured[_i].slice[i]) <
				      (slice > 3.9 ? .02 : .004),
			      "slices of %.4f ms, should be %.3f", slice,
			      measured[_i].slice[i]);
	}
	harness_finish();
}
END_TEST

/* Where a timer is set, ticks don't end slices: class by class, as in
 * entity_tick(). */
START_TEST(ticks_leave_it_alone)
{
	struct task *a, *b;
	const struct sched_class *class;

	start("cfs", 1);
	class = h.kernel->sched_class[PLACE_FAIR];
	a = &h.task[harness_fair("a", hog, 0, 0, KTIME_MAX)];
	b = &h.task[harness_fair("b", hog, 0, 0, KTIME_MAX)];
	class->enqueue_task(rq, a, 0);
	class->enqueue_task(rq, b, 0);
	class->set_next_task(rq, a);
	rq->curr = a;
	rq->clock = 4 * MS;
	if (_i)
		hrtimer_cancel(&rq->hrtick.timer);
	class->task_tick(rq, a);
	ck_assert_int_eq(!!(a->tif & TIF_NEED_RESCHED), _i);
	rq->curr = rq->idle;
	harness_finish();
}
END_TEST

/* Nobody else, no timer. */
START_TEST(alone)
{
	start(_i ? "eevdf" : "cfs", 1);
	harness_fair("a", hog, 0, 0, 0);
	harness_run(2 * MS);
	ck_assert_uint_eq(rq->hrtick.timer.slot, HRTIMER_INACTIVE);
	harness_finish();
}
END_TEST

/* Of two one sleeps, with a debt for which it stays queued in 6.12: so it counts,
 * and the slice of the other ends. */
START_TEST(debtors_count)
{
	const struct sched_class *class = fair_class(0);
	struct task *p[2];

	start("eevdf", 1);
	h.kernel->features.delay_dequeue = _i;
	for (unsigned int i = 0; i < 2; i++) {
		p[i] = &h.task[harness_fair("t", hog, 0, 0, KTIME_MAX)];
		activate_task(rq, p[i], ENQUEUE_WAKEUP);
	}
	class->set_next_task(rq, p[0]);
	rq->clock += 600 * US;
	hrtimer_cancel(&rq->hrtick.timer);
	class->dequeue_task(rq, p[0], DEQUEUE_SLEEP);
	class->put_prev_task(rq, p[0]);
	ck_assert_int_eq(p[0]->se.delayed, _i);
	class->set_next_task(rq, p[1]);
	ck_assert_int_eq(rq->hrtick.timer.slot != HRTIMER_INACTIVE, _i);
	harness_finish();
}
END_TEST

/*
 * Deadline tasks: 2.5 ms in 10, where ticks are 4 ms apart.
 */

static unsigned int dl(const char *comm, ktime_t runtime, bool reclaim)
{
	struct task_attr attr = { .comm = comm,
				  .policy = POLICY_DEADLINE,
				  .dl_runtime = runtime,
				  .dl_deadline = 10 * MS,
				  .dl_period = 10 * MS,
				  .entry = hog };
	unsigned int i = harness_add(&attr, 0);

	h.task[i].dl.reclaim = reclaim;
	return i;
}

/* A runtime ends when it is over, not at the tick at 4 and 12 ms, of which the
 * next period would be short. */
START_TEST(runtime_is_exact)
{
	struct harness_config config = { .hz = 250 };

	harness_start(&config);
	h.kernel->features.hrtick_dl = _i;
	harness_log_switches();
	dl("dl", 2500 * US, false);
	harness_fair("fair", hog, 0, 0, 0);
	harness_run(24 * MS - 1);
	check_text(_i ? "dl@0 fair@2500 dl@10000 fair@12500 dl@20000 "
			"fair@22500" :
			"dl@0 fair@4000 dl@10000 fair@12000 dl@20000");
	harness_finish();
}
END_TEST

/* One that reclaims a CPU of which it has a quarter uses its runtime up at a
 * quarter of the speed: three quarters are left when the timer expires, and it
 * is set anew. */
START_TEST(runtime_is_reclaimed)
{
	struct harness_config config = { .hz = 250 };
	unsigned int i;

	harness_start(&config);
	h.kernel->features.hrtick_dl = true;
	harness_log_switches();
	i = dl("dl", 2500 * US, true);
	harness_fair("fair", hog, 0, 0, 0);
	harness_run(2500 * US + 1);
	ck_assert_int_eq(h.task[i].dl.runtime, 1875 * US);
	ck_assert_uint_ne(h.kernel->cpus[0].rq.hrtick.timer.slot,
			  HRTIMER_INACTIVE);
	harness_run(12 * MS);
	check_text("dl@0");
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hrtick");
	TCase *tc = tcase_create("hrtick");

	tcase_add_test(tc, cfs_halves);
	tcase_add_test(tc, cfs_by_weight);
	tcase_add_loop_test(tc, slice_begins_with_the_second, 0, 2);
	tcase_add_test(tc, eevdf_goes_on_to_the_tick);
	tcase_add_loop_test(tc, as_measured, 0, (int)G_N_ELEMENTS(measured));
	tcase_add_loop_test(tc, ticks_leave_it_alone, 0, 2);
	tcase_add_loop_test(tc, alone, 0, 2);
	tcase_add_loop_test(tc, debtors_count, 0, 2);
	tcase_add_loop_test(tc, runtime_is_exact, 0, 2);
	tcase_add_test(tc, runtime_is_reclaimed);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
