/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of what locks are held to: each thing that can't be, once it is brought
 * about, is noticed at the next switch.  Lock 0 is an rt_mutex, lock 1 a mutex,
 * lock 2 a spinlock, lock 3 a rwlock.
 */
#include <config.h>

#include "kernel-harness.h"

#define PI 0
#define MUTEX 1
#define SPIN 2
#define RW 3

/* Tasks by number: what holds all locks, who waits for the first of them, and
 * who for the second. */
enum {
	HOLDER,
	FIRST,
	SECOND,
	PLAIN,
	SPINNER,
	READER,
	OTHER
};

static void (*spoil)(void);

static void do_spoil(struct cpu *cpu, const struct op *op)
{
	(void)cpu;
	(void)op;
	if (spoil)
		spoil();
}

#define HOLD(i, steps) LOCK(i, LOCK_PLAIN), steps, UNLOCK(i, LOCK_PLAIN)

static const struct op holder[] = { LOCK(PI, LOCK_PLAIN),
				    LOCK(MUTEX, LOCK_PLAIN),
				    LOCK(SPIN, LOCK_PLAIN),
				    LOCK(RW, LOCK_PLAIN),
				    RUN(100 * US),
				    DO(do_spoil),
				    RUN(100 * US),
				    UNLOCK(RW, LOCK_PLAIN),
				    UNLOCK(SPIN, LOCK_PLAIN),
				    UNLOCK(MUTEX, LOCK_PLAIN),
				    UNLOCK(PI, LOCK_PLAIN),
				    DIE };
static const struct op pi_waiter[] = { HOLD(PI, RUN(US)), DIE };
static const struct op mutex_waiter[] = { HOLD(MUTEX, RUN(US)), DIE };
static const struct op spinner[] = { HOLD(SPIN, RUN(US)), DIE };
static const struct op rw_waiter[] = { HOLD(RW, RUN(US)), DIE };
static const struct op switches[] = { SLEEP(US), AGAIN(switches) };

static void add(const struct op *path, unsigned int cpu, int prio)
{
	static const char *const comm[] = { "holder", "first",	 "second",
					    "plain",  "spinner", "reader",
					    "other" };
	struct task_attr attr = { .comm = comm[h.nr_tasks],
				  .policy = POLICY_FIFO,
				  .rt_priority = prio,
				  .entry = path,
				  .kthread = true };

	cpumask_set_cpu(&attr.cpus, cpu);
	harness_add(&attr, (h.nr_tasks + 1) * US);
}

/* All wait when the holder spoils something, and somewhere else somebody comes
 * and goes. */
static void run(void (*how)(void))
{
	static const char *const types[] = { "rt_mutex", "mutex", "spinlock",
					     "rwlock" };
	struct harness_config config = { .nr_cpus = 7 };
	struct lock_checker *checker;

	spoil = how;
	harness_start(&config);
	h.kernel->features.owner_spin = false;
	for (unsigned int i = 0; i < G_N_ELEMENTS(types); i++)
		lock_init(&h.lock[i], type_named(types[i]), types[i]);
	add(holder, 0, 1);
	add(pi_waiter, 1, 5);
	add(pi_waiter, 2, 4);
	add(mutex_waiter, 3, 3);
	add(spinner, 4, 2);
	add(rw_waiter, 5, 2);
	add(switches, 6, 1);
	checker = lock_checker_new(h.kernel);
	harness_run(900 * US);
	lock_checker_finish(checker);
	harness_finish();
}

static void lose_wakeup(void)
{
	h.lock[MUTEX].owner = NULL;
}

static void lose_boosting_wakeup(void)
{
	list_del(&h.lock[PI].boost_link);
	h.lock[PI].boost = MAX_PRIO;
	h.task[HOLDER].prio = h.task[HOLDER].normal_prio;
	h.lock[PI].owner = NULL;
}

static void lose_spinner(void)
{
	h.lock[SPIN].owner_cpu = NULL;
}

static void lose_rwlock(void)
{
	h.lock[RW].owner_cpu = NULL;
}

static void leave_queue(void)
{
	list_del(&h.task[SECOND].waiter.link);
}

static void swap_places(void)
{
	list_del(&h.task[FIRST].waiter.link);
	list_add_tail(&h.task[FIRST].waiter.link, &h.lock[PI].waiters);
	h.lock[PI].boost = h.task[SECOND].prio;
	h.task[HOLDER].prio = h.task[SECOND].prio;
}

static void miss_place(void)
{
	h.task[SECOND].waiter.prio++;
}

static void keep_boost(void)
{
	h.task[HOLDER].prio--;
}

static void lose_boost(void)
{
	h.task[HOLDER].prio = h.task[HOLDER].normal_prio;
}

static void lend_wrong(void)
{
	h.lock[PI].boost++;
	h.task[HOLDER].prio++;
}

static void lend_to_nobody(void)
{
	h.lock[PI].owner = NULL;
	h.task[FIRST].state = TASK_RUNNING;
}

static void lend_elsewhere(void)
{
	h.lock[PI].owner = &h.task[OTHER];
}

static void other_lock(void)
{
	h.task[SECOND].waiter.lock = &h.lock[MUTEX];
}

static void wait_for_oneself(void)
{
	h.lock[MUTEX].owner = &h.task[PLAIN];
}

/* @p, which waits for the first lock, looks at it while the holder runs. */
static void spin(struct task *p)
{
	p->spins = true;
	p->spin.frame = p->top;
	p->top->left = STALLED;
	p->spin.on = &h.kernel->cpus[0].rq;
	h.lock[PI].spinner = p;
}

static void spin_behind_another(void)
{
	spin(&h.task[SECOND]);
}

static void spin_at_nobody(void)
{
	spin(&h.task[FIRST]);
	h.task[FIRST].spin.on = NULL;
}

static void (*const ways[])(void) = {
	spin_behind_another, spin_at_nobody, lose_wakeup, lose_boosting_wakeup,
	lose_spinner,	     lose_rwlock,    leave_queue, swap_places,
	miss_place,	     keep_boost,     lose_boost,  lend_wrong,
	lend_to_nobody,	     lend_elsewhere, other_lock,  wait_for_oneself,
};

START_TEST(what_cannot_be_is_noticed)
{
	run(ways[_i]);
}
END_TEST

START_TEST(all_is_well)
{
	run(NULL);
	for (unsigned int i = 0; i < HARNESS_LOCKS; i++)
		ck_assert_ptr_null(h.lock[i].owner);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lock-check");
	SRunner *runner = srunner_create(suite);
	TCase *tc = tcase_create("lock-check");
	int failed;

	tcase_add_test(tc, all_is_well);
	if (srunner_fork_status(runner) == CK_FORK)
		tcase_add_loop_exit_test(tc, what_cannot_be_is_noticed, 70, 0,
					 G_N_ELEMENTS(ways));
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
