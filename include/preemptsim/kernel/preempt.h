/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_PREEMPT_H
#define PREEMPTSIM_KERNEL_PREEMPT_H

/*
 * preempt_count and the preemption models.
 * cf. include/linux/preempt.h, arch/x86/include/asm/preempt.h.
 *
 * The simulator counts in the layout of x86, whichever the kernel has to the
 * outside (preempt-layout.h):
 *
 *	bits 0-7	preempt_disable() depth
 *	bits 8-15	softirq: bit 8 while serving one, +2 units per
 *			local_bh_disable()
 *	bits 16-19	hardirq depth
 *	bits 20-23	NMI depth
 *	bit 31		inverted need-resched: 0 means "make way", so that one
 *			comparison with 0 answers "preempt now?"
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/preempt-layout.h"

#define PREEMPT_OFFSET 0x1u
#define SOFTIRQ_OFFSET 0x100u
#define SOFTIRQ_DISABLE_OFFSET 0x200u
#define PREEMPT_DISABLE_OFFSET PREEMPT_OFFSET
#define HARDIRQ_OFFSET 0x10000u
#define NMI_OFFSET 0x100000u

#define PREEMPT_MASK 0x000000ffu
#define SOFTIRQ_MASK 0x0000ff00u
#define HARDIRQ_MASK 0x000f0000u
#define NMI_MASK 0x00f00000u

#define PREEMPT_NEED_RESCHED 0x80000000u /* inverted */
#define PREEMPT_ENABLED PREEMPT_NEED_RESCHED
/* In every switch, hence what a new task begins with: one for schedule(), one
 * for the run queue's lock. */
#define FORK_PREEMPT_COUNT (2 * PREEMPT_DISABLE_OFFSET + PREEMPT_ENABLED)

/**
 * struct preempt_model - a preemption model: what its reschedule points do.
 * @name: as in kernel.preempt
 * @summary: one sentence
 * @kernel: preempt kernel code at the end of an interrupt and when
 *          preempt_enable() brings the count back to zero
 * @cond_resched: cond_resched() reschedules
 * @might_sleep: might_sleep() reschedules too
 * @lazy: the fair class only asks lazily; the tick insists
 * @ttwu_queue: a wakeup for an idle CPU is left to that CPU
 * @sleeping_locks: a spinlock is a lock to sleep for
 * @threaded_irqs: interrupts are handled in threads, softirqs in tasks, which
 *                 can be preempted meanwhile, and timers that need not be hard
 *                 expire there
 */
struct preempt_model {
	const char *name;
	const char *summary;
	bool kernel, cond_resched, might_sleep, lazy, ttwu_queue;
	bool sleeping_locks, threaded_irqs;
};

/** preempt_model_choice - the models' names and summaries. */
const struct choice *preempt_model_choice(unsigned int i);

/** preempt_model - the model behind preempt_model_choice(@i). */
const struct preempt_model *preempt_model(unsigned int i);

/** preempt_count - the count without the need-resched bit. */
static inline uint32_t preempt_count(const struct kcpu *kc)
{
	return kc->preempt_count & ~PREEMPT_NEED_RESCHED;
}

/** told_count - what of it preempt_disable and preempt_enable are told of.
 * __nmi_enter() adds to the count and tells nobody, so that its own part is not
 * among it. */
static inline uint32_t told_count(const struct kcpu *kc)
{
	return kc->preempt_count & kc->told;
}

/** preempt_word - the word as it is in the kernel's own layout. */
static inline uint64_t preempt_word(const struct kcpu *kc)
{
	return preempt_layout_word(kc->kernel->layout, kc->preempt_count);
}

/** softirq_count - the bits that say what of softirqs is going on: serving one,
 * or bottom halves disabled.  All that follows asks here.  Under rt they are the
 * task's, in all other models the count's; the others are 0. */
static inline uint32_t softirq_count(const struct kcpu *kc)
{
	return (kc->preempt_count | current_task(kc)->softirq_disable_cnt) &
	       SOFTIRQ_MASK;
}

/** irq_count - the bits of hardirqs, NMIs and softirqs. */
static inline uint32_t irq_count(const struct kcpu *kc)
{
	return (kc->preempt_count & (NMI_MASK | HARDIRQ_MASK)) |
	       softirq_count(kc);
}

