/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From tracepoints to the events of automata, and from these to a verdict.
 *
 * cf. include/rv/da_monitor.h v6.18, with one difference: there a monitor waits
 * for an event after which its state is known; a simulation is followed from
 * its first instant, so no event goes by unchecked.
 */
#include <config.h>

#include "preemptsim/monitor/verify.h"

#include "machine-private.h"

#include "preemptsim/kernel/lock.h"
#include "preemptsim/kernel/preempt.h"

/**
 * struct verifier - automata at work.
 * @kernel: whose run it is
 * @machines: one for each automaton
 * @nr_machines: how many
 * @hearers: by scope and event: numbers of the machines that know it
 * @nr_hearers: how many of them
 * @first_idle: slot of CPU 0's idle task; before it, tasks stand by pid
 * @warned: kind of the first warning, NULL: none
 * @verdict: so far
 */
struct verifier {
	struct kernel *kernel;
	struct machine *machines;
	unsigned int nr_machines;
	unsigned int *hearers[2][NR_AUTOMATON_EVENTS];
	unsigned int nr_hearers[2][NR_AUTOMATON_EVENTS];
	unsigned int first_idle;
	const char *warned;
	struct verdict *verdict;
};

static unsigned int slot_of(const struct verifier *verifier,
			    const struct task *task)
{
	if (task_is_idle(task))
		return verifier->first_idle + task->cpu;
	return (unsigned int)task->pid;
}

static char *scope_text(const struct automaton *automaton, unsigned int cpu,
			const struct task *task)
{
	return automaton->scope == SCOPE_CPU ?
		       g_strdup_printf("cpu %u", cpu) :
		       g_strdup_printf("task %s-%d", task->comm, task->pid);
}

/* Something that @machine does not allow; only the first of each CPU or task,
 * since what follows would follow from it. */
static void violated(struct verifier *verifier, struct machine *machine,
		     unsigned int slot, char *scope, const char *event,
		     ktime_t at)
{
	struct verdict *verdict = verifier->verdict;
	struct violation *violation;

	verdict->nr_violations++;
	if (verdict->violations->len < VIOLATIONS_KEPT) {
		violation = g_new(struct violation, 1);
		*violation = (struct violation){
			.automaton = g_strdup(machine->automaton->name),
			.scope = g_steal_pointer(&scope),
			.state = g_strdup(machine->names[machine->state[slot]]),
			.event = event,
			.at_ns = ktime_to_ns(&verifier->kernel->sim->tb, at),
			.of_scenario = machine->automaton->of_scenario,
			.after = verifier->warned,
		};
		g_ptr_array_add(verdict->violations, violation);
	}
	g_free(scope);
	machine->state[slot] = BROKEN;
}

/* When the clock comes to its state's limit; KTIME_MAX: never. */
static ktime_t limit_at(const struct verifier *verifier,
			const struct machine *machine, unsigned int slot,
			const struct task *task)
{
	int64_t limit_ns = machine->limit_ns[machine->state[slot]];
	ktime_t limit;

	if (!limit_ns)
		return KTIME_MAX;
	limit = ktime_from_ns(&verifier->kernel->sim->tb, limit_ns);
	if (machine->automaton->grace)
		limit += machine->automaton->grace(task);
	return machine->since[slot] + limit;
}

/* Has it come to that?  False: it has not. */
static bool check_limit(struct verifier *verifier, struct machine *machine,
			unsigned int slot, unsigned int cpu,
			const struct task *task)
{
	ktime_t at = limit_at(verifier, machine, slot, task);

	machine->who[slot] = task;
	if (at > verifier->kernel->sim->now)
		return false;
	violated(verifier, machine, slot,
		 scope_text(machine->automaton, cpu, task), "too much time",
		 at);
	return true;
}

/* Does what the edge asks for hold on @cpu? */
static bool flags_hold(const struct verifier *verifier, unsigned int cpu,
		       unsigned int flags)
{
	const struct kcpu *kc = &verifier->kernel->cpus[cpu];
	unsigned int is = cpu_irqs_on(&kc->cpu) ? IF_IRQS_ON : IF_IRQS_OFF;

	is |= preempt_count(kc) ? IF_PREEMPT_OFF : IF_PREEMPT_ON;
	return !(flags & ~(is | RESET_CLOCK));
}

