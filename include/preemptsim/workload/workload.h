/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_WORKLOAD_WORKLOAD_H
#define PREEMPTSIM_WORKLOAD_WORKLOAD_H

/*
 * Everything that a scenario puts on a kernel: tasks, drivers, locks, queues,
 * shared data.  The scenario floor fills it, the steps' operations use it.
 */

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/lock.h"
#include "preemptsim/workload/driver.h"
#include "preemptsim/workload/job.h"
#include "preemptsim/workload/queue.h"

/* Uses of the same data at one time that are kept by name. */
#define MAX_DATA_USERS 8u

/**
 * struct data_user - who is in the middle of using shared data.
 * @task, @cpu: which task (that it interrupted, for a handler), and where
 */
struct data_user {
	const struct task *task;
	unsigned int cpu;
};

/**
 * struct shared_data - data that `access:` steps use.
 * @name: borrowed
 * @user: the first of @nr_users, in order of beginning
 */
struct shared_data {
	const char *name;
	struct data_user user[MAX_DATA_USERS];
	unsigned int nr_users;
};

/**
 * struct workload - a scenario's objects on a kernel; all arrays owned.
 * @kernel: where
 * @seed, @run: of the random streams
 * @work_depth: frames that the programs of works need; 0: there are none
 * @calls, @stops, @backtraces: somebody calls functions on all CPUs, stops them,
 *                              or sends them NMIs
 */
struct workload {
	struct kernel *kernel;
	uint64_t seed, run;
	unsigned int work_depth;
	bool calls, stops, backtraces;
	struct lock *locks;
	unsigned int nr_locks;
	struct queue *queues;
	unsigned int nr_queues;
	struct driver *drivers;
	unsigned int nr_drivers;
	struct shared_data *data;
	unsigned int nr_data;
	struct wl_task *tasks;
	unsigned int nr_tasks;
};

#endif
