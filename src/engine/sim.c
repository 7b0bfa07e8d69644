/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run loop: take the next event, move the clock to it, let it happen.
 */
#include <config.h>

#include "preemptsim/engine/sim.h"

#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Exit status of a bug in the simulator itself; EX_SOFTWARE of sysexits.h. */
#define EXIT_BUG 70

void sim_init(struct sim *sim, const struct timebase *tb,
	      unsigned int max_sources)
{
	*sim = (struct sim){ .tb = *tb,
			     .run_ahead = true,
			     .max_sources = max_sources };
	evq_init(&sim->evq, max_sources);
	sim->sources = g_new0(struct evsource *, max_sources);
}

void sim_destroy(struct sim *sim)
{
	evq_destroy(&sim->evq);
	tracer_destroy(&sim->tracer);
	g_free(sim->sources);
}

void sim_add_source(struct sim *sim, struct evsource *source,
		    void (*fire)(struct evsource *source))
{
	g_assert(sim->nr_sources < sim->max_sources);
	source->fire = fire;
	source->id = sim->nr_sources++;
	sim->sources[source->id] = source;
}

bool sim_run(struct sim *sim)
{
	while (!sim->stopping) {
		uint64_t next = evq_next_time(&sim->evq);
		unsigned int id;

		if (unlikely(next == UINT64_MAX))
			return true;
		if (unlikely(sim->interrupt && *sim->interrupt))
			return false;
		id = evq_next_source(&sim->evq);
		evq_cancel(&sim->evq, id);
		sim->now = (ktime_t)next;
		sim->events++;
		sim->sources[id]->fire(sim->sources[id]);
	}
	return true;
}

void sim_bug(const struct sim *sim, int cpu, const char *format, ...)
{
	va_list args;

	fputs("preemptsim: BUG", stderr);
	if (sim)
		fprintf(stderr, " at %lld ns",
			(long long)ktime_to_ns(&sim->tb, sim->now));
	if (cpu >= 0)
		fprintf(stderr, " on CPU %d", cpu);
	fputs(": ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("\nThis is a fault of the simulator, not of the scenario.\n",
	      stderr);
	exit(EXIT_BUG);
}

void sim_stuck(const struct sim *sim, unsigned int cpu, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "preemptsim: error: at %lld ns on CPU %u ",
		(long long)ktime_to_ns(&sim->tb, sim->now), cpu);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

void sim_warn(struct sim *sim, unsigned int cpu, const char *kind,
	      const char *format, ...)
{
	g_autofree char *text = NULL;
	struct sim_warning warning = { .kind = kind };
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	warning.text = text;
	sim_trace(sim, TP_warning, cpu, &warning, 0, 0);
}
