/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the spinlocks that are not queued: test and set, and tickets.
 */
#include <config.h>

#include "lock-types.h"

/*
 * Test and set
 */

static const struct op tas_round[] = { WRITE(10 * US), AGAIN(tas_round) };

/* Waits of three CPUs that do nothing else: a queue has the same for all. */
START_TEST(tas_is_unfair)
{
	static const char *const types[] = { "spinlock", "tas_spinlock" };
	ktime_t longest[2];

	for (unsigned int i = 0; i < 2; i++) {
		start(types[i], "full", 4);
		for (unsigned int cpu = 0; cpu < 4; cpu++)
			harness_kthread("task", tas_round, cpu, 0);
		longest[i] = 0;
		for (ktime_t end = 100 * US; end <= 9 * MS; end += 100 * US) {
			harness_run(end);
			for (unsigned int k = 0; k < 32; k++)
				longest[i] = MAX(longest[i], waited[k]);
		}
		harness_finish();
	}
	ck_assert_int_eq(longest[0], 30);
	ck_assert_int_gt(longest[1], 60);
}
END_TEST

static unsigned int wins[4];

static void told_winner(void *data, const struct trace_record *record)
{
	(void)data;
	wins[record->cpu]++;
}

/* Everybody has the same chance. */
START_TEST(tas_draws_evenly)
{
	start("tas_spinlock", "full", 4);
	memset(wins, 0, sizeof(wins));
	tracer_listen(&h.sim.tracer, TP_lock_acquire, told_winner, NULL);
	for (unsigned int cpu = 0; cpu < 4; cpu++)
		harness_kthread("task", tas_round, cpu, 0);
	harness_run(100 * MS);
	/* 10000 draws; 5 standard deviations of a fourth of them are 217. */
	for (unsigned int cpu = 0; cpu < 4; cpu++) {
		ck_assert_uint_ge(wins[cpu], 2500 - 217);
		ck_assert_uint_le(wins[cpu], 2500 + 217);
	}
	harness_finish();
}
END_TEST

static void tas_order(uint64_t seed, char order[64])
{
	static const struct op path[] = { WRITE(10 * US), NOTE('x'), DIE };

	start("tas_spinlock", "full", 8);
	lock_seed(&h.lock[0], seed, 0);
	harness_log_switches();
	for (unsigned int cpu = 0; cpu < 8; cpu++)
		harness_kthread("task", path, cpu, (ktime_t)cpu);
	harness_run(900 * US);
	g_snprintf(order, 64, "%u", g_str_hash(h.text->str));
	harness_finish();
}

/* The seed decides, and only the seed. */
START_TEST(tas_by_seed)
{
	char a[64], b[64], c[64];

	tas_order(1, a);
	tas_order(2, b);
	tas_order(1, c);
	ck_assert_str_ne(a, b);
	ck_assert_str_eq(a, c);
}
END_TEST

/* One that is interrupted does not look; it does when it comes back, and may
 * find that it is too late. */
START_TEST(tas_interrupted)
{
	static const struct op first[] = { WRITE(50 * US), NOTE('a'), DIE };
	static const struct op second[] = { WRITE(50 * US), NOTE('b'), DIE };
	static const struct op late[] = { WRITE(30 * US), NOTE('c'), DIE };

	start("tas_spinlock", "full", 3);
	harness_kthread("a", first, 0, 0);
	harness_kthread("b", second, 1, 10 * US);
	harness_kthread("c", late, 2, 55 * US);
	harness_irq_at(1, irq_20, 40 * US);
	harness_run(900 * US);
	check_text("i40 a50 c85 b135");
	check_free();
	harness_finish();
	start("tas_spinlock", "full", 3);
	harness_kthread("a", first, 0, 0);
	harness_kthread("b", second, 1, 10 * US);
	harness_irq_at(1, irq_20, 40 * US);
	harness_run(900 * US);
	check_text("i40 a50 b110");
	check_free();
	harness_finish();
}
END_TEST

