/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What it takes to have all CPUs do something: the sum of the steps that
 * kernel/smp.c and kernel/stop_machine.c of Linux go through, and the wait for
 * the slowest CPU.
 */
#include <config.h>

#include "law.h"

#include "preemptsim/kernel/preempt.h"

/* On @cpus CPUs that cost @costs; @what C does in a system call at 1 ms on the
 * CPU 1, beside what @more does. */
static struct results *simulate(const char *model, const char *cpus,
				const char *costs, const char *what,
				const char *more)
{
	char *yaml = g_strdup_printf(
		"duration: 20ms\n"
		"machine: {cpus: %s, clock: 1GHz, costs: {profile: zero%s}}\n"
		"kernel: {preempt: %s, hz: 100, tick: nohz_idle}\n"
		"locks: {raw: raw_spinlock}\n"
		"tasks:\n"
		"  C: {cpus: [1], policy: fifo, priority: 1, every: 10ms, offset: 1ms, do: [syscall: "
		"{name: c, do: [%s]}]}\n"
		"%s",
		cpus, costs, model, what, more);
	struct results *results = law_simulate(yaml, NULL);

	g_free(yaml);
	return results;
}

/* How long the first job of @task took. */
static int64_t took(const struct results *results, const char *task)
{
	GArray *jobs = law_jobs(results, task);
	int64_t ns = law_job(jobs, 0)->end_ns - law_job(jobs, 0)->start_ns;

	g_array_free(jobs, TRUE);
	return ns;
}

static int64_t takes(const char *model, const char *cpus, const char *costs,
		     const char *what, const char *more)
{
	struct results *results = simulate(model, cpus, costs, what, more);
	int64_t ns = took(results, "C");

	ck_assert_uint_eq(results->warnings->len, 0);
	results_free(results);
	return ns;
}

#define HOGS \
	"  hog: {copies: 2, cpus: [0, 2], start: 500us, loop: [run: 3ms]}\n"

/* Prices that can be told apart in a sum. */
#define PRICES                                                        \
	", ipi_send: 100ns, ipi_delivery: 1us, irq_entry: 200ns, "    \
	"irq_from_user: 400ns, irq_exit: 800ns, spin_handoff: 50ns, " \
	"timer_interrupt: 0ns"

static int64_t hardirqs_of(const struct results *results, unsigned int id)
{
	const struct cpu_results *cpu = results->cpus->pdata[id];

	return cpu->time_ns[CPU_HARDIRQ];
}

/* The second one is sent behind the first; it arrives, is entered from user
 * mode, runs the function, and its answer is seen. */
START_TEST(a_call_is_a_sum)
{
	const char *model = preempt_model_choice((unsigned int)_i)->name;
	struct results *results =
		simulate(model, "3", PRICES, "on_each_cpu: {run: 30us}", HOGS);
	struct results *without =
		simulate(model, "3", PRICES, "run: 30us", HOGS);

	ck_assert_int_eq(took(results, "C"),
			 100 + 1000 + 200 + 400 + 30 * US + 50);
	/* two jobs */
	ck_assert_int_eq(hardirqs_of(results, 2) - hardirqs_of(without, 2),
			 2 * (200 + 400 + 30 * US + 800));
	ck_assert_uint_eq(results->warnings->len, 0);
	results_free(without);
	results_free(results);
}
END_TEST

/* The caller runs it, too, while the others do; alone nobody else has to. */
START_TEST(one_cpu_calls_itself)
{
	ck_assert_int_eq(takes("full", "2", "", "on_each_cpu: {run: 30us}", ""),
			 30 * US);
	ck_assert_int_eq(takes("full", "2", "",
			       "repeat: {times: 3, do: [on_each_cpu: "
			       "{run: 30us}]}",
			       ""),
			 90 * US);
}
END_TEST

/* Interrupts that are off elsewhere keep the caller waiting, preemption that
 * is off does not, in whatever model. */
START_TEST(a_call_waits_for_interrupts)
{
	const char *model = preempt_model_choice((unsigned int)_i)->name;

	ck_assert_int_eq(
		takes(model, "3", "", "on_each_cpu: {run: 30us}",
		      "  other: {cpus: [2], start: 900us, once: [syscall: "
		      "{name: o, do: [irqs_off: [run: 600us]]}]}\n"),
		500 * US + 30 * US);
	ck_assert_int_eq(
		takes(model, "3", "", "on_each_cpu: {run: 30us}",
		      "  other: {cpus: [2], start: 900us, once: [syscall: "
		      "{name: o, do: [preempt_off: [run: 600us]]}]}\n"),
		30 * US);
}
END_TEST

