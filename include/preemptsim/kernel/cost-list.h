/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each primitive of the simulated kernel costs, in nanoseconds.
 *
 * COST(id, key, x86_64, linux_6_1, linux_6_12, "what it pays for")
 *
 * The profile `zero` makes every one of them free.  x86_64 stands for a
 * current 3 GHz core with warm caches: assumed, from published lmbench and
 * osnoise figures.  linux_6_1 and linux_6_12 are calibrated so that the
 * whole paths take what was measured on those kernels (one CPU, an
 * instruction a nanosecond); tests/laws/law-calibration.c checks the
 * totals.
 *
 * No include guard: this list is included once per use with another COST().
 */
COST(SYSCALL_ENTRY, syscall_entry, 60, 190, 187,
     "user mode to the first line of a system call")
COST(SYSCALL_EXIT, syscall_exit, 60, 190, 186,
     "last line of a system call to user mode")
COST(PAGE_FAULT_ENTRY, page_fault_entry, 240, 190, 187,
     "page fault to the first line of its handler (Haswell: 715 cycles); as long "
     "as into a system call where it was not measured")
COST(PAGE_FAULT, page_fault, 600, 1200, 1200,
     "its handler: finding a page and mapping it (1 us for all, the way out is "
     "irq_exit, was measured on Linux 6.6); assumed for linux-6.1 and 6.12")
COST(IRQ_ENTRY, irq_entry, 250, 120, 120,
     "interrupt accepted to the kernel's handler")
COST(IRQ_FROM_USER, irq_from_user, 50, 160, 160,
     "more for that if it interrupted user mode")
COST(IRQ_EXIT, irq_exit, 150, 188, 188,
     "interrupt handled to the interrupted code")
COST(NMI_ENTRY, nmi_entry, 200, 120, 120, "NMI accepted to its handler")
COST(NMI_EXIT, nmi_exit, 150, 188, 188, "NMI handled to the interrupted code")
COST(TIMER_INTERRUPT, timer_interrupt, 150, 110, 110,
     "hrtimer_interrupt() up to the first expired timer")
COST(CLOCKEVENT_PROGRAM, clockevent_program, 100, 309, 309,
     "setting the CPU's timer anew at the end of its interrupt")
COST(HRTIMER_EXPIRE, hrtimer_expire, 60, 70, 70,
     "taking an expired timer off its queue and calling its function")
COST(HRTIMER_START, hrtimer_start, 150, 2000, 2550,
     "clock_nanosleep() up to its sleep: arming the timer")
COST(SLEEP_EXIT, sleep_exit, 50, 350, 374,
     "end of a wait: from schedule() to the system call's last line")
COST(TICK, tick, 1000, 1330, 1533,
     "the periodic tick: time, accounting, timers, RCU")
COST(TICK_FAIR, tick_fair, 200, 380, 390,
     "more for that when it interrupts a task of the fair class")
COST(TICK_SOFTIRQ, tick_softirq, 2000, 3690, 3690,
     "deferred work that one tick in 40 leaves to a softirq, without "
     "kernel.housekeeping")
COST(TIMER_EXPIRE, timer_expire, 60, 100, 100,
     "taking one of the kernel's own timers off the timer wheel")
COST(TIMER_FUNCTION, timer_function, 400, 600, 600,
     "what such a timer's function does")
COST(KERNEL_WORK, kernel_work, 1500, 3600, 3600,
     "what a thread does that such a timer wakes")
COST(WAKEUP, wakeup, 250, 1408, 1403,
     "try_to_wake_up() of one task, with placement and enqueueing")
COST(PIPE_WRITE, pipe_write, 250, 1370, 1320,
     "pipe_write() of a byte, without the wakeup")
COST(PIPE_READ, pipe_read, 250, 1370, 1320,
     "pipe_read() of a byte, without the wait")
COST(SCHEDULE, schedule, 250, 450, 450, "__schedule() up to the decision")
COST(CONTEXT_SWITCH, context_switch, 600, 400, 400,
     "from the decision to the next task's first instruction")
