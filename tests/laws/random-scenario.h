/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random scenarios that are valid and do nothing wrong: whatever the kernel
 * warns of in one of them is a mistake of the simulator.
 */
#ifndef TESTS_LAWS_RANDOM_SCENARIO_H
#define TESTS_LAWS_RANDOM_SCENARIO_H

#include <string.h>

#include "preemptsim/kernel/costs.h"
#include "preemptsim/kernel/idle.h"
#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/sched-feature.h"
#include "preemptsim/kernel/sched.h"
#include "preemptsim/kernel/tick.h"
#include "preemptsim/kernel/version.h"
#include "random-steps.h"

/* Any shape that the CPUs can have; @siblings: cores may have two threads. */
static inline void put_topology(struct random_gen *g, bool siblings)
{
	unsigned int smt = g->nr_cpus % 2 ? 1 : between(g, 1, siblings ? 2 : 1);
	unsigned int nodes = g->nr_cpus / smt % 2 ? 1 : between(g, 1, 2);

	put(g, ", topology: {smt: %u, nodes: %u%s}", smt, nodes,
	    chance(g, 30) ? ", llc: 1" : "");
}

/* A task that comes from another core, cache or node takes time, but where that
 * is one of the @n prices from @first on, which are there already. */
static inline void put_moves(struct random_gen *g, unsigned int first,
			     unsigned int n)
{
	for (unsigned int i = COST_MIGRATE_CORE; i <= COST_MIGRATE_NODE; i++)
		if ((i + NR_COSTS - first) % NR_COSTS >= n)
			put(g, ", %s: %uns", cost_desc(i)->name,
			    MAX(g->grid, 100));
}

/* Some prices of their own. */
static inline void put_costs(struct random_gen *g, bool moves_cost)
{
	unsigned int cost = below(g, NR_COSTS), n = below(g, 3);

	for (unsigned int i = 0; i < n; i++)
		put(g, ", %s: %uns", cost_desc((cost + i) % NR_COSTS)->name,
		    some_ns(g, 0, 5000));
	if (moves_cost)
		put_moves(g, cost, n);
}

/* Where all is free moves between CPUs are not: under rt a task may be sent to
 * and fro between two whose own ones can't leave them, without end (as in
 * scenarios/rt-push-ping-pong.yaml). */
static inline void put_machine(struct random_gen *g)
{
	const char *profile =
		g->grid > 1 ? "zero" : one_of(g, cost_profile_choice);
	bool zero = !strcmp(profile, "zero");

	put(g, "machine: {cpus: %u", g->nr_cpus);
	if (chance(g, 50))
		put_topology(g, !zero);
	put(g, ", clock: %uMHz, costs: {profile: %s", between(g, 1, 40) * 100,
	    profile);
	put_costs(g, zero);
	put(g, "}, idle: {method: %s", one_of(g, idle_method_choice));
	if (chance(g, 30))
		put(g,
		    ", exit_latency: [%uns, 90us], "
		    "target_residency: [%uns, 500us]",
		    some_ns(g, 1, 50000), some_ns(g, 1, 200000));
	put(g, "}}\n");
}

/* Any switches of the fair class, and any times. */
static inline void put_features(struct random_gen *g)
{
	const struct sched_feature *feature;

	put(g, ", features: {");
	for (unsigned int i = 0; (feature = sched_feature(i)); i++)
		put(g, "%s%s: %s", i ? ", " : "", feature->name,
		    chance(g, 50) ? "true" : "false");
	put(g, "}, sched: {base_slice: %uus, latency: %uus",
	    between(g, 100, 9000), between(g, 100, 50000));
	if (more_below(g, 2))
		put(g, ", min_granularity: %uus, wakeup_granularity: %uus",
		    100 + more_below(g, 9000), 100 + more_below(g, 9000));
	put(g, "}");
}

/* Whose rules they are, and CPUs that are for those only who ask for them. */
static inline void put_version(struct random_gen *g)
{
	if (more_below(g, 2))
		put(g, ", version: \"%s\"",
		    kernel_version_choice(more_below(g, 3))->name);
	if (!more_below(g, 4))
		put(g, ", fair_server: %s",
		    more_below(g, 2) ? "true" : "false");
	if (g->nr_cpus > 1 && !more_below(g, 4))
		put(g, ", isolcpus: [%u-%u]", 1 + more_below(g, g->nr_cpus - 1),
		    g->nr_cpus - 1);
}

/* Deadline tasks are admitted if there is enough for them. */
static inline void put_throttling(struct random_gen *g)
{
	unsigned int runtime = between(g, 0, 3000);
	unsigned int period = between(g, 3000, 9000);

	put(g, ", rt_throttling: {runtime: %uus, period: %uus}", runtime,
	    period);
	g->no_deadline = 4 * runtime < period;
}

