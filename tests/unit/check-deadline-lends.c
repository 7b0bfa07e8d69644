/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of deadline tasks that wait for a lock, and lend its owner what they run
 * by: by hand from rt_mutex_setprio(), enqueue_task_dl() and
 * replenish_dl_entity() of Linux 6.12.
 */
#include <config.h>

#include "deadline-harness.h"
#include "kernel/sched/fair-load-private.h"

static const struct op waiter[] = {
	SYSCALL, LOCK(0, LOCK_PLAIN), NOTE('L'), UNLOCK(0, LOCK_PLAIN), DIE,
};

/* A fair task that holds what a deadline task waits for goes before FIFO tasks,
 * by the parameters of that one, and is not throttled: it has none of its own, so
 * what it has used up it gets anew as of then. */
START_TEST(lends_its_parameters)
{
	static const struct op holder[] = {
		SYSCALL,     LOCK(0, LOCK_PLAIN),
		RUN(4 * MS), UNLOCK(0, LOCK_PLAIN),
		DIE,
	};

	start(1);
	lock_init(&h.lock[0], type_named("rt_mutex"), "lock");
	harness_fair("fair", holder, 0, 0, 0);
	dl("dl", waiter, BUDGET(2, 20, 20), 0, MS);
	harness_rt("fifo", hog, POLICY_FIFO, 99, 0, 2 * MS);
	harness_run(2500 * US);
	ck_assert_int_eq(h.task[0].prio, DL_PRIO);
	ck_assert_int_eq(entity(0)->node.deadline, 21 * MS);
	harness_run(3500 * US);
	ck_assert_int_eq(entity(0)->node.deadline, 23 * MS);
	harness_run(10 * MS);
	ck_assert_int_eq(h.task[0].prio, DEFAULT_PRIO);
	check_text("fair@0 dl@1000 fair@1000 dl@4000 L4000 fifo@4000");
	harness_finish();
}
END_TEST

/* One that has used up what was lent, which no tick has noticed yet, when it
 * gives the lock back. */
START_TEST(gives_back_what_is_used_up)
{
	static const struct op holder[] = {
		SYSCALL,
		LOCK(0, LOCK_PLAIN),
		RUN(3500 * US),
		UNLOCK(0, LOCK_PLAIN),
		DIE,
	};
	struct task_attr attr = { .comm = "dl",
				  .policy = POLICY_DEADLINE,
				  .dl_runtime = 2200 * US,
				  .dl_deadline = 20 * MS,
				  .dl_period = 20 * MS,
				  .entry = waiter };

	start(1);
	lock_init(&h.lock[0], type_named("rt_mutex"), "lock");
	harness_fair("fair", holder, 0, 0, 0);
	harness_add(&attr, MS);
	harness_run(10 * MS);
	check_text("fair@0 dl@1000 fair@1000 dl@3500 L3500 fair@3500 "
		   "idle@3500");
	harness_finish();
}
END_TEST

/*
 * The owner is a deadline task itself, of 2 ms in 40, and has used them up at 2.
 * At 5 one comes that waits: if its deadline is earlier, the owner gets what that
 * has, on top of its own, and runs at once, as often as it has used that up.  Else
 * it waits for its next period.
 */
static const struct {
	ktime_t holds, budget;
	unsigned int cpu;
	ktime_t deadline;
	const char *text;
} used_up[] = {
	{ 4500 * US, 10, 0, 50 * MS,
	  "dl@0 idle@2000 wait@5000 dl@5000 wait@7500 L7500 dl@7500 "
	  "idle@7500" },
	{ 9000 * US, 10, 0, 70 * MS,
	  "dl@0 idle@2000 wait@5000 dl@5000 wait@12000 L12000 dl@12000 "
	  "idle@12000" },
	{ 4500 * US, 10, 1, 50 * MS,
	  "dl/0@0 idle/0@2000 wait/1@5000 dl/0@5000 idle/1@5000 wait/1@7500 "
	  "L7500 idle/1@7500 idle/0@7500" },
	{ 4500 * US, 60, 0, 120 * MS,
	  "dl@0 idle@2000 wait@5000 idle@5000 dl@40000 idle@42000 dl@80000 "
	  "wait@80500 L80500 idle@80500" },
};

START_TEST(lends_to_one_that_is_throttled)
{
	struct op holder[] = {
		SYSCALL,
		LOCK(0, LOCK_PLAIN),
		RUN(used_up[_i].holds),
		UNLOCK(0, LOCK_PLAIN),
		DIE,
	};

	start(1 + used_up[_i].cpu);
	lock_init(&h.lock[0], type_named("rt_mutex"), "lock");
	dl("dl", holder, BUDGET(2, 40, 40), 0, 0);
	dl("wait", waiter, BUDGET(3, used_up[_i].budget, used_up[_i].budget),
	   used_up[_i].cpu, 5 * MS);
	harness_run(100 * MS);
	check_text(used_up[_i].text);
	ck_assert_int_eq(entity(0)->node.deadline, used_up[_i].deadline);
	ck_assert(!is_dl_boosted(entity(0)));
	harness_finish();
}
END_TEST

