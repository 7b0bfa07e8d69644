/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Do intervals keep what they promise?
 *
 * An M/M/1 queue has means that are known exactly.  A comparison of ten runs
 * of it is repeated again and again, with another seed each time, and each
 * time the 95 % interval either holds the truth or does not.  Of 1000 times
 * (REPETITIONS in the environment says how often, if it is another number), 93 to
 * 97 % have to: 2.9 standard deviations of a binomial with 95 %, and for other
 * numbers that is as many standard deviations.
 * What is measured of 4000 times is 93.8 to 94.8 %: the means of short runs are
 * skewed, which Student's t does not know.
 *
 * Likewise the closed forms of waiting for code that can't be preempted:
 * in each of 20 seeds, the truth should lie in the 99 % interval of 30 runs.
 * One interval in a hundred misses it, and that is right: so of all intervals
 * together no more may than such a binomial exceeds once in a thousand times.
 */
#include <config.h>

#include <stdio.h>

#include "law.h"
#include "preemptsim/report/compare.h"

#define RUNS 10

/* Arrivals at rates of .4 and .3 a ms, served at 1: W = 1 / (mu - lambda),
 * Wq = W - 1 / mu, P(later than d) = exp(-d / W). */
static const char mm1[] =
	"duration: 4100ms\nwarmup: 100ms\nkernel: {preempt: full, "
	"rt_throttling: off}\nmachine: {costs: zero}\ndevices: {line: {irq: "
	"{exponential: 2500us}, handler: [wake: line]}}\ntasks: {server: {policy: "
	"fifo, priority: 50, on: line, deadline: 4ms, do: [run: {exponential: "
	"1ms}]}}\n";
static const char *const slower[] = { "devices.line.irq.exponential=3333333ns",
				      NULL };

/* What is asked of a comparison, and the truth, in ns or as a share. */
static const struct {
	const char *path;
	double base, value;
} truths[] = {
	{ "wakeup_latency.mean", 2e6 / 3, 3e6 / 7 },
	{ "response_time.mean", 5e6 / 3, 1e7 / 7 },
	{ "dropout_rate", 0.09071795328941251, 0.06081006262521797 },
};

#define NR_TRUTHS G_N_ELEMENTS(truths)

static bool covers(const struct estimate *e, double truth)
{
	return e->known && fabs(e->mean - truth) <= e->half;
}

static unsigned int row_of(const struct build *build, const char *path)
{
	unsigned int k = 0;

	while (strcmp(compared_fact(build, 0, k)->path, path))
		k++;
	return k;
}

static void simulate_run(struct build *build, uint64_t seed, unsigned int run)
{
	struct run_options options = { .seed = seed, .run = run };
	struct results *results = scenario_run(build->scenario, &options);

	build_add_run(build, results, 0);
	results_free(results);
}

/* Hits of one question: the mean of a build, the difference, the ratio. */
struct hits {
	unsigned int mean, difference, ratio;
};

static void repeat(const struct scenario *one, const struct scenario *other,
		   uint64_t seed, struct hits *hits)
{
	struct build *base = build_new(one, "a", "a");
	struct build *build = build_new(other, "b", "b");

	for (unsigned int r = 0; r < RUNS; r++) {
		simulate_run(base, seed, r);
		simulate_run(build, seed, r);
	}
	for (unsigned int i = 0; i < NR_TRUTHS; i++) {
		struct difference d = compare_builds(
			base, build, 0, row_of(base, truths[i].path));
		double a = truths[i].base, b = truths[i].value;

		hits[i].mean += covers(&d.base, a);
		hits[i].difference += covers(&d.difference, b - a);
		hits[i].ratio += covers(&d.ratio, b / a);
	}
	build_free(base);
	build_free(build);
}

static unsigned int repetitions(void)
{
	const char *text = g_getenv("REPETITIONS");

	return text ? (unsigned int)strtoul(text, NULL, 10) : 1000;
}

