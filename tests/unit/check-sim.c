/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the run loop and of tracepoints.
 */
#include <config.h>

#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "malloc-count.h"
#include "preemptsim/base/list.h"
#include "preemptsim/engine/sim.h"

#define MOST 64

/* A source that writes its name down when it fires. */
struct marker {
	struct evsource source;
	char name;
	ktime_t again;
	bool stops;
};

static struct sim sim;
static char seen[MOST];
static ktime_t seen_at[MOST];
static unsigned int nr_seen;

static void see(char name)
{
	ck_assert_uint_lt(nr_seen, MOST - 1);
	seen_at[nr_seen] = sim.now;
	seen[nr_seen++] = name;
	seen[nr_seen] = '\0';
}

static void marker_fire(struct evsource *source)
{
	struct marker *m = container_of(source, struct marker, source);

	see(m->name);
	if (m->stops)
		sim_stop(&sim);
	if (m->again)
		sim_schedule(&sim, source, sim.now + m->again, PRIO_DEVICE);
}

static void marker_init(struct marker *m, char name)
{
	*m = (struct marker){ .name = name };
	sim_add_source(&sim, &m->source, marker_fire);
}

static void setup(void)
{
	struct timebase tb;

	ck_assert(timebase_init(&tb, 1000000000));
	sim_init(&sim, &tb, 16);
	nr_seen = 0;
	seen[0] = '\0';
}

static void teardown(void)
{
	sim_destroy(&sim);
}

START_TEST(nothing_to_do)
{
	ck_assert(sim_run(&sim));
	ck_assert_int_eq(sim.now, 0);
	ck_assert_uint_eq(sim.events, 0);
}
END_TEST

START_TEST(clock_follows_events)
{
	struct marker a, b, c;

	marker_init(&a, 'a');
	marker_init(&b, 'b');
	marker_init(&c, 'c');
	sim_schedule(&sim, &a.source, 300, PRIO_DEVICE);
	sim_schedule(&sim, &b.source, 0, PRIO_DEVICE);
	sim_schedule(&sim, &c.source, 299, PRIO_DEVICE);
	ck_assert(sim_run(&sim));
	ck_assert_str_eq(seen, "bca");
	ck_assert_int_eq(seen_at[0], 0);
	ck_assert_int_eq(seen_at[1], 299);
	ck_assert_int_eq(seen_at[2], 300);
	ck_assert_int_eq(sim.now, 300);
	ck_assert_uint_eq(sim.events, 3);
}
END_TEST

/* At one instant: a step's end, NMI, timer, device, IPI, scheduler, the end
 * of the warmup or run; whatever the order of scheduling. */
START_TEST(priorities)
{
	static const enum event_prio prio[] = {
		PRIO_BOUNDARY, PRIO_IPI,    PRIO_TIMER, PRIO_OP_DONE,
		PRIO_SCHED,    PRIO_DEVICE, PRIO_NMI,
	};
	static const char name[] = "bitosdn";
	struct marker m[7];

	for (unsigned int i = 0; i < 7; i++) {
		marker_init(&m[i], name[i]);
		sim_schedule(&sim, &m[i].source, 50, prio[i]);
	}
	ck_assert(sim_run(&sim));
	ck_assert_str_eq(seen, "ontdisb");
}
END_TEST

/* What an event schedules for its own instant still comes in it. */
START_TEST(same_instant_again)
{
	struct marker a, b;

	marker_init(&a, 'a');
	marker_init(&b, 'b');
	sim_schedule(&sim, &a.source, 10, PRIO_DEVICE);
	sim_schedule(&sim, &b.source, 10, PRIO_BOUNDARY);
	a.again = 0;
	b.again = 5;
	b.stops = true;
	ck_assert(sim_run(&sim));
	ck_assert_str_eq(seen, "ab");
	ck_assert(evq_scheduled(&sim.evq, b.source.id));
	ck_assert_uint_eq(evq_next_time(&sim.evq), 15);
}
END_TEST

START_TEST(stop_ends_after_this_event)
{
	struct marker a, b, c;

	marker_init(&a, 'a');
	marker_init(&b, 'b');
	marker_init(&c, 'c');
	a.again = 10;
	b.stops = true;
	sim_schedule(&sim, &a.source, 10, PRIO_DEVICE);
	sim_schedule(&sim, &b.source, 30, PRIO_BOUNDARY);
	sim_schedule(&sim, &c.source, 30, PRIO_BOUNDARY);
	ck_assert(sim_run(&sim));
	ck_assert_str_eq(seen, "aaab");
	ck_assert_int_eq(sim.now, 30);
	ck_assert(evq_scheduled(&sim.evq, c.source.id));
}
END_TEST

