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

static void report_race(struct kcpu *kc, const struct shared_data *data)
{
	sim_warn(kc->cpu.sim, kc->cpu.id, "race",
		 "%s%s/%d uses %s while %s/%d is in the middle of using it "
		 "on CPU %u",
		 context_name(kc), current_task(kc)->comm,
		 current_task(kc)->pid, data->name, data->user->comm,
		 data->user->pid, data->cpu);
}

static void access_begin(struct cpu *cpu, const struct op *op)
{
	struct shared_data *data = (void *)(uintptr_t)op->a.ptr;
	struct kcpu *kc = to_kcpu(cpu);

	if (data->users++)
		report_race(kc, data);
	data->user = current_task(kc);
	data->cpu = cpu->id;
}

static void access_end(struct cpu *cpu, const struct op *op)
{
	struct shared_data *data = (void *)(uintptr_t)op->a.ptr;

	(void)cpu;
	data->users--;
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
