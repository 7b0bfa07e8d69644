/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions that events name: TRACE_FUNCTION(name).  No include guard.  The
 * first ones stand for where a CPU's time goes, in the order of enum acct.
 */
TRACE_FUNCTION(exit_to_user_mode)
TRACE_FUNCTION(kernel_mode)
TRACE_FUNCTION(handle_softirqs)
TRACE_FUNCTION(handle_irq)
TRACE_FUNCTION(exc_nmi)
TRACE_FUNCTION(queued_spin_lock_slowpath)
TRACE_FUNCTION(__schedule)
TRACE_FUNCTION(do_idle)
TRACE_FUNCTION(tracing_mark_write)
TRACE_FUNCTION(nmi_cpu_backtrace_handler)
TRACE_FUNCTION(_copy_from_user)
TRACE_FUNCTION(hrtimer_wakeup)
TRACE_FUNCTION(tick_nohz_handler)
TRACE_FUNCTION(hrtick)
TRACE_FUNCTION(dl_task_timer)
TRACE_FUNCTION(inactive_task_timer)
TRACE_FUNCTION(sched_rt_period_timer)
TRACE_FUNCTION(sched_cfs_period_timer)
TRACE_FUNCTION(sched_cfs_slack_timer)