static void passes(void *data, ktime_t until)
{
	ck_assert(!sim.run_ahead);
	ck_assert_int_gt(until, sim.now);
	*(ktime_t *)data += until - sim.now;
	see('.');
}

/* Who walks is asked before the clock moves, and only then. */
START_TEST(walking_tells_of_time)
{
	ktime_t passed = 0;
	struct marker m[3];

	for (int i = 0; i < 3; i++)
		marker_init(&m[i], (char)('a' + i));
	sim_schedule(&sim, &m[0].source, 0, PRIO_DEVICE);
	sim_schedule(&sim, &m[1].source, 7, PRIO_DEVICE);
	sim_schedule(&sim, &m[2].source, 7, PRIO_TIMER);
	m[1].again = 5;
	m[0].again = 20;
	m[0].stops = true;
	ck_assert(sim_walk(&sim, passes, &passed));
	ck_assert_str_eq(seen, "a");
	sim.stopping = false;
	ck_assert(sim_walk(&sim, passes, &passed));
	ck_assert_str_eq(seen, "a.cb.b.b.a");
	ck_assert_int_eq(passed, 20);
	ck_assert(sim.run_ahead);
}
END_TEST

START_TEST(cancelled_does_not_happen)
{
	struct marker a, b;

	marker_init(&a, 'a');
	marker_init(&b, 'b');
	sim_schedule(&sim, &a.source, 10, PRIO_DEVICE);
	sim_schedule(&sim, &b.source, 20, PRIO_DEVICE);
	sim_cancel(&sim, &a.source);
	ck_assert(sim_run(&sim));
	ck_assert_str_eq(seen, "b");
}
END_TEST

static atomic_int flag;

static void flag_fire(struct evsource *source)
{
	(void)source;
	flag = 1;
}

START_TEST(interrupted_from_outside)
{
	struct evsource setter;
	struct marker a;

	flag = 0;
	sim.interrupt = &flag;
	marker_init(&a, 'a');
	sim_add_source(&sim, &setter, flag_fire);
	a.again = 10;
	sim_schedule(&sim, &a.source, 10, PRIO_DEVICE);
	sim_schedule(&sim, &setter, 45, PRIO_DEVICE);
	ck_assert(!sim_run(&sim));
	ck_assert_str_eq(seen, "aaaa");
	ck_assert_int_eq(sim.now, 45);
	ck_assert(!sim.stopping);
}
END_TEST

START_TEST(no_scheduling_in_the_past)
{
	struct marker a;

	marker_init(&a, 'a');
	sim.now = 100;
	sim_schedule(&sim, &a.source, 99, PRIO_DEVICE);
}
END_TEST

START_TEST(bugs_end_with_status_70)
{
	sim_bug(&sim, 3, "number %d", 7);
}
END_TEST

START_TEST(a_bug_can_be_survived)
{
	static struct sim_rescue rescue;

	sim.rescue = &rescue;
	if (!setjmp(rescue.env))
		sim_bug(&sim, 3, "never mind");
	ck_assert(rescue.bug);
	ck_assert_ptr_nonnull(strstr(rescue.text, "on CPU 3: never mind"));
	g_free(rescue.text);
}
END_TEST

START_TEST(bugs_need_no_simulation)
{
	sim_bug(NULL, -1, "early");
}
END_TEST

/*
 * Tracepoints
 */

static struct trace_record last;

static void told_a(void *data, const struct trace_record *record)
{
	ck_assert_ptr_eq(data, &sim);
	last = *record;
	see('a');
}

static void told_b(void *data, const struct trace_record *record)
{
	see(*(const char *)data);
	ck_assert_int_eq(record->when, sim.now);
}

START_TEST(tracepoint_names)
{
	unsigned int n = 0;

	for (; tracepoint_choice(n); n++) {
		ck_assert_uint_gt(strlen(tracepoint_choice(n)->name), 0);
		ck_assert_uint_gt(strlen(tracepoint_choice(n)->help), 0);
		for (unsigned int i = 0; i < n; i++)
			ck_assert_str_ne(tracepoint_choice(n)->name,
					 tracepoint_choice(i)->name);
	}
	ck_assert_uint_eq(n, NR_TRACEPOINTS);
	ck_assert_str_eq(tracepoint_choice(TP_sched_switch)->name,
			 "sched_switch");
}
END_TEST

