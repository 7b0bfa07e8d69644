/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of step types, and steps as data.
 */
#include <config.h>

#include "step-private.h"

#include "preemptsim/kernel/wait.h"

#define STEP_TYPE(id) extern const struct step_type step_type_##id;
#include "preemptsim/workload/step-list.h"
#undef STEP_TYPE

static const struct step_type *const types[] = {
#define STEP_TYPE(id) &step_type_##id,
#include "preemptsim/workload/step-list.h"
#undef STEP_TYPE
};

const struct step_type *step_type(unsigned int i)
{
	return i < G_N_ELEMENTS(types) ? types[i] : NULL;
}

struct step *step_new(const struct step_type *type)
{
	struct step *step = g_new0(struct step, 1);

	step->type = type;
	step->ref = -1;
	return step;
}

void step_free(struct step *step)
{
	if (!step)
		return;
	dist_free(step->time);
	g_free(step->text);
	if (step->body)
		g_ptr_array_unref(step->body);
	g_free(step);
}

unsigned int step_list_depth(const GPtrArray *steps)
{
	unsigned int deepest = 1;

	for (unsigned int i = 0; steps && i < steps->len; i++) {
		const struct step *step = g_ptr_array_index(steps, i);

		deepest = MAX(deepest, step_list_depth(step->body));
	}
	return 1 + deepest;
}

bool step_list_takes_time(const GPtrArray *steps)
{
	for (unsigned int i = 0; steps && i < steps->len; i++) {
		const struct step *step = g_ptr_array_index(steps, i);

		if (step->type->takes_time && step->type->takes_time(step))
			return true;
	}
	return false;
}

bool step_list_takes_lock(const GPtrArray *steps, int lock)
{
	for (unsigned int i = 0; steps && i < steps->len; i++) {
		const struct step *step = g_ptr_array_index(steps, i);

		if ((step->type->refuse && step->ref == lock) ||
		    step_list_takes_lock(step->body, lock))
			return true;
	}
	return false;
}

bool step_list_feeds(const GPtrArray *steps, int device)
{
	for (unsigned int i = 0; steps && i < steps->len; i++) {
		const struct step *step = g_ptr_array_index(steps, i);

		if ((step->type->refuse_stream && step->ref == device) ||
		    step_list_feeds(step->body, device))
			return true;
	}
	return false;
}

bool step_always(const struct step *step)
{
	(void)step;
	return true;
}

bool step_body_takes_time(const struct step *step)
{
	return step_list_takes_time(step->body);
}

void compile_spend(struct compiler *c, enum cost_id cost)
{
	struct op op = { .exec = op_cost, .a.num = cost };

	compile_op(c, op);
}

void compile_might_sleep(struct compiler *c)
{
	compile_do(c, op_check_sleep, NULL);
	compile_call(c, might_sleep_path);
}

static const struct op sleep_path[] = {
	WHEN(task_sleeps, schedule_path),
	DO(op_finish_wait),
	SPEND(SLEEP_EXIT),
	RET,
};

void compile_sleep(struct compiler *c)
{
	compile_call(c, sleep_path);
}
