/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of NMIs in the kernel: they come wherever it is, at once, and nothing
 * but the time that they take is different for anybody else.
 */
#include <config.h>

#include "kernel-harness.h"

static const char *const models[] = { "none", "full", "lazy", "rt" };

/* Prices that make the kernel's own paths take time, so that an NMI can hit
 * them. */
static struct costs prices(void)
{
	struct costs costs = { { 0 } };

	costs.price[COST_IRQ_ENTRY] = 10 * US;
	costs.price[COST_IRQ_EXIT] = 10 * US;
	costs.price[COST_SOFTIRQ_ENTRY] = 10 * US;
	costs.price[COST_WAKEUP] = 10 * US;
	costs.price[COST_SCHEDULE] = 20 * US;
	costs.price[COST_CONTEXT_SWITCH] = 20 * US;
	costs.price[COST_IRQ_MASK] = 10 * US;
	return costs;
}

/* What was interrupted, a bit for each enum acct. */
static uint32_t interrupted;

/* What an NMI finds: nothing that it has to wait for.  Below the frame of its
 * handler is that of its path. */
static void found(struct cpu *cpu, const struct op *op)
{
	const struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	ck_assert(in_nmi(kc));
	ck_assert(in_interrupt(kc));
	ck_assert(!in_task(kc));
	ck_assert(!cpu_irqs_on(cpu));
	interrupted |= 1u << (cpu->top[-1].acct & (ACCT_TASK - 1));
	ck_assert_int_eq(cpu->nmi_raised_at, cpu->sim->now);
}

static const struct op nmi[] = { DO(found), RET };
static const struct op long_nmi[] = { DO(found), RUN(7 * US), RET };

static const struct op action[] = { NOTE('s'), RUN(60 * US), NOTE('t'), RET };
static const struct op handler[] = { NOTE('i'), RUN(30 * US),
				     WAKE(0),	RAISE(NET_RX_SOFTIRQ),
				     NOTE('j'), RET };
static const struct op high[] = { NOTE('H'), RUN(40 * US), BLOCK, AGAIN(high) };
static const struct op low[] = {
	NOTE('l'),
	RUN(50 * US),
	DO(op_local_irq_disable),
	RUN(50 * US),
	DO(op_local_irq_enable),
	DO(op_preempt_disable),
	RUN(50 * US),
	DO(op_preempt_enable),
	LOCK(0, LOCK_IRQSAVE),
	RUN(50 * US),
	UNLOCK(0, LOCK_IRQSAVE),
	DO(op_local_bh_disable),
	RUN(50 * US),
	DO(op_local_bh_enable),
	CALL(cond_resched_path),
	AGAIN(low),
};

/* What happens on a busy CPU, with an NMI at @when (none if it is negative). */
static char *story(const char *model, ktime_t when, const struct op *path)
{
	static const struct irq_request request = { 0 };
	struct costs costs = prices();
	struct harness_config config = { .model = model,
					 .hz = 1000,
					 .costs = &costs };
	char *text;

	harness_start(&config);
	harness_log_switches();
	h.softirq[NET_RX_SOFTIRQ] = action;
	harness_rt("high", high, POLICY_FIFO, 60, 0, KTIME_MAX);
	harness_kthread("low", low, 0, 0);
	for (unsigned int i = 1; i < 8; i++)
		harness_request_irq_at(&request, handler, i * 370 * US);
	if (when >= 0)
		harness_nmi_at(0, path, when);
	harness_run(3 * MS);
	text = g_strdup(h.text->str);
	harness_finish();
	return text;
}

