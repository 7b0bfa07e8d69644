/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks that readers share: the read_lock and write_lock families.
 */
#include <config.h>

#include "step-lock-private.h"

#define LOCK_EXAMPLE "tree"

static void compile_read_lock(struct compiler *c, struct lock *lock,
			      enum lock_mode mode)
{
	compile_call_with(c, lock->type->read_lock[mode], lock);
}

static void compile_read_unlock(struct compiler *c, struct lock *lock,
				enum lock_mode mode)
{
	compile_call_with(c, lock->type->read_unlock[mode], lock);
}

static const char *refuse_unshared(const struct lock_type *type,
				   unsigned int where, enum lock_mode mode)
{
	if (!type->read_lock[mode])
		return "readers cannot share it; take a rwlock";
	return lock_refuse(type, where, mode);
}

/* A form: how it takes and gives back, for readers and for writers. */
#define RWLOCK_STEPS(on, off, mode, places, before, after)               \
	LOCK_REFUSE(on, refuse_unshared, mode)                           \
	LOCK_EMIT(read_##on, compile_read_lock, mode)                    \
	LOCK_EMIT(read_##off, compile_read_unlock, mode)                 \
	LOCK_EMIT(write_##on, compile_lock, mode)                        \
	LOCK_EMIT(write_##off, compile_unlock, mode)                     \
	LOCK_STEP(read_##on, before "share a rwlock with other readers", \
		  places, refuse_##on);                                  \
	LOCK_STEP(read_##off, "end sharing a rwlock" after, places,      \
		  refuse_##on);                                          \
	LOCK_STEP(write_##on, before "take a rwlock alone", places,      \
		  refuse_##on);                                          \
	LOCK_STEP(write_##off, "give a rwlock back" after, places, refuse_##on)

RWLOCK_STEPS(lock, unlock, LOCK_PLAIN, IN_KERNEL, "", "");
RWLOCK_STEPS(lock_irq, unlock_irq, LOCK_IRQ, IN_KERNEL, "interrupts off, then ",
	     ", interrupts on");
RWLOCK_STEPS(lock_irqsave, unlock_irqrestore, LOCK_IRQSAVE, IN_KERNEL,
	     "interrupts off, then ", ", interrupts as they were");
RWLOCK_STEPS(lock_bh, unlock_bh, LOCK_BH, IN_SYSCALL | IN_SOFTIRQ,
	     "bottom halves off, then ", ", bottom halves on");
