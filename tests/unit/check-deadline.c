/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of SCHED_DEADLINE: the constant bandwidth server, throttling,
 * reclaiming, and the order of deadlines on one CPU and on several.
 */
#include <config.h>

#include "deadline-harness.h"

/*
 * The constant bandwidth server
 */

/* Whatever it wants, it gets its runtime in each period. */
START_TEST(a_hog_is_throttled)
{
	start(1);
	dl("dl", hog, BUDGET(4, 10, 10), 0, 0);
	harness_fair("fair", hog, 0, 0, 0);
	harness_run(25 * MS);
	check_text("dl@0 fair@4000 dl@10000 fair@14000 dl@20000 fair@24000");
	harness_finish();
}
END_TEST

/* 4 ms in 10: a task that has used 2 of them and wakes up at 5 keeps them, for
 * 2 in 5 ms is no more than 4 in 10; one that wakes up at 6 would exceed that:
 * it gets 4 anew until 16. */
static const struct {
	ktime_t wake, runtime, deadline;
} wakeups[] = {
	{ 5 * MS, 2 * MS, 10 * MS },
	{ 5 * MS + 1, 4 * MS, 15 * MS + 1 },
	{ 6 * MS, 4 * MS, 16 * MS },
	{ 12 * MS, 4 * MS, 22 * MS },
};

START_TEST(wakeup_rule)
{
	static const struct op program[] = {
		RUN(2 * MS), SYSCALL, BLOCK, SYSRET, AGAIN(program),
	};
	static const struct op wake[] = { WAKE(0), RET };

	start(1);
	dl("dl", program, BUDGET(4, 10, 10), 0, 0);
	harness_irq_at(0, wake, wakeups[_i].wake);
	harness_run(wakeups[_i].wake + 1);
	ck_assert_int_eq(entity(0)->runtime, wakeups[_i].runtime);
	ck_assert_int_eq(entity(0)->node.deadline, wakeups[_i].deadline);
	harness_finish();
}
END_TEST

/* With a deadline of 5 in a period of 10 the density is 2 in 5: who comes at 3
 * with 1.5 left until 5 keeps the deadline, and may use what the density allows
 * for 2 ms. */
START_TEST(revised_wakeup_rule)
{
	static const struct op program[] = {
		RUN(500 * US), SYSCALL, BLOCK, SYSRET, RUN(MS), AGAIN(program),
	};
	static const struct op wake[] = { WAKE(0), RET };

	start(1);
	dl("dl", program, BUDGET(2, 5, 10), 0, 0);
	harness_irq_at(0, wake, 3 * MS);
	harness_run(3 * MS);
	ck_assert_int_eq(entity(0)->node.deadline, 5 * MS);
	ck_assert_int_eq(entity(0)->runtime, 2 * MS * ((2 << 20) / 5) >> 20);
	harness_finish();
}
END_TEST

/* At its deadline nothing is left, and no new period has begun. */
START_TEST(revised_to_nothing)
{
	static const struct op program[] = {
		RUN(500 * US), SYSCALL, BLOCK, SYSRET, RUN(5 * MS), DIE,
	};
	static const struct op wake[] = { WAKE(0), RET };

	start(1);
	dl("dl", program, BUDGET(2, 5, 10), 0, 0);
	harness_irq_at(0, wake, 5 * MS);
	harness_run(5 * MS);
	ck_assert_int_eq(entity(0)->node.deadline, 5 * MS);
	ck_assert_int_eq(entity(0)->runtime, 0);
	harness_run(11500 * US);
	check_text("dl@0 idle@500 dl@5000 idle@6000 dl@10000 idle@11000");
	harness_finish();
}
END_TEST

/* Two that wake up where nobody runs yet go to the CPU that they were on; that
 * one is busy shows when it has decided. */
