/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TESTS_KERNEL_HARNESS_H
#define PREEMPTSIM_TESTS_KERNEL_HARNESS_H

/*
 * A kernel whose primitives cost nothing, with tasks and interrupts made of
 * arrays of operations, for the tests of the kernel floor.
 *
 * One quantum is one nanosecond.  What happened is written down as a text,
 * "a100 b150.5" for NOTE('a') at 100 us and NOTE('b') at 150.5 us.
 *
 * There is one harness in a program; harness_start() .. harness_finish() may
 * be repeated.
 */

#include <check.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run-suite.h"

#include "preemptsim/kernel/debug.h"
#include "preemptsim/kernel/entry.h"
#include "preemptsim/kernel/irq-thread.h"
#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/lock.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/wait.h"

#define US INT64_C(1000)
#define MS INT64_C(1000000)

#define HARNESS_TASKS 64
#define HARNESS_IRQS 64
#define HARNESS_LOCKS 4
#define HARNESS_QUEUES 4
#define HARNESS_DEPTH 32

/**
 * struct harness_config - which kernel; what is 0 gets a default.
 * @model: name of the preemption model; full
 * @layout: name of the layout of preempt_count; x86
 * @fair: name of what serves SCHED_OTHER; eevdf
 * @version: whose rules the details follow; 6.12
 * @hz: 1000
 * @nr_cpus: 1
 * @topology: one cache for all
 * @isolcpus: none
 * @nr_timers: HARNESS_TASKS
 * @nohz: idle CPUs stop their ticks
 * @idle: how they idle; halt
 * @costs: prices; NULL: everything is free
 * @threadirqs: interrupts are handled in threads
 */
struct harness_config {
	const char *model, *layout, *fair, *version;
	unsigned int hz, nr_cpus, nr_timers;
	struct topology topology;
	struct cpumask isolcpus;
	bool nohz, threadirqs;
	struct idle_config idle;
	const struct costs *costs;
};

/**
 * struct harness_irq - an interrupt at one instant, or with a period.
 * @same_as: it raises the line of that one; NULL: its own
 */
struct harness_irq {
	struct evsource source;
	struct device_irq irq;
	struct kcpu *kc;
	ktime_t every;
	struct harness_irq *same_as;
};

/**
 * struct harness - see above.
 * @task, @begin: tasks, and when they are first woken
 * @softirq: what each vector's action runs; NULL: nothing
 * @text: what happened
 * @warnings, @warned: how many there were, and the last one's kind
 * @warnings_expected: harness_finish() does not mind them
 */
struct harness {
	struct sim sim;
	struct kernel *kernel;
	struct task task[HARNESS_TASKS];
	ktime_t begin[HARNESS_TASKS];
	unsigned int nr_tasks;
	struct lock lock[HARNESS_LOCKS];
	struct wait_queue_head queue[HARNESS_QUEUES];
	struct harness_irq irq[HARNESS_IRQS];
	unsigned int nr_irqs;
	const struct op *softirq[NR_SOFTIRQS];
	struct evsource end;
	bool booted;
	GString *text;
	unsigned int warnings;
	char warned[64];
	bool warnings_expected;
};

static struct harness h;

/*
 * The text
 */

static inline void harness_write(const char *what, ktime_t when)
{
	g_string_append_printf(h.text, "%s%s%lld", h.text->len ? " " : "", what,
			       (long long)(when / US));
	if (!(when % US))
		return;
	g_string_append_printf(h.text, ".%03d", (int)(when % US));
	while (h.text->str[h.text->len - 1] == '0')
		g_string_truncate(h.text, h.text->len - 1);
}

static inline void harness_note(struct cpu *cpu, const struct op *op)
{
	char what[2] = { (char)op->a.num, '\0' };

	harness_write(what, cpu->sim->now);
}

/* The raw preempt_count. */
static inline void harness_word(struct cpu *cpu, const struct op *op)
{
	(void)op;
	g_string_append_printf(h.text, "%s%0*" G_GINT64_MODIFIER "x",
			       h.text->len ? " " : "",
			       preempt_layout_digits(h.kernel->layout),
			       preempt_word(to_kcpu(cpu)));
}

static inline void harness_told_switch(void *data,
				       const struct trace_record *record)
{
	const struct task *next = record->object;
	const char *comm = task_is_idle(next) ? "idle" : next->comm;
	g_autofree char *what =
		h.kernel->config.nr_cpus > 1 ?
			g_strdup_printf("%s/%u@", comm, record->cpu) :
			g_strdup_printf("%s@", comm);

	(void)data;
	harness_write(what, record->when);
}

