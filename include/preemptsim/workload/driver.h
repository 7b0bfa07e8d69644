/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_WORKLOAD_DRIVER_H
#define PREEMPTSIM_WORKLOAD_DRIVER_H

/*
 * A device's driver: its interrupt handler, its softirq, and the completion
 * of its requests.
 */

#include <stdint.h>

#include "preemptsim/base/ring.h"
#include "preemptsim/kernel/irq-thread.h"
#include "preemptsim/kernel/kernel.h"
#include "preemptsim/machine/device.h"
#include "preemptsim/workload/queue.h"
#include "preemptsim/workload/stream.h"

struct workload;

/* "No softirq". */
#define NO_VECTOR NR_SOFTIRQS

/**
 * struct driver_soft - a driver's softirq on one CPU.
 * @context: its frames' arg; @context.event is the interrupt's instant
 * @events: instants of what has not been served yet
 * @budget: of them, those that belong to this pass
 * @turn, @next_turn: when, by softirq_cpu.raises, the first of these was raised,
 *                    and the first of the others
 * @busy: its program runs
 */
struct driver_soft {
	struct irq_context context;
	struct ring events;
	uint32_t budget;
	uint64_t turn, next_turn;
	bool busy;
};

/**
 * struct driver - a driver.
 * @device: its hardware
 * @irq: its interrupt
 * @name: borrowed
 * @softirq: program of its softirq, or NULL
 * @vector: of its softirq, or NO_VECTOR
 * @soft: by CPU
 * @index: its number among the run's devices
 * @stream: what a task has to keep up with; owned, NULL: nothing
 */
struct driver {
	struct device device;
	struct device_irq irq;
	const char *name;
	const struct op *softirq;
	unsigned int vector;
	struct driver_soft *soft;
	unsigned int nr_cpus;
	unsigned int index;
	struct stream *stream;
};

/** driver_init - a driver for a device of @attr, its interrupts handled as
 * @request says. */
void driver_init(struct driver *driver, struct kernel *kernel,
		 const struct device_attr *attr,
		 const struct irq_request *request);

/** driver_destroy - free what driver_init() took. */
void driver_destroy(struct driver *driver);

/** driver_schedule - raise it for somebody's own sake, since @event: it is run
 * once more, unless it is to be run anyway.  cf. TASKLET_STATE_SCHED and
 * NAPI_STATE_SCHED. */
void driver_schedule(struct kcpu *kc, struct driver *driver, ktime_t event);

/** driver_run_softirq - kernel.run_softirq: the actions of @vector. */
void driver_run_softirq(struct kcpu *kc, unsigned int vector, void *workload);

/** op_driver_handled - end of a handler's program: the softirq, or the
 * completion, comes next. */
void op_driver_handled(struct cpu *cpu, const struct op *op);

/** op_driver_served - end of a softirq's program: complete a request. */
void op_driver_served(struct cpu *cpu, const struct op *op);

#endif
