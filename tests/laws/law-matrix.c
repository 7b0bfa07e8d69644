/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When a task that an interrupt wakes gets the CPU, in each preemption model
 * and for each kind of section that the interrupt may hit.
 *
 * A machine without costs, one CPU, a tick each millisecond.  L is in a
 * system call from 0 to 3000 us: a spinlock from 400 to 900, might_sleep() at
 * 1200, cond_resched() at 1500, preemption off from 1500 to 1800, interrupts
 * off from 2100 to 2300, softirqs off from 2400 to 2700; then in user mode.
 * What is expected follows from the places that look for need_resched in
 * kernel/sched/core.c, kernel/softirq.c and kernel/entry/common.c of Linux.
 */
#include <config.h>

#include "law.h"

enum {
	NONE,
	VOLUNTARY,
	FULL,
	LAZY,
	RT,
	RT_LAZY,
	NR_MODELS
};

static const char *const model_name[NR_MODELS] = { "none", "voluntary",
						   "full", "lazy",
						   "rt",   "rt_lazy" };

/* The call of L; the steps around it differ. */
#define MATRIX_CALL                                       \
	"          - run: 400us\n"                        \
	"          - hold: {lock: l, do: [run: 500us]}\n" \
	"          - run: 300us\n"                        \
	"          - might_sleep:\n"                      \
	"          - run: 300us\n"                        \
	"          - cond_resched:\n"                     \
	"          - preempt_off: [run: 300us]\n"         \
	"          - run: 300us\n"                        \
	"          - irqs_off: [run: 200us]\n"            \
	"          - run: 100us\n"                        \
	"          - bh_off: [run: 300us]\n"              \
	"          - run: 300us\n"

/* @policy of H, when it is woken by the device, and the call of L. */
static char *one_wakeup(const char *policy, int64_t us, const char *call)
{
	return g_strdup_printf("duration: 20ms\n"
			       "machine: {cpus: 1, clock: 1GHz, "
			       "costs: {profile: zero}}\n"
			       "kernel: {hz: 1000}\n"
			       "locks: {l: {type: spinlock}, "
			       "r: {type: raw_spinlock}}\n"
			       "waitqueues: [inside]\n"
			       "devices:\n"
			       "  dev:\n"
			       "    irq: {at: [%" G_GINT64_FORMAT "us]}\n"
			       "    handler: [wake: dev]\n"
			       "tasks:\n"
			       "  H: {%s, do: [run: 10us]}\n"
			       "  L:\n"
			       "    policy: other\n"
			       "    once:\n"
			       "      - syscall:\n"
			       "          name: long\n"
			       "          do:\n"
			       "%s"
			       "      - run: 1ms\n",
			       us, policy, call);
}

/* The instant, in us, at which H began its job. */
static int64_t start_of_h(const char *policy, int64_t us, int model,
			  const char *call)
{
	char *setting = g_strdup_printf("kernel.preempt=%s", model_name[model]);
	const char *overrides[] = { setting, NULL };
	char *yaml = one_wakeup(policy, us, call);
	struct results *results = law_simulate(yaml, overrides);
	GArray *jobs = law_jobs(results, "H");
	int64_t start;

	ck_assert_uint_eq(jobs->len, 1);
	start = law_job(jobs, 0)->start_ns;
	ck_assert_int_eq(start - law_job(jobs, 0)->release_ns,
			 hist_max(law_task(results, "H")->wakeup_latency));
	g_array_free(jobs, TRUE);
	results_free(results);
	g_free(yaml);
	g_free(setting);
	ck_assert_int_eq(start % US, 0);
	return start / US;
}

static const struct {
	int64_t woken;
	int64_t start[NR_MODELS];
} fifo_row[] = {
	{ 200, { 1500, 1200, 200, 200, 200, 200 } }, /* preemptible */
	/* under the spinlock, for which under rt one sleeps */
	{ 600, { 1500, 1200, 900, 900, 600, 600 } },
	{ 1600, { 3000, 3000, 1800, 1800, 1800, 1800 } }, /* preemption off */
	{ 1900, { 3000, 3000, 1900, 1900, 1900, 1900 } },
	{ 2200, { 3000, 3000, 2300, 2300, 2300, 2300 } }, /* interrupts off */
	{ 2500, { 3000, 3000, 2700, 2700, 2500, 2500 } }, /* softirqs off */
	{ 2800, { 3000, 3000, 2800, 2800, 2800, 2800 } },
	{ 3100, { 3100, 3100, 3100, 3100, 3100, 3100 } }, /* user mode */
};

