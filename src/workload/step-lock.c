/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks: lock, unlock, hold, the spin_lock and mutex_lock families.
 */
#include <config.h>

#include "step-lock-private.h"

#define LOCK_EXAMPLE "inode"

/* hold's mode. */
enum {
	HOLD_WRITE,
	HOLD_READ,
};

struct lock *step_lock(struct compiler *c, const struct step *step)
{
	return &c->workload->locks[step->ref];
}

void compile_lock(struct compiler *c, struct lock *lock, enum lock_mode mode)
{
	if (c->where == IN_USER) {
		compile_call_with(c, lock->type->user_lock, lock);
		return;
	}
	if (lock->type->sleeps)
		compile_might_sleep(c);
	compile_call_with(c, lock->type->lock[mode], lock);
}

void compile_unlock(struct compiler *c, struct lock *lock, enum lock_mode mode)
{
	const struct lock_type *type = lock->type;

	compile_call_with(
		c, c->where == IN_USER ? type->user_unlock : type->unlock[mode],
		lock);
}

const char *lock_refuse(const struct lock_type *type, unsigned int where,
			enum lock_mode mode)
{
	if (where & IN_USER && !type->user_lock)
		return "it cannot be taken in user mode; take a mutex";
	if (where & ~(IN_USER | IN_SYSCALL) && type->sleeps)
		return "waiting for it would block, which a handler or "
		       "softirq cannot do; take a spinlock";
	if (!type->lock[mode])
		return "it has no such form; take a spinlock";
	return NULL;
}

static const char *refuse_sleeping(const struct lock_type *type,
				   unsigned int where, enum lock_mode mode)
{
	return type->sleeps ? "it does not spin; take it with mutex_lock" :
			      lock_refuse(type, where, mode);
}

static const char *refuse_spinning(const struct lock_type *type,
				   unsigned int where, enum lock_mode mode)
{
	return !type->sleeps ? "it spins; take it with spin_lock" :
			       lock_refuse(type, where, mode);
}

LOCK_REFUSE(plain, lock_refuse, LOCK_PLAIN)
LOCK_REFUSE(spin, refuse_sleeping, LOCK_PLAIN)
LOCK_REFUSE(irq, lock_refuse, LOCK_IRQ)
LOCK_REFUSE(irqsave, lock_refuse, LOCK_IRQSAVE)
LOCK_REFUSE(bh, lock_refuse, LOCK_BH)
LOCK_REFUSE(mutex, refuse_spinning, LOCK_PLAIN)

LOCK_EMIT(lock, compile_lock, LOCK_PLAIN)
LOCK_EMIT(unlock, compile_unlock, LOCK_PLAIN)
LOCK_EMIT(spin_lock, compile_lock, LOCK_PLAIN)
LOCK_EMIT(spin_unlock, compile_unlock, LOCK_PLAIN)
LOCK_EMIT(spin_lock_irq, compile_lock, LOCK_IRQ)
LOCK_EMIT(spin_unlock_irq, compile_unlock, LOCK_IRQ)
LOCK_EMIT(spin_lock_irqsave, compile_lock, LOCK_IRQSAVE)
LOCK_EMIT(spin_unlock_irqrestore, compile_unlock, LOCK_IRQSAVE)
LOCK_EMIT(spin_lock_bh, compile_lock, LOCK_BH)
LOCK_EMIT(spin_unlock_bh, compile_unlock, LOCK_BH)
LOCK_EMIT(mutex_lock, compile_lock, LOCK_PLAIN)
LOCK_EMIT(mutex_unlock, compile_unlock, LOCK_PLAIN)

LOCK_STEP(lock, "take a mutex in user mode: a system call if it is contended",
	  IN_USER, refuse_plain);
LOCK_STEP(unlock, "give a mutex back in user mode", IN_USER, refuse_plain);
LOCK_STEP(spin_lock,
	  "take a spinlock of any type, to write if it is one that "
	  "readers share",
	  IN_KERNEL, refuse_spin);
