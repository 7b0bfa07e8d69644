/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_PAGE_FAULT_H
#define PREEMPTSIM_KERNEL_PAGE_FAULT_H

/*
 * Page faults: a task touches memory that is not there yet.
 */

#include "preemptsim/machine/op.h"

/* What tracepoints tell of a fault, cf. enum x86_pf_error_code: it was by a
 * write, and in user mode. */
#define X86_PF_WRITE 0x2
#define X86_PF_USER 0x4

/** op_page_fault_enter - the exception: from a task's user mode, or from what it
 * does in the kernel.  In a frame of its own, whose last three operations are
 * the next ones. */
void op_page_fault_enter(struct cpu *cpu, const struct op *op);
/** op_page_fault_handle - what the handler does anyway; where a fault can't be
 * handled, a.num operations behind this one are left out. */
void op_page_fault_handle(struct cpu *cpu, const struct op *op);
/** op_page_fault_leave - the handler is done; op_irqentry_exit (entry.h) and
 * op_iret follow. */
void op_page_fault_leave(struct cpu *cpu, const struct op *op);

#endif