START_TEST(idle_still)
{
	const struct sched_class *class;
	struct rq *rq;
	struct task *p;

	start(2);
	dl("a", hog, BUDGET(1, 10, 10), -1, KTIME_MAX);
	dl("b", hog, BUDGET(1, 20, 20), -1, KTIME_MAX);
	rq = cpu_rq(h.kernel, 0);
	class = h.task[0].sched_class;
	p = &h.task[1];
	activate_task(rq, &h.task[0], ENQUEUE_WAKEUP);
	p->dl.node.deadline = 20 * MS;
	ck_assert_uint_eq(class->select_task_rq(p, rq->kc), 0);
	rq->curr = &h.task[0];
	ck_assert_uint_eq(class->select_task_rq(p, rq->kc), 1);
	rq->curr = rq->idle;
	harness_finish();
}
END_TEST

/* Three that may run everywhere, on the first of two CPUs that are not
 * isolated, go to the second, not to one that is; nor does that pull the one
 * that waits. */
START_TEST(root_domain)
{
	static const struct op brief[] = { RUN(3 * MS), DIE };
	struct harness_config config = { .nr_cpus = 4 };

	cpumask_set_cpu(&config.isolcpus, 1);
	cpumask_set_cpu(&config.isolcpus, 2);
	harness_start(&config);
	for (unsigned int i = 0; i < 3; i++) {
		struct task *p;

		dl("dl", hog, BUDGET(5, 10, 10), -1, 0);
		p = &h.task[i];
		for (unsigned int cpu = 0; cpu < 4; cpu++)
			cpumask_set_cpu(&p->cpus_mask, cpu);
		p->nr_cpus_allowed = 4;
		p->any_cpu = true;
	}
	dl("brief", brief, BUDGET(5, 10, 10), 1, 0);
	harness_run(4 * MS);
	ck_assert(cpu_rq(h.kernel, 1)->nr_switches);
	for (unsigned int i = 0; i < 3; i++)
		ck_assert(h.task[i].cpu == 0 || h.task[i].cpu == 3);
	harness_finish();
}
END_TEST

/* Bandwidth is promised on the CPUs of the root domain that a task is in, and
 * never leaves, wherever else it may run; and given back there. */
START_TEST(bandwidth_of_a_root_domain)
{
	struct harness_config config = { .nr_cpus = 4 };
	struct task_attr attr = { .comm = "dl",
				  .policy = POLICY_DEADLINE,
				  .dl_runtime = 5 * MS,
				  .dl_deadline = 10 * MS,
				  .dl_period = 10 * MS,
				  .entry = hog };
	int64_t all, bw = 1 << 19;

	cpumask_set_cpu(&config.isolcpus, 1);
	cpumask_set_cpu(&config.isolcpus, 2);
	harness_start(&config);
	all = h.kernel->dl_max_bw;
	for (unsigned int cpu = 0; cpu < 4; cpu++)
		if (!_i || cpu)
			cpumask_set_cpu(&attr.cpus, cpu);
	harness_add(&attr, KTIME_MAX);
	for (unsigned int cpu = 0; cpu < 4; cpu++) {
		bool isolated = cpu == 1 || cpu == 2;

		ck_assert_int_eq(cpu_rq(h.kernel, cpu)->dl.extra_bw,
				 isolated == _i ? all - bw / 2 : all);
	}
	harness_finish();
}
END_TEST

/* Behind its deadline and within its period it has to wait for the next. */
START_TEST(constrained_waits_for_its_period)
{
	static const struct op program[] = {
		RUN(500 * US), SYSCALL, BLOCK, SYSRET, AGAIN(program),
	};
	static const struct op wake[] = { WAKE(0), RET };

	start(1);
	dl("dl", program, BUDGET(2, 5, 10), 0, 0);
	harness_irq_at(0, wake, 7 * MS);
	harness_run(12 * MS);
	check_text("dl@0 idle@500 dl@10000 idle@10500");
	ck_assert_int_eq(entity(0)->node.deadline, 15 * MS);
	harness_finish();
}
END_TEST

/* A tick notices that the runtime is over; what was used too much is paid
 * back by the next period. */
START_TEST(overrun_is_paid_back)
{
	struct task_attr attr = { .comm = "dl",
				  .policy = POLICY_DEADLINE,
				  .dl_runtime = 2500 * US,
				  .dl_deadline = 10 * MS,
				  .dl_period = 10 * MS,
				  .entry = hog };

	start(1);
	harness_add(&attr, 0);
	harness_run(10 * MS);
	check_text("dl@0 idle@3000 dl@10000");
	ck_assert_int_eq(entity(0)->runtime, 2 * MS);
	harness_finish();
}
END_TEST

