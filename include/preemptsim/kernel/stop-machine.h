/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_STOP_MACHINE_H
#define PREEMPTSIM_KERNEL_STOP_MACHINE_H

/*
 * Stopping all CPUs for a moment.  cf. kernel/stop_machine.c v6.12.
 */

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/wait.h"

/**
 * struct multi_stop - a CPU's part in it.
 * @work: of its stopper
 * @frame: waits for the others; NULL: it does not
 * @acct: what its time went to before
 */
struct multi_stop {
	struct cpu_stop_work work;
	struct frame *frame;
	uint8_t acct;
};

/**
 * struct stop_machine - the stop that goes on; one at a time.
 * @busy: there is one
 * @wq: tasks that want the next
 * @caller: whose it is
 * @run: how long the function takes that everybody stops for
 * @next: number of the CPU that gets its work next
 * @arrived: CPUs that have come to the step that they take together
 * @left: CPUs that are not done
 * @part: one for each CPU
 */
struct stop_machine {
	bool busy;
	struct wait_queue_head wq;
	struct task *caller;
	ktime_t run;
	unsigned int next, arrived, left;
	struct multi_stop part[];
};

/** stop_machine_init - before a run in which a machine is stopped. */
void stop_machine_init(struct kernel *kernel);

/** stop_machine_begin_path - wait until nobody else stops the machine.
 * Context: a task that may sleep. */
extern const struct op stop_machine_begin_path[];

/** stop_machine_path - then stop all CPUs, have the first of them run a function
 * of stop_machine.run, and sleep until it is done. */
extern const struct op stop_machine_path[];

#endif