COST(SWITCH_REQUEUE, switch_requeue, 100, 400, 530,
     "more for that if the task that makes way stays runnable")
COST(SWITCH_SLEEP_FAIR, switch_sleep_fair, 0, 243, 930,
     "more for that if the task goes to sleep and is of the fair class: leaving "
     "its queue, and coming back, beyond what a FIFO task takes; not known for "
     "x86-64")
COST(SWITCH_MM, switch_mm, 300, 103, 80,
     "more for that if the address space changes")
COST(MIGRATE_CORE, migrate_core, 0, 0, 0,
     "more for that if the task ran on another core before, of the same cache")
COST(MIGRATE_LLC, migrate_llc, 18600, 0, 0,
     "the same from another cache of the node: 32 KiB, line by line (a load "
     "across cores: 109 cycles)")
COST(MIGRATE_NODE, migrate_node, 49300, 0, 0,
     "the same from another node (a load across sockets: 289 cycles)")
COST(SOFTIRQ_ENTRY, softirq_entry, 60, 100, 100,
     "do_softirq() around its actions")
COST(SOFTIRQ_VECTOR, softirq_vector, 40, 60, 60, "calling one action")
COST(SOFTIRQ_THREAD, softirq_thread, 200, 1000, 800,
     "a turn of ksoftirqd or ktimers under rt, around the softirqs it serves")
COST(DEVICE_IRQ, device_irq, 150, 400, 400,
     "generic interrupt handling around a device's own handler")
COST(IRQ_MASK, irq_mask, 50, 40, 40,
     "masking or unmasking the line of an interrupt that a thread handles")
COST(IPI_SEND, ipi_send, 100, 200, 200, "sending an inter-processor interrupt")
COST(IPI_DELIVERY, ipi_delivery, 500, 500, 500,
     "an inter-processor interrupt on its way")
COST(TTWU_PENDING, ttwu_pending, 80, 300, 300,
     "enqueueing a task whose wakeup was left to its idle CPU")
COST(MONITOR, monitor, 40, 40, 40,
     "a flag that was set to where an idle CPU watches it")
COST(IDLE_ENTRY, idle_entry, 150, 200, 200, "the idle loop up to its halt")
COST(IDLE_EXIT, idle_exit, 700, 273, 290, "leaving the shallowest idle state")
COST(SPIN_LOCK, spin_lock, 8, 20, 20, "taking a free spinlock")
COST(SPIN_UNLOCK, spin_unlock, 6, 15, 15, "giving a spinlock back")
COST(SPIN_HANDOFF, spin_handoff, 60, 60, 60,
     "a spinlock's cache line from one CPU to the next")
COST(SPIN_BOUNCE, spin_bounce, 40, 40, 40,
     "more for that for each further CPU that spins, at a test-and-set lock, and "
     "half of it at a ticket lock (a compare-and-swap across cores: 120 cycles)")
COST(MUTEX_LOCK, mutex_lock, 10, 30, 30, "taking a free mutex")
COST(MUTEX_UNLOCK, mutex_unlock, 10, 25, 25, "giving a mutex back")
COST(RTMUTEX_SLOW, rtmutex_slow, 0, 1600, 1600,
     "beginning to wait for a lock that lends priorities, and as much once more "
     "for giving it to who waits; not known for x86-64")
COST(PI_BOOST, pi_boost, 100, 450, 450,
     "rt_mutex_setprio(): lending a task another priority, or ending that; "
     "assumed, about a third of a wakeup")
COST(LOAD_BALANCE, load_balance, 500, 500, 500,
     "a look for a busier CPU in one scheduling domain, by a tick or by a CPU that "
     "goes idle; assumed, two of __schedule()")
COST(COND_RESCHED, cond_resched, 2, 5, 5, "a cond_resched() or might_sleep()")
COST(YIELD, yield, 100, 246, 246, "sched_yield() beside its system call")
COST(IO_SUBMIT, io_submit, 500, 1500, 1500, "handing a request to a device")