/** harness_log_switches - write "task@when" or "task/cpu@when" down; the idle
 * tasks are "idle". */
static inline void harness_log_switches(void)
{
	tracer_listen(&h.sim.tracer, TP_sched_switch, harness_told_switch,
		      NULL);
}

#define check_text(expected) ck_assert_str_eq(h.text->str, expected)

/** harness_clear - begin a new text. */
static inline void harness_clear(void)
{
	g_string_truncate(h.text, 0);
}

/*
 * Operations
 */

static inline void harness_run_for(struct cpu *cpu, const struct op *op)
{
	cpu->top->left = op->a.num;
}

static inline void harness_state(struct cpu *cpu, const struct op *op)
{
	set_current_state(to_kcpu(cpu), current_task(to_kcpu(cpu)),
			  (unsigned int)op->a.num);
}

static inline void harness_nanosleep(struct cpu *cpu, const struct op *op)
{
	nanosleep_until(to_kcpu(cpu), cpu->sim->now + op->a.num);
}

static inline void harness_yield(struct cpu *cpu, const struct op *op)
{
	struct rq *rq = &to_kcpu(cpu)->rq;

	(void)op;
	update_rq_clock(rq);
	rq->curr->sched_class->yield_task(rq);
}

static inline void harness_prepare(struct cpu *cpu, const struct op *op)
{
	prepare_to_wait(to_kcpu(cpu), &h.queue[op->a.num], TASK_INTERRUPTIBLE);
}

/* Paths with interrupts off and preemption disabled around one action on the
 * frame's arg, as all wakeups and raises have it. */
#define HARNESS_ATOMIC(action)                                               \
	{                                                                    \
		DO(op_local_irq_save), DO(op_preempt_disable), DO(action),   \
			DO(op_local_irq_restore), DO(op_preempt_enable), RET \
	}

static inline void harness_do_wake(struct cpu *cpu, const struct op *op)
{
	(void)op;
	try_to_wake_up(to_kcpu(cpu), cpu->top->arg, cpu->sim->now);
}

static inline void harness_wake(struct cpu *cpu, const struct op *op)
{
	static const struct op path[] = HARNESS_ATOMIC(harness_do_wake);

	cpu_push(cpu, path, &h.task[op->a.num]);
}

static inline void harness_do_wake_one(struct cpu *cpu, const struct op *op)
{
	(void)op;
	wake_up_one(to_kcpu(cpu), cpu->top->arg, cpu->sim->now);
}

static inline void harness_wake_one(struct cpu *cpu, const struct op *op)
{
	static const struct op path[] = HARNESS_ATOMIC(harness_do_wake_one);

	cpu_push(cpu, path, &h.queue[op->a.num]);
}

static inline void harness_do_raise(struct cpu *cpu, const struct op *op)
{
	(void)op;
	raise_softirq(to_kcpu(cpu), GPOINTER_TO_UINT(cpu->top->arg));
}

static inline void harness_raise(struct cpu *cpu, const struct op *op)
{
	static const struct op path[] = HARNESS_ATOMIC(harness_do_raise);

	cpu_push(cpu, path, GUINT_TO_POINTER((guint)op->a.num));
}

static inline void harness_lock(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = &h.lock[op->a.num];

	cpu_push(cpu, lock->type->lock[op->b.num], lock);
}

static inline void harness_unlock(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = &h.lock[op->a.num];

	cpu_push(cpu, lock->type->unlock[op->b.num], lock);
}

/** RUN - take @ns of time. */
#define RUN(ns)                                        \
	{                                              \
		.exec = harness_run_for, .a.num = (ns) \
	}
/** NOTE - write the letter @c and the time down. */
#define NOTE(c)                                    \
	{                                          \
		.exec = harness_note, .a.num = (c) \
	}
/** WORD - write the raw preempt_count down. */
#define WORD DO(harness_word)
/** WAKE - wake task number @i. */
#define WAKE(i)                                    \
	{                                          \
		.exec = harness_wake, .a.num = (i) \
	}
/** WAKE_ONE - wake who waits longest in queue number @i. */
#define WAKE_ONE(i)                                    \
	{                                              \
		.exec = harness_wake_one, .a.num = (i) \
	}
/** RAISE - raise the softirq @vector. */
#define RAISE(vector)                                    \
	{                                                \
		.exec = harness_raise, .a.num = (vector) \
	}
/** LOCK, UNLOCK - lock number @i in form @mode. */
#define LOCK(i, mode)                                               \
	{                                                           \
		.exec = harness_lock, .a.num = (i), .b.num = (mode) \
	}
