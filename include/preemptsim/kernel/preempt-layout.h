/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_PREEMPT_LAYOUT_H
#define PREEMPTSIM_KERNEL_PREEMPT_LAYOUT_H

/*
 * Layouts of preempt_count: which bits of the word say what.
 * cf. include/linux/preempt.h and each architecture's asm/preempt.h.
 *
 * The simulator counts in one layout, that of x86 (preempt.h); a kernel's own
 * is how the word is shown.  It also decides two things: whether the word
 * belongs to a CPU or a task, and whether a need_resched that another CPU has
 * set is seen before its interrupt arrives, which it is where there is no bit
 * that the interrupt would have to fold it into.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/params.h" /* struct choice */

/** struct preempt_field - a field of the word; @bits 0: it has none. */
struct preempt_field {
	uint8_t shift, bits;
};

/**
 * struct preempt_layout - a layout of the word.
 * @name: as in kernel.preempt_count
 * @help: one sentence
 * @preempt: depth of preempt_disable()
 * @softirq: 1 while one is served, 2 for each local_bh_disable()
 * @irqs_off: depth of counted interrupt disabling, which nothing here uses
 * @hardirq: interrupts served, one in the other
 * @nmi: NMIs served; of one bit: whether there is any
 * @resched: need_resched, inverted
 * @per_task: it lies in the task, and a switch exchanges it
 */
struct preempt_layout {
	const char *name;
	const char *help;
	struct preempt_field preempt, softirq, irqs_off, hardirq, nmi, resched;
	bool per_task;
};

/** preempt_layout_choice - the layouts' names. */
const struct choice *preempt_layout_choice(unsigned int i);

/** preempt_layout - the layout behind preempt_layout_choice(@i), or NULL. */
const struct preempt_layout *preempt_layout(unsigned int i);

/** preempt_field_mask - the bits of @field. */
uint64_t preempt_field_mask(struct preempt_field field);

/** preempt_layout_word - what the simulator counts as @count (preempt.h), in
 * @layout. */
uint64_t preempt_layout_word(const struct preempt_layout *layout,
			     uint32_t count);

/** preempt_layout_digits - hexadecimal digits of a word. */
int preempt_layout_digits(const struct preempt_layout *layout);

#endif
