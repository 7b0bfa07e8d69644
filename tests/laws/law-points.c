/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of reschedule points says what the simulator does: each of its
 * cells is a situation that is simulated.
 *
 * A machine without costs, one CPU.  L wakes H at 5100 us, in a system call and
 * with interrupts off, so that need_resched is pending when they are on again,
 * and nobody has looked.  At 5200 us L comes to the point.  If H begins its job
 * then, L has made way; else L reaches the end of its call at 6000 us.  The
 * first 5 ms use up the slice that would protect L from other fair tasks.
 *
 * For an order H is a real-time task; for a request H has the policy other and
 * L the policy idle, which is a matter of the fair class.
 */
#include <config.h>

#include "law.h"
#include "preemptsim/kernel/resched-point.h"

/* What L does from 5100 us on, when H is woken. */
#define WAKE "[local_irq_disable, wake: bell, local_irq_enable, "
#define REST ", run: 800us]"
#define POINT WAKE "run: 100us, "

/**
 * struct situation - how a point comes about.
 * @id: which point
 * @call: steps of L's system call, behind 5100 us of it
 * @rest: the other steps of L, in user mode
 * @more: settings, or NULL
 */
static const struct situation {
	const char *id, *call, *rest, *more[3];
} situations[] = {
	{ "schedule", POINT "schedule" REST, "", { NULL } },
	{ "syscall_exit", WAKE "run: 100us]", ", run: 800us", { NULL } },
	{ "irq_exit_user",
	  "[run: 10us]",
	  ", run: 890us",
	  { "devices.poke.handler=[wake: bell]", NULL } },
	{ "irq_exit_kernel", POINT "run: 0ns" REST, "", { NULL } },
	{ "tick",
	  POINT "run: 0ns" REST,
	  "",
	  { "kernel.hz=5000", "devices.poke.irq.at=[30ms]", NULL } },
	{ "preempt_enable",
	  POINT "preempt_disable, preempt_enable" REST,
	  "",
	  { NULL } },
	{ "preempt_check_resched",
	  POINT "preempt_check_resched" REST,
	  "",
	  { NULL } },
	{ "spin_unlock",
	  WAKE "spin_lock: spin, run: 100us, spin_unlock: spin" REST,
	  "",
	  { NULL } },
	{ "raw_spin_unlock",
	  WAKE "spin_lock: raw, run: 100us, spin_unlock: raw" REST,
	  "",
	  { NULL } },
	{ "raw_spin_unlock_irqrestore",
	  WAKE "spin_lock_irqsave: raw, run: 100us, "
	       "spin_unlock_irqrestore: raw" REST,
	  "",
	  { NULL } },
	{ "local_bh_enable",
	  "[local_bh_disable, local_irq_disable, wake: bell, "
	  "local_irq_enable, run: 100us, local_bh_enable" REST,
	  "",
	  { NULL } },
	{ "preempt_enable_no_resched",
	  POINT "preempt_disable, preempt_enable_no_resched" REST,
	  "",
	  { NULL } },
	{ "local_irq_enable",
	  POINT "local_irq_disable, local_irq_enable" REST,
	  "",
	  { NULL } },
	{ "raise_softirq",
	  POINT "raise_softirq: block, queue_work: {do: [run: 1us]}" REST,
	  "",
	  { NULL } },
	{ "cond_resched", POINT "cond_resched" REST, "", { NULL } },
	{ "cond_resched_lock",
	  "[spin_lock: spin, local_irq_disable, wake: bell, "
	  "local_irq_enable, run: 100us, cond_resched_lock: spin, "
	  "run: 800us, spin_unlock: spin]",
	  "",
	  { NULL } },
	{ "might_sleep", POINT "might_sleep" REST, "", { NULL } },
	{ "idle",
	  "[run: 10us]",
	  "",
	  { "devices.poke.handler=[wake: bell]", NULL } },
};

/* An interrupt at 5200 us that does nothing, where it is the point. */
static const char *poke_at(const char *id)
{
	if (!strcmp(id, "irq_exit_kernel") || !strcmp(id, "irq_exit_user") ||
	    !strcmp(id, "idle"))
		return "5200us";
	return "30ms";
}

static char *scenario_of(const struct situation *s, bool request)
{
	return g_strdup_printf(
		"duration: 20ms\n"
		"machine: {cpus: 1, clock: 1GHz, costs: zero}\n"
		"kernel: {hz: 100}\n"
		"waitqueues: [bell]\n"
		"locks: {spin: spinlock, raw: raw_spinlock}\n"
		"devices: {poke: {irq: {at: [%s], no_thread: true}, handler: []}}\n"
		"tasks:\n"
		"  H: {%s, on: bell, do: [run: 10us]}\n"
		"  L: {policy: %s, once: [syscall: {name: c, do: [run: 5100us, "
		"repeat: {times: 1, do: %s}]}%s]}\n",
		poke_at(s->id),
		request ? "policy: other" : "policy: fifo, priority: 80",
		request ? "idle" : "other", s->call, s->rest);
}

