/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The automata: each accepts what the kernel does and rejects what it must not
 * do.  The events are told by hand, through the tracepoints.
 */
#include <config.h>

#include "kernel-harness.h"

#include "preemptsim/monitor/verify.h"

static void forever(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu->top->left = STALLED;
}

static const struct op program[] = { DO(forever) };

/* From who runs to @next. */
static void tell_switch(struct task *next, unsigned int prev_state,
			bool preempt)
{
	struct kcpu *kc = &h.kernel->cpus[0];

	cpu_trace(&kc->cpu, TP_sched_switch, next, prev_state, preempt);
	kc->rq.curr = next;
}

/* Words that stand for a tracepoint about nobody, or about the task. */
static const struct word {
	const char *word;
	enum tracepoint id;
	bool task;
	int64_t a;
} words[] = {
	{ "preempt_disable", TP_preempt_disable, false, 0 },
	{ "preempt_enable", TP_preempt_enable, false, 0 },
	{ "irq_disable", TP_irq_disable, false, 0 },
	{ "irq_enable", TP_irq_enable, false, 0 },
	{ "device", TP_irq_handler_entry, false, 0 },
	{ "timer", TP_local_timer_entry, false, 0 },
	{ "ipi", TP_reschedule_entry, false, 0 },
	{ "call", TP_call_function_entry, false, 0 },
	{ "call_single", TP_call_function_single_entry, false, 0 },
	{ "waking", TP_sched_waking, true, 0 },
	{ "wakeup", TP_sched_wakeup, true, 0 },
	{ "need_resched", TP_sched_set_need_resched, true, 0 },
	{ "need_resched_lazy", TP_sched_set_need_resched, true, 1 },
	{ "entry", TP_sched_entry, false, 0 },
	{ "entry_preempt", TP_sched_entry, false, 1 },
	{ "exit", TP_sched_exit, false, 0 },
	{ "says_it_sleeps", TP_sched_set_state, true, TASK_INTERRUPTIBLE },
	{ "says_it_runs", TP_sched_set_state, true, TASK_RUNNING },
	{ "replenish", TP_sched_dl_replenish, true, 0 },
	{ "throttle", TP_sched_dl_throttle, true, 0 },
	{ "says_it_blocks", TP_sched_set_state, true, TASK_UNINTERRUPTIBLE },
	{ "has_the_lock", TP_contention_end, false, 0 },
	{ "faults", TP_page_fault_user, false, 6 },
	{ "faults_in_a_call", TP_page_fault_kernel, false, 2 },
};

/* Words of a system call: what the task is in then. */
static const char *const calls[] = { "clock_nanosleep", "futex", "epoll_wait",
				     "epoll_pwait",	"read",	 "poll" };

static bool tell_a_call(const char *word)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(calls); i++)
		if (g_str_equal(word, calls[i]))
			return (h.task[0].syscall = calls[i]);
	return false;
}

/* What the task is. */
static bool tell_a_task(const char *word)
{
	if (g_str_equal(word, "until") || g_str_equal(word, "for"))
		h.task[0].sleep_for = *word == 'f';
	else if (g_str_equal(word, "fair") || g_str_equal(word, "lent"))
		h.task[0].prio = *word == 'f' ? DEFAULT_PRIO : 30;
	else
		return false;
	return true;
}

/* Of a lock that spins, or of one that lends. */
static bool tell_a_wait(const char *word)
{
	static const struct lock_type spinning, lending = { .inherits = true };
	struct lock lock = { .type = &spinning };

	if (g_str_equal(word, "waits_lending"))
		lock.type = &lending;
	else if (!g_str_equal(word, "spins"))
		return false;
	cpu_trace(&h.kernel->cpus[0].cpu, TP_contention_begin, &lock, 0, 0);
	return true;
}

/* in: to the task; the others: from it to idle. */
static bool tell_a_switch(const char *word)
{
	struct task *idle = h.kernel->cpus[0].rq.idle;

	if (g_str_equal(word, "in"))
		tell_switch(&h.task[0], TASK_RUNNING, false);
	else if (g_str_equal(word, "sleeps"))
		tell_switch(idle, TASK_INTERRUPTIBLE, false);
	else if (g_str_equal(word, "blocks"))
		tell_switch(idle, TASK_RTLOCK_WAIT, false);
	else if (g_str_equal(word, "yields"))
		tell_switch(idle, TASK_RUNNING, false);
	else if (g_str_equal(word, "preempted"))
		tell_switch(idle, TASK_RUNNING, true);
	else
		return false;
	return true;
}

