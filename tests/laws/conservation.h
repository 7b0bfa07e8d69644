/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is counted in two ways comes to the same: no time of a CPU, no job and
 * no sample is lost or counted twice.
 */
#ifndef TESTS_LAWS_CONSERVATION_H
#define TESTS_LAWS_CONSERVATION_H

#include "law.h"
#include "preemptsim/workload/step.h"

#define HOLDS(condition) ck_assert_msg(condition, "%s: " #condition, law_place)

static inline void check_hist(const struct hist *hist)
{
	uint64_t count = 0, sum = 0;
	unsigned int it = 0;
	int64_t upper;

	while (hist_next_bin(hist, &it, &upper, &count))
		sum += count;
	HOLDS(sum == hist_count(hist));
	if (!sum)
		return;
	HOLDS(hist_min(hist) >= 0);
	HOLDS(hist_min(hist) <= hist_mean(hist));
	HOLDS(hist_mean(hist) <= hist_max(hist));
	HOLDS(hist_percentile(hist, 50) <= hist_percentile(hist, 99.9));
}

/* How many releases of a periodic task without jitter are counted. */
static inline uint64_t expected_releases(const struct scenario *scenario,
					 const struct task_conf *conf)
{
	uint64_t n = 0;

	for (ktime_t t = conf->offset; t < scenario->duration; t += conf->every)
		n += t >= scenario->warmup;
	return n * (uint64_t)conf->copies;
}

/* Is there a step called @name among @steps? */
static inline bool has_step(const GPtrArray *steps, const char *name)
{
	for (unsigned int i = 0; steps && i < steps->len; i++) {
		const struct step *step = steps->pdata[i];

		if (!strcmp(step->type->name, name) ||
		    has_step(step->body, name))
			return true;
	}
	return false;
}

/* Is there one that ends with an event? */
static inline bool waits(const GPtrArray *steps)
{
	return has_step(steps, "sleep") || has_step(steps, "wait") ||
	       has_step(steps, "pipe_read") || has_step(steps, "io") ||
	       has_step(steps, "pcm_write") || has_step(steps, "pcm_read") ||
	       has_step(steps, "flip");
}

/* May a softirq find a request whose interrupt has not come yet, since it was
 * raised by hand? */
static inline bool raises(const struct scenario *scenario)
{
	bool found = false;

	for (unsigned int i = 0; i < scenario->tasks->len; i++) {
		const struct task_conf *conf = scenario->tasks->pdata[i];

		found |= has_step(conf->steps, "raise_softirq");
	}
	for (unsigned int i = 0; i < scenario->devices->len; i++) {
		const struct device_conf *conf = scenario->devices->pdata[i];

		found |= has_step(conf->handler, "raise_softirq");
	}
	return found;
}

static inline void check_counts(const struct scenario *scenario,
				const struct task_conf *conf,
				const struct task_results *task)
{
	HOLDS(task->completed + task->skipped + task->unfinished <= task->jobs);
	HOLDS(task->late <= task->completed);
	HOLDS(task->cpu_ns >= 0);
	check_hist(task->wakeup_latency);
	check_hist(task->response_time);
	if (!task->has_jobs) {
		HOLDS(task->jobs == 0);
		return;
	}
	HOLDS(hist_count(task->response_time) == task->completed);
	/* Begun jobs have a latency; a begun one may still be open.  So does
	 * each wait in a job. */
	HOLDS(hist_count(task->wakeup_latency) >= task->completed);
	if (!waits(conf->steps))
		HOLDS(hist_count(task->wakeup_latency) <=
		      task->completed + (uint64_t)conf->copies);
	if (conf->every && !conf->jitter)
		HOLDS(task->jobs == expected_releases(scenario, conf));
}

/* The list of jobs says what the counts say. */
static inline void check_jobs(const struct results *results, unsigned int i)
{
	const struct task_results *task = results->tasks->pdata[i];
	GArray *jobs = law_jobs(results, task->name);
	uint64_t outcomes[5] = { 0 };

	for (unsigned int k = 0; k < jobs->len; k++) {
		const struct job_record *job = law_job(jobs, k);

		outcomes[job->outcome]++;
		if (job->start_ns >= 0)
			HOLDS(job->start_ns >= job->release_ns);
		if (job->end_ns >= 0)
			HOLDS(job->end_ns >= job->start_ns);
		if (job->outcome < 2 && job->deadline_ns >= 0)
			HOLDS((job->end_ns > job->deadline_ns) ==
			      (job->outcome == 1));
	}
	HOLDS(outcomes[0] + outcomes[1] == task->completed);
	HOLDS(outcomes[1] == task->late);
	HOLDS(outcomes[2] == task->skipped);
	HOLDS(outcomes[3] == task->unfinished);
	HOLDS(jobs->len == task->jobs);
	g_array_free(jobs, TRUE);
}

