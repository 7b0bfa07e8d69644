/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of what runs on a scenario's kernel: locks, devices, groups and
 * tasks.
 */
#include <config.h>

#include "preemptsim/kernel/lock.h"
#include "preemptsim/kernel/sched.h"
#include "preemptsim/kernel/softirq.h"
#include "preemptsim/kernel/task-group.h"
#include "section-private.h"

#define IN_LOCK(field) .offset = offsetof(struct lock_conf, field)
#define IN_DEVICE(field) .offset = offsetof(struct device_conf, field)
#define IN_GROUP(field) .offset = offsetof(struct group_conf, field)
#define IN_TASKRAW(field) .offset = offsetof(struct task_raw, field)

/* The longest list of copies; also the limit of all tasks together. */
#define COPIES_MAX 100000

const struct param lock_keys[] = {
	{ .name = "type",
	  .type = PARAM_CHOICE,
	  IN_LOCK(type),
	  .choices = lock_type_choice,
	  .def = "spinlock",
	  .help = "the type of lock" },
	{ .name = "ceiling",
	  .type = PARAM_INT,
	  IN_LOCK(ceiling),
	  .min = 1,
	  .max = 99,
	  .help = "of type ceiling: the priority of whoever holds it; by default "
		  "that of the most urgent task that takes it" },
	{ .name = NULL },
};

const struct param irq_keys[] = {
	{ .name = "every",
	  .type = PARAM_TIME,
	  IN_DEVICE(every),
	  .min = 1,
	  .max = INT64_MAX,
	  .help = "period of the interrupts" },
	{ .name = "offset",
	  .type = PARAM_TIME,
	  IN_DEVICE(offset),
	  .help = "instant of the first one, with every; 0ns by default" },
	{ .name = "jitter",
	  .type = PARAM_DIST,
	  IN_DEVICE(jitter),
	  .help = "delays each interrupt, with every; none by default" },
	{ .name = "at",
	  .type = PARAM_TIMES,
	  IN_DEVICE(at),
	  .help = "the instants of all interrupts" },
	{ .name = "nmi",
	  .type = PARAM_BOOL,
	  IN_DEVICE(nmi),
	  .def = "false",
	  .help = "they cannot be masked" },
	{ .name = "threaded",
	  .type = PARAM_BOOL,
	  IN_DEVICE(threaded),
	  .def = "false",
	  .help = "the handler runs in a thread of its own, where it may "
		  "sleep, in every model" },
	{ .name = "no_thread",
	  .type = PARAM_BOOL,
	  IN_DEVICE(no_thread),
	  .def = "false",
	  .help = "the handler never runs in a thread, not even under rt" },
	{ .name = "cpu",
	  .type = PARAM_INT,
	  IN_DEVICE(cpu),
	  .def = "0",
	  .max = NR_CPUS - 1,
	  .help = "the CPU that gets them" },
	{ .name = NULL },
};

const struct param softirq_keys[] = {
	{ .name = "vector",
	  .type = PARAM_CHOICE,
	  IN_DEVICE(softirq_vector),
	  .choices = softirq_choice,
	  .required = true,
	  .help = "which of the kernel's softirqs the interrupt raises" },
	{ .name = "do",
	  .type = PARAM_STEPS,
	  IN_DEVICE(softirq),
	  .def = "[]",
	  .help = "what its action does for the device" },
	{ .name = NULL },
};

