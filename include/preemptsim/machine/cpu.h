/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_MACHINE_CPU_H
#define PREEMPTSIM_MACHINE_CPU_H

/*
 * A CPU: executes operations, takes interrupts, keeps account of its time.
 *
 * An interrupt pushes its frames onto whatever stack is in use, as Linux's
 * entry code does with the interrupted task's stack; a switch on the way out
 * of an interrupt therefore takes the half-finished interrupt return along
 * with the task.  The kernel above embeds struct cpu in its per-CPU data.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/list.h" /* container_of */
#include "preemptsim/base/ring.h"
#include "preemptsim/engine/sim.h"
#include "preemptsim/machine/op.h"

/* Interrupts that a CPU can have pending, in the order in which it takes
 * them; bits of struct cpu's @pending and @open.  Urgent lines have one each, the
 * others share one. */
#define NR_URGENT 3u
#define IRQ_NMI (1u << 0)
#define IRQ_URGENT(i) (1u << (1 + (i)))
#define IRQ_TIMER IRQ_URGENT(NR_URGENT)
#define IRQ_ANY_URGENT (IRQ_TIMER - IRQ_URGENT(0))
#define IRQ_LINE (IRQ_TIMER << 1)
#define IRQ_MASKABLE (2 * IRQ_LINE - IRQ_URGENT(0))
#define IRQ_ANY (IRQ_NMI | IRQ_MASKABLE)

/* Among them, and always open: @done is scheduled, there is nothing to run
 * until then.  So one test finds all that can keep a CPU from going on. */
#define CPU_ARMED (1u << 7)

/**
 * enum acct - where a CPU's time goes.  The same order as results' enum
 * cpu_time.  Or'ed with ACCT_TASK it also counts for the task on the CPU.
 */
enum acct {
	ACCT_USER,
	ACCT_KERNEL,
	ACCT_SOFTIRQ,
	ACCT_HARDIRQ,
	ACCT_NMI,
	ACCT_SPIN,
	ACCT_SWITCH,
	ACCT_IDLE,
	NR_ACCT,
	ACCT_TASK = 8,
};

/**
 * struct irq_line - what an interrupt other than the timer comes through.
 * @path: what the CPU runs when it takes one; the frame's arg is the line
 * @number: as in /proc/interrupts
 * @nmi: it cannot be masked
 * @urgent: it comes before the timer, and before other such lines of a higher
 *          @rank; raised twice before it is taken it is taken once
 * @held: of a line that is masked from an interrupt of it until cpu_unmask():
 *        instants at which it is raised meanwhile; NULL: it is not
 * @masked: it is
 */
struct irq_line {
	const struct op *path;
	int number;
	bool nmi, urgent, masked;
	uint8_t rank;
	struct ring *held;
};

/**
 * struct cpu - one CPU.
 *
 * Written by the interpreter (cpu.c) on behalf of the code that the CPU runs:
 * @sim: whose CPU it is
 * @top: the running frame
 * @limit: one behind the last frame of the stack in use
 * @pending: interrupts that wait, mask of IRQ_...; or CPU_ARMED
 * @open: interrupts that would be taken now, mask of IRQ_..., and CPU_ARMED
 * @halted: executes a halt; the next interrupt ends it
 * @was_halted: the interrupt being taken ended a halt
 * @armed_at: when the operation that is CPU_ARMED (re)started
 * @done: the running operation ends
 * @clockevent: the programmable timer fires
 * @timer_path: what a timer interrupt runs
 * @urgent: lines that come before the timer, by rank, once they were raised
 * @lines: raised lines that wait, (struct irq_line *, raised at), in order
 * @nmis: the same for NMIs
 * @raised_at: hardware instant of the maskable interrupt taken last
 * @nmi_raised_at: the same of the NMI taken last
 * @price: what primitives cost, by enum cost_id
 * @rounds: of loops at the instant @rounds_at, to notice that no time passes
 *
 * Accounting:
 * @acct: where time goes now: an enum acct, maybe with ACCT_TASK
 * @acct_since: since when
 * @time: quanta so far, by @acct; see cpu_acct_time() and cpu_own_time()
 * @irqs_off_since, @irqs_off_max: masked by IRQ_MASKABLE being closed
 * @interrupts: taken so far
 */
