/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Slices, shares and limits that the kernel's schedulers and softirqs have:
 * what follows exactly from the rules (kernel/sched/rt.c, kernel/sched/fair.c
 * and kernel/softirq.c of Linux 6.12), and what was measured on Debian's
 * 6.1.192 and 6.12.117, one CPU, 250 Hz.
 */
#include <config.h>

#include "law.h"

static struct results *simulate(const char *head, const char *tasks)
{
	char *yaml = g_strconcat(head, tasks, NULL);
	struct results *results = law_simulate(yaml, NULL);

	g_free(yaml);
	return results;
}

/* Some hogs on the first CPU take turns; how long is one? */
static const struct {
	unsigned int hz, cpus;
	const char *kernel, *attributes;
	int64_t slice;
	unsigned int hogs;
} turns[] = {
	/* RR_TIMESLICE is 100 ms. */
	{ 100, 1, "", "policy: rr, priority: 10, ", 100, 2 },
	{ 250, 1, "", "policy: rr, priority: 10, ", 100, 2 },
	{ 300, 1, "", "policy: rr, priority: 10, ", 100, 2 },
	{ 1000, 1, "", "policy: rr, priority: 10, ", 100, 2 },
	/* base_slice, which is .7 ms for one CPU and grows to 2.8 ms for 8,
	 * up to the next tick. */
	{ 1000, 1, "", "", 1, 2 },
	{ 1000, 2, "", "", 2, 2 },
	{ 1000, 8, "", "", 3, 2 },
	{ 250, 1, "", "", 4, 2 },
	{ 250, 8, "", "", 4, 2 },
	{ 100, 1, "", "", 10, 2 },
	/* As measured on 6.12: also of ten hogs, and with other slices. */
	{ 250, 1, "", "", 4, 10 },
	{ 250, 1, "sched: {base_slice: 2.8ms}, ", "", 4, 2 },
	{ 250, 1, "sched: {base_slice: 6ms}, ", "", 8, 2 },
	/* And on 6.1: 3 ms, or .75 ms, up to the next tick. */
	{ 250, 1, "version: '6.1', ", "", 4, 2 },
	{ 250, 1, "version: '6.1', ", "", 4, 10 },
	{ 1000, 1, "version: '6.1', ", "", 3, 2 },
};

START_TEST(hogs_take_turns)
{
	char *yaml = g_strdup_printf(
		"duration: 20s\n"
		"machine: {cpus: %u, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {hz: %u, %srt_throttling: off}\n"
		"tasks:\n"
		"  hog: {%scpus: [0], copies: %u, loop: [run: 1ms]}\n",
		turns[_i].cpus, turns[_i].hz, turns[_i].kernel,
		turns[_i].attributes, turns[_i].hogs);
	struct results *results = law_simulate(yaml, NULL);
	const struct cpu_results *cpu = results->cpus->pdata[0];
	const struct task_results *hog = results->tasks->pdata[0];
	double slice = (double)results->simulated_ns / (double)cpu->switches;

	ck_assert_msg(fabs(slice - (double)turns[_i].slice * 1e6) <
			      .01 * (double)turns[_i].slice * 1e6,
		      "slices of %g ms, not %d ms", slice / 1e6,
		      (int)turns[_i].slice);
	for (unsigned int i = 0; i < turns[_i].hogs; i++) {
		const struct task_results *copy = hog->copies->pdata[i];
		int64_t part = 20 * SEC / turns[_i].hogs;

		ck_assert_int_le(llabs(copy->cpu_ns - part), 100 * MS);
	}
	results_free(results);
	g_free(yaml);
}
END_TEST

/* CPU shares of hogs of three nice levels, in percent. */
static const struct {
	int nice[3];
	const char *version;
	double share[3], tolerance;
} shares[] = {
	{ { 0, 0, 0 }, "6.12", { 100 / 3., 100 / 3., 100 / 3. }, .2 },
	{ { 0, 0, 5 }, "6.12", { 42.9, 42.9, 14.1 }, .3 },
	{ { -10, 0, 10 }, "6.12", { 89.31, 9.58, 1.07 }, .3 },
	{ { 0, 0, 5 }, "6.1", { 42.9, 42.9, 14.1 }, .3 },
	{ { -10, 0, 10 }, "6.1", { 89.35, 9.59, 1.04 }, .3 },
};

