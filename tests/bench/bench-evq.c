/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Speed of the pending-event set.
 *
 *	bench-evq hold|move SOURCES		ns of CPU time per step
 *	bench-evq hold|move SOURCES STEPS	just do so many steps
 *
 * A step of `hold` takes the next event and schedules its source anew; one of
 * `move` also moves another source's event, as preemption does all day.  The
 * second form is for counting instructions: the difference between two runs
 * is free of what starting the program takes.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "preemptsim/engine/evq.h"

#define ROUNDS 9
#define STEPS 2000000

static uint64_t state = 1;

/* Cheap, so that what is measured is the set. */
static inline uint64_t draw(void)
{
	state = state * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return state >> 32;
}

static inline ktime_t delay(void)
{
	return (ktime_t)(draw() & 0xfffff) + 1;
}

static void hold(struct evq *q, unsigned int sources, uint64_t steps)
{
	(void)sources;
	while (steps--)
		evq_schedule(q, evq_next_source(q),
			     (ktime_t)evq_next_time(q) + delay(), 0);
}

/* @sources is a power of two. */
static void move(struct evq *q, unsigned int sources, uint64_t steps)
{
	while (steps--) {
		ktime_t now = (ktime_t)evq_next_time(q);

		evq_schedule(q, evq_next_source(q), now + delay(), 0);
		evq_schedule(q, (unsigned int)draw() & (sources - 1),
			     now + delay(), 0);
	}
}

static double cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	void (*step)(struct evq *, unsigned int, uint64_t);
	unsigned int sources;
	double ns[ROUNDS];
	struct arena arena = { 0 };
	struct evq q;

	if (argc < 3)
		return 2;
	step = strcmp(argv[1], "move") ? hold : move;
	sources = (unsigned int)strtoul(argv[2], NULL, 10);
	evq_init(&q, &arena, sources);
	for (unsigned int i = 0; i < sources; i++)
		evq_schedule(&q, i, delay(), 0);
	if (argc > 3) {
		step(&q, sources, strtoull(argv[3], NULL, 10));
		arena_destroy(&arena);
		return 0;
	}
	for (unsigned int i = 0; i < ROUNDS; i++) {
		double start = cpu_ns();

		step(&q, sources, STEPS);
		ns[i] = (cpu_ns() - start) / STEPS;
	}
	qsort(ns, ROUNDS, sizeof(ns[0]), ascending);
	printf("%.1f\n", ns[ROUNDS / 2]);
	arena_destroy(&arena);
	return 0;
}
