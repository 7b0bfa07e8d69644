/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Queues: devices interrupt at random instants and each time wake a task that
 * then works for a time.  On a machine without costs that is a queue with one
 * server, whose means are known: Pollaczek and Khinchine for one class,
 * Cobham for classes with priorities, Fuhrmann and Cooper for a server that
 * goes away; processor sharing, where many take turns; and renewal theory for a
 * task that finds the CPU in a section which can't be preempted.
 *
 * In all of them there are as many jobs as come in the time that one stays
 * (Little 1961), and who comes at random instants finds as many as there are on
 * average (Wolff 1982: Poisson arrivals see time averages).
 *
 * Means come from independent runs; what they should be has to lie in their
 * confidence interval at 99.9 %.  The seed is fixed, so that a test that
 * passes keeps passing.  Times are in ms.
 */
#include <config.h>

#include "little.h"

#define RUNS 30
#define LEVEL 0.999
/* What a percentile of a histogram may be above the true one, relative. */
#define BIN_WIDTH 0.008

/* What a run may be asked for, in ms or as a share. */
static double wait_mean(const struct task_results *task)
{
	return law_mean(task->wakeup_latency) / 1e6;
}

static double sojourn_mean(const struct task_results *task)
{
	return law_mean(task->response_time) / 1e6;
}

static double sojourn_p50(const struct task_results *task)
{
	return (double)hist_percentile(task->response_time, 50) / 1e6;
}

static double sojourn_p90(const struct task_results *task)
{
	return (double)hist_percentile(task->response_time, 90) / 1e6;
}

static double sojourn_p99(const struct task_results *task)
{
	return (double)hist_percentile(task->response_time, 99) / 1e6;
}

static double sojourn_p99_9(const struct task_results *task)
{
	return (double)hist_percentile(task->response_time, 99.9) / 1e6;
}

static double share_late(const struct task_results *task)
{
	return (double)task->late / (double)task->completed;
}

static double share_skipped(const struct task_results *task)
{
	return (double)task->skipped / (double)task->jobs;
}

/**
 * struct question - one number of a scenario and what it should be.
 * @class: whose
 * @ask: what to take of a run
 * @value: what it is
 * @slack: relative, that it may be off by
 */
struct question {
	unsigned int class;
	double (*ask)(const struct task_results *task);
	double value, slack;
};

#define MAX_CLASSES 3
#define MAX_QUESTIONS 6

/**
 * struct law - a scenario and what is known about it.
 * @name: for messages
 * @model: of preemption
 * @kernel: other settings of it, NULL: none
 * @cpus: servers
 * @copies: of each task, so many jobs may be in service; 0: as many as servers
 * @class: kinds of jobs: the times between arrivals, what a job does, and the
 *         task's attributes (NULL: FIFO, the first with the top priority)
 * @background: steps of an endless SCHED_IDLE task; NULL: none
 * @seconds: simulated in each run
 * @max_wait: what no wait exceeds; 0: nothing is known
 * @jobs: in the system on average; 0: nothing is known
 */
struct law {
	const char *name, *model, *kernel;
	unsigned int cpus, copies;
	struct {
		const char *arrivals, *job, *attributes;
	} class[MAX_CLASSES];
	const char *background;
	unsigned int seconds;
	double max_wait, jobs;
	struct question question[MAX_QUESTIONS];
};

#define EXP_JOB "run: {exponential: 1ms}"
#define EXP_CALL "syscall: {name: x, do: [run: {exponential: 1ms}]}"

#define FAIR "policy: other, timer_slack: 0ns"
#define PROCESSOR_SHARING(how, settings)                                    \
	{                                                                   \
		.name = "M/G/1-PS, by " how, .model = "full",               \
		.kernel = "hz: 10000, " settings, .copies = 40,             \
		.class = { { "{exponential: 40ms}", "run: 15ms", FAIR },    \
			   { "{exponential: 13333333ns}", "run: 1666667ns", \
			     FAIR } },                                      \
		.seconds = 40,                                              \
		.question = { { 0, sojourn_mean, 30, .01 },                 \
			      { 1, sojourn_mean, 3.333333, .03 } },         \
	}