START_TEST(nice_levels_share)
{
	char *yaml = g_strdup_printf(
		"duration: 60s\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {hz: 250, version: '%s'}\n"
		"tasks:\n"
		"  a: {nice: %d, loop: [run: 1ms]}\n"
		"  b: {nice: %d, loop: [run: 1ms]}\n"
		"  c: {nice: %d, loop: [run: 1ms]}\n",
		shares[_i].version, shares[_i].nice[0], shares[_i].nice[1],
		shares[_i].nice[2]);
	struct results *results = law_simulate(yaml, NULL);

	for (unsigned int i = 0; i < 3; i++) {
		const struct task_results *task = results->tasks->pdata[i];
		double share = 100 * (double)task->cpu_ns /
			       (double)results->simulated_ns;

		ck_assert_msg(fabs(share - shares[_i].share[i]) <
				      shares[_i].tolerance,
			      "%s has %.2f %%, should have %.2f %%", task->name,
			      share, shares[_i].share[i]);
	}
	results_free(results);
	g_free(yaml);
}
END_TEST

/* Two of SCHED_RR, and nobody else: 6.1 lets the CPU idle for what is not
 * theirs, 50 ms in each second but what a tick adds; 6.12 does not. */
START_TEST(throttling_for_nobody)
{
	static const char *const version[] = { "kernel.version=6.1",
					       "kernel.version=6.12" };
	const char *const set[] = { version[_i], NULL };
	struct results *results = law_simulate(
		"duration: 10s\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {hz: 250}\n"
		"tasks:\n"
		"  rt: {policy: rr, priority: 10, copies: 2, loop: [run: "
		"1ms]}\n",
		set);
	const struct cpu_results *cpu = results->cpus->pdata[0];
	double idle =
		(double)cpu->time_ns[CPU_IDLE] / (double)results->simulated_ns;

	if (_i)
		ck_assert_int_eq(cpu->time_ns[CPU_IDLE], 0);
	else
		ck_assert_msg(idle > .044 && idle < .051, "%.4f", idle);
	results_free(results);
}
END_TEST

/* 950 ms in each second, when there is somebody else. */
START_TEST(throttling_leaves_five_percent)
{
	struct results *results =
		simulate("duration: 20s\n"
			 "machine: {cpus: 1, clock: 1GHz, costs: {profile: "
			 "zero}}\n",
			 "tasks:\n"
			 "  rt: {policy: fifo, priority: 10, loop: [run: "
			 "1ms]}\n"
			 "  other: {loop: [run: 1ms]}\n");
	double share = (double)law_task(results, "rt")->cpu_ns /
		       (double)results->simulated_ns;

	ck_assert_msg(share > .944 && share < .955, "%.4f", share);
	results_free(results);
}
END_TEST

/*
 * One that reclaims takes what nobody was promised, up to what may be given away
 * at all: with half of a CPU for its own it uses up its runtime at 0.5 / Umax of
 * the speed.  Linux counts 1 / Umax in steps of 1/256: 269 of them for 0.95, so
 * that 4 ms last for 7.6134 of each 8 ms.
 */
static const struct {
	const char *limit, *reclaim;
	double share;
} reclaimed[] = {
	{ "{runtime: 950ms}", "true", .951674 },
	{ "{runtime: 800ms}", "true", .8 },
	{ "off", "true", 1 },
	{ "{runtime: 950ms}", "false", .5 },
};

START_TEST(reclaims_up_to_the_limit)
{
	char *yaml = g_strdup_printf(
		"duration: 40s\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {hz: 1000, rt_throttling: %s}\n"
		"tasks:\n"
		"  a: {policy: deadline, runtime: 4ms, period: 8ms,\n"
		"      reclaim: %s, loop: [run: 1s]}\n",
		reclaimed[_i].limit, reclaimed[_i].reclaim);
	struct results *results = law_simulate(yaml, NULL);
	double share = (double)law_task(results, "a")->cpu_ns /
		       (double)results->simulated_ns;

	ck_assert_double_eq_tol(share, reclaimed[_i].share, .0001);
	results_free(results);
	g_free(yaml);
}
END_TEST

/*
 * What scenarios/cfs-vs-eevdf.yaml says of the versions, without costs.  Under
 * CFS nobody waits for longer than the other sleeper works, 0.2 ms, and no job
 * takes as long as two hogs' turns more; under EEVDF the wait is for the hogs'
 * ticks: two at most, or four where a debt is kept.
 */
