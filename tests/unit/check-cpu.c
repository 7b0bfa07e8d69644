/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the interpreter, with programs made by hand and no kernel.
 *
 * What happened is written down as a text, "a100 b150" for `a` at 100 and `b`
 * at 150 quanta.
 */
#include <config.h>

#include <check.h>
#include <glib.h>
#include <stdlib.h>

#include "preemptsim/base/rng.h"
#include "preemptsim/machine/cpu.h"

#define DEPTH 16
#define NR_CPU 2
#define MOST_PULSES 64

static struct sim sim;
static struct cpu cpus[NR_CPU];
static struct frame frames[NR_CPU][DEPTH];
static GString *text;

/* Prices: price n is n times 10 quanta. */
static ktime_t prices[100];

/* Something that happens at a given instant. */
struct pulse {
	struct evsource source;
	struct irq_line *line;
	struct cpu *cpu;
	struct frame *frame;
	ktime_t delay;
};

static struct pulse pulses[MOST_PULSES];
static unsigned int nr_pulses;

/* What a CPU's account adds up to; it must be the clock's time. */
static ktime_t account_of(const struct cpu *cpu)
{
	ktime_t sum = sim.now - cpu->acct_since, own = sum;

	for (unsigned int i = 0; i < NR_ACCT; i++)
		sum += cpu->acct_time[i];
	own += cpu->own_time[0] + cpu->own_time[1];
	if (own != sum)
		ck_abort_msg("the two accounts differ");
	return sum;
}

static void say(char what)
{
	g_string_append_printf(text, "%s%c%lld", text->len ? " " : "", what,
			       (long long)sim.now);
	/* Check's own assertions would take most of the time here. */
	for (unsigned int i = 0; i < NR_CPU; i++)
		if (account_of(&cpus[i]) != sim.now)
			ck_abort_msg("CPU %u has lost time", i);
}

static void op_say(struct cpu *cpu, const struct op *op)
{
	(void)cpu;
	say((char)op->a.num);
}

static void op_open(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_open_irqs(cpu);
}

static void op_close(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_close_irqs(cpu);
}

static void op_account(struct cpu *cpu, const struct op *op)
{
	cpu_account(cpu, (unsigned int)op->a.num);
}

static void op_stall(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu->top->left = STALLED;
}

#define SAY(c)                               \
	{                                    \
		.exec = op_say, .a.num = (c) \
	}
#define TAKE(n)                                    \
	{                                          \
		.exec = op_cost, .a.num = (n) / 10 \
	}
#define ACCOUNT(to)                               \
	{                                         \
		.exec = op_account, .a.num = (to) \
	}
#define HALT DO(op_halt)

static void setup(void)
{
	struct timebase tb;

	ck_assert(timebase_init(&tb, 1000000000));
	sim_init(&sim, &tb, 2 * NR_CPU + MOST_PULSES);
	text = g_string_new(NULL);
	nr_pulses = 0;
	for (unsigned int i = 0; i < G_N_ELEMENTS(prices); i++)
		prices[i] = 10 * (ktime_t)i;
	for (unsigned int i = 0; i < NR_CPU; i++) {
		cpu_init(&cpus[i], &sim, i);
		cpus[i].price = prices;
	}
}

static void teardown(void)
{
	sim_destroy(&sim);
	g_string_free(text, TRUE);
}

static void start_on(unsigned int cpu, const struct op *path)
{
	frames[cpu][1] = (struct frame){ .pc = path };
	cpu_start(&cpus[cpu], &frames[cpu][1], frames[cpu] + DEPTH);
}

static void start(const struct op *path)
{
	start_on(0, path);
}

static void pulse_fire(struct evsource *source)
{
	struct pulse *pulse = container_of(source, struct pulse, source);

	if (pulse->line)
		cpu_raise(pulse->cpu, pulse->line);
	else
		cpu_resume(pulse->cpu, pulse->frame, pulse->delay);
}

