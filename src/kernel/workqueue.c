/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Workqueues.  cf. kernel/workqueue.c v6.12: __queue_work(), worker_thread(),
 * process_one_work().
 *
 * One worker per CPU.  Left out: further ones that take over while a work
 * sleeps, unbound and ordered queues, and those of high priority.
 */
#include <config.h>

#include "preemptsim/kernel/workqueue.h"

#include "preemptsim/kernel/debug.h"
#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/preempt.h"

/* What tasks of SCHED_OTHER have by default. */
#define TIMER_SLACK_NS 50000

void init_work(struct work_struct *work, const struct op *func)
{
	*work = (struct work_struct){ .func = func };
	list_init(&work->link);
}

bool workqueue_idle(struct cpu *cpu)
{
	return to_kcpu(cpu)->workers->idle;
}

bool queue_work(struct kcpu *kc, struct work_struct *work, ktime_t event)
{
	struct worker_pool *pool = work->pool ? work->pool : kc->workers;

	if (work->pending)
		return false;
	work->pending = true;
	work->event = event;
	list_add_tail(&work->link, &pool->worklist);
	if (pool->idle)
		try_to_wake_up(kc, &pool->worker, NO_EVENT);
	pool->idle = false;
	return true;
}

static void work_end(struct cpu *cpu, const struct op *op)
{
	struct worker_pool *pool = to_kcpu(cpu)->workers;

	(void)op;
	pool->work->pool = NULL;
	pool->work = NULL;
}

/* What a work leaves behind is the worker's from then on. */
static void check_leaks(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	if (unlikely(in_atomic(kc) || softirq_count(kc)))
		debug_work_leaked(kc);
	if (unlikely(current_task(kc)->held_locks != kc->workers->held))
		lockdep_work_exit(kc);
}

/* A worker does not keep the CPU from others, however much there is to do.  As
 * long as they have it the work is not over, and is done again here. */
static const struct op after_work_path[] = {
	DO(check_leaks),
	CALL(cond_resched_path),
	DO(work_end),
	RET,
};

/* cf. process_one_work() */
static void process_one_work(struct cpu *cpu, struct worker_pool *pool)
{
	struct work_struct *work =
		list_first(&pool->worklist, struct work_struct, link);

	list_del(&work->link);
	work->pending = false;
	work->pool = pool;
	work->context.event = work->event;
	pool->work = work;
	pool->held = pool->worker.held_locks;
	cpu_push(cpu, after_work_path, NULL);
	cpu_push(cpu, work->func, &work->context);
}

/* cf. worker_thread().  The lock of the pool is given back with interrupts on,
 * whatever a work has left. */
static void worker_look(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct worker_pool *pool = kc->workers;

	(void)op;
	cpu_open_irqs(cpu);
	if (!list_empty(&pool->worklist)) {
		process_one_work(cpu, pool);
		return;
	}
	pool->idle = true;
	set_current_state(kc, &pool->worker, TASK_IDLE);
	cpu_push(cpu, schedule_path, NULL);
}

static const struct op worker_path[] = {
	DO(worker_look),
	{ .exec = op_loop, .a.path = worker_path },
};

static void pool_init(struct kcpu *kc, unsigned int depth)
{
	g_autofree char *comm = g_strdup_printf("kworker/%u:0", kc->cpu.id);
	struct task_attr attr = {
		.comm = comm,
		.policy = POLICY_OTHER,
		.timer_slack = ktime_from_ns(&kc->cpu.sim->tb, TIMER_SLACK_NS),
		.entry = worker_path,
		.kthread = true,
		.depth = depth + 2,
	};

	kc->workers = arena_new(&kc->cpu.sim->state, struct worker_pool, 1);
	list_init(&kc->workers->worklist);
	kc->workers->idle = true;
	cpumask_set_cpu(&attr.cpus, kc->cpu.id);
	task_init(&kc->workers->worker, kc->kernel, &attr);
}

void workqueue_init(struct kernel *kernel, unsigned int depth)
{
	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++)
		pool_init(&kernel->cpus[i], depth);
}

void workqueue_destroy(struct kernel *kernel)
{
	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++) {
		struct worker_pool *pool = kernel->cpus[i].workers;

		if (pool)
			task_destroy(&pool->worker);
	}
}
