/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SCENARIO_MODEL_H
#define PREEMPTSIM_SCENARIO_MODEL_H

/*
 * A validated scenario: everything a user said, with defaults filled in and
 * names resolved to indices.  It holds no pointer into a machine, so one
 * model builds any number of simulations, also at the same time in several
 * threads (it is never written after scenario_load()).
 */

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "preemptsim/base/cpumask.h"
#include "preemptsim/base/dist.h"
#include "preemptsim/base/time.h"
#include "preemptsim/kernel/costs.h"
#include "preemptsim/kernel/version.h"
#include "preemptsim/workload/stream.h"

/**
 * struct machine_conf - the hardware.
 * @cpus: number of CPUs, 1 .. NR_CPUS
 * @smt, @llc, @nodes: how they belong together, as in struct topology
 * @clock: CPU clock in Hz
 * @cost_profile: index into cost_profile_choice()
 * @costs: the prices in quanta, profile and single settings merged
 * @idle_method: index into idle_method_choice()
 * @exit_latency, @target_residency: of its idle states, ktime_t each; NULL:
 *	none
 */
struct machine_conf {
	int64_t cpus;
	int64_t smt, llc, nodes;
	uint64_t clock;
	int cost_profile;
	struct costs costs;
	int idle_method;
	GArray *exit_latency, *target_residency;
};

/**
 * struct kernel_conf - the kernel's build and boot options.
 * @version: index into kernel_version_choice()
 * @preempt: index into preempt_model_choice()
 * @preempt_count: index into preempt_layout_choice()
 * @hz: ticks a second
 * @fair: index into fair_class_choice()
 * @features: switches of the fair class
 * @slices: times that it goes by; not in ns, but ktime_t
 * @fair_server: there is one, and no throttling
 * @tick: index into tick_mode_choice()
 * @housekeeping: it has timers and threads of its own
 * @threadirqs: interrupts are handled in threads
 * @isolcpus: CPUs that are in no scheduling domain
 * @bh_lock: bottom halves have a lock under rt
 * @rt_throttling: false when off
 * @rt_runtime, @rt_period: of the throttling
 * @lockdep: validate how locks are used
 * @watchdog_thresh, @hung_task_timeout, @rcu_stall_timeout, @latency_warn:
 *     after which times something counts as stuck; 0: never
 */
struct kernel_conf {
	struct cpumask isolcpus;
	int version;
	int preempt;
	int preempt_count;
	int64_t hz;
	int fair;
	struct sched_features features;
	struct sched_slices slices;
	int tick;
	bool housekeeping;
	bool threadirqs, bh_lock, rt_throttling, fair_server;
	ktime_t rt_runtime, rt_period;
	bool lockdep;
	ktime_t watchdog_thresh, hung_task_timeout, rcu_stall_timeout;
	ktime_t latency_warn;
};

/**
 * struct lock_conf - a lock.
 * @name: its key
 * @type: index into lock_type_choice()
 * @ceiling: a real-time priority; 0: that of the most urgent task that takes it
 * @in_user: some step takes it in user mode
 */
struct lock_conf {
	char *name;
	int type;
	int64_t ceiling;
	bool in_user;
};

/**
 * struct device_conf - an interrupt source, and maybe a server of requests.
 * @name: its key
 * @every: period of its interrupts; 0: not periodic
 * @offset: instant of the first periodic one
 * @jitter: added to each instant of @every; NULL: none
 * @interval: times between interrupts (the `{exponential: 1ms}` form); NULL
 * @at: given instants, ascending; GArray of ktime_t; NULL
 * @cpu: where its interrupts are routed
 * @nmi: they cannot be masked
 * @threaded: its handler is a thread's
 * @no_thread: its handler never is
 * @service: service time of a request; NULL: serves none
 * @servers: requests in service at once
 * @queue: index of the wait queue of its own name
 * @handler: hardirq steps, or kernel mode if @threaded; GPtrArray of struct
 *	step *, NULL when empty
 * @softirq_vector: index into softirq_choice(), -1: none
 * @softirq: its softirq steps; NULL when empty
 * @stream: what a task has to keep up with
 *
 * At most one of @every, @interval and @at is set; @interval needs no cpu key
 * of its own either: `irq: {exponential: 1ms, cpu: 1}`.
 */
