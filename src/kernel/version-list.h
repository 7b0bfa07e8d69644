/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The versions, the default first.  No include guard: included once per use
 * with another KERNEL_VERSION().
 */
KERNEL_VERSION("6.12",
	       "EEVDF with delayed dequeueing and a base slice of 0.7 ms, as "
	       "the stable kernels have it; fair server",
	       .base_slice_ns = 700000, .delay_dequeue = true,
	       .preempt_short = true, .place_rel_deadline = true)
KERNEL_VERSION(
	"6.6",
	"EEVDF as it came: sleepers leave the queue at once, a base slice "
	"of 0.75 ms; real-time tasks are throttled",
	.base_slice_ns = 750000, .rt_throttling = true)
KERNEL_VERSION("6.1",
	       "real-time tasks are throttled; its fair class was cfs, eevdf is "
	       "that of 6.6",
	       .base_slice_ns = 750000, .rt_throttling = true)