static void tell(const char *word)
{
	struct cpu *cpu = &h.kernel->cpus[0].cpu;

	if (tell_a_switch(word) || tell_a_call(word) || tell_a_task(word) ||
	    tell_a_wait(word))
		return;
	if (g_ascii_isdigit(*word)) {
		h.sim.now += atoi(word) * US;
		return;
	}
	for (unsigned int i = 0; i < G_N_ELEMENTS(words); i++) {
		const struct word *w = &words[i];

		if (!g_str_equal(w->word, word))
			continue;
		cpu_trace(cpu, w->id, w->task ? &h.task[0] : NULL, w->a, 0);
		return;
	}
	ck_abort_msg("no word '%s'", word);
}

/* The task belongs to the workload. */
static bool of_user;

/* It is a deadline task, with 10 ms until each deadline. */
static bool of_deadline;

/* What comes of the words under one automaton, or all that are on. */
static struct verdict *verdict_of(const struct automaton *only,
				  const char *text)
{
	static const struct harness_config config = { 0 };
	g_auto(GStrv) list = g_strsplit(text, " ", 0);
	g_autoptr(GPtrArray) automata = g_ptr_array_new();
	const struct automaton *a;
	struct verifier *verifier;

	harness_start(&config);
	harness_rt("task", program, POLICY_FIFO, 50, 0, 0);
	h.task[0].user = of_user ? &h : NULL;
	if (of_deadline) {
		h.task[0].policy = POLICY_DEADLINE;
		h.task[0].dl.dl_deadline = 10 * MS;
	}
	for (unsigned int i = 0; (a = automaton(i)); i++)
		if (only ? a == only : !a->extra)
			g_ptr_array_add(automata, (void *)(uintptr_t)a);
	if (only && !automata->len)
		g_ptr_array_add(automata, (void *)(uintptr_t)only);
	verifier = verifier_start(h.kernel, automata);
	for (unsigned int i = 0; list[i]; i++)
		tell(list[i]);
	return verifier_finish(verifier);
}

static void done(struct verdict *verdict)
{
	verdict_free(verdict);
	for (unsigned int i = 0; i < h.nr_tasks; i++)
		task_destroy(&h.task[i]);
	kernel_destroy(h.kernel);
	sim_destroy(&h.sim);
	g_string_free(h.text, TRUE);
}

static void accepted(const struct automaton *only, const char *text)
{
	struct verdict *verdict = verdict_of(only, text);

	if (verdict->nr_violations) {
		const struct violation *v = verdict->violations->pdata[0];

		ck_abort_msg("%s on %s: %s in %s: %s", v->automaton, v->scope,
			     v->event, v->state, text);
	}
	ck_assert_uint_gt(verdict->events, 0);
	done(verdict);
}

/* @said: "SCOPE: EVENT in STATE" of the violation. */
static void rejected(const struct automaton *only, const char *text,
		     const char *said)
{
	struct verdict *verdict = verdict_of(only, text);
	const struct violation *v;
	g_autofree char *got = NULL;

	ck_assert_msg(verdict->nr_violations == 1, "%s: %s: %d violations",
		      only->name, text, (int)verdict->nr_violations);
	v = verdict->violations->pdata[0];
	got = g_strdup_printf("%s: %s in %s", v->scope, v->event, v->state);
	ck_assert_str_eq(got, said);
	ck_assert_str_eq(v->automaton, only->name);
	done(verdict);
}

/* Idle's count of 1, then a wakeup from an interrupt, and the switch. */
#define TO_TASK                                                          \
	"preempt_disable irq_disable device waking need_resched wakeup " \
	"irq_enable entry irq_disable in irq_enable exit preempt_enable "

/* An interrupt wakes somebody more urgent: preemption on its way out. */
#define PREEMPTION                                                        \
	"irq_disable preempt_disable device need_resched preempt_enable " \
	"preempt_disable irq_enable entry_preempt irq_disable preempted " \
	"irq_enable exit preempt_enable irq_disable irq_enable"