static const struct law laws[] = {
	{
		.name = "M/M/1, load .8",
		.model = "full",
		.class = { { "{exponential: 1250us}", EXP_JOB, NULL } },
		.seconds = 320,
		.jobs = 4,
		.question = { { 0, wait_mean, 4, 0 },
			      { 0, sojourn_mean, 5, 0 },
			      { 0, sojourn_p50, 3.465736, BIN_WIDTH },
			      { 0, sojourn_p90, 11.512925, BIN_WIDTH },
			      { 0, sojourn_p99, 23.025851, BIN_WIDTH },
			      { 0, sojourn_p99_9, 34.538776, BIN_WIDTH } },
	},
	{
		.name = "M/D/1, load .8",
		.model = "full",
		.class = { { "{exponential: 1250us}", "run: 1ms", NULL } },
		.seconds = 50,
		.jobs = 2.4,
		.question = { { 0, wait_mean, 2, 0 },
			      { 0, sojourn_mean, 3, 0 } },
	},
	{
		.name = "M/G/1, .5 or 2.5",
		.model = "full",
		.class = { { "{exponential: 2ms}",
			     "run: {choice: [{weight: 3, value: 500us}, "
			     "{weight: 1, value: 2500us}]}",
			     NULL } },
		.seconds = 40,
		.question = { { 0, wait_mean, 7.0 / 8, 0 } },
	},
	{
		.name = "M/G/1, uniform",
		.model = "full",
		.class = { { "{exponential: 2ms}", "run: {uniform: [0ms, 2ms]}",
			     NULL } },
		.seconds = 40,
		.question = { { 0, wait_mean, 2.0 / 3, 0 } },
	},
	{
		.name = "M/M/2, load .75",
		.model = "full",
		.cpus = 2,
		.class = { { "{exponential: 666667ns}", EXP_JOB, NULL } },
		.seconds = 40,
		.question = { { 0, wait_mean, 9.0 / 7, 0 } },
	},
	{
		.name = "M/M/4, load .75",
		.model = "full",
		.cpus = 4,
		.class = { { "{exponential: 333333ns}", EXP_JOB, NULL } },
		.seconds = 40,
		.question = { { 0, wait_mean, 27.0 / 53, 0 } },
	},
	{
		.name = "M/M/8, load .875",
		.model = "full",
		.cpus = 8,
		.class = { { "{exponential: 142857ns}", EXP_JOB, NULL } },
		.seconds = 40,
		.question = { { 0, wait_mean, 823543.0 / 1296273, 0 } },
	},
	/* Nobody waits: Erlang's loss formula. */
	{
		.name = "M/M/1/1",
		.model = "full",
		.class = { { "{exponential: 1250us}", EXP_JOB,
			     "policy: fifo, priority: 50, overrun: skip" } },
		.seconds = 20,
		.question = { { 0, share_skipped, .8 / 1.8, 0 } },
	},
	{
		.name = "M/M/2/2",
		.model = "full",
		.cpus = 2,
		.class = { { "{exponential: 666667ns}", EXP_JOB,
			     "policy: fifo, priority: 50, overrun: skip" } },
		.seconds = 20,
		.question = { { 0, share_skipped, 1.125 / 3.625, 0 } },
	},
	{
		.name = "two classes with preemption",
		.model = "none",
		.class = { { "{exponential: 3333333ns}", EXP_JOB, NULL },
			   { "{exponential: 2500us}", EXP_JOB, NULL } },
		.seconds = 50,
		.question = { { 0, sojourn_mean, 10.0 / 7, 0 },
			      { 1, sojourn_mean, 100.0 / 21, 0 } },
	},
	/* Loads of .072, .144 and .3; the means by the same formula, 1 / (1 -
	 * .072) and so on.  (Slides that go round have .323, .560 and 1.181:
	 * the second is what comes of 1 / (1 - .216)^2 for the waiting.) */
	{
		.name = "three classes with preemption",
		.model = "none",
		.class = { { "{exponential: 4166667ns}",
			     "run: {exponential: 300us}", NULL },
			   { "{exponential: 2777778ns}",
			     "run: {exponential: 400us}", NULL },
			   { "{exponential: 1666667ns}",
			     "run: {exponential: 500us}", NULL } },
		.seconds = 50,
		.question = { { 0, sojourn_mean, .323276, 0 },
			      { 1, sojourn_mean, .539893, 0 },
			      { 2, sojourn_mean, 1.241778, 0 } },
	},
	{
		.name = "two classes without preemption",
		.model = "none",
		.class = { { "{exponential: 3333333ns}", EXP_CALL, NULL },
			   { "{exponential: 2500us}", EXP_CALL, NULL } },
		.seconds = 50,
		.question = { { 0, wait_mean, 1, 0 },
			      { 1, wait_mean, 10.0 / 3, 0 } },
	},
	{
		.name = "two classes of system calls under full",
		.model = "full",
		.class = { { "{exponential: 3333333ns}", EXP_CALL, NULL },
			   { "{exponential: 2500us}", EXP_CALL, NULL } },
		.seconds = 50,
		.question = { { 0, sojourn_mean, 10.0 / 7, 0 },
			      { 1, sojourn_mean, 100.0 / 21, 0 } },
	},
	{
		.name = "a realtime job of 1 beside kernel work of 5",
		.model = "full",
		.class = { { "{exponential: 10ms}", "run: 1ms", NULL },
			   { "{exponential: 10ms}",
			     "syscall: {name: x, do: [run: 5ms]}", NULL } },
		.seconds = 120,
		.question = { { 0, sojourn_mean, 19.0 / 18, 0 },
			      { 1, sojourn_mean, 55.0 / 6, 0 } },
	},
	{
		.name = "the same, not preemptible",
		.model = "none",
		.class = { { "{exponential: 10ms}", "run: 1ms", NULL },
			   { "{exponential: 10ms}",
			     "syscall: {name: x, do: [run: 5ms]}", NULL } },
		.seconds = 120,
		/* The wait: a call's way out is preempted, which counts. */
		.question = { { 0, sojourn_mean, 22.0 / 9, 0 },
			      { 1, wait_mean, 155.0 / 18 - 5, 0 } },
	},
	{
		.name = "M/D/1 with vacations of 5",
		.model = "none",
		.class = { { "{exponential: 10ms}", "run: 1ms", NULL } },
		.background = "syscall: {name: x, do: [run: 5ms]}",
		.seconds = 120,
		.question = { { 0, wait_mean, 23.0 / 9, 0 } },
	},
	{
		.name = "M/D/1 with exponential vacations of mean 5",
		.model = "none",
		.class = { { "{exponential: 10ms}", "run: 1ms", NULL } },
		.background =
			"syscall: {name: x, do: [run: {exponential: 5ms}]}",
		.seconds = 120,
		.question = { { 0, wait_mean, 91.0 / 18, 0 } },
	},
	/* Half of the time in a section: f E[S^2] / (2 E[S]), and what is
	 * late is f (1 - x / S), or f exp(-x / m). */
	{
		.name = "sections of 1",
		.model = "none",
		.class = { { "{exponential: 10ms}", "run: 0ns",
			     "policy: fifo, priority: 50, "
			     "deadline: 900us" } },
		.background = "run: 1ms, syscall: {name: x, do: [run: 1ms]}",
		.seconds = 100,
		.max_wait = 1,
		.question = { { 0, wait_mean, .25, 0 },
			      { 0, share_late, .05, 0 } },
	},
	{
		.name = "exponential sections of mean 1",
		.model = "none",
		.class = { { "{exponential: 10ms}", "run: 0ns",
			     "policy: fifo, priority: 50, deadline: 2ms" } },
		.background = "run: {exponential: 1ms}, " EXP_CALL,
		.seconds = 120,
		.question = { { 0, wait_mean, .5, 0 },
			      { 0, share_late, .067668, 0 } },
	},
	{
		.name = "sections of 1 with preemption off",
		.model = "full",
		.class = { { "{exponential: 10ms}", "run: 0ns",
			     "policy: fifo, priority: 50, "
			     "deadline: 900us" } },
		.background = "syscall: {name: x, do: [run: 1ms, "
			      "preempt_off: [run: 1ms]]}",
		.seconds = 100,
		.max_wait = 1,
		.question = { { 0, wait_mean, .25, 0 },
			      { 0, share_late, .05, 0 } },
	},
	{
		.name = "cond_resched() each .5",
		.model = "none",
		.class = { { "{exponential: 10ms}", "run: 0ns", NULL } },
		.background = "syscall: {name: x, do: [repeat: {times: 20, "
			      "do: [run: 500us, cond_resched: ]}]}",
		.seconds = 100,
		.max_wait = .5,
		.question = { { 0, wait_mean, .25, 0 } },
	},
	{
		.name = "M/M/8, load .875",
		.model = "full",
		.cpus = 8,
		.class = { { "{exponential: 142857ns}", EXP_JOB, NULL } },
		.seconds = 60,
		.question = { { 0, wait_mean, .635316, 0 } },
	},
	/* Many turns of a fiftieth of the mean service, 5 ms: the server is
	 * shared, and a job of x takes x / (1 - load), whatever the others
	 * are. */
	PROCESSOR_SHARING("round robin", "fair: rr"),
	PROCESSOR_SHARING("eevdf", "fair: eevdf, sched: {base_slice: 100us}"),
	PROCESSOR_SHARING("cfs", "fair: cfs, sched: {latency: 100us, "
				 "min_granularity: 100us, wakeup_granularity: "
				 "1s}"),
	/* A fair task that preempts, under lazy: the next tick. */
	{
		.name = "lazy",
		.model = "lazy",
		.class = { { "{exponential: 10ms}", "run: 0ns",
			     "policy: other" } },
		.background = "syscall: {name: x, do: [run: 100ms]}",
		.seconds = 100,
		.max_wait = 4,
		.question = { { 0, wait_mean, 2, 0 } },
	},
};