/* Of those that wait the one with the earliest deadline lends, of whatever lock;
 * one whose deadline is later than the owner's never does. */
START_TEST(earliest_lends)
{
	static const struct op holder[] = {
		SYSCALL,
		LOCK(0, LOCK_PLAIN),
		LOCK(1, LOCK_PLAIN),
		LOCK(2, LOCK_PLAIN),
		RUN(5 * MS),
		UNLOCK(1, LOCK_PLAIN),
		RUN(1 * MS),
		UNLOCK(0, LOCK_PLAIN),
		RUN(1 * MS),
		UNLOCK(2, LOCK_PLAIN),
		DIE,
	};
	static const struct op other[] = {
		SYSCALL,
		LOCK(1, LOCK_PLAIN),
		UNLOCK(1, LOCK_PLAIN),
		DIE,
	};
	static const struct op late[] = {
		SYSCALL,
		LOCK(2, LOCK_PLAIN),
		UNLOCK(2, LOCK_PLAIN),
		DIE,
	};
	static const struct {
		ktime_t at;
		unsigned int lends;
	} times[] = { { 500 * US, 0 },	{ 1500 * US, 0 }, { 2500 * US, 2 },
		      { 3500 * US, 3 }, { 5500 * US, 2 }, { 6500 * US, 0 } };

	start(1);
	for (unsigned int i = 0; i < 3; i++)
		lock_init(&h.lock[i], type_named("rt_mutex"), "lock");
	dl("dl", holder, BUDGET(20, 100, 100), 0, 0);
	dl("late", late, BUDGET(2, 200, 200), 0, 1 * MS);
	dl("wait", waiter, BUDGET(2, 50, 50), 0, 2 * MS);
	dl("other", other, BUDGET(2, 20, 20), 0, 3 * MS);
	for (unsigned int i = 0; i < G_N_ELEMENTS(times); i++) {
		harness_run(times[i].at);
		ck_assert_ptr_eq(entity(0)->pi_se, entity(times[i].lends));
		ck_assert_int_eq(entity(0)->node.deadline, 100 * MS);
	}
	harness_finish();
}
END_TEST

/* One that sleeps while it owns the lock goes on with what is lent, as it would
 * with its own: 2 ms in 20 from 1 on, of which 1.5 are left, which at 4 is not too
 * much for 17; at 8 it would be for 13. */
static const struct {
	ktime_t sleeps, deadline;
} sleeps[] = {
	{ 2500 * US, 21 * MS },
	{ 6500 * US, 28 * MS },
};

START_TEST(sleeps_with_what_is_lent)
{
	struct op holder[] = {
		SYSCALL,
		LOCK(0, LOCK_PLAIN),
		RUN(1 * MS),
		RUN(500 * US),
		SLEEP(sleeps[_i].sleeps),
		RUN(1 * MS),
		UNLOCK(0, LOCK_PLAIN),
		DIE,
	};

	start(1);
	lock_init(&h.lock[0], type_named("rt_mutex"), "lock");
	harness_fair("fair", holder, 0, 0, 0);
	dl("dl", waiter, BUDGET(2, 20, 20), 0, MS);
	harness_run(sleeps[_i].sleeps + 2000 * US);
	ck_assert_int_eq(entity(0)->node.deadline, sleeps[_i].deadline);
	harness_finish();
}
END_TEST

/* What ran before it was lent a deadline was no deadline task: after 32 periods
 * of 1024 us the average is a half. */
START_TEST(counts_from_then_on)
{
	static const struct op holder[] = {
		SYSCALL,
		LOCK(0, LOCK_PLAIN),
		RUN(1000 * MS),
		UNLOCK(0, LOCK_PLAIN),
		DIE,
	};

	start(2);
	start_pelt(h.kernel);
	lock_init(&h.lock[0], type_named("rt_mutex"), "lock");
	harness_fair("fair", holder, 0, 0, 0);
	dl("dl", waiter, BUDGET(2, 20, 20), 0, 100 * MS);
	harness_run(100 * MS + 32 * 1024 * US);
	ck_assert_uint_ge(cpu_rq(h.kernel, 0)->avg_dl.util_avg, 490);
	ck_assert_uint_le(cpu_rq(h.kernel, 0)->avg_dl.util_avg, 515);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("deadline-lends");
	TCase *tcase = tcase_create("deadline-lends");

	tcase_add_test(tcase, lends_its_parameters);
	tcase_add_test(tcase, gives_back_what_is_used_up);
	tcase_add_loop_test(tcase, lends_to_one_that_is_throttled, 0,
			    G_N_ELEMENTS(used_up));
	tcase_add_test(tcase, earliest_lends);
	tcase_add_loop_test(tcase, sleeps_with_what_is_lent, 0, 2);
	tcase_add_test(tcase, counts_from_then_on);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