START_TEST(what_the_kernel_does_is_accepted)
{
	static const char *const legal[] = {
		TO_TASK PREEMPTION,
		/* it goes to sleep and is woken */
		TO_TASK "says_it_sleeps preempt_disable entry irq_disable "
			"sleeps irq_enable exit irq_disable timer waking "
			"need_resched wakeup irq_enable entry irq_disable in "
			"irq_enable exit preempt_enable says_it_runs",
		/* it is preempted although it has said that it will sleep */
		TO_TASK "says_it_sleeps irq_disable preempt_disable ipi "
			"need_resched preempt_enable preempt_disable "
			"irq_enable entry_preempt irq_disable preempted "
			"irq_enable exit entry irq_disable in irq_enable exit "
			"preempt_enable says_it_runs",
		/* and then it does sleep */
		TO_TASK "says_it_sleeps irq_disable preempt_disable ipi "
			"need_resched preempt_enable preempt_disable "
			"irq_enable entry_preempt irq_disable preempted "
			"irq_enable exit entry irq_disable in irq_enable exit "
			"preempt_enable irq_disable irq_enable preempt_disable "
			"entry irq_disable sleeps irq_enable exit",
		/* nobody else is to run, and an interrupt was pending */
		TO_TASK "preempt_disable entry irq_disable irq_enable "
			"irq_disable timer irq_enable exit preempt_enable",
		/* the interrupt came right before interrupts went off */
		TO_TASK "preempt_disable entry irq_disable timer irq_enable "
			"irq_disable irq_enable exit preempt_enable",
		/* it waits for a lock that spins in other models */
		TO_TASK "preempt_disable entry irq_disable blocks irq_enable "
			"exit irq_disable device waking need_resched wakeup "
			"irq_enable entry irq_disable in irq_enable exit "
			"preempt_enable",
		/* a wakeup with interrupts off, and then preemption */
		TO_TASK "irq_disable preempt_disable waking irq_enable "
			"preempt_enable",
	};

	for (unsigned int i = 0; i < G_N_ELEMENTS(legal); i++)
		accepted(NULL, legal[i]);
}
END_TEST

static const struct {
	const char *name, *text, *said;
} faults[] = {
	{ "wip", "waking", "cpu 0: sched_waking in preemptive" },
	{ "wip", "preempt_disable preempt_enable waking",
	  "cpu 0: sched_waking in preemptive" },
	{ "wwnr", "wakeup in wakeup", "task task-4: sched_wakeup in running" },
	{ "sco", "entry says_it_runs",
	  "cpu 0: sched_set_state in scheduling_context" },
	{ "snroc", "says_it_sleeps",
	  "task task-4: sched_set_state in other_context" },
	{ "scpd", "preempt_disable preempt_enable entry",
	  "cpu 0: schedule_entry in cant_sched" },
	{ "snep", "preempt_disable entry preempt_enable",
	  "cpu 0: preempt_enable in scheduling" },
	{ "sncid", "irq_disable entry", "cpu 0: schedule_entry in cant_sched" },
	{ "sncid", "entry irq_disable exit",
	  "cpu 0: schedule_exit in cant_sched" },
	{ "tss", "entry in exit preempted", "cpu 0: sched_switch in thread" },
	{ "sts", "irq_disable entry", "cpu 0: schedule_entry in cant_sched" },
	{ "sts", "entry irq_disable in preempted",
	  "cpu 0: sched_switch in switching" },
	{ "sts", "entry in", "cpu 0: sched_switch in scheduling" },
	{ "sts", "device", "cpu 0: irq_entry in can_sched" },
	{ "sts", "timer", "cpu 0: irq_entry in can_sched" },
	{ "sts", "ipi", "cpu 0: irq_entry in can_sched" },
	{ "sts", "call", "cpu 0: irq_entry in can_sched" },
	{ "sts", "call_single", "cpu 0: irq_entry in can_sched" },
	{ "sts", "entry irq_disable in irq_enable preempted",
	  "cpu 0: sched_switch in enable_to_exit" },
	{ "nrp", "in entry_preempt exit entry_preempt exit entry_preempt",
	  "task task-4: schedule_entry_preempt in any_thread_running" },
	{ "nrp", "in entry entry need_resched entry_preempt exit entry_preempt",
	  "task task-4: schedule_entry_preempt in any_thread_running" },
	{ "nrp", "in entry entry need_resched_lazy entry_preempt",
	  "task task-4: schedule_entry_preempt in any_thread_running" },
	{ "sssw", "wakeup in sleeps",
	  "task task-4: sched_switch_suspend in runnable" },
	{ "sssw", "wakeup in preempted in sleeps",
	  "task task-4: sched_switch_suspend in runnable" },
	{ "sssw", "wakeup in says_it_sleeps sleeps in",
	  "task task-4: sched_switch_in in sleeping" },
	{ "opid", "need_resched", "cpu 0: sched_need_resched in enabled" },
	{ "opid", "irq_disable waking", "cpu 0: sched_waking in irq_disabled" },
	{ "opid", "preempt_disable waking",
	  "cpu 0: sched_waking in preempt_disabled" },
	{ "opid", "preempt_disable need_resched",
	  "cpu 0: sched_need_resched in preempt_disabled" },
};