/* Fail unless H begins at @expected us. */
static void assert_start(const char *policy, int64_t woken, int model,
			 const char *call, int64_t expected)
{
	int64_t start = start_of_h(policy, woken, model, call);

	if (start != expected)
		ck_abort_msg("%s, woken at %d us: %d, should be %d",
			     model_name[model], (int)woken, (int)start,
			     (int)expected);
}

START_TEST(realtime_task_gets_the_cpu)
{
	for (int model = 0; model < NR_MODELS; model++)
		assert_start("policy: fifo, priority: 50, on: dev",
			     fifo_row[_i].woken, model, MATRIX_CALL,
			     fifo_row[_i].start[model]);
}
END_TEST

/* Up to Linux 6.17 the interrupt's thread needed a lock for its handler that L
 * has while softirqs are off, which then is done with priority 50; without a
 * thread it does not matter. */
START_TEST(softirqs_off_with_a_lock)
{
	const char *const overrides[] = {
		"kernel.preempt=rt", "kernel.bh_lock=true",
		_i ? "devices.dev.irq.no_thread=true" :
		     "devices.dev.irq.threaded=false",
		NULL
	};

	for (size_t row = 0; row < G_N_ELEMENTS(fifo_row); row++) {
		int64_t woken = fifo_row[row].woken;
		char *yaml = one_wakeup("policy: fifo, priority: 50, on: dev",
					woken, MATRIX_CALL);
		struct results *results = law_simulate(yaml, overrides);
		GArray *jobs = law_jobs(results, "H");
		int64_t start = law_job(jobs, 0)->start_ns;

		ck_assert_uint_eq(results->warnings->len, 0);
		ck_assert_int_eq(start / US, woken == 2500 && !_i ?
						     2700 :
						     fifo_row[row].start[RT]);
		g_array_free(jobs, TRUE);
		results_free(results);
		g_free(yaml);
	}
}
END_TEST

/*
 * A fair task that preempts another gets it with the next tick that may, if
 * the model is lazy.  That it preempts at once depends on virtual times; not
 * so if L has the policy idle.
 */
static const struct {
	int64_t woken, start;
} lazy_row[] = {
	{ 200, 1000 },	{ 600, 1000 },	{ 1600, 2000 }, { 1900, 2000 },
	{ 2200, 3000 }, { 2500, 3000 }, { 2800, 3000 }, { 3100, 3100 },
};

/* Start of the fair H. */
static int64_t lazy_start(int64_t woken, const char *const *overrides)
{
	char *yaml = one_wakeup("policy: other, on: dev", woken, MATRIX_CALL);
	struct results *results = law_simulate(yaml, overrides);
	GArray *jobs = law_jobs(results, "H");
	int64_t start = law_job(jobs, 0)->start_ns;

	g_array_free(jobs, TRUE);
	results_free(results);
	g_free(yaml);
	return start / US;
}

START_TEST(lazy_waits_for_the_tick)
{
	const char *const lazy[] = { "kernel.preempt=lazy",
				     "tasks.L.policy=idle", NULL };
	const char *const rt_lazy[] = { "kernel.preempt=rt_lazy",
					"tasks.L.policy=idle",
					"devices.dev.irq.no_thread=true",
					NULL };

	ck_assert_int_eq(lazy_start(lazy_row[_i].woken, lazy),
			 lazy_row[_i].start);
	ck_assert_int_eq(lazy_start(lazy_row[_i].woken, rt_lazy),
			 lazy_row[_i].start);
}
END_TEST

/* If a thread handles the interrupt, L has lost the CPU already when H wakes
 * up, and there is nothing to be lazy about. */
START_TEST(lazy_does_not_wait_behind_a_thread)
{
	static const struct {
		int64_t woken, start;
	} row[] = { { 200, 200 },   { 1600, 1800 }, { 1900, 1900 },
		    { 2200, 2300 }, { 2500, 2500 }, { 3100, 3100 } };
	const char *const rt_lazy[] = { "kernel.preempt=rt_lazy",
					"tasks.L.policy=idle", NULL };

	for (size_t i = 0; i < G_N_ELEMENTS(row); i++)
		ck_assert_int_eq(lazy_start(row[i].woken, rt_lazy),
				 row[i].start);
}
END_TEST