LOCK_STEP(spin_unlock, "give a spinlock back", IN_KERNEL, refuse_spin);
LOCK_STEP(spin_lock_irq, "interrupts off, then take a spinlock", IN_KERNEL,
	  refuse_irq);
LOCK_STEP(spin_unlock_irq, "give a spinlock back, interrupts on", IN_KERNEL,
	  refuse_irq);
LOCK_STEP(spin_lock_irqsave, "interrupts off, then take a spinlock", IN_KERNEL,
	  refuse_irqsave);
LOCK_STEP(spin_unlock_irqrestore,
	  "give a spinlock back and interrupts as they were", IN_KERNEL,
	  refuse_irqsave);
LOCK_STEP(spin_lock_bh, "bottom halves off, then take a spinlock",
	  IN_SYSCALL | IN_SOFTIRQ, refuse_bh);
LOCK_STEP(spin_unlock_bh, "give a spinlock back, bottom halves on",
	  IN_SYSCALL | IN_SOFTIRQ, refuse_bh);
LOCK_STEP(mutex_lock, "take a mutex; blocks while another holds it", IN_SYSCALL,
	  refuse_mutex);
LOCK_STEP(mutex_unlock, "give a mutex back", IN_SYSCALL, refuse_mutex);

static const struct choice *mode_choice(unsigned int i)
{
	static const struct choice choices[] = {
		[HOLD_WRITE] = { "write", "alone" },
		[HOLD_READ] = { "read", "with other readers, if the lock is "
					"of a type that they may share" },
	};

	return i < G_N_ELEMENTS(choices) ? &choices[i] : NULL;
}

static const char *refuse_hold(const struct step *step,
			       const struct lock_type *type, unsigned int where)
{
	if (step->choice == HOLD_READ && type->seq_wait)
		return "its readers do not hold it; use seq_read";
	if (step->choice == HOLD_READ && !type->read_lock[LOCK_PLAIN])
		return "readers cannot share it; take a rwlock";
	return lock_refuse(type, where, LOCK_PLAIN);
}

static void emit_hold(struct compiler *c, const struct step *step)
{
	struct lock *lock = step_lock(c, step);

	if (step->choice == HOLD_READ) {
		compile_call_with(c, lock->type->read_lock[LOCK_PLAIN], lock);
		compile_steps(c, step->body);
		compile_call_with(c, lock->type->read_unlock[LOCK_PLAIN], lock);
		return;
	}
	compile_lock(c, lock, LOCK_PLAIN);
	compile_steps(c, step->body);
	compile_unlock(c, lock, LOCK_PLAIN);
}

static void emit_cond_resched_lock(struct compiler *c, const struct step *step)
{
	compile_call_with(c, cond_resched_lock_path, step_lock(c, step));
}

LOCK_STEP(cond_resched_lock,
	  "under a spinlock: give it back and take it again, if another task "
	  "should run or, where the kernel is preempted, waits for it",
	  IN_SYSCALL, refuse_spin);

extern const struct step_type step_type_hold;

const struct step_type step_type_hold = {
	.name = "hold",
	.summary = "steps under a lock, which is given back whatever happens",
	.where = IN_ANY,
	.keys =
		(const struct param[]){
			KEY("lock", PARAM_LOCK, ref, "the lock"),
			{ .name = "mode",
			  .type = PARAM_CHOICE,
			  .offset = offsetof(struct step, choice),
			  .choices = mode_choice,
			  .def = "write",
			  .help = "alone, or with others" },
			KEY("do", PARAM_STEPS, body, "what is done under it"),
			{ .name = NULL } },
	.example = "hold: {lock: inode, do: [run: 40us]}",
	.takes_time = step_body_takes_time,
	.refuse = refuse_hold,
	.emit = emit_hold,
};
