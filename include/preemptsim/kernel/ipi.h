/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_IPI_H
#define PREEMPTSIM_KERNEL_IPI_H

/*
 * Inter-processor interrupts: one CPU asks another to look at something.
 * cf. arch/x86/kernel/smp.c, kernel/smp.c.
 */

#include "preemptsim/base/time.h"
#include "preemptsim/engine/sim.h"
#include "preemptsim/machine/cpu.h"

struct kcpu;

/** enum ipi_vector - what another CPU can be asked.  Those that can be masked
 * stand in the order in which they are taken, before the timer.
 * cf. arch/x86/include/asm/irq_vectors.h; a higher vector comes first. */
enum ipi_vector {
	IPI_RESCHEDULE,		  /* look at need_resched */
	IPI_CALL_FUNCTION,	  /* do what many are asked to do */
	IPI_CALL_FUNCTION_SINGLE, /* do what stands in your queue */
	IPI_NMI,		  /* say where you are */
	NR_IPIS
};

/**
 * struct ipi - the inter-processor interrupts of one CPU.
 * @line: what they come through
 * @at: when the one on its way arrives; KTIME_MAX: none is
 * @source: the first of them arrives
 */
struct ipi {
	struct irq_line line[NR_IPIS];
	ktime_t at[NR_IPIS];
	struct evsource source;
};

/** ipi_init - nothing is on its way to @kc. */
void ipi_init(struct kcpu *kc);

/** send_ipi - @from sends @kc @vector; one that is on its way is enough. */
void send_ipi(struct kcpu *kc, struct kcpu *from, enum ipi_vector vector);

#endif
