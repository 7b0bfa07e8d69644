/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What automata hear: the events of Linux's runtime verification models, made
 * of the tracepoints.
 *
 * AUTOMATON_EVENT(name, general, "when it happens, and to which task")
 *
 * An automaton that does not know an event hears the general one in its place:
 * one that speaks of sched_switch_out but not of sched_switch_preempt hears
 * the former when a task is preempted.  A general event comes before its
 * special ones.  No include guard: included once per use with another
 * AUTOMATON_EVENT().
 */
AUTOMATON_EVENT(preempt_disable, NONE, "preempt_count leaves zero")
AUTOMATON_EVENT(preempt_enable, NONE, "preempt_count is back at zero")
AUTOMATON_EVENT(irq_disable, NONE, "interrupts go off")
AUTOMATON_EVENT(irq_enable, NONE, "interrupts come on")
AUTOMATON_EVENT(irq_entry, NONE,
		"an interrupt's handler begins: a device's, the timer's, an "
		"IPI's")
AUTOMATON_EVENT(softirq_entry, NONE, "a softirq's action begins")
AUTOMATON_EVENT(softirq_exit, NONE, "a softirq's action ends")
AUTOMATON_EVENT(sched_waking, NONE, "somebody wakes the task")
AUTOMATON_EVENT(sched_waking_lower_prio, sched_waking,
		"a less urgent task wakes the task")
AUTOMATON_EVENT(sched_waking_softirq, sched_waking, "a softirq wakes the task")
AUTOMATON_EVENT(sched_wakeup, NONE, "the task is runnable again")
AUTOMATON_EVENT(sched_need_resched, NONE, "the task shall make way")
AUTOMATON_EVENT(sched_need_resched_lazy, NONE,
		"the task shall make way in the end")
AUTOMATON_EVENT(schedule_entry, NONE, "__schedule() begins")
AUTOMATON_EVENT(schedule_entry_preempt, schedule_entry,
		"__schedule() begins in order to preempt")
AUTOMATON_EVENT(schedule_exit, NONE, "__schedule() ends")
AUTOMATON_EVENT(sched_switch, NONE,
		"a CPU goes from one task to another; of CPUs only")
AUTOMATON_EVENT(sched_switch_in, NONE, "the task gets the CPU")
AUTOMATON_EVENT(sched_switch_out, NONE, "the task loses the CPU")
AUTOMATON_EVENT(sched_switch_wait, sched_switch_out,
		"the task goes to sleep")
AUTOMATON_EVENT(sched_switch_suspend, sched_switch_wait,
		"the task goes to sleep, as it has said")
AUTOMATON_EVENT(sched_switch_blocking, sched_switch_wait,
		"the task goes to sleep for a lock that spins elsewhere")
AUTOMATON_EVENT(sched_switch_preempt, sched_switch_out,
		"the task is preempted")
AUTOMATON_EVENT(sched_switch_yield, sched_switch_preempt,
		"the task makes way and stays runnable")
AUTOMATON_EVENT(sched_set_state, NONE, "the task sets its state")
AUTOMATON_EVENT(sched_set_state_runnable, sched_set_state,
		"the task says that it does not sleep")
AUTOMATON_EVENT(sched_set_state_sleepable, sched_set_state,
		"the task says that it is about to sleep")
AUTOMATON_EVENT(sched_set_state_sleep_fit, sched_set_state_sleepable,
		"the real-time task says so, interruptibly, in a way that is "
		"fit for one: until an instant, in futex() or epoll_wait()")
AUTOMATON_EVENT(sched_set_state_sleep_unfit, sched_set_state_sleepable,
		"the same in any other way")
AUTOMATON_EVENT(contention_begin_rt, NONE,
		"the task waits for a lock that lends its holder priorities")
AUTOMATON_EVENT(contention_end, NONE, "the task has the lock it waited for")
AUTOMATON_EVENT(page_fault, NONE, "the task touches memory that is not there")
AUTOMATON_EVENT(page_fault_rt, page_fault,
		"the same of a real-time task, or one that was lent such a "
		"priority")
AUTOMATON_EVENT(dl_replenish, NONE, "the deadline task gets a new runtime")
AUTOMATON_EVENT(dl_throttle, NONE,
		"the deadline task has used its runtime up, and has to wait for "
		"its next period")
AUTOMATON_EVENT(signal_deliver, NONE,
		"a signal reaches the task; there are none")
