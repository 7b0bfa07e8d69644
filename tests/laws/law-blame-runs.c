/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blame in all scenarios and models: it is as long as what was to be done, it does
 * not matter from where what is explained is simulated again, and the CPUs did
 * meanwhile what a record of the whole run has.
 */
#include <config.h>

#include "blame-law.h"
#include "preemptsim/measure/timeline.h"
#include "preemptsim/workload/step.h"
#include "told.h"

static GPtrArray *files;

static const char *const models[] = { "none", "voluntary", "full",
				      "lazy", "rt",	   "rt_lazy" };

/* How long a job of @conf runs in user mode, in ns, if it does nothing else and
 * leaves nothing to chance; otherwise -1. */
static int64_t run_ns(const struct scenario *scenario,
		      const struct task_conf *conf)
{
	ktime_t sum = 0;

	for (unsigned int i = 0; conf->steps && i < conf->steps->len; i++) {
		const struct step *step = conf->steps->pdata[i];

		if (strcmp(step->type->name, "run") || step->time->draw)
			return -1;
		sum += step->time->value;
	}
	return conf->kthread ? -1 : ktime_to_ns(&scenario->tb, sum);
}

static int64_t user_ns(const struct worst_case *worst)
{
	for (unsigned int i = 0; i < worst->blame->len; i++) {
		const struct blame *part =
			&g_array_index(worst->blame, struct blame, i);

		if (!strcmp(part->cause, "execution") &&
		    !g_strcmp0(part->by, "user mode"))
			return part->ns;
	}
	return 0;
}

/* Each end of a stretch is rounded to the nanosecond. */
static void check_own(const char *place, const struct worst_case *worst,
		      int64_t run)
{
	int64_t off = user_ns(worst) - run;

	if (llabs(off) > (int64_t)worst->timeline->len)
		ck_abort_msg("%s: a job of %s at %lld ns ran %lld ns too long",
			     place, worst->task, (long long)worst->at_ns,
			     (long long)off);
}

/* @duration, @warmup: as settings. */
static struct scenario *load_in(const char *model, const char *file,
				const char *duration, const char *warmup)
{
	g_autofree char *preempt = g_strdup_printf("kernel.preempt=%s", model);
	const char *overrides[] = { preempt, duration, warmup, NULL };

	return law_load_file(file, overrides);
}

static unsigned int check_scenario(const char *file, const char *model)
{
	char *place = g_strdup_printf("%s, %s", file, model);
	struct scenario *scenario =
		load_in(model, file, "duration=1s", "warmup=0s");
	struct results *results = law_run(scenario, 1, 0);
	unsigned int n = 0;

	for (unsigned int i = 0; i < results->worst->len; i++) {
		const struct worst_case *worst = results->worst->pdata[i];
		char *name = g_strndup(worst->task, strcspn(worst->task, "/"));
		int64_t run = run_ns(
			scenario,
			scenario->tasks->pdata[law_task_index(results, name)]);

		if (worst->kind == KIND_RESPONSE_TIME && run >= 0) {
			check_own(place, worst, run);
			n++;
		}
		g_free(name);
	}
	results_free(results);
	scenario_free(scenario);
	g_free(place);
	return n;
}

/* However often it is preempted, interrupted and moved: what is put down to a
 * job's own execution is what it was given to do. */
START_TEST(own_execution_is_what_was_to_be_done)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < files->len; i++)
		n += check_scenario(files->pdata[i], models[_i]);
	ck_assert_uint_gt(n, 50);
}
END_TEST

/* All that is told of a run whose copies are so many events apart. */
static char *told_with_copies(const struct scenario *scenario,
			      uint64_t interval)
{
	struct run_options options = {
		.seed = 1,
		.nr_worst = 10,
		.jobs = true,
		.blame = true,
		.blame_worst = true,
		.blame_which = BLAME_ALL,
		.blame_interval = interval,
	};
	struct results *results = scenario_run(scenario, &options);
	char *text = told(scenario, results);

	results_free(results);
	return text;
}

/* It does not matter from where what is explained is simulated again: from the
 * end of the warmup, as with no other copy, or from somewhere near; nor that
 * the simulation is put back now and then, and goes on. */
START_TEST(copies_do_not_matter)
{
	static const uint64_t intervals[] = { 0, 23, 400 };

	for (unsigned int i = 0; i < files->len; i++) {
		struct scenario *scenario =
			load_in(models[_i], files->pdata[i], "duration=400ms",
				"warmup=50ms");
		char *expected = told_with_copies(scenario, UINT32_MAX);

		for (unsigned int k = 0; k < G_N_ELEMENTS(intervals); k++) {
			char *text = told_with_copies(scenario, intervals[k]);

			if (strcmp(text, expected))
				ck_abort_msg("%s, %s: other results with a "
					     "copy every %d events",
					     (char *)files->pdata[i],
					     models[_i], (int)intervals[k]);
			g_free(text);
		}
		g_free(expected);
		scenario_free(scenario);
	}
}
END_TEST

/*
 * Others who listen
 */

/* CPU 0 is late when the watchdog wants its sample, and is still when a wait on
 * the other CPU is over. */
static const char two_cpus[] =
	"machine: {cpus: 2}\n"
	"duration: 40s\n"
	"tasks:\n"
	"  driver:\n"
	"    cpus: [0]\n"
	"    loop: [syscall: {name: ioctl, do: [irqs_off: [run: 6s]]}, "
	"sleep: 1s]\n"
	"  answer: {policy: fifo, priority: 50, cpus: [1], every: 1s, "
	"do: [run: 1ms]}\n";

