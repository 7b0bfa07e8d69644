/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of what notices CPUs and tasks that are stuck: when, and that it is
 * silent about what is not.
 *
 * The thresholds are Linux's: 20 s for a soft lockup, looked at every 4 s; 10 s
 * for a hard one; 120 s for a hung task; 21 s for RCU.
 */
#include <config.h>

#include "kernel-harness.h"

#define S INT64_C(1000000000)
#define MUTEX 1

static const struct stall_config lockups = { .watchdog = 10 * S };
static const struct stall_config rcu = { .rcu_stall = 21 * S };
static const struct stall_config hung = { .hung_task = 120 * S };

static struct stall_detectors *detectors;

/* When the kinds were told, in order. */
static struct {
	const char *kind;
	ktime_t when;
	unsigned int cpu;
	char text[128];
} said[16];
static unsigned int nr_said;

static void told(void *data, const struct trace_record *record)
{
	const struct sim_warning *warning = record->object;

	(void)data;
	ck_assert_uint_lt(nr_said, G_N_ELEMENTS(said));
	said[nr_said].kind = warning->kind;
	said[nr_said].when = record->when;
	said[nr_said].cpu = record->cpu;
	g_strlcpy(said[nr_said++].text, warning->text, sizeof(said->text));
}

static void start_with(const char *model, unsigned int nr_cpus,
		       const struct stall_config *config,
		       const struct costs *costs)
{
	struct harness_config harness = {
		.model = model, .hz = 100, .nr_cpus = nr_cpus, .costs = costs
	};

	harness_start(&harness);
	h.warnings_expected = true;
	lock_init(&h.lock[MUTEX], lock_type(0), "mutex");
	for (unsigned int i = 0; lock_type(i); i++)
		if (g_str_equal(lock_type(i)->name, "mutex"))
			lock_init(&h.lock[MUTEX], lock_type(i), "mutex");
	nr_said = 0;
	tracer_listen(&h.sim.tracer, TP_warning, told, NULL);
	detectors = stall_detectors_new(h.kernel, config);
}

static void start(const char *model, unsigned int nr_cpus,
		  const struct stall_config *config)
{
	start_with(model, nr_cpus, config, NULL);
}

static void finish(ktime_t end)
{
	harness_run(end);
	stall_detectors_free(detectors);
	harness_finish();
}

static void finish_silent(ktime_t end)
{
	finish(end);
	ck_assert_msg(!nr_said, "%s at %lld: %s", said[0].kind,
		      (long long)said[0].when, said[0].text);
}

static const struct op loop[] = { RUN(100 * S), AGAIN(loop) };
static const struct op closed_loop[] = { DO(op_local_irq_disable),
					 RUN(1000 * S), AGAIN(closed_loop) };

/*
 * Soft lockups
 */

