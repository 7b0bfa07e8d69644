/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of where real-time tasks wake up, whom they preempt there and who makes
 * room: decision tables of select_task_rq_rt(), wakeup_preempt_rt(),
 * task_woken_rt() and switched_from_rt() by hand from kernel/sched/rt.c of
 * Linux 6.12.
 */
#include <config.h>

#include "kernel-harness.h"

static const struct op hog[] = { RUN(100 * MS), AGAIN(hog) };

/* What the first CPU is interrupted in when it calls others. */
static struct frame calling;

/*
 * A situation: for each CPU who runs there: nothing ("."), a fair task ("f"), a
 * deadline task ("d") or a real-time one by priority, followed by "p" if it may
 * run nowhere else.
 */
static struct task *made(const char *who, int only)
{
	struct task_attr deadline = { .comm = "d",
				      .policy = POLICY_DEADLINE,
				      .dl_runtime = 5 * MS,
				      .dl_deadline = 10 * MS,
				      .dl_period = 10 * MS,
				      .entry = hog };

	if (!strcmp(who, "f"))
		return &h.task[harness_fair("f", hog, 0, only, KTIME_MAX)];
	if (!strcmp(who, "d"))
		return &h.task[harness_add(&deadline, KTIME_MAX)];
	return &h.task[harness_rt("r", hog, POLICY_FIFO, atoi(who), only,
				  KTIME_MAX)];
}

static void set_cpu(unsigned int cpu, const char *who)
{
	struct rq *rq = cpu_rq(h.kernel, cpu);
	int only = strchr(who, 'p') ? (int)cpu : -1;
	struct task *p;

	if (!strcmp(who, "."))
		return;
	p = made(who, only);
	p->cpu = cpu;
	activate_task(rq, p, ENQUEUE_INITIAL);
	p->sched_class->set_next_task(rq, p);
	rq->curr = p;
}

static void start_version(const char *cpus, const char *isolated,
			  const char *version)
{
	char **who = g_strsplit(cpus, " ", 0);
	struct harness_config config = { .nr_cpus = g_strv_length(who),
					 .version = version };

	for (const char *c = isolated; *c; c++)
		cpumask_set_cpu(&config.isolcpus, (unsigned int)(*c - '0'));
	harness_start(&config);
	for (unsigned int i = 0; who[i]; i++)
		set_cpu(i, who[i]);
	g_strfreev(who);
}

static void finish(void)
{
	for (unsigned int i = 0; i < h.kernel->config.nr_cpus; i++)
		cpu_rq(h.kernel, i)->curr = cpu_rq(h.kernel, i)->idle;
	harness_finish();
}

static void start_isolated(const char *cpus, const char *isolated)
{
	start_version(cpus, isolated, NULL);
}

static void start(const char *cpus)
{
	start_isolated(cpus, "");
}

/* One of priority 30 that ran on the first CPU wakes up, by the last one. */
static const struct {
	const char *cpus;
	int only;
	unsigned int expected;
} wakeups[] = {
	{ "f . .", -1, 0 },    /* it preempts who is not real-time */
	{ "20 . .", -1, 0 },   /* or less urgent and may go */
	{ "20p f f", -1, 2 },  /* but not one that must stay */
	{ "30 f f", -1, 2 },   /* an equal */
	{ "31 f f", -1, 2 },   /* or a more urgent one */
	{ "40 20 10", -1, 2 }, /* to the least urgent */
	{ "40 10 20", -1, 1 },
	{ "40 10 10", -1, 2 }, /* the waker's before another one */
	{ "40 10 50", -1, 1 },
	{ "40 30 50", -1, 0 },	/* nowhere would it run */
	{ "20p 25 25", -1, 0 }, /* nobody is less urgent than here */
	{ "50 . .", 0, 0 },	/* it may not go */
	{ "f . .", 1, 1 },	/* it may not be where it was */
};

START_TEST(woken)
{
	struct task *p;
	unsigned int cpu;

	start(wakeups[_i].cpus);
	p = &h.task[harness_rt("p", hog, POLICY_FIFO, 30, wakeups[_i].only,
			       KTIME_MAX)];
	p->cpu = 0;
	cpu = p->sched_class->select_task_rq(p, &h.kernel->cpus[2]);
	ck_assert_msg(cpu == wakeups[_i].expected, "%s: CPU %u",
		      wakeups[_i].cpus, cpu);
	finish();
}
END_TEST

/* Where a deadline task runs it wakes up nevertheless, to be pushed away at once;
 * up to 6.6 that counts as more urgent. */
START_TEST(deadline_is_no_hindrance)
{
	static const char *const version[] = { "6.12", "6.6", "6.1" };
	struct task *p;
	struct rq *rq;

	start_version("d f", "", version[_i]);
	rq = cpu_rq(h.kernel, 0);
	rq->kc->cpu.top = &calling;
	p = &h.task[harness_rt("p", hog, POLICY_FIFO, 30, -1, KTIME_MAX)];
	p->cpu = 0;
	ck_assert_uint_eq(p->sched_class->select_task_rq(p, rq->kc), _i > 0);
	activate_task(rq, p, ENQUEUE_WAKEUP);
	p->sched_class->task_woken(rq, p);
	ck_assert_uint_eq(p->cpu, _i == 0);
	finish();
}
END_TEST

