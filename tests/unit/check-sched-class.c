/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The contract of struct sched_class, held by every class: at random, tasks are
 * woken, put to sleep, switched, preempted, ticked, yield, and are lent
 * priorities, as the core would do it.  After each step the class must offer a
 * task on each CPU if and only if one of its own is queued there, and only one
 * that is runnable; and whoever runs before one of a higher class must have been
 * asked to make way.  Where a class knows groups, that holds for tasks in groups,
 * too; and on several CPUs, where it chooses CPUs and moves tasks, nobody comes to
 * a CPU that is not for it.
 *
 * A plug-in that SCHED_PLUGIN names is held to it like the others.
 */
#include <config.h>

#include "kernel-harness.h"
#include "kernel/sched/sched-private.h"
#include "preemptsim/base/rng.h"
#include "preemptsim/kernel/task-group.h"

#define NR_STEPS 4000
#define NR_TASKS 12
#define NR_GROUPS 4
#define MANY_CPUS 4

static const struct op nothing[] = { RUN(MS), AGAIN(nothing) };

/* The classes that queue tasks: stop, deadline, rt, and all fair ones. */
#define NR_FIXED 3

static const struct {
	enum policy policy;
	unsigned int nr_tasks;
} fixed[NR_FIXED] = {
	{ POLICY_FIFO, 1 },
	{ POLICY_DEADLINE, NR_TASKS },
	{ POLICY_RR, NR_TASKS },
};

static const struct sched_class *class;
static struct rng rng;
static unsigned int nr_tasks, nr_cpus;

static unsigned int nr_classes(void)
{
	unsigned int n = 0;

	while (fair_class(n))
		n++;
	return NR_FIXED + n;
}

static unsigned int below(unsigned int n)
{
	return (unsigned int)(rng_next(&rng) % n);
}

/*
 * Making them
 */

/* Two of them are in the first; some tasks will be in none. */
static void make_groups(struct task_group **groups)
{
	for (unsigned int i = 0; i < NR_GROUPS; i++) {
		struct task_group_attr attr = {
			.name = "group",
			.parent = i > 1 ? groups[0] : NULL,
			.weight = 10 + below(2000),
		};

		groups[i] = sched_create_group(h.kernel, &attr);
	}
}

/* All CPUs, one or two; those of a deadline have all. */
static struct cpumask some_cpus(enum policy policy)
{
	struct cpumask cpus = { 0 };

	if (policy == POLICY_DEADLINE || below(2))
		return cpus;
	cpumask_set_cpu(&cpus, below(nr_cpus));
	cpumask_set_cpu(&cpus, below(nr_cpus));
	return cpus;
}

static void add_tasks(unsigned int i, struct task_group *const *groups)
{
	struct task_attr attr = {
		.comm = "task",
		.policy = i < NR_FIXED ? fixed[i].policy : POLICY_OTHER,
		.entry = nothing,
	};

	nr_tasks = i < NR_FIXED ? fixed[i].nr_tasks : NR_TASKS;
	for (unsigned int t = 0; t < nr_tasks; t++) {
		if (attr.policy == POLICY_OTHER)
			attr.nice = (int)below(40) - 20;
		else if (attr.policy == POLICY_RR)
			attr.rt_priority = 1 + (int)below(5);
		attr.group = groups[t % (NR_GROUPS + 1)];
		attr.dl_runtime = 4000 * MS; /* never throttled */
		attr.dl_deadline = attr.dl_period = 4100 * MS + below(1000);
		attr.cpus = some_cpus(attr.policy);
		harness_add(&attr, KTIME_MAX);
		if (i == 0)
			h.task[t].sched_class = &sched_class_stop;
	}
	if (i == 0)
		h.kernel->first_place = PLACE_STOP;
}

/* It can pay for IPIs, and has no stop task, which would be one more. */
static void start_cpu(struct kcpu *kc)
{
	kc->cpu.top = kc->idle.top;
	kc->stopper.ready = false;
}

/* Two CPUs share a cache, where there are more. */
static void start(unsigned int i, unsigned int cpus, bool grouped)
{
	struct harness_config config = { .nr_cpus = cpus };
	struct task_group *groups[NR_GROUPS + 1] = { NULL };

	nr_cpus = cpus;
	if (cpus > 1)
		config.topology.llc = 2;
	if (i >= NR_FIXED)
		config.fair = fair_class_choice(i - NR_FIXED)->name;
	harness_start(&config);
	for (unsigned int cpu = 0; cpu < cpus; cpu++)
		start_cpu(&h.kernel->cpus[cpu]);
	rng_init(&rng, 1, 0, "tests", "contract");
	if (grouped)
		make_groups(groups);
	add_tasks(i, groups);
	class = h.task[0].sched_class;
}

