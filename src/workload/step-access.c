/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * access: use shared data; two uses at a time are a race.
 */
#include <config.h>

#include "step-private.h"

static const char *context_name(const struct kcpu *kc)
{
	if (in_nmi(kc))
		return "an NMI over ";
	if (in_hardirq(kc))
		return "a handler over ";
	return in_serving_softirq(kc) ? "a softirq over " : "";
}

static void report_race(struct kcpu *kc, const struct shared_data *data,
			const struct data_user *other)
{
	sim_warn(kc->cpu.sim, kc->cpu.id, "race",
		 "%s%s-%d uses %s while %s-%d is in the middle of using it "
		 "on CPU %u",
		 context_name(kc), current_task(kc)->comm,
		 current_task(kc)->pid, data->name, other->task->comm,
		 other->task->pid, other->cpu);
}

/* The users beyond those that there is room for are not told of by name. */
static void access_begin(struct cpu *cpu, const struct op *op)
{
	struct shared_data *data = (void *)(uintptr_t)op->a.ptr;
	struct kcpu *kc = to_kcpu(cpu);
	unsigned int n = MIN(data->nr_users, MAX_DATA_USERS - 1);

	if (data->nr_users++)
		report_race(kc, data, &data->user[n - 1]);
	data->user[n] = (struct data_user){ current_task(kc), cpu->id };
}

/* The last to begin of this task's uses ends. */
static void access_end(struct cpu *cpu, const struct op *op)
{
	struct shared_data *data = (void *)(uintptr_t)op->a.ptr;
	const struct task *curr = current_task(to_kcpu(cpu));
	unsigned int n = MIN(data->nr_users, MAX_DATA_USERS);
	unsigned int i = n - 1;

	while (i && data->user[i].task != curr)
		i--;
	for (; i + 1 < n; i++)
		data->user[i] = data->user[i + 1];
	data->nr_users--;
}

static void emit_access(struct compiler *c, const struct step *step)
{
	struct shared_data *data = &c->workload->data[step->ref];

	compile_do(c, access_begin, data);
	compile_time(c, step->time);
	compile_do(c, access_end, data);
}

static bool access_takes_time(const struct step *step)
{
	return dist_max(step->time) > 0;
}

extern const struct step_type step_type_access;

const struct step_type step_type_access = {
	.name = "access",
	.summary = "use shared data for a time; a second use meanwhile, on "
		   "another CPU or after a preemption, is reported as a race",
	.where = IN_ANY,
	.keys = (const struct param[]){ KEY("data", PARAM_DATA, ref,
					    "name of the data"),
					KEY("run", PARAM_DIST, time,
					    "how long the use goes on"),
					{ .name = NULL } },
	.example = "access: {data: counter, run: 2us}",
	.takes_time = access_takes_time,
	.emit = emit_access,
};