/* Who yields wants nothing more of its period. */
START_TEST(yield)
{
	static const struct op polite[] = {
		RUN(MS), SYSCALL, YIELD, SYSRET, AGAIN(polite),
	};

	start(1);
	dl("dl", polite, BUDGET(4, 10, 10), 0, 0);
	harness_run(12 * MS);
	check_text("dl@0 idle@1000 dl@10000 idle@11000");
	harness_finish();
}
END_TEST

/* Who goes to sleep with its runtime used up, and is woken before its next
 * period, waits for that. */
START_TEST(woken_while_throttled)
{
	static const struct op program[] = {
		RUN(4 * MS), SYSCALL, SLEEP(MS), SYSRET, AGAIN(program),
	};

	start(1);
	dl("dl", program, BUDGET(4, 10, 10), 0, 0);
	harness_run(16 * MS);
	check_text("dl@0 idle@4000 dl@10000 idle@14000");
	harness_finish();
}
END_TEST

/*
 * Reclaiming
 */

/* Two tasks of 4 in 8: the first blocks at 2, so that from 4 on its half is
 * free.  The second takes it: 4 ms of runtime last from 2 to 8. */
START_TEST(reclaiming)
{
	static const struct op first[] = { RUN(2 * MS), SYSCALL, DIE };
	unsigned int t;

	start(1);
	dl("t1", first, BUDGET(4, 8, 8), 0, 0);
	t = dl("t2", hog, BUDGET(4, 8, 8), 0, 0);
	h.task[0].dl.reclaim = h.task[t].dl.reclaim = true;
	harness_fair("fair", hog, 0, 0, 0);
	harness_run(4 * MS - 1);
	ck_assert_int_eq(h.kernel->cpus[0].rq.dl.running_bw, 1 << 20);
	harness_run(4 * MS + 1);
	ck_assert_int_eq(h.kernel->cpus[0].rq.dl.running_bw, 1 << 19);
	ck_assert_int_eq(entity(t)->runtime, 2 * MS);
	harness_run(9 * MS);
	check_text("t1@0 t2@2000");
	ck_assert_int_eq(entity(t)->node.deadline, 16 * MS);
	harness_finish();
}
END_TEST

/* One that says nothing of reclaiming has its own runtime only. */
START_TEST(not_reclaiming)
{
	static const struct op first[] = { RUN(2 * MS), SYSCALL, BLOCK,
					   AGAIN(first) };

	start(1);
	dl("t1", first, BUDGET(4, 8, 8), 0, 0);
	dl("t2", hog, BUDGET(4, 8, 8), 0, 0);
	harness_run(8 * MS - 1);
	check_text("t1@0 t2@2000 idle@6000");
	harness_finish();
}
END_TEST

/*
 * Earliest deadline first
 */

#define MOST 200

static ktime_t longest[HARNESS_TASKS];

/* struct periodic - a task that runs for a time in each period. */
static struct periodic {
	ktime_t runtime, period, release;
} periodic[HARNESS_TASKS];

static void job_run(struct cpu *cpu, const struct op *op)
{
	cpu->top->left = periodic[op->a.num].runtime;
}

static void job_end(struct cpu *cpu, const struct op *op)
{
	struct periodic *p = &periodic[op->a.num];

	longest[op->a.num] =
		MAX(longest[op->a.num], cpu->sim->now - p->release);
	p->release += p->period;
	nanosleep_until(to_kcpu(cpu), p->release);
}

#define PERIODIC(i)                                 \
	{ .exec = job_run, .a.num = (i) }, SYSCALL, \
		{ .exec = job_end, .a.num = (i) },  \
		WHEN(task_sleeps, schedule_path), SYSRET

static const struct op periodic_0[] = { PERIODIC(0), AGAIN(periodic_0) };
static const struct op periodic_1[] = { PERIODIC(1), AGAIN(periodic_1) };
static const struct op periodic_2[] = { PERIODIC(2), AGAIN(periodic_2) };
static const struct op *const periodic_path[] = { periodic_0, periodic_1,
						  periodic_2 };

