/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_BUILD_PRIVATE_H
#define PREEMPTSIM_BUILD_PRIVATE_H

/*
 * Shared by the parts that turn a scenario into a simulation.
 */

#include "preemptsim/scenario/model.h"
#include "preemptsim/workload/workload.h"

/**
 * struct build - a scenario on a machine.
 * @scenario: what is built
 * @sim: its simulation
 * @workload: its objects
 * @groups: groups of tasks, by index in @scenario
 * @lockdep: validates the use of its locks; NULL: nobody does
 * @stalls: watch its CPUs and tasks
 * @arena: programs and random streams, freed at the end
 */
struct build {
	const struct scenario *scenario;
	struct sim sim;
	struct workload workload;
	struct task_group **groups;
	struct lockdep *lockdep;
	struct stall_detectors *stalls;
	GPtrArray *arena;
};

/** build_init - build everything but what measures it.
 * @seed, @run: of its random streams */
void build_init(struct build *build, const struct scenario *scenario,
		uint64_t seed, uint64_t run);

/** build_boot - start the CPUs, devices and tasks. */
void build_boot(struct build *build);

/** build_destroy - free everything. */
void build_destroy(struct build *build);

#endif
