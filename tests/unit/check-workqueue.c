/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of workqueues: where a work runs, in which order, and how often.
 */
#include <config.h>

#include "kernel-harness.h"
#include "preemptsim/kernel/workqueue.h"

static struct work_struct work[4];

static void do_queue(struct cpu *cpu, const struct op *op)
{
	(void)op;
	if (!queue_work(to_kcpu(cpu), cpu->top->arg, cpu->sim->now))
		harness_write("!", cpu->sim->now);
}

static void harness_queue(struct cpu *cpu, const struct op *op)
{
	static const struct op path[] = HARNESS_ATOMIC(do_queue);

	cpu_push(cpu, path, &work[op->a.num]);
}

/* QUEUE - queue work number @i. */
#define QUEUE(i)                                    \
	{                                           \
		.exec = harness_queue, .a.num = (i) \
	}

static const struct op func_a[] = { NOTE('a'), RUN(50 * US), RET };
static const struct op func_b[] = { NOTE('b'), RUN(50 * US), RET };
static const struct op func_s[] = { NOTE('s'), SLEEP(50 * US), NOTE('t'), RET };
static const struct op queue_a[] = { QUEUE(0), RET };
static const struct op queue_b[] = { QUEUE(1), RET };
static const struct op queue_s[] = { QUEUE(2), RET };
static const struct op hog[] = { RUN(100 * MS), AGAIN(hog) };

static void start(const char *model, unsigned int nr_cpus)
{
	struct harness_config config = { .model = model,
					 .nr_cpus = nr_cpus,
					 .hz = 100 };

	harness_start(&config);
	harness_log_switches();
	workqueue_init(h.kernel, HARNESS_DEPTH);
	init_work(&work[0], func_a);
	init_work(&work[1], func_b);
	init_work(&work[2], func_s);
}

/* The sleep has 50 us of slack. */
START_TEST(in_order)
{
	start("full", 1);
	harness_irq_at(0, queue_b, 100 * US);
	harness_irq_at(0, queue_a, 110 * US);
	harness_irq_at(0, queue_s, 120 * US);
	harness_run(1 * MS);
	check_text("kworker/0:0@100 b100 a150 s200 idle@200 kworker/0:0@300 "
		   "t300 idle@300");
	harness_finish();
}
END_TEST

/* A work that pends is not queued again; one that runs is, to run once more
 * after that. */
START_TEST(once_until_it_begins)
{
	start("full", 1);
	harness_irq_at(0, queue_b, 100 * US);
	harness_irq_at(0, queue_a, 110 * US);
	harness_irq_at(0, queue_a, 120 * US);
	harness_irq_at(0, queue_a, 160 * US);
	harness_irq_at(0, queue_a, 170 * US);
	harness_run(1 * MS);
	check_text("kworker/0:0@100 b100 !120 a150 !170 a200 idle@250");
	harness_finish();
}
END_TEST

/* What sleeps in a work is not woken by the next. */
START_TEST(sleeping_worker_sleeps)
{
	start("full", 1);
	harness_irq_at(0, queue_s, 100 * US);
	harness_irq_at(0, queue_a, 110 * US);
	harness_run(1 * MS);
	check_text("kworker/0:0@100 s100 idle@100 kworker/0:0@200 t200 a200 "
		   "idle@250");
	harness_finish();
}
END_TEST

/* Each CPU has its worker; but a work that runs somewhere is done again
 * there. */
START_TEST(where_it_is_queued)
{
	start("full", 2);
	harness_irq_at(1, queue_a, 100 * US);
	harness_irq_at(0, queue_b, 110 * US);
	harness_irq_at(0, queue_a, 120 * US);
	harness_run(1 * MS);
	check_text("kworker/1:0/1@100 a100 kworker/0:0/0@110 b110 a150 "
		   "idle/0@160 idle/1@200");
	/* It is over there. */
	harness_clear();
	harness_irq_at(0, queue_a, 1100 * US);
	harness_run(2 * MS);
	check_text("kworker/0:0/0@1100 a1100 idle/0@1150");
	harness_finish();
}
END_TEST

/* It is not over while others have the CPU between it and the next. */
START_TEST(not_over_while_others_run)
{
	static const struct op urgent[] = { RUN(100 * US), DIE };

	start("none", 2);
	harness_rt("urgent", urgent, POLICY_FIFO, 1, 0, 120 * US);
	harness_irq_at(0, queue_a, 100 * US);
	harness_irq_at(1, queue_a, 160 * US);
	harness_run(1 * MS);
	check_text("kworker/0:0/0@100 a100 urgent/0@150 kworker/0:0/0@250 "
		   "a250 idle/0@300");
	harness_finish();
}
END_TEST