static void finish(void)
{
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++)
		cpu_rq(h.kernel, cpu)->curr = cpu_rq(h.kernel, cpu)->idle;
	harness_finish();
}

/*
 * As the core does it
 */

/* As pick_of() and unlock_first() do it. */
static struct task *pick_of(struct rq *rq, const struct sched_class *c)
{
	if (c->balance)
		c->balance(rq);
	return c->pick_next_task(rq);
}

static void schedule(struct rq *rq)
{
	struct task *prev = rq->curr, *next = NULL;
	void (*callback)(struct rq *);

	for (unsigned int i = 0; !next; i++)
		next = pick_of(rq, h.kernel->sched_class[i]);
	if (next != prev) {
		prev->sched_class->put_prev_task(rq, prev);
		next->sched_class->set_next_task(rq, next);
	}
	prev->tif = 0;
	rq->curr = next;
	callback = rq->balance_callback;
	rq->balance_callback = NULL;
	if (callback)
		callback(rq);
}

/* One that is delayed is on a queue. */
static unsigned int select_cpu(struct task *p, struct rq *waker)
{
	unsigned int cpu;

	if (p->se.delayed)
		return p->cpu;
	cpu = p->sched_class->select_task_rq(p, waker->kc);
	ck_assert_uint_lt(cpu, nr_cpus);
	ck_assert(task_may_run_on(p, cpu));
	return cpu;
}

static void wake(struct task *p, struct rq *waker)
{
	unsigned int cpu = select_cpu(p, waker), flags = ENQUEUE_WAKEUP;
	struct rq *rq = cpu_rq(h.kernel, cpu);

	if (!p->placed)
		flags |= ENQUEUE_INITIAL;
	else if (p->cpu != cpu)
		flags |= ENQUEUE_MIGRATED;
	set_task_cpu(waker->kc, p, cpu);
	activate_task(rq, p, flags);
	p->state = TASK_RUNNING;
	wakeup_preempt(rq, p);
	if (p->sched_class->task_woken)
		p->sched_class->task_woken(rq, p);
}

static void block(struct rq *rq)
{
	rq->curr->state = TASK_INTERRUPTIBLE;
	deactivate_task(rq, rq->curr, DEQUEUE_SLEEP);
	schedule(rq);
}

/* A deadline task that yields is throttled, and the stop task must not. */
static bool may_yield(const struct rq *rq)
{
	const struct sched_class *c = rq->curr->sched_class;

	return c != &sched_class_stop && c != &sched_class_deadline;
}

/* Who waits for a lock that @p holds lends it a priority, as often as not a
 * real-time one, or does so no more. */
static void lend(struct task *p, struct rq *rq)
{
	int prio = below(2) ? (int)below(MAX_RT_PRIO - 1) :
			      MAX_RT_PRIO + (int)below(40);

	if (class == &sched_class_stop || class == &sched_class_deadline)
		return;
	if (below(2) || prio > p->normal_prio)
		prio = p->normal_prio;
	rt_mutex_setprio(rq->kc, p, prio, NULL);
}

/*
 * At random
 */

/* What a CPU was sent arrives, and is only that. */
static void forget_ipis(struct kcpu *kc)
{
	for (unsigned int vector = 0; vector < NR_IPIS; vector++)
		kc->ipi.at[vector] = KTIME_MAX;
}

static void go_on(ktime_t by)
{
	h.sim.now += by;
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++) {
		forget_ipis(&h.kernel->cpus[cpu]);
		update_rq_clock(cpu_rq(h.kernel, cpu));
	}
}

/* One thing that may happen. */
static void step(void)
{
	struct task *p = &h.task[below(nr_tasks)];
	struct rq *rq = cpu_rq(h.kernel, below(nr_cpus));
	bool runs = !task_is_idle(rq->curr);

	h.sim.this_cpu = rq->kc->cpu.id;
	go_on(below(200) * US);
	switch (below(7)) {
	case 0:
	case 1:
		if (!p->on_rq)
			wake(p, rq);
		break;
	case 2:
		if (runs)
			block(rq);
		break;
	case 3:
		if (runs)
			rq->curr->sched_class->task_tick(rq, rq->curr);
		break;
	case 4:
		if (runs && may_yield(rq))
			rq->curr->sched_class->yield_task(rq);
		break;
	case 5:
		lend(p, rq);
		break;
	default:
		schedule(rq);
	}
}