/* Where the edge leads, if it may be taken. */
static uint8_t flagged_edge(const struct verifier *verifier,
			    struct machine *machine, unsigned int slot,
			    unsigned int cpu, enum automaton_event event)
{
	uint8_t state = machine->state[slot];
	unsigned int flags = machine->flags[state][event];

	if (!flags_hold(verifier, cpu, flags))
		return NO_EDGE;
	if (flags & RESET_CLOCK && machine->since)
		machine->since[slot] = verifier->kernel->sim->now;
	return machine->next[state][event];
}

static void move(struct verifier *verifier, struct machine *machine,
		 unsigned int cpu, const struct task *task,
		 enum automaton_event event)
{
	bool per_cpu = machine->automaton->scope == SCOPE_CPU;
	unsigned int slot = per_cpu ? cpu : slot_of(verifier, task);
	uint8_t state = machine->state[slot];
	uint8_t next;

	if (unlikely(state == BROKEN))
		return;
	if (unlikely(machine->since) &&
	    check_limit(verifier, machine, slot, cpu, task))
		return;
	next = machine->next[state][event];
	if (unlikely(machine->flags))
		next = flagged_edge(verifier, machine, slot, cpu, event);
	if (likely(next != NO_EDGE)) {
		machine->state[slot] = next;
		return;
	}
	event = automaton_hears(machine->alphabet, event);
	violated(verifier, machine, slot,
		 scope_text(machine->automaton, cpu, task),
		 automaton_event_choice(event)->name,
		 verifier->kernel->sim->now);
}

static bool concerns(const struct automaton *automaton, const struct task *task)
{
	if (automaton->no_idle && task_is_idle(task))
		return false;
	return !automaton->concerns || automaton->concerns(task);
}

/* @event on @cpu.  @task is whom it is about; NULL: the CPU alone. */
static void hear(struct verifier *verifier, unsigned int cpu,
		 const struct task *task, enum automaton_event event)
{
	const unsigned int *hearers = verifier->hearers[SCOPE_CPU][event];

	verifier->verdict->events++;
	for (unsigned int i = 0; i < verifier->nr_hearers[SCOPE_CPU][event];
	     i++)
		move(verifier, &verifier->machines[hearers[i]], cpu, task,
		     event);
	if (!task)
		return;
	hearers = verifier->hearers[SCOPE_TASK][event];
	for (unsigned int i = 0; i < verifier->nr_hearers[SCOPE_TASK][event];
	     i++) {
		struct machine *machine = &verifier->machines[hearers[i]];

		if (concerns(machine->automaton, task))
			move(verifier, machine, cpu, task, event);
	}
}

/*
 * From tracepoints
 */

static struct kcpu *kcpu_of(const struct verifier *verifier,
			    const struct trace_record *record)
{
	return &verifier->kernel->cpus[record->cpu];
}

/* Events that are about whoever is on the CPU. */
static void on_plain(void *data, const struct trace_record *record)
{
	static const enum automaton_event events[NR_TRACEPOINTS] = {
		[TP_preempt_disable] = EVENT_preempt_disable,
		[TP_preempt_enable] = EVENT_preempt_enable,
		[TP_irq_disable] = EVENT_irq_disable,
		[TP_irq_enable] = EVENT_irq_enable,
		[TP_irq_handler_entry] = EVENT_irq_entry,
		[TP_local_timer_entry] = EVENT_irq_entry,
		[TP_reschedule_entry] = EVENT_irq_entry,
		[TP_call_function_single_entry] = EVENT_irq_entry,
		[TP_call_function_entry] = EVENT_irq_entry,
		[TP_softirq_entry] = EVENT_softirq_entry,
		[TP_softirq_exit] = EVENT_softirq_exit,
		[TP_sched_exit] = EVENT_schedule_exit,
		[TP_contention_end] = EVENT_contention_end,
	};
	struct verifier *verifier = data;

	hear(verifier, record->cpu, current_task(kcpu_of(verifier, record)),
	     events[record->id]);
}

static void on_sched_entry(void *data, const struct trace_record *record)
{
	struct verifier *verifier = data;

	hear(verifier, record->cpu, current_task(kcpu_of(verifier, record)),
	     record->a ? EVENT_schedule_entry_preempt : EVENT_schedule_entry);
}

/* cf. WOKEN_BY_... of Linux's rtapp monitors. */
static enum automaton_event waking_by(const struct kcpu *kc,
				      const struct task *wakee)
{
	if (in_nmi(kc) || in_hardirq(kc))
		return EVENT_sched_waking;
	if (in_serving_softirq(kc))
		return EVENT_sched_waking_softirq;
	return current_task(kc)->prio > wakee->prio ?
		       EVENT_sched_waking_lower_prio :
		       EVENT_sched_waking;
}

