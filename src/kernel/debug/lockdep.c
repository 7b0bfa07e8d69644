/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lockdep: which locks are taken where, and under which others; the rules are
 * in lockdep-wait.c and lockdep-rules.c.  cf. kernel/locking/lockdep.c v6.12:
 * __lock_acquire(), mark_usage(), mark_held_locks().
 *
 * A class is a lock of the scenario.  What has come up before, nearly always
 * all of it, is two lookups: the class's usages and a bit of the matrix.
 *
 * A lock is looked at when its taker begins to wait, or takes it at once; it is
 * on the list of those held from then on that it is held.  (Linux lists it
 * while it is waited for; nothing but interrupts, which have lists of their
 * own, can tell the difference.)
 *
 * Left out: NMIs, as in Linux.
 */
#include <config.h>

#include "lockdep-private.h"

#include "preemptsim/kernel/preempt.h"

/* cf. MAX_LOCKDEP_KEYS: further locks are not looked at. */
#define MAX_CLASSES 8192u

/* Held locks are made so many at a time. */
#define CHUNK 64u

/* cf. lockdep_softirq_enter(): where tasks serve softirqs, they interrupt
 * nobody, and lockdep knows no such context. */
static bool in_softirq_context(const struct kcpu *kc)
{
	return in_serving_softirq(kc) && !kc->kernel->model->threaded_irqs;
}

/* As Linux's task_irq_context(): which chain of dependencies. */
unsigned int lockdep_irq_context(const struct kcpu *kc)
{
	return 2u * (in_hardirq(kc) != 0) + in_softirq_context(kc);
}

/* How what is taken now is used.  @interruptible: it matters whether somebody
 * may interrupt who has it. */
static unsigned int usage_of(const struct kcpu *kc, bool read,
			     bool interruptible)
{
	unsigned int mask = (in_hardirq(kc) ? 1u << IN_HARDIRQ_BIT : 0) |
			    (in_softirq_context(kc) ? 1u << IN_SOFTIRQ_BIT : 0);

	if (interruptible && cpu_irqs_on(&kc->cpu)) {
		mask |= 1u << ON_HARDIRQ_BIT;
		if (!softirq_count(kc))
			mask |= 1u << ON_SOFTIRQ_BIT;
	}
	return mask << (read ? READ_BITS : 0);
}

/* Does a reader go on although a writer waits?  cf. read_lock_is_recursive(). */
static bool is_recursive(const struct kcpu *kc, const struct lock *lock)
{
	return in_interrupt(kc) || lock->type->seq_wait ||
	       kc->kernel->model->sleeping_locks;
}

/* The class of @lock: its number when it was first taken. */
static unsigned int class_of(struct lockdep *lockdep, struct lock *lock)
{
	if (unlikely(!lock->class) && !lock->internal &&
	    lockdep->nr_classes < lockdep->max_classes) {
		lockdep->classes[lockdep->nr_classes].lock = lock;
		lock->class = ++lockdep->nr_classes;
	}
	return lock->class - 1;
}

/* Current is about to take node @to under @held. */
static void depend(struct lockdep *lockdep, struct kcpu *kc,
		   const struct held_lock *held, unsigned int to)
{
	const struct lock_graph *graph = &lockdep->graph;
	unsigned int from = lock_node(held->class, held->read);

	if (unlikely(!graph_bit(graph, graph->known, from, to)))
		lockdep_depend(lockdep, kc, from, to);
}

/* Current is about to take @class: look at what it holds.  What an interrupt
 * finds held below it breaks a rule of usage, which has told so. */
static void check_order(struct lockdep *lockdep, struct kcpu *kc,
			unsigned int class, bool recursive)
{
	const struct held_lock *top = current_task(kc)->held_locks;
	unsigned int context = lockdep_irq_context(kc);

	for (const struct held_lock *held = top; held; held = held->below)
		if (unlikely(held->class == class && held->context == context &&
			     !(recursive && held->read))) {
			depend(lockdep, kc, held, lock_node(class, recursive));
			return;
		}
	if (top && top->context == context && top->class != class)
		depend(lockdep, kc, top, lock_node(class, recursive));
}