static struct pulse *pulse_at(ktime_t when, enum event_prio prio)
{
	struct pulse *pulse = &pulses[nr_pulses++];

	ck_assert_uint_le(nr_pulses, MOST_PULSES);
	*pulse = (struct pulse){ .cpu = &cpus[0] };
	sim_add_source(&sim, &pulse->source, pulse_fire);
	sim_schedule(&sim, &pulse->source, when, prio);
	return pulse;
}

static void raise_at(ktime_t when, struct irq_line *line)
{
	pulse_at(when, line->nmi ? PRIO_NMI : PRIO_DEVICE)->line = line;
}

static void resume_at(ktime_t when, unsigned int frame, ktime_t delay)
{
	struct pulse *pulse = pulse_at(when, PRIO_OP_DONE);

	pulse->frame = &frames[0][frame];
	pulse->delay = delay;
}

static void run(void)
{
	ck_assert(sim_run(&sim));
}

#define check_text(expected) ck_assert_str_eq(text->str, expected)

/* Handlers. */
static const struct op handler_x[] = {
	ACCOUNT(ACCT_HARDIRQ), SAY('x'), TAKE(50), SAY('X'), DO(op_iret),
};
static const struct op handler_y[] = {
	ACCOUNT(ACCT_HARDIRQ), SAY('y'), TAKE(70), SAY('Y'), DO(op_iret),
};
static const struct op handler_t[] = {
	ACCOUNT(ACCT_HARDIRQ), SAY('t'), TAKE(20), SAY('T'), DO(op_iret),
};
static const struct op handler_n[] = {
	ACCOUNT(ACCT_NMI), SAY('n'), TAKE(10), SAY('N'), DO(op_iret),
};
static struct irq_line line_x = { .path = handler_x };
static struct irq_line line_y = { .path = handler_y };
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
	ck_assert_int_eq(cpus[0].acct_time[ACCT_USER], 900);
	ck_assert_int_eq(cpus[0].acct_time[ACCT_HARDIRQ], 120);
	ck_assert_int_eq(cpus[0].own_time[1], 900);
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
	tcase_add_test(tc, nmi_nests_anywhere);
	tcase_add_test(tc, nmi_restores_the_flag);
	tcase_add_test(tc, halts_end_with_an_interrupt);
	tcase_add_test(tc, no_halt_with_something_pending);
	tcase_add_test(tc, a_masked_halt_is_for_ever);
	tcase_add_test(tc, masked_time_is_measured);
	tcase_add_test(tc, clockevent);
}

static void add_instants_and_stalls(TCase *tc)
{
	tcase_add_test(tc, decisions_wait_for_their_instant);
	tcase_add_test(tc, decisions_wait_for_all_of_it);
	tcase_add_test(tc, decisions_do_not_wait_for_nothing);
	tcase_add_test(tc, boundaries_come_after_decisions);
	tcase_add_test(tc, resume_what_runs);
	tcase_add_test(tc, resume_at_once);
	tcase_add_test(tc, resume_what_is_covered);
	tcase_add_test(tc, interrupt_while_it_resumes);
	tcase_add_test(tc, interrupts_leave_a_stall_alone);
}

int main(void)
{
	Suite *suite = suite_create("cpu");
	TCase *tc = tcase_create("cpu"), *tc_chance = tcase_create("chance");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_set_timeout(tc_chance, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	add_paths(tc);
	add_interrupts(tc);
	add_instants_and_stalls(tc);
	if (srunner_fork_status(runner) == CK_FORK) {
		tcase_add_exit_test(tc, stack_overflow, 1);
		tcase_add_exit_test(tc, no_progress, 1);
	}
	tcase_add_loop_test(tc_chance, running_ahead_changes_nothing, 0, 10);
	suite_add_tcase(suite, tc);
	suite_add_tcase(suite, tc_chance);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
