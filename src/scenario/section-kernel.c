/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of a scenario's machine and of its kernel.
 */
#include <config.h>

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/sched.h"
#include "preemptsim/kernel/tick.h"
#include "section-private.h"

#define IN_MACHINE(field) .offset = offsetof(struct machine_conf, field)
#define IN_BOOT(field) .offset = offsetof(struct kernel_conf, field)

#define NS_PER_S INT64_C(1000000000)

const struct param costs_keys[] = {
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

const struct param idle_keys[] = {
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

const struct param topology_keys[] = {
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

const struct param machine_keys[] = {
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

const struct param throttling_keys[] = {
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

const struct param feature_keys[] = {
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
const struct param slice_keys[] = {
	SLICE(base_slice, "eevdf: what a task asks for at a time"),
	SLICE(latency, "cfs: the time in which each task runs once"),
	SLICE(min_granularity, "cfs: the least that one runs at a time"),
	SLICE(wakeup_granularity,
	      "cfs: by how much who wakes up has to be behind who runs"),
	{ .name = NULL },
};
#undef SLICE

const struct param kernel_keys[] = {
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
	  .help = "switches of scheduling classes; as in the version by "
		  "default" },
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
	{ .name = "housekeeping",
	  .type = PARAM_BOOL,
	  IN_BOOT(housekeeping),
	  .help = "the kernel has timers and threads of its own that come up "
		  "now and then; by default true with costs that were measured "
		  "on a Linux" },
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
