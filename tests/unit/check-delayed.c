/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of tasks that sleep and are still queued, where others count or move
 * them, by hand from kernel/sched/fair.c and core.c of Linux 6.12: that
 * h_nr_running has them and averages have not, and that they stay what they are
 * when they are moved.
 */
#include <config.h>

#include "kernel-harness.h"
#include "kernel/sched/fair-domain-private.h"

static const struct op hog[] = { RUN(1000 * MS), AGAIN(hog) };

static const struct topology flat = { .smt = 1 };
static const struct topology own_caches = { .llc = 1 };

static const struct sched_class *class;
static struct rq *near, *far;
static struct task *a, *b;

/* What CPUs are in when they call others, or pay for looking. */
static struct frame top;

static void start(unsigned int nr_cpus, struct topology topology)
{
	struct harness_config config = { .nr_cpus = nr_cpus,
					 .topology = topology };

	harness_start(&config);
	class = harness_fair_class("eevdf");
	top.left = 0;
	for (unsigned int i = 0; i < nr_cpus; i++) {
		h.kernel->cpus[i].cpu.top = &top;
		cpu_rq(h.kernel, i)->clock = 100 * MS;
	}
	h.sim.now = 100 * MS;
	near = cpu_rq(h.kernel, 0);
	far = cpu_rq(h.kernel, nr_cpus - 1);
}

static struct task *enqueue(struct rq *rq, enum policy policy)
{
	struct task_attr attr = { .comm = "t", .policy = policy, .entry = hog };
	struct task *p;

	for (unsigned int i = 0; i < h.kernel->config.nr_cpus; i++)
		cpumask_set_cpu(&attr.cpus, i);
	p = &h.task[harness_add(&attr, KTIME_MAX)];
	p->cpu = rq->kc->cpu.id;
	p->placed = true;
	p->se.avg.util_est = 100;
	activate_task(rq, p, ENQUEUE_WAKEUP);
	return p;
}

static void run(struct rq *rq, struct task *p)
{
	class->set_next_task(rq, p);
	rq->curr = p;
}

static void pass(ktime_t time)
{
	h.sim.now += time;
	for (unsigned int i = 0; i < h.kernel->config.nr_cpus; i++)
		cpu_rq(h.kernel, i)->clock = h.sim.now;
}

/* The current task of @rq goes to sleep, and @next runs. */
static void sleeps(struct rq *rq, struct task *next)
{
	struct task *p = rq->curr;

	p->state = TASK_INTERRUPTIBLE;
	deactivate_task(rq, p, DEQUEUE_SLEEP);
	ck_assert(p->se.delayed && !p->on_rq);
	class->put_prev_task(rq, p);
	run(rq, next);
}

/* Of two equal ones `a' has had 2 ms, and sleeps; then `b' runs for 500 us. */
static void a_sleeps(struct rq *rq)
{
	a = enqueue(rq, POLICY_OTHER);
	b = enqueue(rq, POLICY_OTHER);
	run(rq, a);
	pass(2 * MS);
	sleeps(rq, b);
	pass(500 * US);
}

static void check_numbers(const struct rq *rq, unsigned int nr,
			  unsigned int delayed)
{
	ck_assert_uint_eq(rq->nr_running, nr);
	ck_assert_uint_eq(rq->cfs.nr_running, nr);
	ck_assert_uint_eq(rq->cfs.nr_queued, nr);
	ck_assert_uint_eq(rq->cfs.nr_delayed, delayed);
	ck_assert_int_eq(cpumask_test_cpu(&h.kernel->idle_mask, rq->kc->cpu.id),
			 nr == 0);
}

static void finish(void)
{
	for (unsigned int i = 0; i < h.kernel->config.nr_cpus; i++)
		cpu_rq(h.kernel, i)->curr = cpu_rq(h.kernel, i)->idle;
	harness_empty();
}

/*
 * Moved
 */

static unsigned int pull(enum cpu_idle_type idle)
{
	bool proceed = true;

	return load_balance(near, near->sd, idle, &proceed);
}

/* Two are one too many beside a CPU that idles, though one sleeps.  There is
 * nobody to pay there. */
