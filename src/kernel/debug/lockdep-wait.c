/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which kinds of locks stand inside which: who holds a raw_spinlock, or is a
 * handler that is never a thread, waits for nothing that sleeps under rt; who
 * holds a spinlock, or serves a softirq, for nothing that always sleeps.  So it
 * shows in any model what is wrong in another one.
 *
 * cf. kernel/locking/lockdep.c v6.12: check_wait_context(), task_wait_context(),
 * with CONFIG_PROVE_RAW_LOCK_NESTING.
 */
#include <config.h>

#include "lockdep-private.h"

#include "preemptsim/kernel/entry.h"
#include "preemptsim/kernel/preempt.h"

/* How long it may take to get a lock, or whoever holds one may have to wait.
 * cf. enum lockdep_wait_type. */
enum wait_type {
	WAIT_SPIN,   /* LD_WAIT_SPIN: as long as others spin */
	WAIT_CONFIG, /* under rt, while others sleep */
	WAIT_SLEEP,  /* while others sleep */
	WAIT_MAX
};

/* A kind of lock that spins in every model has no other one under rt. */
static enum wait_type wait_type(const struct lock *lock)
{
	const struct lock_type *type = lock->type;

	if (type->sleeps)
		return WAIT_SLEEP;
	return type->rt || type->inherits ? WAIT_CONFIG : WAIT_SPIN;
}

/* Would some kernel have the handler that runs on @kc in a thread?  Those of
 * interrupts between CPUs not.  cf. __handle_irq_event_percpu():
 * lockdep_hardirq_threaded(). */
static bool may_be_threaded(const struct kcpu *kc)
{
	const struct frame *frame = kc->cpu.top;
	const struct device_irq *irq;

	for (; frame > current_task(kc)->stack; frame--) {
		irq = irq_frame_device(frame);
		if (irq || irq_frame_name(frame))
			return irq && !irq->no_thread;
	}
	return false;
}

/* What @kc can wait for where it holds nothing. */
static enum wait_type context_wait_type(const struct kcpu *kc,
					unsigned int context)
{
	if (in_hardirq(kc))
		return may_be_threaded(kc) ? WAIT_CONFIG : WAIT_SPIN;
	return context ? WAIT_CONFIG : WAIT_MAX;
}

/* "under R, a raw_spinlock", "in interrupt card, which is never a thread" */
static void append_outer(GString *text, const struct kcpu *kc,
			 const struct lock *outer)
{
	char context[PLACE_MAX];

	if (outer) {
		g_string_append_printf(text, "under %s, a %s", outer->name,
				       outer->type->name);
		return;
	}
	g_string_append_printf(text, "in %s",
			       describe_context(kc, context, sizeof(context)));
	if (in_hardirq(kc) && !may_be_threaded(kc))
		g_string_append(text, ", which is never a thread");
}

static void tell(const struct lockdep *lockdep, struct kcpu *kc,
		 unsigned int class, const struct lock *outer)
{
	const struct lock *lock = lockdep->classes[class].lock;
	const struct task *curr = current_task(kc);
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_append_printf(
		text, "invalid wait context: %s-%d takes %s, a %s, ",
		curr->comm, curr->pid, lock->name, lock->type->name);
	append_outer(text, kc, outer);
	kernel_warn(kc, "lockdep", lock, "%s", text->str);
}

/* Once each: under a lock or not, and what that, or the place, can wait for. */
static bool is_new(struct lock_class *class, const struct lock *outer,
		   enum wait_type inner)
{
	uint8_t bit = (uint8_t)(1u << (2 * inner + (outer != NULL)));
	bool new = !(class->misplaced & bit);

	class->misplaced |= bit;
	return new;
}

void lockdep_nest(struct lockdep *lockdep, struct kcpu *kc, unsigned int class)
{
	struct lock_class *one = &lockdep->classes[class];
	unsigned int context = lockdep_irq_context(kc);
	enum wait_type inner = context_wait_type(kc, context);
	const struct lock *outer = NULL;
	const struct held_lock *held = current_task(kc)->held_locks;

	for (; held && held->context == context; held = held->below)
		if (wait_type(held->lock) < inner) {
			outer = held->lock;
			inner = wait_type(outer);
		}
	if (unlikely(wait_type(one->lock) > inner) && is_new(one, outer, inner))
		tell(lockdep, kc, class, outer);
}
