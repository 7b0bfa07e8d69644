/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_MACHINE_DEVICE_H
#define PREEMPTSIM_MACHINE_DEVICE_H

/*
 * Devices as hardware: something that raises an interrupt line by itself, and
 * something that serves requests and raises the line when one is done.
 *
 * A line counts: each raise is delivered as an interrupt of its own, however
 * long the CPU had it masked, so that no period of a sound card and no
 * completed request is lost.
 */

#include <stdint.h>

#include "preemptsim/base/dist.h"
#include "preemptsim/base/ring.h"
#include "preemptsim/base/rng.h"
#include "preemptsim/engine/sim.h"
#include "preemptsim/machine/cpu.h"

struct device;

/**
 * struct device_server - one request in service.
 * @done: it is finished
 * @device: whose
 * @who: whose request; NULL: nobody waits for it
 * @busy: something is in service
 */
struct device_server {
	struct evsource done;
	struct device *device;
	void *who;
	bool busy;
};

/**
 * struct device_attr - what a device does by itself, and how it serves.
 * @every, @offset, @jitter: instant k is offset + k * every + jitter
 * @interval: or: times between interrupts
 * @at, @nr_at: or: given instants, ascending
 * @service: service time of a request; NULL: it serves none
 * @servers: requests in service at once
 * All distributions and @at are borrowed.
 */
struct device_attr {
	ktime_t every, offset;
	const struct dist *jitter, *interval;
	const ktime_t *at;
	unsigned int nr_at;
	const struct dist *service;
	unsigned int servers;
};

/**
 * struct device - a device.
 * @attr: as given
 * @sim, @cpu, @line: where its interrupts go
 * @raise: the next interrupt of its own
 * @next: index of it
 * @raised: called when it raises its line on its own; NULL: nobody is
 * @arrivals, @services: random streams
 * @server: attr.servers of them
 * @queue: requests that wait, (who, since)
 * @done: requests that are done and not yet collected, (who, since)
 */
struct device {
	struct device_attr attr;
	struct sim *sim;
	struct cpu *cpu;
	struct irq_line *line;
	struct evsource raise;
	uint64_t next;
	void (*raised)(struct device *device);
	struct rng arrivals, services;
	struct device_server *server;
	struct ring queue, done;
};

/** device_sources - event sources that a device needs. */
unsigned int device_sources(const struct device_attr *attr);

/** device_init - a device at @cpu; its streams are the caller's to seed, then
 * device_start() sets it going. */
void device_init(struct device *device, const struct device_attr *attr,
		 struct cpu *cpu, struct irq_line *line);

/** device_start - schedule its first interrupt. */
void device_start(struct device *device);

/** device_submit - a request of @who (may be NULL); served in order. */
void device_submit(struct device *device, void *who);

/**
 * device_collect - take the request that has been done the longest.
 * @who: receives whose it was
 * @done: receives when it was done, which is when the line was raised for it
 *
 * Returns false if none is done.
 */
bool device_collect(struct device *device, void **who, ktime_t *done);

#endif