START_TEST(what_must_not_be_is_rejected)
{
	rejected(automaton_find(faults[_i].name), faults[_i].text,
		 faults[_i].said);
}
END_TEST

/* Nobody forgot to see one of them fail. */
START_TEST(each_automaton_has_been_seen_to_reject)
{
	const struct automaton *a;

	for (unsigned int i = 0; (a = automaton(i)); i++) {
		bool seen = a->extra;

		for (unsigned int k = 0; k < G_N_ELEMENTS(faults); k++)
			seen |= g_str_equal(faults[k].name, a->name);
		ck_assert_msg(seen, "%s", a->name);
	}
}
END_TEST

/*
 * The tables themselves: each state, event and next state of Linux's models
 * (tools/verification/models, those of 6.15 to 7.1), and no other.  opid is
 * what its conditions come to where interrupts and preemption are the state.
 */
static const struct {
	const char *name, *initial, *edges;
} models[] = {
	{ "wip", "preemptive",
	  "preemptive preempt_disable non_preemptive; "
	  "non_preemptive sched_waking non_preemptive; "
	  "non_preemptive preempt_enable preemptive" },
	{ "wwnr", "not_running",
	  "not_running sched_wakeup not_running; "
	  "not_running sched_switch_in running; "
	  "running sched_switch_out not_running" },
	{ "sco", "thread_context",
	  "thread_context sched_set_state thread_context; "
	  "thread_context schedule_entry scheduling_context; "
	  "scheduling_context schedule_exit thread_context" },
	{ "snroc", "other_context",
	  "other_context sched_switch_in own_context; "
	  "own_context sched_set_state own_context; "
	  "own_context sched_switch_out other_context" },
	{ "scpd", "cant_sched",
	  "cant_sched preempt_disable can_sched; "
	  "can_sched schedule_entry,schedule_exit can_sched; "
	  "can_sched preempt_enable cant_sched" },
	{ "snep", "thread",
	  "thread preempt_disable,preempt_enable thread; "
	  "thread schedule_entry scheduling; "
	  "scheduling schedule_exit thread" },
	{ "sncid", "can_sched",
	  "can_sched schedule_entry,schedule_exit can_sched; "
	  "can_sched irq_disable cant_sched; "
	  "cant_sched irq_enable can_sched" },
	{ "tss", "thread",
	  "thread schedule_entry sched; "
	  "sched sched_switch sched; "
	  "sched schedule_exit thread" },
	{ "sts", "can_sched",
	  "can_sched irq_disable cant_sched; "
	  "can_sched schedule_entry scheduling; "
	  "cant_sched irq_enable can_sched; "
	  "cant_sched irq_entry cant_sched; "
	  "scheduling irq_disable disable_to_switch; "
	  "disable_to_switch irq_entry in_irq; "
	  "disable_to_switch sched_switch switching; "
	  "disable_to_switch irq_enable enable_to_exit; "
	  "in_irq irq_entry in_irq; "
	  "in_irq irq_enable scheduling; "
	  "switching irq_enable enable_to_exit; "
	  "enable_to_exit irq_disable,irq_entry,irq_enable enable_to_exit; "
	  "enable_to_exit schedule_exit can_sched" },
	{ "nrp", "preempt_irq",
	  "any_thread_running schedule_entry,irq_entry any_thread_running; "
	  "any_thread_running sched_need_resched rescheduling; "
	  "rescheduling schedule_entry,schedule_entry_preempt "
	  "any_thread_running; "
	  "rescheduling irq_entry preempt_irq; "
	  "rescheduling sched_need_resched rescheduling; "
	  "preempt_irq schedule_entry,schedule_entry_preempt nested_preempt; "
	  "preempt_irq irq_entry,sched_need_resched preempt_irq; "
	  "nested_preempt schedule_entry,schedule_entry_preempt "
	  "any_thread_running; "
	  "nested_preempt irq_entry nested_preempt; "
	  "nested_preempt sched_need_resched preempt_irq" },
	{ "sssw", "runnable",
	  "runnable sched_set_state_runnable,sched_wakeup,"
	  "sched_switch_in,sched_switch_yield,sched_switch_preempt,"
	  "signal_deliver runnable; "
	  "runnable sched_set_state_sleepable sleepable; "
	  "runnable sched_switch_blocking sleeping; "
	  "signal_wakeup signal_deliver runnable; "
	  "signal_wakeup sched_switch_in,sched_switch_preempt,"
	  "sched_switch_yield,sched_wakeup signal_wakeup; "
	  "signal_wakeup sched_set_state_sleepable sleepable; "
	  "sleepable sched_set_state_runnable,sched_wakeup runnable; "
	  "sleepable sched_switch_yield signal_wakeup; "
	  "sleepable sched_set_state_sleepable,sched_switch_in,"
	  "sched_switch_preempt,signal_deliver sleepable; "
	  "sleepable sched_switch_suspend,sched_switch_blocking sleeping; "
	  "sleeping sched_wakeup runnable" },
	{ "opid", "enabled",
	  "enabled irq_disable irq_disabled; "
	  "enabled preempt_disable preempt_disabled; "
	  "irq_disabled sched_need_resched irq_disabled; "
	  "irq_disabled irq_enable enabled; "
	  "irq_disabled preempt_disable disabled; "
	  "preempt_disabled irq_disable disabled; "
	  "preempt_disabled preempt_enable enabled; "
	  "disabled sched_need_resched,sched_waking disabled; "
	  "disabled irq_enable preempt_disabled; "
	  "disabled preempt_enable irq_disabled" },
	{ "stall", "dequeued",
	  "dequeued sched_wakeup enqueued; "
	  "enqueued sched_wakeup enqueued; "
	  "enqueued sched_switch_in running; "
	  "running sched_wakeup,sched_switch_in running; "
	  "running sched_switch_preempt enqueued; "
	  "running sched_switch_wait dequeued" },
};

