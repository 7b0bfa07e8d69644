/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of high-resolution timers, with ticks far apart.
 */
#include <config.h>

#include "kernel-harness.h"
#include "preemptsim/base/rng.h"

#define TIMERS 200
#define OPERATIONS 20000

/* What should be known of each timer. */
struct ref {
	bool active;
	ktime_t soft, hard, armed;
	uint64_t seq;
};

static struct hrtimer timer[TIMERS];
static struct ref ref[TIMERS];
static uint64_t next_seq;

static void expired(struct cpu *cpu, const struct op *op)
{
	char what[2] = { 0 };

	(void)op;
	what[0] = (char)('a' + ((struct hrtimer *)cpu->top->arg - timer));
	harness_write(what, cpu->sim->now);
}

static const struct op expire[] = { DO(expired), RET };

static struct kcpu *cpu_nr(unsigned int i)
{
	return &h.kernel->cpus[i];
}

/* A booted kernel that does nothing, and timers that write their letter. */
static void start(unsigned int nr_cpus)
{
	struct harness_config config = { .hz = 100,
					 .nr_cpus = nr_cpus,
					 .nr_timers = 4 };

	harness_start(&config);
	harness_boot();
	for (unsigned int i = 0; i < TIMERS; i++)
		hrtimer_init(&timer[i], expire);
}

static void arm(unsigned int i, ktime_t when, ktime_t slack)
{
	hrtimer_start(cpu_nr(0), &timer[i], when, slack);
}

START_TEST(in_order_of_expiry)
{
	start(1);
	arm(0, 300 * US, 0);
	arm(1, 100 * US, 0);
	arm(2, 400 * US, 0);
	arm(3, 200 * US, 0);
	harness_run(900 * US);
	check_text("b100 d200 a300 c400");
	harness_finish();
}
END_TEST

START_TEST(equals_in_order_of_arming)
{
	start(1);
	for (unsigned int i = 0; i < 20; i++)
		arm((i * 7) % 20, 100 * US, 0);
	harness_run(900 * US);
	check_text("a100 h100 o100 b100 i100 p100 c100 j100 q100 d100 k100 "
		   "r100 e100 l100 s100 f100 m100 t100 g100 n100");
	harness_finish();
}
END_TEST

START_TEST(cancelled)
{
	start(1);
	for (unsigned int i = 0; i < 5; i++)
		arm(i, (100 + i) * US, 0);
	hrtimer_cancel(&timer[0]);
	hrtimer_cancel(&timer[3]);
	hrtimer_cancel(&timer[3]);
	hrtimer_cancel(&timer[7]);
	harness_run(900 * US);
	check_text("b101 c102 e104");
	hrtimer_cancel(&timer[1]);
	harness_run(950 * US);
	check_text("b101 c102 e104");
	harness_finish();
}
END_TEST

/* A soft timer that was cancelled brings no interrupt; the next one expires. */
START_TEST(soft_cancelled)
{
	start(1);
	timer[0].is_soft = timer[1].is_soft = true;
	arm(0, 100 * US, 0);
	arm(1, 300 * US, 0);
	hrtimer_cancel(&timer[0]);
	harness_run(200 * US);
	ck_assert_uint_eq(cpu_nr(0)->cpu.interrupts, 0);
	harness_run(900 * US);
	check_text("b300");
	ck_assert_uint_eq(cpu_nr(0)->cpu.interrupts, 1);
	arm(0, 1100 * US, 0);
	hrtimer_cancel(&timer[0]);
	ck_assert_int_eq(cpu_nr(0)->hrtimers.soft_next, KTIME_MAX);
	harness_finish();
}
END_TEST

/* Armed anew it has one expiry, the last said, and is behind its equals. */
START_TEST(armed_anew)
{
	start(1);
	arm(0, 100 * US, 0);
	arm(1, 200 * US, 0);
	arm(2, 300 * US, 0);
	arm(0, 300 * US, 0);
	arm(1, 50 * US, 0);
	harness_run(400 * US);
	check_text("b50 c300 a300");
	arm(0, 500 * US, 0);
	harness_run(900 * US);
	check_text("b50 c300 a300 a500");
	harness_finish();
}
END_TEST

