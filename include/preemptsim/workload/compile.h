/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_WORKLOAD_COMPILE_H
#define PREEMPTSIM_WORKLOAD_COMPILE_H

/*
 * Steps to operations.  A step type's emit() appends to the block being
 * compiled; a step's body is a block of its own where it needs a frame.
 */

#include <glib.h>

#include "preemptsim/machine/op.h"
#include "preemptsim/workload/step.h"
#include "preemptsim/workload/workload.h"

/**
 * struct compiler - a program being compiled.
 * @workload: where names lead
 * @owner: whose program, "tasks.player/0"; names the random streams
 * @where: IN_... of the block being compiled
 * @arena: blocks made so far; GPtrArray, freed with the program
 * @ops: GArray of struct op: the block being compiled
 * @depth, @max_depth: frames in use at this point, and at most
 * @nr_streams: random streams handed out so far
 */
struct compiler {
	struct workload *workload;
	const char *owner;
	unsigned int where;
	GPtrArray *arena;
	GArray *ops;
	unsigned int depth, max_depth;
	unsigned int nr_streams;
};

/** compile_op - append an operation. */
void compile_op(struct compiler *c, struct op op);

/** compile_do - append an action with one argument. */
void compile_do(struct compiler *c,
		void (*exec)(struct cpu *cpu, const struct op *op),
		const void *arg);

/** compile_call - append a call of @path; its frame's arg is inherited. */
void compile_call(struct compiler *c, const struct op *path);

/** compile_call_with - append a call of @path whose frame's arg is @arg. */
void compile_call_with(struct compiler *c, const struct op *path, void *arg);

/** compile_steps - append the operations of @steps (NULL: none). */
void compile_steps(struct compiler *c, const GPtrArray *steps);

/**
 * compile_open - begin a block of its own, one frame deeper.
 *
 * Returns the outer block, for compile_close().
 */
GArray *compile_open(struct compiler *c);

/**
 * compile_close - end the block with @last and go on with @outer.
 * @loops: @last's a.path becomes the block's beginning
 *
 * Returns the block, owned by the program.
 */
const struct op *compile_close(struct compiler *c, GArray *outer,
			       struct op last, bool loops);

/** compile_enter, compile_leave - around what a task does in kernel mode: a
 * system call @name if the step stands in user mode. */
void compile_enter(struct compiler *c, const char *name);
void compile_leave(struct compiler *c, const char *name);

/** compile_stream - a random stream for the next chance in this program. */
struct rng *compile_stream(struct compiler *c);

/** compile_time - append spending of a drawn or constant time. */
void compile_time(struct compiler *c, const struct dist *time);

/**
 * compile_task - the program of a task: @steps once, for ever or per job.
 * c->where: in user mode, or in kernel mode all the time.
 * @forever: start over at the end
 * @jobs: each pass is a job
 */
const struct op *compile_task(struct compiler *c, const GPtrArray *steps,
			      bool forever, bool jobs);

/** compile_handler - a driver's handler or softirq; @last ends it. */
const struct op *
compile_handler(struct compiler *c, const GPtrArray *steps, unsigned int where,
		void (*last)(struct cpu *cpu, const struct op *op));

/** event_of - the hardware instant on whose behalf @cpu's code runs: the
 * interrupt's in a handler or softirq, otherwise now. */
ktime_t event_of(struct cpu *cpu);

#endif
