/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the stop class and of what it is for: sending a running task away
 * because one that has to stay waits behind it.
 */
#include <config.h>

#include "kernel-harness.h"

static void start(const char *model, unsigned int nr_cpus)
{
	struct harness_config config = { .model = model, .nr_cpus = nr_cpus };

	harness_start(&config);
	harness_log_switches();
}

static void pin(struct cpu *cpu, const struct op *op)
{
	(void)op;
	migrate_disable(current_task(to_kcpu(cpu)));
}

static void unpin(struct cpu *cpu, const struct op *op)
{
	(void)op;
	migrate_enable(current_task(to_kcpu(cpu)));
}

static const struct op pinned[] = { DO(pin), RUN(100 * US), DO(unpin), SYSCALL,
				    DIE };
static const struct op run_100[] = { RUN(100 * US), SYSCALL, DIE };

/* The more urgent task could run elsewhere, the pinned one could not: both run
 * at once, as soon as migration/0 has moved the first. */
START_TEST(makes_way_for_the_pinned)
{
	start("rt", 2);
	harness_rt("pinned", pinned, POLICY_FIFO, 10, -1, 0);
	harness_rt("urgent", run_100, POLICY_FIFO, 20, -1, 30 * US);
	harness_run(200 * US);
	check_text("pinned/0@0 urgent/0@30 migration/0/0@30 urgent/1@30 "
		   "pinned/0@30 idle/0@100 idle/1@130");
	ck_assert_uint_eq(h.task[1].nr_migrations, 1);
	harness_finish();
}
END_TEST

/* Nobody is moved to where it would not run either. */
START_TEST(no_better_place)
{
	start("rt", 2);
	harness_rt("pinned", pinned, POLICY_FIFO, 10, 0, 0);
	harness_rt("other", run_100, POLICY_FIFO, 30, 1, 0);
	harness_rt("urgent", run_100, POLICY_FIFO, 20, 0, 30 * US);
	harness_run(90 * US);
	check_text("other/1@0 pinned/0@0 urgent/0@30");
	harness_finish();
}
END_TEST

static void work_done(struct cpu *cpu, void *arg)
{
	harness_write(arg, cpu->sim->now);
}

static struct cpu_stop_work works[2];

static void ask(struct cpu *cpu, const struct op *op)
{
	(void)cpu;
	(void)op;
	works[0] = (struct cpu_stop_work){ .func = work_done, .arg = "one" };
	works[1] = (struct cpu_stop_work){ .func = work_done, .arg = "two" };
	stop_one_cpu_nowait(&h.kernel->cpus[0], &works[0]);
	stop_one_cpu_nowait(&h.kernel->cpus[0], &works[1]);
	ck_assert(works[0].busy && works[1].busy);
}

/* Works are done in order, before whatever task there is. */
START_TEST(before_all_others)
{
	static const struct op hog[] = { RUN(MS), AGAIN(hog) };
	static const struct op handler[] = { DO(ask), RET };
	struct task_attr attr = { .comm = "dl",
				  .policy = POLICY_DEADLINE,
				  .dl_runtime = 5 * MS,
				  .dl_deadline = 10 * MS,
				  .dl_period = 10 * MS,
				  .entry = hog };

	start("rt", 2);
	cpumask_set_cpu(&attr.cpus, 0);
	harness_add(&attr, 0);
	harness_irq_at(0, handler, 50 * US);
	harness_run(90 * US);
	check_text("dl/0@0 migration/0/0@50 one50 two50 dl/0@50");
	ck_assert(!works[0].busy && !works[1].busy);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stop");
	TCase *tc = tcase_create("stop");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(tc, makes_way_for_the_pinned);
	tcase_add_test(tc, no_better_place);
	tcase_add_test(tc, before_all_others);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