START_TEST(in_the_past)
{
	start(1);
	harness_run(200 * US);
	arm(0, 100 * US, 0);
	arm(1, 200 * US, 0);
	arm(2, 50 * US, 0);
	harness_run(300 * US);
	check_text("c200 a200 b200");
	harness_finish();
}
END_TEST

START_TEST(on_another_cpu)
{
	unsigned int served;

	start(2);
	arm(0, 500 * US, 0);
	hrtimer_start(cpu_nr(1), &timer[0], 300 * US, 0);
	ck_assert_ptr_eq(timer[0].base, cpu_nr(1));
	harness_run(900 * US);
	check_text("a300");
	served = (unsigned int)cpu_nr(1)->cpu.interrupts;
	ck_assert_uint_eq(served, 1);
	ck_assert_uint_eq(cpu_nr(0)->cpu.interrupts, 0);
	harness_finish();
}
END_TEST

/* Another CPU cancels it while the interrupt takes it off the queue: the next
 * one is not due yet. */
START_TEST(cancelled_at_its_expiry)
{
	static const struct costs costs = {
		.price = { [COST_HRTIMER_EXPIRE] = 10 * US },
	};
	struct harness_config config = { .hz = 100,
					 .nr_timers = 4,
					 .costs = &costs };

	harness_start(&config);
	harness_boot();
	for (unsigned int i = 0; i < 3; i++)
		hrtimer_init(&timer[i], expire);
	arm(0, 100 * US, 0);
	arm(1, 100 * US, 0);
	arm(2, 400 * US, 0);
	harness_run(105 * US);
	hrtimer_cancel(&timer[0]);
	harness_run(200 * US);
	check_text("b110");
	arm(0, 300 * US, 0);
	harness_run(305 * US);
	hrtimer_cancel(&timer[0]);
	harness_run(900 * US);
	check_text("b110 c410");
	harness_finish();
}
END_TEST

/*
 * Slack
 */

START_TEST(alone_at_its_latest)
{
	start(1);
	arm(0, 200 * US, 100 * US);
	harness_run(900 * US);
	check_text("a300");
	harness_finish();
}
END_TEST

/* An interrupt for another takes it along if it may expire already. */
START_TEST(taken_along)
{
	start(1);
	arm(0, 200 * US, 100 * US);
	arm(1, 250 * US, 0);
	arm(2, 260 * US, 100 * US);
	harness_run(900 * US);
	check_text("b250 a250 c360");
	ck_assert_uint_eq(cpu_nr(0)->cpu.interrupts, 2);
	harness_finish();
}
END_TEST

/* The search goes in order of the latest instants and ends at the first that
 * may not expire yet. */
START_TEST(search_ends_early)
{
	start(1);
	arm(0, 250 * US, 0);
	arm(1, 255 * US, 5 * US);
	arm(2, 100 * US, 300 * US);
	harness_run(900 * US);
	check_text("a250 b260 c260");
	harness_finish();
}
END_TEST

START_TEST(one_interrupt_for_all)
{
	start(1);
	for (unsigned int i = 0; i < 10; i++)
		arm(i, 100 * US, 0);
	harness_run(900 * US);
	ck_assert_uint_eq(cpu_nr(0)->cpu.interrupts, 1);
	harness_finish();
}
END_TEST

/*
 * What functions do
 */

static void again_in_100(struct cpu *cpu, const struct op *op)
{
	expired(cpu, op);
	if (cpu->sim->now < 350 * US)
		hrtimer_start(to_kcpu(cpu), cpu->top->arg,
			      cpu->sim->now + 100 * US, 0);
}

static const struct op periodic[] = { DO(again_in_100), RET };

START_TEST(arms_itself)
{
	start(1);
	hrtimer_init(&timer[0], periodic);
	arm(0, 100 * US, 0);
	harness_run(900 * US);
	check_text("a100 a200 a300 a400");
	harness_finish();
}
END_TEST

static void cancel_next(struct cpu *cpu, const struct op *op)
{
	expired(cpu, op);
	hrtimer_cancel((struct hrtimer *)cpu->top->arg + 1);
}

static const struct op canceller[] = { DO(cancel_next), RET };

/* Also one that is due in the same interrupt. */
START_TEST(cancels_another)
{
	start(1);
	hrtimer_init(&timer[0], canceller);
	arm(0, 100 * US, 0);
	arm(1, 100 * US, 0);
	arm(2, 100 * US, 0);
	harness_run(900 * US);
	check_text("a100 c100");
	harness_finish();
}
END_TEST

