/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of wait queues, of sleeping, and of what must not be lost between
 * saying that one sleeps and sleeping.
 */
#include <config.h>

#include "kernel-harness.h"

static const struct op waiter_a[] = { WAIT(0), NOTE('a'), AGAIN(waiter_a) };
static const struct op waiter_b[] = { WAIT(0), NOTE('b'), AGAIN(waiter_b) };
static const struct op waiter_c[] = { WAIT(0), NOTE('c'), AGAIN(waiter_c) };
static const struct op wake_one[] = { WAKE_ONE(0), RET };
static const struct op wake_task_0[] = { WAKE(0), RET };

static void start(unsigned int nr_cpus)
{
	struct harness_config config = { .nr_cpus = nr_cpus };

	harness_start(&config);
}

/* Each wakeup is for the one that has waited longest. */
START_TEST(in_order)
{
	start(1);
	harness_kthread("c", waiter_c, 0, 10 * US);
	harness_kthread("a", waiter_a, 0, 20 * US);
	harness_kthread("b", waiter_b, 0, 30 * US);
	for (unsigned int i = 0; i < 5; i++)
		harness_irq_at(0, wake_one, (100 + 10 * i) * US);
	harness_run(900 * US);
	check_text("c100 a110 b120 c130 a140");
	harness_finish();
}
END_TEST

/* Several at one instant wake as many. */
START_TEST(at_once)
{
	start(4);
	harness_kthread("a", waiter_a, 1, 10 * US);
	harness_kthread("b", waiter_b, 2, 20 * US);
	harness_kthread("c", waiter_c, 3, 30 * US);
	harness_irq_at(0, wake_one, 100 * US);
	harness_irq_at(0, wake_one, 100 * US);
	harness_run(900 * US);
	/* Which CPU is first within the instant is nobody's business. */
	if (strcmp(h.text->str, "a100 b100") != 0)
		check_text("b100 a100");
	harness_finish();
}
END_TEST

static unsigned int nobody;

static void wake_nobody(struct cpu *cpu, const struct op *op)
{
	(void)op;
	if (!wake_up_one(to_kcpu(cpu), &h.queue[0], cpu->sim->now))
		nobody++;
}

START_TEST(empty_queue)
{
	static const struct op handler[] = { DO(wake_nobody), RET };

	nobody = 0;
	start(1);
	harness_irq_at(0, handler, 100 * US);
	harness_run(900 * US);
	ck_assert_uint_eq(nobody, 1);
	harness_finish();
}
END_TEST

/* Who runs already is not woken. */
START_TEST(awake_already)
{
	static const struct op path[] = { RUN(200 * US), NOTE('r'), BLOCK,
					  NOTE('w'),	 BLOCK,	    DIE };

	start(1);
	harness_kthread("a", path, 0, 0);
	harness_irq_at(0, wake_task_0, 100 * US);
	harness_irq_at(0, wake_task_0, 300 * US);
	harness_run(900 * US);
	check_text("r200 w300");
	harness_finish();
}
END_TEST

START_TEST(dead_stays_dead)
{
	static const struct op path[] = { NOTE('r'), DIE, NOTE('z'), BLOCK };

	start(1);
	harness_kthread("a", path, 0, 0);
	harness_irq_at(0, wake_task_0, 100 * US);
	harness_run(900 * US);
	check_text("r0");
	harness_finish();
}
END_TEST

/*
 * Between the state and schedule()
 */

static const struct op slow_sleeper[] = {
	RUN(100 * US), SET_STATE(TASK_INTERRUPTIBLE), RUN(100 * US),
	NOTE('s'),     CALL(schedule_path),	      NOTE('w'),
	DIE,
};

/* A wakeup in between: schedule() does not sleep. */
START_TEST(woken_before_it_slept)
{
	start(1);
	harness_kthread("a", slow_sleeper, 0, 0);
	harness_irq_at(0, wake_task_0, 150 * US);
	harness_run(900 * US);
	check_text("s200 w200");
	harness_finish();
}
END_TEST

static const struct op high_50[] = { NOTE('H'), RUN(50 * US), NOTE('h'), BLOCK,
				     AGAIN(high_50) };
static const struct op wake_task_1[] = { WAKE(1), RET };

/* Preempted in between: it stays runnable, comes to its schedule(), sleeps,
 * and is woken later. */
START_TEST(preempted_before_it_slept)
{
	start(1);
	harness_kthread("a", slow_sleeper, 0, 0);
	harness_rt("high", high_50, POLICY_FIFO, 10, 0, KTIME_MAX);
	harness_irq_at(0, wake_task_1, 150 * US);
	harness_irq_at(0, wake_task_0, 500 * US);
	harness_run(900 * US);
	check_text("H150 h200 s250 w500");
	ck_assert_uint_eq(h.task[0].nivcsw, 1);
	harness_finish();
}
END_TEST