/* Tasks of class @c on CPU @cpu that are runnable; NULL: of any. */
static unsigned int nr_runnable(unsigned int cpu, const struct sched_class *c)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < nr_tasks; i++)
		n += h.task[i].on_rq && h.task[i].cpu == cpu &&
		     (!c || h.task[i].sched_class == c);
	return n;
}

static void check_offer(struct rq *rq, const struct sched_class *c)
{
	unsigned int cpu = rq->kc->cpu.id;
	const struct task *p = c->pick_next_task(rq);

	ck_assert_int_eq(p != NULL, nr_runnable(cpu, c) != 0);
	if (!p)
		return;
	ck_assert_ptr_eq(p->sched_class, c);
	ck_assert(p->on_rq);
	ck_assert_uint_eq(p->state, TASK_RUNNING);
	ck_assert_uint_eq(p->cpu, cpu);
	ck_assert(task_may_run_on(p, cpu));
	ck_assert_ptr_eq(p, c->pick_next_task(rq));
	rq->picked = NULL; /* it is not switched to */
}

/* Does @p come before @curr, by class or real-time priority? */
static bool comes_before(const struct task *p, const struct task *curr)
{
	unsigned int i = 0;

	if (p->sched_class == curr->sched_class)
		return p->sched_class == &sched_class_rt &&
		       p->prio < curr->prio;
	while (h.kernel->sched_class[i] != p->sched_class &&
	       h.kernel->sched_class[i] != curr->sched_class)
		i++;
	return h.kernel->sched_class[i] == p->sched_class;
}

/* Where somebody waits who comes first, whoever runs knows. */
static void check_asked(const struct rq *rq)
{
	for (unsigned int i = 0; i < nr_tasks; i++)
		if (h.task[i].on_rq && h.task[i].cpu == rq->kc->cpu.id &&
		    comes_before(&h.task[i], rq->curr))
			ck_assert_uint_ne(rq->curr->tif, 0);
}

static void check_all(void)
{
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++) {
		struct rq *rq = cpu_rq(h.kernel, cpu);

		ck_assert_uint_eq(rq->nr_running - rq->cfs.nr_delayed,
				  nr_runnable(cpu, NULL));
		check_offer(rq, class);
		check_offer(rq, &sched_class_rt);
		check_asked(rq);
	}
}

static unsigned int nr_moves(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < nr_tasks; i++)
		n += (unsigned int)h.task[i].nr_migrations;
	return n;
}

/* How each of the tests below is run. */
struct setup {
	unsigned int class, cpus;
	bool grouped;
};

static void for_each_setup(int nr, void (*test)(const struct setup *))
{
	unsigned int i = (unsigned int)nr;
	bool groups = i >= NR_FIXED && fair_class(i - NR_FIXED)->groups;

	for (unsigned int cpus = 1; cpus <= MANY_CPUS; cpus *= MANY_CPUS) {
		test(&(struct setup){ i, cpus, false });
		if (groups)
			test(&(struct setup){ i, cpus, true });
	}
}

static void offer_who_is_runnable(const struct setup *setup)
{
	start(setup->class, setup->cpus, setup->grouped);
	for (unsigned int n = 0; n < NR_STEPS; n++) {
		step();
		check_all();
	}
	if (nr_cpus > 1 && class != &sched_class_stop)
		ck_assert_uint_gt(nr_moves(), 0);
	finish();
}

START_TEST(offers_who_is_runnable)
{
	for_each_setup(_i, offer_who_is_runnable);
}
END_TEST

static bool someone_is_runnable(void)
{
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++)
		if (nr_runnable(cpu, NULL))
			return true;
	return false;
}

static void block_all(void)
{
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++) {
		struct rq *rq = cpu_rq(h.kernel, cpu);

		h.sim.this_cpu = cpu;
		if (task_is_idle(rq->curr))
			schedule(rq);
		else
			block(rq);
	}
}

static void check_empty(void)
{
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++) {
		struct rq *rq = cpu_rq(h.kernel, cpu);

		ck_assert_uint_eq(rq->nr_running, 0);
		ck_assert_ptr_null(class->pick_next_task(rq));
		ck_assert_ptr_eq(rq->curr, rq->idle);
	}
}

