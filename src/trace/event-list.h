/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The events of traces.
 *
 * EVENT(tracepoint, system, proto, fill, FIELD()...)
 * FIELD(type, name, before, names, proto)
 *
 * Fields and texts are those of Linux 6.12; where Linux prints an address that
 * says little, its text is KEY=VALUE here, too.  A field behind Linux's own
 * tells a name.  Numbers are those of Perfetto's protos/perfetto/trace/ftrace;
 * 0 if there is no message for it that every version of Perfetto has; that of
 * the trace describes itself then.  No include guard.
 */
EVENT(sched_switch, sched, 4, fill_switch,
      FIELD(COMM, prev_comm, "prev_comm=", NULL, 1),
      FIELD(INT, prev_pid, " prev_pid=", NULL, 2),
      FIELD(INT, prev_prio, " prev_prio=", NULL, 3),
      FIELD(STATE, prev_state, " prev_state=", states, 4),
      FIELD(COMM, next_comm, " ==> next_comm=", NULL, 5),
      FIELD(INT, next_pid, " next_pid=", NULL, 6),
      FIELD(INT, next_prio, " next_prio=", NULL, 7))
EVENT(sched_waking, sched, 20, fill_wakeup, FIELD(COMM, comm, "comm=", NULL, 1),
      FIELD(INT, pid, " pid=", NULL, 2), FIELD(INT, prio, " prio=", NULL, 3),
      FIELD(CPU, target_cpu, " target_cpu=", NULL, 5))
EVENT(sched_wakeup, sched, 17, fill_wakeup, FIELD(COMM, comm, "comm=", NULL, 1),
      FIELD(INT, pid, " pid=", NULL, 2), FIELD(INT, prio, " prio=", NULL, 3),
      FIELD(CPU, target_cpu, " target_cpu=", NULL, 5))
EVENT(sched_migrate_task, sched, 0, fill_migrate,
      FIELD(COMM, comm, "comm=", NULL, 0), FIELD(INT, pid, " pid=", NULL, 0),
      FIELD(INT, prio, " prio=", NULL, 0),
      FIELD(INT, orig_cpu, " orig_cpu=", NULL, 0),
      FIELD(INT, dest_cpu, " dest_cpu=", NULL, 0))
EVENT(sched_pi_setprio, sched, 0, fill_pi_setprio,
      FIELD(COMM, comm, "comm=", NULL, 0), FIELD(INT, pid, " pid=", NULL, 0),
      FIELD(INT, oldprio, " oldprio=", NULL, 0),
      FIELD(INT, newprio, " newprio=", NULL, 0))
EVENT(sched_wake_idle_without_ipi, sched, 0, fill_a,
      FIELD(INT, cpu, "cpu=", NULL, 0))
EVENT(irq_handler_entry, irq, 36, fill_irq_entry,
      FIELD(INT, irq, "irq=", NULL, 1), FIELD(STRING, name, " name=", NULL, 2))
EVENT(irq_handler_exit, irq, 37, fill_irq_exit,
      FIELD(INT, irq, "irq=", NULL, 1),
      FIELD(NAMED, ret, " ret=", irq_returns, 2))
EVENT(local_timer_entry, irq_vectors, 0, fill_local_timer,
      FIELD(INT, vector, "vector=", NULL, 0))
EVENT(local_timer_exit, irq_vectors, 0, fill_local_timer,
      FIELD(INT, vector, "vector=", NULL, 0))
EVENT(reschedule_entry, irq_vectors, 0, fill_reschedule,
      FIELD(INT, vector, "vector=", NULL, 0))
EVENT(reschedule_exit, irq_vectors, 0, fill_reschedule,
      FIELD(INT, vector, "vector=", NULL, 0))
EVENT(call_function_single_entry, irq_vectors, 0,
      fill_call_function_single,
      FIELD(INT, vector, "vector=", NULL, 0))
EVENT(call_function_single_exit, irq_vectors, 0,
      fill_call_function_single,
      FIELD(INT, vector, "vector=", NULL, 0))
EVENT(call_function_entry, irq_vectors, 0, fill_call_function,
      FIELD(INT, vector, "vector=", NULL, 0))
EVENT(call_function_exit, irq_vectors, 0, fill_call_function,
      FIELD(INT, vector, "vector=", NULL, 0))
EVENT(softirq_raise, irq, 26, fill_softirq,
      FIELD(VECTOR, vec, "vec=", softirqs, 1))
EVENT(softirq_entry, irq, 24, fill_softirq,
      FIELD(VECTOR, vec, "vec=", softirqs, 1))
