/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the stop class and of what it is for: sending a running task away
 * because one that has to stay waits behind it.
 */
#include <config.h>

#include "kernel-harness.h"

#include "preemptsim/kernel/stop-machine.h"

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

/* A task that may run anywhere, but comes to @cpu first. */
static void begins_on(unsigned int cpu, const char *comm, const struct op *path,
		      int prio, ktime_t begin)
{
	struct task *task =
		&h.task[harness_rt(comm, path, POLICY_FIFO, prio, -1, begin)];

	task->cpu = cpu;
}

/* The more urgent task could run elsewhere, the pinned one could not.  When a
 * CPU looks for something to do, migration/0 moves the first there, and both
 * run at once. */
START_TEST(makes_way_for_the_pinned)
{
	static const struct op brief[] = { RUN(60 * US), SYSCALL, DIE };

	start("rt", 2);
	begins_on(0, "pinned", pinned, 10, 0);
	harness_rt("other", brief, POLICY_FIFO, 5, 1, 0);
	begins_on(0, "urgent", run_100, 20, 30 * US);
	harness_run(300 * US);
	check_text("other/1@0 pinned/0@0 urgent/0@30 idle/1@60 "
		   "migration/0/0@60 urgent/1@60 pinned/0@60 idle/0@130 "
		   "idle/1@130");
	ck_assert_uint_eq(h.task[2].nr_migrations, 1);
	harness_finish();
}
END_TEST

/* A wakeup is no reason to: where all CPUs have somebody pinned who waits, the
 * most urgent task would be sent round without end.  When one of them looks for
 * something to do it goes there. */
START_TEST(is_not_sent_round)
{
	start("rt", 2);
	begins_on(0, "a", pinned, 10, 0);
	begins_on(1, "b", pinned, 12, 10 * US);
	begins_on(0, "urgent", run_100, 20, 30 * US);
	harness_run(300 * US);
	check_text("a/0@0 b/1@10 urgent/0@30 idle/1@110 migration/0/0@110 "
		   "urgent/1@110 a/0@110 idle/1@130 idle/0@180");
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

static void work_done(struct cpu *cpu, const struct op *op)
{
	(void)op;
	ck_assert_uint_eq(current_task(to_kcpu(cpu))->state, TASK_RUNNING);
	harness_write(cpu->top->arg, cpu->sim->now);
}

static const struct op work_path[] = { DO(work_done), RET };

static struct cpu_stop_work works[2];

static void ask(struct cpu *cpu, const struct op *op)
{
	(void)cpu;
	(void)op;
	works[0] = (struct cpu_stop_work){ .path = work_path, .arg = "one" };
	works[1] = (struct cpu_stop_work){ .path = work_path, .arg = "two" };
	stop_one_cpu_nowait(&h.kernel->cpus[0], &works[0]);
	stop_one_cpu_nowait(&h.kernel->cpus[0], &works[1]);
	ck_assert(works[0].busy && works[1].busy);
}

/* Works are done in order, before whatever task there is.  Who waits for them
 * sleeps interruptibly, or it would be a hung task. */
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
	ck_assert_uint_eq(h.kernel->cpus[0].stopper.thread.state,
			  TASK_INTERRUPTIBLE);
	harness_finish();
}
END_TEST

/* A CPU has one stop task, whatever that is for. */
START_TEST(one_for_each_cpu)
{
	struct list_head *pos;
	unsigned int n = 0;

	start(_i ? "rt" : "none", 2);
	stop_machine_init(h.kernel);
	list_for_each(pos, &h.kernel->tasks)
	{
		const struct task *task = container_of(pos, struct task, tasks);

		if (!g_str_has_prefix(task->comm, "migration/"))
			continue;
		n++;
		ck_assert_ptr_eq(task->sched_class, &sched_class_stop);
		ck_assert_ptr_eq(task,
				 &h.kernel->cpus[task->cpu].stopper.thread);
	}
	ck_assert_uint_eq(n, 2);
	harness_run(1 * MS);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stop");
	TCase *tc = tcase_create("stop");

	tcase_add_test(tc, makes_way_for_the_pinned);
	tcase_add_test(tc, is_not_sent_round);
	tcase_add_test(tc, no_better_place);
	tcase_add_test(tc, before_all_others);
	tcase_add_loop_test(tc, one_for_each_cpu, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
