/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The layouts of preempt_count, the default first.  No include guard: included
 * once per use with another PREEMPT_LAYOUT().
 *
 * BITS(shift, n) is a field of n bits from bit shift on; a field that is not
 * there has none.
 */
PREEMPT_LAYOUT("x86",
	       "one word per CPU, bit 31 is need_resched inverted "
	       "(arch/x86, up to v7.2)",
	       .preempt = BITS(0, 8), .softirq = BITS(8, 8),
	       .hardirq = BITS(16, 4), .nmi = BITS(20, 4),
	       .resched = BITS(31, 1))
PREEMPT_LAYOUT("generic",
	       "one word per task, need_resched is looked up in its flags "
	       "(asm-generic)",
	       .preempt = BITS(0, 8), .softirq = BITS(8, 8),
	       .hardirq = BITS(16, 4), .nmi = BITS(20, 4), .per_task = true)
PREEMPT_LAYOUT("arm64",
	       "one word of 64 bits per task, bit 32 is need_resched "
	       "inverted (arch/arm64, up to v7.2)",
	       .preempt = BITS(0, 8), .softirq = BITS(8, 8),
	       .hardirq = BITS(16, 4), .nmi = BITS(20, 4),
	       .resched = BITS(32, 1), .per_task = true)
PREEMPT_LAYOUT("v7.3",
	       "x86 with a count of nested interrupt disabling; one bit says "
	       "NMI, their depth is kept elsewhere (v7.3)",
	       .preempt = BITS(0, 8), .softirq = BITS(8, 8),
	       .irqs_off = BITS(16, 8), .hardirq = BITS(24, 4),
	       .nmi = BITS(28, 1), .resched = BITS(31, 1))
PREEMPT_LAYOUT("v7.3-64",
	       "the same in 64 bits, where the NMI count has room again "
	       "(v7.3, HAS_SEPARATE_PREEMPT_RESCHED_BITS)",
	       .preempt = BITS(0, 8), .softirq = BITS(8, 8),
	       .irqs_off = BITS(16, 8), .hardirq = BITS(24, 4),
	       .nmi = BITS(28, 4), .resched = BITS(63, 1))
