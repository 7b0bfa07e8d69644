/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of the bound, out of the tracepoints of a run.
 *
 * A CPU's own time is the time without hardirqs and NMIs, so that stretches
 * measured in it have none in them.  In it a CPU is
 *
 *	scheduling	from the preempt_disable() before __schedule() to the
 *			preempt_enable() behind it
 *	off		otherwise with preemption or interrupts disabled; the
 *			entry and the exit of an interrupt and the softirqs at
 *			its end belong here
 *	asked		neither, and need_resched is set; from the first time
 *			that it is so until the scheduling that ends it, since
 *			a kernel that can't be preempted goes on in between
 *	idle		idle's standing count forbids nothing: the idle task
 *			begins to schedule when it is asked to
 */
#include <config.h>

#include "preemptsim/measure/bound.h"

#include <limits.h>

#include "preemptsim/kernel/preempt.h"

/* Interrupts that all CPUs together keep, one by one (24 bytes each). */
#define EXECUTIONS_IN_ALL (1u << 22)

/**
 * struct irq_source - where interrupts of a CPU come from.
 * @id, @object: the tracepoint of its entry, and whose
 * @seen: it has been
 * @last: beginning of the last one
 * @times: how long they take, and how far they are apart
 */
struct irq_source {
	enum tracepoint id;
	const void *object;
	bool seen;
	ktime_t last;
	struct sporadic times;
};

/**
 * struct cpu_bound - one CPU.
 * @kc: which
 * @served: time of hardirqs and NMIs so far, but for the one since @irq_since
 * @in_irq: there is one
 * @preempt_off, @irqs_off: disabled
 * @scheduling, @off, @asked: see above; since when: @psd_at or @st_at,
 *                            @poid_at, @paie_at
 * @disabled_at: when preemption was disabled last
 * @resched: current shall make way
 * @waiting, @since: the most urgent task, ready but not running
 * @psd, @st, @poid, @paie: the longest so far
 * @latency_max, @latencies: of tasks
 * @log: its interrupts
 * @sources: GArray of struct irq_source; @source: number of the one served
 */
struct cpu_bound {
	struct kcpu *kc;
	ktime_t served, irq_since;
	bool in_irq, preempt_off, irqs_off;
	bool scheduling, off, asked, resched;
	ktime_t disabled_at, psd_at, st_at, poid_at, paie_at;
	const struct task *waiting;
	ktime_t since;
	ktime_t psd, st, poid, paie, latency_max;
	uint64_t latencies;
	struct exec_log log;
	GArray *sources;
	unsigned int source;
};

/** struct bounds - all CPUs. */
struct bounds {
	struct kernel *kernel;
	struct cpu_bound *cpus;
};

static struct cpu_bound *bound_of(void *data, const struct trace_record *record)
{
	struct bounds *bounds = data;

	return &bounds->cpus[record->cpu];
}

static ktime_t now(const struct cpu_bound *cpu)
{
	return cpu->kc->cpu.sim->now;
}

/* The CPU's own time. */
static ktime_t own_time(const struct cpu_bound *cpu)
{
	return (cpu->in_irq ? cpu->irq_since : now(cpu)) - cpu->served;
}

static bool is_idle(const struct cpu_bound *cpu)
{
	return task_is_idle(current_task(cpu->kc));
}

static void longest(ktime_t *max, ktime_t from, ktime_t to)
{
	*max = MAX(*max, to - from);
}

/* Asked to schedule, and it could be done.  Idle does it. */
static void look_asked(struct cpu_bound *cpu)
{
	if (!cpu->resched || cpu->asked || cpu->scheduling)
		return;
	if (is_idle(cpu)) {
		cpu->asked = true;
		cpu->psd_at = own_time(cpu);
	} else if (!cpu->off) {
		cpu->asked = true;
		cpu->paie_at = own_time(cpu);
	}
}

/* Something was switched off or on. */
static void look_off(struct cpu_bound *cpu)
{
	bool off = (cpu->preempt_off || cpu->irqs_off) && !is_idle(cpu);

	if (cpu->scheduling)
		return;
	if (off && !cpu->off)
		cpu->poid_at = own_time(cpu);
	else if (!off && cpu->off)
		longest(&cpu->poid, cpu->poid_at, own_time(cpu));
	cpu->off = off;
	look_asked(cpu);
}

