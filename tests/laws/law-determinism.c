/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must not change a result, and what must.
 *
 * Two runs of one seed agree to the last byte of what is reported, also when
 * the engine pops each operation instead of running ahead.  Each source of
 * chance draws from a stream of its own, so another kernel, or something new
 * in the scenario, leaves the arrivals as they were.  Listening changes nothing,
 * and who listens to one tracepoint hears what all together hear of it.
 */
#include <config.h>

#include "told.h"

static GPtrArray *files;

static struct scenario *short_one(const char *file, const char *model)
{
	char *preempt =
		model ? g_strdup_printf("kernel.preempt=%s", model) : NULL;
	const char *overrides[] = { "duration=1234567890ns", "warmup=200ms",
				    preempt, NULL };
	struct scenario *scenario = law_load_file(file, overrides);

	g_free(preempt);
	return scenario;
}

static const char *const models[] = { "none", "voluntary", "full",
				      "lazy", "rt",	   "rt_lazy" };

START_TEST(running_ahead_changes_nothing)
{
	const char *file = files->pdata[_i / G_N_ELEMENTS(models)];
	struct scenario *scenario =
		short_one(file, models[_i % G_N_ELEMENTS(models)]);

	for (uint64_t seed = 1; seed <= 2; seed++) {
		char *ahead = simulate(scenario, seed, false);
		char *again = simulate(scenario, seed, false);
		char *popped = simulate(scenario, seed, true);

		assert_same(ahead, again, file);
		assert_same(ahead, popped, file);
		g_free(ahead);
		g_free(again);
		g_free(popped);
	}
	scenario_free(scenario);
}
END_TEST

/* Is there a distribution in the file, or a lock whose next owner is drawn; that
 * is, not only in a comment? */
static bool uses_chance(const char *file)
{
	const char *top = g_getenv("abs_top_srcdir");
	char *path = g_build_filename(top ? top : ".", file, NULL);
	char *text = NULL;
	bool chance;

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	chance = g_regex_match_simple(
		"^[^#\n]*((uniform|exponential|normal|pareto|choice|"
		"empirical):|tas_spinlock)",
		text, G_REGEX_MULTILINE, 0);
	g_free(text);
	g_free(path);
	return chance;
}

START_TEST(seed_matters_where_there_is_chance)
{
	const char *file = files->pdata[_i];
	struct scenario *scenario = short_one(file, NULL);
	char *a = simulate(scenario, 1, false);
	char *b = simulate(scenario, 2, false);

	if (uses_chance(file))
		ck_assert_msg(strcmp(a, b), "%s: no difference", file);
	else
		assert_same(a, b, file);
	g_free(a);
	g_free(b);
	scenario_free(scenario);
}
END_TEST

/* Where no time is in cycles, the length of a cycle is nobody's business. */
START_TEST(clock_matters_to_cycles_only)
{
	static const char *const clocks[] = { "machine.clock=1GHz",
					      "machine.clock=2400MHz",
					      "machine.clock=3GHz" };
	const char *file = files->pdata[_i];
	char *text[G_N_ELEMENTS(clocks)];

	/* Draws are rounded to the quantum, which is another one. */
	if (uses_chance(file))
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(clocks); i++) {
		const char *overrides[] = { "duration=1234567890ns",
					    "warmup=200ms", clocks[i], NULL };
		struct scenario *scenario = law_load_file(file, overrides);
		struct scenario *name = law_load_file(
			file, (const char *[]){ "duration=1234567890ns",
						"warmup=200ms", NULL });
		struct results *results = law_run(scenario, 1, 0);

		/* Told as if of one scenario, since the clock is told too. */
		text[i] = told(name, results);
		results_free(results);
		scenario_free(scenario);
		scenario_free(name);
	}
	assert_same(text[0], text[1], file);
	assert_same(text[0], text[2], file);
	for (size_t i = 0; i < G_N_ELEMENTS(clocks); i++)
		g_free(text[i]);
}
END_TEST

#define ARRIVALS_HEAD                             \
	"duration: 5s\n"                          \
	"machine: {cpus: 2, costs: x86-64}\n"     \
	"kernel: {preempt: none}\n"               \
	"locks: {l: spinlock}\n"                  \
	"devices:\n"                              \
	"  net:\n"                                \
	"    irq: {exponential: 700us, cpu: 1}\n" \
	"    handler: [run: {uniform: [1us, 9us]}, wake: net]\n"

#define ARRIVALS_TASKS                                           \
	"tasks:\n"                                               \
	"  receiver: {policy: fifo, priority: 40, on: net, "     \
	"do: [run: {exponential: 200us}]}\n"                     \
	"  beat: {policy: fifo, priority: 50, every: 3ms, "      \
	"jitter: {exponential: 100us}, do: [run: 20us]}\n"       \
	"  writer: {copies: 3, loop: [run: {exponential: 1ms}, " \
	"syscall: {name: w, do: [hold: {lock: l, do: [run: "     \
	"{lognormal: {median: 2ms, sigma: 1}}]}]}]}\n"

