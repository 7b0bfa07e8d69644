/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of which of several CPUs that are as good a real-time task goes to, and
 * of who makes way for one that must stay: by hand from lib/cpumask.c,
 * kernel/sched/rt.c, deadline.c and core.c of Linux 6.12.
 */
#include <config.h>

#include "kernel-harness.h"

static const struct op hog[] = { RUN(100 * MS), AGAIN(hog) };

static struct task *put(struct task *p, unsigned int cpu)
{
	struct rq *rq = cpu_rq(h.kernel, cpu);

	p->cpu = cpu;
	activate_task(rq, p, ENQUEUE_INITIAL);
	p->sched_class->set_next_task(rq, p);
	rq->curr = p;
	return p;
}

static struct task *rt(int prio)
{
	return &h.task[harness_rt("r", hog, POLICY_FIFO, prio, -1, KTIME_MAX)];
}

static struct task *dl(ktime_t deadline)
{
	struct task_attr attr = { .comm = "d",
				  .policy = POLICY_DEADLINE,
				  .dl_runtime = MS,
				  .dl_deadline = deadline,
				  .dl_period = deadline,
				  .entry = hog };

	return &h.task[harness_add(&attr, KTIME_MAX)];
}

static void start(unsigned int cpus)
{
	struct harness_config config = { .nr_cpus = cpus };

	harness_start(&config);
}

static void finish(void)
{
	for (unsigned int i = 0; i < h.kernel->config.nr_cpus; i++)
		cpu_rq(h.kernel, i)->curr = cpu_rq(h.kernel, i)->idle;
	harness_finish();
}

static unsigned int goes_to(struct task *p, unsigned int waker)
{
	return p->sched_class->select_task_rq(p, &h.kernel->cpus[waker]);
}

/* 10 runs on the second, fourth and fifth CPU, one of 30 wakes up for the first,
 * by one or the other of the rest: for each of these they take turns. */
START_TEST(equals_take_turns)
{
	static const int prio[] = { 40, 10, 50, 10, 10 };
	struct task *p;

	start(5);
	for (unsigned int i = 0; i < 5; i++)
		put(rt(prio[i]), i);
	p = rt(30);
	p->cpu = 0;
	ck_assert_uint_eq(goes_to(p, 2), 1);
	ck_assert_uint_eq(goes_to(p, 2), 3);
	ck_assert_uint_eq(goes_to(p, 0), 1);
	ck_assert_uint_eq(goes_to(p, 2), 4);
	ck_assert_uint_eq(goes_to(p, 2), 1);
	ck_assert_uint_eq(goes_to(p, 0), 3);
	finish();
}
END_TEST

/* Whether there is one at all takes no turn. */
START_TEST(equal_priorities_take_none)
{
	struct task *p;
	struct rq *rq;

	start(3);
	rq = cpu_rq(h.kernel, 0);
	put(rt(30), 0);
	p = rt(30);
	p->cpu = 0;
	activate_task(rq, p, ENQUEUE_WAKEUP);
	p->sched_class->wakeup_preempt(rq, p);
	ck_assert_uint_eq(h.kernel->cpus[0].distribute_cpu_mask_prev, 0);
	ck_assert_uint_eq(goes_to(p, 0), 1);
	ck_assert_uint_eq(goes_to(p, 0), 2);
	finish();
}
END_TEST

/* Nor does a task that may stay, or go to the waker's. */
START_TEST(no_choice_takes_none)
{
	struct task *p;

	start(3);
	put(rt(40), 0);
	p = rt(30);
	p->cpu = 0;
	ck_assert_uint_eq(goes_to(p, 2), 2);
	p->cpu = 1;
	ck_assert_uint_eq(goes_to(p, 0), 1);
	for (unsigned int i = 0; i < 3; i++)
		ck_assert_uint_eq(h.kernel->cpus[i].distribute_cpu_mask_prev,
				  0);
	finish();
}
END_TEST

/* Deadline tasks: of CPUs without any. */
START_TEST(free_cpus_take_turns)
{
	static const unsigned int turns[] = { 1, 2, 3, 1 };
	struct task *p;

	start(4);
	put(dl(10 * MS), 0);
	p = dl(20 * MS);
	p->cpu = 0;
	p->dl.node.deadline = 20 * MS;
	for (unsigned int i = 0; i < G_N_ELEMENTS(turns); i++)
		ck_assert_uint_eq(goes_to(p, 0), turns[i]);
	finish();
}
END_TEST

