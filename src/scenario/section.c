/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of the language: its sections, and the keys of the scenario itself.
 * The other keys are in section-kernel.c and section-workload.c; those of the
 * steps and the distributions are beside their readers.
 */
#include <config.h>

#include <string.h>

#include "preemptsim/workload/step.h"
#include "section-private.h"

#define IN_SCENARIO(field) .offset = offsetof(struct scenario, field)

/* Rows without keys: the section of that path says what they hold. */
static const struct param root_keys[] = {
	{ .name = "name",
	  .type = PARAM_STRING,
	  IN_SCENARIO(name),
	  .help = "what reports call it; the file's name by default" },
	{ .name = "description",
	  .type = PARAM_TEXT,
	  IN_SCENARIO(description),
	  .help = "what it is about" },
	{ .name = "duration",
	  .type = PARAM_TIME,
	  IN_SCENARIO(duration),
	  .min = 1,
	  .max = INT64_MAX,
	  .def = "10s",
	  .help = "how long to simulate" },
	{ .name = "warmup",
	  .type = PARAM_TIME,
	  IN_SCENARIO(warmup),
	  .def = "0s",
	  .help = "the first part of it, which is not counted" },
	{ .name = "seed",
	  .type = PARAM_INT,
	  IN_SCENARIO(seed),
	  .min = 0,
	  .max = INT64_MAX,
	  .def = "1",
	  .help = "from which all random numbers derive, up to "
		  "9223372036854775807" },
	{ .name = "machine",
	  .type = PARAM_MAP,
	  IN_SCENARIO(machine),
	  .keys = machine_keys,
	  .def = "{}",
	  .help = "the hardware" },
	{ .name = "kernel",
	  .type = PARAM_MAP,
	  IN_SCENARIO(kernel),
	  .keys = kernel_keys,
	  .def = "{}",
	  .help = "the kernel's build and boot options" },
	{ .name = "locks",
	  .type = PARAM_MAP,
	  .keys = lock_keys,
	  .help = "the locks, by name" },
	{ .name = "waitqueues",
	  .type = PARAM_MAP,
	  .help = "the names of wait queues; each device has one of its own "
		  "name beside them" },
	{ .name = "devices",
	  .type = PARAM_MAP,
	  .keys = device_keys,
	  .help = "the devices, by name" },
	{ .name = "groups",
	  .type = PARAM_MAP,
	  .keys = group_keys,
	  .help = "the groups of tasks, by name" },
	{ .name = "tasks",
	  .type = PARAM_MAP,
	  .keys = task_keys,
	  .help = "the tasks, by name" },
	{ .name = "chains",
	  .type = PARAM_MAP,
	  .help = "whose time to measure from end to end: lists, by name" },
	{ .name = "builds",
	  .type = PARAM_MAP,
	  .help = "what to compare: settings, by name" },
	{ .name = "build",
	  .type = PARAM_STRING,
	  IN_SCENARIO(build),
	  .help = "of which build the settings are carried out; none by "
		  "default" },
	{ .name = "plugins",
	  .type = PARAM_MAP,
	  .help = "shared objects with schedulers for kernel.fair" },
	{ .name = "expect",
	  .type = PARAM_MAP,
	  .help = "what must hold, as in "
		  "player.wakeup_latency.max < 1ms" },
	{ .name = NULL },
};