/** in_nmi, in_hardirq, in_serving_softirq, in_interrupt - what kind of code
 * runs; in_interrupt() also holds with bottom halves merely disabled. */
static inline bool in_nmi(const struct kcpu *kc)
{
	return (kc->preempt_count & NMI_MASK) != 0;
}

static inline bool in_hardirq(const struct kcpu *kc)
{
	return kc->preempt_count & HARDIRQ_MASK;
}

static inline bool in_serving_softirq(const struct kcpu *kc)
{
	return softirq_count(kc) & SOFTIRQ_OFFSET;
}

static inline bool in_interrupt(const struct kcpu *kc)
{
	return irq_count(kc) != 0;
}

/** in_task - neither an interrupt, an NMI nor a softirq is being served. */
static inline bool in_task(const struct kcpu *kc)
{
	return !(irq_count(kc) & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET));
}

/** in_atomic - the count is not zero.  Interrupts that are merely off do not
 * show in it. */
static inline bool in_atomic(const struct kcpu *kc)
{
	return preempt_count(kc) != 0;
}

/** in_atomic_preempt_off - the same for who disabled preemption once himself,
 * as schedule() has. */
static inline bool in_atomic_preempt_off(const struct kcpu *kc)
{
	return preempt_count(kc) != PREEMPT_DISABLE_OFFSET;
}

/** interrupt_context_level - 0 a task, 1 a softirq, 2 a hardirq, 3 an NMI. */
static inline unsigned int interrupt_context_level(const struct kcpu *kc)
{
	return (unsigned int)in_nmi(kc) + (in_nmi(kc) || in_hardirq(kc)) +
	       !in_task(kc);
}

/** preemptible - may current be switched out here? */
static inline bool preemptible(const struct kcpu *kc)
{
	return preempt_count(kc) == 0 && cpu_irqs_on(&kc->cpu);
}

/** __preempt_count_set - preempt_count_set() in a TOLD_OP(). */
static __always_inline void __preempt_count_set(struct kcpu *kc, uint32_t word,
						const char *why, bool told)
{
	uint32_t old = kc->preempt_count;

	kc->preempt_count = word;
	if (told)
		cpu_trace(&kc->cpu, TP_preempt_count, why, old, word);
}

/** preempt_count_set - the word becomes @word, because of @why. */
static inline void preempt_count_set(struct kcpu *kc, uint32_t word,
				     const char *why)
{
	__preempt_count_set(kc, word, why, true);
}

/** set_preempt_need_resched - fold the flag into the count. */
static inline void set_preempt_need_resched(struct kcpu *kc)
{
	preempt_count_set(kc, kc->preempt_count & ~PREEMPT_NEED_RESCHED,
			  __func__);
}

/** clear_preempt_need_resched - and out of it. */
static inline void clear_preempt_need_resched(struct kcpu *kc)
{
	preempt_count_set(kc, kc->preempt_count | PREEMPT_NEED_RESCHED,
			  __func__);
}

/** __preempt_count_add - preempt_count_add_for() in a TOLD_OP(). */
static __always_inline void __preempt_count_add(struct kcpu *kc, uint32_t units,
						const char *why, bool told)
{
	bool outermost = !told_count(kc);

	__preempt_count_set(kc, kc->preempt_count + units, why, told);
	if (outermost) {
		kc->preempt_off_since = kc->cpu.sim->now;
		kc->preempt_off_why = why;
		if (told)
			cpu_trace(&kc->cpu, TP_preempt_disable, why, 0, 0);
	}
}

/** preempt_count_add_for - @units more, because of @why, a static word; tells
 * when the count has left zero. */
static inline void preempt_count_add_for(struct kcpu *kc, uint32_t units,
					 const char *why)
{
	__preempt_count_add(kc, units, why, true);
}

/** preempt_latency_stop - preemption will be enabled, because of @why. */
static __always_inline void preempt_latency_stop(struct kcpu *kc,
						 const char *why, bool told)
{
	ktime_t off = kc->cpu.sim->now - kc->preempt_off_since;

	if (off > kc->preempt_off_max)
		kc->preempt_off_max = off;
	if (told)
		cpu_trace(&kc->cpu, TP_preempt_enable, why, 0, 0);
}

/** preempt_count_underflow - more was given back than was taken: says so. */
void preempt_count_underflow(struct kcpu *kc, uint32_t units);