/*
 * The most urgent task
 */

/* The less, the more urgent.  A stop thread has the priority of FIFO's highest,
 * but comes before all others. */
static int urgency(const struct task *p)
{
	return p->sched_class == &sched_class_stop ? INT_MIN : p->prio;
}

static void drop(struct cpu_bound *cpu)
{
	cpu->waiting = NULL;
}

/* Is it not @p's turn, however urgent it is, since tasks like it had their
 * part? */
static bool held_back(const struct cpu_bound *cpu, const struct task *p)
{
	const struct rq *rq = &cpu->kc->rq;

	return p->dl.throttled || rq->fair_server.serving ||
	       (rq->rt.throttled && p->sched_class == &sched_class_rt);
}

/* The scheduler has returned.  Who waited has the CPU, or somebody as urgent
 * has it, so that it was not the most urgent after all. */
static void look_waiting(struct cpu_bound *cpu)
{
	const struct task *curr = current_task(cpu->kc);

	if (!cpu->waiting)
		return;
	if (curr == cpu->waiting) {
		cpu->latencies++;
		longest(&cpu->latency_max, cpu->since, now(cpu));
		drop(cpu);
	} else if (urgency(curr) <= urgency(cpu->waiting) ||
		   held_back(cpu, cpu->waiting)) {
		drop(cpu);
	}
}

static void on_wakeup(void *data, const struct trace_record *record)
{
	struct bounds *bounds = data;
	struct cpu_bound *cpu = &bounds->cpus[record->a];
	const struct rq *rq = &cpu->kc->rq;
	const struct task *p = record->object;

	if (p->prio >= MAX_RT_PRIO || urgency(p) >= urgency(rq->curr) ||
	    held_back(cpu, p))
		return;
	if (cpu->waiting && urgency(cpu->waiting) <= urgency(p))
		return;
	cpu->waiting = p;
	cpu->since = record->when;
}

/* It goes elsewhere, or who runs is as urgent now. */
static void on_migrate(void *data, const struct trace_record *record)
{
	struct bounds *bounds = data;
	struct cpu_bound *cpu = &bounds->cpus[record->a];

	if (cpu->waiting == record->object)
		drop(cpu);
}

static void on_setprio(void *data, const struct trace_record *record)
{
	struct bounds *bounds = data;
	const struct task *p = record->object;

	drop(&bounds->cpus[p->cpu]);
}

/*
 * Scheduling
 */

static void on_sched_entry(void *data, const struct trace_record *record)
{
	struct cpu_bound *cpu = bound_of(data, record);

	if (is_idle(cpu)) {
		if (!cpu->asked)
			cpu->psd_at = own_time(cpu);
	} else {
		cpu->psd_at = cpu->disabled_at;
		longest(&cpu->poid, cpu->poid_at, cpu->psd_at);
		if (cpu->asked)
			longest(&cpu->paie, cpu->paie_at, cpu->psd_at);
	}
	cpu->st_at = own_time(cpu);
	cpu->scheduling = true;
	cpu->off = false;
	cpu->asked = false;
}

static void scheduled(struct cpu_bound *cpu)
{
	longest(&cpu->psd, cpu->psd_at, own_time(cpu));
	longest(&cpu->st, cpu->st_at, own_time(cpu));
	look_waiting(cpu);
	cpu->scheduling = false;
	cpu->resched = current_task(cpu->kc)->tif & TIF_NEED_RESCHED;
	look_off(cpu);
}

/* Idle keeps its count. */
static void on_sched_exit(void *data, const struct trace_record *record)
{
	struct cpu_bound *cpu = bound_of(data, record);

	if (cpu->scheduling && is_idle(cpu))
		scheduled(cpu);
}

static void on_need_resched(void *data, const struct trace_record *record)
{
	struct bounds *bounds = data;
	struct cpu_bound *cpu = &bounds->cpus[record->b];

	if (record->a) /* lazily */
		return;
	cpu->resched = true;
	look_asked(cpu);
}

static void on_wake_idle(void *data, const struct trace_record *record)
{
	struct bounds *bounds = data;
	struct cpu_bound *cpu = &bounds->cpus[record->a];

	cpu->resched = true;
	look_asked(cpu);
}

