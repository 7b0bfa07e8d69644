/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interpreter: the only place where simulated code meets time.
 *
 * Only cpu_run() moves program counters, only cpu_burn(), cpu_pause() and
 * cpu_resume() touch a frame's time.
 *
 * Run-ahead: an operation that ends strictly before the next event of the
 * whole machine is not scheduled and popped; the clock moves to its end at
 * once.  Nothing can happen in between, so the order of everything is the
 * same (sim.run_ahead = false proves it: the traces are equal).
 */
#include <config.h>

#include "preemptsim/machine/cpu.h"

#include <glib.h>

/* Room for raised interrupts before a backlog makes the ring grow. */
#define LINES_ROOM 8

_Noreturn void cpu_overflow(const struct cpu *cpu)
{
	sim_stuck(
		cpu->sim, cpu->id,
		"the stack is full: too many interrupts are taken inside each "
		"other, by handlers that have switched interrupts on");
}

_Noreturn void cpu_no_progress(const struct cpu *cpu)
{
	sim_stuck(cpu->sim, cpu->id,
		  "code goes round and round in no time; give a step of it "
		  "some time, or the kernel its costs");
}

static inline void cpu_arm(struct cpu *cpu, ktime_t when, enum event_prio prio)
{
	cpu->pending |= CPU_ARMED;
	cpu->armed_at = cpu->sim->now;
	sim_schedule(cpu->sim, &cpu->done, when, prio);
}

/* The clock moves to @end, where the frame's time is over. */
static inline bool cpu_burn_to(struct cpu *cpu, ktime_t end)
{
	cpu->sim->now = end;
	cpu->sim->events++;
	cpu->top->left = 0;
	return true;
}

/* cpu_burn() where running ahead is off, or watched. */
static __attribute__((noinline)) bool cpu_burn_slowly(struct cpu *cpu,
						      ktime_t end)
{
	if (sim_tell_passes(cpu->sim, end))
		return cpu_burn_to(cpu, end);
	cpu_arm(cpu, end, PRIO_OP_DONE);
	return false;
}

/* Spend the frame's time; false: the CPU has to wait for an event. */
static inline bool cpu_burn(struct cpu *cpu, const struct frame *frame)
{
	struct sim *sim = cpu->sim;
	ktime_t end;

	if (unlikely(frame->left == STALLED)) {
		if (evq_scheduled(&sim->evq, cpu->done.id))
			sim_cancel(sim, &cpu->done);
		return false;
	}
	end = sim->now + frame->left;
	if ((uint64_t)end >= evq_next_time(&sim->evq)) {
		cpu_arm(cpu, end, PRIO_OP_DONE);
		return false;
	}
	return likely(sim->run_ahead) ? cpu_burn_to(cpu, end) :
					cpu_burn_slowly(cpu, end);
}

/* Stop the running operation; what it has not used stays in its frame.  Its
 * event stays, too: what runs next moves it, or cancels it when it stalls.
 * Until then it can only make run-ahead more careful than it needs to be. */
static void cpu_pause(struct cpu *cpu)
{
	if (!(cpu->pending & CPU_ARMED))
		return;
	cpu->pending &= (uint8_t)~CPU_ARMED;
	cpu->top->left -= cpu->sim->now - cpu->armed_at;
}

/* Push the path of an interrupt over whatever runs. */
static inline void cpu_enter(struct cpu *cpu, const struct op *path, void *arg)
{
	uint8_t open = cpu->open;
	struct frame *frame;

	cpu->was_halted = cpu->halted;
	if (cpu->halted) {
		cpu->halted = false;
		cpu->top->left = 0;
	}
	cpu->interrupts++;
	frame = cpu_push(cpu, path, arg);
	frame->open = open;
	frame->acct = cpu->acct;
	cpu_close_irqs(cpu);
}

static __attribute__((noinline)) void cpu_enter_nmi(struct cpu *cpu)
{
	struct ring_entry entry = ring_get(&cpu->nmis);
	const struct irq_line *line = entry.who;

	if (ring_empty(&cpu->nmis))
		cpu->pending &= (uint8_t)~IRQ_NMI;
	cpu->nmi_raised_at = entry.when;
	cpu_enter(cpu, line->path, entry.who);
	cpu->open = CPU_ARMED;
}

static struct irq_line *next_line(struct cpu *cpu)
{
	struct ring_entry entry = ring_get(&cpu->lines);

	if (ring_empty(&cpu->lines))
		cpu->pending &= (uint8_t)~IRQ_LINE;
	cpu->raised_at = entry.when;
	return entry.who;
}

static struct irq_line *next_urgent(struct cpu *cpu, unsigned int ready)
{
	unsigned int urgent = ready / IRQ_URGENT(0);
	struct irq_line *line = cpu->urgent[__builtin_ctz(urgent)];

	cpu->pending &= (uint8_t)~IRQ_URGENT(line->rank);
	return line;
}

/* Take the first of the interrupts that are pending and open.  Not inline: it
 * would cost registers in each round of cpu_run(). */