static inline void check_tasks(const struct scenario *scenario,
			       const struct results *results)
{
	int64_t cpu_ns = 0, spent_ns = 0;
	uint64_t switches = 0, all_switches = 0;

	for (unsigned int i = 0; i < results->tasks->len; i++) {
		const struct task_results *task = results->tasks->pdata[i];

		check_counts(scenario, scenario->tasks->pdata[i], task);
		check_jobs(results, i);
		cpu_ns += task->cpu_ns;
		switches += task->voluntary + task->involuntary;
	}
	for (unsigned int i = 0; i < results->cpus->len; i++) {
		const struct cpu_results *cpu = results->cpus->pdata[i];

		spent_ns += cpu->time_ns[CPU_USER] + cpu->time_ns[CPU_KERNEL] +
			    cpu->time_ns[CPU_SPIN];
		all_switches += cpu->switches;
	}
	/* Each is rounded to the nanosecond on its own. */
	HOLDS(cpu_ns <=
	      spent_ns + results->tasks->len + 3 * results->cpus->len);
	HOLDS(switches <= all_switches);
}

static inline void check_copies(const struct results *results)
{
	for (unsigned int i = 0; i < results->tasks->len; i++) {
		const struct task_results *task = results->tasks->pdata[i];
		uint64_t jobs = 0, samples = 0;

		for (unsigned int k = 0; task->copies && k < task->copies->len;
		     k++) {
			const struct task_results *copy =
				task->copies->pdata[k];

			jobs += copy->jobs;
			samples += hist_count(copy->wakeup_latency);
		}
		if (task->copies) {
			HOLDS(jobs == task->jobs);
			HOLDS(samples == hist_count(task->wakeup_latency));
		}
	}
}

static inline void check_cpus(const struct results *results)
{
	for (unsigned int i = 0; i < results->cpus->len; i++) {
		const struct cpu_results *cpu = results->cpus->pdata[i];
		int64_t sum = 0;

		for (int what = 0; what < NR_CPU_TIMES; what++) {
			HOLDS(cpu->time_ns[what] >= 0);
			sum += cpu->time_ns[what];
		}
		HOLDS(sum == results->simulated_ns);
		HOLDS(cpu->preempt_off_max_ns >= 0);
		HOLDS(cpu->irqs_off_max_ns >= 0);
	}
}

/* As many as may hold a lock at once: where readers share it, all tasks. */
static inline uint64_t holders(const struct results *results,
			       const struct lock_results *lock)
{
	uint64_t n = 0;

	if (strcmp(lock->type, "rwlock") && strcmp(lock->type, "seqlock"))
		return 1;
	for (unsigned int i = 0; i < results->tasks->len; i++) {
		const struct task_results *task = results->tasks->pdata[i];

		n += task->copies ? task->copies->len : 1;
	}
	return n;
}

static inline void check_locks(const struct scenario *scenario,
			       const struct results *results)
{
	bool raised = raises(scenario);

	for (unsigned int i = 0; i < results->locks->len; i++) {
		const struct lock_results *lock = results->locks->pdata[i];

		check_hist(lock->hold);
		check_hist(lock->wait);
		HOLDS(lock->contended <= lock->acquisitions);
		/* It may be held at the end of the warmup and at the end. */
		HOLDS(hist_count(lock->hold) <=
		      lock->acquisitions + holders(results, lock));
		HOLDS(hist_count(lock->hold) + holders(results, lock) >=
		      lock->acquisitions);
		HOLDS(hist_count(lock->wait) == lock->contended);
	}
	for (unsigned int i = 0; i < results->devices->len; i++) {
		const struct device_results *device =
			results->devices->pdata[i];

		check_hist(device->latency);
		HOLDS(hist_count(device->latency) <= device->interrupts);
		if (!raised)
			HOLDS(device->requests <= device->interrupts);
	}
}

