/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events that say the same as others before.
 *
 * Most do: who disables interrupts, which vector is raised, who is switched to.
 * So each is looked for once, for all writers, in the place that its values
 * lead to; a writer keeps there how it wrote the last one.
 */
#include <config.h>

#include "trace-private.h"

#include <string.h>

/* An instant never comes again, and a text's bytes may change where they
 * are. */
static bool repeats(const struct event_desc *desc)
{
	for (const struct event_field *field = desc->field; field->name;
	     field++)
		if (field->type == FIELD_TIME || field->type == FIELD_TEXT)
			return false;
	return true;
}

static bool is_name(enum field_type type)
{
	return type == FIELD_COMM || type == FIELD_STRING;
}

static void set_shape(struct trace_shape *shape, const struct event_desc *desc)
{
	shape->repeats = repeats(desc);
	for (unsigned int i = 0; desc->field[i].name; i++) {
		shape->is_name[i] = is_name(desc->field[i].type);
		shape->nr_fields = i + 1;
	}
}

void trace_known_init(struct trace *trace)
{
	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++)
		if (trace_events[id].name)
			set_shape(&trace->shape[id], &trace_events[id]);
	for (unsigned int i = 0; i < NR_KNOWN; i++)
		trace->known[i].id = NR_TRACEPOINTS;
}

/* The golden ratio's multiples lie far apart. */
static uint64_t spread(uint64_t hash, uint64_t key)
{
	return (hash ^ key) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Where a name is says which it is; the struct about it may get another. */
static uint64_t key_of(const union field_value *value, bool name)
{
	return name ? (uintptr_t)value->name->text : (uint64_t)value->num;
}

void trace_known_find(struct trace *trace, struct trace_event *event)
{
	const struct trace_shape *shape = &trace->shape[event->id];
	struct trace_known *known;
	uint64_t key[MAX_FIELDS], hash = spread(0, event->id);
	bool same;

	if (!shape->repeats)
		return;
	for (unsigned int i = 0; i < shape->nr_fields; i++) {
		key[i] = key_of(&event->value[i], shape->is_name[i]);
		hash = spread(hash, key[i]);
	}
	event->place = (unsigned int)(hash >> (64 - KNOWN_SHIFT));
	known = &trace->known[event->place];
	same = known->id == event->id;
	for (unsigned int i = 0; i < shape->nr_fields; i++)
		same &= known->key[i] == key[i];
	if (unlikely(!same)) {
		known->id = event->id;
		memcpy(known->key, key, shape->nr_fields * sizeof(key[0]));
	}
	event->known = same;
}
