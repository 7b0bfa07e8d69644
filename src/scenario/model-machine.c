/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hardware and the kernel of a scenario: what their tables can't say.
 */
#include <config.h>

#include <inttypes.h>

#include "preemptsim/kernel/idle.h"
#include "preemptsim/kernel/topology.h"

#include "model-private.h"

#define DEFAULT_CLOCK UINT64_C(3000000000)

/* The least time after which something counts as stuck. */
#define STALL_MIN_NS 1000000

/**
 * machine_peek - what is needed to read anything: CPUs and time base.
 * @rd: the reader, gets them
 * @root: the scenario
 *
 * Says nothing of mistakes, which machine_finish() and the table will find,
 * but makes assumptions under which they don't cause others.
 */
void machine_peek(struct reader *rd, const struct ynode *root)
{
	const struct ynode *machine = ynode_get(root, "machine");
	const struct ynode *cpus = machine ? ynode_get(machine, "cpus") : NULL;
	const struct ynode *clock =
		machine ? ynode_get(machine, "clock") : NULL;
	guint64 n = 1;
	const char *why;
	uint64_t hz;

	if (cpus &&
	    (cpus->kind != YNODE_SCALAR ||
	     !g_ascii_string_to_unsigned(cpus->text, 10, 1, NR_CPUS, &n, NULL)))
		n = NR_CPUS;
	if (!cpus && rd->cut)
		n = NR_CPUS;
	rd->cpus = (unsigned int)n;
	timebase_init(&rd->tb, DEFAULT_CLOCK);
	if (clock && clock->kind == YNODE_SCALAR &&
	    freq_parse(clock->text, &hz, &why))
		timebase_init(&rd->tb, hz);
}

/* Prices that are not set follow the profile. */
static void fill_costs(struct reader *rd, struct ynode *node,
		       struct machine_conf *machine)
{
	for (unsigned int id = 0; id < NR_COSTS; id++) {
		const char *key = cost_desc(id)->name;
		g_autofree char *text = NULL;
		int64_t ns;

		if (ynode_get(node, key))
			continue;
		ns = cost_profile_ns((unsigned int)machine->cost_profile, id);
		text = g_strdup_printf("%" PRId64 "ns", ns);
		ynode_set(node, key, ynode_new_scalar(node, text, false));
		machine->costs.price[id] = ktime_from_ns(&rd->tb, ns);
	}
	params_order(node, section_find("machine.costs")->keys);
}

/* Each idle state has both of its times. */
static void check_idle(struct reader *rd, const struct ynode *idle,
		       const struct machine_conf *machine)
{
	unsigned int latencies =
		machine->exit_latency ? machine->exit_latency->len : 0;
	unsigned int residencies =
		machine->target_residency ? machine->target_residency->len : 0;

	if (latencies != residencies)
		diag_error(rd->diags, idle,
			   "%u exit latencies for %u target residencies; each "
			   "idle state needs one of both",
			   latencies, residencies);
	else if (latencies > MAX_IDLE_STATES)
		diag_error(rd->diags, idle,
			   "%u idle states are too many; up to %d are possible",
			   latencies, MAX_IDLE_STATES);
}

/* Which of the topology's keys does not divide what the others leave? */
static void report_topology(struct reader *rd, const struct ynode *node,
			    const struct machine_conf *machine)
{
	int64_t left = machine->cpus / machine->nodes;

	if (machine->cpus % machine->nodes)
		diag_error(rd->diags, ynode_get(node, "nodes"),
			   "%" PRId64 " CPUs can't be shared out to %" PRId64
			   " nodes; their number must be a divisor",
			   machine->cpus, machine->nodes);
	else if (left % machine->smt)
		diag_error(rd->diags, ynode_get(node, "smt"),
			   "a node's %" PRId64 " CPUs are no whole number of "
			   "cores with %" PRId64 " threads; 'smt' must be a "
			   "divisor",
			   left, machine->smt);
	else
		diag_error(rd->diags, ynode_get(node, "llc"),
			   "a node's %" PRId64 " cores can't be shared out to "
			   "caches of %" PRId64
			   " each; 'llc' must be a divisor",
			   left / machine->smt, machine->llc);
}

