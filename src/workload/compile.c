/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The compiler from steps to operations.
 */
#include <config.h>

#include "preemptsim/workload/compile.h"

#include <glib.h>
#include <string.h>

#include "step-private.h"

void compile_op(struct compiler *c, struct op op)
{
	g_array_append_val(c->ops, op);
}

void compile_do(struct compiler *c,
		void (*exec)(struct cpu *cpu, const struct op *op),
		const void *arg)
{
	compile_op(c, (struct op)DO_WITH(exec, arg));
}

void compile_call(struct compiler *c, const struct op *path)
{
	compile_op(c, (struct op)CALL(path));
}

static void call_with(struct cpu *cpu, const struct op *op)
{
	cpu_push(cpu, op->a.path, (void *)(uintptr_t)op->b.ptr);
}

void compile_call_with(struct compiler *c, const struct op *path, void *arg)
{
	struct op op = { .exec = call_with, .a.path = path, .b.ptr = arg };

	compile_op(c, op);
}

void compile_steps(struct compiler *c, const GPtrArray *steps)
{
	for (unsigned int i = 0; steps && i < steps->len; i++) {
		const struct step *step = g_ptr_array_index(steps, i);

		step->type->emit(c, step);
	}
}

/* Keep the finished block where its operations stay put. */
static const struct op *compile_finish(struct compiler *c, bool loops)
{
	size_t bytes = c->ops->len * sizeof(struct op);
	struct op *block = g_aligned_alloc(1, bytes, CACHE_LINE);

	memcpy(block, c->ops->data, bytes);
	if (loops)
		block[c->ops->len - 1].a.path = block;
	g_ptr_array_add(c->arena, block);
	g_array_unref(c->ops);
	c->ops = NULL;
	return block;
}

GArray *compile_open(struct compiler *c)
{
	GArray *outer = c->ops;

	c->ops = g_array_new(FALSE, FALSE, sizeof(struct op));
	c->depth++;
	c->max_depth = MAX(c->max_depth, c->depth);
	return outer;
}

const struct op *compile_close(struct compiler *c, GArray *outer,
			       struct op last, bool loops)
{
	const struct op *block;

	compile_op(c, last);
	block = compile_finish(c, loops);
	c->ops = outer;
	c->depth--;
	return block;
}

void compile_enter(struct compiler *c, const char *name)
{
	if (c->where != IN_USER)
		return;
	compile_do(c, op_syscall_enter, NULL);
	compile_do(c, op_sys_enter, name);
}

void compile_leave(struct compiler *c, const char *name)
{
	if (c->where != IN_USER)
		return;
	compile_do(c, op_sys_exit, name);
	compile_call(c, syscall_exit_path);
}

struct rng *compile_stream(struct compiler *c)
{
	g_autofree char *purpose = g_strdup_printf("%u", c->nr_streams++);
	struct rng *rng =
		arena_new(&c->workload->kernel->sim->state, struct rng, 1);

	rng_init(rng, c->workload->seed, c->workload->run, c->owner, purpose);
	return rng;
}

/* Take a time drawn from a.ptr with the stream b.ptr. */
static void op_run(struct cpu *cpu, const struct op *op)
{
	struct rng *rng = (void *)(uintptr_t)op->b.ptr;

	cpu->top->left = dist_draw(op->a.ptr, rng);
}

static void op_run_constant(struct cpu *cpu, const struct op *op)
{
	cpu->top->left = op->a.num;
}

void compile_time(struct compiler *c, const struct dist *time)
{
	struct op op = { .exec = op_run_constant, .a.num = time->value };

	if (time->draw) {
		op.exec = op_run;
		op.a.ptr = time;
		op.b.ptr = compile_stream(c);
	}
	compile_op(c, op);
}

const struct op *compile_task(struct compiler *c, const GPtrArray *steps,
			      bool forever, bool jobs)
{
	struct op last = { .exec = op_loop };

	c->ops = g_array_new(FALSE, FALSE, sizeof(struct op));
	c->depth = c->max_depth = 1;
	compile_do(c, jobs ? op_job_start : op_begin, NULL);
	compile_steps(c, steps);
	if (jobs) {
		compile_do(c, op_job_end, NULL);
		compile_call(c, c->where == IN_USER ? job_wait_path :
						      kthread_wait_path);
	}
	if (!forever && !jobs)
		compile_exit(c);
	compile_op(c, last);
	return compile_finish(c, true);
}

const struct op *
compile_handler(struct compiler *c, const GPtrArray *steps, unsigned int where,
		void (*last)(struct cpu *cpu, const struct op *op))
{
	c->where = where;
	c->ops = g_array_new(FALSE, FALSE, sizeof(struct op));
	c->depth = c->max_depth = 1;
	compile_steps(c, steps);
	compile_do(c, last, NULL);
	compile_op(c, (struct op)RET);
	return compile_finish(c, false);
}

ktime_t event_of(struct cpu *cpu)
{
	const struct irq_context *context = cpu->top->arg;

	return context ? context->event : cpu->sim->now;
}
