/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run of a scenario: build, measure, simulate, take the results.
 */
#include <config.h>

#include "preemptsim/kernel/task-group.h"
#include "preemptsim/scenario/build.h"

#include "build-private.h"
#include "preemptsim/measure/blame.h"
#include "preemptsim/measure/chain.h"
#include "preemptsim/measure/probe.h"

/* Progress is told this often in a run. */
#define PROGRESS_STEPS 200

/**
 * struct run - a run under way.
 * @build: what runs
 * @probe: what measures it
 * @verifier: what holds it to automata, or NULL, and then @locks to what can't
 *            be otherwise
 * @trace: what writes it down, or NULL
 * @timelines: GPtrArray of what records windows of it
 * @chains: GPtrArray of struct chain *
 * @bounds: what bounds its latencies, or NULL
 * @blame: what explains them, or NULL
 * @warm, @end, @tick: the run's own events
 * @rescue: where it goes when it can't go on
 */
struct run {
	struct build build;
	struct probe *probe;
	struct verifier *verifier;
	struct lock_checker *locks;
	struct trace *trace;
	GPtrArray *timelines;
	struct bounds *bounds;
	struct explainer *blame;
	GPtrArray *chains;
	const struct run_options *options;
	struct evsource warm, end, tick;
	struct sim_rescue rescue;
};

/* Told again by a replay, the probe finds what it has found, and the machine is
 * left as it was left. */
static void warm_fire(struct evsource *source)
{
	struct run *run = container_of(source, struct run, warm);

	probe_warm(run->probe);
	if (run->bounds && !blame_replays(run->blame))
		bounds_warm(run->bounds);
}

static void end_fire(struct evsource *source)
{
	struct run *run = container_of(source, struct run, end);

	sim_stop(&run->build.sim);
}

static ktime_t run_end(const struct run *run)
{
	const struct scenario *scenario = run->build.scenario;
	int64_t until_ns = run->options->until_ns;

	if (!until_ns)
		return scenario->duration;
	return MIN(scenario->duration, ktime_from_ns(&scenario->tb, until_ns));
}

static void schedule_tick(struct run *run)
{
	struct sim *sim = &run->build.sim;
	ktime_t step = run->build.scenario->duration / PROGRESS_STEPS + 1;

	sim_schedule(sim, &run->tick, sim->now + step, PRIO_BOUNDARY);
}

static void tick_fire(struct evsource *source)
{
	struct run *run = container_of(source, struct run, tick);
	ktime_t duration = run->build.scenario->duration;

	run->build.sim.events--; /* not an event of the machine */
	if (blame_replays(run->blame))
		return;
	run->options->progress(run->options->progress_data,
			       (double)run->build.sim.now / (double)duration);
	schedule_tick(run);
}

static void add_events(struct run *run)
{
	const struct scenario *scenario = run->build.scenario;
	struct sim *sim = &run->build.sim;

	sim->interrupt = run->options->stop;
	sim->run_ahead = !run->options->no_run_ahead;
	sim_add_source(sim, &run->warm, warm_fire);
	sim_add_source(sim, &run->end, end_fire);
	sim_add_source(sim, &run->tick, tick_fire);
	if (scenario->warmup > 0)
		sim_schedule(sim, &run->warm, scenario->warmup, PRIO_BOUNDARY);
	sim_schedule(sim, &run->end, run_end(run), PRIO_BOUNDARY);
	if (run->options->progress)
		schedule_tick(run);
}

static int64_t deadline_ns(const struct scenario *scenario,
			   const struct task_conf *conf)
{
	return conf->deadline == KTIME_MAX ?
		       -1 :
		       ktime_to_ns(&scenario->tb, conf->deadline);
}

static void add_task(struct run *run, struct results *results, unsigned int i)
{
	const struct scenario *scenario = run->build.scenario;
	const struct task_conf *conf = scenario->tasks->pdata[i];
	struct task_results *all = task_results_new(conf->name);

	all->has_jobs = conf->body == BODY_JOB;
	all->deadline_ns = deadline_ns(scenario, conf);
	all->streams = stream_of_task(scenario, conf);
	g_ptr_array_add(results->tasks, all);
	for (unsigned int copy = 0; copy < conf->copies; copy++) {
		struct task_results *one =
			conf->copies == 1 ? all : task_results_add_copy(all);

		one->has_jobs = all->has_jobs;
		one->deadline_ns = all->deadline_ns;
		one->streams = all->streams;
		probe_add_task(run->probe, one, one->name, i, copy,
			       conf->deadline);
	}
}