/* Both: woken while preempted. */
START_TEST(woken_while_preempted)
{
	start(1);
	harness_kthread("a", slow_sleeper, 0, 0);
	harness_rt("high", high_50, POLICY_FIFO, 10, 0, KTIME_MAX);
	harness_irq_at(0, wake_task_1, 150 * US);
	harness_irq_at(0, wake_task_0, 170 * US);
	harness_run(900 * US);
	check_text("H150 h200 s250 w250");
	harness_finish();
}
END_TEST

static const struct op slow_waiter[] = {
	RUN(100 * US), { .exec = harness_prepare, .a.num = 0 }, RUN(100 * US),
	NOTE('s'),     WHEN(task_sleeps, schedule_path),	NOTE('w'),
	DIE,
};

/* The same with a queue. */
START_TEST(queue_woken_before_it_slept)
{
	start(1);
	harness_kthread("a", slow_waiter, 0, 0);
	harness_rt("high", high_50, POLICY_FIFO, 10, 0, KTIME_MAX);
	harness_irq_at(0, wake_task_1, 120 * US);
	harness_irq_at(0, wake_one, 150 * US);
	harness_run(900 * US);
	check_text("H120 h170 s250 w250");
	ck_assert(list_empty(&h.queue[0].waiters));
	harness_finish();
}
END_TEST

/* From another CPU, while it is on its way to sleep. */
START_TEST(woken_from_another_cpu)
{
	static const struct op path[] = { RUN(150 * US), WAKE(0), NOTE('.'),
					  DIE };

	start(2);
	harness_kthread("a", slow_sleeper, 0, 0);
	harness_kthread("b", path, 1, 0);
	harness_run(900 * US);
	check_text(".150 s200 w200");
	harness_finish();
}
END_TEST

static void told_waking(void *data, const struct trace_record *record)
{
	GString *text = data;

	if (record->object == &h.task[0])
		g_string_append_printf(text, "%u@%d ", record->cpu,
				       (int)(record->when / US));
}

/* While it is inside __schedule() one CPU waits until it can wake it; another
 * one that wants that, too, finds it awake.  Each __schedule() takes 100 us. */
START_TEST(woken_twice_inside_schedule)
{
	static const struct op sleeper[] = { BLOCK, NOTE('w'), DIE };
	static const struct op first[] = { RUN(30 * US), WAKE(0), DIE };
	static const struct op second[] = { RUN(60 * US), WAKE(0), DIE };
	static const struct costs costs = {
		.price = { [COST_SCHEDULE] = 100 * US },
	};
	struct harness_config config = { .nr_cpus = 3, .costs = &costs };
	g_autoptr(GString) wakings = g_string_new(NULL);

	harness_start(&config);
	harness_kthread("sleeper", sleeper, 0, 0);
	harness_kthread("first", first, 1, 0);
	harness_kthread("second", second, 2, 0);
	tracer_listen(&h.sim.tracer, TP_sched_waking, told_waking, wakings);
	harness_run(900 * US);
	check_text("w300");
	ck_assert_str_eq(wakings->str, "0@0 1@130 ");
	ck_assert_int_eq(h.task[0].event, 130 * US);
	harness_finish();
}
END_TEST

/*
 * Sleeping for a time
 */

START_TEST(sleeping)
{
	static const struct op path[] = {
		SLEEP(100 * US), NOTE('a'), RUN(5 * US), SLEEP(100 * US),
		NOTE('b'),	 SLEEP(0),  NOTE('c'),	 DIE,
	};

	start(1);
	harness_kthread("a", path, 0, 10 * US);
	harness_run(900 * US);
	check_text("a110 b215 c215");
	harness_finish();
}
END_TEST

/* Its slack delays it, the event it answers is when it asked for. */
START_TEST(slack)
{
	static const struct op path[] = { SLEEP(100 * US), NOTE('a'), BLOCK,
					  DIE };
	struct task_attr attr = { .comm = "a",
				  .policy = POLICY_OTHER,
				  .timer_slack = 50 * US,
				  .entry = path,
				  .kthread = true };

	start(1);
	harness_add(&attr, 10 * US);
	harness_run(900 * US);
	check_text("a160");
	ck_assert_int_eq(h.task[0].event, 110 * US);
	harness_finish();
}
END_TEST