static const struct {
	const char *version;
	int64_t wait, least, most;
	bool in_time;
} sleepers[] = {
	{ "kernel.version=6.1", 200 * US, 4 * MS, 6200 * US, true },
	{ "kernel.version=6.6", 4 * MS, 12 * MS, 12500 * US, false },
	{ "kernel.version=6.12", 2 * MS, 12 * MS, 12500 * US, false },
};

START_TEST(sleepers_differ)
{
	const char *set[] = { "machine.costs=zero", sleepers[_i].version,
			      NULL };
	struct scenario *scenario =
		law_load_file("scenarios/cfs-vs-eevdf.yaml", set);
	struct results *results = law_run(scenario, 1, 0);
	const struct task_results *frames = law_task(results, "frames");
	const struct task_results *hog = law_task(results, "hog");
	int64_t wait = hist_max(frames->wakeup_latency);
	int64_t response = hist_percentile(frames->response_time, 50);
	double hogs = (double)hog->cpu_ns / (double)results->simulated_ns;

	ck_assert_int_le(wait, sleepers[_i].wait);
	ck_assert_int_ge(wait, sleepers[_i].wait * 3 / 4);
	ck_assert_int_ge(response, sleepers[_i].least);
	ck_assert_int_le(response, sleepers[_i].most);
	if (sleepers[_i].in_time)
		ck_assert_uint_eq(task_dropouts(frames), 0);
	else
		ck_assert_uint_gt(2 * task_dropouts(frames), frames->jobs);
	/* 1 - 4 / 21 - 0.2 / 5.3 */
	ck_assert_double_eq_tol(hogs, .771788, .0005);
	results_free(results);
	scenario_free(scenario);
}
END_TEST

/*
 * A softirq that raises itself anew in each pass gets ten passes, unless the
 * time is up before: 2 ms, counted in ticks, one at least.  The rest is left
 * to ksoftirqd, which never comes to run beside a real-time hog; the run ends
 * before another interrupt tries again.
 */
static const struct {
	unsigned int hz, at_us, pass_us, until_us, total_us;
} passes[] = {
	{ 100, 1000, 50, 9000, 500 },
	{ 250, 400, 50, 3900, 500 },
	{ 1000, 100, 50, 900, 500 },
	{ 1000, 1100, 300, 3900, 2100 }, /* the pass over the tick at 3 ms */
	{ 250, 1100, 400, 7900, 3200 },	 /* the one at 4 ms */
};

START_TEST(softirqs_are_limited)
{
	char *yaml = g_strdup_printf(
		"duration: %uus\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {hz: %u, rt_throttling: off}\n"
		"devices:\n"
		"  net:\n"
		"    irq: {at: [%uus]}\n"
		"    softirq: {vector: net_rx, do: [run: %uus, "
		"raise_softirq: net_rx]}\n"
		"tasks:\n"
		"  hog: {policy: fifo, priority: 10, loop: [run: 1ms]}\n",
		passes[_i].until_us, passes[_i].hz, passes[_i].at_us,
		passes[_i].pass_us);
	struct results *results = law_simulate(yaml, NULL);
	const struct cpu_results *cpu = results->cpus->pdata[0];

	ck_assert_int_eq(cpu->time_ns[CPU_SOFTIRQ], passes[_i].total_us * US);
	results_free(results);
	g_free(yaml);
}
END_TEST

/*
 * A raise sets a bit: what is to be done anyway is done once more only, however
 * often somebody says so, in the softirq itself or with bottom halves off.  The
 * work that interrupts leave is another matter: each has its own.
 */
static const struct {
	const char *irqs, *softirq, *task;
	int64_t total_us;
} raises[] = {
	{ "1ms", ", repeat: {times: 3, do: [raise_softirq: net_rx]}", "", 500 },
	{ "5ms", "", "repeat: {times: 4, do: [raise_softirq: net_rx]}", 50 },
	{ "1ms, 1100us, 1200us", "", "", 150 },
	{ "1ms, 1100us, 1200us", "",
	  "repeat: {times: 4, do: [raise_softirq: net_rx]}", 150 },
	{ "1ms, 1100us", ", raise_softirq: net_rx", "", 550 },
};