const struct param device_keys[] = {
	{ .name = "irq",
	  .type = PARAM_MAP,
	  .keys = irq_keys,
	  .help = "when it interrupts on its own; never by default" },
	{ .name = "service",
	  .type = PARAM_DIST,
	  IN_DEVICE(service),
	  .help = "how long it serves a request of the step io, the end of "
		  "which it tells by an interrupt; it serves none by default" },
	{ .name = "servers",
	  .type = PARAM_INT,
	  IN_DEVICE(servers),
	  .min = 1,
	  .max = 65536,
	  .help = "how many requests it serves at once, with "
		  "service; 1 by default" },
	{ .name = "handler",
	  .type = PARAM_STEPS,
	  IN_DEVICE(handler),
	  .def = "[]",
	  .help = "what its interrupt handler does" },
	{ .name = "softirq",
	  .type = PARAM_MAP,
	  .keys = softirq_keys,
	  .help = "what the handler leaves to a softirq; none by default" },
#define STREAM_KIND(id, missed, taken, idle, text) \
	{ .name = #id,                             \
	  .type = PARAM_MAP,                       \
	  IN_DEVICE(stream),                       \
	  .keys = stream_##id##_keys,              \
	  .help = text },
#include "preemptsim/workload/stream-kind-list.h"
#undef STREAM_KIND
	{ .name = NULL },
};

const struct param group_keys[] = {
	{ .name = "parent",
	  .type = PARAM_GROUP,
	  IN_GROUP(parent),
	  .help = "the group that it is in; none by default" },
	{ .name = "weight",
	  .type = PARAM_INT,
	  IN_GROUP(weight),
	  .min = CGROUP_WEIGHT_MIN,
	  .max = CGROUP_WEIGHT_MAX,
	  .help = "its weight beside its siblings, as cpu.weight has it; 100 "
		  "by default, which is that of a task of nice 0" },
	{ .name = "nice",
	  .type = PARAM_INT,
	  IN_GROUP(nice),
	  .min = -20,
	  .max = 19,
	  .help = "its weight as a task's nice value, as cpu.weight.nice has "
		  "it, in place of weight" },
	{ .name = "idle",
	  .type = PARAM_BOOL,
	  IN_GROUP(idle),
	  .def = "false",
	  .help = "in place of weight: it makes way for whatever else wants to "
		  "run, as cpu.idle has it" },
	{ .name = "quota",
	  .type = PARAM_TIME,
	  IN_GROUP(quota),
	  .min = CFS_PERIOD_MIN_NS,
	  .max = INT64_MAX,
	  .word = "max",
	  .help = "how long its tasks may run in each period, on all CPUs "
		  "together, as cpu.max has it; max by default" },
	{ .name = "period",
	  .type = PARAM_TIME,
	  IN_GROUP(period),
	  .min = CFS_PERIOD_MIN_NS,
	  .max = CFS_PERIOD_MAX_NS,
	  .help = "the period of the quota; 100ms by default" },
	{ .name = "burst",
	  .type = PARAM_TIME,
	  IN_GROUP(burst),
	  .help = "how much of what it has not used it may run later, as "
		  "cpu.max.burst has it; at most the quota; 0ns by default" },
	{ .name = NULL },
};

static const struct choice overruns[] = {
	[OVERRUN_QUEUE] = { "queue", "each release is a job, served in order" },
	[OVERRUN_SKIP] = { "skip", "a release while a job runs is dropped, and "
				   "counted" },
};

static const struct choice *overrun_choice(unsigned int i)
{
	return i < G_N_ELEMENTS(overruns) ? &overruns[i] : NULL;
}