static void check_share(const char *path, const char *what, unsigned int hits,
			unsigned int n)
{
	double share = (double)hits / n;
	double slack = 0.02 * sqrt(1000. / n);

	printf("# %s, %s: %.1f %% of %u\n", path, what, share * 100, n);
	fflush(stdout);
	if (fabs(share - 0.95) > slack)
		ck_abort_msg("%s: the 95 %% interval of the %s held the truth "
			     "in %.1f %% of %u",
			     path, what, share * 100, n);
}

START_TEST(intervals_cover_what_they_should)
{
	struct scenario *one = law_load(mm1, NULL);
	struct scenario *other = law_load(mm1, slower);
	struct hits hits[NR_TRUTHS] = { { 0 } };
	unsigned int n = repetitions();

	for (unsigned int i = 0; i < n; i++)
		repeat(one, other, 1000 + i, hits);
	for (unsigned int i = 0; i < NR_TRUTHS; i++) {
		check_share(truths[i].path, "mean", hits[i].mean, n);
		check_share(truths[i].path, "difference", hits[i].difference,
			    n);
		check_share(truths[i].path, "ratio", hits[i].ratio, n);
	}
	scenario_free(one);
	scenario_free(other);
}
END_TEST

#define SEEDS 20
#define SEED_RUNS 30

/* Half of the time in a section, the length of which has mean 1 ms: the mean
 * wait is f E[S^2] / (2 E[S]), and later than x are f (1 - x / S) or
 * f exp(-x / m).  Always in the kernel, with a point at which it makes way each
 * millisecond, or each tick (of 4 ms) under lazy: the wait is uniform up to that. */
#define HALF(section) \
	"loop: [run: " section ", syscall: {name: x, do: [run: " section "]}]"
#define ALWAYS(steps)                                                      \
	"loop: [syscall: {name: x, do: [repeat: {times: 1000, do: [" steps \
	"]}]}]"

static const struct form {
	const char *name, *model, *policy, *deadline, *other;
	double wait, rate;
} forms[] = {
	{ "sections of 1 ms", "none", "fifo, priority: 50", "900us",
	  HALF("1ms"), 250e3, 0.05 },
	{ "exponential sections", "none", "fifo, priority: 50", "2ms",
	  HALF("{exponential: 1ms}"), 500e3, 0.06766764161830635 },
	{ "exponential sections, late", "none", "fifo, priority: 50", "4.6ms",
	  HALF("{exponential: 1ms}"), 500e3, 0.0050259179 },
	{ "cond_resched each ms", "none", "fifo, priority: 50", "900us",
	  ALWAYS("run: 1ms, cond_resched"), 500e3, 0.1 },
	{ "a tick of 4 ms under lazy", "lazy", "other, timer_slack: 0ns", "3ms",
	  ALWAYS("run: 1ms"), 2e6, 0.25 },
};

static struct scenario *form_scenario(const struct form *form)
{
	g_autofree char *yaml = g_strdup_printf(
		"duration: 10s\nwarmup: 100ms\n"
		"machine: {clock: 1GHz, costs: zero}\n"
		"kernel: {preempt: %s, hz: 250, rt_throttling: off}\n"
		"devices: {d: {irq: {exponential: 10ms}, handler: [wake: d]}}\n"
		"tasks:\n"
		"  t: {on: d, policy: %s, deadline: %s, do: [run: 0ns]}\n"
		"  b: {policy: idle, %s}\n",
		form->model, form->policy, form->deadline, form->other);

	return law_load(yaml, NULL);
}

/* Is @truth outside of the 99 % interval of a fact over the runs? */
static bool misses(const struct build *build, const char *path, double truth)
{
	struct estimate e = compare_estimate(build, 0, row_of(build, path));

	ck_assert(e.known && e.has_interval);
	return fabs(e.mean - truth) >
	       e.half * gsl_cdf_tdist_Pinv(0.995, SEED_RUNS - 1) /
		       gsl_cdf_tdist_Pinv(0.975, SEED_RUNS - 1);
}