/* How many groups there are, by a stream of their own. */
static inline const char *choose_fair(struct random_gen *g)
{
	const char *name = one_of(g, fair_class_choice);
	unsigned int i = 0;

	while (strcmp(fair_class_choice(i)->name, name) != 0)
		i++;
	if (fair_class(i)->groups)
		g->nr_groups = (unsigned int)rng_below(&g->group_rng, 6);
	return name;
}

static inline void put_kernel(struct random_gen *g)
{
	static const unsigned int hz[] = { 100, 250, 300, 1000 };

	put(g,
	    "kernel: {preempt: %s, preempt_count: %s, hz: %u, fair: %s, "
	    "tick: %s",
	    one_of(g, preempt_model_choice), one_of(g, preempt_layout_choice),
	    chance(g, 80) ? hz[below(g, 4)] : between(g, 50, 5000),
	    choose_fair(g), one_of(g, tick_mode_choice));
	if (chance(g, 30))
		put_throttling(g);
	else if (chance(g, 20))
		put(g, ", rt_throttling: off");
	if (chance(g, 20))
		put(g, ", threadirqs: true");
	if (chance(g, 20))
		put(g, ", bh_lock: true");
	if (chance(g, 20))
		put(g, ", housekeeping: true");
	if (chance(g, 30))
		put_features(g);
	put_version(g);
	put(g, "}\n");
}

/* A type that blocks, in user mode as in the kernel. */
static inline const char *a_mutex(struct random_gen *g)
{
	const struct lock_type *type;
	unsigned int n = 0;

	while (lock_type(n))
		n++;
	do {
		type = lock_type(below(g, n));
	} while (!type->sleeps || !type->lock[LOCK_PLAIN] || !type->user_lock);
	return type->name;
}

/* Which type each lock is: those that handlers take stay raw in every model. */
static inline void choose_types(struct random_gen *g)
{
	static const char *const spinning[] = {
		"spinlock", "spinlock", "tas_spinlock",
		"rwlock",   "seqlock",	"ticket_spinlock"
	};

	for (unsigned int i = 0; i < g->nr_locks; i++) {
		g->type[TASK_MUTEX][i] = a_mutex(g);
		g->type[TASK_LOCK][i] = spinning[below(g, 6)];
		g->type[SOFTIRQ_LOCK][i] = spinning[below(g, 6)];
		g->type[HANDLER_LOCK][i] = "raw_spinlock";
	}
}

static inline void put_locks(struct random_gen *g)
{
	put(g, "locks: {");
	for (enum random_lock lock = TASK_MUTEX; lock <= HANDLER_LOCK; lock++)
		for (unsigned int i = 0; i < g->nr_locks; i++)
			put(g, "%s%c%u: %s", lock > TASK_MUTEX || i ? ", " : "",
			    random_lock_name[lock], i, g->type[lock][i]);
	put(g, "}\nwaitqueues: [");
	for (unsigned int i = 0; i < g->nr_queues; i++)
		put(g, "%sq%u", i ? ", " : "", i);
	put(g, "]\n");
}

/* When it interrupts: at least 100 us apart on average, for time to be left. */
static inline void put_irq(struct random_gen *g, bool nmi)
{
	put(g, "irq: {");
	switch (below(g, 3)) {
	case 0:
		put(g, "every: %uns", some_ns(g, 100000, 3000000));
		if (chance(g, 50))
			put(g, ", offset: %uns", some_ns(g, 0, 2000000));
		if (chance(g, 30))
			put(g, ", jitter: {uniform: [0ns, %uns]}",
			    between(g, 1, 100000));
		break;
	case 1:
		put(g, "exponential: %uus", between(g, 100, 3000));
		break;
	default:
		put(g, "at: [%uus, %uus, %uus]", below(g, 1000),
		    between(g, 1000, 2000), between(g, 2000, 9000));
	}
	put(g, ", nmi: %s, cpu: %u", nmi ? "true" : "false",
	    below(g, g->nr_cpus));
}

/* How it is handled: in a thread of its own, for one; closes irq. */
static inline bool put_thread(struct random_gen *g, bool nmi)
{
	unsigned int how = nmi || !g->mixed ? 2 : below(g, 3);

	put(g, "%s}",
	    how == 0 ? ", threaded: true" :
	    how == 1 ? ", no_thread: true" :
		       "");
	return how == 0;
}

static inline void put_softirq(struct random_gen *g)
{
	struct random_place p = { .where = IN_SOFTIRQ, .atomic = true };

	put(g, ", softirq: {vector: %s, do: [run: %uns, ",
	    one_of(g, softirq_choice), some_ns(g, 1, 5000));
	put_items(g, p, more_below(g, 8) ? 8 : 80); /* a storm */
	put(g, "]}");
}