static void on_sched_waking(void *data, const struct trace_record *record)
{
	struct verifier *verifier = data;

	hear(verifier, record->cpu, record->object,
	     waking_by(kcpu_of(verifier, record), record->object));
}

static void on_sched_wakeup(void *data, const struct trace_record *record)
{
	hear(data, record->cpu, record->object, EVENT_sched_wakeup);
}

static void on_need_resched(void *data, const struct trace_record *record)
{
	hear(data, record->cpu, record->object,
	     record->a ? EVENT_sched_need_resched_lazy :
			 EVENT_sched_need_resched);
}

/* cf. RT_VALID_SLEEP_REASON of Linux's rtapp monitors. */
static bool sleeps_fit(const struct task *task)
{
	static const char *const calls[] = { "clock_nanosleep", "futex",
					     "epoll_wait", "epoll_pwait",
					     "epoll_pwait2" };

	if (!task->syscall || task->sleep_for)
		return false;
	for (unsigned int i = 0; i < G_N_ELEMENTS(calls); i++)
		if (g_str_equal(task->syscall, calls[i]))
			return true;
	return false;
}

/* A task that was lent a real-time priority counts as one that has it. */
static enum automaton_event set_state_kind(const struct task *task,
					   int64_t state)
{
	if (state == TASK_RUNNING)
		return EVENT_sched_set_state_runnable;
	if (!(state & TASK_INTERRUPTIBLE) || task->prio >= MAX_RT_PRIO)
		return EVENT_sched_set_state_sleepable;
	return sleeps_fit(task) ? EVENT_sched_set_state_sleep_fit :
				  EVENT_sched_set_state_sleep_unfit;
}

static void on_set_state(void *data, const struct trace_record *record)
{
	hear(data, record->cpu, record->object,
	     set_state_kind(record->object, record->a));
}

/* cf. LCB_F_RT */
static void on_contention_begin(void *data, const struct trace_record *record)
{
	const struct lock *lock = record->object;
	struct verifier *verifier = data;

	if (lock->type->inherits)
		hear(verifier, record->cpu,
		     current_task(kcpu_of(verifier, record)),
		     EVENT_contention_begin_rt);
}

/* cf. handle_sched_switch() of Linux's sssw monitor. */
static enum automaton_event switch_kind(const struct trace_record *record)
{
	if (record->b)
		return EVENT_sched_switch_preempt;
	if (record->a == TASK_RUNNING)
		return EVENT_sched_switch_yield;
	if (record->a == TASK_RTLOCK_WAIT)
		return EVENT_sched_switch_blocking;
	return EVENT_sched_switch_suspend;
}

static void on_sched_switch(void *data, const struct trace_record *record)
{
	struct verifier *verifier = data;

	hear(verifier, record->cpu, NULL, EVENT_sched_switch);
	hear(verifier, record->cpu, current_task(kcpu_of(verifier, record)),
	     switch_kind(record));
	hear(verifier, record->cpu, record->object, EVENT_sched_switch_in);
}

/* cf. rt_or_dl_task() */
static void on_page_fault(void *data, const struct trace_record *record)
{
	struct verifier *verifier = data;
	const struct task *curr = current_task(kcpu_of(verifier, record));

	hear(verifier, record->cpu, curr,
	     curr->prio < MAX_RT_PRIO ? EVENT_page_fault_rt : EVENT_page_fault);
}

static void on_dl(void *data, const struct trace_record *record)
{
	hear(data, record->cpu, record->object,
	     record->id == TP_sched_dl_throttle ? EVENT_dl_throttle :
						  EVENT_dl_replenish);
}

static void on_warning(void *data, const struct trace_record *record)
{
	const struct sim_warning *warning = record->object;
	struct verifier *verifier = data;

	if (!verifier->warned)
		verifier->warned = warning->kind;
}

/*
 * Beginning and end
 */

static void add_hearer(struct verifier *verifier, unsigned int number,
		       enum automaton_event event)
{
	const struct machine *machine = &verifier->machines[number];
	enum automaton_scope scope = machine->automaton->scope;
	unsigned int *n = &verifier->nr_hearers[scope][event];
	unsigned int **hearers = &verifier->hearers[scope][event];

	if (automaton_hears(machine->alphabet, event) == EVENT_NONE)
		return;
	*hearers = g_renew(unsigned int, *hearers, *n + 1);
	(*hearers)[(*n)++] = number;
}