/* A loop in the kernel, which nothing can preempt. */
START_TEST(soft_lockup)
{
	static const ktime_t begin[] = { 4001, 5000, 6321, 7999 };

	start("none", 2, &lockups);
	harness_kthread("loop", loop, 1, begin[_i] * MS);
	finish(50 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_str_eq(said[0].kind, "soft_lockup");
	ck_assert_uint_eq(said[0].cpu, 1);
	ck_assert_int_gt(said[0].when, begin[_i] * MS + 20 * S);
	ck_assert_int_le(said[0].when, begin[_i] * MS + 24 * S);
	ck_assert_int_eq(said[0].when, 28 * S);
	ck_assert_ptr_nonnull(strstr(said[0].text, "CPU#1 stuck for 23s!"));
}
END_TEST

/* An interrupt at the instant of the sample delays it; that makes it no later
 * than the thread that it is compared with. */
START_TEST(late_by_a_little)
{
	static const struct op handler[] = { RUN(10 * US), RET };

	start("none", 1, &lockups);
	harness_kthread("loop", loop, 0, 5 * S);
	harness_irq_at(0, handler, 24 * S);
	finish(50 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_int_eq(said[0].when, 28 * S);
}
END_TEST

/* An endless softirq over the idle task. */
START_TEST(soft_lockup_in_a_softirq)
{
	static const struct op handler[] = { RAISE(NET_RX_SOFTIRQ), RET };
	static const struct op action[] = { RUN(100 * S), RET };

	start("full", 1, &lockups);
	h.softirq[NET_RX_SOFTIRQ] = action;
	harness_irq_at(0, handler, 5 * S);
	finish(50 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_int_eq(said[0].when, 28 * S);
}
END_TEST

/* Long softirqs at each sample, but user mode between them. */
START_TEST(softirqs_over_a_user_loop)
{
	static const struct op handler[] = { RAISE(NET_RX_SOFTIRQ), RET };
	static const struct op action[] = { RUN(3500 * MS), RET };

	start("none", 1, &lockups);
	h.softirq[NET_RX_SOFTIRQ] = action;
	harness_rt("loop", loop, POLICY_FIFO, 9, 0, 0);
	harness_irq_at(0, handler, 5 * S)->every = 4 * S;
	finish_silent(90 * S);
}
END_TEST

/* What measuring restarts is not taken for a sign of life. */
START_TEST(measuring_begins)
{
	static const struct op path[] = { DO(op_preempt_disable), RUN(100 * S),
					  DIE };
	const struct stall_config config = { .watchdog = 10 * S,
					     .measured_from = 10 * S };

	start("full", 1, &config);
	harness_kthread("loop", path, 0, 5 * S);
	harness_run(10 * S);
	h.kernel->cpus[0].preempt_off_since = 10 * S;
	finish(50 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_int_eq(said[0].when, 28 * S);
}
END_TEST

START_TEST(soft_lockup_is_repeated)
{
	start("voluntary", 1, &lockups);
	harness_kthread("loop", loop, 0, 5 * S);
	finish(90 * S);
	ck_assert_uint_eq(nr_said, 3);
	ck_assert_int_eq(said[1].when, 52 * S);
	ck_assert_int_eq(said[2].when, 76 * S);
	ck_assert_ptr_nonnull(strstr(said[2].text, "stuck for 67s!"));
}
END_TEST

START_TEST(soft_lockup_ends)
{
	static const struct op path[] = { RUN(30 * S), SLEEP(MS), AGAIN(path) };

	start("none", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish(75 * S);
	ck_assert_uint_eq(nr_said, 2); /* of 5 .. 35 and 35 .. 65 s */
	ck_assert_int_eq(said[0].when, 28 * S);
	ck_assert_int_eq(said[1].when, 56 * S);
}
END_TEST

/* A preemptible kernel lets the watchdog in, unless it is kept out. */
START_TEST(soft_lockup_of_a_preemptible_kernel)
{
	static const struct op path[] = { DO(op_preempt_disable), RUN(100 * S),
					  DIE };

	start("full", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish(50 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_int_eq(said[0].when, 28 * S);
}
END_TEST

START_TEST(preemptible_loop)
{
	start(_i ? "lazy" : "full", 1, &lockups);
	harness_kthread("loop", loop, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

/* Interrupts at the instants of the samples delay these, maybe into a softirq;
 * then it is what they came over that counts. */
static void interrupt_samples(unsigned int cpu)
{
	static const struct op handler[] = { RUN(10 * US),
					     RAISE(NET_RX_SOFTIRQ), RET };
	static const struct op action[] = { RUN(10 * US), RET };

	h.softirq[NET_RX_SOFTIRQ] = action;
	for (unsigned int i = 1; i <= 20; i++)
		harness_irq_at(cpu, handler, i * 4 * S);
}

START_TEST(interrupted_preemptible_loop)
{
	struct costs costs = { 0 };

	costs.price[COST_IRQ_ENTRY] = US;
	start_with(_i ? "lazy" : "full", 1, &lockups, &costs);
	harness_kthread("loop", loop, 0, 5 * S);
	interrupt_samples(0);
	finish_silent(80 * S);
}
END_TEST

/* Who spins for a mutex lets in, too, with preemption disabled. */
START_TEST(spinning_for_a_mutex)
{
	static const struct op path[] = { LOCK(MUTEX, LOCK_PLAIN), RUN(90 * S),
					  DIE };

	start("full", 2, &lockups);
	harness_kthread("holder", path, 0, 5 * S);
	harness_kthread("spins", path, 1, 6 * S);
	if (_i)
		interrupt_samples(1);
	finish_silent(80 * S);
}
END_TEST

START_TEST(loop_of_sections)
{
	static const struct op path[] = {
		DO(op_preempt_disable),
		RUN(3 * S),
		DO(op_preempt_enable),
		AGAIN(path),
	};

	start("full", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

START_TEST(loop_with_cond_resched)
{
	static const struct op path[] = { RUN(19 * S), CALL(cond_resched_path),
					  AGAIN(path) };

	start("none", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

START_TEST(loop_with_might_sleep)
{
	static const struct op path[] = { RUN(19 * S), CALL(might_sleep_path),
					  AGAIN(path) };

	start("voluntary", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

/* ... which does nothing where interrupts are off, or in another model. */
START_TEST(loop_with_vain_might_sleep)
{
	static const struct op path[] = { RUN(19 * S), CALL(might_sleep_path),
					  AGAIN(path) };

	start("none", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish(50 * S);
	ck_assert_uint_eq(nr_said, 1);
}
END_TEST

START_TEST(user_loop)
{
	start("none", 1, &lockups);
	harness_rt("loop", loop, POLICY_FIFO, 99, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

/* Long system calls, one behind the other. */
START_TEST(system_calls)
{
	static const struct op path[] = { SYSCALL, RUN(15 * S), SYSRET,
					  AGAIN(path) };

	start("none", 1, &lockups);
	harness_fair("calls", path, 0, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

START_TEST(idle)
{
	start("none", 2, &lockups);
	finish_silent(100 * S);
}
END_TEST

/*
 * Hard lockups
 */

START_TEST(hard_lockup)
{
	static const ktime_t begin[] = { 4001, 8500, 12100, 17000 };
	static const ktime_t when[] = { 20, 20, 30, 30 };

	start("none", 2, &lockups);
	harness_kthread("loop", closed_loop, 1, begin[_i] * MS);
	finish(60 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_str_eq(said[0].kind, "hard_lockup");
	ck_assert_uint_eq(said[0].cpu, 1);
	ck_assert_int_eq(said[0].when, when[_i] * S);
}
END_TEST

/* Once until the timer comes again. */
START_TEST(hard_lockup_is_told_again)
{
	static const struct op path[] = {
		DO(op_local_irq_disable),
		RUN(25 * S),
		DO(op_local_irq_enable),
		SLEEP(11 * S),
		AGAIN(path),
	};
	ktime_t hard[4];
	unsigned int n = 0;

	start("full", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish(75 * S);
	for (unsigned int i = 0; i < nr_said; i++)
		if (g_str_equal(said[i].kind, "hard_lockup"))
			hard[n++] = said[i].when;
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(hard[0], 20 * S);
	ck_assert_int_eq(hard[1], 60 * S);
}
END_TEST

/* The timer comes, late; then it is a soft lockup, if it was that long. */
START_TEST(late_timer)
{
	static const struct op path[] = {
		DO(op_local_irq_disable),
		RUN(25 * S),
		DO(op_local_irq_enable),
		RUN(S),
		DIE,
	};

	start("none", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish(60 * S);
	ck_assert_uint_eq(nr_said, 2);
	ck_assert_str_eq(said[0].kind, "hard_lockup");
	ck_assert_int_eq(said[0].when, 20 * S);
	ck_assert_str_eq(said[1].kind, "soft_lockup");
	ck_assert_int_eq(said[1].when, 30 * S);
}
END_TEST

/* A count of zero lets nobody in while interrupts are off. */
START_TEST(late_timer_and_sections)
{
	static const struct op sections[] = {
		DO(op_preempt_disable),
		RUN(100 * MS),
		DO(op_preempt_enable_no_resched),
		ONCE_MORE(sections),
	};
	static const struct op path[] = {
		DO(op_preempt_disable),
		RUN(16 * S),
		DO(op_local_irq_disable),
		DO(op_preempt_enable_no_resched),
		REPEAT(50, sections),
		DO(op_local_irq_enable),
		RUN(S),
		DIE,
	};

	start("full", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish(60 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_str_eq(said[0].kind, "soft_lockup");
	ck_assert_int_eq(said[0].when, 26 * S);
}
END_TEST

START_TEST(interrupts_off_for_a_while)
{
	static const struct op path[] = {
		DO(op_local_irq_disable), RUN(8 * S),  DO(op_local_irq_enable),
		SLEEP(100 * MS),	  AGAIN(path),
	};

	start("none", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

/*
 * RCU
 */

static void check_rcu(unsigned int nr_cpus, const char *model,
		      const struct op *path, const char *text)
{
	start(model, nr_cpus, &rcu);
	harness_kthread("loop", path, 0, 5 * S);
	finish(30 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_str_eq(said[0].kind, "rcu_stall");
	ck_assert_msg(strstr(said[0].text, text) != NULL, "%s", said[0].text);
	ck_assert_int_ge(said[0].when, 26 * S);
	ck_assert_int_le(said[0].when, 26 * S + 200 * MS);
}

START_TEST(rcu_stall)
{
	check_rcu(2, "none", loop, "rcu_sched self-detected stall on CPU 0 ");
}
END_TEST

static const struct op bh_off[] = { DO(op_local_bh_disable), RUN(100 * S),
				    DIE };

START_TEST(rcu_stall_of_a_preemptible_kernel)
{
	check_rcu(1, "full", bh_off,
		  "rcu_preempt self-detected stall on CPU 0 ");
}
END_TEST

START_TEST(rcu_stall_seen_by_another)
{
	check_rcu(2, "full", closed_loop,
		  "rcu_preempt detected stalls on CPU 0 (detected by 1, ");
}
END_TEST

/* One tells of all: the first that can, of itself and the others, or else the
 * first that does not hold it up. */
START_TEST(rcu_stall_of_several)
{
	static const struct op *const path[][4] = {
		{ closed_loop, loop, loop, NULL },
		{ closed_loop, NULL, closed_loop, NULL },
	};
	static const char *const text[] = {
		"rcu_sched self-detected stall on CPU 1 (t=21000 ms), as on "
		"CPUs 0, 2",
		"rcu_sched detected stalls on CPUs 0, 2 (detected by 1, "
		"t=21020 ms)",
	};

	start("none", 4, &rcu);
	for (unsigned int i = 0; i < 4; i++)
		if (path[_i][i])
			harness_kthread("loop", path[_i][i], i, 5 * S);
	finish(60 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_uint_eq(said[0].cpu, _i ? 0 : 1);
	ck_assert_ptr_nonnull(strstr(said[0].text, text[_i]));
}
END_TEST

/* A count of zero is of no use while interrupts are off. */
START_TEST(rcu_stall_with_sections)
{
	static const struct op sections[] = {
		DO(op_preempt_disable),
		RUN(100 * MS),
		DO(op_preempt_enable_no_resched),
		AGAIN(sections),
	};
	static const struct op path[] = { DO(op_local_irq_disable),
					  CALL(sections), RET };

	check_rcu(2, "full", path, "detected by 1, ");
}
END_TEST

START_TEST(rcu_stall_is_repeated)
{
	start("none", 1, &rcu);
	harness_kthread("loop", loop, 0, 5 * S);
	finish(100 * S);
	ck_assert_uint_eq(nr_said, 2);
	ck_assert_int_eq(said[1].when - said[0].when, 63 * S + 30 * MS);
}
END_TEST

/* It is told at a tick, by others two ticks after the CPU itself could; and the
 * grace period counts from the tick before it began. */
START_TEST(rcu_counts_jiffies)
{
	start("full", 2, &rcu);
	harness_kthread("loop", _i ? closed_loop : bh_off, 0, 5 * S);
	finish(30 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_int_eq(said[0].when, 26070 * MS + (_i ? 20 * MS : 0));
	ck_assert_msg(strstr(said[0].text, _i ? "t=21020 ms" : "t=21000 ms") !=
			      NULL,
		      "%s", said[0].text);
}
END_TEST

/* Nobody is left to see it. */
START_TEST(rcu_stall_unseen)
{
	start("none", 1, &rcu);
	harness_kthread("loop", closed_loop, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

START_TEST(rcu_is_not_held_up)
{
	static const struct op points[] = { RUN(19 * S),
					    CALL(cond_resched_path),
					    AGAIN(points) };
	static const struct op calls[] = { SYSCALL, RUN(19 * S), SYSRET,
					   AGAIN(calls) };

	start("none", 4, &rcu);
	harness_kthread("points", points, 0, 5 * S);
	harness_fair("calls", calls, 0, 1, 5 * S);
	harness_fair("user", loop, 0, 2, 5 * S);
	finish_silent(100 * S);
	start("full", 1, &rcu);
	harness_kthread("loop", loop, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

/*
 * Tasks
 */

static const struct op take[] = { LOCK(MUTEX, LOCK_PLAIN),
				  UNLOCK(MUTEX, LOCK_PLAIN), DIE };

START_TEST(hung_task)
{
	static const struct op holder[] = { LOCK(MUTEX, LOCK_PLAIN),
					    SLEEP(500 * S), DIE };
	static const ktime_t begin[] = { 1, 60, 119 };

	start("none", 1, &hung);
	harness_kthread("holder", holder, 0, 0);
	harness_kthread("waiter", take, 0, begin[_i] * S);
	finish(400 * S);
	ck_assert_uint_eq(nr_said, 2);
	ck_assert_str_eq(said[0].kind, "hung_task");
	ck_assert_int_eq(said[0].when, 240 * S);
	ck_assert_ptr_nonnull(strstr(said[0].text, "task waiter:"));
	ck_assert_ptr_nonnull(strstr(said[0].text,
				     "blocked for more than 120 seconds, "
				     "waiting for mutex, held by holder"));
	ck_assert_int_eq(said[1].when, 360 * S);
	ck_assert_ptr_nonnull(strstr(said[1].text, "than 240 seconds"));
}
END_TEST

START_TEST(slow_task)
{
	static const struct op holder[] = { LOCK(MUTEX, LOCK_PLAIN),
					    SLEEP(119 * S),
					    UNLOCK(MUTEX, LOCK_PLAIN),
					    AGAIN(holder) };
	static const struct op sleeper[] = { SLEEP(1000 * S), DIE };

	start("none", 1, &hung);
	harness_kthread("holder", holder, 0, 0);
	harness_kthread("waiter", take, 0, 60 * S);
	harness_kthread("sleeper", sleeper, 0, 60 * S);
	finish_silent(500 * S);
}
END_TEST

START_TEST(hung_tasks_are_told_ten_times)
{
	static const struct op holder[] = { LOCK(MUTEX, LOCK_PLAIN),
					    SLEEP(5000 * S), DIE };

	start("none", 1, &hung);
	harness_kthread("holder", holder, 0, 0);
	for (unsigned int i = 0; i < 3; i++)
		harness_kthread("waiter", take, 0, S);
	finish(1000 * S);
	ck_assert_uint_eq(nr_said, 10);
	ck_assert_int_eq(said[9].when, 600 * S);
}
END_TEST

/*
 * need_resched
 */

static const struct op short_sleeps[] = { SLEEP(MS), RUN(US),
					  AGAIN(short_sleeps) };

static void check_latency(ktime_t length, unsigned int n)
{
	struct op path[] = { RUN(length), SLEEP(500 * MS), AGAIN(path) };
	const struct stall_config nothing = { 0 };

	start("none", 1, &nothing);
	h.kernel->config.latency_warn = 100 * MS;
	harness_rt("urgent", short_sleeps, POLICY_FIFO, 9, 0, 0);
	harness_kthread("loop", path, 0, 5 * MS);
	finish(3 * S);
	ck_assert_uint_eq(nr_said, n);
}

/* Told at the first tick that is more than the limit behind the one that saw
 * it first; once. */
START_TEST(resched_latency)
{
	check_latency(130 * MS, 1);
	ck_assert_str_eq(said[0].kind, "resched_latency");
	ck_assert_int_eq(said[0].when, 120 * MS);
	ck_assert_ptr_nonnull(strstr(said[0].text, "for > 110000000 ns (11 "));
	check_latency(105 * MS, 0);
}
END_TEST

/* A CPU that has not scheduled since it booted: it is no tick of that time that
 * saw the flag first. */
START_TEST(resched_latency_of_the_first)
{
	static const struct op high[] = { RUN(US), DIE };
	static const struct op handler[] = { RAISE(NET_RX_SOFTIRQ), RET };
	static const struct op action[] = { WAKE(0), RUN(50 * MS), RET };
	const struct stall_config nothing = { 0 };

	start("none", 1, &nothing);
	h.kernel->config.latency_warn = 100 * MS;
	h.softirq[NET_RX_SOFTIRQ] = action;
	harness_rt("high", high, POLICY_FIFO, 9, 0, KTIME_MAX);
	harness_irq_at(0, handler, 500 * MS);
	finish_silent(S);
}
END_TEST

static void add_lockups(TCase *tc)
{
	tcase_add_loop_test(tc, soft_lockup, 0, 4);
	tcase_add_test(tc, late_by_a_little);
	tcase_add_test(tc, soft_lockup_in_a_softirq);
	tcase_add_test(tc, softirqs_over_a_user_loop);
	tcase_add_test(tc, measuring_begins);
	tcase_add_test(tc, soft_lockup_is_repeated);
	tcase_add_test(tc, soft_lockup_ends);
	tcase_add_test(tc, soft_lockup_of_a_preemptible_kernel);
	tcase_add_loop_test(tc, preemptible_loop, 0, 2);
	tcase_add_loop_test(tc, interrupted_preemptible_loop, 0, 2);
	tcase_add_loop_test(tc, spinning_for_a_mutex, 0, 2);
	tcase_add_test(tc, loop_of_sections);
	tcase_add_test(tc, loop_with_cond_resched);
	tcase_add_test(tc, loop_with_might_sleep);
	tcase_add_test(tc, loop_with_vain_might_sleep);
	tcase_add_test(tc, user_loop);
	tcase_add_test(tc, system_calls);
	tcase_add_test(tc, idle);
	tcase_add_loop_test(tc, hard_lockup, 0, 4);
	tcase_add_test(tc, hard_lockup_is_told_again);
	tcase_add_test(tc, late_timer);
	tcase_add_test(tc, late_timer_and_sections);
	tcase_add_test(tc, interrupts_off_for_a_while);
}

static void add_others(TCase *tc)
{
	tcase_add_test(tc, rcu_stall);
	tcase_add_test(tc, rcu_stall_of_a_preemptible_kernel);
	tcase_add_test(tc, rcu_stall_seen_by_another);
	tcase_add_loop_test(tc, rcu_stall_of_several, 0, 2);
	tcase_add_test(tc, rcu_stall_with_sections);
	tcase_add_test(tc, rcu_stall_is_repeated);
	tcase_add_loop_test(tc, rcu_counts_jiffies, 0, 2);
	tcase_add_test(tc, rcu_stall_unseen);
	tcase_add_test(tc, rcu_is_not_held_up);
	tcase_add_loop_test(tc, hung_task, 0, 3);
	tcase_add_test(tc, slow_task);
	tcase_add_test(tc, hung_tasks_are_told_ten_times);
	tcase_add_test(tc, resched_latency);
	tcase_add_test(tc, resched_latency_of_the_first);
}

int main(void)
{
	Suite *suite = suite_create("stall");
	TCase *tc = tcase_create("stall");

	tcase_set_timeout(tc, 60);
	add_lockups(tc);
	add_others(tc);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
