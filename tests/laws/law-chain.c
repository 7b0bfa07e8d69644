/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chains: by hand on a machine without costs, and against the jobs one by one.
 *
 * The n-th job of each task of these chains belongs to the n-th interrupt, as
 * nothing is skipped: so what a chain says can be had from the list of jobs by
 * counting, and has to be the same where jobs queue up.
 */
#include <config.h>

#include "law.h"

static const struct hist *chain_of(const struct results *results,
				   const char *name)
{
	for (unsigned int i = 0; i < results->chains->len; i++) {
		const struct chain_results *chain = results->chains->pdata[i];

		if (!strcmp(chain->name, name))
			return chain->latency;
	}
	ck_abort_msg("no chain %s", name);
	return NULL;
}

/*
 * Since the interrupt: the handler wakes a at 5 us and ends at 7, a until 57 us, where it wakes b;
 * a goes on until 77 us, b from there until 177 us, where it wakes c; c is more
 * urgent and ends at 257 us; b ends at 287 us.
 */
START_TEST(by_hand)
{
	static const struct {
		const char *name;
		int64_t us;
	} parts[] = {
		{ "e", 257 },  { "e/d", 0 },   { "e/d/driver", 5 },
		{ "e/a", 52 }, { "e/b", 120 }, { "e/c", 80 },
		{ "f", 200 },  { "f/b", 120 }, { "f/c", 80 },
	};
	struct results *results = law_simulate(
		"duration: 100ms\nwarmup: 20ms\nmachine: {costs: zero}\n"
		"kernel: {preempt: full}\nwaitqueues: [q, r]\n"
		"devices: {d: {irq: {every: 10ms, offset: 1ms}, "
		"handler: [run: 5us, wake: d, run: 2us]}}\n"
		"tasks:\n"
		"  a: {policy: fifo, priority: 80, on: d, "
		"do: [run: 50us, wake: q, run: 20us]}\n"
		"  b: {policy: fifo, priority: 70, on: q, "
		"do: [run: 100us, wake: r, run: 30us]}\n"
		"  c: {policy: fifo, priority: 75, on: r, do: [run: 80us]}\n"
		"chains: {e: [d, a, b, c], f: [b, c]}\n",
		NULL);

	for (unsigned int i = 0; i < G_N_ELEMENTS(parts); i++) {
		const struct hist *hist = chain_of(results, parts[i].name);

		ck_assert_uint_eq(hist_count(hist), 8);
		ck_assert_int_eq(hist_min(hist), parts[i].us * US);
		ck_assert_int_eq(hist_max(hist), parts[i].us * US);
	}
	results_free(results);
}
END_TEST

/*
 * Two interrupts, at 100 and 105 us: the second job of a begins at the very
 * instant at which the first ends, and wakes b at once.  b's first job ends at
 * 121 us and its second at 122 us, which is 17 us after the second interrupt.
 */
START_TEST(at_one_instant)
{
	struct results *results = law_simulate(
		"duration: 10ms\nmachine: {costs: zero}\n"
		"kernel: {preempt: full}\nwaitqueues: [q]\n"
		"devices: {d: {irq: {at: [100us, 105us]}, "
		"handler: [wake: d]}}\n"
		"tasks:\n"
		"  a: {policy: fifo, priority: 80, on: d, "
		"do: [wake: q, run: 10us]}\n"
		"  b: {policy: fifo, priority: 70, on: q, do: [run: 1us]}\n"
		"chains: {e: [d, a, b]}\n",
		NULL);
	const struct hist *hist = chain_of(results, "e");

	ck_assert_uint_eq(hist_count(hist), 2);
	ck_assert_int_eq(hist_max(hist), 21 * US);
	ck_assert_int_eq(hist_min(hist), 17 * US);
	results_free(results);
}
END_TEST

/*
 * Interrupts are off until 120 us, the handler runs until 130; bottom halves are
 * off until 430, the softirq wakes a at 450, ends at 480, and a at 520.  Under
 * rt the interrupt's thread does not care for L's bottom halves: it wakes a at
 * 150, which goes on at once.
 */
static const struct {
	const char *model;
	int64_t whole, interrupt, driver, task;
} hits[] = {
	{ "preempt=full", 420, 20, 330, 70 },
	{ "preempt=rt", 90, 20, 30, 40 },
};