EVENT(softirq_exit, irq, 25, fill_softirq,
      FIELD(VECTOR, vec, "vec=", softirqs, 1))
EVENT(hrtimer_start, timer, 0, fill_hrtimer_start,
      FIELD(ADDRESS, hrtimer, "hrtimer=", NULL, 0),
      FIELD(FUNCTION, function, " function=", NULL, 0),
      FIELD(TIME, expires, " expires=", NULL, 0),
      FIELD(TIME, softexpires, " softexpires=", NULL, 0),
      FIELD(NAMED, mode, " mode=", hrtimer_modes, 0))
EVENT(hrtimer_expire_entry, timer, 0, fill_hrtimer_expire,
      FIELD(ADDRESS, hrtimer, "hrtimer=", NULL, 0),
      FIELD(FUNCTION, function, " function=", NULL, 0),
      FIELD(TIME, now, " now=", NULL, 0))
EVENT(sys_enter, raw_syscalls, 329, fill_syscall,
      FIELD(LONG, id, "id=", NULL, 1), FIELD(STRING, name, " name=", NULL, 0))
EVENT(sys_exit, raw_syscalls, 330, fill_sys_exit,
      FIELD(LONG, id, "id=", NULL, 1), FIELD(LONG, ret, " ret=", NULL, 2),
      FIELD(STRING, name, " name=", NULL, 0))
EVENT(page_fault_user, exceptions, 0, fill_page_fault_user,
      FIELD(HEX, address, "address=", NULL, 0),
      FIELD(HEX, ip, " ip=", NULL, 0),
      FIELD(HEX, error_code, " error_code=", NULL, 0))
EVENT(page_fault_kernel, exceptions, 0, fill_page_fault_kernel,
      FIELD(HEX, address, "address=", NULL, 0),
      FIELD(FUNCTION, ip, " ip=", NULL, 0),
      FIELD(HEX, error_code, " error_code=", NULL, 0))
EVENT(preempt_disable, preemptirq, 0, fill_preempt_caller,
      FIELD(CALLER, caller_offs, "caller=", NULL, 0),
      FIELD(CALLER, parent_offs, " parent=", NULL, 0))
EVENT(preempt_enable, preemptirq, 0, fill_preempt_caller,
      FIELD(CALLER, caller_offs, "caller=", NULL, 0),
      FIELD(CALLER, parent_offs, " parent=", NULL, 0))
EVENT(irq_disable, preemptirq, 0, fill_irq_caller,
      FIELD(CALLER, caller_offs, "caller=", NULL, 0),
      FIELD(CALLER, parent_offs, " parent=", NULL, 0))
EVENT(irq_enable, preemptirq, 0, fill_irq_caller,
      FIELD(CALLER, caller_offs, "caller=", NULL, 0),
      FIELD(CALLER, parent_offs, " parent=", NULL, 0))
EVENT(nmi_handler, nmi, 0, fill_nmi,
      FIELD(FUNCTION, handler, "handler=", NULL, 0),
      FIELD(TIME, delta_ns, " delta_ns=", NULL, 0),
      FIELD(INT, handled, " handled=", NULL, 0))
EVENT(contention_begin, lock, 0, fill_contention_begin,
      FIELD(ADDRESS, lock_addr, "lock_addr=", NULL, 0),
      FIELD(FLAGS, flags, " flags=", contention_flags, 0),
      FIELD(STRING, name, " name=", NULL, 0))
EVENT(contention_end, lock, 0, fill_contention_end,
      FIELD(ADDRESS, lock_addr, "lock_addr=", NULL, 0),
      FIELD(INT, ret, " ret=", NULL, 0), FIELD(STRING, name, " name=", NULL, 0))
EVENT(print, ftrace, 3, fill_print, FIELD(FUNCTION, ip, NULL, NULL, 1),
      FIELD(TEXT, buf, "", NULL, 2))
EVENT(sched_entry, sched, 0, fill_a, FIELD(INT, preempt, "preempt=", NULL, 0))
EVENT(sched_exit, sched, 0, fill_nothing, FIELD_NONE)
EVENT(sched_set_state, sched, 0, fill_set_state,
      FIELD(COMM, comm, "comm=", NULL, 0), FIELD(INT, pid, " pid=", NULL, 0),
      FIELD(STATE, state, " state=", states, 0))
EVENT(sched_set_need_resched, sched, 0, fill_need_resched,
      FIELD(COMM, comm, "comm=", NULL, 0), FIELD(INT, pid, " pid=", NULL, 0),
      FIELD(INT, cpu, " cpu=", NULL, 0), FIELD(NAMED, tif, " tif=", tifs, 0))
