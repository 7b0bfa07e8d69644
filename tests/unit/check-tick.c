/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the tick and of its stopping in idle.
 */
#include <config.h>

#include "kernel-harness.h"

static const struct op hog[] = { RUN(7 * MS), AGAIN(hog) };
static const struct op nothing[] = { RET };

static void told_timer(void *data, const struct trace_record *record)
{
	char what[4];

	(void)data;
	snprintf(what, sizeof(what), "%u@", record->cpu);
	harness_write(what, record->when);
}

static void start(unsigned int hz, unsigned int nr_cpus, bool nohz)
{
	struct harness_config config = { .hz = hz,
					 .nr_cpus = nr_cpus,
					 .nohz = nohz };

	harness_start(&config);
	tracer_listen(&h.sim.tracer, TP_local_timer_entry, told_timer, NULL);
}

static uint64_t ticks(unsigned int cpu)
{
	return h.kernel->cpus[cpu].tick.count;
}

START_TEST(on_multiples)
{
	start(1000, 1, false);
	harness_fair("hog", hog, 0, 0, 0);
	harness_run(4500 * US);
	check_text("0@0 0@1000 0@2000 0@3000 0@4000");
	ck_assert_uint_eq(ticks(0), 4);
	ck_assert_uint_eq(jiffies(h.kernel), 4);
	harness_finish();
}
END_TEST

START_TEST(other_rates)
{
	static const unsigned int hz[] = { 100, 250, 300, 1000 };
	static const ktime_t period[] = { 10000000, 4000000, 3333333, 1000000 };

	for (unsigned int i = 0; i < 4; i++) {
		start(hz[i], 1, false);
		ck_assert_int_eq(h.kernel->tick_period, period[i]);
		harness_fair("hog", hog, 0, 0, 0);
		harness_run(1000 * MS + 100);
		ck_assert_uint_eq(ticks(0), hz[i]);
		ck_assert_uint_eq(jiffies(h.kernel), hz[i]);
		harness_finish();
	}
}
END_TEST

START_TEST(periodic_goes_on_in_idle)
{
	start(250, 4, false);
	harness_run(1001 * MS);
	for (unsigned int i = 0; i < 4; i++)
		ck_assert_uint_eq(ticks(i), 250);
	harness_finish();
}
END_TEST

START_TEST(nohz_stops_in_idle)
{
	start(1000, 2, true);
	harness_run(1000 * MS);
	ck_assert_uint_eq(ticks(0) + ticks(1), 0);
	check_text("");
	harness_finish();
}
END_TEST

/* Out of idle the tick goes on, on the same grid; in idle it stops again. */
START_TEST(nohz_goes_on_when_busy)
{
	static const struct op burst[] = { RUN(3500 * US), SYSCALL,
					   SLEEP(10 * MS), SYSRET,
					   AGAIN(burst) };

	start(1000, 2, true);
	harness_fair("burst", burst, 0, 1, 2300 * US);
	harness_run(20 * MS);
	check_text("1@2300 1@3000 1@4000 1@5000 1@15800 1@16000 1@17000 "
		   "1@18000 1@19000");
	ck_assert_uint_eq(ticks(1), 7);
	ck_assert_uint_eq(ticks(0), 0);
	harness_finish();
}
END_TEST

/* A device's interrupt by itself does not make an idle CPU tick for good. */
START_TEST(nohz_and_interrupts)
{
	start(1000, 1, true);
	harness_irq_at(0, nothing, 2500 * US);
	harness_run(50 * MS);
	ck_assert_uint_le(ticks(0), 1);
	harness_finish();
}
END_TEST

static const struct op deaf[] = {
	RUN(500 * US),	DO(op_local_irq_disable),
	RUN(2200 * US), DO(op_local_irq_enable),
	RUN(10 * MS),	DIE,
};

/* Ticks that come while interrupts are off are one, late; the next is on the
 * grid again. */
START_TEST(late_ticks)
{
	start(1000, 1, false);
	harness_kthread("deaf", deaf, 0, 0);
	harness_run(4500 * US);
	check_text("0@0 0@2700 0@3000 0@4000");
	ck_assert_uint_eq(ticks(0), 3);
	ck_assert_uint_eq(jiffies(h.kernel), 4);
	harness_finish();
}
END_TEST

START_TEST(mode_names)
{
	ck_assert_str_eq(tick_mode_choice(TICK_PERIODIC)->name, "periodic");
	ck_assert_str_eq(tick_mode_choice(TICK_NOHZ_IDLE)->name, "nohz_idle");
	ck_assert_ptr_null(tick_mode_choice(2));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tick");
	TCase *tc = tcase_create("tick");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, on_multiples);
	tcase_add_test(tc, other_rates);
	tcase_add_test(tc, periodic_goes_on_in_idle);
	tcase_add_test(tc, nohz_stops_in_idle);
	tcase_add_test(tc, nohz_goes_on_when_busy);
	tcase_add_test(tc, nohz_and_interrupts);
	tcase_add_test(tc, late_ticks);
	tcase_add_test(tc, mode_names);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
