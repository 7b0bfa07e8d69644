/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The versions, the default first.  No include guard: included once per use
 * with another KERNEL_VERSION().
 */
#define CFS_FEATURES                                                       \
	.gentle_fair_sleepers = true, .start_debit = true,                 \
	.base_slice = true, .last_buddy = true, .wakeup_preemption = true, \
	.sis_util = true
#define EEVDF_FEATURES                                       \
	CFS_FEATURES, .place_lag = true, .run_to_parity = true, \
		.place_deadline_initial = true, .owner_spin = true

KERNEL_VERSION("6.12",
	       "EEVDF with delayed dequeueing and a base slice of 0.7 ms, as "
	       "the stable kernels have it; fair server",
	       .fair = "eevdf", .base_slice_ns = 700000,
	       .tg_load_interval_ns = 1000000, .util_est_single = true,
	       .util_init_exact = true, .util_boost = true,
	       .rto_by_pushable = true, .sm_idle = true, .group_slices = true,
	       .unthrottle_async = true,
	       .features = { EEVDF_FEATURES, .delay_dequeue = true,
			     .delay_zero = true, .preempt_short = true,
			     .place_rel_deadline = true, .pick_buddy = true })
KERNEL_VERSION(
	"6.6",
	"EEVDF as it came: sleepers leave the queue at once, a base slice "
	"of 0.75 ms; real-time tasks are throttled",
	.fair = "eevdf", .base_slice_ns = 750000, .rt_throttling = true,
	.rt_flees_dl = true, .util_boost = true, .unthrottle_async = true,
	.features = { EEVDF_FEATURES })
KERNEL_VERSION("6.1",
	       "CFS; real-time tasks are throttled; if eevdf is asked for, that "
	       "of 6.6",
	       .fair = "cfs", .base_slice_ns = 750000, .rt_throttling = true,
	       .rt_flees_dl = true, .runnable_woken = true,
	       .ksoftirqd_alone = true,
	       .features = { EEVDF_FEATURES })

#undef CFS_FEATURES
#undef EEVDF_FEATURES