static inline void put_handler(struct random_gen *g, bool nmi, bool thread)
{
	struct random_place hardirq = { .where = nmi ? 0 : IN_HARDIRQ,
					.atomic = true,
					.raw = true,
					.irqs_off = true };
	struct random_place task = { .where = IN_SYSCALL };

	put(g, ", handler: ");
	g->depth = 2;
	put_steps(g, thread ? task : hardirq,
		  nmi		   ? 2 :
		  more_below(g, 8) ? 5 :
				     50);
	if (!nmi && chance(g, 50))
		put_softirq(g);
	g->depth = 0;
}

/* Its period is such that there is time left. */
static inline void put_card(struct random_gen *g, unsigned int i)
{
	unsigned int least = between(g, 1, 2);

	put(g, "  card%u: {irq: {every: %uns, cpu: %u}, ", i,
	    some_ns(g, 200000, 3000000), below(g, g->nr_cpus));
	if (i == 2) {
		put(g, "display: {buffers: %u}}\n", between(g, 2, 4));
		return;
	}
	put(g, "pcm: {stream: %s, periods: %u, avail_min: %u",
	    i ? "capture" : "playback", least * between(g, 2, 4), least);
	put(g, "%s}}\n", chance(g, 30) ? ", start_threshold: 1" : "");
}

static inline void put_devices(struct random_gen *g)
{
	if (g->nr_devices + g->nr_disks + g->nr_cards)
		put(g, "devices:\n");
	for (unsigned int i = 0; i < g->nr_cards; i++)
		put_card(g, i);
	for (unsigned int i = 0; i < g->nr_devices; i++) {
		bool nmi = chance(g, 15);

		put(g, "  d%u: {", i);
		put_irq(g, nmi);
		put_handler(g, nmi, put_thread(g, nmi));
		put(g, "}\n");
	}
	for (unsigned int i = 0; i < g->nr_disks; i++) {
		put(g, "  disk%u: {service: ", i);
		put_time(g, 500);
		put(g, ", servers: %u", between(g, 1, 3));
		put_handler(g, false, false);
		put(g, "}\n");
	}
}

/* So little each that any number of them is admitted. */
static inline void put_budget(struct random_gen *g)
{
	unsigned int period = between(g, 2000, 20000);

	put(g, ", period: %uus, runtime: %uus", period,
	    period / between(g, 100, 200));
	if (chance(g, 50))
		put(g, ", reclaim: true");
}

static inline void put_policy(struct random_gen *g)
{
	unsigned int policy =
		below(g, g->no_deadline ? POLICY_DEADLINE : NR_POLICIES);
	const char *name = policy_choice(policy)->name;

	put(g, "policy: %s", name);
	if (policy == POLICY_FIFO || policy == POLICY_RR)
		put(g, ", priority: %u",
		    chance(g, 50) ? between(g, 1, 99) : between(g, 49, 51));
	else if (policy == POLICY_DEADLINE)
		put_budget(g);
	else if (policy != POLICY_IDLE && chance(g, 50))
		put(g, ", nice: %d", (int)below(g, 40) - 20);
	if ((policy == POLICY_OTHER || policy == POLICY_BATCH) &&
	    !more_below(g, 4))
		put(g, ", slice: %uus", 100 + more_below(g, 9000));
	if (chance(g, 40)) {
		unsigned int first = below(g, g->nr_cpus);

		put(g, ", cpus: [%u-%u]", first,
		    between(g, first, g->nr_cpus - 1));
	}
	if (chance(g, 20))
		put(g, ", copies: %u", between(g, 2, 4));
	if (chance(g, 20))
		put(g, ", timer_slack: %uns", below(g, 100000));
}

static inline void put_release(struct random_gen *g)
{
	if (chance(g, 50)) {
		put(g, ", every: %uns", some_ns(g, 100000, 5000000));
		if (chance(g, 50))
			put(g, ", offset: %uns", some_ns(g, 0, 3000000));
		if (chance(g, 30))
			put(g, ", jitter: {exponential: %uns}",
			    between(g, 1, 100000));
	} else if (g->nr_cards && chance(g, 30)) {
		put(g, ", on: card%u", below(g, g->nr_cards));
		return;
	} else {
		put(g, ", on: ");
		put_queue(g);
	}
	if (chance(g, 30))
		put(g, ", deadline: %uus", between(g, 200, 2000));
	if (chance(g, 30))
		put(g, ", overrun: skip");
}

