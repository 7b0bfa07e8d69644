/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of the language: every key of a scenario except those of the
 * steps and the distributions, which are beside their readers.
 */
#include <config.h>

#include <string.h>

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/lock.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/sched.h"
#include "preemptsim/kernel/softirq.h"
#include "preemptsim/kernel/task-group.h"
#include "preemptsim/kernel/tick.h"
#include "preemptsim/workload/step.h"
#include "section-private.h"

#define IN_SCENARIO(field) .offset = offsetof(struct scenario, field)
#define IN_MACHINE(field) .offset = offsetof(struct machine_conf, field)
#define IN_BOOT(field) .offset = offsetof(struct kernel_conf, field)
#define IN_DEVICE(field) .offset = offsetof(struct device_conf, field)
#define IN_GROUP(field) .offset = offsetof(struct group_conf, field)
#define IN_TASKRAW(field) .offset = offsetof(struct task_raw, field)

#define NS_PER_S INT64_C(1000000000)

/* The longest list of copies; also the limit of all tasks together. */
#define COPIES_MAX 100000

static const struct param costs_keys[] = {
	{ .name = "profile",
	  .type = PARAM_CHOICE,
	  IN_MACHINE(cost_profile),
	  .choices = cost_profile_choice,
	  .def = "x86-64",
	  .help = "sets all that are not set here" },
#define COST(id, key, x86, v61, v612, text)   \
	{ .name = #key,                       \
	  .type = PARAM_TIME,                 \
	  IN_MACHINE(costs.price[COST_##id]), \
	  .help = text },
#include "preemptsim/kernel/cost-list.h"
#undef COST
	{ .name = NULL },
};

static const struct param idle_keys[] = {
	{ .name = "method",
	  .type = PARAM_CHOICE,
	  IN_MACHINE(idle_method),
	  .choices = idle_method_choice,
	  .def = "mwait",
	  .help = "how an idle CPU waits for work" },
	{ .name = "exit_latency",
	  .type = PARAM_TIMES,
	  IN_MACHINE(exit_latency),
	  .help = "time from the end of each deeper idle state to the next "
		  "instruction; the shallowest has the cost idle_exit" },
	{ .name = "target_residency",
	  .type = PARAM_TIMES,
	  IN_MACHINE(target_residency),
	  .help = "for each of them, how far off the CPU's next timer must be "
		  "for the state to be chosen" },
	{ .name = NULL },
};

static const struct param topology_keys[] = {
	{ .name = "smt",
	  .type = PARAM_INT,
	  IN_MACHINE(smt),
	  .min = 1,
	  .max = NR_CPUS,
	  .def = "1",
	  .help = "threads of a core: CPUs 0 and 1 are one with smt: 2" },
	{ .name = "llc",
	  .type = PARAM_INT,
	  IN_MACHINE(llc),
	  .min = 1,
	  .max = NR_CPUS,
	  .help = "cores that share a last level cache; all of a node by "
		  "default" },
	{ .name = "nodes",
	  .type = PARAM_INT,
	  IN_MACHINE(nodes),
	  .min = 1,
	  .max = NR_CPUS,
	  .def = "1",
	  .help = "NUMA nodes" },
	{ .name = NULL },
};

static const struct param machine_keys[] = {
	{ .name = "cpus",
	  .type = PARAM_INT,
	  IN_MACHINE(cpus),
	  .min = 1,
	  .max = NR_CPUS,
	  .def = "1",
	  .help = "number of CPUs" },
	{ .name = "topology",
	  .type = PARAM_MAP,
	  .keys = topology_keys,
	  .def = "{}",
	  .help = "what the CPUs share" },
	{ .name = "clock",
	  .type = PARAM_FREQ,
	  IN_MACHINE(clock),
	  .def = "3GHz",
	  .help = "CPU clock, which is the length of a cycle "
		  "(cy) in times; a whole number of MHz up to 100GHz" },
	{ .name = "costs",
	  .type = PARAM_MAP,
	  .keys = costs_keys,
	  .def = "{}",
	  .help = "what the primitives of the kernel cost" },
	{ .name = "idle",
	  .type = PARAM_MAP,
	  .keys = idle_keys,
	  .def = "{}",
	  .help = "how the CPUs idle" },
	{ .name = NULL },
};

static const struct param throttling_keys[] = {
	{ .name = "runtime",
	  .type = PARAM_TIME,
	  IN_BOOT(rt_runtime),
	  .def = "950ms",
	  .help = "how long fifo and rr tasks may run on a "
		  "CPU in each period" },
	{ .name = "period",
	  .type = PARAM_TIME,
	  IN_BOOT(rt_period),
	  .min = 1,
	  .max = INT64_MAX,
	  .def = "1s",
	  .help = "the period" },
	{ .name = NULL },
};

static const struct param feature_keys[] = {
#define SCHED_FEATURE(feature, class, since, text) \
	{ .name = #feature,                        \
	  .type = PARAM_BOOL,                      \
	  IN_BOOT(features.feature),               \
	  .help = #class ", Linux " since ": " text },
#include "preemptsim/kernel/sched-feature-list.h"
#undef SCHED_FEATURE
	{ .name = NULL },
};

/* Linux takes from 100 us to 1 s. */
#define SLICE(key, text)                                               \
	{                                                              \
		.name = #key, .type = PARAM_TIME, IN_BOOT(slices.key), \
		.min = 100000, .max = NS_PER_S, .help = text,          \
	}
static const struct param slice_keys[] = {
	SLICE(base_slice, "eevdf: what a task asks for at a time"),
	SLICE(latency, "cfs: the time in which each task runs once"),
	SLICE(min_granularity, "cfs: the least that one runs at a time"),
	SLICE(wakeup_granularity,
	      "cfs: by how much who wakes up has to be behind who runs"),
	{ .name = NULL },
};
#undef SLICE

static const struct param kernel_keys[] = {
	{ .name = "version",
	  .type = PARAM_CHOICE,
	  IN_BOOT(version),
	  .choices = kernel_version_choice,
	  .def = "6.12",
	  .help = "whose rules the details follow" },
	{ .name = "preempt",
	  .type = PARAM_CHOICE,
	  IN_BOOT(preempt),
	  .choices = preempt_model_choice,
	  .def = "none",
	  .help = "the preemption model" },
	{ .name = "preempt_count",
	  .type = PARAM_CHOICE,
	  IN_BOOT(preempt_count),
	  .choices = preempt_layout_choice,
	  .def = "x86",
	  .help = "the layout of preempt_count" },
	{ .name = "hz",
	  .type = PARAM_INT,
	  IN_BOOT(hz),
	  .min = 1,
	  .max = 10000,
	  .def = "250",
	  .help = "ticks a second" },
	{ .name = "fair",
	  .type = PARAM_CHOICE,
	  IN_BOOT(fair),
	  .choices = fair_class_choice,
	  .help = "what serves other, batch and idle tasks; as in the "
		  "version by default" },
	{ .name = "features",
	  .type = PARAM_MAP,
	  .keys = feature_keys,
	  .def = "{}",
	  .help = "switches of cfs and eevdf; as in the version by default" },
	{ .name = "sched",
	  .type = PARAM_MAP,
	  .keys = slice_keys,
	  .def = "{}",
	  .help = "times that cfs and eevdf go by" },
	{ .name = "fair_server",
	  .type = PARAM_BOOL,
	  IN_BOOT(fair_server),
	  .help = "fair tasks have what rt_throttling leaves by a server, when "
		  "they wait for it (Linux 6.12), and not by throttling; as in "
		  "the version by default" },
	{ .name = "tick",
	  .type = PARAM_CHOICE,
	  IN_BOOT(tick),
	  .choices = tick_mode_choice,
	  .def = "nohz_idle",
	  .help = "when the tick is stopped" },
	{ .name = "threadirqs",
	  .type = PARAM_BOOL,
	  IN_BOOT(threadirqs),
	  .def = "false",
	  .help = "interrupt handlers run in threads in every model, not "
		  "only under rt" },
	{ .name = "isolcpus",
	  .type = PARAM_CPUS,
	  IN_BOOT(isolcpus),
	  .help = "CPUs for tasks that name them in cpus only, and where no "
		  "load is balanced; none by default" },
	{ .name = "bh_lock",
	  .type = PARAM_BOOL,
	  IN_BOOT(bh_lock),
	  .def = "false",
	  .help = "under rt, tasks of one CPU wait for each other to enable "
		  "softirqs (PREEMPT_RT_NEEDS_BH_LOCK; up to Linux 6.17 they "
		  "always did)" },
	{ .name = "rt_throttling",
	  .type = PARAM_MAP,
	  .keys = throttling_keys,
	  .def = "{}",
	  .word = "off",
	  .help = "what fifo and rr tasks leave to others" },
	{ .name = "lockdep",
	  .type = PARAM_BOOL,
	  IN_BOOT(lockdep),
	  .def = "true",
	  .help = "validate how locks are used" },
	{ .name = "watchdog_thresh",
	  .type = PARAM_TIME,
	  IN_BOOT(watchdog_thresh),
	  .max = 60 * NS_PER_S,
	  .def = "10s",
	  .word = "off",
	  .help = "after twice as long without scheduling a CPU is locked up; "
		  "after as long without its timer, hard" },
	{ .name = "hung_task_timeout",
	  .type = PARAM_TIME,
	  IN_BOOT(hung_task_timeout),
	  .max = INT64_MAX,
	  .def = "120s",
	  .word = "off",
	  .help = "how long a task may sleep uninterruptibly" },
	{ .name = "rcu_stall_timeout",
	  .type = PARAM_TIME,
	  IN_BOOT(rcu_stall_timeout),
	  .max = 300 * NS_PER_S,
	  .def = "21s",
	  .word = "off",
	  .help = "how long a CPU may hold up an RCU grace period" },
	{ .name = "latency_warn",
	  .type = PARAM_TIME,
	  IN_BOOT(latency_warn),
	  .max = INT64_MAX,
	  .def = "off",
	  .word = "off",
	  .help = "how long need_resched may be set (Linux has 100ms when its "
		  "feature LATENCY_WARN is on)" },
	{ .name = NULL },
};

static const struct param lock_keys[] = {
	{ .name = "type",
	  .type = PARAM_CHOICE,
	  .offset = offsetof(struct lock_conf, type),
	  .choices = lock_type_choice,
	  .def = "spinlock",
	  .help = "the type of lock" },
	{ .name = "ceiling",
	  .type = PARAM_INT,
	  .offset = offsetof(struct lock_conf, ceiling),
	  .min = 1,
	  .max = 99,
	  .help = "of type ceiling: the priority of whoever holds it; by default "
		  "that of the most urgent task that takes it" },
	{ .name = NULL },
};

static const struct param irq_keys[] = {
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

static const struct param softirq_keys[] = {
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

static const struct param device_keys[] = {
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

static const struct param group_keys[] = {
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

static const struct param task_keys[] = {
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
	  .help = "from which all random numbers derive" },
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
	  .help = "switches of the fair classes, as in Linux's "
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
