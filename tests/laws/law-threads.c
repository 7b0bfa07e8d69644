/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Work that has been moved: to interrupt threads, to softirqs served by tasks,
 * to kernel threads and workqueues.  On machines without costs, so that each
 * instant can be said beforehand.
 */
#include <config.h>

#include "law.h"

#define MACHINE                                                     \
	"duration: 100ms\n"                                         \
	"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n" \
	"kernel: {hz: 1000}\n"

/* The beginning of job number @i of the task @name, in us. */
static int64_t start_of(struct results *results, const char *name,
			unsigned int i)
{
	GArray *jobs = law_jobs(results, name);
	int64_t start;

	ck_assert_uint_gt(jobs->len, i);
	start = law_job(jobs, i)->start_ns;
	g_array_free(jobs, TRUE);
	ck_assert_int_eq(start % US, 0);
	return start / US;
}

static struct results *simulate(const char *yaml, const char *model)
{
	char *preempt = g_strconcat("kernel.preempt=", model, NULL);
	const char *overrides[] = { preempt, NULL };
	struct results *results = law_simulate(yaml, overrides);

	g_free(preempt);
	return results;
}

/*
 * A real-time task beside an interrupt, its softirq, and a second interrupt
 * that wakes the task in the midst of either.  What may be preempted is that of
 * threads.
 */
static const struct {
	const char *model, *setting;
	int64_t in_handler, in_softirq;
} storm[] = {
	{ "none", "kernel.threadirqs=false", 1300, 1300 },
	{ "full", "kernel.threadirqs=false", 1300, 1300 },
	/* Interrupts are off in a forced handler, and the thread serves the
	 * softirq at its end, before it can be preempted. */
	{ "full", "kernel.threadirqs=true", 1300, 1300 },
	/* A driver's own thread can be; ksoftirqd serves the softirq then. */
	{ "full", "devices.net.irq.threaded=true", 1010, 1300 },
	{ "rt", "kernel.threadirqs=false", 1010, 1150 },
	{ "rt", "devices.net.irq.threaded=true", 1010, 1150 },
	{ "rt", "devices.net.irq.no_thread=true", 1100, 1150 },
};

static int64_t start_of_h(unsigned int i, int64_t woken)
{
	char *preempt = g_strconcat("kernel.preempt=", storm[i].model, NULL);
	const char *overrides[] = { preempt, storm[i].setting, NULL };
	char *yaml = g_strdup_printf(
		MACHINE "devices:\n"
			"  net:\n"
			"    irq: {at: [1000us]}\n"
			"    handler: [run: 100us]\n"
			"    softirq: {vector: net_rx, do: [run: 200us]}\n"
			"  dev:\n"
			"    irq: {at: [%dus], no_thread: true}\n"
			"    handler: [wake: dev]\n"
			"tasks:\n"
			"  H: {policy: fifo, priority: 80, on: dev, "
			"do: [run: 10us]}\n"
			"  L: {loop: [run: 1ms]}\n",
		(int)woken);
	struct results *results = law_simulate(yaml, overrides);
	int64_t start = start_of(results, "H", 0);

	results_free(results);
	g_free(yaml);
	g_free(preempt);
	return start;
}

START_TEST(interrupts_in_threads)
{
	ck_assert_int_eq(start_of_h((unsigned int)_i, 1010),
			 storm[_i].in_handler);
	ck_assert_int_eq(start_of_h((unsigned int)_i, 1150),
			 storm[_i].in_softirq);
}
END_TEST

/* Each interrupt is one job, also of those that came while the line was
 * masked; latencies count from the raise, through thread and softirq. */
START_TEST(no_raise_is_lost)
{
	struct results *results = simulate(
		MACHINE "devices:\n"
			"  dev:\n"
			"    irq: {at: [1000us, 1010us, 1020us, 1030us]}\n"
			"    handler: [run: 50us]\n"
			"    softirq: {vector: block, do: [run: 20us, wake: "
			"dev]}\n"
			"tasks:\n"
			"  H: {policy: fifo, priority: 20, on: dev, "
			"do: [run: 1us]}\n",
		_i ? "rt" : "full");
	const struct device_results *device = results->devices->pdata[0];
	GArray *jobs = law_jobs(results, "H");

	/* H waits for all four under full, and for the thread under rt. */
	ck_assert_uint_eq(device->interrupts, 4);
	ck_assert_uint_eq(hist_count(device->latency), 4);
	ck_assert_uint_eq(jobs->len, 4);
	for (unsigned int i = 0; i < jobs->len; i++) {
		ck_assert_int_eq(law_job(jobs, i)->release_ns,
				 (1000 + 10 * i) * US);
		ck_assert_int_eq(law_job(jobs, i)->start_ns, (1280 + i) * US);
	}
	g_array_free(jobs, TRUE);
	results_free(results);
}
END_TEST