static const struct section sections[] = {
	{ .path = "", .keys = root_keys, .help = "the scenario" },
	{ .path = "machine", .keys = machine_keys, .help = "the hardware" },
	{ .path = "machine.topology",
	  .keys = topology_keys,
	  .help = "what the CPUs share: neighbours have consecutive numbers, "
		  "first the threads of a core, then the cores of a cache, "
		  "then the caches of a node" },
	{ .path = "machine.idle",
	  .keys = idle_keys,
	  .help = "how the CPUs idle: the deepest state that is worth it until "
		  "the next timer" },
	{ .path = "machine.costs",
	  .keys = costs_keys,
	  .shorthand = "profile",
	  .help = "what the primitives of the kernel cost; a profile's name "
		  "alone is enough" },
	{ .path = "kernel",
	  .keys = kernel_keys,
	  .help = "the kernel's build and boot options" },
	{ .path = "kernel.rt_throttling",
	  .keys = throttling_keys,
	  .help = "what fifo and rr tasks leave to others; or off" },
	{ .path = "kernel.features",
	  .keys = feature_keys,
	  .help = "switches of the scheduling classes, as in Linux's "
		  "/sys/kernel/debug/sched/features; the default is that of the "
		  "version" },
	{ .path = "kernel.sched",
	  .keys = slice_keys,
	  .help = "times that the fair classes go by, of the machine as it is; "
		  "the default is that of the version, which grows with the "
		  "number of CPUs" },
	{ .path = "locks",
	  .form = SECTION_NAMED,
	  .keys = lock_keys,
	  .shorthand = "type",
	  .help = "a lock; its type alone is enough" },
	{ .path = "waitqueues",
	  .form = SECTION_NAMES,
	  .help = "names of wait queues" },
	{ .path = "devices",
	  .form = SECTION_NAMED,
	  .keys = device_keys,
	  .where = IN_HARDIRQ,
	  .where_else = IN_SYSCALL,
	  .help = "an interrupt source, a server of requests, or both" },
	{ .path = "devices.NAME.irq",
	  .keys = irq_keys,
	  .inline_dist = true,
	  .dist = offsetof(struct device_conf, interval),
	  .help = "when the device interrupts on its own: every, at, or a "
		  "distribution of the times between two interrupts" },
	{ .path = "devices.NAME.softirq",
	  .keys = softirq_keys,
	  .where = IN_SOFTIRQ,
	  .help = "the part of the work that is left to a softirq" },
#define STREAM_KIND(id, missed, taken, idle, text) \
	{ .path = "devices.NAME." #id,             \
	  .keys = stream_##id##_keys,              \
	  .help = text },
#include "preemptsim/workload/stream-kind-list.h"
#undef STREAM_KIND
	{ .path = "groups",
	  .form = SECTION_NAMED,
	  .keys = group_keys,
	  .help = "a group of tasks (a control group): the CPUs are shared out "
		  "to groups and tasks that are in none, and the part of a "
		  "group to what is in it" },
	{ .path = "tasks",
	  .form = SECTION_NAMED,
	  .keys = task_keys,
	  .where = IN_USER,
	  .where_else = IN_SYSCALL,
	  .help = "a task; its program is one of do, loop and once" },
	{ .path = "chains",
	  .form = SECTION_LISTS,
	  .help = "names of a device and of tasks, each of which wakes the "
		  "next, or of tasks alone; reports have the time from the "
		  "interrupt, or the release of the first task, to the end of "
		  "the last one's job, and the part of each link" },
	{ .path = "builds",
	  .form = SECTION_SETTINGS,
	  .help = "settings as of the option -s, KEY: VALUE, in place of those "
		  "that the scenario has elsewhere; compare simulates all "
		  "builds side by side" },
	{ .path = "plugins",
	  .form = SECTION_TEXTS,
	  .help = "a file, seen from the scenario's folder" },
	{ .path = "expect",
	  .form = SECTION_TEXTS,
	  .help = "PATH OP VALUE, with one of == != < <= > >=" },
};

/** section_at - the @i-th section, or NULL behind the last. */
const struct section *section_at(unsigned int i)
{
	return i < G_N_ELEMENTS(sections) ? &sections[i] : NULL;
}

/** section_of - the section whose table is @keys, or NULL. */
const struct section *section_of(const struct param *keys)
{
	for (size_t i = 0; keys && i < G_N_ELEMENTS(sections); i++) {
		if (sections[i].keys == keys)
			return &sections[i];
	}
	return NULL;
}

/** section_find - the section at @path, or NULL. */
const struct section *section_find(const char *path)
{
	for (size_t i = 0; i < G_N_ELEMENTS(sections); i++) {
		if (!strcmp(sections[i].path, path))
			return &sections[i];
	}
	return NULL;
}
