/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sequence locks: writers exclude each other and never wait for readers; a
 * reader that finds that there was a write meanwhile begins anew.
 * cf. include/linux/seqlock.h v6.12: write_seqlock(), read_seqbegin(),
 * read_seqretry().
 *
 * A reader begins at the end of a write that goes on: it spins, with
 * preemption as it was, and under rt waits for the writers' lock.
 *
 * In the statistics a read is one acquisition, told when it is over: it was
 * contended if it had to wait or to begin anew, for as long as that took, and
 * held during the pass that counted.
 */
#include <config.h>

#include "lock-hold-private.h"
#include "rtmutex-private.h"
#include "spin-private.h"

/*
 * Readers
 */

void op_seq_begin(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = (void *)(uintptr_t)op->a.ptr;

	lock_hold_push(cpu, lock)->begun = cpu->sim->now;
}

/* An interrupt since the look may have lasted to the end of the write. */
static void seq_wait(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct lock_hold *hold = lock_hold_find(cpu, lock_arg(cpu));

	(void)op;
	hold->acct = cpu->acct;
	if (hold->lock->sequence % 2 == 0)
		return;
	hold->task = current_task(kc);
	hold->frame = cpu->top;
	list_add_tail(&hold->link, &hold->lock->readers);
	cpu_account(cpu, ACCT_SPIN | (cpu->acct & ACCT_TASK));
	cpu->top->left = STALLED;
}

static void seq_waited(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_account(cpu, lock_hold_find(cpu, lock_arg(cpu))->acct);
}

static const struct op seq_wait_path[] = {
	DO(seq_wait),
	DO(seq_waited),
	RET,
};

void op_seq_look(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = (void *)(uintptr_t)op->a.ptr;
	struct lock_hold *hold = lock_hold_find(cpu, lock);

	if (lock->sequence % 2) {
		if (!hold->waits)
			cpu_trace(cpu, TP_contention_begin, lock, LOCK_READ, 0);
		hold->waits = true;
		hold->contended = true;
		cpu->top->pc--;
		cpu_push(cpu, lock->type->seq_wait, lock);
		return;
	}
	if (hold->waits)
		lock_wait_over(cpu, lock);
	hold->waits = false;
	hold->sequence = lock->sequence;
	hold->since = cpu->sim->now;
}

void op_seq_end(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = (void *)(uintptr_t)op->b.ptr;
	struct lock_hold *hold = lock_hold_find(cpu, lock);

	if (lock->sequence != hold->sequence) {
		lock->retries++;
		hold->contended = true;
		cpu_round(cpu);
		cpu->top->pc = op->a.path + 1;
		return;
	}
	cpu_trace(cpu, TP_lock_acquire, lock, hold->since - hold->begun,
		  LOCK_READ | (hold->contended ? LOCK_CONTENDED : 0));
	cpu_trace(cpu, TP_lock_release, lock, cpu->sim->now - hold->since,
		  LOCK_READ);
	lock_hold_pop(cpu, hold);
	op_ret(cpu, op);
}

/*
 * Writers
 */

static void write_acquire(struct cpu *cpu, const struct op *op)
{
	op_spin_acquire(cpu, op);
	if (!cpu->top->count)
		lock_arg(cpu)->sequence++;
}

static void write_granted(struct cpu *cpu, const struct op *op)
{
	op_spin_granted(cpu, op);
	if (cpu->top->count)
		lock_arg(cpu)->sequence++;
}

/* Readers look again, all at the same time; where they run now. */
static void let_readers_look(struct cpu *cpu, struct lock *lock)
{
	struct kernel *kernel = to_kcpu(cpu)->kernel;

	while (!list_empty(&lock->readers)) {
		struct lock_hold *hold =
			list_first(&lock->readers, struct lock_hold, link);

		list_del(&hold->link);
		cpu_resume(&kernel->cpus[hold->task->cpu].cpu, hold->frame,
			   cpu->price[COST_SPIN_HANDOFF]);
	}
}

static void write_release(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	if (lock->owner_cpu == to_kcpu(cpu)) {
		lock->sequence++;
		let_readers_look(cpu, lock);
	}
	op_spin_release(cpu, op);
}

SPIN_PATHS(write, write_acquire, write_granted, write_release, op_keep_flags,
	   op_take_flags);

/*
 * Under rt
 */

static void write_begin(struct cpu *cpu, const struct op *op)
{
	(void)op;
	lock_arg(cpu)->sequence++;
}

static void write_end(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	if (lock->owner == current_task(to_kcpu(cpu)))
		lock->sequence++;
}

static const struct op rt_write_lock_path[] = {
	CALL(rtlock_lock_path),
	DO(write_begin),
	RET,
};

static const struct op rt_write_unlock_path[] = {
	DO(write_end),
	CALL(rtlock_unlock_path),
	RET,
};

static const struct op rt_write_lock_bh_path[] = {
	CALL(rtlock_lock_bh_path),
	DO(write_begin),
	RET,
};

static const struct op rt_write_unlock_bh_path[] = {
	DO(write_end),
	CALL(rtlock_unlock_bh_path),
	RET,
};

/* A writer that a reader has preempted would never end: the reader lends it
 * its priority. */
static const struct op rt_seq_wait_path[] = {
	CALL(rtlock_lock_path),
	CALL(rtlock_unlock_path),
	RET,
};

static const struct lock_type rt_seqlock = {
	.name = "seqlock",
	.inherits = true,
	.lock = { [LOCK_PLAIN] = rt_write_lock_path,
		  [LOCK_IRQ] = rt_write_lock_path,
		  [LOCK_IRQSAVE] = rt_write_lock_path,
		  [LOCK_BH] = rt_write_lock_bh_path },
	.unlock = { [LOCK_PLAIN] = rt_write_unlock_path,
		    [LOCK_IRQ] = rt_write_unlock_path,
		    [LOCK_IRQSAVE] = rt_write_unlock_path,
		    [LOCK_BH] = rt_write_unlock_bh_path },
	.seq_wait = rt_seq_wait_path,
};

extern const struct lock_type lock_type_seqlock;

const struct lock_type lock_type_seqlock = {
	.name = "seqlock",
	.help = "a spinlock for writers, who never wait for readers; a reader "
		"begins anew if there was a write meanwhile",
	.rt = &rt_seqlock,
	.lock = SPIN_FORMS(write),
	.unlock = SPIN_UNFORMS(write),
	.seq_wait = seq_wait_path,
};