static void forget_nobody(const struct setup *setup)
{
	start(setup->class, setup->cpus, setup->grouped);
	for (unsigned int round = 0; round < 100; round++) {
		for (unsigned int i = 0; i < nr_tasks; i++)
			if (!h.task[i].on_rq)
				wake(&h.task[i], cpu_rq(h.kernel, 0));
		for (unsigned int i = 0; i < 50; i++)
			step();
		for (unsigned int i = 0; i < nr_tasks + 1; i++)
			block_all();
		ck_assert(!someone_is_runnable());
		check_empty();
	}
	finish();
}

/* Whoever was queued is offered sooner or later, if the others block. */
START_TEST(forgets_nobody)
{
	for_each_setup(_i, forget_nobody);
}
END_TEST

/* Who is woken before it has gone to sleep, but after another one has preempted it,
 * does not wake up for its class, but did in 6.1. */
static const struct op dozes[] = { SET_STATE(TASK_INTERRUPTIBLE), RUN(20 * US),
				   CALL(schedule_path), AGAIN(dozes) };
static const struct op wakes[] = { WAKE(0), DIE };

static unsigned int nr_woken;

static void count_woken(struct rq *rq, struct task *p)
{
	(void)rq;
	(void)p;
	nr_woken++;
}

static void tell_woken(const char *version, unsigned int expected)
{
	struct harness_config config = { .version = version, .fair = "fcfs" };
	struct sched_class spy = *harness_fair_class("fcfs");

	spy.task_woken = count_woken;
	nr_woken = 0;
	harness_start(&config);
	h.kernel->config.fair = &spy;
	h.kernel->sched_class[PLACE_FAIR] = &spy;
	harness_kthread("dozes", dozes, 0, 0);
	harness_rt("wakes", wakes, POLICY_FIFO, 1, 0, 10 * US);
	harness_run(MS / 2);
	ck_assert_uint_eq(nr_woken, expected);
	harness_finish();
}

START_TEST(told_of_wakeups)
{
	tell_woken("6.1", 2);
	tell_woken("6.6", 1);
	tell_woken("6.12", 1);
}
END_TEST

/* What the core calls without asking whether it is there. */
static void check_complete(const struct sched_class *c)
{
	ck_assert_ptr_nonnull(c->name);
	ck_assert_ptr_nonnull(c->enqueue_task);
	ck_assert_ptr_nonnull(c->dequeue_task);
	ck_assert_ptr_nonnull(c->wakeup_preempt);
	ck_assert_ptr_nonnull(c->pick_next_task);
	ck_assert_ptr_nonnull(c->put_prev_task);
	ck_assert_ptr_nonnull(c->set_next_task);
	ck_assert_ptr_nonnull(c->task_tick);
	ck_assert_ptr_nonnull(c->select_task_rq);
}

START_TEST(complete)
{
	check_complete(&sched_class_stop);
	check_complete(&sched_class_deadline);
	check_complete(&sched_class_rt);
	check_complete(&sched_class_idle);
	for (unsigned int i = 0; fair_class(i); i++) {
		check_complete(fair_class(i));
		ck_assert_ptr_nonnull(fair_class(i)->yield_task);
		ck_assert_ptr_nonnull(fair_class(i)->update_curr);
	}
}
END_TEST

/* The idle class always has its task, and never another. */
START_TEST(idle)
{
	const struct rq *rq;

	start(0, 1, false);
	rq = cpu_rq(h.kernel, 0);
	ck_assert_ptr_eq(sched_class_idle.pick_next_task(cpu_rq(h.kernel, 0)),
			 rq->idle);
	finish();
}
END_TEST

int main(void)
{
	const char *plugin = g_getenv("SCHED_PLUGIN");
	g_autofree char *why = plugin ? sched_plugin_load(plugin) : NULL;
	Suite *suite = suite_create("sched-class");
	TCase *tc = tcase_create("sched-class");

	if (why)
		g_error("%s", why);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, complete);
	tcase_add_test(tc, idle);
	tcase_add_test(tc, told_of_wakeups);
	tcase_add_loop_test(tc, offers_who_is_runnable, 0, (int)nr_classes());
	tcase_add_loop_test(tc, forgets_nobody, 0, (int)nr_classes());
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