#define UNLOCK(i, mode)                                               \
	{                                                             \
		.exec = harness_unlock, .a.num = (i), .b.num = (mode) \
	}
/** SET_STATE - current sets its state. */
#define SET_STATE(state)                                \
	{                                               \
		.exec = harness_state, .a.num = (state) \
	}
/** BLOCK - sleep until woken; two operations. */
#define BLOCK SET_STATE(TASK_INTERRUPTIBLE), CALL(schedule_path)
/** SLEEP - sleep for @ns; two operations. */
#define SLEEP(ns)                                     \
	{ .exec = harness_nanosleep, .a.num = (ns) }, \
		WHEN(task_sleeps, schedule_path)
/** WAIT - wait in queue number @i; two operations. */
#define WAIT(i)                                    \
	{ .exec = harness_prepare, .a.num = (i) }, \
		WHEN(task_sleeps, schedule_path)
/** YIELD - sched_yield(); two operations. */
#define YIELD DO(harness_yield), CALL(schedule_path)
/** DIE - the end of a task's program; two operations. */
#define DIE SET_STATE(TASK_DEAD), CALL(schedule_path)
/** AGAIN - the end of an endless program. */
#define AGAIN(program)                               \
	{                                            \
		.exec = op_loop, .a.path = (program) \
	}
/** REPEAT, ONCE_MORE - @n times @body, which ends with the latter. */
#define REPEAT(n, body)                                           \
	{                                                         \
		.exec = op_repeat, .a.num = (n), .b.path = (body) \
	}
#define ONCE_MORE(body)                            \
	{                                          \
		.exec = op_again, .a.path = (body) \
	}
/** SYSCALL, SYSRET - into the kernel and back, for tasks in user mode. */
#define SYSCALL DO(op_syscall_enter)
#define SYSRET CALL(syscall_exit_path)

/*
 * Building
 */

static inline void harness_run_softirq(struct kcpu *kc, unsigned int vector,
				       void *data)
{
	(void)data;
	if (h.softirq[vector])
		cpu_push(&kc->cpu, h.softirq[vector], NULL);
}

static inline void harness_told_warning(void *data,
					const struct trace_record *record)
{
	const struct sim_warning *warning = record->object;

	(void)data;
	h.warnings++;
	g_strlcpy(h.warned, warning->kind, sizeof(h.warned));
}

static inline const struct preempt_model *harness_model(const char *name)
{
	unsigned int i = 0;

	while (strcmp(preempt_model_choice(i)->name, name) != 0)
		i++;
	return preempt_model(i);
}

static inline const struct preempt_layout *harness_layout(const char *name)
{
	unsigned int i = 0;

	while (name && strcmp(preempt_layout_choice(i)->name, name) != 0)
		i++;
	return preempt_layout(i);
}

static inline const struct sched_class *harness_fair_class(const char *name)
{
	unsigned int i = 0;

	while (name && strcmp(fair_class_choice(i)->name, name) != 0)
		i++;
	return fair_class(i);
}

static inline const struct kernel_version *harness_version(const char *name)
{
	unsigned int i = 0;

	while (name && strcmp(kernel_version_choice(i)->name, name) != 0)
		i++;
	return kernel_version(i);
}

static inline void harness_end(struct evsource *source)
{
	(void)source;
	sim_stop(&h.sim);
}

/** harness_start - a kernel, not yet booted. */
static inline void harness_start(const struct harness_config *config)
{
	unsigned int nr_cpus = config->nr_cpus ? config->nr_cpus : 1;
	struct kernel_config kernel = {
		.model = harness_model(config->model ? config->model : "full"),
		.layout = harness_layout(config->layout),
		.version = harness_version(config->version),
		.fair = harness_fair_class(config->fair),
		.hz = config->hz ? config->hz : 1000,
		.nohz_idle = config->nohz,
		.threadirqs = config->threadirqs,
		.nr_cpus = nr_cpus,
		.topology = config->topology,
		.isolcpus = config->isolcpus,
		.idle = config->idle,
		.nr_timers =
			config->nr_timers ? config->nr_timers : HARNESS_TASKS,
	};
	struct timebase tb;

	if (config->costs)
		kernel.costs = *config->costs;
	memset(&h, 0, sizeof(h));
	ck_assert(timebase_init(&tb, 1000000000));
	sim_init(&h.sim, &tb,
		 kernel_sources(nr_cpus) + HARNESS_IRQS + STALL_SOURCES + 1);
	h.kernel = kernel_new(&h.sim, &kernel);
	h.kernel->run_softirq = harness_run_softirq;
	h.text = g_string_new(NULL);
	for (unsigned int i = 0; i < HARNESS_LOCKS; i++)
		lock_init(&h.lock[i], lock_type(0), "lock");
	for (unsigned int i = 0; i < HARNESS_QUEUES; i++)
		list_init(&h.queue[i].waiters);
	tracer_listen(&h.sim.tracer, TP_warning, harness_told_warning, NULL);
	sim_add_source(&h.sim, &h.end, harness_end);
}

