/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ticket spinlocks: first come, first served, and all look at one cache line.
 *
 * Giving the lock back takes that line from every spinner, and they fetch it
 * one after the other; whose turn it is comes, on average, behind half of the
 * others.  So a hand-over takes the longer the more there are, as with
 * test-and-set, while those who queue have a line each (lock-spinlock.c).
 *
 * cf. arch/x86/include/asm/spinlock.h v4.1, the last that had them there; for
 * what it costs, S. Boyd-Wickizer et al., Non-scalable locks are dangerous,
 * Linux Symposium 2012.
 */
#include <config.h>

#include "rtmutex-private.h"
#include "spin-private.h"

static void ticket_release(struct cpu *cpu, const struct op *op)
{
	(void)op;
	spin_release(cpu, cpu->price[COST_SPIN_BOUNCE]);
}

SPIN_PATHS(ticket, op_spin_acquire, op_spin_granted, ticket_release,
	   op_keep_flags, op_take_flags);

static const struct lock_type rt_ticket_spinlock = {
	.name = "ticket_spinlock",
	RTLOCK_FORMS,
};

extern const struct lock_type lock_type_ticket_spinlock;

const struct lock_type lock_type_ticket_spinlock = {
	.name = "ticket_spinlock",
	.help = "a spinlock of Linux 2.6.25 to 4.1: first come, first served, "
		"but handed over the more slowly the more CPUs spin; sleeps "
		"under rt as a spinlock does",
	.rt = &rt_ticket_spinlock,
	.lock = SPIN_FORMS(ticket),
	.unlock = SPIN_UNFORMS(ticket),
};
