/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the kernel's own timers: the jiffies at which they come up, who is
 * woken, and what they take.
 */
#include <config.h>

#include "kernel-harness.h"
#include "preemptsim/kernel/housekeeping.h"
#include "preemptsim/kernel/workqueue.h"

static unsigned int turns[16];
static const char *thread[16];

static void told_softirq(void *data, const struct trace_record *record)
{
	(void)data;
	if (record->a == TIMER_SOFTIRQ)
		harness_write("", record->when);
}

/* How often each thread got the CPU. */
static void told_turn(void *data, const struct trace_record *record)
{
	const struct kernel *kernel = data;
	const char *comm = kernel->cpus[record->cpu].rq.curr->comm;
	unsigned int i = 0;

	while (thread[i] && strcmp(thread[i], comm) != 0)
		i++;
	ck_assert_uint_lt(i + 1, G_N_ELEMENTS(thread));
	thread[i] = comm;
	turns[i]++;
}

static unsigned int turns_of(const char *comm)
{
	for (unsigned int i = 0; thread[i]; i++)
		if (!strcmp(thread[i], comm))
			return turns[i];
	return 0;
}

static void start(const char *model, unsigned int hz, bool nohz, bool keeps)
{
	struct harness_config config = { .model = model,
					 .hz = hz,
					 .nohz = nohz };

	memset(turns, 0, sizeof(turns));
	memset(thread, 0, sizeof(thread));
	harness_start(&config);
	tracer_listen(&h.sim.tracer, TP_softirq_entry, told_softirq, NULL);
	tracer_listen(&h.sim.tracer, TP_sched_exit, told_turn, h.kernel);
	if (!keeps)
		return;
	workqueue_init(h.kernel, HARNESS_DEPTH);
	housekeeping_init(h.kernel);
}

/* At 250 Hz: what is due less than 63 jiffies away comes a jiffy late, what is
 * less than 504 away at the next multiple of 8, then of 64.  Here in us. */
#define FIRST_700_MS                                                          \
	"32000 80000 128000 184000 288000 392000 496000 544000 600000 608000" \
	" 704000"

START_TEST(at_the_ends_of_buckets)
{
	start("full", 250, false, true);
	harness_run(706 * MS);
	check_text(FIRST_700_MS);
	harness_finish();
}
END_TEST

/* A CPU that idles without a tick wakes up for them, and for nothing else. */
START_TEST(idle_wakes_up_for_them)
{
	start("full", 250, true, true);
	harness_run(706 * MS);
	check_text(FIRST_700_MS);
	ck_assert_uint_eq(h.kernel->cpus[0].tick.count, 11);
	harness_finish();
}
END_TEST

START_TEST(else_each_fortieth_tick)
{
	start("full", 250, false, false);
	harness_run(490 * MS);
	check_text("160000 320000 480000");
	harness_finish();
}
END_TEST

/*
 * In 10 s: kcompactd each 128 jiffies from the 8th on, the work of vmstat each
 * second, that of psi and two others' each 504 jiffies from 384 and 352 on, that
 * of neigh at 192 and, 1250 jiffies later, at the next multiple of 64.
 */
START_TEST(whom_they_wake)
{
	static const char *const models[] = { "none", "full", "rt" };

	for (unsigned int i = 0; i < G_N_ELEMENTS(models); i++) {
		start(models[i], 250, false, true);
		harness_run(10001 * MS);
		ck_assert_uint_eq(turns_of("kcompactd0"), 20);
		ck_assert_uint_eq(turns_of("kworker/u:0"), 5);
		ck_assert_uint_eq(turns_of("kworker/u:1"), 5);
		ck_assert_uint_eq(turns_of("kworker/0:0"), 10 + 5 + 2);
		harness_finish();
	}
}
END_TEST

/* Beside a real-time task that never sleeps nothing is queued twice. */
START_TEST(starved)
{
	static const struct op hog[] = { RUN(1 * MS), AGAIN(hog) };

	start("full", 250, false, true);
	harness_rt("hog", hog, POLICY_FIFO, 50, 0, 0);
	harness_run(10001 * MS);
	ck_assert_uint_eq(turns_of("kcompactd0"), 0);
	ck_assert_uint_eq(turns_of("kworker/0:0"), 0);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("housekeeping");
	TCase *tc = tcase_create("housekeeping");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, at_the_ends_of_buckets);
	tcase_add_test(tc, idle_wakes_up_for_them);
	tcase_add_test(tc, else_each_fortieth_tick);
	tcase_add_test(tc, whom_they_wake);
	tcase_add_test(tc, starved);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
