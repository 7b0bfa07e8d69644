/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Speed of the scheduling classes' run queues.
 *
 *	bench-sched CLASS pick|enqueue TASKS		ns of CPU time per step
 *	bench-sched CLASS pick|enqueue TASKS STEPS	just do so many steps
 *
 * CLASS is fifo, deadline or what kernel.fair knows.  TASKS are runnable; a step
 * of `pick' gives the CPU to one of them, for a tick, and takes it back; one of
 * `enqueue' puts a random one to sleep and wakes it again.  The second form is
 * for counting instructions, as with bench-evq.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/machine/op.h"

#define ROUNDS 5
#define STEPS 50000

#define MS INT64_C(1000000)
#define SEC (1000 * MS)

static const struct op nothing[] = { RET };

static struct sim sim;
static struct kernel *kernel;
static struct rq *rq;
static struct task *tasks;
static unsigned int nr_tasks;
static uint64_t state = 1;

/* How long somebody runs: not so long that a runtime is used up. */
static ktime_t turn = MS;

static unsigned int draw(unsigned int below)
{
	state = state * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (unsigned int)((state >> 33) % below);
}

static void pass(ktime_t time)
{
	sim.now += time;
	update_rq_clock(rq);
}

static void pick(void)
{
	const struct sched_class *class = tasks[0].sched_class;
	struct task *p = class->pick_next_task(rq);

	class->set_next_task(rq, p);
	rq->curr = p;
	pass(turn);
	class->task_tick(rq, p);
	class->put_prev_task(rq, p);
	rq->curr = rq->idle;
	p->tif = 0;
}

static void enqueue(void)
{
	struct task *p = &tasks[draw(nr_tasks)];

	p->state = TASK_INTERRUPTIBLE;
	deactivate_task(rq, p, DEQUEUE_SLEEP);
	pass(1);
	activate_task(rq, p, ENQUEUE_WAKEUP);
	p->state = TASK_RUNNING;
}

static enum policy policy_of(const char *class)
{
	if (!strcmp(class, "fifo"))
		return POLICY_FIFO;
	return strcmp(class, "deadline") ? POLICY_OTHER : POLICY_DEADLINE;
}

static const struct sched_class *fair_of(const char *name, enum policy policy)
{
	const struct choice *choice;

	if (policy != POLICY_OTHER)
		return fair_class(0);
	for (unsigned int i = 0; (choice = fair_class_choice(i)); i++)
		if (!strcmp(choice->name, name))
			return fair_class(i);
	return NULL;
}

static void add_task(unsigned int i, enum policy policy)
{
	struct task_attr attr = {
		.comm = "task",
		.policy = policy,
		.rt_priority = 1 + (int)draw(99),
		.nice = (int)draw(40) - 20,
		.dl_runtime = MS,
		.dl_deadline = SEC + draw(1000 * MS),
		.dl_period = 2 * SEC,
		.entry = nothing,
	};
	struct task *p = &tasks[i];

	task_init(p, kernel, &attr);
	p->placed = true;
	activate_task(rq, p, ENQUEUE_WAKEUP | ENQUEUE_INITIAL);
	p->state = TASK_RUNNING;
	rq->balance_callback = NULL;
}

static bool set_up(const char *class, unsigned int n)
{
	enum policy policy = policy_of(class);
	struct kernel_config config = {
		.model = preempt_model(0),
		.fair = fair_of(class, policy),
		.hz = 1000,
		.nr_cpus = 1,
		.nr_timers = n,
	};
	struct timebase tb;

	if (!config.fair || !n || !timebase_init(&tb, 1000000000))
		return false;
	sim_init(&sim, &tb, kernel_sources(1));
	kernel = kernel_new(&sim, &config);
	rq = &kernel->cpus[0].rq;
	if (policy == POLICY_DEADLINE)
		turn = 1;
	nr_tasks = n;
	tasks = g_new(struct task, n);
	for (unsigned int i = 0; i < n; i++)
		add_task(i, policy);
	return true;
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
	double ns[ROUNDS];
	void (*step)(void);

	if (argc < 4)
		return 2;
	step = strcmp(argv[2], "pick") ? enqueue : pick;
	if (!set_up(argv[1], (unsigned int)strtoul(argv[3], NULL, 10)))
		return 2;
	if (argc > 4) {
		for (uint64_t i = strtoull(argv[4], NULL, 10); i; i--)
			step();
		return 0;
	}
	for (unsigned int i = 0; i < ROUNDS; i++) {
		double start = cpu_ns();

		for (unsigned int k = 0; k < STEPS; k++)
			step();
		ns[i] = (cpu_ns() - start) / STEPS;
	}
	qsort(ns, ROUNDS, sizeof(ns[0]), ascending);
	printf("%.1f\n", ns[ROUNDS / 2]);
	return 0;
}