struct cpu {
	struct sim *sim;
	struct frame *top;
	struct frame *limit;
	uint8_t pending, open;
	bool halted, was_halted;
	uint8_t acct;
	unsigned int id;
	ktime_t armed_at;
	const ktime_t *price;
	ktime_t rounds_at;
	unsigned int rounds;
	ktime_t acct_since;
	ktime_t time[2 * ACCT_TASK];
	ktime_t irqs_off_since, irqs_off_max;
	ktime_t raised_at, nmi_raised_at;
	uint64_t interrupts;
	struct evsource done;
	struct evsource clockevent;
	const struct op *timer_path;
	struct irq_line *urgent[NR_URGENT];
	struct ring lines;
	struct ring nmis;
};

/** cpu_init - CPU number @id of @sim, with interrupts off and no stack. */
void cpu_init(struct cpu *cpu, struct sim *sim, unsigned int id);

/** cpu_start - execute from the frame @top on, at time 0; before the run. */
void cpu_start(struct cpu *cpu, struct frame *top, struct frame *limit);

/**
 * cpu_run - execute until an operation needs time that others have to see
 * pass, or the CPU stalls.  Called by events only, never by an operation.
 */
void cpu_run(struct cpu *cpu);

/** cpu_raise - @line is raised at @cpu, now; called by events only. */
void cpu_raise(struct cpu *cpu, struct irq_line *line);

/** cpu_unmask - @line of @cpu, by what that runs; the first interrupt that was
 * held meanwhile comes as soon as interrupts are open. */
void cpu_unmask(struct cpu *cpu, struct irq_line *line);

/** cpu_raise_self - @line is raised at the CPU that runs, by what it runs;
 * taken as soon as interrupts are open. */
void cpu_raise_self(struct cpu *cpu, struct irq_line *line);

/**
 * cpu_resume - the stalled @frame of @cpu goes on after @delay.
 *
 * Fine from another CPU's operation: if @frame runs, its end is scheduled; if
 * an interrupt covers it, it goes on when the interrupt is over.
 */
void cpu_resume(struct cpu *cpu, struct frame *frame, ktime_t delay);

/** clockevent_program - the timer fires at @when, or at once if that is past;
 * KTIME_MAX: not at all. */
void clockevent_program(struct cpu *cpu, ktime_t when);

/** cpu_instant_over - has everything happened that is due at this instant but
 * scheduling? */
static inline bool cpu_instant_over(const struct cpu *cpu)
{
	return !evq_due_before(&cpu->sim->evq, cpu->sim->now, PRIO_SCHED);
}

/** cpu_await_instant - it has not: do the running operation again when it has.
 * Also after each interrupt that comes meanwhile. */
void cpu_await_instant(struct cpu *cpu);

/** cpu_overflow - out of frames: sim_stuck(). */
_Noreturn void cpu_overflow(const struct cpu *cpu);

/** cpu_no_progress - a loop goes round and round in no time: sim_stuck(). */
_Noreturn void cpu_no_progress(const struct cpu *cpu);

/* Rounds of loops at one instant after which nothing will come of it. */
#define MAX_ROUNDS 10000000u

/** cpu_round - a loop begins a round. */
static inline void cpu_round(struct cpu *cpu)
{
	if (cpu->rounds_at != cpu->sim->now) {
		cpu->rounds_at = cpu->sim->now;
		cpu->rounds = 0;
	} else if (unlikely(++cpu->rounds > MAX_ROUNDS)) {
		cpu_no_progress(cpu);
	}
}

/** cpu_push - run @path next, with @arg. */
static inline struct frame *cpu_push(struct cpu *cpu, const struct op *path,
				     void *arg)
{
	struct frame *frame = cpu->top + 1;

	if (unlikely(frame >= cpu->limit))
		cpu_overflow(cpu);
	frame->pc = path;
	frame->left = 0;
	frame->arg = arg;
	cpu->top = frame;
	return frame;
}