/* One driver's softirq is not run twice at a time on a CPU: an interrupt thread
 * that finds ksoftirqd in the middle of it leaves it the next raise. */
START_TEST(a_driver_serves_one_at_a_time)
{
	struct results *results = law_simulate(
		MACHINE "devices:\n"
			"  net:\n"
			"    irq: {at: [1000us, 1050us], no_thread: true}\n"
			"    softirq: {vector: net_rx, do: [access: {data: "
			"ring, run: 100us}, wake: net]}\n"
			"  disk:\n"
			"    irq: {at: [1060us]}\n"
			"    softirq: {vector: net_rx, do: [run: 10us, wake: "
			"disk]}\n"
			"tasks:\n"
			"  H: {policy: fifo, priority: 20, on: net, "
			"do: [run: 1us]}\n"
			"  D: {policy: fifo, priority: 20, on: disk, "
			"do: [run: 1us]}\n",
		(const char *const[]){ "kernel.preempt=rt", NULL });

	ck_assert_uint_eq(results->warnings->len, 0);
	ck_assert_int_eq(start_of(results, "D", 0), 1070);
	ck_assert_int_eq(start_of(results, "H", 0), 1111);
	ck_assert_int_eq(start_of(results, "H", 1), 1212);
	results_free(results);
}
END_TEST

/* A kernel thread makes way where it blocks or says so, unless the model
 * preempts it. */
START_TEST(kernel_threads)
{
	static const char *const model[] = { "none", "voluntary", "full",
					     "lazy", "rt",	  "rt_lazy" };
	struct results *results = simulate(
		MACHINE "devices:\n"
			"  dev:\n"
			"    irq: {at: [1100us], no_thread: true}\n"
			"    handler: [wake: dev]\n"
			"tasks:\n"
			"  H: {policy: fifo, priority: 20, on: dev, "
			"do: [run: 10us]}\n"
			"  K:\n"
			"    kthread: true\n"
			"    every: 5ms\n"
			"    offset: 1ms\n"
			"    do: [run: 500us, cond_resched: , run: 500us]\n",
		model[_i]);
	const struct task_results *k = law_task(results, "K");
	const struct cpu_results *cpu = results->cpus->pdata[0];

	ck_assert_int_eq(start_of(results, "H", 0), _i < 2 ? 1550 : 1100);
	ck_assert_uint_eq(k->jobs, 20);
	ck_assert_int_eq(cpu->time_ns[CPU_USER], 10 * US);
	ck_assert_int_eq(cpu->time_ns[CPU_KERNEL], 20 * MS);
	results_free(results);
}
END_TEST

/* Handler to work to task: the latency is from the interrupt on. */
START_TEST(works)
{
	struct results *results = simulate(
		MACHINE
		"locks: {m: {type: mutex}}\n"
		"devices:\n"
		"  dev:\n"
		"    irq: {at: [1000us, 1030us]}\n"
		"    handler:\n"
		"      - run: 10us\n"
		"      - queue_work:\n"
		"          do: [mutex_lock: m, run: 50us, sleep: 100us, "
		"mutex_unlock: m, wake: dev]\n"
		"tasks:\n"
		"  H: {policy: fifo, priority: 20, on: dev, "
		"do: [run: 1us]}\n",
		_i ? "rt" : "none");
	GArray *jobs = law_jobs(results, "H");

	ck_assert_uint_eq(jobs->len, 2);
	/* Of the sleep 50 us are slack; the first work is delayed by the second
	 * interrupt, the second one by the first and by H. */
	ck_assert_int_eq(law_job(jobs, 0)->release_ns, 1000 * US);
	ck_assert_int_eq(law_job(jobs, 0)->start_ns, 1220 * US);
	ck_assert_int_eq(law_job(jobs, 1)->release_ns, 1030 * US);
	ck_assert_int_eq(law_job(jobs, 1)->start_ns, 1421 * US);
	ck_assert_uint_eq(results->warnings->len, 0);
	g_array_free(jobs, TRUE);
	results_free(results);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("threads");
	TCase *tcase = tcase_create("threads");

	tcase_add_loop_test(tcase, interrupts_in_threads, 0,
			    G_N_ELEMENTS(storm));
	tcase_add_loop_test(tcase, no_raise_is_lost, 0, 2);
	tcase_add_test(tcase, a_driver_serves_one_at_a_time);
	tcase_add_loop_test(tcase, kernel_threads, 0, 6);
	tcase_add_loop_test(tcase, works, 0, 2);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
