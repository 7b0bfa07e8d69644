/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Perfetto's trace: tracks for what ftrace has no slices for, stretches without
 * preemption or interrupts, and marks.
 */
#include <config.h>

#include "pf-private.h"

/* Tracks: all stretches, the marks, then two of each CPU. */
#define TRACK_STRETCHES 1u
#define TRACK_MARKS 2u
#define TRACK_FIRST_CPU 16u

static const char *const stretch_names[NR_STRETCHES] = {
	[STRETCH_PREEMPT_OFF] = "preempt off",
	[STRETCH_IRQS_OFF] = "irqs off",
};

static unsigned int track_of(unsigned int cpu, unsigned int stretch)
{
	return TRACK_FIRST_CPU + cpu * NR_STRETCHES + stretch;
}

/* TrackEvent.type */
enum slice_type {
	TYPE_SLICE_BEGIN = 1,
	TYPE_SLICE_END,
	TYPE_INSTANT
};

/* TracePacket.sequence_flags: what has been numbered before counts no more; it
 * counts here. */
#define SEQ_INCREMENTAL_STATE_CLEARED 1
#define SEQ_NEEDS_INCREMENTAL_STATE 2

/* TracePacket: from which writer, and a TrackEvent; the name of a slice that
 * begins is the one that write_names() gives that number. */
static void prepare_slice(struct encoded *slice, unsigned int cpu,
			  enum stretch stretch, bool off)
{
	g_autoptr(GString) packet = g_string_new(NULL);
	g_autoptr(GString) event = g_string_new(NULL);

	proto_number(event, 9, off ? TYPE_SLICE_BEGIN : TYPE_SLICE_END);
	proto_number(event, 11, track_of(cpu, stretch));
	if (off)
		proto_number(event, 10, stretch + 1);
	proto_number(packet, 10, SEQUENCE_TRACKS);
	if (off)
		proto_number(packet, 13, SEQ_NEEDS_INCREMENTAL_STATE);
	proto_message(packet, 11, event);
	g_assert(packet->len <= sizeof(slice->bytes));
	slice->len = (unsigned int)packet->len;
	memcpy(slice->bytes, packet->str, packet->len);
}

static void prepare_slices(struct pftrace *pf)
{
	for (unsigned int cpu = 0; cpu < pf->trace->kernel->config.nr_cpus;
	     cpu++)
		for (unsigned int i = 0; i < NR_STRETCHES; i++)
			for (unsigned int off = 0; off < 2; off++)
				prepare_slice(&pf->tracks[cpu].slice[i][off],
					      cpu, (enum stretch)i, off);
}

/* InternedData.event_names */
static void write_names(struct pftrace *pf)
{
	g_autoptr(GString) names = g_string_new(NULL);
	g_autoptr(GString) packet = g_string_new(NULL);

	for (unsigned int i = 0; i < NR_STRETCHES; i++) {
		g_autoptr(GString) name = g_string_new(NULL);

		proto_number(name, 1, i + 1);
		proto_text(name, 2, stretch_names[i]);
		proto_message(names, 2, name);
	}
	proto_number(packet, 10, SEQUENCE_TRACKS);
	proto_number(packet, 13, SEQ_INCREMENTAL_STATE_CLEARED);
	proto_message(packet, 12, names);
	pf_write_packet(pf, packet);
}

static void write_track(struct pftrace *pf, unsigned int uuid,
			unsigned int parent, const char *name)
{
	g_autoptr(GString) track = g_string_new(NULL);

	proto_number(track, 1, uuid);
	proto_text(track, 2, name);
	if (parent)
		proto_number(track, 5, parent);
	pf_write_message(pf, 60, track);
}

static void write_tracks(struct pftrace *pf)
{
	write_track(pf, TRACK_STRETCHES, 0, "Preemption and interrupts off");
	write_track(pf, TRACK_MARKS, 0, "Marks, dropouts and warnings");
	for (unsigned int cpu = 0; cpu < pf->trace->kernel->config.nr_cpus;
	     cpu++) {
		for (unsigned int i = 0; i < NR_STRETCHES; i++) {
			g_autofree char *name = g_strdup_printf(
				"CPU %u %s", cpu, stretch_names[i]);

			write_track(pf, track_of(cpu, i), TRACK_STRETCHES,
				    name);
		}
	}
}