/** cpu_account - put the time up to now down, and go on with @acct. */
static inline void cpu_account(struct cpu *cpu, unsigned int acct)
{
	ktime_t now = cpu->sim->now;

	cpu->time[cpu->acct] += now - cpu->acct_since;
	cpu->acct_since = now;
	cpu->acct = (uint8_t)acct;
}

/** cpu_acct_time - what has been put down to @acct, without ACCT_TASK, so far. */
static inline ktime_t cpu_acct_time(const struct cpu *cpu, unsigned int acct)
{
	return cpu->time[acct] + cpu->time[acct | ACCT_TASK];
}

/** cpu_own_time - what has been put down so far on behalf of the CPU's tasks:
 * all with ACCT_TASK that there is. */
static inline ktime_t cpu_own_time(const struct cpu *cpu)
{
	return cpu->time[ACCT_USER | ACCT_TASK] +
	       cpu->time[ACCT_KERNEL | ACCT_TASK] +
	       cpu->time[ACCT_SPIN | ACCT_TASK];
}

/** cpu_irqs_on - would a maskable interrupt be taken? */
static inline bool cpu_irqs_on(const struct cpu *cpu)
{
	return cpu->open & IRQ_MASKABLE;
}

/** cpu_trace - sim_trace() from @cpu. */
static inline void cpu_trace(struct cpu *cpu, enum tracepoint id,
			     const void *object, int64_t a, int64_t b)
{
	sim_trace(cpu->sim, id, cpu->id, object, a, b);
}

/**
 * TOLD_OP - the operation @name, @linkage (static or extern), from
 * __@name(cpu, op, told).
 *
 * Compiled twice, with and without its tracepoints: where nobody listens the
 * many of them would cost more than what they tell about, for each needs a
 * test, and registers that a call leaves alone.  What it may tell stands in
 * watching[] of tracepoint.c.
 */
#define TOLD_OP(linkage, name)                                                 \
	static __attribute__((noinline)) void name##_told(struct cpu *cpu,     \
							  const struct op *op) \
	{                                                                      \
		__##name(cpu, op, true);                                       \
	}                                                                      \
                                                                               \
	linkage void name(struct cpu *cpu, const struct op *op)                \
	{                                                                      \
		if (unlikely(cpu->sim->tracer.watched))                        \
			name##_told(cpu, op);                                  \
		else                                                           \
			__##name(cpu, op, false);                              \
	}

/** __cpu_close_irqs, __cpu_open_irqs - cpu_close_irqs() and cpu_open_irqs() in
 * a TOLD_OP(). */
static __always_inline void __cpu_close_irqs(struct cpu *cpu, bool told)
{
	if (!cpu_irqs_on(cpu))
		return;
	cpu->open &= (uint8_t)~IRQ_MASKABLE;
	cpu->irqs_off_since = cpu->sim->now;
	if (told)
		cpu_trace(cpu, TP_irq_disable, NULL, 0, 0);
}

static __always_inline void __cpu_open_irqs(struct cpu *cpu, bool told)
{
	ktime_t off;

	if (cpu_irqs_on(cpu))
		return;
	off = cpu->sim->now - cpu->irqs_off_since;
	cpu->irqs_off_max = off > cpu->irqs_off_max ? off : cpu->irqs_off_max;
	if (told)
		cpu_trace(cpu, TP_irq_enable, NULL, 0, 0);
	cpu->open |= IRQ_MASKABLE;
}

/** cpu_close_irqs - mask interrupts; fine if they were. */
static inline void cpu_close_irqs(struct cpu *cpu)
{
	__cpu_close_irqs(cpu, true);
}

/** cpu_open_irqs - unmask interrupts; what is pending comes before the next
 * operation. */
static inline void cpu_open_irqs(struct cpu *cpu)
{
	__cpu_open_irqs(cpu, true);
}

/**
 * cpu_chain - the next operation of the path at once, if nothing comes between.
 *
 * For the end of an operation: it spares the interpreter a round.  An
 * interrupt that has just become open comes first, as always.
 */