/* Woken by another before its time, by its timer no more than once. */
START_TEST(woken_before_its_time)
{
	static const struct op path[] = { SLEEP(200 * US), NOTE('a'),
					  SLEEP(300 * US), NOTE('b'), DIE };

	start(1);
	harness_kthread("a", path, 0, 0);
	harness_irq_at(0, wake_task_0, 50 * US);
	harness_run(900 * US);
	check_text("a50 b350");
	harness_finish();
}
END_TEST

static unsigned int nr_waking, nr_wakeup, nr_state;

static void told(void *data, const struct trace_record *record)
{
	if (record->object == &h.task[0])
		++*(unsigned int *)data;
}

START_TEST(tracepoints)
{
	start(1);
	nr_waking = nr_wakeup = nr_state = 0;
	tracer_listen(&h.sim.tracer, TP_sched_waking, told, &nr_waking);
	tracer_listen(&h.sim.tracer, TP_sched_wakeup, told, &nr_wakeup);
	tracer_listen(&h.sim.tracer, TP_sched_set_state, told, &nr_state);
	harness_kthread("a", waiter_a, 0, 10 * US);
	for (unsigned int i = 0; i < 3; i++)
		harness_irq_at(0, wake_one, (100 + 10 * i) * US);
	harness_run(900 * US);
	/* The first is its beginning. */
	ck_assert_uint_eq(nr_waking, 4);
	ck_assert_uint_eq(nr_wakeup, 4);
	ck_assert_uint_eq(nr_state, 4);
	harness_finish();
}
END_TEST

/* Who is woken before it slept was not asleep: its state changes, and no wakeup
 * is told; see ttwu_running(). */
START_TEST(tracepoints_of_one_awake)
{
	start(1);
	nr_waking = nr_wakeup = nr_state = 0;
	tracer_listen(&h.sim.tracer, TP_sched_waking, told, &nr_waking);
	tracer_listen(&h.sim.tracer, TP_sched_wakeup, told, &nr_wakeup);
	tracer_listen(&h.sim.tracer, TP_sched_set_state, told, &nr_state);
	harness_kthread("a", slow_sleeper, 0, 0);
	harness_irq_at(0, wake_task_0, 150 * US);
	harness_run(900 * US);
	ck_assert_uint_eq(nr_waking, 2);
	ck_assert_uint_eq(nr_wakeup, 1);
	/* that it sleeps, that it does not, and that it is dead */
	ck_assert_uint_eq(nr_state, 3);
	harness_finish();
}
END_TEST

#define WAIT_IN(i)                                    \
	{                                             \
		.exec = harness_prepare, .a.num = (i) \
	}

/* One who is in a queue and gets into another would tie them together: walks
 * along them would not end. */
START_TEST(in_two_queues)
{
	static const struct op greedy[] = { WAIT_IN(0), WAIT_IN(1), BLOCK,
					    DIE };

	start(1);
	harness_kthread("greedy", greedy, 0, 0);
	harness_run(900 * US);
	harness_finish();
}
END_TEST

static struct cpu_stop_work twice;

static void queue_twice(struct cpu *cpu, const struct op *op)
{
	(void)op;
	stop_one_cpu_nowait(to_kcpu(cpu), &twice);
	stop_one_cpu_nowait(to_kcpu(cpu), &twice);
}

START_TEST(a_work_queued_twice)
{
	static const struct op handler[] = { DO(queue_twice), RET };
	struct harness_config config = { .model = "rt", .nr_cpus = 2 };

	twice = (struct cpu_stop_work){ .path = NULL };
	harness_start(&config);
	harness_irq_at(0, handler, 100 * US);
	harness_run(100 * US);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wait");
	TCase *tc = tcase_create("wait");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, in_order);
	tcase_add_test(tc, at_once);
	tcase_add_test(tc, empty_queue);
	tcase_add_test(tc, awake_already);
	tcase_add_test(tc, dead_stays_dead);
	tcase_add_test(tc, woken_before_it_slept);
	tcase_add_test(tc, preempted_before_it_slept);
	tcase_add_test(tc, woken_while_preempted);
	tcase_add_test(tc, queue_woken_before_it_slept);
	tcase_add_test(tc, woken_from_another_cpu);
	tcase_add_test(tc, woken_twice_inside_schedule);
	tcase_add_test(tc, sleeping);
	tcase_add_test(tc, slack);
	tcase_add_test(tc, woken_before_its_time);
	tcase_add_test(tc, tracepoints);
	tcase_add_test(tc, tracepoints_of_one_awake);
	if (srunner_fork_status(runner) == CK_FORK) {
		tcase_add_exit_test(tc, in_two_queues, 70);
		tcase_add_exit_test(tc, a_work_queued_twice, 70);
	}
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
