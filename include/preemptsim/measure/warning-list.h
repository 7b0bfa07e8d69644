/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can go wrong in the simulated kernel.
 *
 * WARNING_KIND(name, "when it is told")
 *
 * No include guard: included once per use with another WARNING_KIND().
 */
WARNING_KIND(scheduling_while_atomic,
	     "schedule() with preemption disabled or in an interrupt")
WARNING_KIND(sleeping_in_atomic,
	     "a function that may sleep, where that is forbidden; told once a "
	     "second")
WARNING_KIND(blocking_while_not_running,
	     "a function that may sleep, after the task said that it sleeps; "
	     "told once")
WARNING_KIND(preempt_count_imbalance,
	     "a system call, handler, softirq or work leaves another "
	     "preempt_count than it found, or it is nearly full")
WARNING_KIND(bh_enable_irqs_off,
	     "local_bh_enable() in a handler or with interrupts off; told once")
WARNING_KIND(bh_disable_atomic,
	     "under rt, local_bh_disable() in a task that can't be preempted, on "
	     "a CPU where another one has done so; told once")
WARNING_KIND(handler_irqs_on,
	     "an interrupt's handler leaves interrupts on; told once")
WARNING_KIND(call_irqs_off, "a task waits for functions that other CPUs run, "
			    "with interrupts off; told once")
WARNING_KIND(bad_unlock, "a lock is given back by who does not hold it")
WARNING_KIND(lock_held_at_exit,
	     "a system call or page fault returns to user mode, or a work ends, "
	     "with a lock held; told once")
WARNING_KIND(bad_ceiling, "a task takes a lock whose ceiling is below its own "
			  "priority")
WARNING_KIND(race, "shared data is used twice at a time")
WARNING_KIND(lockdep, "locks are used in a way that can lead to a deadlock")
WARNING_KIND(deadlock, "who waits for a lock waits for itself")
WARNING_KIND(soft_lockup,
	     "a CPU has not scheduled for twice kernel.watchdog_thresh")
WARNING_KIND(hard_lockup, "a CPU has not taken its timer interrupt for "
			  "kernel.watchdog_thresh")
WARNING_KIND(hung_task,
	     "a task has slept uninterruptibly for kernel.hung_task_timeout")
WARNING_KIND(rcu_stall, "a CPU has held up RCU for kernel.rcu_stall_timeout")
WARNING_KIND(resched_latency,
	     "a task was to make way for longer than kernel.latency_warn")
