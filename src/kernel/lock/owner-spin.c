/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spinning for a lock to sleep for, while its holder runs on another CPU: it may
 * be free before a switch would be over.  cf. kernel/locking/mutex.c v6.12:
 * mutex_spin_on_owner(), and rtmutex.c: rtmutex_spin_on_owner().
 *
 * Who spins stalls, and looks again when something is different: the lock has
 * another holder, the holder has left its CPU, or somebody else shall run here.
 * Each is seen a cache line's way later (spin_handoff), but for what happens on
 * the own CPU.  What is to be done then, the lock's type knows.
 *
 * Left out: that the holder counts as running to the end of the switch away from
 * it also for who comes in between.
 */
#include <config.h>

#include "owner-spin-private.h"

/* cf. owner_on_cpu() */
static struct rq *rq_of_running(const struct task *p)
{
	struct rq *rq = cpu_rq(p->kernel, p->cpu);

	return rq->curr == p ? rq : NULL;
}

bool owner_spin_worth(struct cpu *cpu, const struct lock *lock)
{
	return to_kcpu(cpu)->kernel->features.owner_spin &&
	       !need_resched(cpu) &&
	       (!lock->owner || rq_of_running(lock->owner));
}

bool owner_spins(struct cpu *cpu)
{
	const struct task *curr = current_task(to_kcpu(cpu));

	return curr->spins && curr->spin.frame == cpu->top;
}

void owner_spin_begin(struct cpu *cpu, struct lock *lock)
{
	struct task *curr = current_task(to_kcpu(cpu));

	curr->spins = true;
	curr->spin.lock = lock;
	curr->spin.frame = cpu->top;
	curr->spin.acct = cpu->acct;
	cpu_account(cpu, ACCT_SPIN | (cpu->acct & ACCT_TASK));
}

/* There are a few at most. */
static void look_away(struct task *p)
{
	struct task **link;

	if (!p->spin.on)
		return;
	for (link = &p->spin.on->spun_for; *link != p;
	     link = &(*link)->spin.next)
		;
	*link = p->spin.next;
	rq_update_waiting(p->spin.on);
	p->spin.on = NULL;
}

static void look_at(struct task *p, struct rq *rq)
{
	look_away(p);
	p->spin.on = rq;
	p->spin.next = rq->spun_for;
	rq->spun_for = p;
	rq->waiting = true;
}

void owner_spin_stall(struct cpu *cpu, const struct lock *lock, bool looks)
{
	if (looks)
		look_at(current_task(to_kcpu(cpu)), rq_of_running(lock->owner));
	cpu->top->left = STALLED;
}

/* It may be preempted, or interrupted, and looks when it comes back. */
static void kick_after(struct task *p, ktime_t delay)
{
	struct kcpu *kc = &p->kernel->cpus[p->cpu];

	if (kc != this_cpu(p->kernel))
		delay += kc->cpu.price[COST_SPIN_HANDOFF];
	if (p->spin.frame->left == STALLED)
		cpu_resume(&kc->cpu, p->spin.frame, delay);
}

void owner_spin_kick(struct task *p)
{
	kick_after(p, 0);
}

/* Whoever is first in line now looks at the lock. */
static void leave_queue(struct lock *lock, struct task *p)
{
	bool first = owner_spin_first(lock, p);

	list_del(&p->spin.link);
	if (first && !list_empty(&lock->osq))
		owner_spin_kick(list_first(&lock->osq, struct task, spin.link));
}

void owner_spin_end(struct cpu *cpu)
{
	struct task *curr = current_task(to_kcpu(cpu));
	struct lock *lock = curr->spin.lock;

	look_away(curr);
	leave_queue(lock, curr);
	if (lock->spinner == curr)
		lock->spinner = NULL;
	curr->spins = false;
	cpu_account(cpu, curr->spin.acct);
}

void owner_spin_changed(struct lock *lock, ktime_t delay)
{
	if (unlikely(lock->spinner))
		kick_after(lock->spinner, delay);
	if (unlikely(!list_empty(&lock->osq)))
		kick_after(list_first(&lock->osq, struct task, spin.link),
			   delay);
}

void owner_spin_switched(struct rq *rq)
{
	struct task *p, **link = &rq->spun_for;

	while ((p = *link)) {
		if (p->spin.lock->owner == rq->curr) {
			link = &p->spin.next;
			continue;
		}
		*link = p->spin.next;
		p->spin.on = NULL;
		owner_spin_kick(p);
	}
}