/* How many of @a's edges lead from @from to @to upon @event: 1 at most. */
static unsigned int count_edges(const struct automaton *a, const char *from,
				enum automaton_event event, const char *to)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < a->nr_edges; i++)
		n += g_str_equal(a->edges[i].from, from) &&
		     g_str_equal(a->edges[i].to, to) &&
		     (a->edges[i].events >> event & 1);
	return n;
}

/* "FROM EVENT,EVENT TO": they are there; says how many. */
static unsigned int check_edge(const struct automaton *a, const char *text)
{
	g_auto(GStrv) word = g_strsplit(text, " ", 0);
	g_auto(GStrv) event = g_strsplit(word[1], ",", 0);
	unsigned int n = 0;

	for (; event[n]; n++)
		ck_assert_msg(
			count_edges(a, word[0], automaton_event_find(event[n]),
				    word[2]) == 1,
			"%s: %s %s %s", a->name, word[0], event[n], word[2]);
	return n;
}

START_TEST(tables_are_those_of_linux)
{
	const struct automaton *a = automaton_find(models[_i].name);
	g_auto(GStrv) edge = g_strsplit(models[_i].edges, "; ", 0);
	unsigned int expected = 0, edges = 0;

	ck_assert_str_eq(a->initial, models[_i].initial);
	for (unsigned int i = 0; edge[i]; i++)
		expected += check_edge(a, edge[i]);
	for (unsigned int i = 0; i < a->nr_edges; i++)
		edges += (unsigned int)__builtin_popcountll(a->edges[i].events);
	ck_assert_uint_eq(edges, expected);
}
END_TEST

START_TEST(a_limit_is_kept)
{
	struct automaton stall = *automaton_find("stall");

	stall.limit_ns = 10 * US;
	accepted(&stall, "wakeup 9 in 100 preempted 9 in sleeps 100 wakeup 9");
	rejected(&stall, "wakeup 10 in",
		 "task task-4: too much time in enqueued");
	rejected(&stall, "wakeup 1 in preempted 20 in",
		 "task task-4: too much time in enqueued");
	rejected(&stall, "wakeup 11", "task task-4: too much time in enqueued");
}
END_TEST