/* One that takes no time leaves everything as it was, wherever it comes. */
START_TEST(changes_nothing)
{
	const uint32_t all = 1u << ACCT_KERNEL | 1u << ACCT_SOFTIRQ |
			     1u << ACCT_HARDIRQ | 1u << ACCT_SWITCH;
	char *without = story(models[_i], -1, NULL);

	for (ktime_t when = 0; when < 2900 * US; when += 5 * US) {
		char *with = story(models[_i], when, nmi);

		ck_assert_msg(!strcmp(with, without), "an NMI at %lld:\n%s\n%s",
			      (long long)when, with, without);
		g_free(with);
	}
	g_free(without);
	ck_assert_uint_eq(interrupted & all, all);
}
END_TEST

/* The end of an array of notes: "t123.4" -> the letters alone. */
static char *letters(const char *text)
{
	GString *out = g_string_new(NULL);

	for (; *text; text++)
		if (g_ascii_isalpha(*text))
			g_string_append_c(out, *text);
	return g_string_free(out, FALSE);
}

/* One that takes time changes no order where nothing else is close. */
START_TEST(delays_and_no_more)
{
	char *without = story(models[_i], -1, NULL);
	char *expected = letters(without);

	for (ktime_t when = 400 * US; when < 700 * US; when += 5 * US) {
		char *with = story(models[_i], when, long_nmi);
		char *order = letters(with);

		/* The end of the run comes 7 us earlier to the last ones. */
		ck_assert_msg(!strncmp(order, expected, strlen(expected) / 2),
			      "an NMI at %lld:\n%s\n%s", (long long)when, with,
			      without);
		ck_assert_int_eq(h.sim.now, 3 * MS);
		g_free(order);
		g_free(with);
	}
	g_free(expected);
	g_free(without);
}
END_TEST

/* One that ends the CPU's rest pays for leaving it, and what idle's standing
 * count has forbidden begins with it. */
START_TEST(out_of_idle)
{
	static const struct op path[] = { NOTE('n'), RUN(5 * US), RET };
	static const struct costs costs = {
		.price = { [COST_IDLE_EXIT] = 30 * US,
			   [COST_NMI_ENTRY] = 2 * US },
	};
	struct harness_config config = { .nohz = true, .costs = &costs };

	harness_start(&config);
	harness_nmi_at(0, path, 200 * US);
	harness_run(900 * US);
	check_text("n232");
	ck_assert_int_eq(h.kernel->cpus[0].preempt_off_max, 37 * US);
	harness_finish();
}
END_TEST

static ktime_t duration;

static void told_nmi(void *data, const struct trace_record *record)
{
	(void)data;
	duration = record->a;
}

/* What is told is how long the handler took, without what is paid for coming to
 * it and going. */
START_TEST(tells_how_long_it_took)
{
	static const struct op path[] = { RUN(7 * US), RET };
	static const struct costs costs = {
		.price = { [COST_NMI_ENTRY] = 2 * US, [COST_NMI_EXIT] = 3 * US }
	};
	struct harness_config config = { .costs = &costs };

	harness_start(&config);
	harness_kthread("low", low, 0, 0);
	harness_nmi_at(0, path, 120 * US);
	tracer_listen(&h.sim.tracer, TP_nmi_handler, told_nmi, NULL);
	duration = 0;
	harness_run(900 * US);
	ck_assert_int_eq(duration, 7 * US);
	harness_finish();
}
END_TEST

static void told_preempt(void *data, const struct trace_record *record)
{
	(void)data;
	harness_write(record->id == TP_preempt_disable ? "(" : ")",
		      record->when);
}

/* An NMI adds to preempt_count and tells nobody; what its handler disables
 * itself is told of, where nothing was disabled before.  Nor is its time one
 * with preemption disabled. */