static void add_parts(struct run *run, struct results *results)
{
	const struct scenario *scenario = run->build.scenario;

	for (unsigned int i = 0; i < scenario->tasks->len; i++)
		add_task(run, results, i);
	for (unsigned int i = 0; i < scenario->groups->len; i++) {
		const struct task_group *tg = run->build.groups[i];
		struct group_results *group = group_results_new(tg->name);

		g_ptr_array_add(results->groups, group);
		probe_add_group(run->probe, group, tg);
	}
	for (unsigned int i = 0; i < scenario->machine.cpus; i++)
		g_ptr_array_add(results->cpus, g_new0(struct cpu_results, 1));
	for (unsigned int i = 0; i < scenario->locks->len; i++) {
		const struct lock *lock = &run->build.workload.locks[i];

		g_ptr_array_add(results->locks,
				lock_results_new(lock->name, lock->type->name));
	}
	for (unsigned int i = 0; i < scenario->devices->len; i++) {
		const struct device_conf *conf = scenario->devices->pdata[i];

		struct device_results *device = device_results_new(conf->name);

		device->stream = conf->stream.kind;
		g_ptr_array_add(results->devices, device);
	}
}

unsigned int chain_names(const struct scenario *scenario,
			 const struct chain_conf *chain, GPtrArray *list)
{
	unsigned int first = list->len;

	g_ptr_array_add(list, chain_results_new(chain->name, NULL));
	if (chain->device >= 0) {
		const struct device_conf *device =
			scenario->devices->pdata[chain->device];
		g_autofree char *driver =
			g_strconcat(device->name, "/driver", NULL);

		g_ptr_array_add(list,
				chain_results_new(chain->name, device->name));
		g_ptr_array_add(list, chain_results_new(chain->name, driver));
	}
	for (unsigned int i = 0; i < chain->tasks->len; i++) {
		unsigned int index =
			g_array_index(chain->tasks, unsigned int, i);
		const struct task_conf *task = scenario->tasks->pdata[index];

		g_ptr_array_add(list,
				chain_results_new(chain->name, task->name));
	}
	return first;
}

/* Number of the first copy of a task among all tasks of a run. */
static unsigned int first_copy(const struct scenario *scenario,
			       unsigned int task)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < task; i++) {
		const struct task_conf *conf = scenario->tasks->pdata[i];

		n += (unsigned int)conf->copies;
	}
	return n;
}

static void start_chain(struct run *run, const struct chain_conf *conf,
			struct results *results)
{
	const struct scenario *scenario = run->build.scenario;
	struct chain_config config = {
		.workload = &run->build.workload,
		.device = conf->device,
		.nr_tasks = conf->tasks->len,
		.warmup = scenario->warmup,
		.end = scenario->duration,
	};
	unsigned int first = chain_names(scenario, conf, results->chains);
	void **list = &results->chains->pdata[first];

	config.whole = list[0];
	for (unsigned int i = first + 1; i < results->chains->len; i++)
		config.part[i - first - 1] = list[i - first];
	for (unsigned int i = 0; i < conf->tasks->len; i++)
		config.task[i] = first_copy(
			scenario, g_array_index(conf->tasks, unsigned int, i));
	g_ptr_array_add(run->chains, chain_start(&config));
}

static void start_chains(struct run *run, struct results *results)
{
	const GPtrArray *chains = run->build.scenario->chains;

	run->chains = g_ptr_array_new_with_free_func(chain_free);
	for (unsigned int i = 0; i < chains->len; i++)
		start_chain(run, chains->pdata[i], results);
}

/* A task with copies reports the sum of them. */
static void add_up(struct task_results *all)
{
	for (unsigned int i = 0; all->copies && i < all->copies->len; i++)
		task_results_add(all, all->copies->pdata[i]);
}

static void take_bounds(struct run *run, struct results *results)
{
	for (unsigned int i = 0; i < results->cpus->len; i++) {
		struct cpu_results *cpu = results->cpus->pdata[i];

		cpu->bounded = true;
		cpu->bound = bounds_get(run->bounds, i);
	}
	bounds_finish(run->bounds);
}

static void take_results(struct run *run, struct results *results, bool whole)
{
	const struct scenario *scenario = run->build.scenario;
	const struct sim *sim = &run->build.sim;
	ktime_t counted = sim->now - scenario->warmup;

	if (!whole && counted < 0)
		probe_warm(run->probe);
	probe_finish(run->probe);
	for (unsigned int i = 0; i < results->tasks->len; i++)
		add_up(results->tasks->pdata[i]);
	results->interrupted = !whole;
	results->simulated_ns = ktime_to_ns(&sim->tb, MAX(counted, 0));
	results->events = sim->events;
}

