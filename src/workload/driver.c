/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drivers: from an interrupt to the handler, the softirq and the task.
 */
#include <config.h>

#include "preemptsim/workload/driver.h"

#include "preemptsim/kernel/preempt.h"
#include "preemptsim/workload/workload.h"

/* Room for raises before a longer backlog makes the ring grow. */
#define RAISES_ROOM 8

void driver_init(struct driver *driver, struct kernel *kernel,
		 const struct device_attr *attr,
		 const struct irq_request *request)
{
	struct arena *arena = &kernel->sim->state;

	driver->vector = NO_VECTOR;
	driver->nr_cpus = kernel->config.nr_cpus;
	driver->irq = (struct device_irq){
		.device = driver,
		.context = { .owner = driver },
	};
	request_irq(kernel, &driver->irq, request);
	driver->soft = arena_new(arena, struct driver_soft, driver->nr_cpus);
	for (unsigned int i = 0; i < driver->nr_cpus; i++) {
		driver->soft[i].context.owner = driver;
		ring_init(&driver->soft[i].events, arena, RAISES_ROOM);
	}
	device_init(&driver->device, attr, &kernel->cpus[request->cpu].cpu,
		    &driver->irq.line);
}

void driver_destroy(struct driver *driver)
{
	free_irq(&driver->irq);
}

/* For the interrupt at @event: the work of each stands in a queue, as packets
 * do. */
static void driver_raise(struct kcpu *kc, struct driver *driver, ktime_t event)
{
	struct driver_soft *soft = &driver->soft[kc->cpu.id];

	if (ring_length(&soft->events) == soft->budget)
		soft->next_turn = kc->softirq.raises;
	ring_put(&soft->events, NULL, event);
	raise_softirq(kc, driver->vector);
}

void driver_schedule(struct kcpu *kc, struct driver *driver, ktime_t event)
{
	const struct driver_soft *soft = &driver->soft[kc->cpu.id];

	if (ring_length(&soft->events) == soft->budget)
		driver_raise(kc, driver, event);
	else
		raise_softirq(kc, driver->vector);
}

static struct driver *driver_of(struct cpu *cpu)
{
	const struct irq_context *context = cpu->top->arg;

	return context->owner;
}

static bool request_is_done(struct cpu *cpu)
{
	const struct device *device = &driver_of(cpu)->device;

	return device->attr.service && !ring_empty(&device->done);
}

static void complete_begin(struct cpu *cpu, const struct op *op)
{
	(void)op;
	if (ring_at(&driver_of(cpu)->device.done, 0)->who)
		cpu->top->left = cpu->price[COST_WAKEUP];
}

/* Complete the request that was served first; its task's event is the
 * interrupt, also if a softirq that somebody else raised comes before it. */
static void complete(struct cpu *cpu, const struct op *op)
{
	const struct irq_context *context = cpu->top->arg;
	struct driver *driver = context->owner;
	ktime_t event;
	void *who;

	(void)op;
	if (!device_collect(&driver->device, &who, &event))
		return;
	cpu_trace(cpu, TP_request_done, driver, event, 0);
	if (who)
		try_to_wake_up(to_kcpu(cpu), who, event);
}

/* A wakeup happens with interrupts and preemption off. */
static const struct op complete_path[] = {
	DO(op_local_irq_save),
	DO_WITH(op_preempt_disable, "try_to_wake_up"),
	DO(complete_begin),
	DO(complete),
	DO(op_local_irq_restore),
	DO_WITH(op_preempt_enable, "try_to_wake_up"),
	RET,
};

static void raise_own(struct cpu *cpu, const struct op *op)
{
	const struct irq_context *context = cpu->top->arg;

	(void)op;
	driver_raise(to_kcpu(cpu), context->owner, context->event);
}

/* cf. raise_softirq() */
static const struct op raise_path[] = {
	DO(op_local_irq_save),
	DO(raise_own),
	DO(op_local_irq_restore),
	RET,
};

void op_driver_handled(struct cpu *cpu, const struct op *op)
{
	if (driver_of(cpu)->vector == NO_VECTOR)
		op_driver_served(cpu, op);
	else if (cpu_irqs_on(cpu))
		cpu_push(cpu, raise_path, cpu->top->arg);
	else
		raise_own(cpu, op);
}

void op_driver_served(struct cpu *cpu, const struct op *op)
{
	(void)op;
	if (request_is_done(cpu))
		cpu_push(cpu, complete_path, cpu->top->arg);
}

/* Of the drivers of the active vector with raises left in this pass that nobody
 * is serving, the one that was raised first, or NULL.  cf. the lists of
 * tasklets and of what is to be polled. */
static struct driver *next_raised(struct kcpu *kc)
{
	struct workload *workload = kc->kernel->softirq_data;
	unsigned int vector = current_task(kc)->softirq.vector;
	struct driver *first = NULL;
	uint64_t turn = UINT64_MAX;

	for (unsigned int i = 0; i < workload->nr_drivers; i++) {
		struct driver *driver = &workload->drivers[i];
		const struct driver_soft *soft = &driver->soft[kc->cpu.id];

		if (driver->vector == vector && soft->budget && !soft->busy &&
		    soft->turn < turn) {
			first = driver;
			turn = soft->turn;
		}
	}
	return first;
}

static bool some_raised(struct cpu *cpu)
{
	return next_raised(to_kcpu(cpu)) != NULL;
}

static void run_raised(struct cpu *cpu, const struct op *op)
{
	struct driver *driver = next_raised(to_kcpu(cpu));
	struct driver_soft *soft = &driver->soft[cpu->id];

	(void)op;
	soft->budget--;
	soft->busy = true;
	soft->context.event = ring_get(&soft->events).when;
	cpu->top->arg = soft;
	cpu_push(cpu, driver->softirq, &soft->context);
}

static void end_raised(struct cpu *cpu, const struct op *op)
{
	struct driver_soft *soft = cpu->top->arg;

	soft->busy = false;
	op_ret(cpu, op);
}

static const struct op run_raised_path[] = {
	DO(run_raised),
	DO(end_raised),
};

static const struct op actions_path[] = {
	WHILE(some_raised, run_raised_path),
	RET,
};

/* What is raised again meanwhile belongs to the next pass.  Under rt a driver
 * may be in the middle of its action, preempted by us: it runs one at a time,
 * and who runs it now goes on with what it would do for us, cf.
 * NAPI_STATE_SCHED. */
void driver_run_softirq(struct kcpu *kc, unsigned int vector, void *data)
{
	struct workload *workload = data;

	for (unsigned int i = 0; i < workload->nr_drivers; i++) {
		struct driver *driver = &workload->drivers[i];
		struct driver_soft *soft = &driver->soft[kc->cpu.id];

		if (driver->vector != vector)
			continue;
		if (!soft->budget)
			soft->turn = soft->next_turn;
		soft->budget = ring_length(&soft->events);
	}
	cpu_push(&kc->cpu, actions_path, NULL);
}