/* Before the window, too: there begins what is off in it. */
static void on_stretch(void *data, const struct trace_record *record)
{
	struct pftrace *pf = data;
	const struct pf_event *how = &pf->event[record->id];

	if (record->when < pf->trace->from)
		pf->tracks[record->cpu].is_off[how->stretch] = how->off;
}

static void prepare_end(struct pftrace *pf, enum tracepoint id,
			enum stretch stretch, bool off)
{
	pf->event[id].is_end = true;
	pf->event[id].stretch = stretch;
	pf->event[id].off = off;
	if (pf->trace->from > 0)
		tracer_listen(&pf->trace->sim->tracer, id, on_stretch, pf);
}

static void prepare_ends(struct pftrace *pf)
{
	static const enum tracepoint ends[NR_STRETCHES][2] = {
		[STRETCH_PREEMPT_OFF] = { TP_preempt_enable,
					  TP_preempt_disable },
		[STRETCH_IRQS_OFF] = { TP_irq_enable, TP_irq_disable },
	};
	const bool *skip = pf->trace->request->skip;

	for (unsigned int i = 0; i < NR_STRETCHES; i++) {
		if (skip[ends[i][0]] || skip[ends[i][1]])
			continue;
		for (unsigned int off = 0; off < 2; off++)
			prepare_end(pf, ends[i][off], (enum stretch)i, off);
	}
}

void pf_prepare_tracks(struct pftrace *pf)
{
	write_names(pf);
	write_tracks(pf);
	prepare_slices(pf);
	prepare_ends(pf);
}

/* TracePacket with a time stamp; behind that goes @rest. */
static char *begin_packet(char *p, struct pftrace *pf, int64_t ns)
{
	*p++ = PROTO_KEY(8, WIRE_VARINT);
	return pf_put_stamp(p, pf, ns);
}

void pf_write_slice(struct pftrace *pf, unsigned int cpu, enum stretch stretch,
		    bool off, int64_t ns)
{
	const struct encoded *slice = &pf->tracks[cpu].slice[stretch][off];
	char *packet = buffer_room(pf->out);
	char *p;

	*packet++ = PROTO_KEY(1, WIRE_BYTES);
	p = begin_packet(packet + 1, pf, ns);
	memcpy(p, slice->bytes, sizeof(slice->bytes));
	buffer_took(pf->out, put_length(packet, p + slice->len));
}

/* What is off has a slice from there on. */
void pf_begin_window(struct pftrace *pf)
{
	const struct trace *trace = pf->trace;

	pf->begun = true;
	for (unsigned int cpu = 0; cpu < trace->kernel->config.nr_cpus; cpu++)
		for (unsigned int i = 0; i < NR_STRETCHES; i++)
			if (pf->tracks[cpu].is_off[i])
				pf_write_slice(pf, cpu, (enum stretch)i, true,
					       trace->request->from_ns);
}

/* TrackEvent: an instant whose name is the mark. */
static char *put_instant(char *p, const struct trace_name *text)
{
	*p++ = PROTO_KEY(9, WIRE_VARINT);
	*p++ = TYPE_INSTANT;
	*p++ = PROTO_KEY(11, WIRE_VARINT);
	*p++ = TRACK_MARKS;
	p = put_varint(p, proto_key_of(23, WIRE_BYTES));
	p = put_varint(p, text->len);
	return put_bytes(p, text->text, text->len);
}

void pf_write_mark(struct pftrace *pf, const struct trace_event *event)
{
	char *packet = buffer_room(pf->out);
	char *p, *message;

	*packet++ = PROTO_KEY(1, WIRE_BYTES);
	p = begin_packet(packet + 1, pf, event->ns);
	*p++ = PROTO_KEY(10, WIRE_VARINT);
	*p++ = SEQUENCE_TRACKS;
	*p++ = PROTO_KEY(11, WIRE_BYTES);
	message = p;
	p = put_length(message, put_instant(p + 1, event->value[1].name));
	buffer_took(pf->out, put_length(packet, p));
}