/* The hand-over takes longer the more there are who spin. */
START_TEST(tas_bounces)
{
	static const struct op first[] = { WRITE(50 * US), NOTE('a'), DIE };
	static const struct op other[] = { WRITE(100 * US), NOTE('o'), DIE };

	for (unsigned int i = 0; i < 2; i++) {
		start(i ? "tas_spinlock" : "spinlock", "full", 4);
		h.kernel->config.costs.price[COST_SPIN_HANDOFF] = 3 * US;
		h.kernel->config.costs.price[COST_SPIN_BOUNCE] = 2 * US;
		harness_kthread("a", first, 0, 0);
		for (unsigned int cpu = 1; cpu < 4; cpu++)
			harness_kthread("o", other, cpu, 10 * US);
		harness_run(900 * US);
		check_text(i ? "a50 o157 o262 o365" : "a50 o153 o256 o359");
		harness_finish();
	}
}
END_TEST

/*
 * Tickets
 */

/* In order, and each hand-over takes longer by half of the others who spin. */
START_TEST(tickets_are_served_in_order)
{
	static const struct op first[] = { WRITE(50 * US), NOTE('a'), DIE };
	static const struct op other[] = { WRITE(100 * US), DIE };

	start("ticket_spinlock", "full", 5);
	h.kernel->config.costs.price[COST_SPIN_HANDOFF] = 3 * US;
	h.kernel->config.costs.price[COST_SPIN_BOUNCE] = 2 * US;
	tracer_listen(&h.sim.tracer, TP_contention_end, told_got_it, NULL);
	harness_kthread("a", first, 0, 0);
	for (unsigned int cpu = 1; cpu < 5; cpu++)
		harness_kthread("o", other, cpu, (50 - 10 * cpu) * US);
	harness_run(900 * US);
	/* 50 + 3 + 3, 100 + 3 + 2, 100 + 3 + 1, 100 + 3 */
	check_text("a50 4-56 3-161 2-265 1-368");
	check_free();
	harness_finish();
}
END_TEST

/* A turn that comes while its owner is interrupted is not passed over; nor does
 * who is interrupted ask for the line. */
START_TEST(tickets_are_kept)
{
	static const struct op first[] = { WRITE(50 * US), NOTE('a'), DIE };
	static const struct op other[] = { WRITE(100 * US), DIE };

	start("ticket_spinlock", "full", 4);
	h.kernel->config.costs.price[COST_SPIN_HANDOFF] = 3 * US;
	h.kernel->config.costs.price[COST_SPIN_BOUNCE] = 2 * US;
	tracer_listen(&h.sim.tracer, TP_contention_end, told_got_it, NULL);
	harness_kthread("a", first, 0, 0);
	for (unsigned int cpu = 1; cpu < 4; cpu++)
		harness_kthread("o", other, cpu, 10 * US + cpu);
	harness_irq_at(1, irq_20, 40 * US);
	harness_irq_at(3, irq_20, 45 * US);
	harness_run(900 * US);
	/* One looks, the next one comes back at 60, and has the line to fetch. */
	check_text("i40 i45 a50 1-64 2-168 3-271");
	check_free();
	harness_finish();
}
END_TEST

static void add_tests(TCase *tc)
{
	tcase_add_test(tc, tas_is_unfair);
	tcase_add_test(tc, tas_draws_evenly);
	tcase_add_test(tc, tas_by_seed);
	tcase_add_test(tc, tas_interrupted);
	tcase_add_test(tc, tas_bounces);
	tcase_add_test(tc, tickets_are_served_in_order);
	tcase_add_test(tc, tickets_are_kept);
}

int main(void)
{
	Suite *suite = suite_create("spin-types");
	TCase *tc = tcase_create("spin-types");

	tcase_set_timeout(tc, 60);
	add_tests(tc);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