struct device_conf {
	char *name;
	ktime_t every, offset;
	struct dist *jitter, *interval;
	GArray *at;
	int64_t cpu;
	bool nmi, threaded, no_thread;
	struct dist *service;
	int64_t servers;
	int queue;
	GPtrArray *handler;
	int softirq_vector;
	GPtrArray *softirq;
	struct stream_conf stream;
};

/**
 * struct group_conf - a group of tasks.
 * @name: its key
 * @parent: index of the group that it is in, -1: none
 * @weight: as cpu.weight; 0: it has
 * @nice: as cpu.weight.nice
 * @idle: as cpu.idle, instead of these
 * @quota, @period, @burst: as cpu.max and cpu.max.burst; quota 0: none
 */
struct group_conf {
	char *name;
	int parent;
	int64_t weight, nice;
	bool idle;
	ktime_t quota, period, burst;
};

/** enum task_body - how a task's program is run. */
enum task_body {
	BODY_JOB,  /* `do:` with `on:` or `every:`: a job per activation */
	BODY_LOOP, /* `loop:` for ever */
	BODY_ONCE, /* `once:` one time */
};

/** enum overrun - what becomes of releases that come while a job runs. */
enum overrun {
	OVERRUN_QUEUE, /* each is a job, served in order */
	OVERRUN_SKIP,  /* dropped and counted */
};

/**
 * struct task_conf - a task (or @copies of it).
 * @name: its key, and its comm
 * @policy: index into policy_choice()
 * @priority: 1 .. 99 for fifo and rr; 0 otherwise
 * @nice: -20 .. 19 for other and batch; 0 otherwise
 * @slice: what it asks for at a time; 0: has no wish
 * @group: index of the group that it is in, -1: none
 * @kthread: its program is kernel mode
 * @cpus: affinity; all CPUs of the machine by default
 * @copies: how many of it there are
 * @body: how @steps run
 * @steps: the program in user mode; GPtrArray of struct step *
 * @on: wait queue that releases its jobs, -1: none
 * @every: period of its own timer, 0: none
 * @offset: instant of the first release of @every
 * @jitter: added to each release of @every; NULL
 * @start: when `loop:` and `once:` begin
 * @deadline: relative; KTIME_MAX: none (the period by default)
 * @runtime, @period, @reclaim: of policy deadline; 0 otherwise
 * @overrun: an enum overrun
 * @timer_slack: of its timers; 0 for fifo, rr and deadline
 */
struct task_conf {
	char *name;
	int policy;
	int64_t priority, nice;
	ktime_t slice;
	int group;
	bool kthread;
	struct cpumask cpus;
	int64_t copies;
	enum task_body body;
	GPtrArray *steps;
	int on;
	ktime_t every, offset;
	struct dist *jitter;
	ktime_t start, deadline, runtime, period;
	bool reclaim;
	int overrun;
	ktime_t timer_slack;
};

/**
 * struct chain_conf - a chain of a device and tasks.
 * @name: its key
 * @device: index of the device that begins it; -1: none
 * @tasks: GArray of unsigned int: indices of tasks (not of copies)
 */
struct chain_conf {
	char *name;
	int device;
	GArray *tasks;
};

/**
 * enum expect_kind - what an expectation speaks of.
 *
 * @EXPECT_VALUE: PATH OP VALUE, or of one build, PATH[BUILD] OP VALUE
 * @EXPECT_DIFFERENCE: diff.PATH OP VALUE: a build minus the first one
 * @EXPECT_RATIO: ratio.PATH OP VALUE: a build divided by the first one
 * @EXPECT_BUILDS: PATH[BUILD] OP PATH[BUILD]
 */
enum expect_kind {
	EXPECT_VALUE,
	EXPECT_DIFFERENCE,
	EXPECT_RATIO,
	EXPECT_BUILDS
};

/**
 * struct expect_conf - one line of `expect:`.
 * @kind: all but EXPECT_VALUE are for comparisons alone
 * @text: as written
 * @path: left side, "player.wakeup_latency.max"
 * @build: in brackets behind it, or NULL
 * @op: one of "==", "!=", "<", "<=", ">", ">="
 * @value: right side; times in ns, 5% is 0.05
 * @is_time: the right side had a unit
 * @other_path, @other_build: right side of EXPECT_BUILDS
 * @where: "FILE:LINE:COLUMN"
 */