/* What it leaves off is told, and bottom halves, too; but interrupts are on
 * when the worker goes on. */
static const struct op leaks_preempt[] = { DO(op_preempt_disable), RET };
static const struct op leaks_bh[] = { DO(op_local_bh_disable), RET };
static const struct op leaks_irqs[] = { DO(op_local_irq_disable), RET };

static const struct {
	const char *model;
	const struct op *func;
	unsigned int warnings;
} leak[] = {
	{ "none", leaks_preempt, 2 }, { "full", leaks_preempt, 2 },
	{ "none", leaks_bh, 4 },      { "full", leaks_bh, 4 },
	{ "rt", leaks_bh, 3 },	      { "none", leaks_irqs, 1 },
	{ "full", leaks_irqs, 1 },
};

static void note_irqs(struct cpu *cpu, const struct op *op)
{
	(void)op;
	harness_write(cpu_irqs_on(cpu) ? "on" : "off", cpu->sim->now);
}

START_TEST(leaks)
{
	static const struct op func[] = { DO(note_irqs),
					  DO_WITH(op_preempt_enable, NULL),
					  RET };
	static const struct op look[] = { DO(note_irqs), RET };
	static const struct op both[] = { QUEUE(2), QUEUE(1), RET };

	start(leak[_i].model, 1);
	h.warnings_expected = true;
	init_work(&work[2], leak[_i].func);
	init_work(&work[1], leak[_i].func == leaks_preempt ? func : look);
	harness_irq_at(0, both, 100 * US);
	harness_run(200 * US);
	ck_assert_uint_eq(h.warnings, leak[_i].warnings);
	check_text("kworker/0:0@100 on100 idle@100");
	harness_finish();
}
END_TEST

/* Who waits for work is no load, nor does he hang. */
START_TEST(idle_state)
{
	start("full", 1);
	harness_irq_at(0, queue_a, 100 * US);
	harness_run(1 * MS);
	ck_assert_uint_eq(h.kernel->cpus[0].workers->worker.state, TASK_IDLE);
	harness_finish();
}
END_TEST

/* A worker is a task of SCHED_OTHER, preempted and made to wait like others:
 * between works also where the kernel is not preempted. */
START_TEST(shares_the_cpu)
{
	static const struct op forever[] = { RUN(1 * MS), QUEUE(0), RET };
	ktime_t time;
	unsigned int i;

	start(_i ? "none" : "full", 1);
	init_work(&work[0], forever);
	i = harness_fair("hog", hog, 0, 0, 0);
	harness_irq_at(0, queue_a, 100 * US);
	harness_run(1000 * MS);
	time = harness_cpu_time(i);
	ck_assert_int_gt(time, 450 * MS);
	ck_assert_int_lt(time, 550 * MS);
	ck_assert_int_eq(h.kernel->cpus[0].workers->worker.prio, DEFAULT_PRIO);
	harness_finish();
}
END_TEST

/* The instant on whose behalf it was queued is its own. */
static void event(struct cpu *cpu, const struct op *op)
{
	const struct irq_context *context = cpu->top->arg;

	(void)op;
	harness_write("e", context->event);
}

START_TEST(event_of_the_work)
{
	static const struct op func[] = { RUN(50 * US), DO(event), RET };

	start("full", 1);
	init_work(&work[0], func);
	harness_irq_at(0, queue_a, 100 * US);
	harness_irq_at(0, queue_a, 120 * US);
	harness_irq_at(0, queue_a, 130 * US);
	harness_run(1 * MS);
	check_text("kworker/0:0@100 !130 e100 e120 idle@200");
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("workqueue");
	TCase *tc = tcase_create("workqueue");

	tcase_add_test(tc, in_order);
	tcase_add_test(tc, not_over_while_others_run);
	tcase_add_loop_test(tc, leaks, 0, G_N_ELEMENTS(leak));
	tcase_add_test(tc, idle_state);
	tcase_add_test(tc, once_until_it_begins);
	tcase_add_test(tc, sleeping_worker_sleeps);
	tcase_add_test(tc, where_it_is_queued);
	tcase_add_loop_test(tc, shares_the_cpu, 0, 2);
	tcase_add_test(tc, event_of_the_work);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