static const struct {
	const char *yaml;
	const char *override;
	bool same;
} variation[] = {
	{ ARRIVALS_HEAD ARRIVALS_TASKS, "kernel.preempt=full", true },
	{ ARRIVALS_HEAD ARRIVALS_TASKS, "kernel.preempt=lazy", true },
	{ ARRIVALS_HEAD ARRIVALS_TASKS, "kernel.hz=1000", true },
	{ ARRIVALS_HEAD ARRIVALS_TASKS, "machine.costs.profile=zero", true },
	{ ARRIVALS_HEAD ARRIVALS_TASKS, "machine.cpus=4", true },
	{ ARRIVALS_HEAD ARRIVALS_TASKS, "tasks.writer.copies=5", true },
	{ ARRIVALS_HEAD ARRIVALS_TASKS, "tasks.receiver.priority=60", true },
	/* A device and a task more, before and behind the others. */
	{ ARRIVALS_HEAD
	  "  aaa: {irq: {exponential: 1ms}, handler: [run: {exponential: "
	  "3us}, wake: aaa]}\n" ARRIVALS_TASKS
	  "  zzz: {policy: fifo, priority: 45, on: aaa, do: [run: {uniform: "
	  "[1us, 80us]}]}\n",
	  "locks.l.type=raw_spinlock", true },
	{ ARRIVALS_HEAD ARRIVALS_TASKS, "seed=2", false },
};

/* As far as both went, the same releases; -1: no difference. */
static int first_difference(const struct results *a, const struct results *b,
			    const char *task)
{
	GArray *x = law_jobs(a, task), *y = law_jobs(b, task);
	unsigned int n = MIN(x->len, y->len);
	int at = -1;

	ck_assert_uint_gt(n, 1000);
	for (unsigned int i = 0; at < 0 && i < n; i++)
		if (law_job(x, i)->release_ns != law_job(y, i)->release_ns)
			at = (int)i;
	g_array_free(x, TRUE);
	g_array_free(y, TRUE);
	return at;
}

START_TEST(arrivals_stay_as_they_were)
{
	static const char *const task[] = { "receiver", "beat" };
	const char *overrides[] = { variation[_i].override, NULL };
	struct results *before =
		law_simulate(ARRIVALS_HEAD ARRIVALS_TASKS, NULL);
	struct results *after = law_simulate(variation[_i].yaml, overrides);

	for (size_t i = 0; i < G_N_ELEMENTS(task); i++)
		if ((first_difference(before, after, task[i]) < 0) !=
		    variation[_i].same)
			ck_abort_msg("%s, %s: %s from job %d on",
				     variation[_i].override, task[i],
				     variation[_i].same ? "other releases" :
							  "same releases",
				     first_difference(before, after, task[i]));
	results_free(before);
	results_free(after);
}
END_TEST

/* A release that a device's or a task's own timer brings about.  A stream's
 * depend on what its task did before. */
static bool releases_itself(const struct scenario *scenario,
			    const struct task_conf *conf)
{
	if (conf->body != BODY_JOB)
		return false;
	if (conf->every)
		return true;
	for (unsigned int i = 0; i < scenario->devices->len; i++) {
		const struct device_conf *device = scenario->devices->pdata[i];

		if (device->queue == conf->on)
			return !device->service && device->stream.kind < 0 &&
			       conf->copies == 1;
	}
	return false;
}

static void assert_releases(const struct results *a, const struct results *b,
			    const char *task, const char *file)
{
	GArray *x = law_jobs(a, task), *y = law_jobs(b, task);
	unsigned int n = MIN(x->len, y->len);

	for (unsigned int i = 0; i < n; i++)
		ck_assert_msg(law_job(x, i)->release_ns ==
				      law_job(y, i)->release_ns,
			      "%s: job %u of %s at %lld, not at %lld", file, i,
			      task, (long long)law_job(y, i)->release_ns,
			      (long long)law_job(x, i)->release_ns);
	g_array_free(x, TRUE);
	g_array_free(y, TRUE);
}

START_TEST(every_model_sees_the_same_releases)
{
	const char *file = files->pdata[_i];
	struct scenario *scenario = short_one(file, "none");
	struct results *none = law_run(scenario, 1, 0);

	for (size_t i = 1; i < G_N_ELEMENTS(models); i++) {
		struct scenario *other = short_one(file, models[i]);
		struct results *results = law_run(other, 1, 0);

		for (unsigned int k = 0; k < scenario->tasks->len; k++) {
			const struct task_conf *conf =
				scenario->tasks->pdata[k];

			if (releases_itself(scenario, conf))
				assert_releases(none, results, conf->name,
						file);
		}
		results_free(results);
		scenario_free(other);
	}
	results_free(none);
	scenario_free(scenario);
}
END_TEST

