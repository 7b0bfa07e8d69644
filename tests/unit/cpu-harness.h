/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TESTS_CPU_HARNESS_H
#define PREEMPTSIM_TESTS_CPU_HARNESS_H

/*
 * CPUs with programs made by hand and no kernel, for the tests of the
 * interpreter.
 *
 * What happened is written down as a text, "a100 b150" for `a` at 100 and `b`
 * at 150 quanta.
 */

#include <check.h>
#include <glib.h>
#include <stdlib.h>

#include "run-suite.h"

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
static inline ktime_t account_of(const struct cpu *cpu)
{
	ktime_t sum = sim.now - cpu->acct_since, own = 0;

	for (unsigned int i = 0; i < NR_ACCT; i++) {
		sum += cpu_acct_time(cpu, i);
		own += cpu->time[i | ACCT_TASK];
	}
	if (own != cpu_own_time(cpu))
		ck_abort_msg("what tasks had is not counted as theirs");
	return sum;
}

static inline void say(char what)
{
	g_string_append_printf(text, "%s%c%lld", text->len ? " " : "", what,
			       (long long)sim.now);
	/* Check's own assertions would take most of the time here. */
	for (unsigned int i = 0; i < NR_CPU; i++)
		if (account_of(&cpus[i]) != sim.now)
			ck_abort_msg("CPU %u has lost time", i);
}

static inline void op_say(struct cpu *cpu, const struct op *op)
{
	(void)cpu;
	say((char)op->a.num);
}

static inline void op_open(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_open_irqs(cpu);
}

static inline void op_close(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_close_irqs(cpu);
}

static inline void op_account(struct cpu *cpu, const struct op *op)
{
	cpu_account(cpu, (unsigned int)op->a.num);
}

static inline void op_stall(struct cpu *cpu, const struct op *op)
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

static inline void setup(void)
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

static inline void teardown(void)
{
	sim_destroy(&sim);
	g_string_free(text, TRUE);
}

static inline void start_on(unsigned int cpu, const struct op *path)
{
	frames[cpu][1] = (struct frame){ .pc = path };
	cpu_start(&cpus[cpu], &frames[cpu][1], frames[cpu] + DEPTH);
}

static inline void start(const struct op *path)
{
	start_on(0, path);
}

static inline void pulse_fire(struct evsource *source)
{
	struct pulse *pulse = container_of(source, struct pulse, source);

	if (pulse->line)
		cpu_raise(pulse->cpu, pulse->line);
	else
		cpu_resume(pulse->cpu, pulse->frame, pulse->delay);
}

static inline struct pulse *pulse_at(ktime_t when, enum event_prio prio)
{
	struct pulse *pulse = &pulses[nr_pulses++];

	ck_assert_uint_le(nr_pulses, MOST_PULSES);
	*pulse = (struct pulse){ .cpu = &cpus[0] };
	sim_add_source(&sim, &pulse->source, pulse_fire);
	sim_schedule(&sim, &pulse->source, when, prio);
	return pulse;
}

static inline void raise_at(ktime_t when, struct irq_line *line)
{
	pulse_at(when, line->nmi ? PRIO_NMI : PRIO_DEVICE)->line = line;
}

static inline void resume_at(ktime_t when, unsigned int frame, ktime_t delay)
{
	struct pulse *pulse = pulse_at(when, PRIO_OP_DONE);

	pulse->frame = &frames[0][frame];
	pulse->delay = delay;
}

static inline void run(void)
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

#endif /* PREEMPTSIM_TESTS_CPU_HARNESS_H */
