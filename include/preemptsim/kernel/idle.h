/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_IDLE_H
#define PREEMPTSIM_KERNEL_IDLE_H

/*
 * The idle loop and its idle states.
 * cf. kernel/sched/idle.c, drivers/cpuidle.
 */

#include "preemptsim/base/params.h"
#include "preemptsim/base/time.h"
#include "preemptsim/machine/op.h"

struct kcpu;

/** enum idle_method - how an idle CPU waits. */
enum idle_method {
	IDLE_HALT,
	IDLE_MWAIT,
	IDLE_POLL,
};

/**
 * struct idle_state - a state of rest.
 * @exit_latency: from its end to the next instruction
 * @target_residency: a shorter stay is not worth it
 */
struct idle_state {
	ktime_t exit_latency, target_residency;
};

/* As many as a cpuidle driver may have (CPUIDLE_STATE_MAX). */
#define MAX_IDLE_STATES 10

/**
 * struct idle_config - the idle states of a machine.
 * @method: how it waits
 * @nr_states: states beside the shallowest, whose exit has the price IDLE_EXIT
 * @state: from shallow to deep
 */
struct idle_config {
	enum idle_method method;
	unsigned int nr_states;
	struct idle_state state[MAX_IDLE_STATES];
};

/** idle_method_choice - the methods' names. */
const struct choice *idle_method_choice(unsigned int i);

/**
 * idle_notice - @kc, which polls in its idle loop, shall have a look.
 * @from: the CPU that says so, by setting a flag and without an interrupt
 *
 * cf. set_nr_if_polling().
 */
void idle_notice(struct kcpu *kc, struct kcpu *from);

/** idle_path - do_idle() for ever. */
extern const struct op idle_path[];

#endif
