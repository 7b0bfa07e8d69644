/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of what can be watched.
 */
#include <config.h>

#include "preemptsim/report/debug.h"

#include <glib.h>

#define DEBUG_TOPIC(id) extern const struct debug_topic debug_##id;
#include "debug-list.h"
#undef DEBUG_TOPIC

const struct debug_topic *debug_topic(unsigned int i)
{
	static const struct debug_topic *const topics[] = {
#define DEBUG_TOPIC(id) &debug_##id,
#include "debug-list.h"
#undef DEBUG_TOPIC
	};

	return i < G_N_ELEMENTS(topics) ? topics[i] : NULL;
}

void debug_watch(void *data, struct kernel *kernel)
{
	struct debug *debug = data;

	debug->kernel = kernel;
	debug->topic->listen(debug);
}