static __attribute__((noinline)) void cpu_accept(struct cpu *cpu)
{
	unsigned int ready = cpu->pending & cpu->open;
	struct irq_line *line = NULL;

	if (unlikely(ready & IRQ_NMI)) {
		cpu_enter_nmi(cpu);
		return;
	}
	if (ready & IRQ_ANY_URGENT)
		line = next_urgent(cpu, ready);
	else if (ready & IRQ_TIMER)
		cpu->pending &= (uint8_t)~IRQ_TIMER;
	else
		line = next_line(cpu);
	cpu_enter(cpu, line ? line->path : cpu->timer_path, line);
}

void cpu_run(struct cpu *cpu)
{
	cpu->sim->this_cpu = cpu->id;
	for (;;) {
		const struct op *op;

		if (unlikely(cpu->pending & cpu->open)) {
			if (cpu->pending & CPU_ARMED)
				return;
			cpu_accept(cpu);
		}
		if (cpu->top->left && !cpu_burn(cpu, cpu->top))
			return;
		op = cpu->top->pc++;
		op->exec(cpu, op);
	}
}

void cpu_spend_slowly(struct cpu *cpu, ktime_t time)
{
	if (time || !cpu->sim->run_ahead)
		cpu->top->left = time;
	else
		cpu_chain(cpu);
}

static void done_fire(struct evsource *source)
{
	struct cpu *cpu = container_of(source, struct cpu, done);

	cpu->pending &= (uint8_t)~CPU_ARMED;
	cpu->top->left = 0;
	cpu_run(cpu);
}

void cpu_await_instant(struct cpu *cpu)
{
	cpu->top->pc--;
	cpu_arm(cpu, cpu->sim->now, PRIO_SCHED);
}

void cpu_start(struct cpu *cpu, struct frame *top, struct frame *limit)
{
	cpu->top = top;
	cpu->limit = limit;
	cpu_arm(cpu, cpu->sim->now, PRIO_OP_DONE);
}

void cpu_resume(struct cpu *cpu, struct frame *frame, ktime_t delay)
{
	frame->left = delay;
	if (frame == cpu->top)
		cpu_arm(cpu, cpu->sim->now + delay, PRIO_OP_DONE);
}

/* Something became pending: take it if it is open. */
static void cpu_kick(struct cpu *cpu)
{
	if (cpu->pending & cpu->open & IRQ_ANY) {
		cpu_pause(cpu);
		cpu_run(cpu);
	}
}

/* A line that is to be masked takes one interrupt at a time: what comes while
 * that waits could not be taken after it, either. */
static bool held_back(struct cpu *cpu, struct irq_line *line)
{
	if (!line->masked) {
		line->masked = true;
		return false;
	}
	ring_put(line->held, line, cpu->sim->now);
	return true;
}

void cpu_unmask(struct cpu *cpu, struct irq_line *line)
{
	line->masked = !ring_empty(line->held);
	if (!line->masked)
		return;
	ring_put(&cpu->lines, line, ring_get(line->held).when);
	cpu->pending |= IRQ_LINE;
}

static void make_pending(struct cpu *cpu, struct irq_line *line)
{
	if (line->nmi) {
		ring_put(&cpu->nmis, line, cpu->sim->now);
		cpu->pending |= IRQ_NMI;
	} else if (line->urgent) {
		cpu->urgent[line->rank] = line;
		cpu->pending |= (uint8_t)IRQ_URGENT(line->rank);
	} else {
		ring_put(&cpu->lines, line, cpu->sim->now);
		cpu->pending |= IRQ_LINE;
	}
}

void cpu_raise(struct cpu *cpu, struct irq_line *line)
{
	if (unlikely(line->held) && held_back(cpu, line))
		return;
	make_pending(cpu, line);
	cpu_kick(cpu);
}

void cpu_raise_self(struct cpu *cpu, struct irq_line *line)
{
	make_pending(cpu, line);
}

static void clockevent_fire(struct evsource *source)
{
	struct cpu *cpu = container_of(source, struct cpu, clockevent);

	cpu->pending |= IRQ_TIMER;
	cpu_kick(cpu);
}

void clockevent_program(struct cpu *cpu, ktime_t when)
{
	ktime_t now = cpu->sim->now;

	if (when == KTIME_MAX)
		sim_cancel(cpu->sim, &cpu->clockevent);
	else
		sim_schedule(cpu->sim, &cpu->clockevent,
			     when > now ? when : now, PRIO_TIMER);
}

void cpu_init(struct cpu *cpu, struct sim *sim, unsigned int id)
{
	*cpu = (struct cpu){
		.sim = sim,
		.id = id,
		.open = IRQ_NMI | CPU_ARMED,
	};
	cpu->acct = ACCT_IDLE;
	sim_add_source_to(sim, SOURCE_HOT, &cpu->done, done_fire);
	sim_add_source_to(sim, SOURCE_WARM, &cpu->clockevent, clockevent_fire);
	ring_init(&cpu->lines, &sim->state, LINES_ROOM);
	ring_init(&cpu->nmis, &sim->state, LINES_ROOM);
}
