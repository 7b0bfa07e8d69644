/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sequence locks: seq_read, and the write_seqlock family.
 */
#include <config.h>

#include "step-lock-private.h"

#define LOCK_EXAMPLE "clock"

static const char *refuse_others(const struct lock_type *type,
				 unsigned int where, enum lock_mode mode)
{
	if (!type->seq_wait)
		return "it has no sequence; take a seqlock";
	return lock_refuse(type, where, mode);
}

#define SEQLOCK_STEPS(on, off, mode, places, before, after)           \
	LOCK_REFUSE(on, refuse_others, mode)                          \
	LOCK_EMIT(on, compile_lock, mode)                             \
	LOCK_EMIT(off, compile_unlock, mode)                          \
	LOCK_STEP(on, before "begin a write under a seqlock", places, \
		  refuse_##on);                                       \
	LOCK_STEP(off, "end a write under a seqlock" after, places, refuse_##on)

SEQLOCK_STEPS(write_seqlock, write_sequnlock, LOCK_PLAIN, IN_KERNEL, "", "");
SEQLOCK_STEPS(write_seqlock_irq, write_sequnlock_irq, LOCK_IRQ, IN_KERNEL,
	      "interrupts off, then ", ", interrupts on");
SEQLOCK_STEPS(write_seqlock_irqsave, write_sequnlock_irqrestore, LOCK_IRQSAVE,
	      IN_KERNEL, "interrupts off, then ", ", interrupts as they were");
SEQLOCK_STEPS(write_seqlock_bh, write_sequnlock_bh, LOCK_BH,
	      IN_SYSCALL | IN_SOFTIRQ, "bottom halves off, then ",
	      ", bottom halves on");

/* The whole reading is a block, to be done again from what follows its first
 * operation. */
static void emit_seq_read(struct compiler *c, const struct step *step)
{
	struct lock *lock = step_lock(c, step);
	struct op end = { .exec = op_seq_end, .b.ptr = lock };
	GArray *outer = compile_open(c);

	compile_do(c, op_seq_begin, lock);
	compile_do(c, op_seq_look, lock);
	compile_steps(c, step->body);
	compile_call(c, compile_close(c, outer, end, true));
}

extern const struct step_type step_type_seq_read;

const struct step_type step_type_seq_read = {
	.name = "seq_read",
	.summary = "steps that read under a seqlock, done again for as long as "
		   "there was a write meanwhile",
	.where = IN_KERNEL,
	.keys =
		(const struct param[]){
			KEY("lock", PARAM_LOCK, ref, "the lock"),
			KEY("do", PARAM_STEPS, body, "what is read"),
			{ .name = NULL } },
	.example = "seq_read: {lock: clock, do: [run: 100ns]}",
	.takes_time = step_body_takes_time,
	.refuse = refuse_write_seqlock,
	.emit = emit_seq_read,
};