static inline void cpu_chain(struct cpu *cpu)
{
	const struct op *op = cpu->top->pc;

	if (unlikely(cpu->pending & cpu->open))
		return;
	cpu->top->pc = op + 1;
	op->exec(cpu, op);
}

/* A test here would cost a percent of a run: it is for those who look for
 * mistakes anyway (configure --enable-sanitizers). */
static inline void cpu_check_closed(const struct cpu *cpu)
{
#ifdef EXPENSIVE_CHECKS
	if (unlikely(cpu->pending & cpu->open))
		sim_bug(cpu->sim, (int)cpu->id,
			"an operation passes by an interrupt that it let in");
#else
	(void)cpu;
#endif
}

/** cpu_follow - the path's operation @next is about to be called by its name,
 * at once; for an operation that lets no interrupts in. */
static inline void cpu_follow(struct cpu *cpu, const struct op *next)
{
	cpu_check_closed(cpu);
	cpu->top->pc = next + 1;
}

/** cpu_next - cpu_chain() for an operation that lets no interrupts in, so that
 * none can come first. */
static inline void cpu_next(struct cpu *cpu)
{
	const struct op *op = cpu->top->pc;

	cpu_follow(cpu, op);
	op->exec(cpu, op);
}

/** cpu_goes_on - cpu_follow() for one that may have: false if an interrupt
 * comes first. */
static inline bool cpu_goes_on(struct cpu *cpu, const struct op *next)
{
	if (unlikely(cpu->pending & cpu->open))
		return false;
	cpu_follow(cpu, next);
	return true;
}

/** cpu_next_top - cpu_next(), for an operation that has changed the top frame:
 * the one that is there now may have time of its own to spend. */
static inline void cpu_next_top(struct cpu *cpu)
{
	if (likely(!cpu->top->left))
		cpu_next(cpu);
}

/** cpu_spend_slowly - cpu_spend() where others come first, or may not be run
 * ahead of. */
void cpu_spend_slowly(struct cpu *cpu, ktime_t time);

/** cpu_runs_ahead - does @time pass here and now?  If not, cpu_spend_slowly()
 * has seen to it. */
static inline bool cpu_runs_ahead(struct cpu *cpu, ktime_t time)
{
	struct sim *sim = cpu->sim;
	ktime_t end = sim->now + time;

	if (unlikely((uint64_t)end >= evq_next_time(&sim->evq) ||
		     !sim->run_ahead)) {
		cpu_spend_slowly(cpu, time);
		return false;
	}
	sim->events += time != 0;
	sim->now = end;
	return true;
}

/** cpu_spent - cpu_follow() after @time; false: later. */
static inline bool cpu_spent(struct cpu *cpu, ktime_t time,
			     const struct op *next)
{
	if (!cpu_runs_ahead(cpu, time))
		return false;
	cpu_follow(cpu, next);
	return true;
}

/**
 * cpu_spend - the running path takes @time, and then goes on.
 *
 * For the end of an operation that lets no interrupts in.  If nothing else
 * happens meanwhile the time passes here and now (run-ahead, see cpu.c) and the
 * next operation follows at once; if not, the interpreter sees to it.  Not for
 * user programs, whose length would be the depth of the C stack where tail
 * calls are none.
 */
static inline void cpu_spend(struct cpu *cpu, ktime_t time)
{
	if (cpu_runs_ahead(cpu, time))
		cpu_next(cpu);
}

/** __op_iret - op_iret() in a TOLD_OP(). */
static __always_inline void __op_iret(struct cpu *cpu, const struct op *op,
				      bool told)
{
	const struct frame *frame = cpu->top;

	(void)op;
	cpu_account(cpu, frame->acct);
	if (frame->open & IRQ_MASKABLE)
		__cpu_open_irqs(cpu, told);
	cpu->open = frame->open;
	cpu->top--;
}

/** op_iret - end of an interrupt's path: restore what it interrupted. */
void op_iret(struct cpu *cpu, const struct op *op);

/** op_halt - wait for an interrupt. */
void op_halt(struct cpu *cpu, const struct op *op);

#endif
