/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices: when they raise their line, and how they serve requests.
 */
#include <config.h>

#include "preemptsim/machine/device.h"

#include <glib.h>

/* Room for requests before a longer backlog makes the rings grow. */
#define REQUESTS_ROOM 8

/* The instant of interrupt number @k, or KTIME_MAX after the last one. */
static ktime_t next_instant(struct device *device, uint64_t k)
{
	const struct device_attr *attr = &device->attr;
	ktime_t now = device->sim->now, when;

	if (attr->nr_at)
		return k < attr->nr_at ? attr->at[k] : KTIME_MAX;
	if (attr->interval)
		return now + dist_draw(attr->interval, &device->arrivals);
	if (!attr->every)
		return KTIME_MAX;
	when = attr->offset + (ktime_t)k * attr->every;
	if (attr->jitter)
		when += dist_draw(attr->jitter, &device->arrivals);
	return MAX(when, now);
}

static void device_schedule(struct device *device)
{
	ktime_t when = next_instant(device, device->next++);

	if (when != KTIME_MAX)
		sim_schedule(device->sim, &device->raise, when,
			     device->line->nmi ? PRIO_NMI : PRIO_DEVICE);
}

static void raise_fire(struct evsource *source)
{
	struct device *device = container_of(source, struct device, raise);

	device_schedule(device);
	if (device->raised)
		device->raised(device);
	cpu_raise(device->cpu, device->line);
}

static void serve(struct device_server *server, void *who)
{
	struct device *device = server->device;
	ktime_t time = dist_draw(device->attr.service, &device->services);

	server->busy = true;
	server->who = who;
	sim_schedule(device->sim, &server->done, device->sim->now + time,
		     PRIO_DEVICE);
}

static void server_fire(struct evsource *source)
{
	struct device_server *server =
		container_of(source, struct device_server, done);
	struct device *device = server->device;

	server->busy = false;
	ring_put(&device->done, server->who, device->sim->now);
	if (!ring_empty(&device->queue))
		serve(server, ring_get(&device->queue).who);
	cpu_raise(device->cpu, device->line);
}

void device_submit(struct device *device, void *who)
{
	for (unsigned int i = 0; i < device->attr.servers; i++) {
		if (!device->server[i].busy) {
			serve(&device->server[i], who);
			return;
		}
	}
	ring_put(&device->queue, who, device->sim->now);
}

bool device_collect(struct device *device, void **who, ktime_t *done)
{
	struct ring_entry entry;

	if (ring_empty(&device->done))
		return false;
	entry = ring_get(&device->done);
	*who = entry.who;
	*done = entry.when;
	return true;
}

unsigned int device_sources(const struct device_attr *attr)
{
	return 1 + (attr->service ? attr->servers : 0);
}

void device_init(struct device *device, const struct device_attr *attr,
		 struct cpu *cpu, struct irq_line *line)
{
	*device = (struct device){
		.attr = *attr, .sim = cpu->sim, .cpu = cpu, .line = line
	};
	sim_add_source(cpu->sim, &device->raise, raise_fire);
	ring_init(&device->queue, &cpu->sim->state, REQUESTS_ROOM);
	ring_init(&device->done, &cpu->sim->state, REQUESTS_ROOM);
	if (!attr->service)
		device->attr.servers = 0;
	device->server = arena_new(&cpu->sim->state, struct device_server,
				   device->attr.servers);
	for (unsigned int i = 0; i < device->attr.servers; i++) {
		device->server[i].device = device;
		sim_add_source(cpu->sim, &device->server[i].done, server_fire);
	}
}

void device_start(struct device *device)
{
	device_schedule(device);
}
