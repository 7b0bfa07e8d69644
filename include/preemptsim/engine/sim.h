/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_ENGINE_SIM_H
#define PREEMPTSIM_ENGINE_SIM_H

/*
 * One simulation: its clock, its event sources and its run loop.  Only
 * sim_run() and the interpreter's run-ahead (machine/cpu.c) move the clock.
 */

#include <setjmp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/arena.h"
#include "preemptsim/base/time.h"
#include "preemptsim/engine/evq.h"
#include "preemptsim/engine/tracepoint.h"

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

/**
 * enum event_prio - what goes first at one instant.
 *
 * @PRIO_OP_DONE: a step that ends now ends before anything else begins
 * @PRIO_NMI: then what cannot be masked
 * @PRIO_TIMER: then the CPU's own timer
 * @PRIO_DEVICE: then device interrupts, in the order raised
 * @PRIO_IPI: then what other CPUs sent
 * @PRIO_SCHED: the scheduler decides when all of the instant is known
 * @PRIO_BOUNDARY: the end of the warmup and of the run come last, so that
 *                 what ends with them still counts as ended
 */
enum event_prio {
	PRIO_OP_DONE,
	PRIO_NMI,
	PRIO_TIMER,
	PRIO_DEVICE,
	PRIO_IPI,
	PRIO_SCHED,
	PRIO_BOUNDARY,
};

/**
 * enum source_tier - how often a source is scheduled: EVQ_TIERS.
 *
 * @SOURCE_HOT: several times while a job is done
 * @SOURCE_WARM: about once
 * @SOURCE_COLD: less often, or there are too many
 */
enum source_tier {
	SOURCE_HOT,
	SOURCE_WARM,
	SOURCE_COLD,
};

/**
 * struct evsource - something that can happen; embedded in its owner.
 * @fire: called when it does, with the clock at its instant
 * @id: its leaf, given by sim_add_source()
 */
struct evsource {
	void (*fire)(struct evsource *source);
	unsigned int id;
};

/**
 * struct sim_rescue - a way out for one run among many.
 * @env: set by setjmp(), in a function that has not returned when it is used
 * @text: what has happened, set by who jumps; for g_free()
 * @bug: it was a sim_bug()
 *
 * The frames between are left behind as they are: whatever a run owns has to
 * hang on something that the function with @env can free.
 */
struct sim_rescue {
	jmp_buf env;
	char *text;
	bool bug;
};

/**
 * struct sim - one simulation.
 * @now: the clock, in quanta
 * @evq: what will happen
 * @run_ahead: an operation that ends before any other event may end without
 *             passing through @evq; off only to prove that it changes nothing
 * @passes, @passes_data: of sim_walk(); only while @run_ahead is off
 * @stopping: the run is over
 * @interrupt: set from outside (a signal handler, another thread) to stop
 *             early; may be NULL
 * @this_cpu: number of the CPU whose code is being run
 * @tracer: who listens
 * @tb: length of a quantum
 * @events: events so far, those that ran ahead included
 * @sources: by leaf, @nr_sources of @max_sources
 * @next_id, @room: of each tier: what the next source gets, and how many there
 *                  may be
 * @state: where everything is that changes while the simulation runs, but
 *         this struct, stacks, and what listeners keep
 * @rescue: where to go when the run can't go on; NULL: the program ends
 * @describe, @describe_data: say what a CPU is doing, as in "player-4 in system
 *                            call write", in @n bytes; NULL: nobody knows
 */
struct sim {
	ktime_t now;
	struct evq evq;
	bool run_ahead;
	bool stopping;
	void (*passes)(void *data, ktime_t until);
	void *passes_data;
	const atomic_int *interrupt;
	unsigned int this_cpu;
	struct tracer tracer;
	struct timebase tb;
	uint64_t events;
	struct evsource **sources;
	unsigned int nr_sources, max_sources;
	unsigned int next_id[EVQ_TIERS], room[EVQ_TIERS];
	struct sim_rescue *rescue;
	void (*describe)(const void *data, unsigned int cpu, char *buf,
			 size_t n);
	const void *describe_data;
	struct arena state;
};

/**
 * struct sim_warning - what the simulated kernel has to complain about.
 * @kind: a static word: scheduling_while_atomic, race, ...
 * @text: a sentence
 * @task, @context, @lock: whom, doing what, and which lock it is about; NULL:
 *                         what its CPU runs just now, or no lock
 *
 * All but @kind are valid during the call only.
 */
struct sim_warning {
	const char *kind;
	const char *text;
	const char *task, *context, *lock;
};