/*
 * Off and on
 */

static void on_preempt_disable(void *data, const struct trace_record *record)
{
	struct cpu_bound *cpu = bound_of(data, record);

	cpu->preempt_off = true;
	cpu->disabled_at = own_time(cpu);
	look_off(cpu);
}

static void on_preempt_enable(void *data, const struct trace_record *record)
{
	struct cpu_bound *cpu = bound_of(data, record);

	cpu->preempt_off = false;
	if (cpu->scheduling)
		scheduled(cpu);
	else
		look_off(cpu);
}

static void on_irq_disable(void *data, const struct trace_record *record)
{
	struct cpu_bound *cpu = bound_of(data, record);

	cpu->irqs_off = true;
	look_off(cpu);
}

static void on_irq_enable(void *data, const struct trace_record *record)
{
	struct cpu_bound *cpu = bound_of(data, record);

	cpu->irqs_off = false;
	look_off(cpu);
}

/*
 * Interrupts
 */

/* cf. the MIAT and the WCET of the paper, as they were observed. */
static void source_end(struct cpu_bound *cpu, ktime_t end)
{
	struct irq_source *source =
		&g_array_index(cpu->sources, struct irq_source, cpu->source);
	struct sporadic *times = &source->times;

	if (source->seen)
		times->apart = MIN(times->apart, cpu->irq_since - source->last);
	source->seen = true;
	source->last = cpu->irq_since;
	times->longest = MAX(times->longest, end - cpu->irq_since);
}

static void on_preempt_count(void *data, const struct trace_record *record)
{
	struct cpu_bound *cpu = bound_of(data, record);
	bool in_irq = record->b & (HARDIRQ_MASK | NMI_MASK);

	if (in_irq == cpu->in_irq)
		return;
	if (in_irq) {
		cpu->irq_since = record->when;
		cpu->source = 0;
	} else {
		cpu->served += record->when - cpu->irq_since;
		exec_log_add(&cpu->log, cpu->irq_since, record->when);
		source_end(cpu, record->when);
	}
	cpu->in_irq = in_irq;
}

static bool is_source(const struct irq_source *source,
		      const struct trace_record *record)
{
	return source->id == record->id && source->object == record->object;
}

/* The first of an interrupt's entries says whose it is; an NMI over it, or one
 * that comes right behind, is counted with it. */
static void on_irq_entry(void *data, const struct trace_record *record)
{
	struct cpu_bound *cpu = bound_of(data, record);
	struct irq_source new = { .id = record->id,
				  .object = record->object,
				  .times.apart = KTIME_MAX };
	unsigned int i = 1;

	if (cpu->source)
		return;
	while (i < cpu->sources->len &&
	       !is_source(&g_array_index(cpu->sources, struct irq_source, i),
			  record))
		i++;
	if (i == cpu->sources->len)
		g_array_append_val(cpu->sources, new);
	cpu->source = i;
}

/*
 * Beginning and end
 */

static void listen(struct bounds *bounds)
{
	static const struct {
		enum tracepoint id;
		void (*told)(void *data, const struct trace_record *record);
	} all[] = {
		{ TP_preempt_disable, on_preempt_disable },
		{ TP_preempt_enable, on_preempt_enable },
		{ TP_irq_disable, on_irq_disable },
		{ TP_irq_enable, on_irq_enable },
		{ TP_preempt_count, on_preempt_count },
		{ TP_sched_entry, on_sched_entry },
		{ TP_sched_exit, on_sched_exit },
		{ TP_sched_set_need_resched, on_need_resched },
		{ TP_sched_wake_idle_without_ipi, on_wake_idle },
		{ TP_sched_wakeup, on_wakeup },
		{ TP_sched_migrate_task, on_migrate },
		{ TP_sched_pi_setprio, on_setprio },
		{ TP_irq_handler_entry, on_irq_entry },
		{ TP_local_timer_entry, on_irq_entry },
		{ TP_reschedule_entry, on_irq_entry },
		{ TP_call_function_single_entry, on_irq_entry },
		{ TP_call_function_entry, on_irq_entry },
		{ TP_nmi_handler, on_irq_entry },
	};

	for (unsigned int i = 0; i < G_N_ELEMENTS(all); i++)
		tracer_listen(&bounds->kernel->sim->tracer, all[i].id,
			      all[i].told, bounds);
}

