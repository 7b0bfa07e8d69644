/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the interpreter: paths, interrupts and timers.
 */
#include <config.h>

#include "cpu-harness.h"

static struct irq_line line_n = { .path = handler_n, .nmi = true };

/*
 * Paths
 */

START_TEST(costs)
{
	static const struct op path[] = {
		SAY('a'), TAKE(100), SAY('b'), TAKE(0),	     SAY('c'),
		TAKE(50), TAKE(20),  SAY('d'), DO(op_stall),
	};

	start(path);
	run();
	check_text("a0 b100 c100 d170");
}
END_TEST

static bool yes(struct cpu *cpu)
{
	(void)cpu;
	return true;
}

static bool no(struct cpu *cpu)
{
	(void)cpu;
	return false;
}

static bool before_300(struct cpu *cpu)
{
	return cpu->sim->now < 300;
}

static const struct op body[] = { TAKE(100), SAY('b'), RET };
static const struct op counted[] = { TAKE(10),
				     SAY('r'),
				     { .exec = op_again, .a.path = counted } };
static const struct op outer[] = {
	SAY('('),
	{ .exec = op_repeat, .a.num = 2, .b.path = counted },
	SAY(')'),
	{ .exec = op_again, .a.path = outer },
};

START_TEST(calls_and_conditions)
{
	static const struct op path[] = {
		CALL(body),	 SAY('1'),
		WHEN(no, body),	 SAY('2'),
		WHEN(yes, body), SAY('3'),
		WHILE(no, body), WHILE(before_300, body),
		SAY('4'),	 DO(op_stall),
	};

	start(path);
	run();
	check_text("b100 1100 2100 b200 3200 b300 4300");
}
END_TEST

START_TEST(repeats)
{
	static const struct op path[] = {
		{ .exec = op_repeat, .a.num = 0, .b.path = counted },
		SAY('0'),
		{ .exec = op_repeat, .a.num = 3, .b.path = counted },
		SAY('3'),
		{ .exec = op_repeat, .a.num = 2, .b.path = outer },
		SAY('4'),
		DO(op_stall),
	};

	start(path);
	run();
	check_text("00 r10 r20 r30 330 (30 r40 r50 )50 (50 r60 r70 )70 470");
	ck_assert_ptr_eq(cpus[0].top, &frames[0][1]);
}
END_TEST

static void stop_after_200(struct cpu *cpu, const struct op *op)
{
	(void)op;
	if (cpu->sim->now >= 200)
		cpu->top->left = STALLED;
}

START_TEST(loops)
{
	static const struct op path[] = {
		TAKE(60),
		SAY('l'),
		DO(stop_after_200),
		{ .exec = op_loop, .a.path = path },
	};

	start(path);
	run();
	check_text("l60 l120 l180 l240");
}
END_TEST

static void check_arg(struct cpu *cpu, const struct op *op)
{
	(void)op;
	ck_assert_ptr_eq(cpu->top->arg, &sim);
	say('k');
}

START_TEST(sub_paths_inherit_the_argument)
{
	static const struct op sub[] = { DO(check_arg), RET };
	static const struct op again[] = {
		DO(check_arg), { .exec = op_again, .a.path = again }
	};
	static const struct op path[] = {
		CALL(sub),
		WHEN(yes, sub),
		{ .exec = op_repeat, .a.num = 2, .b.path = again },
		DO(op_stall),
	};

	start(path);
	frames[0][1].arg = &sim;
	run();
	check_text("k0 k0 k0 k0");
}
END_TEST

START_TEST(stack_overflow)
{
	static const struct op path[] = { CALL(path), RET };

	start(path);
	run();
}
END_TEST

START_TEST(no_progress)
{
	static const struct op path[] = {
		{ .exec = op_loop, .a.path = path },
	};

	start(path);
	run();
}
END_TEST

/*
 * Interrupts
 */

static const struct op long_path[] = {
	ACCOUNT(ACCT_USER | ACCT_TASK),
	DO(op_open),
	TAKE(900),
	SAY('e'),
	DO(op_close),
	ACCOUNT(ACCT_IDLE),
	DO(op_stall),
};

START_TEST(an_interrupt_pauses)
{
	start(long_path);
	raise_at(300, &line_x);
	raise_at(600, &line_y);
	run();
	check_text("x300 X350 y600 Y670 e1020");
	ck_assert_int_eq(cpu_acct_time(&cpus[0], ACCT_USER), 900);
	ck_assert_int_eq(cpu_acct_time(&cpus[0], ACCT_HARDIRQ), 120);
	ck_assert_int_eq(cpu_own_time(&cpus[0]), 900);
	ck_assert_uint_eq(cpus[0].interrupts, 2);
}
END_TEST

