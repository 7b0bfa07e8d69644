/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the interpreter: the end of an instant, stalls, and running ahead.
 */
#include <config.h>

#include "cpu-harness.h"
#include "preemptsim/base/rng.h"

static const struct op sleeper[] = {
	DO(op_open),
	HALT,
	{ .exec = op_loop, .a.path = sleeper },
};

/*
 * The end of an instant
 */

/* What __schedule() does before it decides. */
static void op_end_of_instant(struct cpu *cpu, const struct op *op)
{
	(void)op;
	if (!cpu_instant_over(cpu))
		cpu_await_instant(cpu);
}

static const struct op deciding_path[] = {
	DO(op_open), TAKE(300), SAY('a'),     DO(op_end_of_instant), SAY('d'),
	TAKE(10),    SAY('e'),	DO(op_close), DO(op_stall),
};

START_TEST(decisions_wait_for_their_instant)
{
	start(deciding_path);
	raise_at(300, &line_x);
	raise_at(300, &line_y);
	run();
	check_text("a300 x300 X350 y350 Y420 d420 e430");
}
END_TEST

static const struct op quick_handler[] = { SAY('q'), DO(op_iret) };
static struct irq_line line_q = { .path = quick_handler };

/* Also for those that take no time, and for other CPUs' interrupts. */
START_TEST(decisions_wait_for_all_of_it)
{
	start(deciding_path);
	start_on(1, sleeper);
	raise_at(300, &line_q);
	raise_at(300, &line_q);
	pulse_at(300, PRIO_IPI)->line = &line_q;
	pulses[nr_pulses - 1].cpu = &cpus[1];
	raise_at(301, &line_q);
	run();
	check_text("a300 q300 q300 q300 d300 q301 e310");
}
END_TEST

START_TEST(decisions_do_not_wait_for_nothing)
{
	start(deciding_path);
	raise_at(305, &line_q);
	run();
	check_text("a300 d300 q305 e310");
}
END_TEST

/* The end of the run belongs to the instant no more than it has to. */
START_TEST(boundaries_come_after_decisions)
{
	start(deciding_path);
	raise_at(300, &line_q);
	pulse_at(300, PRIO_BOUNDARY)->line = &line_q;
	run();
	check_text("a300 q300 d300 q300 e310");
}
END_TEST

/*
 * Stalls
 */

static const struct op stalling_path[] = {
	DO(op_open), SAY('s'),	   DO(op_stall),
	SAY('g'),    DO(op_close), DO(op_stall),
};

START_TEST(resume_what_runs)
{
	start(stalling_path);
	resume_at(100, 1, 20);
	run();
	check_text("s0 g120");
}
END_TEST

START_TEST(resume_at_once)
{
	start(stalling_path);
	resume_at(100, 1, 0);
	run();
	check_text("s0 g100");
}
END_TEST

/* An interrupt covers the stalled frame: it goes on after it, and what it
 * needs then is what was said. */
START_TEST(resume_what_is_covered)
{
	start(stalling_path);
	raise_at(100, &line_x);
	resume_at(120, 1, 30);
	run();
	check_text("s0 x100 X150 g180");
}
END_TEST

START_TEST(interrupt_while_it_resumes)
{
	start(stalling_path);
	resume_at(100, 1, 30);
	raise_at(110, &line_x);
	run();
	check_text("s0 x110 X160 g180");
}
END_TEST

START_TEST(interrupts_leave_a_stall_alone)
{
	start(stalling_path);
	raise_at(100, &line_x);
	resume_at(200, 1, 0);
	run();
	check_text("s0 x100 X150 g200");
}
END_TEST

/*
 * Chance: two CPUs that do anything at any time
 */

#define RANDOM_END 3000000

static struct rng chance[NR_CPU];
static struct irq_line random_lines[3];

static void op_mix(struct cpu *cpu, const struct op *op)
{
	struct rng *rng = &chance[cpu->id];

	(void)op;
	switch (rng_below(rng, 10)) {
	case 0:
		cpu_open_irqs(cpu);
		op_halt(cpu, op);
		break;
	case 1:
		cpu_close_irqs(cpu);
		break;
	case 2:
	case 3:
		cpu_open_irqs(cpu);
		break;
	case 4:
		cpu_account(cpu, (unsigned int)rng_below(rng, 2) ?
					 ACCT_KERNEL | ACCT_TASK :
					 ACCT_SWITCH);
		break;
	case 5:
		clockevent_program(cpu, cpu->sim->now +
						(ktime_t)rng_below(rng, 300));
		break;
	default:
		cpu->top->left = (ktime_t)rng_below(rng, 50) * 10;
		break;
	}
}

