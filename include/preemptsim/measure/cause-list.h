/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a latency is put down to.
 *
 * BLAME_CAUSE(name, "when")
 *
 * No include guard: included once per use with another BLAME_CAUSE().
 */
BLAME_CAUSE(nmi, "an NMI is served")
BLAME_CAUSE(hardirq, "an interrupt is served")
BLAME_CAUSE(softirq, "a softirq is served")
BLAME_CAUSE(spinlock, "the CPU spins for a lock that another holds")
BLAME_CAUSE(scheduling, "__schedule() and the switch itself")
BLAME_CAUSE(idle_exit, "the CPU leaves its idle state")
BLAME_CAUSE(irqs_off, "interrupts are off")
BLAME_CAUSE(bh_off, "bottom halves are off")
BLAME_CAUSE(preempt_off, "preemption is off")
BLAME_CAUSE(kernel, "kernel code that is not preempted goes on")
BLAME_CAUSE(lazy, "who was asked lazily to make way goes on to the next tick "
		  "or to user mode")
BLAME_CAUSE(ipi, "an interrupt from another CPU is on its way")
BLAME_CAUSE(task, "a task of equal or higher claim runs")
BLAME_CAUSE(thread, "a kernel thread works that the wakeup takes")
BLAME_CAUSE(wakeup, "the waker is about to wake the task")
BLAME_CAUSE(timer_slack, "the timer may expire, but does not have to yet")
BLAME_CAUSE(earlier_job, "the task runs an earlier job of its own")
BLAME_CAUSE(throttled, "the task's group has used its quota up")
BLAME_CAUSE(lock, "the task is blocked by who holds a lock")
BLAME_CAUSE(io, "the task waits for a device")
BLAME_CAUSE(sleep, "the task sleeps, or waits in a queue, of its own accord")
BLAME_CAUSE(execution, "the task itself runs")
