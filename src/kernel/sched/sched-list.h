/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The classes that can serve SCHED_OTHER, the default first.  No include
 * guard: included once per use with another FAIR_CLASS().
 */
FAIR_CLASS(eevdf,
	   "earliest eligible virtual deadline first (Linux 6.6 and later)")
FAIR_CLASS(cfs, "completely fair scheduler (Linux 2.6.23 to 6.5, here 6.1)")
FAIR_CLASS(o1, "the O(1) scheduler (Linux 2.6.7 to 2.6.22)")
FAIR_CLASS(o1_early, "the O(1) scheduler with the slices of 2.6.0")
FAIR_CLASS(edf, "earliest deadline first, for teaching: by the jobs' deadlines")
FAIR_CLASS(rm, "rate monotonic, for teaching: by the tasks' relative deadlines")
FAIR_CLASS(fcfs, "first come, first served, for teaching")
FAIR_CLASS(rr, "round robin, for teaching: a turn is a tick")
FAIR_CLASS(stride, "stride scheduling, for teaching: shares by nice value")
FAIR_CLASS(lottery, "lottery scheduling, for teaching: the same by chance")