/* Is what is taken now a lock of user mode, which lockdep does not have in
 * Linux? */
static bool is_users(const struct kcpu *kc)
{
	return (kc->cpu.acct & (ACCT_TASK - 1)) == ACCT_USER ||
	       current_task(kc)->syscall == futex_name;
}

/* A writer that interrupts a reader under a seqlock does not wait for it.
 * cf. include/linux/seqlock.h: seqcount_lockdep_reader_access(). */
static void check(struct lockdep *lockdep, struct kcpu *kc, unsigned int class,
		  bool read)
{
	const struct lock *lock = lockdep->classes[class].lock;
	bool waits_for_none = read && lock->type->seq_wait;
	unsigned int mask = usage_of(kc, read, !waits_for_none);

	if (!waits_for_none && !is_users(kc))
		lockdep_nest(lockdep, kc, class);
	if (unlikely(mask & ~lockdep->classes[class].seen) &&
	    !lockdep_use(lockdep, kc, class, mask))
		return;
	if (current_task(kc)->held_locks)
		check_order(lockdep, kc, class, read && is_recursive(kc, lock));
}

static void make_held_locks(struct lockdep *lockdep)
{
	struct held_lock *chunk = g_new0(struct held_lock, CHUNK);

	g_ptr_array_add(lockdep->chunks, chunk);
	for (unsigned int i = 0; i < CHUNK; i++) {
		chunk[i].below = lockdep->free;
		lockdep->free = &chunk[i];
	}
}

static void hold(struct lockdep *lockdep, const struct kcpu *kc,
		 const struct lock *lock, bool read)
{
	struct task *curr = current_task(kc);
	struct held_lock *held;

	if (unlikely(!lockdep->free))
		make_held_locks(lockdep);
	held = lockdep->free;
	lockdep->free = held->below;
	held->below = curr->held_locks;
	held->lock = lock;
	held->class = lock->class - 1;
	held->context = lockdep_irq_context(kc);
	held->read = read;
	held->user = is_users(kc);
	curr->held_locks = held;
}

static struct kcpu *kcpu_of(const struct lockdep *lockdep,
			    const struct trace_record *record)
{
	return &lockdep->kernel->cpus[record->cpu];
}

static void on_contention_begin(void *data, const struct trace_record *record)
{
	struct lockdep *lockdep = data;
	struct kcpu *kc = kcpu_of(lockdep, record);
	unsigned int class = class_of(lockdep, (void *)record->object);

	if (class != NO_CLASS && !in_nmi(kc) && !(record->a & LOCK_WILL_SLEEP))
		check(lockdep, kc, class, record->a & LOCK_READ);
}

/* One that was waited for has been looked at then; a read under a seqlock that
 * began anew has not. */
static void on_lock_acquire(void *data, const struct trace_record *record)
{
	struct lockdep *lockdep = data;
	struct kcpu *kc = kcpu_of(lockdep, record);
	const struct lock *lock = record->object;
	unsigned int class = class_of(lockdep, (void *)record->object);

	if (unlikely(class == NO_CLASS || in_nmi(kc)))
		return;
	if (!(record->b & LOCK_CONTENDED) || lock->type->seq_wait)
		check(lockdep, kc, class, record->b & LOCK_READ);
	hold(lockdep, kc, lock, record->b & LOCK_READ);
}

static void on_lock_release(void *data, const struct trace_record *record)
{
	struct lockdep *lockdep = data;
	const struct lock *lock = record->object;
	struct task *curr = current_task(kcpu_of(lockdep, record));
	struct held_lock **link = &curr->held_locks;

	for (; *link; link = &(*link)->below) {
		struct held_lock *held = *link;

		if (held->class != lock->class - 1)
			continue;
		*link = held->below;
		held->below = lockdep->free;
		lockdep->free = held;
		return;
	}
}