static void op_spell(struct cpu *cpu, const struct op *op)
{
	say((char)(op->a.num + cpu->id));
}

static const struct op random_handler[] = {
	ACCOUNT(ACCT_HARDIRQ), { .exec = op_spell, .a.num = 'h' }, TAKE(30),
	DO(op_end_of_instant), { .exec = op_spell, .a.num = 'H' }, DO(op_iret),
};

static const struct op random_path[] = {
	DO(op_mix),
	DO(op_end_of_instant),
	{ .exec = op_spell, .a.num = 'r' },
	DO(op_mix),
	{ .exec = op_spell, .a.num = 'u' },
	{ .exec = op_loop, .a.path = random_path },
};

static void random_fire(struct evsource *source)
{
	struct pulse *pulse = container_of(source, struct pulse, source);
	struct rng *rng = &chance[pulse->cpu->id];
	struct irq_line *line = &random_lines[rng_below(rng, 3)];

	sim_schedule(&sim, source, sim.now + (ktime_t)rng_below(rng, 80) * 10,
		     PRIO_DEVICE);
	cpu_raise(pulse->cpu, line);
}

static void random_end(struct evsource *source)
{
	(void)source;
	sim_stop(&sim);
}

/* What happens with @seed, and how many events that is. */
static char *random_run(uint64_t seed, bool run_ahead, uint64_t *events)
{
	static struct evsource end;
	char *result;

	setup();
	sim.run_ahead = run_ahead;
	for (unsigned int i = 0; i < 3; i++)
		random_lines[i] = (struct irq_line){
			.path = i ? random_handler : handler_n,
			.nmi = !i,
		};
	for (unsigned int i = 0; i < NR_CPU; i++) {
		rng_init(&chance[i], seed, i, "cpu", "chance");
		cpus[i].timer_path = handler_t;
		start_on(i, random_path);
		pulse_at(10, PRIO_DEVICE)->cpu = &cpus[i];
		pulses[i].source.fire = random_fire;
	}
	sim_add_source(&sim, &end, random_end);
	sim_schedule(&sim, &end, RANDOM_END, PRIO_BOUNDARY);
	run();
	*events = sim.events;
	ck_assert_int_eq(sim.now, RANDOM_END);
	for (unsigned int i = 0; i < NR_CPU; i++)
		ck_assert_int_eq(account_of(&cpus[i]), RANDOM_END);
	result = g_strdup(text->str);
	teardown();
	return result;
}

START_TEST(running_ahead_changes_nothing)
{
	uint64_t ahead, queued;
	char *a = random_run((uint64_t)_i, true, &ahead);
	char *b = random_run((uint64_t)_i, false, &queued);

	ck_assert_uint_gt(strlen(a), 100000);
	ck_assert_str_eq(a, b);
	ck_assert_uint_eq(ahead, queued);
	g_free(a);
	g_free(b);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cpu-instant");
	TCase *tc = tcase_create("cpu"), *tc_chance = tcase_create("chance");

	tcase_set_timeout(tc, 60);
	tcase_set_timeout(tc_chance, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, decisions_wait_for_their_instant);
	tcase_add_test(tc, decisions_wait_for_all_of_it);
	tcase_add_test(tc, decisions_do_not_wait_for_nothing);
	tcase_add_test(tc, boundaries_come_after_decisions);
	tcase_add_test(tc, resume_what_runs);
	tcase_add_test(tc, resume_at_once);
	tcase_add_test(tc, resume_what_is_covered);
	tcase_add_test(tc, interrupt_while_it_resumes);
	tcase_add_test(tc, interrupts_leave_a_stall_alone);
	tcase_add_loop_test(tc_chance, running_ahead_changes_nothing, 0, 10);
	suite_add_tcase(suite, tc);
	suite_add_tcase(suite, tc_chance);
	return run_suite(suite);
}