static struct explainer *start_blame(struct run *run, struct results *results)
{
	const struct scenario *scenario = run->build.scenario;
	const struct run_options *options = run->options;
	struct blame_config config = {
		.workload = &run->build.workload,
		.results = results,
		.worst = options->blame_worst ? 2 * options->nr_worst : 0,
		.timelines = options->blame_timelines,
		.over_ns = options->blame_over_ns,
		.which = options->blame_which,
		.end = scenario->duration,
		.interval = options->blame_interval,
	};

	return blame_new(&config);
}

/* Those that were asked for. */
static void finish_listeners(struct run *run, struct results *results)
{
	if (run->trace)
		trace_finish(run->trace);
	for (unsigned int i = 0; i < run->timelines->len; i++)
		timeline_finish(run->timelines->pdata[i]);
	if (run->verifier) {
		lock_checker_finish(run->locks);
		results->verdict = verifier_finish(run->verifier);
	}
	if (run->bounds)
		take_bounds(run, results);
}

/* Who listened looks at the machine as it is at the end, and simulating again
 * leaves another; but if that went wrong it is to be got out of the way first. */
static void finish(struct run *run, struct results *results, bool whole)
{
	if (run->blame && !whole)
		blame_finish(run->blame, false);
	finish_listeners(run, results);
	if (run->blame && whole)
		blame_finish(run->blame, true);
}

/*
 * Simulate; false when the run could not go on.  What it had under way is
 * embedded in the build and the probe, which are freed as ever.
 */
static bool survives(struct run *run, struct results *results, bool *whole)
{
	if (run->options->survive)
		run->build.sim.rescue = &run->rescue;
	if (setjmp(run->rescue.env)) {
		results->failure = run->rescue.text;
		results->bug = run->rescue.bug;
		return false;
	}
	build_boot(&run->build);
	*whole = sim_run(&run->build.sim);
	run->build.sim.rescue = NULL;
	return true;
}

static void start_timelines(struct run *run)
{
	const GPtrArray *wanted = run->options->timelines;
	struct kernel *kernel = run->build.workload.kernel;

	run->timelines = g_ptr_array_new();
	for (unsigned int i = 0; wanted && i < wanted->len; i++)
		g_ptr_array_add(run->timelines,
				timeline_record(wanted->pdata[i], kernel));
}

static void start_verifier(struct run *run)
{
	struct kernel *kernel = run->build.workload.kernel;

	run->verifier = verifier_start(kernel, run->options->automata);
	run->locks = lock_checker_new(kernel);
}

struct results *scenario_run(const struct scenario *scenario,
			     const struct run_options *options)
{
	struct run *run = g_new0(struct run, 1);
	struct results *results = results_new();
	struct probe_config config = {
		.workload = &run->build.workload,
		.warmup = scenario->warmup,
		.end = scenario->duration,
		.nr_worst = options->nr_worst,
		.jobs = options->jobs,
		.worst_task = options->worst_task,
	};
	bool whole = false;

	config.blame_worst = options->blame && options->blame_worst;
	config.blame_over_ns = options->blame ? options->blame_over_ns : 0;
	results->blame_over_ns = config.blame_over_ns;
	run->options = options;
	build_init(&run->build, scenario, options->seed, options->run);
	results->scenario_name = g_strdup(scenario->name);
	results->seed = options->seed;
	results->run = options->run;
	if (options->jobs)
		results->jobs =
			g_array_new(FALSE, FALSE, sizeof(struct job_record));
	if (options->blame)
		run->blame = start_blame(run, results);
	config.blame = run->blame;
	config.cut = run_end(run) < scenario->duration;
	run->probe = probe_new(&config);
	add_parts(run, results);
	probe_start(run->probe, results);
	if (run->blame)
		blame_begin(run->blame, run->probe);
	start_chains(run, results);
	if (options->bound)
		run->bounds = bounds_start(run->build.workload.kernel);
	if (options->automata)
		start_verifier(run);
	if (options->trace)
		run->trace = trace_new(&run->build.workload, options->trace);
	start_timelines(run);
	add_events(run);
	if (options->observe)
		options->observe(options->observe_data,
				 run->build.workload.kernel);
	if (survives(run, results, &whole))
		take_results(run, results, whole);
	finish(run, results, whole);
	probe_free(run->probe);
	g_ptr_array_unref(run->timelines);
	g_ptr_array_unref(run->chains);
	build_destroy(&run->build);
	g_free(run);
	return results;
}
