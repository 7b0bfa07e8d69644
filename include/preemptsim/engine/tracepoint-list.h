/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the simulated machine tells to whom it may concern.
 *
 * TRACEPOINT(name, "object", "a", "b", "when it is told")
 *
 * The first group carries the names that Linux gives them; the second is our
 * own, for measuring.  No include guard: included once per use with another
 * TRACEPOINT().
 */
TRACEPOINT(sched_switch, "next task", "prev state", "preempt",
	   "in __schedule(), another task takes the CPU")
TRACEPOINT(sched_waking, "task", "target CPU", "0",
	   "a wakeup begins, in the waker's context")
TRACEPOINT(sched_wakeup, "task", "target CPU", "0",
	   "the task is on a run queue")
TRACEPOINT(sched_migrate_task, "task", "from CPU", "to CPU",
	   "the task will run elsewhere")
TRACEPOINT(sched_pi_setprio, "task", "old prio", "new prio",
	   "a priority is lent, or given back")
TRACEPOINT(irq_handler_entry, "device", "line", "raised at",
	   "first instruction of a device's handler")
TRACEPOINT(irq_handler_exit, "device", "line", "0",
	   "last instruction of a device's handler")
TRACEPOINT(local_timer_entry, "", "0", "0", "the CPU's timer interrupt begins")
TRACEPOINT(local_timer_exit, "", "0", "0", "the CPU's timer interrupt ends")
TRACEPOINT(reschedule_entry, "", "0", "0", "a reschedule IPI begins")
TRACEPOINT(reschedule_exit, "", "0", "0", "a reschedule IPI ends")
TRACEPOINT(call_function_single_entry, "", "0", "0",
	   "an IPI that has this CPU do what is on its lists begins")
TRACEPOINT(call_function_single_exit, "", "0", "0", "it ends")
TRACEPOINT(call_function_entry, "", "0", "0",
	   "an IPI that has this CPU run what another calls on all begins")
TRACEPOINT(call_function_exit, "", "0", "0", "it ends")
TRACEPOINT(sched_wake_idle_without_ipi, "", "CPU", "0",
	   "an idle CPU that polls is told to schedule")
TRACEPOINT(softirq_raise, "", "vector", "0", "a softirq becomes pending")
TRACEPOINT(softirq_entry, "", "vector", "0", "a softirq's action begins")
TRACEPOINT(softirq_exit, "", "vector", "0", "a softirq's action ends")
TRACEPOINT(hrtimer_start, "hrtimer", "expires", "0", "a timer is armed")
TRACEPOINT(hrtimer_expire_entry, "hrtimer", "expires", "0",
	   "a timer's function is called")
TRACEPOINT(sys_enter, "name", "0", "0", "a system call begins")
TRACEPOINT(sys_exit, "name", "0", "0", "a system call is back in user mode")
TRACEPOINT(page_fault_user, "", "error code", "0",
	   "a task's own code touches memory that is not there")
TRACEPOINT(page_fault_kernel, "", "error code", "0",
	   "the kernel does, on behalf of a task")
TRACEPOINT(preempt_disable, "why", "0", "0", "preempt_count has left zero")
TRACEPOINT(preempt_enable, "why", "0", "0", "preempt_count goes back to zero")
TRACEPOINT(irq_disable, "", "0", "0", "interrupts are switched off")
TRACEPOINT(irq_enable, "", "0", "0", "interrupts are about to be switched on")
TRACEPOINT(nmi_handler, "device or NULL", "time taken", "0",
	   "last instruction of an NMI's handler")
TRACEPOINT(contention_begin, "lock", "mask of LOCK_...", "0",
	   "the lock is not free: waits")
TRACEPOINT(contention_end, "lock", "0", "0", "the wait for the lock is over")
TRACEPOINT(print, "text", "0", "0", "a mark")
TRACEPOINT(sched_entry, "", "preempt", "0", "__schedule() is entered")
TRACEPOINT(sched_exit, "", "0", "0", "__schedule() is left")
TRACEPOINT(sched_set_state, "task", "state", "0",
	   "current sets its state, or is woken before it sleeps")
TRACEPOINT(sched_set_need_resched, "task", "lazy", "CPU of the task",
	   "the task shall make way")
TRACEPOINT(sched_dl_replenish, "task", "deadline", "runtime",
	   "a deadline task gets a new runtime")
TRACEPOINT(sched_dl_throttle, "task", "0", "0",
	   "it has used it up, and waits for its next period")

TRACEPOINT(task_resume, "task", "event", "0",
	   "first own instruction after an event that the task waited for")
TRACEPOINT(job_start, "task", "release", "0",
	   "first instruction of a job; answers its release as task_resume does")
TRACEPOINT(job_end, "task", "release", "0", "the job is done")
TRACEPOINT(job_skip, "task", "release", "0", "a release is passed over")
TRACEPOINT(job_unfinished, "task", "release", "0",
	   "the run ends, the job's deadline has passed and it has not ended")
TRACEPOINT(irq_handle, "device", "raised at", "0",
	   "first instruction of what a device's handler does, maybe in a "
	   "thread")
TRACEPOINT(queue_wake, "wait queue", "event", "0",
	   "a program begins to wake who waits in a queue")
TRACEPOINT(request_done, "device", "event", "0",
	   "a request to a device is completed")
TRACEPOINT(stream_boundary, "device", "enum stream_outcome", "room since",
	   "an instant at which a device needs something from a task")
TRACEPOINT(lock_acquire, "lock", "waited", "mask of LOCK_...", "a lock is taken")
TRACEPOINT(lock_release, "lock", "held", "LOCK_READ, or 0", "a lock is given back")
TRACEPOINT(preempt_count, "why", "old word", "new word",
	   "preempt_count changes, its need-resched bit included")
TRACEPOINT(hardirqs_on, "", "0", "0",
	   "local_irq_enable() or local_irq_restore() lets interrupts in")
TRACEPOINT(softirqs_on, "", "0", "0", "local_bh_enable() lets softirqs in")
TRACEPOINT(warning, "struct sim_warning", "0", "0",
	   "the simulated kernel complains")