/* The parts of a chain, which stand behind it, add up to it. */
static inline void check_chains(const struct results *results)
{
	const struct chain_results *whole = NULL;
	__int128 sum = 0;

	for (unsigned int i = 0; i < results->chains->len; i++) {
		const struct chain_results *chain = results->chains->pdata[i];

		check_hist(chain->latency);
		if (strchr(chain->name, '/')) {
			HOLDS(hist_count(chain->latency) ==
			      hist_count(whole->latency));
			sum -= chain->latency->sum;
			continue;
		}
		HOLDS(!sum);
		whole = chain;
		sum = chain->latency->sum;
	}
	HOLDS(!sum);
}

/* The parts of a latency add up to it, also in order of time. */
static inline void check_worst_case(const struct worst_case *worst)
{
	int64_t sum = 0, offset = 0;

	for (unsigned int k = 0; k < worst->blame->len; k++) {
		const struct blame *blame =
			&g_array_index(worst->blame, struct blame, k);

		HOLDS(blame->ns > 0);
		sum += blame->ns;
	}
	HOLDS(sum == worst->latency_ns);
	for (unsigned int k = 0; k < worst->timeline->len; k++) {
		const struct blame_span *span =
			&g_array_index(worst->timeline, struct blame_span, k);

		HOLDS(span->offset_ns == offset);
		offset += span->ns;
	}
	if (worst->timeline->len < TIMELINE_MAX)
		HOLDS(offset == worst->latency_ns);
}

static inline void check_worst(const struct results *results)
{
	for (unsigned int i = 0; i < results->worst->len; i++)
		check_worst_case(results->worst->pdata[i]);
}

/* Is @job a dropout? */
static inline bool is_dropout(const struct job_record *job)
{
	return job->outcome >= 1 && job->outcome <= 3;
}

/* From its release to its end, or what it was given up at. */
static inline int64_t late_ns(const struct task_results *task)
{
	int64_t sum = 0;

	for (unsigned int k = 0; k < task->blame->len; k++)
		sum += g_array_index(task->blame, struct blame, k).ns;
	return sum;
}

/* What delayed a task adds up to how long its dropouts took, if all that there
 * were are late jobs, one after the other. */
static inline void check_dropouts(const struct results *results)
{
	for (unsigned int i = 0; i < results->tasks->len; i++) {
		const struct task_results *task = results->tasks->pdata[i];
		GArray *jobs = law_jobs(results, task->name);
		int64_t sum = 0;

		for (unsigned int k = 0; k < jobs->len; k++) {
			const struct job_record *job = law_job(jobs, k);

			if (is_dropout(job))
				sum += job->end_ns - job->release_ns;
		}
		g_array_free(jobs, TRUE);
		if (task->blamed_dropouts && task->blamed == task->late &&
		    task->late == task_dropouts(task) && !task_missed(task))
			HOLDS(late_ns(task) == sum);
		HOLDS(task->blamed <= results->worst->len ||
		      task->blamed <= task_dropouts(task) + task_missed(task));
	}
}

/* What streams missed, the list of it, and whose fault it was. */
static inline void check_streams(const struct results *results)
{
	uint64_t missed = 0, blamed = 0;

	for (unsigned int i = 0; i < results->devices->len; i++) {
		const struct device_results *device =
			results->devices->pdata[i];

		missed += device->instants[STREAM_MISSED];
	}
	for (unsigned int i = 0; i < results->tasks->len; i++)
		blamed += task_missed(results->tasks->pdata[i]);
	HOLDS(blamed <= missed);
	HOLDS(results->misses->len == MIN(missed, MAX_MISSES));
	for (unsigned int i = 0; i < results->misses->len; i++) {
		const struct miss *miss =
			&g_array_index(results->misses, struct miss, i);

		HOLDS(miss->since_ns <= miss->at_ns);
		HOLDS(!i || miss[-1].at_ns <= miss->at_ns);
	}
}

/* All of it, of a run of @scenario. */
static inline void check_conservation(const struct scenario *scenario,
				      const struct results *results)
{
	HOLDS(results->simulated_ns ==
	      ktime_to_ns(&scenario->tb,
			  scenario->duration - scenario->warmup));
	check_cpus(results);
	check_tasks(scenario, results);
	check_copies(results);
	check_locks(scenario, results);
	check_chains(results);
	check_worst(results);
	check_dropouts(results);
	check_streams(results);
}

#endif /* TESTS_LAWS_CONSERVATION_H */