struct expect_conf {
	enum expect_kind kind;
	char *text;
	char *path, *build;
	char op[3];
	double value;
	bool is_time;
	char *other_path, *other_build;
	char *where;
};

struct ynode; /* preemptsim/scenario/yaml.h */
struct scenario;

/** stream_of_task - the kinds of streams that @task feeds: a mask of
 * 1 << enum stream_id. */
unsigned int stream_of_task(const struct scenario *scenario,
			    const struct task_conf *task);

/**
 * struct scenario - a validated scenario.
 * @tb: units of every ktime_t in it
 * @file: its path as given
 * @name, @description: as given; name defaults to the file's base name
 * @build: the build that was taken, NULL: none
 * @builds: GPtrArray of char *: names of builds, of which none was taken
 * @duration, @warmup: how long, and how much of it is not counted
 * @seed: for its random streams
 * @locks: GPtrArray of struct lock_conf *
 * @waitqueues: GPtrArray of char *: declared ones first, then devices' own
 * @data: GPtrArray of char *: names of shared data, in order of appearance
 * @devices: GPtrArray of struct device_conf *
 * @groups: GPtrArray of struct group_conf *
 * @tasks: GPtrArray of struct task_conf *
 * @chains: GPtrArray of struct chain_conf *
 * @expects: GPtrArray of struct expect_conf *
 * @resolved: the scenario in its own language with every default filled in
 * @faulty: it has mistakes: what it holds may be anything, but for the names of
 *          what was read, and it is there only to look for more mistakes
 */
struct scenario {
	struct timebase tb;
	char *file;
	char *name, *description;
	char *build;
	GPtrArray *builds;
	ktime_t duration, warmup;
	uint64_t seed;
	struct machine_conf machine;
	struct kernel_conf kernel;
	GPtrArray *locks;
	GPtrArray *waitqueues;
	GPtrArray *data;
	GPtrArray *devices;
	GPtrArray *groups;
	GPtrArray *tasks;
	GPtrArray *chains;
	GPtrArray *expects;
	struct ynode *resolved;
	bool faulty;
};

/**
 * scenario_load - read, override and validate a scenario.
 * @file: path of the YAML file; "-" is the standard input
 * @overrides: settings in order (the -s options, and see setting.h),
 *             NULL-terminated; may be NULL
 * @errors: receives one message per mistake, "FILE:LINE:COLUMN: error: what;
 *          what would be right"; GPtrArray of char *, freed by the caller
 *
 * Finds all mistakes of a file in one go.  A warning ("... warning: ...") may
 * be in @errors of a scenario that is returned.
 *
 * Returns a scenario for scenario_free(), or NULL with at least one error.
 */
struct scenario *scenario_load(const char *file, const char *const *overrides,
			       GPtrArray *errors);

/**
 * scenario_read - the bytes of a scenario's file, for scenario_load_memory().
 * @file: as for scenario_load()
 * @text: takes them
 * @errors: receives the reason when false is returned
 */
bool scenario_read(const char *file, GString *text, GPtrArray *errors);

/**
 * scenario_load_memory - as scenario_load(), from bytes in memory.
 * @name: what messages call it; relative file names in it start at its folder
 * @data: YAML; need not end in NUL
 * @len: its bytes
 */
struct scenario *scenario_load_memory(const char *name, const char *data,
				      size_t len, const char *const *overrides,
				      GPtrArray *errors);

/**
 * scenario_check_fn - looks for mistakes that only floors above know.
 * @scenario: may be faulty
 * @errors: receives a located message for each; GPtrArray of char *
 *
 * Returns whether there are none.
 */
typedef bool scenario_check_fn(const struct scenario *scenario,
			       GPtrArray *errors);

/** scenario_load_checked - as scenario_load_memory(), but @check has to be
 * content, too; it is asked in the same go. */
struct scenario *scenario_load_checked(const char *name, const char *data,
				       size_t len, const char *const *overrides,
				       scenario_check_fn *check,
				       GPtrArray *errors);

/** scenario_free - free @scenario and all it owns; NULL is fine. */
void scenario_free(struct scenario *scenario);

#endif