/* The watchdog begins to listen then, in each stretch that is simulated again. */
START_TEST(who_begins_to_listen_does_so_once)
{
	struct scenario *scenario = law_load(two_cpus, NULL);
	struct run_options options = { .seed = 1,
				       .blame = true,
				       .blame_which = BLAME_ALL,
				       .blame_over_ns = 1,
				       .blame_interval = 3 };
	struct results *results = scenario_run(scenario, &options);

	ck_assert_uint_gt(
		((struct task_results *)results->tasks->pdata[1])->blamed, 30);
	results_free(results);
	scenario_free(scenario);
}
END_TEST

static struct results *run_with_bounds(const struct scenario *scenario,
				       bool blame)
{
	struct run_options options = { .seed = 1,
				       .bound = true,
				       .blame = blame,
				       .blame_which = BLAME_ALL,
				       .blame_over_ns = 20000 };

	return scenario_run(scenario, &options);
}

static void check_bounds(const char *place, const struct results *a,
			 const struct results *b)
{
	for (unsigned int i = 0; i < a->cpus->len; i++) {
		const struct cpu_results *x = a->cpus->pdata[i];
		const struct cpu_results *y = b->cpus->pdata[i];

		if (x->bound.bound_ns != y->bound.bound_ns ||
		    x->bound.paie_ns != y->bound.paie_ns)
			ck_abort_msg("%s: another bound for CPU %u", place, i);
	}
}

/* What goes on at the end of the run counts up to there, not up to where what
 * was simulated again ends. */
START_TEST(bounds_are_those_of_the_run)
{
	for (unsigned int i = 0; i < files->len; i++) {
		struct scenario *scenario =
			load_in(models[_i], files->pdata[i], "duration=105ms",
				"warmup=0s");
		struct results *with = run_with_bounds(scenario, true);
		struct results *without = run_with_bounds(scenario, false);

		check_bounds(files->pdata[i], with, without);
		results_free(with);
		results_free(without);
		scenario_free(scenario);
	}
}
END_TEST

/*
 * What the CPUs did meanwhile
 */

static bool same_bar(const struct timeline_bar *a, const struct timeline_bar *b)
{
	return a->begin_ns == b->begin_ns && a->end_ns == b->end_ns &&
	       a->what == b->what && a->preempt_off == b->preempt_off &&
	       a->irqs_off == b->irqs_off && !g_strcmp0(a->task, b->task);
}

/* What a CPU did when the window began or ended is seen when it is looked at
 * then, and otherwise guessed from what it told before and afterwards. */
static void check_bars(const char *place, const GArray *a, const GArray *b)
{
	if (a->len != b->len)
		ck_abort_msg("%s: %d bars, not %d", place, (int)a->len,
			     (int)b->len);
	for (unsigned int i = 1; i + 1 < a->len; i++) {
		const struct timeline_bar *bar;

		bar = &g_array_index(a, struct timeline_bar, i);
		if (!same_bar(bar, &g_array_index(b, struct timeline_bar, i)))
			ck_abort_msg("%s: the bars from %lld ns on differ",
				     place, (long long)bar->begin_ns);
	}
}

/* The same windows, recorded in a run from the boot on. */
static void check_windows(const char *place, const struct scenario *scenario,
			  const struct results *results)
{
	GPtrArray *windows =
		g_ptr_array_new_with_free_func((GDestroyNotify)timeline_free);
	struct run_options options = { .seed = 1, .timelines = windows };

	for (unsigned int i = 0; i < results->worst->len; i++) {
		const struct worst_case *worst = results->worst->pdata[i];

		g_ptr_array_add(windows,
				timeline_new(worst->at_ns,
					     worst->at_ns + worst->latency_ns));
	}
	results_free(scenario_run(scenario, &options));
	for (unsigned int i = 0; i < results->worst->len; i++) {
		const struct worst_case *worst = results->worst->pdata[i];

		ck_assert(worst->window || !worst->latency_ns);
		for (unsigned int cpu = 0;
		     worst->window && cpu < worst->window->cpus->len; cpu++)
			check_bars(place, timeline_bars(worst->window, cpu),
				   timeline_bars(windows->pdata[i], cpu));
	}
	g_ptr_array_unref(windows);
}

START_TEST(windows_are_as_recorded_from_the_boot_on)
{
	for (unsigned int i = 0; i < files->len; i++) {
		char *place = g_strdup_printf("%s, %s", (char *)files->pdata[i],
					      models[_i]);
		struct scenario *scenario =
			load_in(models[_i], files->pdata[i], "duration=500ms",
				"warmup=0s");
		struct run_options options = {
			.seed = 1,
			.nr_worst = 2,
			.blame = true,
			.blame_worst = true,
			.blame_timelines = true,
		};
		struct results *results = scenario_run(scenario, &options);

		check_windows(place, scenario, results);
		results_free(results);
		scenario_free(scenario);
		g_free(place);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("blame-runs");
	TCase *tcase = tcase_create("blame-runs");
	int status;

	files = law_scenarios();
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, own_execution_is_what_was_to_be_done, 0,
			    G_N_ELEMENTS(models));
	tcase_add_loop_test(tcase, copies_do_not_matter, 0,
			    G_N_ELEMENTS(models));
	tcase_add_test(tcase, who_begins_to_listen_does_so_once);
	tcase_add_loop_test(tcase, bounds_are_those_of_the_run, 0,
			    G_N_ELEMENTS(models));
	tcase_add_loop_test(tcase, windows_are_as_recorded_from_the_boot_on, 0,
			    G_N_ELEMENTS(models));
	suite_add_tcase(suite, tcase);
	status = run_suite(suite);
	g_ptr_array_free(files, TRUE);
	return status;
}