/* In a handler interrupts are off: what comes then waits for its end. */
START_TEST(handlers_do_not_nest)
{
	start(long_path);
	raise_at(300, &line_x);
	raise_at(310, &line_y);
	raise_at(320, &line_x);
	run();
	check_text("x300 X350 y350 Y420 x420 X470 e1070");
}
END_TEST

/* A step that ends at the instant of an interrupt ends before it. */
START_TEST(ends_before_begins)
{
	static const struct op path[] = {
		DO(op_open), TAKE(300),	   SAY('a'),	 TAKE(100),
		SAY('b'),    DO(op_close), DO(op_stall),
	};

	start(path);
	raise_at(300, &line_x);
	run();
	check_text("a300 x300 X350 b450");
}
END_TEST

static const struct op masked_path[] = {
	TAKE(500), SAY('o'), DO(op_open),  SAY('p'),
	TAKE(100), SAY('e'), DO(op_close), DO(op_stall),
};

/* Masked, lines wait and then come one by one in the order raised; each
 * raise counts, also of the same line. */
START_TEST(masked_lines_wait_in_order)
{
	start(masked_path);
	raise_at(100, &line_y);
	raise_at(200, &line_x);
	raise_at(300, &line_y);
	run();
	check_text("o500 y500 Y570 x570 X620 y620 Y690 p690 e790");
	ck_assert_uint_eq(cpus[0].interrupts, 3);
}
END_TEST

static ktime_t raised[8];
static unsigned int nr_raised;

static void keep_raised(struct cpu *cpu, const struct op *op)
{
	(void)op;
	raised[nr_raised++] = cpu->raised_at;
}

START_TEST(handlers_know_when_they_were_raised)
{
	static const struct op path[] = { DO(keep_raised), TAKE(10),
					  DO(op_iret) };
	static struct irq_line line = { .path = path };

	nr_raised = 0;
	start(masked_path);
	raise_at(120, &line);
	raise_at(340, &line);
	raise_at(515, &line);
	run();
	ck_assert_uint_eq(nr_raised, 3);
	ck_assert_int_eq(raised[0], 120);
	ck_assert_int_eq(raised[1], 340);
	ck_assert_int_eq(raised[2], 515);
}
END_TEST

START_TEST(a_line_may_be_raised_very_often)
{
	static const struct op path[] = { TAKE(5000), DO(op_open), SAY('p'),
					  DO(op_close), DO(op_stall) };
	static const struct op handler[] = { TAKE(10), DO(op_iret) };
	static struct irq_line line = { .path = handler };

	start(path);
	prices[500 / 10] = 5000;
	for (unsigned int i = 0; i < 1000; i++)
		cpu_raise(&cpus[0], &line);
	run();
	ck_assert_uint_eq(cpus[0].interrupts, 1000);
}
END_TEST

/* Before the timer, in the order of their ranks; raised twice, once. */
START_TEST(urgent_lines_before_the_timer)
{
	static struct irq_line first = { .path = handler_x, .urgent = true };
	static struct irq_line second = { .path = handler_y,
					  .urgent = true,
					  .rank = NR_URGENT - 1 };

	cpus[0].timer_path = handler_t;
	start(masked_path);
	raise_at(100, &line_x);
	clockevent_program(&cpus[0], 200);
	raise_at(300, &second);
	raise_at(310, &first);
	raise_at(320, &second);
	raise_at(330, &line_n);
	run();
	check_text("n330 N340 o510 x510 X560 y560 Y630 t630 T650 x650 X700 "
		   "p700 e800");
	ck_assert_uint_eq(cpus[0].interrupts, 5);
}
END_TEST

/* What the CPU takes first when several wait: NMI, timer, lines. */
START_TEST(timer_before_lines)
{
	cpus[0].timer_path = handler_t;
	start(masked_path);
	raise_at(100, &line_x);
	clockevent_program(&cpus[0], 200);
	raise_at(300, &line_n);
	run();
	check_text("n300 N310 o510 t510 T530 x530 X580 p580 e680");
}
END_TEST

START_TEST(nmi_nests_anywhere)
{
	start(masked_path);
	raise_at(100, &line_n);
	raise_at(105, &line_n);
	raise_at(550, &line_x);
	raise_at(580, &line_n);
	raise_at(670, &line_n);
	run();
	/* The second waits for the end of the first; the third is in the
	 * handler of x, the fourth in the path itself. */
	check_text("n100 N110 n110 N120 o520 p520 x550 n580 N590 X610 "
		   "n670 N680 e690");
	ck_assert_uint_eq(cpus[0].open & IRQ_NMI, IRQ_NMI);
}
END_TEST

/* An NMI over closed interrupts leaves them closed. */
START_TEST(nmi_restores_the_flag)
{
	start(masked_path);
	raise_at(100, &line_x);
	raise_at(200, &line_n);
	run();
	check_text("n200 N210 o510 x510 X560 p560 e660");
}
END_TEST

