/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_MEASURE_CHAIN_H
#define PREEMPTSIM_MEASURE_CHAIN_H

/*
 * The way of an event through several tasks: how long it takes from an
 * interrupt, or the release of the first task's job, to the end of the job of
 * the last.
 *
 * Who listens sees only jobs, each with the instant of its release.  A task
 * that only the one before it in the chain wakes has its releases within jobs
 * of that: in the job during which it was woken lies where it comes from.
 */

#include <glib.h>

#include "preemptsim/measure/results.h"
#include "preemptsim/workload/workload.h"

/** CHAIN_MAX - a chain has no more links, the device among them. */
#define CHAIN_MAX 8

/** DEVICE_PARTS - a device has a part for its interrupt and one for its
 * driver. */
#define DEVICE_PARTS 2

/** CHAIN_PARTS - a chain has no more parts. */
#define CHAIN_PARTS (CHAIN_MAX - 1 + DEVICE_PARTS)

/**
 * struct chain_config - a chain.
 * @workload: where
 * @device: index of the driver whose interrupts begin it, -1: none
 * @task: wl_task.index of each task
 * @nr_tasks: how many
 * @warmup, @end: from when, and before when, what begins counts
 * @whole: takes the whole; borrowed
 * @part: takes each part's, the device's two first; borrowed
 */
struct chain_config {
	struct workload *workload;
	int device;
	unsigned int task[CHAIN_MAX], nr_tasks;
	ktime_t warmup, end;
	struct chain_results *whole, *part[CHAIN_PARTS];
};

struct chain;

/** chain_start - listen; before kernel_boot().  Free with chain_free(). */
struct chain *chain_start(const struct chain_config *config);

/** chain_free - free @data, a struct chain; NULL is fine. */
void chain_free(void *data);

#endif