static const struct op slow[] = { DO(expired), RUN(50 * US), RET };

/* What comes due meanwhile is late, not lost. */
START_TEST(slow_functions)
{
	start(1);
	for (unsigned int i = 0; i < 3; i++)
		hrtimer_init(&timer[i], slow);
	arm(0, 100 * US, 0);
	arm(1, 110 * US, 0);
	arm(2, 300 * US, 0);
	harness_run(900 * US);
	check_text("a100 b150 c300");
	harness_finish();
}
END_TEST

static const struct op very_slow[] = { DO(expired), RUN(60 * MS), RET };

/* However long it was kept, what was interrupted comes on for 100 ms at
 * most. */
START_TEST(hang_ends)
{
	start(1);
	for (unsigned int i = 0; i < 5; i++)
		hrtimer_init(&timer[i], very_slow);
	arm(0, 1 * MS, 0);
	arm(1, 2 * MS, 0);
	arm(2, 3 * MS, 0);
	arm(3, 70 * MS, 0);
	arm(4, 250 * MS, 0);
	harness_run(350 * MS);
	check_text("a1000 b61000 c121000 d181000 e341000");
	harness_finish();
}
END_TEST

static const struct op hog[] = { RUN(900 * US), AGAIN(hog) };

/* There are three attempts to serve them all.  Then what was interrupted comes
 * on, for as long as it was kept; nor does a new timer end that. */
START_TEST(too_slow_functions)
{
	struct harness_config config = { .hz = 100 };
	unsigned int task;

	harness_start(&config);
	task = harness_fair("hog", hog, 0, 0, 0);
	harness_boot();
	for (unsigned int i = 0; i < 6; i++)
		hrtimer_init(&timer[i], slow);
	arm(0, 100 * US, 0);
	arm(1, 110 * US, 0);
	arm(2, 160 * US, 0);
	arm(3, 210 * US, 0);
	arm(4, 260 * US, 0);
	harness_run(399 * US);
	ck_assert_int_eq(harness_cpu_time(task), (100 + 149) * US);
	arm(5, 205 * US, 0);
	harness_run(900 * US);
	check_text("a100 b150 c200 f400 d450 e500");
	harness_finish();
}
END_TEST

/* With interrupts off they wait. */
START_TEST(masked)
{
	static const struct op deaf[] = {
		DO(op_local_irq_disable), RUN(500 * US), NOTE('.'),
		DO(op_local_irq_enable),  NOTE('!'),	 DIE,
	};
	struct harness_config config = { .hz = 100 };

	harness_start(&config);
	harness_kthread("deaf", deaf, 0, 0);
	harness_boot();
	for (unsigned int i = 0; i < 2; i++)
		hrtimer_init(&timer[i], expire);
	arm(0, 200 * US, 0);
	arm(1, 100 * US, 0);
	harness_run(900 * US);
	check_text(".500 b500 a500 !500");
	harness_finish();
}
END_TEST

START_TEST(next_expiry)
{
	const struct hrtimer *tick;

	start(1);
	tick = &cpu_nr(0)->tick.timer;
	ck_assert_int_eq(hrtimer_next_except(cpu_nr(0), tick), KTIME_MAX);
	arm(0, 5 * MS, MS);
	ck_assert_int_eq(hrtimer_next_except(cpu_nr(0), tick), 6 * MS);
	ck_assert_int_eq(hrtimer_next_except(cpu_nr(0), &timer[0]), 10 * MS);
	for (unsigned int i = 1; i < 20; i++)
		arm(i, 20 * MS - i * US, 0);
	hrtimer_cancel(&timer[0]);
	ck_assert_int_eq(hrtimer_next_except(cpu_nr(0), tick),
			 20 * MS - 19 * US);
	harness_finish();
}
END_TEST

static unsigned int nr_counted;

static void count(struct cpu *cpu, const struct op *op)
{
	(void)cpu;
	(void)op;
	nr_counted++;
}

static const struct op counting[] = { DO(count), RET };