static void add_periodic(unsigned int i, ktime_t runtime, ktime_t period,
			 int cpu)
{
	static const char *const name[] = { "a", "b", "c" };

	longest[i] = 0;
	periodic[i] = (struct periodic){ runtime * MS, period * MS, 0 };
	dl(name[i], periodic_path[i], BUDGET(runtime, period, period), cpu, 0);
}

/* (2, 5) and (4, 7) use 34/35 of the CPU: rate monotonic priorities would miss
 * a deadline at 7, earliest deadline first misses none, and the longest
 * responses are 4 and 6. */
START_TEST(no_deadline_is_missed)
{
	start(1);
	add_periodic(0, 2, 5, 0);
	add_periodic(1, 4, 7, 0);
	harness_run(3500 * MS);
	ck_assert_int_eq(longest[0], 4 * MS);
	ck_assert_int_eq(longest[1], 6 * MS);
	harness_finish();
}
END_TEST

/* Dhall's effect: two light tasks and one of a bandwidth of nearly 1 on two
 * CPUs.  The light ones have the earlier deadlines, so the heavy one starts
 * late and misses its own; with a CPU to itself it does not. */
START_TEST(dhalls_effect)
{
	ktime_t heavy;

	start(2);
	add_periodic(0, 10, 100, _i ? 0 : -1);
	add_periodic(1, 10, 100, _i ? 0 : -1);
	add_periodic(2, 100, 101, _i ? 1 : -1);
	harness_run(105 * MS);
	harness_run(120 * MS);
	heavy = longest[2];
	ck_assert_int_eq(heavy, _i ? 100 * MS : 110 * MS);
	harness_finish();
}
END_TEST

/* Its class comes before FIFO's highest priority. */
START_TEST(before_real_time)
{
	start(1);
	harness_rt("fifo", hog, POLICY_FIFO, 99, 0, 0);
	dl("dl", hog, BUDGET(2, 10, 10), 0, MS);
	harness_run(5 * MS);
	check_text("fifo@0 dl@1000 fifo@3000");
	harness_finish();
}
END_TEST

/* A real-time task wakes up where there is no deadline task. */
START_TEST(real_time_goes_elsewhere)
{
	start(2);
	dl("dl", hog, BUDGET(5, 10, 10), 0, 0);
	harness_rt("fifo", hog, POLICY_FIFO, 99, -1, MS);
	harness_run(4 * MS);
	check_text("dl/0@0 fifo/1@1000");
	harness_finish();
}
END_TEST

/* The tasks with the earliest deadlines run: a wakeup goes to the CPU with the
 * latest one, and one that waits is pulled. */
START_TEST(push_and_pull)
{
	static const struct op short_job[] = { RUN(2 * MS), SYSCALL, DIE };

	start(2);
	dl("late", hog, BUDGET(50, 100, 100), -1, 0);
	dl("soon", short_job, BUDGET(5, 20, 20), -1, MS);
	dl("sooner", hog, BUDGET(5, 10, 10), -1, 2 * MS);
	harness_run(4 * MS);
	check_text("late/0@0 soon/0@1000 late/1@1000 sooner/0@2000 "
		   "soon/1@2000 late/1@3000");
	harness_finish();
}
END_TEST

/* A CPU whose deadline task goes takes one that waits elsewhere, if that may
 * come; counted are those that could, and the CPUs that have some. */
