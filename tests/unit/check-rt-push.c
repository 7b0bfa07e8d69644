/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the interrupts by which a CPU has others push their real-time tasks
 * (RT_PUSH_IPI): timelines by hand from kernel/sched/rt.c of Linux 6.12.  One
 * takes 2 us on its way and all else nothing.
 */
#include <config.h>

#include "kernel-harness.h"
#include "kernel/sched/rt-push-private.h"

static const struct op hog[] = { RUN(100 * MS), AGAIN(hog) };
static const struct op run_50[] = { RUN(50 * US), SYSCALL, DIE };
static const struct op run_100[] = { RUN(100 * US), SYSCALL, DIE };

static void start_version(const char *version, unsigned int nr_cpus, bool on)
{
	struct costs costs = { 0 };
	struct harness_config config = { .version = version,
					 .nr_cpus = nr_cpus,
					 .costs = &costs };

	costs.price[COST_IPI_DELIVERY] = 2 * US;
	harness_start(&config);
	h.kernel->features.rt_push_ipi = on;
	harness_log_switches();
}

static void start(unsigned int nr_cpus, bool on)
{
	start_version(NULL, nr_cpus, on);
}

/* Up to @end, and what happened behind the start. */
static void run_to(ktime_t end)
{
	harness_run(5 * US);
	harness_clear();
	harness_run(end);
}

static void fifo(const char *comm, const struct op *path, int prio, int cpu,
		 ktime_t begin)
{
	harness_rt(comm, path, POLICY_FIFO, prio, cpu, begin);
}

/* What waits beside `a' is pulled at once when `b' ends at 50 us; or pushed 2 us
 * later, and takes the place of a fair task by another interrupt. */
START_TEST(asked)
{
	start(2, _i);
	fifo("a", hog, 30, 0, 0);
	fifo("b", run_50, 30, 1, 0);
	harness_fair("fair", hog, 0, 1, 0);
	fifo("w", run_100, 10, -1, 10 * US);
	run_to(900 * US);
	check_text(_i ? "fair/1@50 w/1@54 fair/1@154" : "w/1@50 fair/1@150");
	harness_finish();
}
END_TEST

/* The interrupt waits until they are on again, at 100 us. */
static const struct op masked[] = { SYSCALL,	   DO(op_local_irq_save),
				    RUN(100 * US), DO(op_local_irq_restore),
				    RUN(100 * MS), AGAIN(masked) };

START_TEST(waits_for_interrupts)
{
	start(2, _i);
	fifo("b", run_50, 30, 1, 0);
	fifo("w", hog, 20, 0, 0);
	h.task[1].cpus_mask.bits[0] |= 2;
	h.task[1].nr_cpus_allowed = 2;
	fifo("a", masked, 30, 0, 0);
	run_to(150 * US);
	check_text(_i ? "idle/1@50 w/1@102" : "w/1@50");
	harness_finish();
}
END_TEST

/* It goes from one to the next: at 52 us `v' is sent, at 54 `w', when CPU 2 is
 * just told of v; so the more urgent one runs. */
START_TEST(goes_round)
{
	start(3, true);
	fifo("a", hog, 30, 0, 0);
	fifo("b", hog, 30, 1, 0);
	fifo("c", run_50, 30, 2, 0);
	fifo("v", hog, 10, -1, 10 * US);
	fifo("w", hog, 20, -1, 11 * US);
	h.task[3].cpu = 0;
	h.task[4].cpu = 1;
	run_to(900 * US);
	check_text("idle/2@50 w/2@54");
	ck_assert_uint_eq(h.kernel->rto_push[0].next, 0);
	harness_finish();
}
END_TEST

/* Who asks while it is under way gets no second one: it goes round again, so
 * that what could not be moved the first time is.  At 50 us `c' ends and asks
 * CPU 0, where `v' waits that may not come to CPU 2; at 51 `d' ends, and at 52 v
 * is pushed to CPU 3, which hears of it at 54. */