START_TEST(record_is_complete)
{
	int object;

	tracer_listen(&sim.tracer, TP_print, told_a, &sim);
	sim.now = 1234;
	sim_trace(&sim, TP_print, 5, &object, -6, 7);
	ck_assert_str_eq(seen, "a");
	ck_assert_int_eq(last.when, 1234);
	ck_assert_int_eq(last.id, TP_print);
	ck_assert_uint_eq(last.cpu, 5);
	ck_assert_ptr_eq(last.object, &object);
	ck_assert_int_eq(last.a, -6);
	ck_assert_int_eq(last.b, 7);
}
END_TEST

START_TEST(listeners_in_order_of_subscription)
{
	static const char names[] = "bcd";

	tracer_listen(&sim.tracer, TP_print, told_b, (void *)&names[1]);
	tracer_listen(&sim.tracer, TP_print, told_a, &sim);
	tracer_listen(&sim.tracer, TP_print, told_b, (void *)&names[0]);
	tracer_listen(&sim.tracer, TP_sys_enter, told_b, (void *)&names[2]);
	sim_trace(&sim, TP_print, 0, NULL, 0, 0);
	ck_assert_str_eq(seen, "cab");
	sim_trace(&sim, TP_sys_enter, 0, NULL, 0, 0);
	ck_assert_str_eq(seen, "cabd");
	sim_trace(&sim, TP_sys_exit, 0, NULL, 0, 0);
	ck_assert_str_eq(seen, "cabd");
}
END_TEST

/* Check's assertions allocate: nothing is asserted while it counts. */
START_TEST(silence_costs_nothing)
{
	unsigned long before = malloc_calls, after;

	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++)
		sim_trace(&sim, (enum tracepoint)id, 0, NULL, 0, 0);
	after = malloc_calls;
	ck_assert_uint_eq(after, before);
	ck_assert_str_eq(seen, "");
	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++)
		ck_assert_ptr_null(sim.tracer.listeners[id]);
}
END_TEST

START_TEST(destroyed_tracer_is_silent)
{
	tracer_listen(&sim.tracer, TP_print, told_a, &sim);
	tracer_destroy(&sim.tracer);
	sim_trace(&sim, TP_print, 0, NULL, 0, 0);
	ck_assert_str_eq(seen, "");
}
END_TEST

static void told_warning(void *data, const struct trace_record *record)
{
	const struct sim_warning *warning = record->object;

	(void)data;
	ck_assert_str_eq(warning->kind, "race");
	ck_assert_str_eq(warning->text, "7 of nine");
	ck_assert_uint_eq(record->cpu, 2);
	see('w');
}

START_TEST(warnings)
{
	sim_warn(&sim, 2, "race", "%d of %s", 7, "nine");
	tracer_listen(&sim.tracer, TP_warning, told_warning, NULL);
	sim_warn(&sim, 2, "race", "%d of %s", 7, "nine");
	ck_assert_str_eq(seen, "w");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sim");
	TCase *tc = tcase_create("sim");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, nothing_to_do);
	tcase_add_test(tc, clock_follows_events);
	tcase_add_test(tc, priorities);
	tcase_add_test(tc, same_instant_again);
	tcase_add_test(tc, stop_ends_after_this_event);
	tcase_add_test(tc, walking_tells_of_time);
	tcase_add_test(tc, cancelled_does_not_happen);
	tcase_add_test(tc, interrupted_from_outside);
	tcase_add_test(tc, tracepoint_names);
	tcase_add_test(tc, record_is_complete);
	tcase_add_test(tc, listeners_in_order_of_subscription);
	tcase_add_test(tc, silence_costs_nothing);
	tcase_add_test(tc, destroyed_tracer_is_silent);
	tcase_add_test(tc, warnings);
	tcase_add_test(tc, a_bug_can_be_survived);
	if (srunner_fork_status(runner) == CK_FORK) {
		tcase_add_exit_test(tc, no_scheduling_in_the_past, 70);
		tcase_add_exit_test(tc, bugs_end_with_status_70, 70);
		tcase_add_exit_test(tc, bugs_need_no_simulation, 70);
	}
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
