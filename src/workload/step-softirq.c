/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * raise_softirq: put work off.
 */
#include <config.h>

#include "step-private.h"

/* The raiser's own driver if it serves the vector; else all that do. */
static void raise_drivers(struct kcpu *kc, struct workload *workload,
			  unsigned int vector, ktime_t event)
{
	const struct irq_context *context = kc->cpu.top->arg;
	struct driver *own = context ? context->owner : NULL;

	if (own && own->vector == vector) {
		driver_schedule(kc, own, event);
		return;
	}
	for (unsigned int i = 0; i < workload->nr_drivers; i++)
		if (workload->drivers[i].vector == vector)
			driver_schedule(kc, &workload->drivers[i], event);
	raise_softirq(kc, vector);
}

static void do_raise(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	raise_drivers(kc, kc->kernel->softirq_data, (unsigned int)op->a.num,
		      event_of(cpu));
}

/* cf. raise_softirq(): with interrupts off, and nobody looks at need_resched
 * when they are on again, though ksoftirqd may have been woken. */
static void emit_raise_softirq(struct compiler *c, const struct step *step)
{
	GArray *outer = compile_open(c);
	struct op raise = { .exec = do_raise, .a.num = step->ref };

	compile_do(c, op_local_irq_save, NULL);
	compile_op(c, raise);
	compile_do(c, op_local_irq_restore, NULL);
	compile_call(c, compile_close(c, outer, (struct op)RET, false));
}

extern const struct step_type step_type_raise_softirq;

const struct step_type step_type_raise_softirq = {
	.name = "raise_softirq",
	.summary = "make a softirq pending on this CPU, if it is not; in a "
		   "device's own handler or softirq that device's, else all of "
		   "the vector",
	.where = IN_KERNEL,
	.value = (const struct param[]){ { .type = PARAM_CHOICE,
					   .offset = offsetof(struct step, ref),
					   .choices = softirq_choice,
					   .required = true,
					   .help = "the vector" },
					 { .name = NULL } },
	.example = "raise_softirq: net_rx",
	.emit = emit_raise_softirq,
};