static void add_machine(struct verifier *verifier, unsigned int number,
			const struct automaton *automaton)
{
	unsigned int nr_cpus = verifier->kernel->config.nr_cpus;

	machine_init(&verifier->machines[number], automaton,
		     automaton->scope == SCOPE_CPU ?
			     nr_cpus :
			     verifier->first_idle + nr_cpus);
	for (unsigned int event = 0; event < NR_AUTOMATON_EVENTS; event++)
		add_hearer(verifier, number, (enum automaton_event)event);
}

static void listen(struct verifier *verifier)
{
	static const struct {
		enum tracepoint id;
		void (*told)(void *data, const struct trace_record *record);
	} all[] = {
		{ TP_preempt_disable, on_plain },
		{ TP_preempt_enable, on_plain },
		{ TP_irq_disable, on_plain },
		{ TP_irq_enable, on_plain },
		{ TP_irq_handler_entry, on_plain },
		{ TP_local_timer_entry, on_plain },
		{ TP_reschedule_entry, on_plain },
		{ TP_call_function_single_entry, on_plain },
		{ TP_call_function_entry, on_plain },
		{ TP_softirq_entry, on_plain },
		{ TP_softirq_exit, on_plain },
		{ TP_sched_exit, on_plain },
		{ TP_contention_begin, on_contention_begin },
		{ TP_contention_end, on_plain },
		{ TP_sched_entry, on_sched_entry },
		{ TP_sched_waking, on_sched_waking },
		{ TP_sched_wakeup, on_sched_wakeup },
		{ TP_sched_set_need_resched, on_need_resched },
		{ TP_sched_set_state, on_set_state },
		{ TP_sched_switch, on_sched_switch },
		{ TP_page_fault_user, on_page_fault },
		{ TP_page_fault_kernel, on_page_fault },
		{ TP_sched_dl_replenish, on_dl },
		{ TP_sched_dl_throttle, on_dl },
		{ TP_warning, on_warning },
	};

	for (unsigned int i = 0; i < G_N_ELEMENTS(all); i++)
		tracer_listen(&verifier->kernel->sim->tracer, all[i].id,
			      all[i].told, verifier);
}

static void violation_free(void *data)
{
	struct violation *violation = data;

	g_free(violation->automaton);
	g_free(violation->scope);
	g_free(violation->state);
	g_free(violation);
}

struct verifier *verifier_start(struct kernel *kernel,
				const GPtrArray *automata)
{
	struct verifier *verifier = g_new0(struct verifier, 1);

	verifier->kernel = kernel;
	verifier->nr_machines = automata->len;
	verifier->machines = g_new0(struct machine, automata->len);
	verifier->first_idle = (unsigned int)kernel->next_pid;
	verifier->verdict = g_new0(struct verdict, 1);
	verifier->verdict->automata = automata->len;
	verifier->verdict->violations =
		g_ptr_array_new_with_free_func(violation_free);
	for (unsigned int i = 0; i < automata->len; i++)
		add_machine(verifier, i, automata->pdata[i]);
	for (unsigned int cpu = 0; cpu < kernel->config.nr_cpus; cpu++)
		hear(verifier, cpu, kernel->cpus[cpu].rq.idle,
		     EVENT_sched_switch_in);
	listen(verifier);
	return verifier;
}

/* What has heard nothing since its clock came to a limit. */
static void check_limits(struct verifier *verifier, struct machine *machine)
{
	bool per_cpu = machine->automaton->scope == SCOPE_CPU;
	unsigned int nr_cpus = verifier->kernel->config.nr_cpus;
	unsigned int slots = per_cpu ? nr_cpus : verifier->first_idle + nr_cpus;

	for (unsigned int slot = 0; slot < slots; slot++)
		if (machine->state[slot] != BROKEN &&
		    (per_cpu || machine->who[slot]))
			check_limit(verifier, machine, slot, slot,
				    machine->who[slot]);
}

struct verdict *verifier_finish(struct verifier *verifier)
{
	struct verdict *verdict = verifier->verdict;

	for (unsigned int i = 0; i < verifier->nr_machines; i++) {
		if (verifier->machines[i].since)
			check_limits(verifier, &verifier->machines[i]);
		machine_destroy(&verifier->machines[i]);
	}
	for (unsigned int event = 0; event < NR_AUTOMATON_EVENTS; event++) {
		g_free(verifier->hearers[SCOPE_CPU][event]);
		g_free(verifier->hearers[SCOPE_TASK][event]);
	}
	g_free(verifier->machines);
	g_free(verifier);
	return verdict;
}

void verdict_free(struct verdict *verdict)
{
	if (!verdict)
		return;
	g_ptr_array_unref(verdict->violations);
	g_free(verdict);
}
