/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks: lock, unlock, hold, the spin_lock and mutex_lock families.
 */
#include <config.h>

#include "step-private.h"

static struct lock *lock_of(struct compiler *c, const struct step *step)
{
	return &c->workload->locks[step->ref];
}

static void compile_take(struct compiler *c, struct lock *lock,
			 enum lock_mode mode)
{
	if (c->where == IN_USER) {
		compile_call_with(c, lock->type->user_lock, lock);
		return;
	}
	if (lock->type->sleeps)
		compile_might_sleep(c);
	compile_call_with(c, lock->type->lock[mode], lock);
}

static void compile_give(struct compiler *c, struct lock *lock,
			 enum lock_mode mode)
{
	const struct lock_type *type = lock->type;

	compile_call_with(
		c, c->where == IN_USER ? type->user_unlock : type->unlock[mode],
		lock);
}

/* A lock of @type in form @mode, where the step stands. */
static const char *refuse(const struct lock_type *type, unsigned int where,
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

static const char *refuse_plain(const struct lock_type *type,
				unsigned int where)
{
	return refuse(type, where, LOCK_PLAIN);
}

static const char *refuse_spin(const struct lock_type *type, unsigned int where)
{
	return type->sleeps ? "it does not spin; take it with mutex_lock" :
			      refuse(type, where, LOCK_PLAIN);
}

static const char *refuse_irq(const struct lock_type *type, unsigned int where)
{
	return refuse(type, where, LOCK_IRQ);
}

static const char *refuse_irqsave(const struct lock_type *type,
				  unsigned int where)
{
	return refuse(type, where, LOCK_IRQSAVE);
}

static const char *refuse_bh(const struct lock_type *type, unsigned int where)
{
	return refuse(type, where, LOCK_BH);
}

static const char *refuse_mutex(const struct lock_type *type,
				unsigned int where)
{
	return !type->sleeps ? "it spins; take it with spin_lock" :
			       refuse(type, where, LOCK_PLAIN);
}

#define EMIT(name, action, mode)                                             \
	static void emit_##name(struct compiler *c, const struct step *step) \
	{                                                                    \
		action(c, lock_of(c, step), mode);                           \
	}

EMIT(lock, compile_take, LOCK_PLAIN)
EMIT(unlock, compile_give, LOCK_PLAIN)
EMIT(spin_lock_irq, compile_take, LOCK_IRQ)
EMIT(spin_unlock_irq, compile_give, LOCK_IRQ)
EMIT(spin_lock_irqsave, compile_take, LOCK_IRQSAVE)
EMIT(spin_unlock_irqrestore, compile_give, LOCK_IRQSAVE)
EMIT(spin_lock_bh, compile_take, LOCK_BH)
EMIT(spin_unlock_bh, compile_give, LOCK_BH)

static void emit_hold(struct compiler *c, const struct step *step)
{
	compile_take(c, lock_of(c, step), LOCK_PLAIN);
	compile_steps(c, step->body);
	compile_give(c, lock_of(c, step), LOCK_PLAIN);
}

#define LOCK_STEP(id, text, places, emitter, refuser)        \
	extern const struct step_type step_type_##id;        \
	const struct step_type step_type_##id = {            \
		.name = #id,                                 \
		.summary = (text),                           \
		.where = (places),                           \
		.value = VALUE(PARAM_LOCK, ref, "the lock"), \
		.example = #id ": inode",                    \
		.takes_time = step_always,                   \
		.refuse = (refuser),                         \
		.emit = (emitter),                           \
	}

LOCK_STEP(lock, "take a mutex in user mode: a system call if it is contended",
	  IN_USER, emit_lock, refuse_plain);
LOCK_STEP(unlock, "give a mutex back in user mode", IN_USER, emit_unlock,
	  refuse_plain);
LOCK_STEP(spin_lock, "take a spinlock", IN_KERNEL, emit_lock, refuse_spin);
LOCK_STEP(spin_unlock, "give a spinlock back", IN_KERNEL, emit_unlock,
	  refuse_spin);
LOCK_STEP(spin_lock_irq, "interrupts off, then take a spinlock", IN_KERNEL,
	  emit_spin_lock_irq, refuse_irq);
LOCK_STEP(spin_unlock_irq, "give a spinlock back, interrupts on", IN_KERNEL,
	  emit_spin_unlock_irq, refuse_irq);
LOCK_STEP(spin_lock_irqsave, "interrupts off, then take a spinlock", IN_KERNEL,
	  emit_spin_lock_irqsave, refuse_irqsave);
LOCK_STEP(spin_unlock_irqrestore,
	  "give a spinlock back and interrupts as they were", IN_KERNEL,
	  emit_spin_unlock_irqrestore, refuse_irqsave);
LOCK_STEP(spin_lock_bh, "bottom halves off, then take a spinlock",
	  IN_SYSCALL | IN_SOFTIRQ, emit_spin_lock_bh, refuse_bh);
LOCK_STEP(spin_unlock_bh, "give a spinlock back, bottom halves on",
	  IN_SYSCALL | IN_SOFTIRQ, emit_spin_unlock_bh, refuse_bh);
LOCK_STEP(mutex_lock, "take a mutex; blocks while another holds it", IN_SYSCALL,
	  emit_lock, refuse_mutex);
LOCK_STEP(mutex_unlock, "give a mutex back", IN_SYSCALL, emit_unlock,
	  refuse_mutex);

static void emit_cond_resched_lock(struct compiler *c, const struct step *step)
{
	compile_call_with(c, cond_resched_lock_path, lock_of(c, step));
}

LOCK_STEP(cond_resched_lock,
	  "under a spinlock: give it back and take it again, if another task "
	  "should run or, where the kernel is preempted, waits for it",
	  IN_SYSCALL, emit_cond_resched_lock, refuse_spin);

extern const struct step_type step_type_hold;

const struct step_type step_type_hold = {
	.name = "hold",
	.summary = "steps under a lock, which is given back whatever happens",
	.where = IN_ANY,
	.keys =
		(const struct param[]){
			KEY("lock", PARAM_LOCK, ref, "the lock"),
			KEY("do", PARAM_STEPS, body, "what is done under it"),
			{ .name = NULL } },
	.example = "hold: {lock: inode, do: [run: 40us]}",
	.takes_time = step_body_takes_time,
	.refuse = refuse_plain,
	.emit = emit_hold,
};