/* What is not said about a cache follows from the rest. */
static void check_topology(struct reader *rd, struct ynode *node,
			   struct machine_conf *machine)
{
	struct topology topo = { (unsigned int)machine->smt,
				 (unsigned int)machine->llc,
				 (unsigned int)machine->nodes };
	unsigned int cpus = (unsigned int)machine->cpus;
	g_autofree char *text = NULL;

	if (machine->cpus < 1 || machine->smt < 1 || machine->nodes < 1)
		return;
	if (!topology_valid(&topo, cpus)) {
		report_topology(rd, node, machine);
		return;
	}
	if (ynode_get(node, "llc"))
		return;
	topology_fill(&topo, cpus);
	machine->llc = topo.llc;
	text = g_strdup_printf("%u", topo.llc);
	ynode_set(node, "llc", ynode_new_scalar(node, text, true));
	params_order(node, section_find("machine.topology")->keys);
}

/**
 * machine_finish - check the machine, and complete its costs.
 * @rd: the reader
 * @s: has its machine read by the table
 */
void machine_finish(struct reader *rd, struct scenario *s)
{
	const struct ynode *machine = ynode_get(s->resolved, "machine");
	struct ynode *costs = ynode_get(machine, "costs");
	struct ynode *clock = ynode_get(machine, "clock");
	struct ynode *idle = ynode_get(machine, "idle");
	struct ynode *topology = ynode_get(machine, "topology");
	struct timebase tb;

	if (clock && s->machine.clock && !timebase_init(&tb, s->machine.clock))
		diag_error(rd->diags, clock,
			   "'clock' is %s; it must be a "
			   "whole number of MHz from 1MHz to 100GHz",
			   clock->text);
	if (topology && topology->kind == YNODE_MAPPING)
		check_topology(rd, topology, &s->machine);
	if (costs && costs->kind == YNODE_MAPPING)
		fill_costs(rd, costs, &s->machine);
	if (idle && idle->kind == YNODE_MAPPING)
		check_idle(rd, idle, &s->machine);
}

/* A time after which something counts as stuck: none, or not too short. */
static void check_stall(struct reader *rd, const struct ynode *kernel,
			const char *key, ktime_t time)
{
	if (time > 0 && time < ktime_from_ns(&rd->tb, STALL_MIN_NS))
		diag_error(rd->diags, ynode_get(kernel, key),
			   "'%s' is %s; it must be off or at least 1ms", key,
			   ynode_get(kernel, key)->text);
}

/* Those that are left have to run everything else. */
static void check_isolated(struct reader *rd, const struct ynode *kernel,
			   const struct scenario *s)
{
	const struct cpumask *isolated = &s->kernel.isolcpus;

	if (cpumask_weight(isolated) < rd->cpus)
		rd->isolated = *isolated;
	else
		diag_error(rd->diags, ynode_get(kernel, "isolcpus"),
			   "all CPUs are isolated; at least one must be left "
			   "for other tasks");
}

/**
 * kernel_finish - check what the kernel's table can't say.
 * @rd: the reader
 * @s: has its kernel read by the table
 */
void kernel_finish(struct reader *rd, struct scenario *s)
{
	const struct ynode *kernel = ynode_get(s->resolved, "kernel");
	const struct ynode *node = ynode_get(kernel, "rt_throttling");

	check_stall(rd, kernel, "watchdog_thresh", s->kernel.watchdog_thresh);
	check_stall(rd, kernel, "hung_task_timeout",
		    s->kernel.hung_task_timeout);
	check_stall(rd, kernel, "rcu_stall_timeout",
		    s->kernel.rcu_stall_timeout);
	check_stall(rd, kernel, "latency_warn", s->kernel.latency_warn);
	check_isolated(rd, kernel, s);
	s->kernel.rt_throttling = node && node->kind == YNODE_MAPPING;
	if (s->kernel.rt_throttling &&
	    s->kernel.rt_runtime > s->kernel.rt_period)
		diag_error(rd->diags, node,
			   "the runtime, %s, is longer than "
			   "the period, %s; it must fit into it",
			   ynode_get(node, "runtime")->text,
			   ynode_get(node, "period")->text);
}