static unsigned int form_misses(const struct form *form)
{
	struct scenario *scenario = form_scenario(form);
	unsigned int waits = 0, rates = 0;

	for (unsigned int seed = 1; seed <= SEEDS; seed++) {
		struct build *build = build_new(scenario, "a", "a");

		for (unsigned int r = 0; r < SEED_RUNS; r++)
			simulate_run(build, seed, r);
		waits += misses(build, "wakeup_latency.mean", form->wait);
		rates += misses(build, "dropout_rate", form->rate);
		build_free(build);
	}
	printf("# %s: mean wait in %u of %u, dropouts in %u of %u\n",
	       form->name, SEEDS - waits, SEEDS, SEEDS - rates, SEEDS);
	fflush(stdout);
	scenario_free(scenario);
	return waits + rates;
}

/* The most misses of @n that are not too many: P(more) < 1 / 1000. */
static unsigned int misses_allowed(unsigned int n)
{
	double p = pow(0.99, n), sum = p;
	unsigned int k = 0;

	while (1 - sum >= 0.001) {
		k++;
		p *= (double)(n - k + 1) / k * 0.01 / 0.99;
		sum += p;
	}
	return k;
}

START_TEST(closed_forms_lie_in_their_intervals)
{
	unsigned int n = 2 * SEEDS * G_N_ELEMENTS(forms), missed = 0;

	for (unsigned int i = 0; i < G_N_ELEMENTS(forms); i++)
		missed += form_misses(&forms[i]);
	ck_assert_msg(missed <= misses_allowed(n), "%u of %u missed", missed,
		      n);
}
END_TEST

/* Of runs so short that in one of five nothing came, the others hold the truth
 * as often. */
#define RARE_SEEDS 200

START_TEST(runs_without_samples_mislead_nobody)
{
	struct scenario *scenario = law_load(
		"duration: 100ms\n"
		"machine: {clock: 1GHz, costs: zero}\n"
		"kernel: {preempt: none, hz: 250, rt_throttling: off}\n"
		"devices: {d: {irq: {exponential: 60ms}, handler: [wake: d]}}\n"
		"tasks:\n"
		"  t: {on: d, policy: fifo, priority: 50, deadline: 900us,\n"
		"      do: [run: 0ns]}\n"
		"  b: {policy: idle, " ALWAYS("run: 1ms, cond_resched") "}\n",
		NULL);
	unsigned int waits = 0, left_out = 0;

	for (unsigned int seed = 1; seed <= RARE_SEEDS; seed++) {
		struct build *build = build_new(scenario, "a", "a");
		struct estimate e;

		for (unsigned int r = 0; r < SEED_RUNS; r++)
			simulate_run(build, seed, r);
		e = compare_estimate(build, 0,
				     row_of(build, "wakeup_latency.mean"));
		left_out += e.of - e.runs;
		waits += misses(build, "wakeup_latency.mean", 500e3);
		build_free(build);
	}
	printf("# nothing came in %u of %u; mean wait in %u of %u\n", left_out,
	       RARE_SEEDS * SEED_RUNS, RARE_SEEDS - waits, RARE_SEEDS);
	ck_assert_uint_gt(left_out, RARE_SEEDS * SEED_RUNS / 10);
	ck_assert_uint_le(waits, misses_allowed(RARE_SEEDS));
	scenario_free(scenario);
}
END_TEST

static TCase *coverage_case(void)
{
	TCase *tcase = tcase_create("coverage");

	tcase_set_timeout(tcase, 600);
	tcase_add_test(tcase, intervals_cover_what_they_should);
	tcase_add_test(tcase, closed_forms_lie_in_their_intervals);
	tcase_add_test(tcase, runs_without_samples_mislead_nobody);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("coverage");

	suite_add_tcase(suite, coverage_case());
	return run_suite(suite);
}