/* More than there was room made for. */
START_TEST(very_many)
{
	static struct hrtimer more[3000];

	start(1);
	nr_counted = 0;
	for (unsigned int i = 0; i < 3000; i++) {
		hrtimer_init(&more[i], counting);
		hrtimer_start(cpu_nr(0), &more[i], (1 + i % 7) * US, 0);
	}
	harness_run(4 * US);
	ck_assert_uint_eq(nr_counted, 4 * 429);
	harness_run(900 * US);
	ck_assert_uint_eq(nr_counted, 3000);
	harness_finish();
}
END_TEST

/*
 * Chance
 */

static struct rng rng;
static struct evsource driver;
static unsigned int nr_operations, nr_expired;

static bool first(unsigned int i)
{
	for (unsigned int j = 0; j < TIMERS; j++)
		if (ref[j].active &&
		    (ref[j].hard < ref[i].hard ||
		     (ref[j].hard == ref[i].hard && ref[j].seq < ref[i].seq)))
			return false;
	return true;
}

/* Each expiry is in its window, and in the right order. */
static void check_expired(struct cpu *cpu, const struct op *op)
{
	unsigned int i =
		(unsigned int)((struct hrtimer *)cpu->top->arg - timer);
	ktime_t now = cpu->sim->now;

	(void)op;
	nr_expired++;
	if (!ref[i].active || now < ref[i].soft ||
	    now > MAX(ref[i].hard, ref[i].armed) || !first(i))
		ck_abort_msg("a timer expired out of turn");
	ref[i].active = false;
}

static const struct op checked[] = { DO(check_expired), RET };

static void operate(struct evsource *source)
{
	unsigned int i = (unsigned int)rng_below(&rng, TIMERS);
	ktime_t now = h.sim.now, slack = 0;

	for (unsigned int j = 0; j < TIMERS; j++)
		if (ref[j].active && ref[j].hard < now)
			ck_abort_msg("a timer was forgotten");
	if (rng_below(&rng, 4) == 0) {
		hrtimer_cancel(&timer[i]);
		ref[i].active = false;
	} else {
		ktime_t when = now - 20 + (ktime_t)rng_below(&rng, 2000);

		if (rng_below(&rng, 2))
			slack = (ktime_t)rng_below(&rng, 500);
		ref[i] = (struct ref){ .active = true,
				       .soft = when,
				       .hard = when + slack,
				       .armed = now,
				       .seq = next_seq++ };
		arm(i, when, slack);
	}
	if (++nr_operations < OPERATIONS)
		sim_schedule(&h.sim, source, now + (ktime_t)rng_below(&rng, 20),
			     PRIO_DEVICE);
}

START_TEST(random_operations)
{
	next_seq = nr_operations = nr_expired = 0;
	memset(ref, 0, sizeof(ref));
	rng_init(&rng, (uint64_t)_i, 0, "hrtimer", "operations");
	start(1);
	for (unsigned int i = 0; i < TIMERS; i++)
		hrtimer_init(&timer[i], checked);
	sim_add_source(&h.sim, &driver, operate);
	sim_schedule(&h.sim, &driver, 1000, PRIO_DEVICE);
	harness_run(MS);
	ck_assert_uint_eq(nr_operations, OPERATIONS);
	ck_assert_uint_gt(nr_expired, OPERATIONS / 4);
	for (unsigned int i = 0; i < TIMERS; i++)
		ck_assert(!ref[i].active);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hrtimer");
	TCase *tc = tcase_create("hrtimer");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, in_order_of_expiry);
	tcase_add_test(tc, equals_in_order_of_arming);
	tcase_add_test(tc, cancelled);
	tcase_add_test(tc, soft_cancelled);
	tcase_add_test(tc, armed_anew);
	tcase_add_test(tc, in_the_past);
	tcase_add_test(tc, on_another_cpu);
	tcase_add_test(tc, cancelled_at_its_expiry);
	tcase_add_test(tc, alone_at_its_latest);
	tcase_add_test(tc, taken_along);
	tcase_add_test(tc, search_ends_early);
	tcase_add_test(tc, one_interrupt_for_all);
	tcase_add_test(tc, arms_itself);
	tcase_add_test(tc, cancels_another);
	tcase_add_test(tc, slow_functions);
	tcase_add_test(tc, hang_ends);
	tcase_add_test(tc, too_slow_functions);
	tcase_add_test(tc, masked);
	tcase_add_test(tc, next_expiry);
	tcase_add_test(tc, very_many);
	tcase_add_loop_test(tc, random_operations, 0, 3);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