START_TEST(moved_to_an_idle_cpu)
{
	start(2, flat);
	a_sleeps(far);
	check_numbers(far, 2, 1);
	ck_assert_uint_eq(h.kernel->nr_overloaded, 1);
	ck_assert_uint_eq(pull(CPU_IDLE), 1);
	ck_assert_uint_eq(a->cpu, 0);
	ck_assert(a->se.delayed && !a->on_rq);
	check_numbers(far, 1, 0);
	check_numbers(near, 1, 1);
	ck_assert_uint_ne(near->curr->tif & TIF_NEED_RESCHED, 0);
	ck_assert_ptr_null(class->pick_next_task(near));
	ck_assert(!a->se.delayed && !a->se.on_rq);
	check_numbers(near, 0, 0);
	ck_assert_uint_eq(h.kernel->nr_overloaded, 0);
	finish();
}
END_TEST

/* Beside `c' it owes as much as before: 1.25 - 2 ms, which is twice as far from
 * where the average was, since it counts for half of it from now on.  All of its
 * next request is still to come, 1.4 ms. */
START_TEST(debt_is_taken_along)
{
	struct task *c;

	start(2, flat);
	c = enqueue(near, POLICY_OTHER);
	run(near, c);
	a_sleeps(far);
	class->update_curr(far);
	class->update_curr(near);
	deactivate_task(far, a, DEQUEUE_MIGRATING);
	check_numbers(far, 1, 0);
	ck_assert_int_eq(a->se.vlag, -750 * US);
	set_task_cpu(near->kc, a, 0);
	activate_task(near, a, ENQUEUE_MIGRATED);
	check_numbers(near, 2, 1);
	ck_assert_int_eq(a->se.vruntime - c->se.vruntime, 1500 * US);
	ck_assert_int_eq(a->se.deadline - a->se.vruntime, 1400 * US);
	ck_assert(a->se.delayed);
	a->on_rq = false;
	finish();
}
END_TEST

/* What it will use when it wakes up was taken away when it went to sleep, and is
 * a quarter less, since it has used next to nothing; its averages move with it. */
START_TEST(averages)
{
	uint64_t load;

	start(2, flat);
	a_sleeps(far);
	ck_assert_uint_eq(far->cfs.avg.util_est, 100);
	ck_assert_uint_gt(far->cfs.avg.load_avg, 1500);
	ck_assert_uint_eq(pull(CPU_IDLE), 1);
	load = a->se.avg.load_avg;
	ck_assert_uint_gt(load, 750);
	ck_assert_uint_eq(near->cfs.avg.load_avg, load);
	ck_assert_uint_le(far->cfs.avg.load_avg, 1024);
	ck_assert_uint_eq(near->cfs.avg.util_est, 0);
	ck_assert_uint_eq(far->cfs.avg.util_est, 100);
	pass(10 * MS);
	activate_task(near, a, ENQUEUE_WAKEUP);
	ck_assert_uint_eq(near->cfs.avg.util_est, 75);
	check_numbers(near, 1, 0);
	finish();
}
END_TEST

/* While one of two sleeps the average of those that could run grows as that of
 * one: 1024 of 2048 are missing. */
START_TEST(runnable)
{
	uint64_t before;

	start(2, flat);
	a_sleeps(far);
	class->task_tick(far, b);
	before = far->cfs.avg.runnable_avg;
	ck_assert_uint_lt(before, 1024);
	for (unsigned int i = 0; i < 500; i++) {
		ck_assert(a->se.delayed);
		pass(MS);
		class->task_tick(far, b);
	}
	ck_assert_uint_gt(far->cfs.avg.runnable_avg, 1000);
	ck_assert_uint_le(far->cfs.avg.runnable_avg, 1024);
	ck_assert_uint_gt(far->cfs.avg.load_avg, 2000);
	finish();
}
END_TEST

/* A CPU that goes idle may pull one that sleeps, since that was queued first,
 * and looks once more. */
START_TEST(pulled_in_vain)
{
	struct task *d;

	start(2, flat);
	a_sleeps(far);
	d = enqueue(far, POLICY_OTHER);
	near->avg_idle = MS;
	class->balance(near);
	ck_assert_uint_eq(a->cpu, 0);
	ck_assert(a->se.delayed);
	ck_assert_ptr_eq(class->pick_next_task(near), d);
	ck_assert(!a->se.delayed && !a->se.on_rq);
	check_numbers(near, 1, 0);
	check_numbers(far, 1, 0);
	finish();
}
END_TEST