/**
 * struct sim_image - all that a simulation is at an instant, but stacks; zeroed,
 * it is none.
 * @state: a copy of sim.state
 * @now, @evq, @events, @stopping: the same of these
 */
struct sim_image {
	struct arena_image state;
	ktime_t now;
	struct evq evq;
	uint64_t events;
	bool stopping;
};

/** sim_init - a simulation at time 0 with room for @max_sources sources. */
void sim_init(struct sim *sim, const struct timebase *tb,
	      unsigned int max_sources);

/** sim_init_tiers - sim_init() for @nr_hot sources that are hot, as many that
 * are warm, and the rest of the @max_sources. */
void sim_init_tiers(struct sim *sim, const struct timebase *tb,
		    unsigned int nr_hot, unsigned int max_sources);

/** sim_destroy - free what sim_init() took. */
void sim_destroy(struct sim *sim);

/** sim_add_source_to - give @source a leaf of @tier, or a cold one if that is
 * full; before the run only. */
void sim_add_source_to(struct sim *sim, enum source_tier tier,
		       struct evsource *source,
		       void (*fire)(struct evsource *source));

/** sim_add_source - give @source a leaf; before the run only. */
void sim_add_source(struct sim *sim, struct evsource *source,
		    void (*fire)(struct evsource *source));

/**
 * sim_run - let things happen until sim_stop(), or nothing is left to happen.
 *
 * Returns false when @interrupt ended it early.
 */
bool sim_run(struct sim *sim);

/**
 * sim_walk - sim_run(), telling whenever time passes.
 * @passes: called before the clock moves, with where it moves to: until then
 *          the machine stays as it is
 */
bool sim_walk(struct sim *sim, void (*passes)(void *data, ktime_t until),
	      void *data);

/** sim_tell_passes - who walks through the run, if anybody does, is told that
 * the clock moves to @until; then running ahead is fine after all. */
bool sim_tell_passes(const struct sim *sim, ktime_t until);

/** sim_save - make @image what @sim is now.  Between events only, or from one
 * of PRIO_BOUNDARY. */
void sim_save(const struct sim *sim, struct sim_image *image);

/** sim_load - make @sim what it was for sim_save(). */
void sim_load(struct sim *sim, const struct sim_image *image);

/** sim_image_destroy - free what sim_save() took. */
void sim_image_destroy(struct sim_image *image);

/** sim_stop - end the run after the event that is being handled. */
static inline void sim_stop(struct sim *sim)
{
	sim->stopping = true;
}

/**
 * sim_bug - an impossible state: say where and when, and exit with status 70,
 * or leave by sim.rescue.
 * @sim: may be NULL
 * @cpu: number of the CPU concerned, or -1
 * @format: what is wrong
 */
_Noreturn void sim_bug(const struct sim *sim, int cpu, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * sim_stuck - the scenario has brought the machine to where no kernel could go
 * on: say so and exit with status 1, or leave by sim.rescue.
 * @cpu: number of the CPU concerned
 * @format: what has happened, and what would help
 */
_Noreturn void sim_stuck(const struct sim *sim, unsigned int cpu,
			 const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** sim_schedule - @source happens at @when (not in the past) with @prio. */
static inline void sim_schedule(struct sim *sim, struct evsource *source,
				ktime_t when, enum event_prio prio)
{
	if (unlikely(when < sim->now))
		sim_bug(sim, -1, "event source %u scheduled in the past",
			source->id);
	evq_schedule(&sim->evq, source->id, when, prio);
}

/** sim_cancel - @source does not happen. */
static inline void sim_cancel(struct sim *sim, struct evsource *source)
{
	evq_cancel(&sim->evq, source->id);
}

/** sim_tell - tell the listeners of @id; sim_trace() asks whether there are
 * any. */
void sim_tell(const struct sim *sim, enum tracepoint id, unsigned int cpu,
	      const void *object, int64_t a, int64_t b);

/**
 * sim_trace - tell the listeners of @id, if there are any.
 *
 * The record is made out of line, so that who calls this needs no room for it.
 */
static inline void sim_trace(const struct sim *sim, enum tracepoint id,
			     unsigned int cpu, const void *object, int64_t a,
			     int64_t b)
{
	if (unlikely(sim->tracer.listeners[id]))
		sim_tell(sim, id, cpu, object, a, b);
}

/** sim_warn - tell a warning, formatted; rare, may allocate. */
void sim_warn(struct sim *sim, unsigned int cpu, const char *kind,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
