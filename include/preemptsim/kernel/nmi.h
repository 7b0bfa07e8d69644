/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_NMI_H
#define PREEMPTSIM_KERNEL_NMI_H

/*
 * NMIs that a CPU sends to all others, so that they say where they are.
 * cf. lib/nmi_backtrace.c v6.12.
 */

#include "preemptsim/kernel/kernel.h"

/**
 * struct nmi_backtrace - the one that goes on; one at a time.
 * @busy: there is one
 * @asked: how long the next shall take on each CPU; @run: how long this does
 * @next: number of the CPU that is sent an NMI next
 * @left: CPUs that have not said it yet
 * @rounds: how often the caller has looked whether all have
 */
struct nmi_backtrace {
	bool busy;
	ktime_t asked, run;
	unsigned int next, left, rounds;
};

/** nmi_backtrace_init - before a run in which somebody asks for one. */
void nmi_backtrace_init(struct kernel *kernel);

/** op_nmi_cpu_backtrace, op_nmi_cpu_backtrace_done - a CPU that got the NMI says
 * where it is, and has said it. */
void op_nmi_cpu_backtrace(struct cpu *cpu, const struct op *op);
void op_nmi_cpu_backtrace_done(struct cpu *cpu, const struct op *op);

/** trigger_all_cpu_backtrace_path - say for nmi_backtrace.asked where this CPU
 * is, send all others an NMI in which they do, and go on when all have; at once
 * if another goes on.  Context: any. */
extern const struct op trigger_all_cpu_backtrace_path[];

#endif
