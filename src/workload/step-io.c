/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * io: a request to a device.
 */
#include <config.h>

#include "step-private.h"

static void submit(struct cpu *cpu, const struct op *op)
{
	struct driver *driver = (void *)(uintptr_t)op->a.ptr;

	(void)cpu;
	device_submit(&driver->device, NULL);
}

/* cf. submit_bio_wait(): the completion wakes the task. */
static void submit_and_wait(struct cpu *cpu, const struct op *op)
{
	struct driver *driver = (void *)(uintptr_t)op->a.ptr;
	struct kcpu *kc = to_kcpu(cpu);
	struct task *curr = current_task(kc);

	set_current_state(kc, curr, TASK_UNINTERRUPTIBLE);
	device_submit(&driver->device, curr);
}

static void emit_io(struct compiler *c, const struct step *step)
{
	struct driver *driver = &c->workload->drivers[step->ref];

	compile_enter(c, "io");
	compile_spend(c, COST_IO_SUBMIT);
	if (step->flag) {
		compile_do(c, submit, driver);
	} else {
		compile_might_sleep(c);
		compile_do(c, submit_and_wait, driver);
		compile_sleep(c);
	}
	compile_leave(c, "io");
	if (!step->flag)
		compile_do(c, op_resume, NULL);
}

extern const struct step_type step_type_io;

const struct step_type step_type_io = {
	.name = "io",
	.summary = "hand a request to a device and wait until it is done",
	.where = IN_TASK,
	.value = VALUE(PARAM_DEVICE, ref, "the device"),
	.keys = (const struct param[]){ KEY("device", PARAM_DEVICE, ref,
					    "the device"),
					{ .name = "nonblock",
					  .type = PARAM_BOOL,
					  .offset = offsetof(struct step, flag),
					  .def = "false",
					  .help = "do not wait" },
					{ .name = NULL } },
	.example = "io: {device: disk}",
	.takes_time = step_always,
	.emit = emit_io,
};
