/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reschedule points: where need_resched is looked at, and in which models
 * the task makes way there.  No include guard: included once per use with
 * another RESCHED_POINT().
 *
 * RESCHED_POINT(id, "what", "under which condition", order, request)
 *
 * @order answers for need_resched, @request where only need_resched_lazy is
 * set, each an enum resched_answer of the model m; YES(when) is no otherwise.
 * cf. the comment above __schedule() in kernel/sched/core.c v6.12.
 */
RESCHED_POINT(schedule, "schedule()", "also by blocking, by sched_yield()",
	      YES(true), YES(true))
RESCHED_POINT(syscall_exit, "end of a system call", "on the way to user mode",
	      YES(true), YES(true))
RESCHED_POINT(irq_exit_user, "end of an interrupt, to user mode",
	      "likewise; of a page fault, too", YES(true), YES(true))
RESCHED_POINT(irq_exit_kernel, "end of an interrupt, to the kernel",
	      "of a page fault, too; count 0, interrupts were on",
	      YES(m->kernel), YES(false))
RESCHED_POINT(tick, "the tick",
	      "likewise; of a request of before it makes an order",
	      YES(m->kernel), YES(m->kernel))
RESCHED_POINT(preempt_enable, "preempt_enable()",
	      "count back at 0, interrupts on", YES(m->kernel), YES(false))
RESCHED_POINT(preempt_check_resched, "preempt_check_resched()", "likewise",
	      YES(m->kernel), YES(false))
RESCHED_POINT(spin_unlock, "spin_unlock()",
	      "likewise; a spinlock that sleeps never forbade it",
	      m->sleeping_locks ? RESCHED_NONE : YES(m->kernel),
	      m->sleeping_locks ? RESCHED_NONE : YES(false))
RESCHED_POINT(raw_spin_unlock, "spin_unlock(), raw_spinlock", "likewise",
	      YES(m->kernel), YES(false))
RESCHED_POINT(raw_spin_unlock_irqrestore,
	      "spin_unlock_irqrestore(), raw_spinlock",
	      "likewise; interrupts come on first", YES(m->kernel), YES(false))
RESCHED_POINT(local_bh_enable, "local_bh_enable()",
	      "likewise; softirqs that pend come first", YES(m->kernel),
	      YES(false))
RESCHED_POINT(preempt_enable_no_resched, "preempt_enable_no_resched()",
	      "it says so", YES(false), YES(false))
RESCHED_POINT(local_irq_enable, "local_irq_enable()",
	      "nobody looks: the next of the others does", YES(false),
	      YES(false))
RESCHED_POINT(raise_softirq, "raise_softirq(), queue_work()",
	      "likewise, though a thread may have been woken", YES(false),
	      YES(false))
RESCHED_POINT(cond_resched, "cond_resched()", "count 0, interrupts on",
	      YES(m->cond_resched), YES(false))
RESCHED_POINT(cond_resched_lock, "cond_resched_lock()",
	      "gives the lock back for that, and takes it again",
	      YES(m->cond_resched || m->kernel), YES(false))
RESCHED_POINT(might_sleep, "might_sleep()", "count 0, interrupts on",
	      YES(m->might_sleep), YES(false))
RESCHED_POINT(idle, "the idle loop", "to it every request is an order",
	      YES(true), YES(true))
