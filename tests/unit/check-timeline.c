/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of timelines: what is recorded of scenarios that can be worked out by
 * hand, that bars add up to the accounts, and the letters.
 */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "run-suite.h"

#include "preemptsim/report/timeline.h"
#include "preemptsim/scenario/build.h"
#include "preemptsim/scenario/model.h"

#define MS INT64_C(1000000)
#define US INT64_C(1000)

/* A task in a system call that makes a real-time task wait, and then late. */
static const char by_hand[] =
	"name: by-hand\n"
	"duration: 20ms\n"
	"machine: {cpus: 1, costs: zero}\n"
	"kernel: {preempt: none, tick: nohz_idle}\n"
	"tasks:\n"
	"  rt: {policy: fifo, priority: 50, every: 10ms, offset: 2ms,\n"
	"       deadline: 4ms, do: [run: 2ms]}\n"
	"  caller:\n"
	"    start: 1ms\n"
	"    once:\n"
	"      - run: 500us\n"
	"      - syscall: {name: write, do: [run: 1ms,\n"
	"          preempt_off: [run: 1ms], irqs_off: [run: 1ms],\n"
	"          mark: done, run: 1ms]}\n";

/* All contexts on two CPUs; a clock of 1 GHz, so that nothing is rounded. */
static const char busy[] =
	"name: busy\n"
	"duration: 50ms\n"
	"machine: {cpus: 2, costs: x86-64, clock: 1GHz}\n"
	"kernel: {preempt: full}\n"
	"locks: {inode: spinlock}\n"
	"devices:\n"
	"  nic:\n"
	"    irq: {every: 700us, cpu: 0}\n"
	"    handler: [run: 20us]\n"
	"    softirq: {vector: net_rx, do: [run: 80us]}\n"
	"tasks:\n"
	"  rt: {policy: fifo, priority: 80, every: 1ms, do: [run: 100us]}\n"
	"  writer:\n"
	"    copies: 3\n"
	"    loop:\n"
	"      - run: {exponential: 100us}\n"
	"      - syscall: {name: write, do: [\n"
	"          hold: {lock: inode, do: [run: {exponential: 200us}]},\n"
	"          irqs_off: [run: 60us], sleep: {exponential: 200us}]}\n";

static struct results *record(const char *yaml, struct timeline *timeline)
{
	GPtrArray *errors = g_ptr_array_new_with_free_func(g_free);
	struct scenario *scenario = scenario_load_memory(
		"x.yaml", yaml, strlen(yaml), NULL, errors);
	g_autoptr(GPtrArray) timelines = g_ptr_array_new();
	struct run_options options = { .seed = 1, .timelines = timelines };
	struct results *results;

	g_ptr_array_add(timelines, timeline);
	ck_assert_msg(scenario != NULL, "%s",
		      errors->len ? (char *)errors->pdata[0] : "");
	results = scenario_run(scenario, &options);
	scenario_free(scenario);
	g_ptr_array_unref(errors);
	return results;
}

static const struct timeline_bar *bar(const struct timeline *timeline,
				      unsigned int i)
{
	return &g_array_index(timeline_bars(timeline, 0), struct timeline_bar,
			      i);
}

static void expect_bar(const struct timeline *timeline, unsigned int i,
		       int64_t end_ns, enum cpu_time what, const char *off,
		       const char *task)
{
	const struct timeline_bar *got = bar(timeline, i);

	ck_assert_int_eq(got->begin_ns,
			 i ? bar(timeline, i - 1)->end_ns : timeline->from_ns);
	ck_assert_int_eq(got->end_ns, end_ns);
	ck_assert_int_eq(got->what, what);
	ck_assert_int_eq(got->preempt_off, strchr(off, 'p') != NULL);
	ck_assert_int_eq(got->irqs_off, strchr(off, 'i') != NULL);
	ck_assert_pstr_eq(got->task, task);
}

START_TEST(bars_as_worked_out)
{
	struct timeline *timeline = timeline_new(500 * US, 10 * MS);

	results_free(record(by_hand, timeline));
	ck_assert_uint_eq(timeline->cpus->len, 1);
	ck_assert_uint_eq(timeline_bars(timeline, 0)->len, 8);
	expect_bar(timeline, 0, 1 * MS, CPU_IDLE, "", NULL);
	expect_bar(timeline, 1, 1500 * US, CPU_USER, "", "caller");
	expect_bar(timeline, 2, 2500 * US, CPU_KERNEL, "", "caller");
	expect_bar(timeline, 3, 3500 * US, CPU_KERNEL, "p", "caller");
	expect_bar(timeline, 4, 4500 * US, CPU_KERNEL, "i", "caller");
	expect_bar(timeline, 5, 5500 * US, CPU_KERNEL, "", "caller");
	expect_bar(timeline, 6, 7500 * US, CPU_USER, "", "rt");
	expect_bar(timeline, 7, 10 * MS, CPU_IDLE, "", NULL);
	timeline_free(timeline);
}
END_TEST

static void expect_mark(const struct timeline *timeline, unsigned int i,
			enum timeline_kind kind, int64_t at_ns,
			const char *text)
{
	const struct timeline_mark *mark =
		&g_array_index(timeline->marks, struct timeline_mark, i);

	ck_assert_int_eq(mark->kind, kind);
	ck_assert_int_eq(mark->at_ns, at_ns);
	ck_assert_pstr_eq(mark->text, text);
}

