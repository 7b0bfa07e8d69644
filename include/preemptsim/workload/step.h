/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_WORKLOAD_STEP_H
#define PREEMPTSIM_WORKLOAD_STEP_H

/*
 * Steps: what tasks, system calls, interrupt handlers and softirqs are
 * described in.  A step type is one file src/workload/step-NAME.c and one line
 * in step-list.h: its keys, where it may stand, and how it becomes operations
 * of the machine.
 */

#include <glib.h> /* GPtrArray */
#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/dist.h"   /* struct dist */
#include "preemptsim/base/params.h" /* struct param */

struct compiler;    /* preemptsim/workload/compile.h */
struct lock_type;   /* preemptsim/kernel/lock.h */
struct stream_conf; /* preemptsim/workload/stream.h */

/* Where a step may stand; a mask. */
#define IN_USER (1u << 0)    /* a task's own code */
#define IN_SYSCALL (1u << 1) /* kernel mode on behalf of a task */
#define IN_HARDIRQ (1u << 2) /* a device's handler */
#define IN_SOFTIRQ (1u << 3) /* a softirq's action */
#define IN_KERNEL (IN_SYSCALL | IN_HARDIRQ | IN_SOFTIRQ)
#define IN_TASK (IN_USER | IN_SYSCALL)
#define IN_ANY (IN_USER | IN_KERNEL)

/**
 * struct step - one step of a program, as read from a scenario.
 * @type: what it does; never NULL
 * @file, @line, @column: where it stands, for messages; @file is borrowed
 * @time: how long (run, sleep, access); owned, NULL where not taken
 * @ref: index of the lock, wait queue, device, data or vector; -1 for none
 * @number: a count (repeat)
 * @choice: one of several (hold's mode)
 * @flag: a yes or no (io's nonblock)
 * @text: a name (system call) or a text (mark); owned, may be NULL
 * @body: steps inside it; GPtrArray of struct step *, owned, may be NULL
 *
 * One flat struct for all types keeps the parser generic: each type's keys
 * say which of these fields they fill.
 */
struct step {
	const struct step_type *type;
	const char *file;
	int line, column;
	struct dist *time;
	int ref;
	int64_t number;
	int choice;
	bool flag;
	char *text;
	GPtrArray *body;
};

/**
 * struct step_type - a kind of step.
 * @name: its key in a scenario
 * @summary: one sentence for `list steps` and the man page
 * @where: mask of IN_... where it may stand
 * @body_where: where the steps of its body stand; 0: where it stands itself
 * @value: how its whole YAML value is read (`run: 1ms`): a table of exactly
 *         one nameless row, or NULL
 * @keys: its keys, when the value is a mapping (`io: {device: disk}`), or
 *        NULL.  With both, a mapping is read by @keys unless @value is a
 *        PARAM_DIST, anything else by @value
 * @example: a line of YAML that is valid in its first context
 * @takes_time: whether one pass through it can take simulated time or block
 *              (a loop in which nothing can is an error); NULL: never
 * @refuse: of a step that takes a lock: why @step cannot take one of @type
 *          where it stands; NULL: it can.  NULL: it takes no lock
 * @refuse_stream: of a step that feeds a stream: why it cannot feed one of
 *                 @conf; NULL: it can.  NULL: it feeds none
 * @emit: append the operations of @step to the program being compiled
 */
struct step_type {
	const char *name;
	const char *summary;
	unsigned int where;
	unsigned int body_where;
	const struct param *value;
	const struct param *keys;
	const char *example;
	bool (*takes_time)(const struct step *step);
	const char *(*refuse)(const struct step *step,
			      const struct lock_type *type, unsigned int where);
	const char *(*refuse_stream)(const struct stream_conf *conf);
	void (*emit)(struct compiler *compiler, const struct step *step);
};

/** step_type - the i-th step type, or NULL behind the last. */
const struct step_type *step_type(unsigned int i);

/** step_new - an empty step of @type (ref -1); free with step_free(). */
struct step *step_new(const struct step_type *type);

/** step_free - free @step, its distribution, text and body; NULL is fine. */
void step_free(struct step *step);

/** step_list_depth - frames that a program of @steps needs at most: one, one
 * more per level of nesting, and one for what a step itself is made of. */
unsigned int step_list_depth(const GPtrArray *steps);

/** step_list_takes_lock - does anything in @steps take lock number @lock? */
bool step_list_takes_lock(const GPtrArray *steps, int lock);

/** step_list_feeds - does anything in @steps feed the stream of device number
 * @device? */
bool step_list_feeds(const GPtrArray *steps, int device);

/** step_list_takes_time - can one pass through @steps take time or block? */
bool step_list_takes_time(const GPtrArray *steps);

#endif
