/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of interrupts that threads handle: who is handled where, in what
 * context, and what a masked line does meanwhile.
 */
#include <config.h>

#include "kernel-harness.h"

static const struct irq_request plain = { 0 };
static const struct irq_request threaded = { .threaded = true };
static const struct irq_request no_thread = { .no_thread = true };
static const struct irq_request nmi = { .nmi = true };

static const struct op hog[] = { RUN(100 * MS), AGAIN(hog) };
static const struct op high[] = { NOTE('H'), BLOCK, AGAIN(high) };
static const struct op handler[] = { NOTE('h'), RUN(50 * US), NOTE('e'), RET };
static const struct op once[] = { NOTE('s'), RUN(50 * US), NOTE('t'), RET };

static void start(const char *model, bool threadirqs)
{
	struct harness_config config = { .model = model,
					 .hz = 100,
					 .threadirqs = threadirqs };

	harness_start(&config);
	harness_log_switches();
}

static const struct {
	const char *model;
	bool threadirqs;
	const struct irq_request *request;
	bool in_thread;
} place[] = {
	{ "none", false, &plain, false },
	{ "full", false, &plain, false },
	{ "rt", false, &plain, true },
	{ "rt_lazy", false, &plain, true },
	{ "none", true, &plain, true },
	{ "lazy", true, &plain, true },
	{ "none", false, &threaded, true },
	{ "rt", false, &threaded, true },
	{ "rt", false, &no_thread, false },
	{ "full", true, &no_thread, false },
	{ "full", false, &no_thread, false },
	{ "rt", false, &nmi, false },
	{ "full", true, &nmi, false },
};

START_TEST(handled_in_a_thread)
{
	start(place[_i].model, place[_i].threadirqs);
	harness_request_irq_at(place[_i].request, handler, 100 * US);
	harness_run(1 * MS);
	check_text(place[_i].in_thread ? "irq/1-dev@100 h100 e150 idle@150" :
					 "h100 e150");
	harness_finish();
}
END_TEST

START_TEST(thread_is_fifo_50)
{
	struct harness_irq *irq;
	const struct task *task;
	struct harness_config config = { .model = "rt", .nr_cpus = 4 };
	struct irq_request request = { .cpu = 2 };

	harness_start(&config);
	irq = harness_request_irq_at(&request, handler, 100 * US);
	task = &irq->irq.thread->task;
	ck_assert_str_eq(task->comm, "irq/1-dev");
	ck_assert_int_eq(task->policy, POLICY_FIFO);
	ck_assert_int_eq(task->rt_priority, 50);
	ck_assert_uint_eq(task->nr_cpus_allowed, 1);
	ck_assert(cpumask_test_cpu(&task->cpus_mask, 2));
	harness_run(1 * MS);
	ck_assert_uint_eq(task->cpu, 2);
	harness_finish();
}
END_TEST

/* Above 50 a task does not even notice, below it makes way. */
START_TEST(competes_with_tasks)
{
	static const struct op busy[] = { NOTE('b'), RUN(200 * US), DIE };

	start("rt", false);
	harness_rt("busy", busy, POLICY_FIFO, _i ? 49 : 51, 0, 50 * US);
	harness_request_irq_at(&plain, handler, 100 * US);
	harness_run(1 * MS);
	check_text(_i ? "busy@50 b50 irq/1-dev@100 h100 e150 busy@150 "
			"idle@300" :
			"busy@50 b50 irq/1-dev@250 h250 e300 idle@300");
	harness_finish();
}
END_TEST

/* From the raise to its end an interrupt masks its line: what comes meanwhile
 * comes one by one afterwards, and knows when it was raised. */
static void told_handle(void *data, const struct trace_record *record)
{
	GArray *raised = data;

	g_array_append_val(raised, record->a);
}

START_TEST(line_is_masked)
{
	GArray *raised = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct harness_irq *irq;

	start("rt", false);
	tracer_listen(&h.sim.tracer, TP_irq_handle, told_handle, raised);
	irq = harness_request_irq_at(&plain, handler, 100 * US);
	harness_again_at(irq, 110 * US);
	harness_again_at(irq, 120 * US);
	harness_again_at(irq, 240 * US);
	harness_run(1 * MS);
	check_text("irq/1-dev@100 h100 e150 h150 e200 h200 e250 h250 e300 "
		   "idle@300");
	ck_assert_uint_eq(raised->len, 4);
	ck_assert_int_eq(g_array_index(raised, int64_t, 1), 110 * US);
	ck_assert_int_eq(g_array_index(raised, int64_t, 2), 120 * US);
	ck_assert_int_eq(g_array_index(raised, int64_t, 3), 240 * US);
	ck_assert_uint_eq(h.kernel->cpus[0].cpu.interrupts, 4);
	g_array_free(raised, TRUE);
	harness_finish();
}
END_TEST