START_TEST(a_raise_is_a_bit)
{
	char *yaml = g_strdup_printf(
		"duration: 4ms\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {hz: 100, rt_throttling: off, preempt: %s}\n"
		"devices:\n"
		"  net:\n"
		"    irq: {at: [%s]}\n"
		"    softirq: {vector: net_rx, do: [run: 50us%s]}\n"
		"tasks:\n"
		"  T: {policy: fifo, priority: 10, start: 900us, once: "
		"[syscall: {name: c, do: [bh_off: [run: 500us%s%s]]}, "
		"run: 10ms]}\n",
		_i % 2 ? "full" : "none", raises[_i / 2].irqs,
		raises[_i / 2].softirq, *raises[_i / 2].task ? ", " : "",
		raises[_i / 2].task);
	struct results *results = law_simulate(yaml, NULL);
	const struct cpu_results *cpu = results->cpus->pdata[0];

	ck_assert_int_eq(cpu->time_ns[CPU_SOFTIRQ],
			 raises[_i / 2].total_us * US);
	results_free(results);
	g_free(yaml);
}
END_TEST

/* Devices that share a vector are served in the order in which they were raised,
 * each with all that it has: B, raised before A; or A, whose first raise was
 * before. */
START_TEST(raised_first_served_first)
{
	char *yaml = g_strdup_printf(
		"duration: 4ms\n"
		"machine: {cpus: 2, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {hz: 100}\n"
		"devices:\n"
		"  A: {irq: {at: [%s], cpu: 0}, softirq: {vector: net_rx, do: "
		"[run: 50us, wake: A]}}\n"
		"  B: {irq: {at: [1ms], cpu: 0}, softirq: {vector: net_rx, do: "
		"[run: 50us, wake: B]}}\n"
		"tasks:\n"
		"  off: {cpus: [0], start: 800us, once: [syscall: {name: c, "
		"do: [bh_off: [run: 700us]]}]}\n"
		"  a: {policy: fifo, priority: 1, cpus: [1], on: A, do: "
		"[run: 1us]}\n"
		"  b: {policy: fifo, priority: 1, cpus: [1], on: B, do: "
		"[run: 1us]}\n",
		_i ? "900us, 1100us" : "1050us, 1100us");
	struct results *results = law_simulate(yaml, NULL);
	GArray *jobs = law_jobs(results, "a");

	ck_assert_int_eq(hist_max(law_task(results, "b")->wakeup_latency),
			 (_i ? 650 : 550) * US);
	ck_assert_int_eq(law_job(jobs, 0)->start_ns, (_i ? 1550 : 1600) * US);
	ck_assert_int_eq(law_job(jobs, 1)->start_ns, (_i ? 1600 : 1650) * US);
	g_array_free(jobs, TRUE);
	results_free(results);
	g_free(yaml);
}
END_TEST

/* Who is to be preempted takes no second pass. */
START_TEST(wakeup_ends_softirqs)
{
	struct results *results =
		simulate("duration: 3900us\n"
			 "machine: {cpus: 1, clock: 1GHz, costs: {profile: "
			 "zero}}\n"
			 "kernel: {hz: 250, rt_throttling: off}\n"
			 "devices:\n"
			 "  net:\n"
			 "    irq: {at: [1ms]}\n"
			 "    handler: [wake: net]\n"
			 "    softirq: {vector: net_rx, do: [run: 50us, "
			 "raise_softirq: net_rx]}\n",
			 "tasks:\n"
			 "  woken: {policy: fifo, priority: 20, on: net, do: "
			 "[run: 1us]}\n"
			 "  hog: {policy: fifo, priority: 10, loop: [run: "
			 "1ms]}\n");

	ck_assert_int_eq(hist_max(law_task(results, "woken")->wakeup_latency),
			 50 * US);
	results_free(results);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sched");
	TCase *tcase = tcase_create("sched");

	tcase_add_loop_test(tcase, hogs_take_turns, 0, G_N_ELEMENTS(turns));
	tcase_add_loop_test(tcase, nice_levels_share, 0, G_N_ELEMENTS(shares));
	tcase_add_loop_test(tcase, reclaims_up_to_the_limit, 0,
			    G_N_ELEMENTS(reclaimed));
	tcase_add_loop_test(tcase, sleepers_differ, 0, 3);
	tcase_add_loop_test(tcase, throttling_for_nobody, 0, 2);
	tcase_add_test(tcase, throttling_leaves_five_percent);
	tcase_add_loop_test(tcase, raised_first_served_first, 0, 2);
	tcase_add_loop_test(tcase, softirqs_are_limited, 0,
			    G_N_ELEMENTS(passes));
	tcase_add_loop_test(tcase, a_raise_is_a_bit, 0,
			    2 * G_N_ELEMENTS(raises));
	tcase_add_test(tcase, wakeup_ends_softirqs);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
