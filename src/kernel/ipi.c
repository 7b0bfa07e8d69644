/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sending inter-processor interrupts; what they do when they arrive is in
 * entry.c.
 */
#include <config.h>

#include "preemptsim/kernel/ipi.h"

#include <glib.h>

#include "preemptsim/kernel/entry.h"
#include "preemptsim/kernel/kernel.h"

G_STATIC_ASSERT(IPI_NMI == NR_URGENT);

/* They all take the same time, so the first sent is the first to arrive, and
 * one event source does for all. */
static void ipi_arm(struct kcpu *kc)
{
	ktime_t first = KTIME_MAX;

	for (unsigned int i = 0; i < NR_IPIS; i++)
		first = MIN(first, kc->ipi.at[i]);
	if (first != KTIME_MAX)
		sim_schedule(kc->cpu.sim, &kc->ipi.source, first, PRIO_IPI);
}

static void ipi_fire(struct evsource *source)
{
	struct kcpu *kc = container_of(source, struct kcpu, ipi.source);
	unsigned int vector = 0;

	while (kc->ipi.at[vector] != kc->cpu.sim->now)
		vector++;
	kc->ipi.at[vector] = KTIME_MAX;
	ipi_arm(kc);
	cpu_raise(&kc->cpu, &kc->ipi.line[vector]);
}

void send_ipi(struct kcpu *kc, struct kcpu *from, enum ipi_vector vector)
{
	const ktime_t *price = from->cpu.price;

	if (kc->ipi.at[vector] != KTIME_MAX)
		return;
	from->cpu.top->left += price[COST_IPI_SEND];
	kc->ipi.at[vector] = kc->cpu.sim->now + price[COST_IPI_DELIVERY];
	ipi_arm(kc);
}

void ipi_init(struct kcpu *kc)
{
	sim_add_source(kc->cpu.sim, &kc->ipi.source, ipi_fire);
	kc->ipi.line[IPI_RESCHEDULE].path = resched_irq_path;
	kc->ipi.line[IPI_CALL_FUNCTION_SINGLE].path =
		call_function_single_irq_path;
	kc->ipi.line[IPI_CALL_FUNCTION].path = call_function_irq_path;
	kc->ipi.line[IPI_NMI].path = backtrace_nmi_path;
	kc->ipi.line[IPI_NMI].nmi = true;
	for (unsigned int i = 0; i < NR_IPIS; i++) {
		kc->ipi.line[i].urgent = i != IPI_NMI;
		kc->ipi.line[i].rank = (uint8_t)i;
		kc->ipi.at[i] = KTIME_MAX;
	}
}