/* Source 0 is what has not said whose it is. */
static void clear_sources(struct cpu_bound *cpu)
{
	const struct irq_source unknown = { .times.apart = KTIME_MAX };

	g_array_set_size(cpu->sources, 0);
	g_array_append_val(cpu->sources, unknown);
	cpu->source = 0;
}

struct bounds *bounds_start(struct kernel *kernel)
{
	struct bounds *bounds = g_new0(struct bounds, 1);
	unsigned int nr_cpus = kernel->config.nr_cpus;

	bounds->kernel = kernel;
	bounds->cpus = g_new0(struct cpu_bound, nr_cpus);
	for (unsigned int i = 0; i < nr_cpus; i++) {
		struct cpu_bound *cpu = &bounds->cpus[i];

		cpu->kc = &kernel->cpus[i];
		exec_log_init(&cpu->log, EXECUTIONS_IN_ALL / nr_cpus);
		cpu->sources =
			g_array_new(FALSE, FALSE, sizeof(struct irq_source));
		clear_sources(cpu);
	}
	listen(bounds);
	return bounds;
}

void bounds_warm(struct bounds *bounds)
{
	for (unsigned int i = 0; i < bounds->kernel->config.nr_cpus; i++) {
		struct cpu_bound *cpu = &bounds->cpus[i];

		cpu->psd = cpu->st = cpu->poid = cpu->paie = 0;
		cpu->latency_max = 0;
		cpu->latencies = 0;
		cpu->log.nr = 0;
		clear_sources(cpu);
		drop(cpu);
	}
}

/* What the end of the run cuts off counts as far as it got. */
static void cut_off(struct cpu_bound *cpu)
{
	ktime_t end = own_time(cpu);

	if (cpu->scheduling) {
		longest(&cpu->psd, cpu->psd_at, end);
		longest(&cpu->st, cpu->st_at, end);
	}
	if (cpu->off)
		longest(&cpu->poid, cpu->poid_at, end);
	if (cpu->asked && !is_idle(cpu))
		longest(&cpu->paie, cpu->paie_at, end);
}

static ktime_t sporadic_bound(const struct cpu_bound *cpu, ktime_t base)
{
	g_autofree struct sporadic *list =
		g_new(struct sporadic, cpu->sources->len);

	for (unsigned int i = 0; i < cpu->sources->len; i++)
		list[i] =
			g_array_index(cpu->sources, struct irq_source, i).times;
	return bound_sporadic(base, list, cpu->sources->len, now(cpu));
}

static int64_t to_ns(const struct cpu_bound *cpu, ktime_t time)
{
	return time == NO_BOUND ? -1 : ktime_to_ns(&cpu->kc->cpu.sim->tb, time);
}

/* A bound of more than all the time there was would be none. */
static ktime_t window_bound(const struct cpu_bound *cpu, ktime_t base)
{
	ktime_t bound = exec_log_bound(&cpu->log, base);

	return bound > now(cpu) ? NO_BOUND : bound;
}

struct latency_bound bounds_get(const struct bounds *bounds, unsigned int cpu)
{
	struct cpu_bound at_end = bounds->cpus[cpu];
	ktime_t base;

	cut_off(&at_end);
	base = MAX(at_end.st, at_end.poid) + at_end.paie + at_end.psd;
	return (struct latency_bound){
		.psd_ns = to_ns(&at_end, at_end.psd),
		.st_ns = to_ns(&at_end, at_end.st),
		.poid_ns = to_ns(&at_end, at_end.poid),
		.paie_ns = to_ns(&at_end, at_end.paie),
		.bound_ns = to_ns(&at_end, window_bound(&at_end, base)),
		.sporadic_ns = to_ns(&at_end, sporadic_bound(&at_end, base)),
		.latencies = at_end.latencies,
		.latency_max_ns = to_ns(&at_end, at_end.latency_max),
	};
}

void bounds_finish(struct bounds *bounds)
{
	for (unsigned int i = 0; i < bounds->kernel->config.nr_cpus; i++) {
		exec_log_destroy(&bounds->cpus[i].log);
		g_array_unref(bounds->cpus[i].sources);
	}
	g_free(bounds->cpus);
	g_free(bounds);
}