/* It does not if a real-time task has run: that classes below have somebody is
 * reason enough not to look before, and afterwards it is too late. */
START_TEST(not_after_real_time)
{
	struct task *rt;

	start(2, flat);
	a_sleeps(near);
	b->state = TASK_INTERRUPTIBLE;
	deactivate_task(near, b, DEQUEUE_SLEEP);
	class->put_prev_task(near, b);
	rt = &h.task[harness_rt("rt", hog, POLICY_FIFO, 1, 0, KTIME_MAX)];
	near->curr = rt;
	ck_assert(a->se.delayed);
	enqueue(far, POLICY_OTHER);
	enqueue(far, POLICY_OTHER);
	near->avg_idle = MS;
	class->balance(near);
	ck_assert_ptr_null(class->pick_next_task(near));
	check_numbers(near, 0, 0);
	check_numbers(far, 2, 0);
	finish();
}
END_TEST

/*
 * Woken
 */

/* It is on a queue: whoever wakes it puts it back by himself, though another
 * cache is there, and idle CPUs here. */
START_TEST(woken_at_once)
{
	start(4, own_caches);
	a_sleeps(far);
	ck_assert(try_to_wake_up(near->kc, a, NO_EVENT));
	ck_assert_uint_eq(a->cpu, 3);
	ck_assert_ptr_null(far->wake_list);
	ck_assert(a->on_rq);
	ck_assert_uint_eq(a->state, TASK_RUNNING);
	check_numbers(far, 2, 0);
	finish();
}
END_TEST

/* A CPU runs nothing but SCHED_IDLE if all that are queued are that, whether
 * they sleep or not. */
START_TEST(sched_idle)
{
	enum policy sleeper = _i ? POLICY_IDLE : POLICY_OTHER;

	start(1, flat);
	a = enqueue(near, sleeper);
	b = enqueue(near, POLICY_IDLE);
	run(near, a);
	pass(2 * MS);
	sleeps(near, b);
	check_numbers(near, 2, 1);
	ck_assert_int_eq(sched_idle_cpu(h.kernel, 0), _i);
	pass(2000 * MS);
	ck_assert_ptr_eq(class->pick_next_task(near), b);
	check_numbers(near, 1, 0);
	ck_assert(sched_idle_cpu(h.kernel, 0));
	finish();
}
END_TEST

/*
 * The fair server
 */

/* `a' owes something when `b' sleeps as well, and a real-time task runs.  For
 * that the fair server's time comes at the end of a period, as for one that
 * could run.  Nobody can, and the real-time task goes on. */
START_TEST(served_in_vain)
{
	static const struct op a_runs[] = { RUN(1500 * US), SYSCALL, DIE };
	static const struct op b_runs[] = { RUN(1200 * US), SYSCALL,
					    SLEEP(5000 * MS), DIE };
	static const struct op a_naps[] = { RUN(1500 * US), SYSCALL,
					    SLEEP(5000 * MS), DIE };
	struct harness_config config = { .hz = 1000 };

	harness_start(&config);
	h.kernel->config.fair_server_runtime = 50 * MS;
	h.kernel->config.fair_server_period = 1000 * MS;
	near = cpu_rq(h.kernel, 0);
	harness_log_switches();
	a = &h.task[harness_fair("a", _i ? a_naps : a_runs, 0, 0, 0)];
	harness_fair("b", b_runs, 0, 0, 0);
	harness_rt("rt", hog, POLICY_FIFO, 50, 0, 2700 * US);
	harness_run(900 * MS);
	ck_assert_int_eq(a->se.delayed, _i);
	ck_assert_int_eq(near->fair_server.active, _i);
	harness_run(2000 * MS);
	ck_assert(!a->se.delayed && !near->fair_server.active);
	check_text("a@0 b@1000 a@2000 b@2500 rt@2700");
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("delayed");
	TCase *tc = tcase_create("delayed");

	tcase_add_test(tc, moved_to_an_idle_cpu);
	tcase_add_test(tc, debt_is_taken_along);
	tcase_add_test(tc, averages);
	tcase_add_test(tc, runnable);
	tcase_add_test(tc, pulled_in_vain);
	tcase_add_test(tc, not_after_real_time);
	tcase_add_test(tc, woken_at_once);
	tcase_add_loop_test(tc, sched_idle, 0, 2);
	tcase_add_loop_test(tc, served_in_vain, 0, 2);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
