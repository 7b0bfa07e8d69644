/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_IRQ_THREAD_H
#define PREEMPTSIM_KERNEL_IRQ_THREAD_H

/*
 * Interrupts whose handler runs in a thread: the interrupt itself only wakes
 * it, and the line stays masked until the thread is done.
 * cf. kernel/irq/manage.c.
 */

#include <stdbool.h>

#include "preemptsim/base/ring.h"
#include "preemptsim/kernel/entry.h"
#include "preemptsim/kernel/task.h"

/* rt_priority of the threads; cf. sched_set_fifo(): MAX_RT_PRIO / 2. */
#define IRQ_THREAD_PRIO 50

/**
 * struct irq_request - how an interrupt is to be handled.
 * @number, @nmi: of the line
 * @cpu: the CPU that gets it
 * @threaded: in a thread; its handler may sleep (request_threaded_irq())
 * @no_thread: never in a thread (IRQF_NO_THREAD)
 * @name: of the device, for the thread
 * @depth: frames that the handler needs
 */
struct irq_request {
	int number;
	unsigned int cpu;
	bool nmi, threaded, no_thread;
	const char *name;
	unsigned int depth;
};

/**
 * struct irq_thread - the thread of an interrupt.
 * @task: irq/NUMBER-NAME
 * @irq: whose
 * @forced: its handler was not made for a thread
 * @run: there is something to handle (IRQTF_RUNTHREAD), raised at @raised
 * @held: raises that have to wait until the line is unmasked
 */
struct irq_thread {
	struct task task;
	struct device_irq *irq;
	bool forced, run;
	ktime_t raised;
	struct ring held;
};

/**
 * request_irq - set @irq's line up, and a thread if @request or the kernel
 * wants it handled in one.  @irq's handler and device are its owner's to set.
 */
void request_irq(struct kernel *kernel, struct device_irq *irq,
		 const struct irq_request *request);

/** free_irq - free what request_irq() took. */
void free_irq(struct device_irq *irq);

/** irq_thread_raise - the thread has to handle what was raised at @raised. */
void irq_thread_raise(struct device_irq *irq, ktime_t raised);

/** irq_wake_thread - wake it, from hardirq context on @kc. */
void irq_wake_thread(struct kcpu *kc, struct device_irq *irq);

#endif