/* Not one of them interrupts a task that does not let the thread run. */
START_TEST(masked_line_does_not_interrupt)
{
	static const struct op busy[] = { RUN(900 * US), DIE };
	struct harness_irq *irq;

	start("rt", false);
	harness_rt("busy", busy, POLICY_FIFO, 60, 0, 0);
	irq = harness_request_irq_at(&plain, handler, 100 * US);
	for (unsigned int i = 1; i < 20; i++)
		harness_again_at(irq, (100 + 10 * i) * US);
	harness_run(800 * US);
	ck_assert_uint_eq(h.kernel->cpus[0].cpu.interrupts, 2);
	harness_run(5 * MS);
	ck_assert_uint_eq(h.kernel->cpus[0].cpu.interrupts, 21);
	harness_finish();
}
END_TEST

/* Another line is not. */
START_TEST(other_line_is_not_masked)
{
	static const struct op other[] = { NOTE('o'), RET };

	start("rt", false);
	harness_request_irq_at(&plain, handler, 100 * US);
	harness_request_irq_at(&no_thread, other, 120 * US);
	harness_run(1 * MS);
	check_text("irq/1-dev@100 h100 o120 e150 idle@150");
	harness_finish();
}
END_TEST

/* What a forced handler finds: under rt nothing is off but bottom halves, in
 * the task's own count; elsewhere it is as in an interrupt. */
static void context(struct cpu *cpu, const struct op *op)
{
	const struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	g_string_append_printf(h.text, "%08x %03x irqs=%d interrupt=%d",
			       kc->preempt_count,
			       current_task(kc)->softirq_disable_cnt,
			       cpu_irqs_on(cpu), in_interrupt(kc) != 0);
}

static const struct {
	const char *model;
	bool threadirqs;
	const struct irq_request *request;
	const char *text;
} found[] = {
	{ "full", false, &plain, "80010000 000 irqs=0 interrupt=1" },
	{ "full", true, &plain, "80000200 000 irqs=0 interrupt=1" },
	{ "full", true, &threaded, "80000000 000 irqs=1 interrupt=0" },
	{ "rt", false, &plain, "80000000 200 irqs=1 interrupt=1" },
	{ "rt", false, &threaded, "80000000 000 irqs=1 interrupt=0" },
	{ "rt", false, &no_thread, "80010000 000 irqs=0 interrupt=1" },
};

START_TEST(context_of_the_handler)
{
	static const struct op look[] = { DO(context), RET };
	struct harness_config config = { .model = found[_i].model,
					 .threadirqs = found[_i].threadirqs };

	harness_start(&config);
	harness_fair("hog", hog, 0, 0, 0);
	harness_request_irq_at(found[_i].request, look, 100 * US);
	harness_run(200 * US);
	check_text(found[_i].text);
	harness_finish();
}
END_TEST

/* A handler can be preempted under rt, not with interrupts forced into
 * threads elsewhere. */
START_TEST(preempted_under_rt)
{
	static const struct op wake[] = { WAKE(0), RET };

	start(_i ? "rt" : "full", !_i);
	harness_rt("high", high, POLICY_FIFO, 60, 0, KTIME_MAX);
	harness_request_irq_at(&plain, handler, 100 * US);
	harness_request_irq_at(&no_thread, wake, 120 * US);
	harness_run(1 * MS);
	check_text(_i ? "irq/1-dev@100 h100 high@120 H120 irq/1-dev@120 e150 "
			"idle@150" :
			"irq/1-dev@100 h100 e150 high@150 H150 irq/1-dev@150 "
			"idle@150");
	harness_finish();
}
END_TEST