/* A CPU with a deadline task looks as if it had none when a real-time task has
 * come there and gone: another one goes there then. */
START_TEST(deadline_is_forgotten)
{
	struct task *p, *came;

	start("40 d");
	p = &h.task[harness_rt("p", hog, POLICY_FIFO, 30, -1, KTIME_MAX)];
	p->cpu = 0;
	ck_assert_uint_eq(p->sched_class->select_task_rq(p, h.kernel->cpus), 0);
	came = made("20", 1);
	came->cpu = 1;
	activate_task(cpu_rq(h.kernel, 1), came, ENQUEUE_WAKEUP);
	ck_assert_uint_eq(p->sched_class->select_task_rq(p, h.kernel->cpus), 1);
	deactivate_task(cpu_rq(h.kernel, 1), came, DEQUEUE_SLEEP);
	ck_assert_uint_eq(p->sched_class->select_task_rq(p, h.kernel->cpus), 1);
	finish();
}
END_TEST

/* It is queued on the first CPU: does it preempt? */
static const struct {
	const char *cpus;
	int only;
	bool preempts;
} preemptions[] = {
	{ "29 f", -1, true },  /* a less urgent one */
	{ "31 f", 0, false },  /* no more urgent one */
	{ "30 f", -1, false }, /* an equal, if that could go, not it */
	{ "30 f", 0, true },   /* but where would it? */
	{ "30p f", 0, false }, /* both must stay */
	{ "30 30", 0, false }, /* it would run nowhere else */
	{ "30 40", -1, false },
};

START_TEST(preempts)
{
	struct task *p;
	struct rq *rq;

	start(preemptions[_i].cpus);
	rq = cpu_rq(h.kernel, 0);
	p = &h.task[harness_rt("p", hog, POLICY_FIFO, 30, preemptions[_i].only,
			       KTIME_MAX)];
	p->cpu = 0;
	activate_task(rq, p, ENQUEUE_WAKEUP);
	p->sched_class->wakeup_preempt(rq, p);
	ck_assert_msg(!!(rq->curr->tif & TIF_NEED_RESCHED) ==
			      preemptions[_i].preempts,
		      "%s", preemptions[_i].cpus);
	ck_assert_int_eq(p->sched_class->pick_next_task(rq) == p,
			 preemptions[_i].preempts);
	finish();
}
END_TEST

/* One of priority 30 runs, another waits; the priority of one of them changes:
 * does the other have to run? */
static const struct {
	const char *waits;
	bool of_running;
	int prio;
	bool preempts;
} changes[] = {
	{ "20", false, 31, true },  { "20", false, 30, false },
	{ "20", false, 25, false }, { "f", false, 31, true },
	{ "f", false, 30, false },  { "20", true, 19, true },
	{ "20", true, 20, false },  { "20", true, 25, false },
	{ "20", true, 40, false },
};

START_TEST(priority_changes)
{
	struct task *running, *waiting;
	struct kcpu *kc;

	start("30");
	kc = &h.kernel->cpus[0];
	running = kc->rq.curr;
	waiting = &h.task[changes[_i].waits[0] == 'f' ?
				  harness_fair("f", hog, 0, 0, KTIME_MAX) :
				  harness_rt("r", hog, POLICY_FIFO, 20, 0,
					     KTIME_MAX)];
	activate_task(&kc->rq, waiting, ENQUEUE_WAKEUP);
	ck_assert(rt_mutex_setprio(kc,
				   changes[_i].of_running ? running : waiting,
				   MAX_RT_PRIO - 1 - changes[_i].prio, NULL));
	ck_assert_int_eq(!!(running->tif & TIF_NEED_RESCHED),
			 changes[_i].preempts);
	finish();
}
END_TEST

/* One of priority 45 waits on the first CPU, where 50 runs and one of priority
 * 30 wakes up, and could run on the second: it is pushed if the one that woke
 * could go, too, and the CPU will not look for itself. */
static const struct {
	int only;
	bool asked, pushed;
} pushes[] = {
	{ -1, false, true },
	{ -1, true, false },
	{ 0, false, false },
	{ 0, true, false },
};

static struct task *waits_on_first(int prio, int only)
{
	struct rq *rq = cpu_rq(h.kernel, 0);
	struct task *p = &h.task[harness_rt("w", hog, POLICY_FIFO, prio, only,
					    KTIME_MAX)];

	p->cpu = 0;
	activate_task(rq, p, ENQUEUE_WAKEUP);
	return p;
}

START_TEST(pushed)
{
	struct task *waiting, *wakee;
	struct rq *rq;

	start("50 40 60");
	rq = cpu_rq(h.kernel, 0);
	rq->kc->cpu.top = &calling;
	waiting = waits_on_first(45, -1);
	wakee = waits_on_first(30, pushes[_i].only);
	if (pushes[_i].asked)
		rq->curr->tif |= TIF_NEED_RESCHED;
	wakee->sched_class->task_woken(rq, wakee);
	ck_assert_uint_eq(waiting->cpu, pushes[_i].pushed);
	ck_assert_uint_eq(wakee->cpu, 0);
	rq->curr->tif = 0;
	finish();
}
END_TEST