START_TEST(pull)
{
	static const struct op short_job[] = { RUN(3 * MS), SYSCALL, DIE };
	const struct rq *rq;

	start(2);
	rq = &h.kernel->cpus[0].rq;
	dl("x", hog, BUDGET(8, 10, 10), -1, 0);
	dl("a", short_job, BUDGET(8, 12, 12), -1, 10 * US);
	dl("w", hog, BUDGET(20, 50, 50), _i ? 0 : -1, MS);
	harness_run(2 * MS);
	ck_assert_uint_eq(rq->dl.nr_running, 2);
	ck_assert_uint_eq(rq->dl.nr_migratory, _i ? 1 : 2);
	ck_assert(rq->dl.overloaded);
	ck_assert_uint_eq(h.kernel->dlo_count, 1);
	ck_assert(cpumask_test_cpu(&h.kernel->dlo_mask, 0));
	harness_run(4 * MS);
	check_text(_i ? "x/0@0 a/1@10 idle/1@3010" : "x/0@0 a/1@10 w/1@3010");
	if (!_i) {
		ck_assert_uint_eq(rq->dl.nr_migratory, 1);
		ck_assert(!rq->dl.overloaded);
		ck_assert_uint_eq(h.kernel->dlo_count, 0);
		ck_assert(!cpumask_test_cpu(&h.kernel->dlo_mask, 0));
	}
	harness_finish();
}
END_TEST

/* It takes what would run, and leaves what would not: of one CPU whose deadline
 * is 50, of the next whose is 40, and not of the third, whose is 60. */
START_TEST(pull_the_earliest)
{
	static const struct op short_job[] = { RUN(3 * MS), SYSCALL, DIE };

	start(4);
	for (unsigned int i = 0; i < 3; i++)
		h.task[dl("x", hog, BUDGET(8, 10, 10), -1, 0)].cpu = i;
	h.task[dl("a", short_job, BUDGET(8, 12, 12), -1, 10 * US)].cpu = 3;
	for (int i = 0; i < 3; i++) {
		static const ktime_t period[] = { 50, 40, 60 };

		dl("w", hog, BUDGET(10, period[i], period[i]), -1, MS);
		h.task[4 + i].cpu = (unsigned int)i;
	}
	harness_run(4 * MS);
	ck_assert_uint_eq(h.task[4].cpu, 3);
	ck_assert_uint_eq(h.task[5].cpu, 3);
	ck_assert_uint_eq(h.task[6].cpu, 2);
	ck_assert_ptr_eq(h.kernel->cpus[3].rq.curr, &h.task[5]);
	harness_finish();
}
END_TEST

/* Who wakes up preempts by an earlier deadline only, and not while it is
 * throttled. */
START_TEST(preempts_by_deadline)
{
	struct task *curr, *p;
	struct rq *rq;

	start(1);
	rq = &h.kernel->cpus[0].rq;
	curr = &h.task[dl("curr", hog, BUDGET(1, 10, 10), 0, KTIME_MAX)];
	p = &h.task[dl("p", hog, BUDGET(1, 10, 10), 0, KTIME_MAX)];
	curr->dl.node.deadline = 10 * MS;
	p->dl.node.deadline = 10 * MS - (_i > 0);
	p->dl.throttled = _i > 1;
	rq->curr = curr;
	p->sched_class->wakeup_preempt(rq, p);
	ck_assert_int_eq(!!(curr->tif & TIF_NEED_RESCHED), _i == 1);
	rq->curr = rq->idle;
	harness_finish();
}
END_TEST

/* What the first CPU is interrupted in when it calls others. */
static struct frame calling;

/* One on the first CPU with deadline @deadline, which is the one that runs if it
 * is the first there. */
static struct task *on_first(ktime_t deadline, int cpu)
{
	struct task *p = &h.task[dl("p", hog, BUDGET(1, deadline, deadline),
				    cpu, KTIME_MAX)];
	struct rq *rq = cpu_rq(h.kernel, 0);

	p->cpu = 0;
	rq->kc->cpu.top = &calling;
	activate_task(rq, p, ENQUEUE_INITIAL);
	if (rq->curr == rq->idle) {
		p->sched_class->set_next_task(rq, p);
		rq->curr = p;
	}
	return p;
}

static void finish_first(void)
{
	struct rq *rq = cpu_rq(h.kernel, 0);

	rq->curr->tif = 0;
	rq->curr = rq->idle;
	harness_finish();
}

/* Of two with the same deadline the one that runs goes on; but if it could go
 * where there is a later one, and the other could not, it passes through the
 * scheduler. */
static const struct {
	int curr, p;
	bool asked;
} equals[] = {
	{ -1, -1, false }, { -1, 0, true }, { 0, 0, false }, { 0, -1, false }
};