static char *scenario_of(const struct law *law)
{
	GString *yaml = g_string_new(NULL);
	unsigned int cpus = MAX(law->cpus, 1);
	unsigned int copies = law->copies ? law->copies : cpus;

	g_string_append_printf(
		yaml,
		"duration: %us\nwarmup: 1s\n"
		"machine: {cpus: %u, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {preempt: %s, %s, rt_throttling: off}\n"
		"devices:\n",
		law->seconds + 1, cpus, law->model,
		law->kernel ? law->kernel : "hz: 250");
	for (unsigned int i = 0; i < MAX_CLASSES && law->class[i].job; i++)
		g_string_append_printf(yaml,
				       "  d%u: {irq: %s, handler: "
				       "[wake: d%u]}\n",
				       i, law->class[i].arrivals, i);
	g_string_append(yaml, "tasks:\n");
	for (unsigned int i = 0; i < MAX_CLASSES && law->class[i].job; i++) {
		const char *attributes = law->class[i].attributes;

		g_string_append_printf(yaml, "  t%u: {on: d%u, copies: %u, ", i,
				       i, copies);
		if (attributes)
			g_string_append(yaml, attributes);
		else
			g_string_append_printf(
				yaml, "policy: fifo, priority: %u", 60 - i);
		g_string_append_printf(yaml, ", do: [%s]}\n",
				       law->class[i].job);
	}
	if (law->background)
		g_string_append_printf(yaml,
				       "  background: {policy: idle, "
				       "loop: [%s]}\n",
				       law->background);
	return g_string_free(yaml, FALSE);
}