START_TEST(asked_meanwhile)
{
	static const struct op run_51[] = { RUN(51 * US), SYSCALL, DIE };
	struct task *v;

	start(4, true);
	fifo("a", hog, 30, 0, 0);
	fifo("b", hog, 30, 1, 0);
	fifo("c", run_50, 30, 2, 0);
	fifo("d", run_51, 30, 3, 0);
	fifo("v", hog, 10, -1, 10 * US);
	v = &h.task[4];
	v->cpu = 0;
	cpumask_clear_cpu(&v->cpus_mask, 2);
	v->nr_cpus_allowed = 3;
	v->any_cpu = false;
	run_to(51 * US + 500);
	ck_assert_uint_eq(h.kernel->rto_push[0].asked, 2);
	ck_assert_uint_eq(h.kernel->rto_push[0].next, 1);
	harness_run(900 * US);
	check_text("idle/2@50 idle/3@51 v/3@54");
	ck_assert_uint_eq(h.kernel->rto_push[0].loop, 2);
	harness_finish();
}
END_TEST

/* A CPU is not asked on which the one that waits has to stay; before 6.7 it
 * is, if the one that runs could leave. */
START_TEST(nothing_to_push)
{
	start_version(_i ? "6.6" : "6.12", 2, true);
	fifo("a", hog, 30, -1, 0);
	fifo("b", run_50, 30, 1, 0);
	fifo("w", run_100, 10, 0, 10 * US);
	run_to(51 * US);
	ck_assert_int_eq(cpu_rq(h.kernel, 0)->csd, _i ? 1 << CSD_RTO_PUSH : 0);
	harness_run(900 * US);
	check_text("idle/1@50");
	harness_finish();
}
END_TEST

/* Isolated CPUs ask each other, and only each other. */
START_TEST(root_domains)
{
	struct harness_config config = { .nr_cpus = 4 };

	cpumask_set_cpu(&config.isolcpus, 2);
	cpumask_set_cpu(&config.isolcpus, 3);
	harness_start(&config);
	h.kernel->features.rt_push_ipi = true;
	harness_log_switches();
	fifo("a", hog, 30, 0, 0);
	fifo("b", hog, 30, 1, 0);
	fifo("c", hog, 30, 2, 0);
	fifo("d", run_50, 30, 3, 0);
	for (unsigned int i = 0; i < 2; i++) {
		struct task *p;

		fifo(i ? "w" : "v", hog, 10, -1, 10 * US);
		p = &h.task[4 + i];
		for (unsigned int cpu = 0; cpu < 4; cpu++)
			cpumask_set_cpu(&p->cpus_mask, cpu);
		p->nr_cpus_allowed = 4;
		p->any_cpu = true;
		p->cpu = 2 * i;
	}
	run_to(900 * US);
	check_text("idle/3@50 w/3@50");
	ck_assert_uint_eq(h.kernel->rto_push[0].asked, 0);
	ck_assert_uint_eq(h.kernel->rto_push[1].asked, 1);
	harness_finish();
}
END_TEST

/* Who asks for another CPU sends the interrupt himself, and pays for it. */
static void ask_for_last(struct cpu *cpu, const struct op *op)
{
	(void)cpu;
	(void)op;
	tell_cpu_to_push(cpu_rq(h.kernel, 2));
}

START_TEST(asked_for_another)
{
	static const struct op asks[] = { SYSCALL, RUN(50 * US),
					  DO(ask_for_last), NOTE('x'), DIE };

	start(3, true);
	h.kernel->config.costs.price[COST_IPI_SEND] = 3 * US;
	fifo("a", hog, 30, 1, 0);
	fifo("c", hog, 20, 2, 0);
	fifo("w", hog, 10, -1, 1 * US);
	h.task[2].cpu = 1;
	fifo("x", asks, 40, 0, 0);
	harness_run(40 * US);
	harness_clear();
	harness_run(53 * US);
	check_text("x53 idle/0@53");
	harness_finish();
}
END_TEST

/* Under rt it is on unless somebody says otherwise. */
START_TEST(by_model)
{
	static const char *const model[] = { "full", "rt" };
	struct harness_config config = { .model = model[_i] };

	harness_start(&config);
	ck_assert_int_eq(h.kernel->features.rt_push_ipi, _i);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rt-push");
	TCase *tc = tcase_create("rt-push");

	tcase_add_loop_test(tc, asked, 0, 2);
	tcase_add_loop_test(tc, waits_for_interrupts, 0, 2);
	tcase_add_test(tc, goes_round);
	tcase_add_test(tc, asked_meanwhile);
	tcase_add_test(tc, asked_for_another);
	tcase_add_loop_test(tc, nothing_to_push, 0, 2);
	tcase_add_test(tc, root_domains);
	tcase_add_loop_test(tc, by_model, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