/* The jobs of @b are among those of @a, as far as they are in its time. */
static void assert_part(const struct results *a, const struct results *b,
			const char *task, int64_t from, int64_t to,
			const char *file)
{
	GArray *x = law_jobs(a, task), *y = law_jobs(b, task);
	unsigned int k = 0;

	for (unsigned int i = 0; i < x->len; i++) {
		const struct job_record *job = law_job(x, i);

		if (job->release_ns < from || job->end_ns < 0 ||
		    job->end_ns >= to)
			continue;
		while (k < y->len && (law_job(y, k)->end_ns != job->end_ns ||
				      law_job(y, k)->copy != job->copy))
			k++;
		ck_assert_msg(k < y->len, "%s: no job of %s at %lld", file,
			      task, (long long)job->release_ns);
		ck_assert_int_eq(law_job(y, k)->release_ns, job->release_ns);
		ck_assert_int_eq(law_job(y, k)->start_ns, job->start_ns);
	}
	g_array_free(x, TRUE);
	g_array_free(y, TRUE);
}

/* To count later, or to stop earlier, changes nothing of what is common. */
START_TEST(a_part_of_a_run_is_a_part)
{
	const char *file = files->pdata[_i];
	const char *whole[] = { "duration=1500ms", "warmup=0ms", NULL };
	const char *part[] = { "duration=1234567890ns", "warmup=345678901ns",
			       NULL };
	struct scenario *a = law_load_file(file, whole);
	struct scenario *b = law_load_file(file, part);
	struct results *x = law_run(a, 1, 0), *y = law_run(b, 1, 0);

	for (unsigned int i = 0; i < a->tasks->len; i++) {
		const struct task_conf *conf = a->tasks->pdata[i];

		assert_part(x, y, conf->name, 345678901, 1234567890, file);
	}
	results_free(x);
	results_free(y);
	scenario_free(a);
	scenario_free(b);
}
END_TEST

/**
 * struct audience - who listens.
 * @only: to this tracepoint; negative: to all
 * @heard: tellings, by tracepoint
 */
struct audience {
	int only;
	uint64_t heard[NR_TRACEPOINTS];
};

static void hear(void *data, const struct trace_record *record)
{
	((struct audience *)data)->heard[record->id]++;
}

static void seat(void *data, struct kernel *kernel)
{
	const struct audience *audience = data;

	for (int id = 0; id < NR_TRACEPOINTS; id++)
		if (audience->only < 0 || audience->only == id)
			tracer_listen(&kernel->sim->tracer, (enum tracepoint)id,
				      hear, data);
}

static char *simulate_before(const struct scenario *scenario,
			     struct audience *audience)
{
	struct run_options options = { .seed = 1,
				       .jobs = true,
				       .until_ns = 50000000,
				       .observe = audience ? seat : NULL,
				       .observe_data = audience };
	struct results *results = scenario_run(scenario, &options);
	char *text = told(scenario, results);

	results_free(results);
	return text;
}

START_TEST(listening_changes_nothing)
{
	const char *file = files->pdata[_i];
	struct scenario *scenario =
		law_load_file(file, (const char *[]){ "warmup=0ms", NULL });
	struct audience all = { .only = -1 };
	char *alone = simulate_before(scenario, NULL);
	char *heard = simulate_before(scenario, &all);

	assert_same(alone, heard, file);
	g_free(heard);
	for (int id = 0; id < NR_TRACEPOINTS; id++) {
		struct audience one = { .only = id };

		heard = simulate_before(scenario, &one);
		assert_same(alone, heard, file);
		ck_assert_msg(one.heard[id] == all.heard[id],
			      "%s: %s told %llu times, alone %llu", file,
			      tracepoint_choice((unsigned int)id)->name,
			      (unsigned long long)all.heard[id],
			      (unsigned long long)one.heard[id]);
		g_free(heard);
	}
	g_free(alone);
	scenario_free(scenario);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("determinism");
	TCase *tcase = tcase_create("determinism");
	int status;

	files = law_scenarios();
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, running_ahead_changes_nothing, 0,
			    (int)(files->len * G_N_ELEMENTS(models)));
	tcase_add_loop_test(tcase, seed_matters_where_there_is_chance, 0,
			    (int)files->len);
	tcase_add_loop_test(tcase, clock_matters_to_cycles_only, 0,
			    (int)files->len);
	tcase_add_loop_test(tcase, arrivals_stay_as_they_were, 0,
			    G_N_ELEMENTS(variation));
	tcase_add_loop_test(tcase, every_model_sees_the_same_releases, 0,
			    (int)files->len);
	tcase_add_loop_test(tcase, a_part_of_a_run_is_a_part, 0,
			    (int)files->len);
	tcase_add_loop_test(tcase, listening_changes_nothing, 0,
			    (int)files->len);
	suite_add_tcase(suite, tcase);
	status = run_suite(suite);
	g_ptr_array_free(files, TRUE);
	return status;
}