/* Jobs in the system as they follow from how many came, and how long they
 * stayed. */
static double jobs_by_little(const struct law *law,
			     const struct results *results)
{
	double sum = 0;

	for (unsigned int i = 0; i < MAX_CLASSES && law->class[i].job; i++) {
		const struct task_results *task = results->tasks->pdata[i];

		sum += (double)task->response_time->sum;
	}
	return sum / (double)results->simulated_ns;
}

/* The interrupts and ends of a run are counted in @little. */
static struct results *run_counted(const struct scenario *scenario,
				   unsigned int run, struct little *little)
{
	struct run_options options = { .seed = 20261122,
				       .run = run,
				       .observe = little_observe,
				       .observe_data = little };

	*little = (struct little){ .from = scenario->warmup,
				   .until = scenario->duration };
	return scenario_run(scenario, &options);
}

/* A job of no time is nowhere; others are where they should be. */
static void assert_little(const struct law *law, const double *little,
			  const double *wolff)
{
	char *what = g_strconcat(law->name, ": what arrivals find", NULL);

	if (strcmp(law->class[0].job, "run: 0ns") != 0) {
		law_assert_mean(law->name, little, RUNS, LEVEL, 1, .001);
		law_assert_mean(what, wolff, RUNS, LEVEL, 1, .001);
	}
	g_free(what);
}