/* A deadline, and a tick of 1 ms. */
START_TEST(a_deadline_is_kept)
{
	static const char *const kept[] = {
		"replenish wakeup in 5000 sleeps 100000 replenish wakeup in",
		"replenish wakeup in 2000 sleeps 3000 wakeup 1000 in 5000 "
		"sleeps",
		"replenish wakeup 11000 in sleeps",
		"replenish wakeup in 5000 throttle preempted 20000 replenish "
		"in 11000 sleeps",
		"replenish wakeup in 5000 preempted 1000 replenish in 11000 "
		"sleeps",
		"replenish wakeup in 5000 throttle sleeps 20000 replenish "
		"9000 wakeup in 1000 sleeps",
		"replenish wakeup in throttle sleeps wakeup 20000 replenish "
		"in 11000 sleeps",
		"replenish wakeup in 2000 sleeps 10000 throttle wakeup 10000 "
		"replenish in 11000 sleeps",
	};
	const struct automaton *nomiss = automaton_find("nomiss");

	of_deadline = true;
	for (unsigned int i = 0; i < G_N_ELEMENTS(kept); i++)
		accepted(nomiss, kept[i]);
	rejected(nomiss, "replenish wakeup 11001 in",
		 "task task-4: too much time in ready");
	rejected(nomiss, "replenish wakeup in 6000 preempted 6000 in",
		 "task task-4: too much time in running");
	rejected(nomiss, "replenish wakeup in 2000 sleeps 7000 wakeup 3000 in",
		 "task task-4: too much time in ready");
	rejected(nomiss, "replenish wakeup 12000",
		 "task task-4: too much time in ready");
	rejected(nomiss, "replenish wakeup in throttle in",
		 "task task-4: sched_switch_in in throttled");
	rejected(nomiss, "in", "task task-4: sched_switch_in in sleeping");
	of_deadline = false;
	accepted(nomiss, "in in");
}
END_TEST

START_TEST(conditions_are_asked)
{
	static const struct automaton_edge edges[] = {
		{ .from = "any",
		  .events = EV(sched_waking),
		  .to = "any",
		  .flags = IF_IRQS_OFF | IF_PREEMPT_ON },
		{ .from = "any",
		  .events = EV(sched_wakeup),
		  .to = "any",
		  .flags = IF_IRQS_OFF | IF_PREEMPT_OFF },
	};
	const struct automaton a = { .name = "conditions",
				     .scope = SCOPE_CPU,
				     .initial = "any",
				     .edges = edges,
				     .nr_edges = G_N_ELEMENTS(edges) };

	/* Before the boot a CPU has interrupts off and preemption on. */
	accepted(&a, "waking waking");
	rejected(&a, "waking wakeup", "cpu 0: sched_wakeup in any");
}
END_TEST

/* Idle is less urgent than anybody. */
START_TEST(a_rule_for_applications)
{
	const struct automaton *wakeup = automaton_find("wakeup");

	ck_assert(wakeup->of_scenario && wakeup->extra);
	of_user = false;
	accepted(wakeup, "waking");
	of_user = true;
	accepted(wakeup, "in waking");
	rejected(wakeup, "waking",
		 "task task-4: sched_waking_lower_prio in any");
}
END_TEST

/* The idle task is the less urgent one, the softirq and the hardirq are those
 * of its CPU. */
