/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own timers on its timer wheel, as a machine without devices and
 * without anything to do has them.
 *
 * HOUSEKEEPING(name, period, first, from, does, thread)
 *
 * period, first: in ms, how often, and when it is due for the first time.  from:
 * what a period counts from, when it was DUE or when it was DONE with.  does: run
 * a FUNCTION in the softirq, queue a WORK for the CPU's worker, or wake a THREAD
 * of its own; that one's name (a work of no CPU has a worker of no CPU).
 *
 * Periods are those of Linux 6.1: net/ipv4/tcp.c (TCP_ORPHAN_TIMER_PERIOD),
 * kernel/time/clocksource.c (WATCHDOG_INTERVAL), mm/compaction.c
 * (HPAGE_FRAG_CHECK_INTERVAL_MSEC), mm/vmstat.c (sysctl_stat_interval),
 * mm/memcontrol.c (FLUSH_TIME), kernel/sched/psi.c (PSI_FREQ), lib/vsprintf.c
 * (fill_ptr_key(), until there is entropy), net/core/neighbour.c
 * (DELAY_PROBE_TIME).  When they are due first hangs on how long booting took:
 * that is from a boot of Debian's 6.1.192, as its tracepoints timer_expire_entry
 * and workqueue_execute_start told it, but for tcp_orphan_update, which meets
 * others in the first three seconds, as it did when latencies were measured.
 *
 * No include guard: this list is included once per use with another
 * HOUSEKEEPING().
 */
HOUSEKEEPING(tcp_orphan_update, 100, 76, DONE, FUNCTION, NULL)
HOUSEKEEPING(clocksource_watchdog, 500, 96, DUE, FUNCTION, NULL)
HOUSEKEEPING(kcompactd, 500, 28, DONE, THREAD, "kcompactd0")
HOUSEKEEPING(vmstat_shepherd, 1000, 888, DUE, WORK, NULL)
HOUSEKEEPING(psi_avgs_work, 2000, 1520, DONE, WORK, NULL)
HOUSEKEEPING(fill_ptr_key, 2000, 1520, DONE, THREAD, "kworker/u:0")
HOUSEKEEPING(flush_memcg_stats, 2000, 1392, DONE, THREAD, "kworker/u:1")
HOUSEKEEPING(neigh_managed_work, 5000, 660, DONE, WORK, NULL)