/* When H begins, in us. */
static int64_t begins(const struct situation *s, unsigned int m, bool request)
{
	char *yaml = scenario_of(s, request);
	char *model = g_strdup_printf("kernel.preempt=%s",
				      preempt_model_choice(m)->name);
	const char *overrides[] = { model, s->more[0],
				    s->more[0] ? s->more[1] : NULL, NULL };
	struct results *results = law_simulate(yaml, overrides);
	GArray *jobs = law_jobs(results, "H");
	int64_t start;

	ck_assert_uint_eq(jobs->len, 1);
	ck_assert_uint_eq(results->warnings->len, 0);
	start = law_job(jobs, 0)->start_ns;
	g_array_free(jobs, TRUE);
	results_free(results);
	g_free(model);
	g_free(yaml);
	ck_assert_int_eq(start % US, 0);
	return start / US;
}

static const struct situation *situation_of(const struct resched_point *point)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(situations); i++)
		if (!strcmp(situations[i].id, point->id))
			return &situations[i];
	ck_abort_msg("no situation for %s", point->id);
	return NULL;
}

static void check_cell(const struct resched_point *point, unsigned int m,
		       bool request)
{
	const struct preempt_model *model = preempt_model(m);
	enum resched_answer answer =
		request ? point->request(model) : point->order(model);
	int64_t start;

	if (answer == RESCHED_NONE)
		return;
	start = begins(situation_of(point), m, request);
	if ((start == 5200) != (answer == RESCHED_YES) || start < 5200)
		ck_abort_msg("%s of %s under %s: H begins at %d us",
			     request ? "request" : "order", point->name,
			     model->name, (int)start);
}

START_TEST(cells_are_true)
{
	for (unsigned int m = 0; preempt_model_choice(m); m++) {
		check_cell(resched_point((unsigned int)_i), m, false);
		check_cell(resched_point((unsigned int)_i), m, true);
	}
}
END_TEST

/* The words of the models in the table differ where the models do. */
START_TEST(no_two_models_are_the_same)
{
	for (unsigned int a = 0; preempt_model_choice(a); a++) {
		for (unsigned int b = 0; b < a; b++) {
			const struct preempt_model *x = preempt_model(a);
			const struct preempt_model *y = preempt_model(b);
			const struct resched_point *point;
			unsigned int differ = 0;

			for (unsigned int i = 0; (point = resched_point(i));
			     i++)
				differ +=
					point->order(x) != point->order(y) ||
					point->request(x) != point->request(y);
			ck_assert_msg(differ, "%s and %s", x->name, y->name);
		}
	}
}
END_TEST

/* A lock that another CPU waits for is given to it, where the kernel is
 * preempted; without need_resched a model that isn't keeps it. */
START_TEST(cond_resched_lock_breaks)
{
	for (unsigned int m = 0; preempt_model_choice(m); m++) {
		char *model = g_strdup_printf("kernel.preempt=%s",
					      preempt_model_choice(m)->name);
		const char *overrides[] = { model, NULL };
		struct results *results = law_simulate(
			"duration: 5ms\n"
			"machine: {cpus: 2, clock: 1GHz, costs: zero}\n"
			"locks: {spin: raw_spinlock}\n"
			"tasks:\n"
			"  A: {cpus: [0], once: [syscall: {name: a, do: "
			"[spin_lock: spin, run: 500us, cond_resched_lock: "
			"spin, run: 500us, spin_unlock: spin]}]}\n"
			"  B: {cpus: [1], start: 100us, once: [syscall: "
			"{name: b, do: [hold: {lock: spin, do: [run: "
			"50us]}]}]}\n",
			overrides);
		const struct lock_results *lock = results->locks->pdata[0];
		bool breaks = preempt_model(m)->kernel;

		ck_assert_uint_eq(results->warnings->len, 0);
		ck_assert_uint_eq(lock->acquisitions, breaks ? 3 : 2);
		ck_assert_int_eq(hist_max(lock->hold),
				 (breaks ? 500 : 1000) * US);
		results_free(results);
		g_free(model);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("points");
	TCase *tcase = tcase_create("points");
	int n = 0;

	while (resched_point((unsigned int)n))
		n++;
	tcase_add_loop_test(tcase, cells_are_true, 0, n);
	tcase_add_test(tcase, no_two_models_are_the_same);
	tcase_add_test(tcase, cond_resched_lock_breaks);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