/* L itself wakes H, in its own critical section. */
START_TEST(wakeup_from_inside_a_spinlock)
{
	static const int64_t start[NR_MODELS] = {
		1500, 1200, 900, 900, 900, 900
	};

	for (int model = 0; model < NR_MODELS; model++)
		assert_start("policy: fifo, priority: 50, on: inside", 10000,
			     model,
			     "          - run: 400us\n"
			     "          - spin_lock_irqsave: r\n"
			     "          - run: 200us\n"
			     "          - wake: inside\n"
			     "          - run: 300us\n"
			     "          - spin_unlock_irqrestore: r\n"
			     "          - run: 300us\n"
			     "          - might_sleep:\n"
			     "          - run: 300us\n"
			     "          - cond_resched:\n"
			     "          - run: 1500us\n",
			     start[model]);
}
END_TEST

/*
 * While interrupts are off no preempt_enable() reschedules, and their return
 * does not look: what notices is the next tick's way out.
 */
START_TEST(irq_enable_is_no_reschedule_point)
{
	static const int64_t start[NR_MODELS] = { 3000, 3000, 1000,
						  1000, 1000, 1000 };

	for (int model = 0; model < NR_MODELS; model++)
		assert_start("policy: fifo, priority: 50, on: inside", 10000,
			     model,
			     "          - run: 100us\n"
			     "          - local_irq_disable:\n"
			     "          - run: 100us\n"
			     "          - spin_lock: r\n"
			     "          - wake: inside\n"
			     "          - spin_unlock: r\n"
			     "          - run: 100us\n"
			     "          - local_irq_enable:\n"
			     "          - run: 2700us\n",
			     start[model]);
}
END_TEST

/* preempt_enable_no_resched() does not look either; preempt_enable() does. */
START_TEST(no_resched_is_no_reschedule_point)
{
	static const int64_t start[NR_MODELS] = {
		2000, 2000, 800, 800, 800, 800
	};

	for (int model = 0; model < NR_MODELS; model++)
		assert_start("policy: fifo, priority: 50, on: dev", 200, model,
			     "          - preempt_disable:\n"
			     "          - run: 300us\n"
			     "          - preempt_enable_no_resched:\n"
			     "          - run: 300us\n"
			     "          - preempt_disable:\n"
			     "          - run: 200us\n"
			     "          - preempt_enable:\n"
			     "          - run: 1200us\n",
			     start[model]);
}
END_TEST

/* To another CPU a wakeup goes by an interrupt, in user mode at once. */
START_TEST(remote_wakeup_takes_an_ipi)
{
	struct results *results =
		law_simulate("duration: 50ms\n"
			     "machine: {cpus: 2, clock: 1GHz, costs: "
			     "{profile: zero, ipi_delivery: 7us}}\n"
			     "devices:\n"
			     "  dev: {irq: {at: [10100us]}, handler: "
			     "[wake: dev]}\n"
			     "tasks:\n"
			     "  H: {policy: fifo, priority: 50, cpus: [1], "
			     "on: dev, do: [run: 10us]}\n"
			     "  hog: {cpus: [1], loop: [run: 1ms]}\n",
			     NULL);

	ck_assert_int_eq(hist_max(law_task(results, "H")->wakeup_latency),
			 7 * US);
	results_free(results);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("matrix");
	TCase *tcase = tcase_create("matrix");

	tcase_add_loop_test(tcase, realtime_task_gets_the_cpu, 0,
			    G_N_ELEMENTS(fifo_row));
	tcase_add_test(tcase, lazy_does_not_wait_behind_a_thread);
	tcase_add_loop_test(tcase, softirqs_off_with_a_lock, 0, 2);
	tcase_add_loop_test(tcase, lazy_waits_for_the_tick, 0,
			    G_N_ELEMENTS(lazy_row));
	tcase_add_test(tcase, wakeup_from_inside_a_spinlock);
	tcase_add_test(tcase, irq_enable_is_no_reschedule_point);
	tcase_add_test(tcase, no_resched_is_no_reschedule_point);
	tcase_add_test(tcase, remote_wakeup_takes_an_ipi);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