/** preempt_count_force - @count it shall be, after an imbalance. */
void preempt_count_force(struct kcpu *kc, uint32_t count);

/** preempt_underflows - are not as many as @units of those in @count?  What
 * preempt_disable() has added may not be taken from what softirqs and
 * interrupts have, cf. preempt_count_sub(). */
static __always_inline bool preempt_underflows(uint32_t count, uint32_t units)
{
	return (units < PREEMPT_MASK ? count & PREEMPT_MASK : count) < units;
}

/** __preempt_count_sub - preempt_count_sub_for() in a TOLD_OP(). */
static __always_inline void __preempt_count_sub(struct kcpu *kc, uint32_t units,
						const char *why, bool told)
{
	uint32_t count = told_count(kc);

	if (unlikely(preempt_underflows(count, units))) {
		preempt_count_underflow(kc, units);
		return;
	}
	if (count == units)
		preempt_latency_stop(kc, why, told);
	__preempt_count_set(kc, kc->preempt_count - units, why, told);
}

/** preempt_count_sub_for - @units fewer, because of @why; tells when the count
 * will be zero again. */
static inline void preempt_count_sub_for(struct kcpu *kc, uint32_t units,
					 const char *why)
{
	__preempt_count_sub(kc, units, why, true);
}

/** preempt_count_add, preempt_count_sub - the same because of the function
 * that they stand in. */
#define preempt_count_add(kc, units) preempt_count_add_for(kc, units, __func__)
#define preempt_count_sub(kc, units) preempt_count_sub_for(kc, units, __func__)

/**
 * raw_lock_irqsave - what @kc does now is done under a raw spinlock, @why.
 *
 * It takes no time, but others hear of it as if that were held.  Returns
 * whether interrupts were on, for raw_unlock_irqrestore(); that is no
 * reschedule point, see there who calls it.
 */
static inline bool raw_lock_irqsave(struct kcpu *kc, const char *why)
{
	bool on = cpu_irqs_on(&kc->cpu);

	cpu_close_irqs(&kc->cpu);
	preempt_count_add_for(kc, PREEMPT_OFFSET, why);
	return on;
}

/** raw_unlock_irqrestore - the end of that. */
static inline void raw_unlock_irqrestore(struct kcpu *kc, bool on,
					 const char *why)
{
	preempt_count_sub_for(kc, PREEMPT_OFFSET, why);
	if (on)
		cpu_open_irqs(&kc->cpu);
}

/* Operations. */
/** op_preempt_disable - preempt_disable(); a.ptr: whose it is, if not the
 * step's own. */
void op_preempt_disable(struct cpu *cpu, const struct op *op);
/** op_preempt_enable - preempt_enable(): reschedules if that is due and the
 * model preempts kernel code; a.ptr likewise. */
void op_preempt_enable(struct cpu *cpu, const struct op *op);
/** op_preempt_enable_no_resched - preempt_enable_no_resched(). */
void op_preempt_enable_no_resched(struct cpu *cpu, const struct op *op);
/** op_preempt_check_resched - preempt_check_resched(). */
void op_preempt_check_resched(struct cpu *cpu, const struct op *op);
/** op_local_irq_disable, op_local_irq_enable - the interrupt flag; enabling
 * does not look at need_resched. */
void op_local_irq_disable(struct cpu *cpu, const struct op *op);
void op_local_irq_enable(struct cpu *cpu, const struct op *op);
/** op_local_irq_save, op_local_irq_restore - the same around a path, the
 * flag kept in the path's frame. */
void op_local_irq_save(struct cpu *cpu, const struct op *op);
void op_local_irq_restore(struct cpu *cpu, const struct op *op);
/** op_local_bh_disable, op_local_bh_enable - bottom halves. */
void op_local_bh_disable(struct cpu *cpu, const struct op *op);
void op_local_bh_enable(struct cpu *cpu, const struct op *op);
/** op_check_sleep - the code that follows may sleep: says so if it must not
 * (cf. __might_resched()).  That is so also with bottom halves off under rt,
 * which are in the read side of RCU; only for a spinlock one may sleep there. */
void op_check_sleep(struct cpu *cpu, const struct op *op);
/** cond_resched_path, might_sleep_path - as the model has them. */
extern const struct op cond_resched_path[];
extern const struct op might_sleep_path[];

#endif
