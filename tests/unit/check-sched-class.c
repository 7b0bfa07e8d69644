/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The contract of struct sched_class, held by every class: at random, tasks are
 * woken, put to sleep, switched, preempted, ticked and yield, as the core would
 * do it; after each step the class must offer a task if and only if it has one,
 * and only one that is runnable.  Where a class knows groups, that holds for
 * tasks in groups, too.
 *
 * A plug-in that SCHED_PLUGIN names is held to it like the others.
 */
#include <config.h>

#include "kernel-harness.h"
#include "preemptsim/base/rng.h"
#include "preemptsim/kernel/task-group.h"

#define NR_STEPS 4000
#define NR_TASKS 12
#define NR_GROUPS 4

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
static struct rq *rq;
static unsigned int nr_tasks;

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
		harness_add(&attr, KTIME_MAX);
		if (i == 0)
			h.task[t].sched_class = &sched_class_stop;
	}
}

static void start(unsigned int i, bool grouped)
{
	struct harness_config config = { .nr_cpus = 1 };
	struct task_group *groups[NR_GROUPS + 1] = { NULL };

	harness_start(&config);
	if (i >= NR_FIXED) {
		h.kernel->config.fair = fair_class(i - NR_FIXED);
		h.kernel->sched_class[PLACE_FAIR] = fair_class(i - NR_FIXED);
		rq_init(&h.kernel->cpus[0].rq, &h.kernel->cpus[0]);
		h.kernel->cpus[0].rq.idle = &h.kernel->cpus[0].idle;
		h.kernel->cpus[0].rq.curr = &h.kernel->cpus[0].idle;
	}
	rq = &h.kernel->cpus[0].rq;
	rng_init(&rng, 1, 0, "tests", "contract");
	if (grouped)
		make_groups(groups);
	add_tasks(i, groups);
	class = h.task[0].sched_class;
}

/* As pick_next_task() and context_switch() do it. */
static void schedule(void)
{
	struct task *prev = rq->curr, *next;

	if (class->balance)
		class->balance(rq);
	next = class->pick_next_task(rq);
	if (!next)
		next = rq->idle;
	if (next != prev) {
		prev->sched_class->put_prev_task(rq, prev);
		next->sched_class->set_next_task(rq, next);
	}
	rq->balance_callback = NULL;
	prev->tif = 0;
	rq->curr = next;
}

static void wake(struct task *p)
{
	unsigned int cpu = class->select_task_rq(p, rq->kc);

	ck_assert_uint_eq(cpu, 0);
	activate_task(rq, p,
		      ENQUEUE_WAKEUP | (p->placed ? 0 : ENQUEUE_INITIAL));
	p->placed = true;
	p->state = TASK_RUNNING;
	if (rq->curr->sched_class == class)
		class->wakeup_preempt(rq, p);
	if (class->task_woken)
		class->task_woken(rq, p);
}

static void block(void)
{
	rq->curr->state = TASK_INTERRUPTIBLE;
	deactivate_task(rq, rq->curr, DEQUEUE_SLEEP);
	schedule();
}

/* A deadline task that yields is throttled, and the stop task must not. */
static bool may_yield(void)
{
	return class != &sched_class_stop && class != &sched_class_deadline;
}

/* One thing that may happen. */
static void step(void)
{
	struct task *p = &h.task[below(nr_tasks)];
	bool runs = rq->curr->sched_class == class;

	h.sim.now += below(200) * US;
	update_rq_clock(rq);
	switch (below(6)) {
	case 0:
	case 1:
		if (!p->on_rq)
			wake(p);
		break;
	case 2:
		if (runs)
			block();
		break;
	case 3:
		if (runs)
			class->task_tick(rq, rq->curr);
		break;
	case 4:
		if (runs && may_yield())
			class->yield_task(rq);
		break;
	default:
		schedule();
	}
}

static unsigned int nr_runnable(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < nr_tasks; i++)
		n += h.task[i].on_rq;
	return n;
}

static void check_offer(void)
{
	const struct task *p = class->pick_next_task(rq);

	ck_assert_uint_eq(rq->nr_running, nr_runnable());
	ck_assert_int_eq(p != NULL, nr_runnable() != 0);
	if (p) {
		ck_assert_ptr_eq(p->sched_class, class);
		ck_assert(p->on_rq);
		ck_assert_uint_eq(p->state, TASK_RUNNING);
		ck_assert_ptr_eq(p, class->pick_next_task(rq));
	}
}

static bool knows_groups(unsigned int i)
{
	return i >= NR_FIXED && fair_class(i - NR_FIXED)->groups;
}

static void offer_who_is_runnable(unsigned int i, bool grouped)
{
	start(i, grouped);
	for (unsigned int n = 0; n < NR_STEPS; n++) {
		step();
		check_offer();
	}
	harness_finish();
}

START_TEST(offers_who_is_runnable)
{
	offer_who_is_runnable((unsigned int)_i, false);
	if (knows_groups((unsigned int)_i))
		offer_who_is_runnable((unsigned int)_i, true);
}
END_TEST

static void forget_nobody(unsigned int class_nr, bool grouped)
{
	start(class_nr, grouped);
	for (unsigned int round = 0; round < 100; round++) {
		for (unsigned int i = 0; i < nr_tasks; i++)
			if (!h.task[i].on_rq)
				wake(&h.task[i]);
		for (unsigned int i = 0; i < 50; i++)
			step();
		schedule();
		for (unsigned int i = 0; i < nr_tasks && nr_runnable(); i++)
			block();
		ck_assert_uint_eq(nr_runnable(), 0);
		ck_assert_ptr_null(class->pick_next_task(rq));
		ck_assert_ptr_eq(rq->curr, rq->idle);
	}
	harness_finish();
}

/* Whoever was queued is offered sooner or later, if the others block. */
START_TEST(forgets_nobody)
{
	forget_nobody((unsigned int)_i, false);
	if (knows_groups((unsigned int)_i))
		forget_nobody((unsigned int)_i, true);
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
	start(0, false);
	ck_assert_ptr_eq(sched_class_idle.pick_next_task(rq), rq->idle);
	harness_finish();
}
END_TEST

int main(void)
{
	const char *plugin = g_getenv("SCHED_PLUGIN");
	g_autofree char *why = plugin ? sched_plugin_load(plugin) : NULL;
	Suite *suite = suite_create("sched-class");
	TCase *tc = tcase_create("sched-class");
	SRunner *runner = srunner_create(suite);
	int failed;

	if (why)
		g_error("%s", why);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, complete);
	tcase_add_test(tc, idle);
	tcase_add_loop_test(tc, offers_who_is_runnable, 0, (int)nr_classes());
	tcase_add_loop_test(tc, forgets_nobody, 0, (int)nr_classes());
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