const struct param task_keys[] = {
	{ .name = "policy",
	  .type = PARAM_CHOICE,
	  IN_TASKRAW(conf.policy),
	  .choices = policy_choice,
	  .def = "other",
	  .help = "the scheduling policy" },
	{ .name = "priority",
	  .type = PARAM_INT,
	  IN_TASKRAW(conf.priority),
	  .min = 1,
	  .max = 99,
	  .help = "for fifo and rr, which need it; a "
		  "higher one runs first" },
	{ .name = "nice",
	  .type = PARAM_INT,
	  IN_TASKRAW(conf.nice),
	  .min = -20,
	  .max = 19,
	  .help = "for other and batch; a lower one "
		  "gets more; 0 by default" },
	{ .name = "slice",
	  .type = PARAM_TIME,
	  IN_TASKRAW(conf.slice),
	  .min = 100000,
	  .max = 100000000,
	  .help = "for other and batch under eevdf (Linux 6.12): what it asks "
		  "for at a time; that of all by default" },
	{ .name = "runtime",
	  .type = PARAM_TIME,
	  IN_TASKRAW(conf.runtime),
	  .min = 1,
	  .max = INT64_MAX,
	  .help = "for policy deadline, which "
		  "needs it: CPU time in each period" },
	{ .name = "period",
	  .type = PARAM_TIME,
	  IN_TASKRAW(conf.period),
	  .min = 1,
	  .max = INT64_MAX,
	  .help = "for policy deadline; the value "
		  "of every by default" },
	{ .name = "reclaim",
	  .type = PARAM_BOOL,
	  IN_TASKRAW(conf.reclaim),
	  .help = "for policy deadline: it may use what other deadline tasks "
		  "of its CPU do not; false by default" },
	{ .name = "group",
	  .type = PARAM_GROUP,
	  IN_TASKRAW(conf.group),
	  .help = "the group that it is in, which counts while it is other, "
		  "batch or idle; none by default" },
	{ .name = "kthread",
	  .type = PARAM_BOOL,
	  IN_TASKRAW(conf.kthread),
	  .def = "false",
	  .help = "it is a kernel thread: its program is kernel mode" },
	{ .name = "cpus",
	  .type = PARAM_CPUS,
	  IN_TASKRAW(conf.cpus),
	  .def = "all",
	  .help = "the CPUs that it may run on; all are those that "
		  "kernel.isolcpus leaves" },
	{ .name = "copies",
	  .type = PARAM_INT,
	  IN_TASKRAW(conf.copies),
	  .min = 1,
	  .max = COPIES_MAX,
	  .def = "1",
	  .help = "how many of it there are" },
	{ .name = "timer_slack",
	  .type = PARAM_TIME,
	  IN_TASKRAW(conf.timer_slack),
	  .help = "how late its timers may be "
		  "for the sake of fewer interrupts; 50us by default, "
		  "0ns for fifo, rr and deadline" },
	{ .name = "on",
	  .type = PARAM_QUEUE,
	  IN_TASKRAW(conf.on),
	  .help = "the wait queue or device of which each wake is a job" },
	{ .name = "every",
	  .type = PARAM_TIME,
	  IN_TASKRAW(conf.every),
	  .min = 1,
	  .max = INT64_MAX,
	  .help = "period of its own timer, each "
		  "expiry of which is a job" },
	{ .name = "offset",
	  .type = PARAM_TIME,
	  IN_TASKRAW(conf.offset),
	  .help = "instant of the first expiry, with every; 0ns by default" },
	{ .name = "jitter",
	  .type = PARAM_DIST,
	  IN_TASKRAW(conf.jitter),
	  .help = "delays each expiry, with every; none by default" },
	{ .name = "start",
	  .type = PARAM_TIME,
	  IN_TASKRAW(conf.start),
	  .help = "when loop and once begin; 0ns by default" },
	{ .name = "deadline",
	  .type = PARAM_TIME,
	  IN_TASKRAW(conf.deadline),
	  .min = 1,
	  .max = INT64_MAX,
	  .word = "none",
	  .help = "how long a job may take from "
		  "its release; the period by default" },
	{ .name = "overrun",
	  .type = PARAM_CHOICE,
	  IN_TASKRAW(conf.overrun),
	  .choices = overrun_choice,
	  .help = "what becomes of releases while "
		  "a job runs; queue by default" },
	{ .name = "do",
	  .type = PARAM_STEPS,
	  IN_TASKRAW(jobs),
	  .help = "what a job does, with on or every" },
	{ .name = "loop",
	  .type = PARAM_STEPS,
	  IN_TASKRAW(loop),
	  .help = "what it does again and again" },
	{ .name = "once",
	  .type = PARAM_STEPS,
	  IN_TASKRAW(once),
	  .help = "what it does one time" },
	{ .name = NULL },
};
