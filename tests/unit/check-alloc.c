/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Nothing is allocated while a simulation runs: all calls of malloc() and its
 * like are counted between two reports of progress, which a run makes from
 * inside of its loop.  A backlog longer than any before may allocate, and so
 * may keeping a worst case; here is neither.
 */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "malloc-count.h"
#include "preemptsim/scenario/build.h"
#include "preemptsim/scenario/model.h"
#include "run-suite.h"

static const char *const scenarios[] = {
	/* A bit of everything. */
	"name: everything\n"
	"duration: 2s\n"
	"warmup: 100ms\n"
	"machine: {cpus: 4, clock: 3GHz}\n"
	"kernel: {preempt: full}\n"
	"locks: {inode: spinlock, files: mutex}\n"
	"waitqueues: [done]\n"
	"devices:\n"
	"  card:\n"
	"    irq: {every: 1ms, jitter: {uniform: [0us, 20us]}}\n"
	"    handler: [run: 4us, wake: card, wake: done]\n"
	"  net:\n"
	"    irq: {exponential: 300us, cpu: 1}\n"
	"    handler: [run: 1us]\n"
	"    softirq: {vector: net_rx, do: [run: 5us]}\n"
	"  disk:\n"
	"    service: {exponential: 400us}\n"
	"    servers: 2\n"
	"tasks:\n"
	"  player: {policy: fifo, priority: 70, on: card, do: [run: 50us]}\n"
	"  waiter: {on: done, do: [run: 1us]}\n"
	"  timer: {policy: rr, priority: 5, every: 700us, do: [run: 90us]}\n"
	"  writer:\n"
	"    copies: 3\n"
	"    loop:\n"
	"      - run: 100us\n"
	"      - syscall:\n"
	"          name: write\n"
	"          do: [spin_lock: inode, run: 1us, spin_unlock: inode]\n"
	"      - lock: files\n"
	"      - run: 30us\n"
	"      - unlock: files\n"
	"      - io: {device: disk}\n"
	"      - sleep: {uniform: [10us, 300us]}\n"
	"  hog: {copies: 3, nice: 5, loop: [run: 10ms]}\n",
	/* Many CPUs and tasks, another model and tick. */
	"name: many\n"
	"duration: 1s\n"
	"machine: {cpus: 8, clock: 1GHz}\n"
	"kernel: {preempt: lazy, hz: 250}\n"
	"tasks:\n"
	"  job: {copies: 40, every: 10ms, do: [run: {exponential: 500us}]}\n"
	"  rt:\n"
	"    copies: 10\n"
	"    policy: fifo\n"
	"    priority: 50\n"
	"    every: 3ms\n"
	"    do: [run: 100us]\n",
};

static unsigned long calls[1000];
static unsigned int nr_calls;

static void told(void *data, double fraction)
{
	(void)data;
	(void)fraction;
	if (nr_calls < 1000)
		calls[nr_calls++] = malloc_calls;
}

static struct scenario *load(const char *text)
{
	GPtrArray *errors = g_ptr_array_new_with_free_func(g_free);
	struct scenario *scenario = scenario_load_memory(
		"alloc.yaml", text, strlen(text), NULL, errors);

	ck_assert_msg(scenario != NULL, "%s",
		      errors->len ? (char *)errors->pdata[0] : "?");
	g_ptr_array_unref(errors);
	return scenario;
}

static void run_without_calls(const struct scenario *scenario,
			      struct run_options *options)
{
	struct results *results;

	nr_calls = 0;
	options->seed = 1;
	options->progress = told;
	results = scenario_run(scenario, options);
	ck_assert_uint_gt(results->events, 10000);
	ck_assert_uint_ge(nr_calls, 190);
	/* The first part is for what is made at the first use of it. */
	for (unsigned int i = 20; i < nr_calls; i++)
		ck_assert_msg(calls[i] == calls[i - 1],
			      "%lu calls in part %u of %u",
			      calls[i] - calls[i - 1], i, nr_calls);
	results_free(results);
}

START_TEST(nothing_in_the_loop)
{
	struct scenario *scenario = load(scenarios[_i]);
	struct run_options options = { 0 };

	run_without_calls(scenario, &options);
	scenario_free(scenario);
}
END_TEST

/* Nor for a trace: a file in each format. */
START_TEST(nothing_for_traces)
{
	struct scenario *scenario = load(scenarios[_i]);
	struct trace_request request = { .to_ns = INT64_MAX };
	struct run_options options = { .trace = &request };
	FILE *file[TRACE_OUTPUTS_MAX], *scratch[TRACE_OUTPUTS_MAX];
	unsigned int nr = 0;

	for (; trace_format(nr); nr++) {
		struct trace_output *output = &request.output[nr];

		file[nr] = tmpfile();
		scratch[nr] = tmpfile();
		output->format = trace_format(nr);
		output->fd = fileno(file[nr]);
		output->scratch = fileno(scratch[nr]);
	}
	request.nr_outputs = nr;
	run_without_calls(scenario, &options);
	ck_assert(!request.failed);
	ck_assert_uint_gt(request.events, 10000);
	while (nr--) {
		fclose(file[nr]);
		fclose(scratch[nr]);
	}
	scenario_free(scenario);
}
END_TEST

/* The counting itself works. */
START_TEST(counts)
{
	unsigned long before = malloc_calls, after;
	void *volatile p = malloc(10);

	p = realloc(p, 100);
	free(p);
	after = malloc_calls;
	ck_assert_uint_eq(after - before, 3 * MALLOC_COUNT);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("alloc");
	TCase *tc = tcase_create("alloc");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, counts);
	tcase_add_loop_test(tc, nothing_in_the_loop, 0,
			    sizeof(scenarios) / sizeof(scenarios[0]));
	tcase_add_loop_test(tc, nothing_for_traces, 0,
			    sizeof(scenarios) / sizeof(scenarios[0]));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