START_TEST(queue_has_its_mean)
{
	const struct law *law = &laws[_i];
	char *yaml = scenario_of(law);
	struct scenario *scenario = law_load(yaml, NULL);
	double value[MAX_QUESTIONS][RUNS] = { { 0 } };
	double jobs[RUNS], by_little[RUNS], found[RUNS];

	for (unsigned int run = 0; run < RUNS; run++) {
		struct little little;
		struct results *results = run_counted(scenario, run, &little);

		jobs[run] = little_mean(&little);
		by_little[run] = jobs_by_little(law, results) / jobs[run];
		found[run] = little_found(&little) / jobs[run];
		for (unsigned int i = 0; i < MAX_QUESTIONS; i++) {
			const struct question *q = &law->question[i];

			if (q->ask)
				value[i][run] =
					q->ask(results->tasks->pdata[q->class]);
		}
		if (law->max_wait != 0)
			ck_assert_int_le(hist_max(law_task(results, "t0")
							  ->wakeup_latency),
					 (int64_t)(law->max_wait * 1e6));
		results_free(results);
	}
	for (unsigned int i = 0; i < MAX_QUESTIONS; i++)
		if (law->question[i].ask)
			law_assert_mean(law->name, value[i], RUNS, LEVEL,
					law->question[i].value,
					law->question[i].slack);
	assert_little(law, by_little, found);
	if (law->jobs != 0)
		law_assert_mean(law->name, jobs, RUNS, LEVEL, law->jobs, 0);
	scenario_free(scenario);
	g_free(yaml);
}
END_TEST

/* Who comes each 1.25 ms finds less, s / (1 - s) against .8 / (1 - s) jobs, with
 * s = exp(-(1 - s) / .8): the averages are those of what comes at random. */
START_TEST(regular_arrivals_see_less)
{
	static const struct law law = {
		.name = "D/M/1, load .8",
		.model = "full",
		.class = { { "{every: 1250us}", EXP_JOB, NULL } },
		.seconds = 100,
	};
	char *yaml = scenario_of(&law);
	struct scenario *scenario = law_load(yaml, NULL);
	double wait[RUNS], found[RUNS], jobs[RUNS], s = .628630;

	for (unsigned int run = 0; run < RUNS; run++) {
		struct little little;
		struct results *results = run_counted(scenario, run, &little);

		wait[run] = wait_mean(results->tasks->pdata[0]);
		jobs[run] = little_mean(&little);
		found[run] = little_found(&little);
		results_free(results);
	}
	law_assert_mean("D/M/1", wait, RUNS, LEVEL, s / (1 - s), 0);
	law_assert_mean("D/M/1, jobs", jobs, RUNS, LEVEL, .8 / (1 - s), 0);
	law_assert_mean("D/M/1, found", found, RUNS, LEVEL, s / (1 - s), 0);
	scenario_free(scenario);
	g_free(yaml);
}
END_TEST

/*
 * Whoever goes first, as long as nobody is interrupted and somebody works while
 * there is work, waits weighed by loads add up to the same (Kleinrock 1965):
 * rho W0 / (1 - rho) = .7 * .7 / .3.
 */
static const char *const order[][2] = {
	{ "policy: fifo, priority: 60", "policy: fifo, priority: 59" },
	{ "policy: fifo, priority: 59", "policy: fifo, priority: 60" },
	{ "policy: fifo, priority: 60", "policy: fifo, priority: 60" },
};

START_TEST(waits_are_conserved)
{
	const struct law law = {
		.name = "waits by load",
		.model = "none",
		.class = { { "{exponential: 3333333ns}", EXP_CALL,
			     order[_i][0] },
			   { "{exponential: 2500us}", EXP_CALL,
			     order[_i][1] } },
		.seconds = 100,
	};
	char *yaml = scenario_of(&law);
	struct scenario *scenario = law_load(yaml, NULL);
	double sum[RUNS];

	for (unsigned int run = 0; run < RUNS; run++) {
		struct little little;
		struct results *results = run_counted(scenario, run, &little);

		sum[run] = .3 * wait_mean(results->tasks->pdata[0]) +
			   .4 * wait_mean(results->tasks->pdata[1]);
		results_free(results);
	}
	law_assert_mean(law.name, sum, RUNS, LEVEL, .7 * .7 / .3, 0);
	scenario_free(scenario);
	g_free(yaml);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("queue");
	TCase *tcase = tcase_create("queue");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, queue_has_its_mean, 0, G_N_ELEMENTS(laws));
	tcase_add_test(tcase, regular_arrivals_see_less);
	tcase_add_loop_test(tcase, waits_are_conserved, 0, G_N_ELEMENTS(order));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