START_TEST(each_stage_has_its_own_delay)
{
	g_autofree char *model = g_strconcat("kernel.", hits[_i].model, NULL);
	const char *const settings[] = { model, NULL };
	struct results *results = law_simulate(
		"duration: 10ms\nmachine: {cpus: 1, costs: zero}\n"
		"devices: {d: {irq: {at: [100us]}, handler: [run: 10us], "
		"softirq: {vector: net_rx, do: [run: 20us, wake: d, "
		"run: 30us]}}}\n"
		"tasks:\n"
		"  a: {policy: fifo, priority: 80, on: d, do: [run: 40us]}\n"
		"  L: {once: [syscall: {name: call, do: ["
		"bh_off: [irqs_off: [run: 120us], run: 300us]]}]}\n"
		"chains: {e: [d, a]}\n",
		settings);

	ck_assert_int_eq(hist_max(chain_of(results, "e")), hits[_i].whole * US);
	ck_assert_int_eq(hist_max(chain_of(results, "e/d")),
			 hits[_i].interrupt * US);
	ck_assert_int_eq(hist_max(chain_of(results, "e/d/driver")),
			 hits[_i].driver * US);
	ck_assert_int_eq(hist_max(chain_of(results, "e/a")),
			 hits[_i].task * US);
	results_free(results);
}
END_TEST

/*
 * The second interrupt, at 105 us, comes while a is busy, so that nobody is
 * woken: but its driver is done at 106 us, and from there on it is a's.
 */
START_TEST(drivers_are_done_however_busy_tasks_are)
{
	struct results *results =
		law_simulate("duration: 10ms\nmachine: {costs: zero}\n"
			     "kernel: {preempt: full}\n"
			     "devices: {d: {irq: {at: [100us, 105us]}, "
			     "handler: [run: 1us, wake: d, run: 1us]}}\n"
			     "tasks: {a: {policy: fifo, priority: 80, on: d, "
			     "do: [run: 10us]}}\n"
			     "chains: {e: [d, a]}\n",
			     NULL);
	const struct hist *driver = chain_of(results, "e/d/driver");

	ck_assert_uint_eq(hist_count(driver), 2);
	ck_assert_int_eq(hist_min(driver), 1 * US);
	ck_assert_int_eq(hist_max(driver), 1 * US);
	ck_assert_int_eq(hist_max(chain_of(results, "e/a")), 18 * US);
	results_free(results);
}
END_TEST

static const char *const models[] = { "none", "lazy", "full", "rt" };

START_TEST(as_the_jobs_say)
{
	g_autofree char *model =
		g_strconcat("kernel.preempt=", models[_i], NULL);
	const char *const settings[] = { model, NULL };
	struct results *results = law_simulate(
		"duration: 3s\nmachine: {cpus: 2, clock: 1GHz}\n"
		"waitqueues: [q]\n"
		"devices: {d: {irq: {exponential: 1ms}, "
		"handler: [run: 5us, wake: d]}}\n"
		"tasks:\n"
		"  a: {policy: fifo, priority: 80, on: d, deadline: none, "
		"do: [run: {exponential: 300us}, wake: q, run: 20us]}\n"
		"  b: {policy: other, on: q, deadline: none, "
		"do: [run: {exponential: 500us}]}\n"
		"  x: {loop: [run: {exponential: 1ms}, syscall: {name: x, "
		"do: [run: {exponential: 1ms}]}]}\n"
		"chains: {e: [d, a, b]}\n",
		settings);
	GArray *first = law_jobs(results, "a"), *last = law_jobs(results, "b");
	const struct hist *whole = chain_of(results, "e");
	uint64_t n = 0, parts;
	int64_t sum = 0, max = 0;

	for (unsigned int i = 0; i < last->len; i++) {
		const struct job_record *job = law_job(last, i);
		int64_t ns = job->end_ns - law_job(first, i)->release_ns;

		if (job->end_ns < 0)
			continue;
		n++;
		sum += ns;
		max = MAX(max, ns);
	}
	ck_assert_uint_gt(n, 2000);
	ck_assert_uint_eq(hist_count(whole), n);
	ck_assert_int_eq((int64_t)whole->sum, sum);
	ck_assert_int_eq(hist_max(whole), max);
	parts = (uint64_t)chain_of(results, "e/d")->sum +
		(uint64_t)chain_of(results, "e/d/driver")->sum +
		(uint64_t)chain_of(results, "e/a")->sum +
		(uint64_t)chain_of(results, "e/b")->sum;
	ck_assert_uint_eq(parts, (uint64_t)sum);
	g_array_unref(first);
	g_array_unref(last);
	results_free(results);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("chain");
	TCase *tcase = tcase_create("chain");

	tcase_add_test(tcase, by_hand);
	tcase_add_test(tcase, at_one_instant);
	tcase_add_loop_test(tcase, each_stage_has_its_own_delay, 0,
			    G_N_ELEMENTS(hits));
	tcase_add_test(tcase, drivers_are_done_however_busy_tasks_are);
	tcase_add_loop_test(tcase, as_the_jobs_say, 0, G_N_ELEMENTS(models));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