/* Each does the other's call after its own function; a third CPU does one
 * after the other. */
START_TEST(calls_cross)
{
	ck_assert_int_eq(takes("none", "3", ", ipi_delivery: 5us",
			       "run: 50us, on_each_cpu: {run: 30us}",
			       "  D: {cpus: [2], policy: fifo, priority: 1, "
			       "start: 1049us, once: [syscall: {name: d, do: "
			       "[on_each_cpu: {run: 20us}]}]}\n"),
			 50 * US - US + 5 * US + 20 * US + 30 * US);
}
END_TEST

/* Who has taken the interrupt, but has not come to look yet, is not interrupted
 * once more: the first time it finds the other's call there, too, of one that
 * has not been interrupted itself, which is a mistake; the second is alone. */
START_TEST(who_knows_is_not_told)
{
	static const char other[] =
		"  hog: {cpus: [0], start: 500us, loop: [run: 3ms]}\n"
		"  D: {cpus: [2], policy: fifo, priority: 1, start: 900us, "
		"once: [syscall: {name: d, do: [irqs_off: [run: 106us, %s]]}]}\n";
	static const char price[] = ", ipi_delivery: 5us, irq_entry: 4us";
	g_autofree char *call =
		g_strdup_printf(other, "on_each_cpu: {run: 20us}");
	g_autofree char *run = g_strdup_printf(other, "run: 20us");
	struct results *results =
		simulate("full", "3", price, "on_each_cpu: {run: 30us}", call);
	struct results *without =
		simulate("full", "3", price, "run: 30us", run);

	ck_assert_int_eq(hardirqs_of(results, 0) - hardirqs_of(without, 0),
			 4 * US + 30 * US + 20 * US + 4 * US + 30 * US);
	ck_assert_uint_eq(results->warnings->len, 1);
	results_free(without);
	results_free(results);
}
END_TEST

/* A CPU that leaves its idle loop for something else finds a call that is on
 * its way to it, and does it first. */
START_TEST(a_call_is_found_on_the_way_out_of_idle)
{
	struct results *results = simulate(
		"none", "3", ", ipi_delivery: 5us", "run: 1us",
		"  D: {cpus: [2], policy: fifo, priority: 1, start: 999us, "
		"once: [syscall: {name: d, do: [on_each_cpu: "
		"{run: 20us}]}]}\n");
	const struct cpu_results *cpu = results->cpus->pdata[1];

	ck_assert_int_eq(hist_max(law_task(results, "C")->wakeup_latency),
			 20 * US);
	ck_assert_int_eq(cpu->time_ns[CPU_HARDIRQ], 0);
	ck_assert_int_eq(cpu->time_ns[CPU_KERNEL], 20 * US + 2 * US);
	results_free(results);
}
END_TEST

#define POLLING                                                    \
	", ipi_send: 100ns, ipi_delivery: 1us, irq_entry: 200ns, " \
	"irq_exit: 800ns, spin_handoff: 50ns, monitor: 300ns, "    \
	"idle_exit: 2us, timer_interrupt: 0ns}, idle: {method: mwait"

/* The only one that has to be told, and watches its flag: it needs no
 * interrupt, and what it does is not the idle task's rest. */
START_TEST(one_that_polls_is_told_by_a_flag)
{
	struct results *results =
		simulate("full", "2", POLLING, "on_each_cpu: {run: 30us}", "");
	const struct cpu_results *cpu = results->cpus->pdata[0];

	ck_assert_int_eq(took(results, "C"), 300 + 2000 + 30 * US + 50);
	ck_assert_int_eq(cpu->time_ns[CPU_HARDIRQ], 0);
	ck_assert_int_eq(cpu->time_ns[CPU_KERNEL], 2 * 30 * US);
	results_free(results);
}
END_TEST

/* Several are interrupted, whatever they do. */
START_TEST(some_that_poll_are_interrupted)
{
	struct results *results =
		simulate("full", "3", POLLING, "on_each_cpu: {run: 30us}", "");
	const struct cpu_results *cpu = results->cpus->pdata[0];

	ck_assert_int_eq(took(results, "C"),
			 100 + 1000 + 2000 + 200 + 30 * US + 50);
	ck_assert_int_eq(cpu->time_ns[CPU_HARDIRQ],
			 2 * (2000 + 200 + 30 * US + 800));
	results_free(results);
}
END_TEST

