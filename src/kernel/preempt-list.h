/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The preemption models.  No include guard: included once per use with
 * another PREEMPT_MODEL().
 */
PREEMPT_MODEL(none,
	      "kernel code runs until it blocks, returns to user mode or "
	      "reaches a cond_resched() (CONFIG_PREEMPT off)",
	      .cond_resched = true, .ttwu_queue = true)
PREEMPT_MODEL(voluntary,
	      "none, with each might_sleep() as a further reschedule point",
	      .cond_resched = true, .might_sleep = true, .ttwu_queue = true)
PREEMPT_MODEL(full,
	      "kernel code is preempted wherever preempt_count is 0 and "
	      "interrupts are on (CONFIG_PREEMPT)",
	      .kernel = true, .ttwu_queue = true)
PREEMPT_MODEL(lazy,
	      "full for real-time tasks; SCHED_OTHER waits for user mode or "
	      "the next tick",
	      .kernel = true, .lazy = true, .ttwu_queue = true)
PREEMPT_MODEL(rt,
	      "full, with interrupts handled in threads, softirqs that can be "
	      "preempted, and spinlocks that sleep (CONFIG_PREEMPT_RT)",
	      .kernel = true, .sleeping_locks = true, .threaded_irqs = true)
PREEMPT_MODEL(rt_lazy, "rt, lazy for SCHED_OTHER as in lazy", .kernel = true,
	      .sleeping_locks = true, .threaded_irqs = true, .lazy = true)