/* What it raises it serves itself, when its handler is done. */
START_TEST(serves_its_softirq)
{
	static const struct op raise[] = { NOTE('h'), RUN(50 * US),
					   RAISE(NET_RX_SOFTIRQ), NOTE('e'),
					   RET };

	start(_i ? "rt" : "full", !_i);
	h.softirq[NET_RX_SOFTIRQ] = once;
	harness_request_irq_at(&plain, raise, 100 * US);
	harness_run(1 * MS);
	check_text("irq/1-dev@100 h100 e150 s150 t200 idle@200");
	harness_finish();
}
END_TEST

/* A thread of the driver's own leaves it to ksoftirqd. */
START_TEST(own_thread_wakes_ksoftirqd)
{
	static const struct op raise[] = { NOTE('h'), RAISE(NET_RX_SOFTIRQ),
					   RUN(50 * US), NOTE('e'), RET };

	start("rt", false);
	h.softirq[NET_RX_SOFTIRQ] = once;
	harness_request_irq_at(&threaded, raise, 100 * US);
	harness_run(1 * MS);
	check_text("irq/1-dev@100 h100 e150 ksoftirqd/0@150 s150 t200 "
		   "idle@200");
	harness_finish();
}
END_TEST

/* And may sleep, its line masked all the while. */
START_TEST(own_thread_sleeps)
{
	static const struct op nap[] = { NOTE('h'), SLEEP(100 * US), NOTE('e'),
					 RET };
	struct harness_irq *irq;

	start("full", false);
	irq = harness_request_irq_at(&threaded, nap, 100 * US);
	harness_again_at(irq, 110 * US);
	harness_run(1 * MS);
	check_text("irq/1-dev@100 h100 idle@100 irq/1-dev@200 e200 h200 "
		   "idle@200 irq/1-dev@300 e300 idle@300");
	harness_finish();
}
END_TEST

START_TEST(unbalanced_handler)
{
	static const struct op unbalanced[] = { DO(op_preempt_disable),
						DO(op_local_irq_disable), RET };

	start("rt", false);
	h.warnings_expected = true;
	harness_request_irq_at(&plain, unbalanced, 100 * US);
	harness_run(1 * MS);
	ck_assert_uint_eq(h.warnings, 1);
	ck_assert_str_eq(h.warned, "preempt_count_imbalance");
	check_text("irq/1-dev@100 idle@100");
	harness_finish();
}
END_TEST

static void told_event(void *data, const struct trace_record *record)
{
	static const char *const name[] = {
		[TP_irq_handler_entry] = "entry",
		[TP_irq_handler_exit] = "exit",
		[TP_sched_waking] = "waking",
		[TP_sched_wakeup] = "wakeup",
		[TP_irq_handle] = "handle",
	};

	(void)data;
	if (h.sim.now >= 100 * US)
		g_string_append_printf(h.text, " %s", name[record->id]);
}

/* cf. __handle_irq_event_percpu(): the thread is woken after the primary
 * handler has told that it is done. */
START_TEST(order_of_events)
{
	static const enum tracepoint ids[] = { TP_irq_handler_entry,
					       TP_irq_handler_exit,
					       TP_sched_waking, TP_sched_wakeup,
					       TP_irq_handle };

	harness_start(&(struct harness_config){ .model = "rt" });
	for (unsigned int i = 0; i < G_N_ELEMENTS(ids); i++)
		tracer_listen(&h.sim.tracer, ids[i], told_event, NULL);
	harness_request_irq_at(&plain, handler, 100 * US);
	harness_run(110 * US);
	check_text(" entry exit waking wakeup handle h100");
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("irq-thread");
	TCase *tc = tcase_create("irq-thread");

	tcase_add_loop_test(tc, handled_in_a_thread, 0, G_N_ELEMENTS(place));
	tcase_add_test(tc, thread_is_fifo_50);
	tcase_add_loop_test(tc, competes_with_tasks, 0, 2);
	tcase_add_test(tc, line_is_masked);
	tcase_add_test(tc, masked_line_does_not_interrupt);
	tcase_add_test(tc, other_line_is_not_masked);
	tcase_add_loop_test(tc, context_of_the_handler, 0, G_N_ELEMENTS(found));
	tcase_add_loop_test(tc, preempted_under_rt, 0, 2);
	tcase_add_loop_test(tc, serves_its_softirq, 0, 2);
	tcase_add_test(tc, own_thread_wakes_ksoftirqd);
	tcase_add_test(tc, own_thread_sleeps);
	tcase_add_test(tc, unbalanced_handler);
	tcase_add_test(tc, order_of_events);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
