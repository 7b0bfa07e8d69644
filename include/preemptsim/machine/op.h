/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_MACHINE_OP_H
#define PREEMPTSIM_MACHINE_OP_H

/*
 * Operations and frames: what a simulated CPU executes.
 *
 * All simulated code, the kernel's and the users', is arrays of operations.
 * An operation is an action that takes no time, a cost that takes time, or a
 * call of another array.  A stack of frames says where each array stands, as
 * a C stack would, but as data: it can be interrupted at any point, printed,
 * and put aside by a context switch.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/time.h"

struct cpu; /* preemptsim/machine/cpu.h */
struct op;

/** union op_arg - an argument of an operation, as its exec() reads it. */
union op_arg {
	int64_t num;
	const void *ptr;
	const struct op *path;
	bool (*test)(struct cpu *cpu);
};

/**
 * struct op - one operation.
 * @exec: does it.  It may change any state of its own CPU, push frames and
 *        post events; it takes no time itself, but may set the top frame's
 *        @left, and it never runs another CPU.
 * @a, @b: for @exec
 */
struct op {
	void (*exec)(struct cpu *cpu, const struct op *op);
	union op_arg a, b;
};

/* A frame's @left while its CPU spins or halts until somebody ends that. */
#define STALLED KTIME_MAX

/**
 * struct frame - a place in an array of operations.
 * @pc: the next operation
 * @left: what is left of the current operation's time, in quanta; not 0 only
 *        in the frame that runs and in frames that an interrupt covers
 * @arg: what the path works on: a lock, a device, a timer
 * @count: rounds left, of a loop
 * @open, @acct: of an interrupt's frame: what it has to restore
 */
struct frame {
	const struct op *pc;
	ktime_t left;
	void *arg;
	union {
		int64_t count;
		struct {
			uint8_t open, acct;
		};
	};
};

/* What paths are written in. */
#define DO(action)               \
	{                        \
		.exec = (action) \
	}
#define DO_WITH(action, arg)                     \
	{                                        \
		.exec = (action), .a.ptr = (arg) \
	}
#define SPEND(id)                                   \
	{                                           \
		.exec = op_cost, .a.num = COST_##id \
	}
#define CALL(subpath)                                \
	{                                            \
		.exec = op_call, .a.path = (subpath) \
	}
#define WHEN(predicate, subpath)                                            \
	{                                                                   \
		.exec = op_when, .a.test = (predicate), .b.path = (subpath) \
	}
#define WHILE(predicate, subpath)                                            \
	{                                                                    \
		.exec = op_while, .a.test = (predicate), .b.path = (subpath) \
	}
#define RET                    \
	{                      \
		.exec = op_ret \
	}

/** op_cost - take the price a.num of the CPU's price list. */
void op_cost(struct cpu *cpu, const struct op *op);

/** op_call - run the path a.path, then go on; it inherits the frame's arg. */
void op_call(struct cpu *cpu, const struct op *op);

/** op_when - op_call() b.path if a.test says so; a.test has no side effect. */
void op_when(struct cpu *cpu, const struct op *op);

/** op_while - op_call() b.path for as long as a.test says so. */
void op_while(struct cpu *cpu, const struct op *op);

/** op_ret - the path is done: back to the frame below. */
void op_ret(struct cpu *cpu, const struct op *op);

/** op_loop - start over: back to the operation a.path. */
void op_loop(struct cpu *cpu, const struct op *op);

/** op_repeat - run the path b.path a.num times (none if 0). */
void op_repeat(struct cpu *cpu, const struct op *op);

/** op_again - end of an op_repeat() body: once more from a.path, or op_ret(). */
void op_again(struct cpu *cpu, const struct op *op);

#endif