static const struct {
	const char *text, *said;
} sleeps[] = {
	{ "in clock_nanosleep until says_it_sleeps", NULL },
	{ "in futex says_it_sleeps", NULL },
	{ "in epoll_wait says_it_sleeps", NULL },
	{ "in epoll_pwait says_it_sleeps says_it_sleeps", NULL },
	{ "in clock_nanosleep for says_it_sleeps",
	  "sched_set_state_sleep_unfit in awake" },
	{ "in read says_it_sleeps", "sched_set_state_sleep_unfit in awake" },
	{ "in futex says_it_sleeps says_it_runs poll says_it_sleeps",
	  "sched_set_state_sleep_unfit in awake" },
	{ "in says_it_sleeps", "sched_set_state_sleep_unfit in awake" },
	/* what no signal ends */
	{ "in read says_it_blocks sleeps waking", NULL },
	/* who is no real-time task, is one, is lent a priority */
	{ "in fair read says_it_sleeps sleeps waking", NULL },
	{ "in fair lent read says_it_sleeps",
	  "sched_set_state_sleep_unfit in awake" },
	/* who ends it */
	{ "in futex says_it_sleeps sleeps waking",
	  "sched_waking_lower_prio in asleep" },
	{ "in futex says_it_sleeps waking", NULL },
	{ "in futex says_it_sleeps says_it_runs sleeps waking", NULL },
	{ "in futex says_it_sleeps spins has_the_lock sleeps waking",
	  "sched_waking_lower_prio in asleep" },
	/* but for a lock that lends its holder the priority */
	{ "in futex says_it_sleeps waits_lending sleeps waking wakeup in "
	  "says_it_sleeps sleeps waking in has_the_lock",
	  NULL },
	{ "in futex waits_lending read says_it_sleeps has_the_lock "
	  "says_it_sleeps",
	  "sched_set_state_sleep_unfit in awake" },
};

START_TEST(how_a_realtime_task_sleeps)
{
	const struct automaton *a = automaton_find("sleep");
	g_autofree char *said = NULL;

	ck_assert(a->of_scenario && a->extra);
	of_user = false;
	accepted(a, sleeps[_i].text);
	of_user = true;
	if (!sleeps[_i].said) {
		accepted(a, sleeps[_i].text);
		return;
	}
	said = g_strdup_printf("task task-4: %s", sleeps[_i].said);
	rejected(a, sleeps[_i].text, said);
}
END_TEST

START_TEST(who_may_have_page_faults)
{
	const struct automaton *a = automaton_find("pagefault");

	ck_assert(a->of_scenario && a->extra);
	of_user = false;
	accepted(a, "in faults");
	of_user = true;
	accepted(a, "in fair faults faults_in_a_call");
	accepted(a, "faults in fair faults");
	rejected(a, "in fair faults lent faults",
		 "task task-4: page_fault_rt in any");
	rejected(a, "in faults_in_a_call", "task task-4: page_fault_rt in any");
}
END_TEST

START_TEST(the_first_violation_of_each_is_told)
{
	struct verdict *verdict =
		verdict_of(automaton_find("wip"), "7 waking waking waking");
	const struct violation *v = verdict->violations->pdata[0];

	ck_assert_uint_eq(verdict->nr_violations, 1);
	ck_assert_int_eq(v->at_ns, 7 * US);
	ck_assert(!v->of_scenario);
	ck_assert_ptr_null(v->after);
	done(verdict);
}
END_TEST

/* An automaton that does not know an event hears a more general one. */
START_TEST(general_events)
{
	uint64_t all = EV(sched_switch_out) | EV(sched_switch_preempt);

	ck_assert_int_eq(automaton_hears(all, EVENT_sched_switch_yield),
			 EVENT_sched_switch_preempt);
	ck_assert_int_eq(automaton_hears(all, EVENT_sched_switch_blocking),
			 EVENT_sched_switch_out);
	ck_assert_int_eq(automaton_hears(all, EVENT_sched_switch_in),
			 EVENT_NONE);
	ck_assert_int_eq(automaton_event_find("switch_in"),
			 EVENT_sched_switch_in);
	ck_assert_int_eq(automaton_event_find("nothing"), EVENT_NONE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("automata");
	TCase *tcase = tcase_create("automata");

	tcase_add_test(tcase, what_the_kernel_does_is_accepted);
	tcase_add_loop_test(tcase, what_must_not_be_is_rejected, 0,
			    G_N_ELEMENTS(faults));
	tcase_add_test(tcase, each_automaton_has_been_seen_to_reject);
	tcase_add_loop_test(tcase, tables_are_those_of_linux, 0,
			    G_N_ELEMENTS(models));
	tcase_add_test(tcase, a_limit_is_kept);
	tcase_add_test(tcase, a_deadline_is_kept);
	tcase_add_test(tcase, conditions_are_asked);
	tcase_add_test(tcase, a_rule_for_applications);
	tcase_add_loop_test(tcase, how_a_realtime_task_sleeps, 0,
			    G_N_ELEMENTS(sleeps));
	tcase_add_test(tcase, who_may_have_page_faults);
	tcase_add_test(tcase, the_first_violation_of_each_is_told);
	tcase_add_test(tcase, general_events);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
