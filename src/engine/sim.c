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

static void init(struct sim *sim, const struct timebase *tb,
		 unsigned int max_sources)
{
	*sim = (struct sim){ .tb = *tb,
			     .run_ahead = true,
			     .max_sources = max_sources };
}

void sim_init(struct sim *sim, const struct timebase *tb,
	      unsigned int max_sources)
{
	init(sim, tb, max_sources);
	evq_init(&sim->evq, &sim->state, max_sources);
	sim->room[SOURCE_COLD] = max_sources;
	sim->sources = arena_new(&sim->state, struct evsource *, max_sources);
}

void sim_init_tiers(struct sim *sim, const struct timebase *tb,
		    unsigned int nr_hot, unsigned int max_sources)
{
	unsigned int ids;

	init(sim, tb, max_sources);
	sim->room[SOURCE_HOT] = nr_hot;
	sim->room[SOURCE_WARM] = nr_hot;
	sim->room[SOURCE_COLD] = max_sources - 2 * nr_hot;
	ids = evq_init_tiers(&sim->evq, &sim->state, sim->room, sim->next_id);
	sim->sources = arena_new(&sim->state, struct evsource *, ids);
}

void sim_destroy(struct sim *sim)
{
	tracer_destroy(&sim->tracer);
	arena_destroy(&sim->state);
}

void sim_add_source_to(struct sim *sim, enum source_tier tier,
		       struct evsource *source,
		       void (*fire)(struct evsource *source))
{
	if (!sim->room[tier])
		tier = SOURCE_COLD;
	g_assert(sim->room[tier] > 0);
	sim->room[tier]--;
	sim->nr_sources++;
	source->fire = fire;
	source->id = sim->next_id[tier]++;
	sim->sources[source->id] = source;
}

void sim_add_source(struct sim *sim, struct evsource *source,
		    void (*fire)(struct evsource *source))
{
	sim_add_source_to(sim, SOURCE_COLD, source, fire);
}

/* The next event, which is at @next, happens. */
static inline void take_event(struct sim *sim, uint64_t next)
{
	unsigned int id = evq_next_source(&sim->evq);
	struct evsource *source = sim->sources[id];

	evq_cancel(&sim->evq, id);
	sim->now = (ktime_t)next;
	sim->events++;
	source->fire(source);
}

/* Not inline where setjmp() is called, which keeps nothing in registers. */
__attribute__((noinline)) bool sim_run(struct sim *sim)
{
	while (!sim->stopping) {
		uint64_t next = evq_next_time(&sim->evq);

		if (unlikely(next == UINT64_MAX))
			return true;
		if (unlikely(sim->interrupt && atomic_load(sim->interrupt)))
			return false;
		take_event(sim, next);
	}
	return true;
}

bool sim_walk(struct sim *sim, void (*passes)(void *data, ktime_t until),
	      void *data)
{
	bool run_ahead = sim->run_ahead;
	bool whole = true;

	sim->run_ahead = false;
	sim->passes = passes;
	sim->passes_data = data;
	while (whole && !sim->stopping) {
		uint64_t next = evq_next_time(&sim->evq);

		if (next == UINT64_MAX)
			break;
		if ((ktime_t)next > sim->now)
			passes(data, (ktime_t)next);
		take_event(sim, next);
		whole = !sim->interrupt || !atomic_load(sim->interrupt);
	}
	sim->run_ahead = run_ahead;
	sim->passes = NULL;
	return whole;
}

bool sim_tell_passes(const struct sim *sim, ktime_t until)
{
	if (!sim->passes)
		return false;
	if (until > sim->now)
		sim->passes(sim->passes_data, until);
	return true;
}

void sim_save(const struct sim *sim, struct sim_image *image)
{
	arena_save(&sim->state, &image->state);
	image->now = sim->now;
	image->evq = sim->evq;
	image->events = sim->events;
	image->stopping = sim->stopping;
}

void sim_load(struct sim *sim, const struct sim_image *image)
{
	arena_load(&sim->state, &image->state);
	sim->now = image->now;
	sim->evq = image->evq;
	sim->events = image->events;
	sim->stopping = image->stopping;
}

void sim_image_destroy(struct sim_image *image)
{
	arena_image_destroy(&image->state);
}

/* "at 17 ns on CPU 0", as far as it is known. */
static void append_place(GString *text, const struct sim *sim, int cpu)
{
	if (sim)
		g_string_append_printf(text, " at %" G_GINT64_FORMAT " ns",
				       ktime_to_ns(&sim->tb, sim->now));
	if (cpu >= 0)
		g_string_append_printf(text, " on CPU %d", cpu);
}

/* Leave @text, which is taken over, to who wants to live on; or return. */
static void leave_by_rescue(const struct sim *sim, GString *text, bool bug)
{
	if (!sim || !sim->rescue)
		return;
	sim->rescue->text = g_string_free(text, FALSE);
	sim->rescue->bug = bug;
	longjmp(sim->rescue->env, 1);
}

void sim_bug(const struct sim *sim, int cpu, const char *format, ...)
{
	GString *text = g_string_new("BUG");
	va_list args;

	append_place(text, sim, cpu);
	g_string_append(text, ": ");
	va_start(args, format);
	g_string_append_vprintf(text, format, args);
	va_end(args);
	leave_by_rescue(sim, text, true);
	fprintf(stderr,
		"preemptsim: %s\n"
		"This is a fault of the simulator, not of the scenario.\n",
		text->str);
	exit(EXIT_BUG);
}

/* Room for what a CPU is doing; longer names are cut. */
#define WHO_MAX 512

void sim_stuck(const struct sim *sim, unsigned int cpu, const char *format, ...)
{
	GString *text = g_string_new("error:");
	char who[WHO_MAX];
	va_list args;

	append_place(text, sim, (int)cpu);
	if (sim->describe) {
		sim->describe(sim->describe_data, cpu, who, sizeof(who));
		g_string_append_printf(text, ", %s", who);
	}
	g_string_append(text, ": ");
	va_start(args, format);
	g_string_append_vprintf(text, format, args);
	va_end(args);
	leave_by_rescue(sim, text, false);
	fprintf(stderr, "preemptsim: %s\n", text->str);
	exit(EXIT_FAILURE);
}

void sim_tell(const struct sim *sim, enum tracepoint id, unsigned int cpu,
	      const void *object, int64_t a, int64_t b)
{
	const struct listener *listener = sim->tracer.listeners[id];
	const struct trace_record record = {
		.when = sim->now,
		.id = id,
		.cpu = cpu,
		.object = object,
		.a = a,
		.b = b,
	};

	for (; listener; listener = listener->next)
		listener->told(listener->data, &record);
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