/* One that halts is interrupted, alone or not. */
START_TEST(one_that_halts_is_interrupted)
{
	ck_assert_int_eq(takes("full", "2",
			       PRICES ", idle_exit: 2us}, idle: {method: halt",
			       "on_each_cpu: {run: 30us}", ""),
			 1000 + 2000 + 200 + 30 * US + 50);
}
END_TEST

START_TEST(a_call_with_interrupts_off_is_told)
{
	struct results *results = simulate(
		"full", "2", "", "irqs_off: [on_each_cpu: {run: 1us}]", "");
	const struct warning *warning;

	ck_assert_uint_eq(results->warnings->len, 1);
	warning = results->warnings->pdata[0];
	ck_assert_str_eq(warning->kind, "call_irqs_off");
	ck_assert_int_eq(warning->at_ns, 1 * MS);
	results_free(results);
}
END_TEST

/* Wake the stopper of the CPU 0, which waits, and one's own; that comes last,
 * so that the other sees it later; with interrupts off the other comes last; it
 * runs the function, and who called is told, if he has come to sleep for that:
 * where the kernel is preempted, or might_sleep() is a reschedule point, his
 * stopper has taken the CPU before. */
START_TEST(a_stop_is_a_sum)
{
	const struct preempt_model *model = preempt_model((unsigned int)_i);
	bool sleeps = !model->kernel && !model->might_sleep;

	ck_assert_int_eq(
		takes(model->name, "2", ", wakeup: 1us, spin_handoff: 50ns",
		      "stop_machine: {run: 30us}", ""),
		2000 + 50 + 50 - 50 + 30 * US + 50 + (sleeps ? 1000 : 0));
}
END_TEST

/* All wait for the CPU whose kernel does not let the stopper in. */
START_TEST(a_stop_waits_for_the_scheduler)
{
	const struct preempt_model *model = preempt_model((unsigned int)_i);
	int64_t ns = takes(model->name, "3", "", "stop_machine: {run: 30us}",
			   "  other: {cpus: [2], start: 900us, once: [syscall: "
			   "{name: o, do: [preempt_off: [run: 300us], "
			   "run: 500us]}]}\n");

	ck_assert_int_eq(ns, (model->kernel ? 200 : 700) * US + 30 * US);
}
END_TEST

/* Whoever runs makes way at once, and be it FIFO's highest or a deadline
 * task. */
START_TEST(a_stop_comes_before_all)
{
	const struct preempt_model *model = preempt_model((unsigned int)_i);

	ck_assert_int_eq(
		takes(model->name, "3", "", "stop_machine: {run: 30us}",
		      "  F: {policy: fifo, priority: 99, cpus: [0], "
		      "start: 500us, loop: [run: 3ms]}\n"
		      "  D: {policy: deadline, runtime: 4ms, period: 10ms, "
		      "start: 500us, loop: [run: 3ms]}\n"),
		30 * US);
}
END_TEST

/* While the machine stands no interrupt is served anywhere. */
START_TEST(a_stop_masks_interrupts)
{
	struct results *results = simulate(
		"full", "3", "", "stop_machine: {run: 300us}",
		"  H: {policy: fifo, priority: 98, cpus: [2], every: 10ms, "
		"offset: 1100us, do: [run: 1us]}\n");

	ck_assert_int_eq(hist_max(law_task(results, "H")->wakeup_latency),
			 200 * US);
	for (unsigned int i = 0; i < results->cpus->len; i++) {
		const struct cpu_results *cpu = results->cpus->pdata[i];

		ck_assert_int_eq(cpu->irqs_off_max_ns, 300 * US);
	}
	results_free(results);
}
END_TEST

/* One after the other: D wakes four stoppers, all stop, and D, whom one of them
 * has preempted, wakes C, who has come meanwhile and does the same. */
START_TEST(stops_take_turns)
{
	struct results *results = simulate(
		"rt", "4", ", wakeup: 1us", "stop_machine: {run: 30us}",
		"  D: {cpus: [0], policy: fifo, priority: 1, "
		"every: 10ms, offset: 1ms, do: [syscall: {name: d, "
		"do: [stop_machine: {run: 50us}]}]}\n");

	ck_assert_int_eq(took(results, "D"), (4 + 50 + 1) * US);
	ck_assert_int_eq(took(results, "C"), (55 + 4 + 30) * US);
	results_free(results);
}
END_TEST