START_TEST(tells_nothing_of_preemption)
{
	static const struct op path[] = {
		RUN(100 * US), DO(op_preempt_disable),
		RUN(100 * US), DO(op_preempt_enable),
		RUN(MS),       DIE,
	};
	static const struct op waking[] = { DO(found), WAKE(0), RET };
	struct harness_config config = { .model = models[_i], .hz = 100 };

	harness_start(&config);
	harness_rt("high", high, POLICY_FIFO, 60, 0, KTIME_MAX);
	harness_kthread("low", path, 0, 10 * US);
	harness_nmi_at(0, long_nmi, 50 * US);
	harness_nmi_at(0, long_nmi, 150 * US);
	harness_nmi_at(0, waking, 170 * US);
	harness_run(20 * US);
	h.kernel->cpus[0].preempt_off_max = 0;
	tracer_listen(&h.sim.tracer, TP_preempt_disable, told_preempt, NULL);
	tracer_listen(&h.sim.tracer, TP_preempt_enable, told_preempt, NULL);
	harness_run(100 * US);
	check_text("");
	ck_assert_int_eq(h.kernel->cpus[0].preempt_off_max, 0);
	harness_run(199 * US);
	check_text("(117");
	harness_finish();
}
END_TEST

/* The same where the handler wakes somebody, which an interrupt behind it answers
 * for. */
START_TEST(tells_of_its_own_sections)
{
	static const struct op path[] = { RUN(MS), DIE };
	static const struct op waking[] = { DO(found), WAKE(0), RUN(7 * US),
					    RET };
	struct harness_config config = { .model = models[_i], .hz = 100 };

	harness_start(&config);
	harness_rt("high", high, POLICY_FIFO, 60, 0, KTIME_MAX);
	harness_kthread("low", path, 0, 10 * US);
	harness_nmi_at(0, waking, 50 * US);
	harness_run(20 * US);
	h.kernel->cpus[0].preempt_off_max = 0;
	tracer_listen(&h.sim.tracer, TP_preempt_disable, told_preempt, NULL);
	tracer_listen(&h.sim.tracer, TP_preempt_enable, told_preempt, NULL);
	harness_run(55 * US);
	check_text("(50 )50");
	ck_assert_uint_eq(told_count(&h.kernel->cpus[0]), 0);
	ck_assert_uint_eq(preempt_count(&h.kernel->cpus[0]),
			  NMI_OFFSET + HARDIRQ_OFFSET);
	harness_run(60 * US);
	ck_assert_int_eq(h.kernel->cpus[0].preempt_off_max, 0);
	ck_assert_uint_eq(preempt_count(&h.kernel->cpus[0]), 0);
	harness_finish();
}
END_TEST

/* Over an interrupt, which is told of, they are no outermost ones. */
START_TEST(over_an_interrupt)
{
	static const struct op path[] = { RUN(MS), DIE };
	static const struct op waking[] = { DO(found), WAKE(0), RET };
	static const struct op irq[] = { RUN(20 * US), RET };
	struct harness_config config = { .model = models[_i], .hz = 100 };

	harness_start(&config);
	harness_rt("high", high, POLICY_FIFO, 60, 0, KTIME_MAX);
	harness_kthread("low", path, 0, 10 * US);
	harness_irq_at(0, irq, 30 * US);
	harness_nmi_at(0, waking, 40 * US);
	harness_run(20 * US);
	tracer_listen(&h.sim.tracer, TP_preempt_disable, told_preempt, NULL);
	tracer_listen(&h.sim.tracer, TP_preempt_enable, told_preempt, NULL);
	harness_run(49 * US);
	check_text("(30");
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("nmi");
	TCase *tc = tcase_create("nmi");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, changes_nothing, 0, G_N_ELEMENTS(models));
	tcase_add_loop_test(tc, delays_and_no_more, 0, G_N_ELEMENTS(models));
	tcase_add_test(tc, out_of_idle);
	tcase_add_test(tc, tells_how_long_it_took);
	tcase_add_loop_test(tc, tells_nothing_of_preemption, 0,
			    G_N_ELEMENTS(models));
	tcase_add_loop_test(tc, tells_of_its_own_sections, 0,
			    G_N_ELEMENTS(models));
	tcase_add_loop_test(tc, over_an_interrupt, 0, G_N_ELEMENTS(models));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