static void use_again(struct lockdep *lockdep, struct kcpu *kc,
		      const struct held_lock *held)
{
	const unsigned int on = 1u << ON_HARDIRQ_BIT | 1u << ON_SOFTIRQ_BIT;
	unsigned int mask =
		usage_of(kc, held->read, true) & (on | on << READ_BITS);

	if (mask & ~lockdep->classes[held->class].seen)
		lockdep_use(lockdep, kc, held->class, mask);
}

/* What is held while interrupts or softirqs come back on is used with them on,
 * too.  cf. mark_held_locks(). */
static void on_irqs_on(void *data, const struct trace_record *record)
{
	struct lockdep *lockdep = data;
	struct kcpu *kc = kcpu_of(lockdep, record);
	const struct held_lock *held = current_task(kc)->held_locks;

	if (likely(!held) || in_nmi(kc))
		return;
	for (; held; held = held->below)
		use_again(lockdep, kc, held);
}

/* What @p holds, if lockdep is told: a stretch that is simulated again comes
 * without its listeners, and the list is of another instant then. */
static const struct held_lock *held_by(const struct task *p)
{
	const struct tracer *tracer = &p->kernel->sim->tracer;
	const struct listener *listener = tracer->listeners[TP_lock_release];

	while (listener && listener->told != on_lock_release)
		listener = listener->next;
	return listener ? p->held_locks : NULL;
}

const struct lock *lockdep_spinlock_held(const struct task *p, bool rtlock)
{
	const struct held_lock *held = held_by(p);

	while (held && (held->lock->type->sleeps ||
			(held->lock->type->inherits && !rtlock)))
		held = held->below;
	return held ? held->lock : NULL;
}

static const struct held_lock *next_of_kernel(const struct held_lock *held)
{
	while (held && held->user)
		held = held->below;
	return held;
}

/* Lists all that are held, once, cf. debug_locks_off(). */
static void held_at_exit(struct kcpu *kc, const char *when, const char *what)
{
	const struct task *curr = current_task(kc);
	const struct held_lock *last = next_of_kernel(held_by(curr));
	g_autoptr(GString) names = NULL;

	if (!last || kc->kernel->debug.held_said)
		return;
	kc->kernel->debug.held_said = true;
	names = g_string_new(last->lock->name);
	for (const struct held_lock *held = next_of_kernel(last->below); held;
	     held = next_of_kernel(held->below))
		g_string_append_printf(names, ", %s", held->lock->name);
	kernel_warn(kc, "lock_held_at_exit", last->lock,
		    "lock held when %s: %s-%d leaves %s holding %s", when,
		    curr->comm, curr->pid, what, names->str);
}

/* cf. kernel/locking/lockdep.c v6.12 */
void lockdep_sys_exit(struct kcpu *kc)
{
	held_at_exit(kc, "returning to user space", "the kernel");
}

void lockdep_work_exit(struct kcpu *kc)
{
	held_at_exit(kc, "a work ends", "it");
}

struct lockdep *lockdep_new(struct kernel *kernel, unsigned int nr_locks)
{
	struct lockdep *lockdep = g_new0(struct lockdep, 1);
	struct tracer *tracer = &kernel->sim->tracer;
	unsigned int nr = MIN(nr_locks, MAX_CLASSES);

	lockdep->kernel = kernel;
	lockdep->max_classes = nr;
	lockdep->classes = g_new0(struct lock_class, nr);
	lockdep->chunks = g_ptr_array_new_with_free_func(g_free);
	graph_init(&lockdep->graph, nr);
	make_held_locks(lockdep);
	tracer_listen(tracer, TP_contention_begin, on_contention_begin,
		      lockdep);
	tracer_listen(tracer, TP_lock_acquire, on_lock_acquire, lockdep);
	tracer_listen(tracer, TP_lock_release, on_lock_release, lockdep);
	tracer_listen(tracer, TP_hardirqs_on, on_irqs_on, lockdep);
	tracer_listen(tracer, TP_softirqs_on, on_irqs_on, lockdep);
	return lockdep;
}

void lockdep_free(struct lockdep *lockdep)
{
	if (!lockdep)
		return;
	graph_destroy(&lockdep->graph);
	g_ptr_array_unref(lockdep->chunks);
	g_free(lockdep->classes);
	g_free(lockdep);
}