/* Who may move again, after somebody else had the CPU meanwhile, takes a turn of
 * the CPU it is on. */
START_TEST(leave_to_move_takes_one)
{
	struct task *p;

	start(3);
	p = put(rt(30), 1);
	for (unsigned int i = 0; i < 4; i++) {
		migrate_disable(p);
		migrate_disable(p);
		p->nivcsw += i % 2;
		migrate_enable(p);
		ck_assert_uint_eq(h.kernel->cpus[1].distribute_cpu_mask_prev,
				  i / 2);
		migrate_enable(p);
		ck_assert_uint_eq(h.kernel->cpus[1].distribute_cpu_mask_prev,
				  (i + 1) / 2);
	}
	ck_assert_uint_eq(h.kernel->cpus[0].distribute_cpu_mask_prev, 0);
	finish();
}
END_TEST

/*
 * On the first CPU `m' must stay, and `a', more urgent, has preempted it.  At 50
 * us the second CPU has nothing more to do, and asks for `a'; but that has
 * disabled preemption from 40 to 60, and at its end may not move either, up to
 * 90.  Then it goes at once.
 */
static void disable_migration(struct cpu *cpu, const struct op *op)
{
	(void)op;
	migrate_disable(to_kcpu(cpu)->rq.curr);
}

static void enable_migration(struct cpu *cpu, const struct op *op)
{
	migrate_enable(to_kcpu(cpu)->rq.curr);
	op_preempt_check_resched(cpu, op);
}

#define PREEMPT_OFF DO_WITH(op_preempt_disable, "test")
#define PREEMPT_ON DO_WITH(op_preempt_enable, "test")

static const struct op stays[] = { DO(disable_migration), RUN(100 * MS),
				   AGAIN(stays) };

static const struct {
	struct op program[12];
	const char *text;
} makes_way[] = {
	{ { SYSCALL, RUN(20 * US), PREEMPT_OFF, RUN(20 * US),
	    DO(disable_migration), PREEMPT_ON, RUN(30 * US),
	    DO(enable_migration), RUN(10 * MS), RUN(10 * MS), DIE },
	  "y/1@0 m/0@1 a/0@20 idle/1@50 migration/0/0@60 a/0@60 "
	  "migration/0/0@90 a/1@90 m/0@90" },
	/* who may not move when it is asked for is not told to */
	{ { SYSCALL, RUN(20 * US), DO(disable_migration), RUN(50 * US),
	    DO(enable_migration), RUN(10 * MS), RUN(10 * MS), DIE },
	  "y/1@0 m/0@1 a/0@20 idle/1@50" },
	/* who may move when the stop task comes goes then */
	{ { SYSCALL, RUN(20 * US), PREEMPT_OFF, RUN(20 * US), PREEMPT_ON,
	    RUN(10 * MS), RUN(10 * MS), DIE },
	  "y/1@0 m/0@1 a/0@20 idle/1@50 migration/0/0@60 a/1@60 m/0@60" },
};

/* cf. try_to_wake_up(): under the pi_lock. */
static void check_atomic(void *data, const struct trace_record *record)
{
	const struct kcpu *kc = &h.kernel->cpus[record->cpu];

	(void)data;
	ck_assert(preempt_count(kc) && !cpu_irqs_on(&kc->cpu));
}

START_TEST(makes_way_later)
{
	static const struct op run_50[] = { RUN(50 * US), SYSCALL, DIE };
	struct harness_config config = { .model = "rt",
					 .nr_cpus = 2,
					 .hz = 1000 };

	harness_start(&config);
	harness_log_switches();
	tracer_listen(&h.sim.tracer, TP_sched_waking, check_atomic, NULL);
	harness_rt("y", run_50, POLICY_FIFO, 50, 1, 0);
	harness_rt("m", stays, POLICY_FIFO, 10, -1, 1 * US);
	harness_rt("a", makes_way[_i].program, POLICY_FIFO, 20, -1, 20 * US);
	harness_run(500 * US);
	check_text(makes_way[_i].text);
	ck_assert(!h.task[2].push_later);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("push-cpu");
	TCase *tc = tcase_create("push-cpu");

	tcase_add_test(tc, equals_take_turns);
	tcase_add_test(tc, equal_priorities_take_none);
	tcase_add_test(tc, no_choice_takes_none);
	tcase_add_test(tc, free_cpus_take_turns);
	tcase_add_test(tc, leave_to_move_takes_one);
	tcase_add_loop_test(tc, makes_way_later, 0, G_N_ELEMENTS(makes_way));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