/* One that had not gone to sleep yet is not pushed when it is woken: it waited
 * before, too. */
START_TEST(woken_while_it_waits)
{
	struct task *waiting;

	start("50 f");
	h.kernel->cpus[0].cpu.top = &calling;
	waiting = waits_on_first(45, -1);
	waiting->state = TASK_INTERRUPTIBLE;
	ck_assert(try_to_wake_up(h.kernel->cpus, waiting, NO_EVENT));
	ck_assert_uint_eq(waiting->cpu, 0);
	ck_assert_uint_eq(waiting->state, TASK_RUNNING);
	finish();
}
END_TEST

/* The last real-time task of the second CPU becomes a fair one while something
 * else runs there: if it is runnable, what waits on the first CPU comes. */
static const struct {
	bool waits, on_rq, pulled;
} departures[] = {
	{ true, true, true },
	{ false, true, false },
	{ true, false, false },
};

START_TEST(last_one_leaves)
{
	struct task *p, *waiting = NULL;
	struct rq *rq;

	start("50 f");
	rq = cpu_rq(h.kernel, 1);
	h.kernel->cpus[0].cpu.top = &calling;
	if (departures[_i].waits)
		waiting = waits_on_first(45, -1);
	p = &h.task[harness_fair("p", hog, 0, 1, KTIME_MAX)];
	p->on_rq = departures[_i].on_rq;
	sched_class_rt.switched_from(rq, p);
	ck_assert_int_eq(!!(rq->curr->tif & TIF_NEED_RESCHED),
			 departures[_i].pulled);
	if (waiting)
		ck_assert_uint_eq(waiting->cpu, departures[_i].pulled);
	p->on_rq = false;
	finish();
}
END_TEST

/* Who may run everywhere stays among isolated CPUs, or among the others: where
 * it wakes up, and where something that waits is pulled to. */
START_TEST(root_domains)
{
	const struct sched_class *class;
	struct task *p, *leaver;

	start_isolated("40 20 . 40 10 .", "345");
	p = &h.task[harness_rt("p", hog, POLICY_FIFO, 30, -1, KTIME_MAX)];
	cpumask_set_cpu(&p->cpus_mask, 3);
	cpumask_set_cpu(&p->cpus_mask, 4);
	p->nr_cpus_allowed = 5;
	class = p->sched_class;
	cpumask_clear_cpu(&p->cpus_mask, 2);
	for (unsigned int cpu = 0; cpu < 4; cpu += 3) {
		p->cpu = cpu;
		ck_assert_uint_eq(class->select_task_rq(p, &h.kernel->cpus[0]),
				  cpu + 1);
	}
	activate_task(cpu_rq(h.kernel, 3), p, ENQUEUE_WAKEUP);
	for (unsigned int i = 0; i < 6; i++)
		h.kernel->cpus[i].cpu.top = &calling;
	cpumask_set_cpu(&p->cpus_mask, 2);
	cpumask_set_cpu(&p->cpus_mask, 5);
	leaver = &h.task[harness_fair("q", hog, 0, -1, KTIME_MAX)];
	leaver->on_rq = true;
	class->switched_from(cpu_rq(h.kernel, 2), leaver);
	ck_assert_uint_eq(p->cpu, 3);
	class->switched_from(cpu_rq(h.kernel, 5), leaver);
	ck_assert_uint_eq(p->cpu, 5);
	leaver->on_rq = false;
	finish();
}
END_TEST

/* One that sleeps disturbs nobody by becoming a real-time task. */
START_TEST(sleeper_changes)
{
	struct task *p;

	start("30 40");
	p = &h.task[harness_fair("p", hog, 0, 0, KTIME_MAX)];
	ck_assert(rt_mutex_setprio(&h.kernel->cpus[0], p, 10, NULL));
	ck_assert_ptr_eq(p->sched_class, &sched_class_rt);
	ck_assert(!(cpu_rq(h.kernel, 0)->curr->tif & TIF_NEED_RESCHED));
	finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rt-place");
	TCase *tc = tcase_create("rt-place");

	tcase_add_loop_test(tc, woken, 0, (int)G_N_ELEMENTS(wakeups));
	tcase_add_loop_test(tc, preempts, 0, (int)G_N_ELEMENTS(preemptions));
	tcase_add_loop_test(tc, priority_changes, 0,
			    (int)G_N_ELEMENTS(changes));
	tcase_add_loop_test(tc, pushed, 0, (int)G_N_ELEMENTS(pushes));
	tcase_add_loop_test(tc, last_one_leaves, 0,
			    (int)G_N_ELEMENTS(departures));
	tcase_add_test(tc, root_domains);
	tcase_add_test(tc, sleeper_changes);
	tcase_add_loop_test(tc, deadline_is_no_hindrance, 0, 3);
	tcase_add_test(tc, deadline_is_forgotten);
	tcase_add_test(tc, woken_while_it_waits);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