/* Mostly so much that what is throttled is not throttled for long. */
static inline void put_quota(struct random_gen *g)
{
	unsigned int us = 1000 + (unsigned int)rng_below(&g->group_rng, 9000);

	put(g, ", quota: %uus, period: %uus, burst: %uus", us,
	    1000 + (unsigned int)rng_below(&g->group_rng, 12000),
	    (unsigned int)rng_below(&g->group_rng, us + 1));
}

/* Each may be in one of those before it. */
static inline void put_groups(struct random_gen *g)
{
	if (g->nr_groups)
		put(g, "groups:\n");
	for (unsigned int i = 0; i < g->nr_groups; i++) {
		put(g, "  g%u: {weight: %u", i,
		    1 + (unsigned int)rng_below(&g->group_rng, 1000));
		if (i && rng_below(&g->group_rng, 2))
			put(g, ", parent: g%u",
			    (unsigned int)rng_below(&g->group_rng, i));
		if (rng_below(&g->group_rng, 2))
			put_quota(g);
		put(g, "}\n");
	}
}

/* How long what tasks do takes: much less where they crowd. */
static inline unsigned int task_us(struct random_gen *g)
{
	if (g->crowd)
		return 5 + crowd_below(g, 60);
	return chance(g, 10) ? 2000 : 150;
}

static inline void put_task(struct random_gen *g, unsigned int i)
{
	bool kthread = chance(g, 15) || (g->crowd && !crowd_below(g, 3));
	struct random_place p = { .where = kthread ? IN_SYSCALL : IN_USER };
	unsigned int body = below(g, 5);

	put(g, "  t%u: {", i);
	put_policy(g);
	if (g->nr_groups && rng_below(&g->group_rng, 4))
		put(g, ", group: g%u",
		    (unsigned int)rng_below(&g->group_rng, g->nr_groups));
	if (kthread)
		put(g, ", kthread: true");
	if (body >= 2)
		put_release(g);
	else if (chance(g, 50))
		put(g, ", start: %uns", some_ns(g, 0, 3000000));
	put(g, ", %s: [run: %uns, ",
	    body == 0 ? "once" :
	    body == 1 ? "loop" :
			"do",
	    some_ns(g, 1, g->crowd ? 20000 : 200000));
	put_items(g, p, task_us(g));
	put(g, "%s]}\n", body < 2 && !kthread && chance(g, 5) ? ", exit" : "");
}

/* Every third scenario is about locks that a few CPUs crowd for. */
static inline void choose_crowd(struct random_gen *g)
{
	g->nr_locks = RANDOM_LOCKS;
	if (crowd_below(g, 3))
		return;
	g->crowd = 30 + crowd_below(g, 50);
	g->nr_locks = 1 + crowd_below(g, MAX_RANDOM_LOCKS);
	g->nr_cpus = 1 + crowd_below(g, 4);
}

/** random_scenario - the YAML of scenario number @seed; freed by the caller. */
static inline char *random_scenario(uint64_t seed)
{
	struct random_gen g = { .out = g_string_new(NULL) };
	unsigned int us, nr_tasks;

	rng_init(&g.rng, seed, 0, "scenario", "random");
	rng_init(&g.group_rng, seed, 0, "scenario", "groups");
	rng_init(&g.more_rng, seed, 0, "scenario", "more");
	rng_init(&g.crowd_rng, seed, 0, "scenario", "crowd");
	us = between(&g, 5000, 50000);
	g.nr_cpus = chance(&g, 30) ? 1 : between(&g, 1, 8);
	choose_crowd(&g);
	g.nr_queues = between(&g, 1, 3);
	g.nr_devices = below(&g, 5);
	g.nr_disks = below(&g, 3);
	g.nr_cards = chance(&g, 30) ? between(&g, 1, 3) : 0;
	nr_tasks = between(&g, 1, 10);
	g.mixed = chance(&g, 40);
	choose_types(&g);
	g.grid = chance(&g, 60) ? 1 : chance(&g, 50) ? 1000 : 10000;
	put(&g, "name: random-%" G_GUINT64_FORMAT "\nduration: %uns\n", seed,
	    us * 1000 + below(&g, 1000));
	if (chance(&g, 50))
		put(&g, "warmup: %uns\n", below(&g, us * 1000));
	put(&g, "seed: %u\n", below(&g, 1000));
	put_machine(&g);
	put_kernel(&g);
	put_locks(&g);
	put_devices(&g);
	put_groups(&g);
	put(&g, "tasks:\n");
	for (unsigned int i = 0; i < nr_tasks; i++)
		put_task(&g, i);
	return g_string_free(g.out, FALSE);
}

#undef put

#endif /* TESTS_LAWS_RANDOM_SCENARIO_H */