/** harness_add - a task as @attr says, woken at @begin (KTIME_MAX: by the
 * test); returns its number. */
static inline unsigned int harness_add(const struct task_attr *attr,
				       ktime_t begin)
{
	unsigned int i = h.nr_tasks++;
	struct task_attr a = *attr;

	ck_assert_uint_lt(i, HARNESS_TASKS);
	a.depth = HARNESS_DEPTH;
	task_init(&h.task[i], h.kernel, &a);
	h.begin[i] = begin;
	return i;
}

/** harness_fair - a task of SCHED_OTHER; @cpu -1: anywhere. */
static inline unsigned int harness_fair(const char *comm,
					const struct op *entry, int nice,
					int cpu, ktime_t begin)
{
	struct task_attr attr = { .comm = comm,
				  .policy = POLICY_OTHER,
				  .nice = nice,
				  .entry = entry };

	if (cpu >= 0)
		cpumask_set_cpu(&attr.cpus, (unsigned int)cpu);
	return harness_add(&attr, begin);
}

/** harness_rt - a task of a real-time policy; @cpu -1: anywhere. */
static inline unsigned int harness_rt(const char *comm, const struct op *entry,
				      enum policy policy, int prio, int cpu,
				      ktime_t begin)
{
	struct task_attr attr = { .comm = comm,
				  .policy = policy,
				  .rt_priority = prio,
				  .entry = entry };

	if (cpu >= 0)
		cpumask_set_cpu(&attr.cpus, (unsigned int)cpu);
	return harness_add(&attr, begin);
}

/** harness_kthread - a SCHED_OTHER task on CPU @cpu that never leaves the
 * kernel. */
static inline unsigned int harness_kthread(const char *comm,
					   const struct op *entry,
					   unsigned int cpu, ktime_t begin)
{
	struct task_attr attr = { .comm = comm,
				  .policy = POLICY_OTHER,
				  .entry = entry,
				  .kthread = true };

	cpumask_set_cpu(&attr.cpus, cpu);
	return harness_add(&attr, begin);
}

static inline void harness_irq_fire(struct evsource *source)
{
	struct harness_irq *irq =
		container_of(source, struct harness_irq, source);

	if (irq->every)
		sim_schedule(&h.sim, source, h.sim.now + irq->every,
			     irq->irq.line.nmi ? PRIO_NMI : PRIO_DEVICE);
	cpu_raise(&irq->kc->cpu,
		  irq->same_as ? &irq->same_as->irq.line : &irq->irq.line);
}

static inline struct harness_irq *harness_make_irq(unsigned int cpu,
						   const struct op *handler,
						   ktime_t at, bool nmi)
{
	struct harness_irq *irq = &h.irq[h.nr_irqs++];

	ck_assert_uint_le(h.nr_irqs, HARNESS_IRQS);
	irq->kc = &h.kernel->cpus[cpu];
	irq->irq = (struct device_irq){
		.line = { .path = nmi ? nmi_path : device_irq_path,
			  .number = (int)h.nr_irqs,
			  .nmi = nmi },
		.handler = handler,
		.device = irq,
	};
	sim_add_source(&h.sim, &irq->source, harness_irq_fire);
	sim_schedule(&h.sim, &irq->source, at, nmi ? PRIO_NMI : PRIO_DEVICE);
	return irq;
}

/** harness_irq_at - an interrupt at @cpu that runs @handler. */
static inline struct harness_irq *
harness_irq_at(unsigned int cpu, const struct op *handler, ktime_t at)
{
	return harness_make_irq(cpu, handler, at, false);
}

/** harness_nmi_at - an NMI at @cpu that runs @handler. */
static inline struct harness_irq *
harness_nmi_at(unsigned int cpu, const struct op *handler, ktime_t at)
{
	return harness_make_irq(cpu, handler, at, true);
}

/** harness_request_irq_at - an interrupt handled as @request and the kernel
 * say: in the thread irq/NUMBER-dev, or not. */