START_TEST(wakeups_and_marks)
{
	struct timeline *timeline = timeline_new(1500 * US, 10 * MS);
	const struct timeline_wakeup *wakeup;

	results_free(record(by_hand, timeline));
	ck_assert_uint_eq(timeline->wakeups->len, 1);
	wakeup = &g_array_index(timeline->wakeups, struct timeline_wakeup, 0);
	ck_assert_str_eq(wakeup->task, "rt");
	ck_assert_int_eq(wakeup->wake_ns, 2 * MS);
	ck_assert_int_eq(wakeup->run_ns, 5500 * US);
	ck_assert_uint_eq(timeline->marks->len, 4);
	expect_mark(timeline, 0, TIMELINE_RELEASE, 2 * MS, NULL);
	expect_mark(timeline, 1, TIMELINE_PRINT, 4500 * US, "done");
	expect_mark(timeline, 2, TIMELINE_DEADLINE, 6 * MS, NULL);
	expect_mark(timeline, 3, TIMELINE_DROPOUT, 7500 * US,
		    "late by 1.50 ms");
	timeline_free(timeline);
}
END_TEST

/* The run is over before the window is. */
START_TEST(window_ends_with_the_run)
{
	struct timeline *timeline = timeline_new(19 * MS, 30 * MS);

	results_free(record(by_hand, timeline));
	ck_assert_int_eq(timeline->to_ns, 20 * MS);
	ck_assert_uint_eq(timeline_bars(timeline, 0)->len, 1);
	expect_bar(timeline, 0, 20 * MS, CPU_IDLE, "", NULL);
	timeline_free(timeline);
}
END_TEST

START_TEST(bars_add_up_to_the_accounts)
{
	struct timeline *timeline = timeline_new(0, 50 * MS);
	struct results *results = record(busy, timeline);

	for (unsigned int cpu = 0; cpu < 2; cpu++) {
		const struct cpu_results *account = results->cpus->pdata[cpu];
		const GArray *bars = timeline_bars(timeline, cpu);
		int64_t time_ns[NR_CPU_TIMES] = { 0 };
		int64_t at = 0;

		for (unsigned int i = 0; i < bars->len; i++) {
			const struct timeline_bar *got =
				&g_array_index(bars, struct timeline_bar, i);

			ck_assert_int_eq(got->begin_ns, at);
			ck_assert_int_gt(got->end_ns, at);
			time_ns[got->what] += got->end_ns - got->begin_ns;
			at = got->end_ns;
		}
		ck_assert_int_eq(at, 50 * MS);
		for (unsigned int i = 0; i < NR_CPU_TIMES; i++)
			ck_assert_int_eq(time_ns[i], account->time_ns[i]);
		ck_assert_int_gt(time_ns[CPU_SPIN], 0);
	}
	results_free(results);
	timeline_free(timeline);
}
END_TEST

static const char letters[] =
	"From 0.001500000 s on, 8.50 ms; a column is 500 us\n"
	"\n"
	"CPU 0  caller  rt\n"
	"       KKKKKKKKUUUU.....\n"
	"         ppii\n"
	"\n"
	"U user, K kernel, S softirq, H hardirq, N NMI, X spinning, W switch, "
	". idle;\n"
	"in lower case: a part of the column; below: p preemption off, i "
	"interrupts off\n"
	"\n"
	"+0.500000 ms  CPU 0  release of rt\n"
	"+0.500000 ms  CPU 0  wakes rt\n"
	"+3.000000 ms  CPU 0  print: done\n"
	"+4.000000 ms  CPU 0  runs rt, 3.50 ms after its wakeup\n"
	"+4.500000 ms  CPU 0  deadline of rt\n"
	"+6.000000 ms  CPU 0  dropout of rt: late by 1.50 ms\n";

START_TEST(letters_of_columns)
{
	struct timeline *timeline = timeline_new(1500 * US, 10 * MS);
	GString *out = g_string_new(NULL);

	results_free(record(by_hand, timeline));
	timeline_write_text(timeline, 17, out);
	ck_assert_str_eq(out->str, letters);
	g_string_free(out, TRUE);
	timeline_free(timeline);
}
END_TEST

/* An interrupt of a tenth of the column is there, one of a twentieth is not. */
START_TEST(short_parts_are_lower_case)
{
	static const struct timeline_bar bars[] = {
		{ 0, 85, CPU_USER, false, false, "a" },
		{ 85, 95, CPU_HARDIRQ, false, true, "a" },
		{ 95, 145, CPU_USER, false, false, "a" },
		{ 145, 150, CPU_HARDIRQ, false, true, "a" },
		{ 150, 200, CPU_USER, false, false, "a" },
	};
	struct timeline *timeline = timeline_new(0, 200);
	GArray *cpu = g_array_new(FALSE, FALSE, sizeof(*bars));
	GString *out = g_string_new(NULL);

	g_array_append_vals(cpu, bars, G_N_ELEMENTS(bars));
	g_ptr_array_add(timeline->cpus, cpu);
	timeline_write_text(timeline, 2, out);
	ck_assert_msg(strstr(out->str, "CPU 0  a\n       hU\n       i\n") !=
			      NULL,
		      "%s", out->str);
	g_string_free(out, TRUE);
	timeline_free(timeline);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("timeline");
	Suite *suite = suite_create("timeline");

	tcase_add_test(tcase, bars_as_worked_out);
	tcase_add_test(tcase, wakeups_and_marks);
	tcase_add_test(tcase, window_ends_with_the_run);
	tcase_add_test(tcase, bars_add_up_to_the_accounts);
	tcase_add_test(tcase, letters_of_columns);
	tcase_add_test(tcase, short_parts_are_lower_case);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