START_TEST(equal_deadlines)
{
	struct task *curr, *p, *late;

	start(2);
	curr = on_first(10, equals[_i].curr);
	late = &h.task[dl("late", hog, BUDGET(1, 20, 20), 1, KTIME_MAX)];
	late->cpu = 1;
	activate_task(cpu_rq(h.kernel, 1), late, ENQUEUE_INITIAL);
	p = on_first(10, equals[_i].p);
	p->sched_class->wakeup_preempt(cpu_rq(h.kernel, 0), p);
	ck_assert_int_eq(!!(curr->tif & TIF_NEED_RESCHED), equals[_i].asked);
	ck_assert_ptr_eq(p->sched_class->pick_next_task(cpu_rq(h.kernel, 0)),
			 curr);
	finish_first();
}
END_TEST

/* The first that waits must stay for now: so do those behind it. */
START_TEST(pinned_keeps_others)
{
	struct task *pinned, *other;

	start(3);
	on_first(10, 0);
	pinned = on_first(20, -1);
	other = on_first(30, -1);
	if (_i)
		migrate_disable(pinned);
	push_dl_tasks(cpu_rq(h.kernel, 0));
	ck_assert_int_eq(pinned->cpu != 0, !_i);
	ck_assert_int_eq(other->cpu != 0, !_i);
	finish_first();
}
END_TEST

/* And if another CPU could have it, the one that runs has to go there. */
START_TEST(pinned_drives_out)
{
	struct rq *rq;

	start(2);
	rq = cpu_rq(h.kernel, 0);
	cpu_stop_init(rq->kc);
	on_first(10, _i ? 0 : -1);
	migrate_disable(on_first(20, -1));
	pull_dl_tasks(cpu_rq(h.kernel, 1));
	ck_assert_int_eq(rq->kc->stopper.push.busy, !_i);
	ck_assert_uint_eq(rq->dl.nr_running, 2);
	finish_first();
}
END_TEST

/* A timer that expires pushes one task, a wakeup all. */
START_TEST(one_at_a_time)
{
	struct task *p[2];

	start(3);
	on_first(10, 0);
	for (unsigned int i = 0; i < 2; i++)
		p[i] = on_first(20 + i, -1);
	ck_assert(push_dl_task(cpu_rq(h.kernel, 0)));
	ck_assert_uint_ne(p[0]->cpu, 0);
	ck_assert_uint_eq(p[1]->cpu, 0);
	finish_first();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("deadline");
	TCase *tcase = tcase_create("deadline");

	tcase_add_test(tcase, a_hog_is_throttled);
	tcase_add_loop_test(tcase, wakeup_rule, 0, G_N_ELEMENTS(wakeups));
	tcase_add_test(tcase, revised_wakeup_rule);
	tcase_add_test(tcase, revised_to_nothing);
	tcase_add_test(tcase, idle_still);
	tcase_add_test(tcase, root_domain);
	tcase_add_loop_test(tcase, bandwidth_of_a_root_domain, 0, 2);
	tcase_add_test(tcase, constrained_waits_for_its_period);
	tcase_add_test(tcase, overrun_is_paid_back);
	tcase_add_test(tcase, yield);
	tcase_add_test(tcase, woken_while_throttled);
	tcase_add_test(tcase, reclaiming);
	tcase_add_test(tcase, not_reclaiming);
	tcase_add_test(tcase, no_deadline_is_missed);
	tcase_add_loop_test(tcase, dhalls_effect, 0, 2);
	tcase_add_test(tcase, before_real_time);
	tcase_add_test(tcase, real_time_goes_elsewhere);
	tcase_add_test(tcase, push_and_pull);
	tcase_add_loop_test(tcase, pull, 0, 2);
	tcase_add_test(tcase, pull_the_earliest);
	tcase_add_loop_test(tcase, preempts_by_deadline, 0, 3);
	tcase_add_loop_test(tcase, equal_deadlines, 0,
			    (int)G_N_ELEMENTS(equals));
	tcase_add_loop_test(tcase, pinned_keeps_others, 0, 2);
	tcase_add_loop_test(tcase, pinned_drives_out, 0, 2);
	tcase_add_test(tcase, one_at_a_time);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