static inline struct harness_irq *
harness_request_irq_at(const struct irq_request *request,
		       const struct op *handler, ktime_t at)
{
	struct harness_irq *irq =
		harness_make_irq(request->cpu, handler, at, request->nmi);
	struct irq_request named = *request;

	named.name = "dev";
	named.number = irq->irq.line.number;
	named.depth = HARNESS_DEPTH;
	request_irq(h.kernel, &irq->irq, &named);
	return irq;
}

/** harness_again_at - the same interrupt again. */
static inline void harness_again_at(struct harness_irq *first, ktime_t at)
{
	struct harness_irq *irq = &h.irq[h.nr_irqs++];

	ck_assert_uint_le(h.nr_irqs, HARNESS_IRQS);
	irq->kc = first->kc;
	irq->same_as = first;
	sim_add_source(&h.sim, &irq->source, harness_irq_fire);
	sim_schedule(&h.sim, &irq->source, at, PRIO_DEVICE);
}

/*
 * Running
 */

static inline void harness_boot(void)
{
	h.booted = true;
	kernel_boot(h.kernel);
	for (unsigned int i = 0; i < h.nr_tasks; i++)
		if (h.begin[i] != KTIME_MAX)
			hrtimer_start(&h.kernel->cpus[h.task[i].cpu],
				      &h.task[i].timer, h.begin[i], 0);
}

/** harness_run - boot if it has not been, and run until @end. */
static inline void harness_run(ktime_t end)
{
	if (!h.booted)
		harness_boot();
	h.sim.stopping = false;
	sim_schedule(&h.sim, &h.end, end, PRIO_BOUNDARY);
	ck_assert(sim_run(&h.sim));
	ck_assert_int_eq(h.sim.now, end);
}

/* Where a CPU's time went adds up to the time there was, and all that went to
 * tasks is counted as theirs. */
static inline void harness_check_account(const struct cpu *cpu)
{
	ktime_t sum = h.sim.now - cpu->acct_since, own = 0;

	for (unsigned int i = 0; i < NR_ACCT; i++) {
		sum += cpu_acct_time(cpu, i);
		own += cpu->time[i | ACCT_TASK];
	}
	ck_assert_int_eq(sum, h.sim.now);
	ck_assert_int_eq(cpu_own_time(cpu), own);
}

/** harness_finish - check what must hold at any end, and free everything. */
static inline void harness_finish(void)
{
	for (unsigned int i = 0; i < h.kernel->config.nr_cpus; i++)
		harness_check_account(&h.kernel->cpus[i].cpu);
	if (!h.warnings_expected)
		ck_assert_msg(h.warnings == 0, "a warning: %s", h.warned);
	for (unsigned int i = 0; i < h.nr_tasks; i++)
		task_destroy(&h.task[i]);
	for (unsigned int i = 0; i < h.nr_irqs; i++)
		free_irq(&h.irq[i].irq);
	kernel_destroy(h.kernel);
	sim_destroy(&h.sim);
	g_string_free(h.text, TRUE);
}

/** harness_fill - @n more tasks of SCHED_OTHER on @rq, of which the first runs if
 * nobody does. */
static inline void harness_fill(struct rq *rq, const struct op *entry,
				unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		struct task *p =
			&h.task[harness_fair("t", entry, 0, -1, KTIME_MAX)];

		p->cpu = rq->kc->cpu.id;
		activate_task(rq, p, 0);
		if (rq->curr != rq->idle)
			continue;
		p->sched_class->set_next_task(rq, p);
		rq->curr = p;
	}
}

/** harness_empty - as harness_finish(), after harness_fill(). */
static inline void harness_empty(void)
{
	for (unsigned int i = 0; i < h.kernel->config.nr_cpus; i++)
		cpu_rq(h.kernel, i)->curr = cpu_rq(h.kernel, i)->idle;
	harness_finish();
}

/** harness_cpu_time - what task number @i has had of its CPUs so far. */
static inline ktime_t harness_cpu_time(unsigned int i)
{
	const struct task *task = &h.task[i];
	struct kcpu *kc = &h.kernel->cpus[task->cpu];
	ktime_t time = task->cpu_time;

	if (kc->rq.curr == task) {
		cpu_account(&kc->cpu, kc->cpu.acct);
		time += cpu_own_time(&kc->cpu) - kc->rq.own_time_mark;
	}
	return time;
}

/** type_named - the type of lock of that name, which there is. */
static inline const struct lock_type *type_named(const char *name)
{
	unsigned int i = 0;

	while (strcmp(lock_type(i)->name, name) != 0)
		i++;
	return lock_type(i);
}

#endif