static bool halts_ended[4];

static void keep_was_halted(struct cpu *cpu, const struct op *op)
{
	(void)op;
	halts_ended[nr_raised++] = cpu->was_halted;
}

static const struct op waking_handler[] = {
	DO(keep_was_halted),
	TAKE(20),
	DO(op_iret),
};

START_TEST(halts_end_with_an_interrupt)
{
	static const struct op path[] = {
		DO(op_open), HALT,     SAY('a'),     HALT,	   SAY('b'),
		TAKE(100),   SAY('c'), DO(op_close), DO(op_stall),
	};
	static struct irq_line line = { .path = waking_handler };

	nr_raised = 0;
	start(path);
	raise_at(300, &line);
	raise_at(500, &line);
	raise_at(560, &line);
	run();
	check_text("a320 b520 c640");
	ck_assert(halts_ended[0] && halts_ended[1] && !halts_ended[2]);
}
END_TEST

static void open_and_halt(struct cpu *cpu, const struct op *op)
{
	cpu_open_irqs(cpu);
	op_halt(cpu, op);
}

/* As `sti; hlt`: what was pending ends the halt before it begins. */
START_TEST(no_halt_with_something_pending)
{
	static const struct op path[] = {
		TAKE(200),    DO(open_and_halt), SAY('a'),
		DO(op_close), DO(op_stall),
	};

	start(path);
	raise_at(100, &line_x);
	run();
	check_text("x200 X250 a250");
	ck_assert(!cpus[0].halted);
}
END_TEST

/* Masked interrupts do not end a halt. */
START_TEST(a_masked_halt_is_for_ever)
{
	static const struct op path[] = { HALT, SAY('a'), DO(op_stall) };

	start(path);
	raise_at(100, &line_x);
	run();
	check_text("");
	ck_assert(cpus[0].halted);
}
END_TEST

START_TEST(masked_time_is_measured)
{
	static const struct op path[] = {
		DO(op_open), TAKE(100),	  DO(op_close), TAKE(300), DO(op_close),
		TAKE(10),    DO(op_open), DO(op_open),	TAKE(10),  DO(op_close),
		TAKE(50),    DO(op_open), DO(op_stall),
	};

	start(path);
	run();
	ck_assert_int_eq(cpus[0].irqs_off_max, 310);
}
END_TEST

/*
 * The clockevent
 */

static const struct op sleeper[] = {
	DO(op_open),
	HALT,
	{ .exec = op_loop, .a.path = sleeper },
};

START_TEST(clockevent)
{
	cpus[0].timer_path = handler_t;
	start(sleeper);
	clockevent_program(&cpus[0], 400);
	clockevent_program(&cpus[0], 250);
	run();
	check_text("t250 T270");
	/* What is past fires now. */
	sim.stopping = false;
	clockevent_program(&cpus[0], 100);
	run();
	check_text("t250 T270 t270 T290");
	clockevent_program(&cpus[0], 1000);
	clockevent_program(&cpus[0], KTIME_MAX);
	run();
	check_text("t250 T270 t270 T290");
}
END_TEST

static void add_paths(TCase *tc)
{
	tcase_add_test(tc, costs);
	tcase_add_test(tc, calls_and_conditions);
	tcase_add_test(tc, repeats);
	tcase_add_test(tc, loops);
	tcase_add_test(tc, sub_paths_inherit_the_argument);
}

static void add_interrupts(TCase *tc)
{
	tcase_add_test(tc, an_interrupt_pauses);
	tcase_add_test(tc, handlers_do_not_nest);
	tcase_add_test(tc, ends_before_begins);
	tcase_add_test(tc, masked_lines_wait_in_order);
	tcase_add_test(tc, handlers_know_when_they_were_raised);
	tcase_add_test(tc, a_line_may_be_raised_very_often);
	tcase_add_test(tc, timer_before_lines);
	tcase_add_test(tc, urgent_lines_before_the_timer);
	tcase_add_test(tc, nmi_nests_anywhere);
	tcase_add_test(tc, nmi_restores_the_flag);
	tcase_add_test(tc, halts_end_with_an_interrupt);
	tcase_add_test(tc, no_halt_with_something_pending);
	tcase_add_test(tc, a_masked_halt_is_for_ever);
	tcase_add_test(tc, masked_time_is_measured);
	tcase_add_test(tc, clockevent);
}

int main(void)
{
	Suite *suite = suite_create("cpu");
	TCase *tc = tcase_create("cpu");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	add_paths(tc);
	add_interrupts(tc);
	if (srunner_fork_status(runner) == CK_FORK) {
		tcase_add_exit_test(tc, stack_overflow, 1);
		tcase_add_exit_test(tc, no_progress, 1);
	}
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