#define NMI_PRICES \
	", ipi_send: 100ns, ipi_delivery: 1us, nmi_entry: 300ns, nmi_exit: 500ns"

/* First itself; and then it looks once a millisecond whether the others have
 * said where they are, which neither interrupts nor preemption that are off can
 * keep them from. */
START_TEST(a_backtrace_waits_for_nothing)
{
	static const char *const others[] = {
		"run: 3ms", "preempt_off: [run: 3ms]", "irqs_off: [run: 3ms]",
		"spin_lock_irqsave: raw, run: 3ms, spin_unlock_irqrestore: raw"
	};
	char *other = g_strdup_printf(
		"  other: {cpus: [0], policy: fifo, priority: 1, "
		"start: 500us, once: [syscall: {name: o, do: [%s]}]}\n",
		others[_i]);
	struct results *results =
		simulate("full", "3", NMI_PRICES,
			 "trigger_all_cpu_backtrace: {run: 30us}", other);
	struct results *without =
		simulate("full", "3", NMI_PRICES, "run: 30us", other);

	ck_assert_int_eq(took(results, "C"), 30 * US + 200 + MS);
	for (unsigned int i = 0; i < results->cpus->len; i++) {
		const struct cpu_results *cpu = results->cpus->pdata[i];

		ck_assert_int_eq(cpu->time_ns[CPU_NMI],
				 i == 1 ? 0 : 2 * (300 + 30 * US + 500));
	}
	ck_assert_uint_eq(results->warnings->len, without->warnings->len);
	results_free(without);
	results_free(results);
	g_free(other);
}
END_TEST

/* As long as the slowest takes, rounded up; in whatever context it is. */
START_TEST(a_backtrace_takes_milliseconds)
{
	static const char *const where[] = { "%s", "preempt_off: [%s]",
					     "irqs_off: [%s]", "bh_off: [%s]" };
	char *what = g_strdup_printf(
		where[_i], "trigger_all_cpu_backtrace: {run: 2500us}");

	ck_assert_int_eq(takes("full", "2", "", what, ""), 2500 * US + 3 * MS);
	g_free(what);
}
END_TEST

/* One at a time: who comes meanwhile goes on without. */
START_TEST(one_backtrace_is_enough)
{
	struct results *results = simulate(
		"full", "2", "", "trigger_all_cpu_backtrace: {run: 30us}",
		"  D: {cpus: [0], policy: fifo, priority: 1, every: 10ms, "
		"offset: 1050us, do: [syscall: {name: d, do: [run: 5us, "
		"trigger_all_cpu_backtrace: {run: 30us}]}]}\n");

	ck_assert_int_eq(took(results, "C"), 30 * US + MS);
	ck_assert_int_eq(took(results, "D"), 5 * US);
	results_free(results);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("smp");
	TCase *tcase = tcase_create("smp");
	int models = 0;

	while (preempt_model_choice((unsigned int)models))
		models++;
	tcase_add_loop_test(tcase, a_call_is_a_sum, 0, models);
	tcase_add_test(tcase, one_cpu_calls_itself);
	tcase_add_loop_test(tcase, a_call_waits_for_interrupts, 0, models);
	tcase_add_test(tcase, calls_cross);
	tcase_add_test(tcase, who_knows_is_not_told);
	tcase_add_test(tcase, a_call_is_found_on_the_way_out_of_idle);
	tcase_add_test(tcase, one_that_polls_is_told_by_a_flag);
	tcase_add_test(tcase, some_that_poll_are_interrupted);
	tcase_add_test(tcase, one_that_halts_is_interrupted);
	tcase_add_test(tcase, a_call_with_interrupts_off_is_told);
	tcase_add_loop_test(tcase, a_stop_is_a_sum, 0, models);
	tcase_add_loop_test(tcase, a_stop_waits_for_the_scheduler, 0, models);
	tcase_add_loop_test(tcase, a_stop_comes_before_all, 0, models);
	tcase_add_test(tcase, a_stop_masks_interrupts);
	tcase_add_test(tcase, stops_take_turns);
	tcase_add_loop_test(tcase, a_backtrace_waits_for_nothing, 0, 4);
	tcase_add_loop_test(tcase, a_backtrace_takes_milliseconds, 0, 4);
	tcase_add_test(tcase, one_backtrace_is_enough);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
