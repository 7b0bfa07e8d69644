/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of preempt_count's layouts, and words in them.
 */
#include <config.h>

#include "preemptsim/kernel/preempt-layout.h"

#include <glib.h>

#include "preemptsim/kernel/preempt.h"

#define BITS(first, n)                        \
	{                                     \
		.shift = (first), .bits = (n) \
	}

static const struct preempt_layout layouts[] = {
#define PREEMPT_LAYOUT(id, text, ...) \
	{ .name = (id), .help = (text), __VA_ARGS__ },
#include "preempt-layout-list.h"
#undef PREEMPT_LAYOUT
};

/* A layout begins with its name and help, as a choice does. */
const struct choice *preempt_layout_choice(unsigned int i)
{
	_Static_assert(offsetof(struct preempt_layout, name) ==
				       offsetof(struct choice, name) &&
			       offsetof(struct preempt_layout, help) ==
				       offsetof(struct choice, help),
		       "struct preempt_layout begins like struct choice");
	return (const struct choice *)preempt_layout(i);
}

const struct preempt_layout *preempt_layout(unsigned int i)
{
	return i < G_N_ELEMENTS(layouts) ? &layouts[i] : NULL;
}

uint64_t preempt_field_mask(struct preempt_field field)
{
	return ((UINT64_C(1) << field.bits) - 1) << field.shift;
}

/* @value in @field; what is only a bit there says whether there is any. */
static uint64_t put(struct preempt_field field, uint32_t value)
{
	if (field.bits == 1)
		value = value != 0;
	return (uint64_t)value << field.shift & preempt_field_mask(field);
}

uint64_t preempt_layout_word(const struct preempt_layout *layout,
			     uint32_t count)
{
	return put(layout->preempt, (count & PREEMPT_MASK) / PREEMPT_OFFSET) |
	       put(layout->softirq, (count & SOFTIRQ_MASK) / SOFTIRQ_OFFSET) |
	       put(layout->hardirq, (count & HARDIRQ_MASK) / HARDIRQ_OFFSET) |
	       put(layout->nmi, (count & NMI_MASK) / NMI_OFFSET) |
	       put(layout->resched, count & PREEMPT_NEED_RESCHED);
}

int preempt_layout_digits(const struct preempt_layout *layout)
{
	return layout->resched.shift < 32 ? 8 : 16;
}
