/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SPIN_PRIVATE_H
#define PREEMPTSIM_SPIN_PRIVATE_H

/*
 * Shared by the types that spin: a CPU's wait, and the forms that taking and
 * giving back come in.  cf. include/linux/spinlock_api_smp.h v6.12.
 */

#include "lock-private.h"

/** spin_begin - the running frame spins for @lock, as a reader if @read, until
 * spin_grant(); returns its place at the end of the queue. */
struct spin_waiter *spin_begin(struct cpu *cpu, struct lock *lock, bool read);

/** spin_begin_for - the same, but among @waiters, and it has not stalled yet. */
struct spin_waiter *spin_begin_for(struct cpu *cpu, struct lock *lock,
				   bool read, struct list_head *waiters);

/** spin_end - that is over; returns how long it was. */
ktime_t spin_end(struct cpu *cpu);

/** spin_looks - does @waiter spin right now, with no interrupt over it? */
static inline bool spin_looks(const struct spin_waiter *waiter)
{
	return waiter->frame == waiter->kc->cpu.top;
}

/** spin_count - how many of the waiters of @lock do. */
unsigned int spin_count(const struct lock *lock);

/** spin_grant - @waiter leaves the queue and goes on after @delay. */
void spin_grant(struct spin_waiter *waiter, ktime_t delay);

/** spin_release - give back the running path's lock, to whom has waited longest;
 * each other one that spins makes that longer by half of @bounce. */
void spin_release(struct cpu *cpu, ktime_t bounce);

/** op_spin_acquire, op_spin_granted, op_spin_release - of a queued spinlock. */
void op_spin_acquire(struct cpu *cpu, const struct op *op);
void op_spin_granted(struct cpu *cpu, const struct op *op);
void op_spin_release(struct cpu *cpu, const struct op *op);

/** op_keep_flags, op_take_flags - the interrupt flag of an irqsave form goes
 * from the frame to the lock, and back. */
void op_keep_flags(struct cpu *cpu, const struct op *op);
void op_take_flags(struct cpu *cpu, const struct op *op);

/** op_spin_lock_bh, op_spin_unlock_bh - bottom halves and preemption at once. */
void op_spin_lock_bh(struct cpu *cpu, const struct op *op);
void op_spin_unlock_bh(struct cpu *cpu, const struct op *op);

/*
 * SPIN_PATHS - the paths of all forms; @acquire may stall, @granted comes when
 * that is over.  Interrupts come back on before preemption, so that a
 * reschedule may happen.  The inner path of irqsave has a frame of its own:
 * the flag is in the outer one's.
 */
#define SPIN_PATHS(name, acquire, granted, release, keep, take)         \
	static const struct op name##_inner[] = {                       \
		SPEND(SPIN_LOCK),                                       \
		DO(acquire),                                            \
		DO(granted),                                            \
		RET,                                                    \
	};                                                              \
	static const struct op name##_lock[] = {                        \
		DO_WITH(op_preempt_disable, #name "_lock"),             \
		SPEND(SPIN_LOCK),                                       \
		DO(acquire),                                            \
		DO(granted),                                            \
		RET,                                                    \
	};                                                              \
	static const struct op name##_unlock[] = {                      \
		SPEND(SPIN_UNLOCK),                                     \
		DO(release),                                            \
		DO_WITH(op_preempt_enable, #name "_unlock"),            \
		RET,                                                    \
	};                                                              \
	static const struct op name##_lock_irq[] = {                    \
		DO(op_local_irq_disable),                               \
		DO_WITH(op_preempt_disable, #name "_lock_irq"),         \
		SPEND(SPIN_LOCK),                                       \
		DO(acquire),                                            \
		DO(granted),                                            \
		RET,                                                    \
	};                                                              \
	static const struct op name##_unlock_irq[] = {                  \
		SPEND(SPIN_UNLOCK),                                     \
		DO(release),                                            \
		DO(op_local_irq_enable),                                \
		DO_WITH(op_preempt_enable, #name "_unlock_irq"),        \
		RET,                                                    \
	};                                                              \
	static const struct op name##_lock_irqsave[] = {                \
		DO(op_local_irq_save),                                  \
		DO_WITH(op_preempt_disable, #name "_lock_irqsave"),     \
		CALL(name##_inner),                                     \
		DO(keep),                                               \
		RET,                                                    \
	};                                                              \
	static const struct op name##_unlock_irqrestore[] = {           \
		DO(take),                                               \
		SPEND(SPIN_UNLOCK),                                     \
		DO(release),                                            \
		DO(op_local_irq_restore),                               \
		DO_WITH(op_preempt_enable, #name "_unlock_irqrestore"), \
		RET,                                                    \
	};                                                              \
	static const struct op name##_lock_bh[] = {                     \
		DO(op_spin_lock_bh),                                    \
		SPEND(SPIN_LOCK),                                       \
		DO(acquire),                                            \
		DO(granted),                                            \
		RET,                                                    \
	};                                                              \
	static const struct op name##_unlock_bh[] = {                   \
		SPEND(SPIN_UNLOCK),                                     \
		DO(release),                                            \
		DO(op_spin_unlock_bh),                                  \
		RET,                                                    \
	}

/* The fields of struct lock_type that these are for. */
#define SPIN_FORMS(name)                                                  \
	{                                                                 \
		[LOCK_PLAIN] = name##_lock, [LOCK_IRQ] = name##_lock_irq, \
		[LOCK_IRQSAVE] = name##_lock_irqsave,                     \
		[LOCK_BH] = name##_lock_bh,                               \
	}
#define SPIN_UNFORMS(name)                                                    \
	{                                                                     \
		[LOCK_PLAIN] = name##_unlock, [LOCK_IRQ] = name##_unlock_irq, \
		[LOCK_IRQSAVE] = name##_unlock_irqrestore,                    \
		[LOCK_BH] = name##_unlock_bh,                                 \
	}

#endif
