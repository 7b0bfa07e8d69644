/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Perfetto's trace: packets of ftrace events per CPU, and tracks of our own for
 * what ftrace has no slices for: stretches without preemption or interrupts,
 * and marks.
 *
 * Messages are put together by hand.  A length that is not known yet gets two
 * bytes; a varint may be longer than it has to be.  Field numbers are those of
 * Perfetto's protos/perfetto/trace.  An event without a message of its own is
 * a GenericFtraceEvent.
 */
#include <config.h>

#include "buffer-private.h"
#include "proto-private.h"
#include "trace-private.h"

/* What of a CPU's events becomes one packet. */
#define BUNDLE_SIZE 16384u

/* Which writer a packet is from: of ftrace, or of our own tracks. */
#define SEQUENCE_FTRACE 1
#define SEQUENCE_TRACKS 2

/* Tracks: all stretches, the marks, then two of each CPU. */
#define TRACK_STRETCHES 1u
#define TRACK_MARKS 2u
#define TRACK_FIRST_CPU 16u

#define KEY_MAX 48u

/**
 * struct bundle - events of a CPU that wait to become a packet.
 */
struct bundle {
	unsigned int len;
	char data[BUNDLE_SIZE];
};

/**
 * struct encoded - bytes that are the same each time.
 */
struct encoded {
	unsigned int len;
	char bytes[KEY_MAX];
};

/** enum stretch - what a CPU's tracks show. */
enum stretch {
	STRETCH_PREEMPT_OFF,
	STRETCH_IRQS_OFF,
	NR_STRETCHES
};

/**
 * struct cpu_tracks - a CPU's own tracks.
 * @is_off: preemption is, or interrupts are
 * @slice: packets after their time stamp, [1]: where one begins
 */
struct cpu_tracks {
	bool is_off[NR_STRETCHES];
	struct encoded slice[NR_STRETCHES][2];
};

struct pftrace;

typedef char *(*encode_fn)(char *p, const struct pftrace *pf,
			   const struct event_field *field,
			   const union field_value *value);

/**
 * struct pf_event - how an event is encoded.
 * @head: key of its message; of a generic one also its length and name
 * @generic: it is a generic one
 * @field: key of each field; of a generic one also its name
 * @encode: what encodes each field; NULL: it is left out
 */
struct pf_event {
	struct encoded head, name;
	bool generic;
	struct encoded field[MAX_FIELDS];
	encode_fn encode[MAX_FIELDS];
};

/**
 * struct pftrace - a file being written.
 * @trace: of what
 * @out: to where
 * @bundle, @tracks: by CPU
 * @shown: both ends of such a stretch are among the events that are wanted
 * @begun: the window has, and with it what was off by then
 * @mark: of a mark's TrackEvent, all but the length of its name
 * @event: by enum tracepoint
 */
struct pftrace {
	const struct trace *trace;
	struct buffer *out;
	struct bundle *bundle;
	struct cpu_tracks *tracks;
	bool shown[NR_STRETCHES], begun;
	struct encoded mark;
	struct pf_event event[NR_TRACEPOINTS];
	struct trace_written written[NR_KNOWN];
};

/* How a value is encoded, by enum field_type. */

static char *encode_number(char *p, const struct pftrace *pf,
			   const struct event_field *field,
			   const union field_value *value)
{
	(void)pf;
	(void)field;
	return put_varint(p, (uint64_t)value->num);
}

static char *put_name(char *p, const struct trace_name *name)
{
	p = put_varint(p, name->len);
	return put_bytes(p, name->text, name->len);
}

static char *encode_name(char *p, const struct pftrace *pf,
			 const struct event_field *field,
			 const union field_value *value)
{
	(void)pf;
	(void)field;
	return put_name(p, value->name);
}

static char *encode_function(char *p, const struct pftrace *pf,
			     const struct event_field *field,
			     const union field_value *value)
{
	(void)field;
	return put_name(p, &pf->trace->functions[value->num]);
}

static char *encode_function_address(char *p, const struct pftrace *pf,
				     const struct event_field *field,
				     const union field_value *value)
{
	(void)pf;
	(void)field;
	return put_varint(p, STEXT + (uint64_t)function_offset(value->num));
}

static char *encode_named(char *p, const struct pftrace *pf,
			  const struct event_field *field,
			  const union field_value *value)
{
	const struct named *named = field->names;
	char *text = p + 1;

	(void)pf;
	while (named->name && named->value != value->num)
		named++;
	text = named->name ? put_text(text, named->name) :
			     put_signed(text, value->num);
	*p = (char)(text - p - 1);
	return text;
}

/**
 * struct pf_type - how a type of field is encoded.
 * @wire, @encode: wire type and value in a message of its own
 * @generic_number, @encode_generic: number and value in a generic field
 */
struct pf_type {
	enum wire_type wire;
	unsigned int generic_number;
	encode_fn encode, encode_generic;
};

/* GenericFtraceEvent.Field's numbers. */
#define GENERIC_STRING 3
#define GENERIC_INT 4
#define GENERIC_UINT 5

#define AS_NUMBER                                                      \
	{                                                              \
		WIRE_VARINT, GENERIC_INT, encode_number, encode_number \
	}
#define AS_NAME                                                      \
	{                                                            \
		WIRE_BYTES, GENERIC_STRING, encode_name, encode_name \
	}
#define AS_NAMED                                                         \
	{                                                                \
		WIRE_VARINT, GENERIC_STRING, encode_number, encode_named \
	}

static const struct pf_type types[NR_FIELD_TYPES] = {
	[FIELD_COMM] = AS_NAME,
	[FIELD_INT] = AS_NUMBER,
	[FIELD_CPU] = AS_NUMBER,
	[FIELD_LONG] = AS_NUMBER,
	[FIELD_TIME] = AS_NUMBER,
	[FIELD_ADDRESS] = { WIRE_VARINT, GENERIC_UINT, encode_number,
			    encode_number },
	[FIELD_FUNCTION] = { WIRE_VARINT, GENERIC_STRING,
			     encode_function_address, encode_function },
	[FIELD_CALLER] = { WIRE_VARINT, GENERIC_STRING, encode_number,
			   encode_function },
	[FIELD_VECTOR] = AS_NUMBER,
	[FIELD_NAMED] = AS_NAMED,
	[FIELD_STATE] = AS_NAMED,
	[FIELD_FLAGS] = AS_NUMBER,
	[FIELD_STRING] = AS_NAME,
	[FIELD_TEXT] = AS_NAME,
};

/* Preparing what is the same each time. */

static void encoded_set(struct encoded *encoded, const GString *from)
{
	g_assert(from->len <= sizeof(encoded->bytes));
	encoded->len = (unsigned int)from->len;
	memcpy(encoded->bytes, from->str, from->len);
}

static void prepare_key(struct encoded *encoded, unsigned int number,
			enum wire_type wire)
{
	g_autoptr(GString) key = g_string_new(NULL);

	proto_key(key, number, wire);
	encoded_set(encoded, key);
}

static void prepare_generic_field(struct pf_event *event, unsigned int i,
				  const struct event_field *field)
{
	const struct pf_type *type = &types[field->type];
	g_autoptr(GString) key = g_string_new(NULL);

	proto_text(key, 1, field->name);
	proto_key(key, type->generic_number,
		  type->generic_number == GENERIC_STRING ? WIRE_BYTES :
							   WIRE_VARINT);
	encoded_set(&event->field[i], key);
	event->encode[i] = type->encode_generic;
}

/* FtraceEvent.generic */
#define GENERIC_EVENT 327

static void prepare_generic(struct pf_event *event,
			    const struct event_desc *desc)
{
	g_autoptr(GString) name = g_string_new(NULL);

	event->generic = true;
	prepare_key(&event->head, GENERIC_EVENT, WIRE_BYTES);
	proto_text(name, 1, desc->name);
	encoded_set(&event->name, name);
	for (unsigned int i = 0; desc->field[i].name; i++)
		prepare_generic_field(event, i, &desc->field[i]);
}

static void prepare_event(struct pf_event *event, const struct event_desc *desc)
{
	if (!desc->proto) {
		prepare_generic(event, desc);
		return;
	}
	prepare_key(&event->head, desc->proto, WIRE_BYTES);
	for (unsigned int i = 0; desc->field[i].name; i++) {
		const struct event_field *field = &desc->field[i];

		if (!field->proto)
			continue;
		prepare_key(&event->field[i], field->proto,
			    types[field->type].wire);
		event->encode[i] = types[field->type].encode;
	}
}

static unsigned int cpu_track(unsigned int cpu, unsigned int stretch)
{
	return TRACK_FIRST_CPU + cpu * NR_STRETCHES + stretch;
}

/* TrackEvent.type */
enum slice_type {
	TYPE_SLICE_BEGIN = 1,
	TYPE_SLICE_END,
	TYPE_INSTANT
};

/* TracePacket: from which writer, and a TrackEvent. */
static void append_track_event(GString *out, unsigned int type,
			       unsigned int track, const char *name)
{
	g_autoptr(GString) event = g_string_new(NULL);

	proto_number(out, 10, SEQUENCE_TRACKS);
	proto_number(event, 9, type);
	proto_number(event, 11, track);
	if (name)
		proto_text(event, 23, name);
	proto_message(out, 11, event);
}

static void prepare_mark(struct encoded *mark)
{
	g_autoptr(GString) event = g_string_new(NULL);

	proto_number(event, 9, TYPE_INSTANT);
	proto_number(event, 11, TRACK_MARKS);
	proto_key(event, 23, WIRE_BYTES);
	encoded_set(mark, event);
}

static const char *const stretch_names[NR_STRETCHES] = {
	[STRETCH_PREEMPT_OFF] = "preempt off",
	[STRETCH_IRQS_OFF] = "irqs off",
};

static void prepare_tracks(struct cpu_tracks *tracks, unsigned int cpu)
{
	for (unsigned int i = 0; i < NR_STRETCHES; i++) {
		g_autoptr(GString) begin = g_string_new(NULL);
		g_autoptr(GString) end = g_string_new(NULL);

		append_track_event(begin, TYPE_SLICE_BEGIN, cpu_track(cpu, i),
				   stretch_names[i]);
		append_track_event(end, TYPE_SLICE_END, cpu_track(cpu, i),
				   NULL);
		encoded_set(&tracks->slice[i][1], begin);
		encoded_set(&tracks->slice[i][0], end);
	}
}

/* The first packets: clocks, the system, tracks; and the last one: tasks, when
 * all have been met. */

static void write_packet(struct pftrace *pf, const GString *packet)
{
	g_autoptr(GString) out = g_string_new(NULL);

	proto_message(out, 1, packet);
	buffer_append(pf->out, out->str, out->len);
}

/* A packet that has one message, as field @number. */
static void write_message(struct pftrace *pf, unsigned int number,
			  const GString *message)
{
	g_autoptr(GString) packet = g_string_new(NULL);

	proto_number(packet, 10, SEQUENCE_TRACKS);
	proto_message(packet, number, message);
	write_packet(pf, packet);
}

/* All clocks begin at 0, so that any of them is ours. */
static void write_clocks(struct pftrace *pf)
{
	static const unsigned int builtin[] = { 1, 3, 6 }; /* REALTIME,
							      MONOTONIC,
							      BOOTTIME */
	g_autoptr(GString) snapshot = g_string_new(NULL);

	for (unsigned int i = 0; i < G_N_ELEMENTS(builtin); i++) {
		g_autoptr(GString) clock = g_string_new(NULL);

		proto_number(clock, 1, builtin[i]);
		proto_number(clock, 2, 0);
		proto_message(snapshot, 1, clock);
	}
	write_message(pf, 6, snapshot);
}

/* The release tells readers what the bits of prev_state mean. */
static void write_system(struct pftrace *pf)
{
	g_autoptr(GString) utsname = g_string_new(NULL);
	g_autoptr(GString) info = g_string_new(NULL);

	proto_text(utsname, 1, "Linux");
	proto_text(utsname, 2, PACKAGE_STRING);
	proto_text(utsname, 3, "6.12.0");
	proto_text(utsname, 4, "x86_64");
	proto_message(info, 1, utsname);
	proto_number(info, 6, 4096);
	proto_number(info, 8, pf->trace->kernel->config.nr_cpus);
	write_message(pf, 45, info);
}

static void write_tasks(struct pftrace *pf)
{
	g_autoptr(GString) tree = g_string_new(NULL);

	for (unsigned int i = 0; i < pf->trace->nr_tasks; i++) {
		const struct trace_task *task = &pf->trace->tasks[i];
		g_autoptr(GString) process = g_string_new(NULL);
		g_autoptr(GString) thread = g_string_new(NULL);

		if (!task->label_len)
			continue;
		proto_number(process, 1, (uint64_t)task->pid);
		proto_number(process, 2, 1);
		proto_text(process, 3, task->name.text);
		proto_message(tree, 1, process);
		proto_number(thread, 1, (uint64_t)task->pid);
		proto_text(thread, 2, task->name.text);
		proto_number(thread, 3, (uint64_t)task->pid);
		proto_message(tree, 2, thread);
	}
	write_message(pf, 2, tree);
}

static void write_track(struct pftrace *pf, unsigned int uuid,
			unsigned int parent, const char *name)
{
	g_autoptr(GString) track = g_string_new(NULL);

	proto_number(track, 1, uuid);
	proto_text(track, 2, name);
	if (parent)
		proto_number(track, 5, parent);
	write_message(pf, 60, track);
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

			write_track(pf, cpu_track(cpu, i), TRACK_STRETCHES,
				    name);
		}
	}
}

/* Events. */

static char *put_encoded(char *p, const struct encoded *encoded)
{
	memcpy(p, encoded->bytes, KEY_MAX); /* a fixed length is faster */
	return p + encoded->len;
}

/* The bundle of @cpu becomes a packet. */
static void bundle_flush(struct pftrace *pf, unsigned int cpu)
{
	struct bundle *bundle = &pf->bundle[cpu];
	char head[32];
	char *p = head, *packet, *events;

	if (!bundle->len)
		return;
	*p = PROTO_KEY(1, WIRE_BYTES);
	packet = p + 1;
	p = packet + LONG_LENGTH_SIZE;
	*p++ = PROTO_KEY(10, WIRE_VARINT);
	*p++ = SEQUENCE_FTRACE;
	*p = PROTO_KEY(1, WIRE_BYTES);
	events = p + 1;
	p = events + LONG_LENGTH_SIZE;
	*p++ = PROTO_KEY(1, WIRE_VARINT);
	p = put_varint(p, cpu);
	put_long_length(packet, p + bundle->len);
	put_long_length(events, p + bundle->len);
	buffer_append(pf->out, head, (size_t)(p - head));
	buffer_append(pf->out, bundle->data, bundle->len);
	bundle->len = 0;
}

/* The fields of a message; of a generic one each is a message. */
static char *put_fields(char *p, const struct pftrace *pf,
			const struct trace_event *event)
{
	const struct pf_event *how = &pf->event[event->id];
	const struct event_field *field = event->desc->field;

	for (unsigned int i = 0; field[i].name; i++) {
		char *length = NULL;

		if (!how->encode[i])
			continue;
		if (how->generic) {
			*p = PROTO_KEY(2, WIRE_BYTES);
			length = p + 1;
			p = length + LENGTH_SIZE;
		}
		p = put_encoded(p, &how->field[i]);
		p = how->encode[i](p, pf, &field[i], &event->value[i]);
		if (length)
			put_length(length, p);
	}
	return p;
}

/* What happened, as a field of FtraceEvent. */
static char *put_message(char *p, const struct pftrace *pf,
			 const struct trace_event *event)
{
	const struct pf_event *how = &pf->event[event->id];
	char *length = put_encoded(p, &how->head);

	p = length + LENGTH_SIZE;
	if (how->generic)
		p = put_encoded(p, &how->name);
	p = put_fields(p, pf, event);
	put_length(length, p);
	return p;
}

static char *put_said(char *p, struct pftrace *pf,
		      const struct trace_event *event)
{
	const struct trace_written *written = trace_written(pf->written, event);
	char *end;

	if (likely(written))
		return trace_copy(p, written->bytes, written->len);
	end = put_message(p, pf, event);
	trace_write_down(pf->written, event, p, (size_t)(end - p));
	return end;
}

/* FtraceEventBundle.event: time stamp, pid, and what happened. */
static char *put_ftrace(char *p, struct pftrace *pf,
			const struct trace_event *event)
{
	char *length;

	*p = PROTO_KEY(2, WIRE_BYTES);
	length = p + 1;
	p = length + LENGTH_SIZE;
	*p++ = PROTO_KEY(1, WIRE_VARINT);
	p = put_varint(p, (uint64_t)event->ns);
	*p++ = PROTO_KEY(2, WIRE_VARINT);
	p = put_varint(p, (uint64_t)event->curr->pid);
	p = put_said(p, pf, event);
	put_length(length, p);
	return p;
}

/* TracePacket with a time stamp and what @rest says. */
static void write_track_packet(struct pftrace *pf, int64_t ns, const char *rest,
			       unsigned int len)
{
	char *p = buffer_room(pf->out);
	char *length = p + 1;

	*p = PROTO_KEY(1, WIRE_BYTES);
	p = length + LENGTH_SIZE;
	*p++ = PROTO_KEY(8, WIRE_VARINT);
	p = put_varint(p, (uint64_t)ns);
	p = put_bytes(p, rest, len);
	put_length(length, p);
	buffer_took(pf->out, p);
}

static void write_slice(struct pftrace *pf, unsigned int cpu,
			enum stretch stretch, int64_t ns)
{
	const struct cpu_tracks *tracks = &pf->tracks[cpu];
	const struct encoded *slice =
		&tracks->slice[stretch][tracks->is_off[stretch]];

	write_track_packet(pf, ns, slice->bytes, slice->len);
}

/* What is off when the window begins has a slice from there on. */
static void begin_window(struct pftrace *pf)
{
	const struct trace *trace = pf->trace;

	pf->begun = true;
	for (unsigned int cpu = 0; cpu < trace->kernel->config.nr_cpus; cpu++)
		for (unsigned int i = 0; i < NR_STRETCHES; i++)
			if (pf->shown[i] && pf->tracks[cpu].is_off[i])
				write_slice(pf, cpu, (enum stretch)i,
					    trace->request->from_ns);
}

static void take_stretch(struct pftrace *pf, const struct trace_record *record,
			 enum stretch stretch, bool off)
{
	if (!pf->begun && record->when >= pf->trace->from)
		begin_window(pf);
	pf->tracks[record->cpu].is_off[stretch] = off;
	if (trace_in_window(pf->trace, record))
		write_slice(pf, record->cpu, stretch,
			    ktime_to_ns(&pf->trace->sim->tb, record->when));
}

/* Before the window, too: there begins what is off in it. */
static void on_stretch(void *data, const struct trace_record *record)
{
	enum stretch stretch = STRETCH_IRQS_OFF;

	if (record->id == TP_preempt_disable || record->id == TP_preempt_enable)
		stretch = STRETCH_PREEMPT_OFF;
	take_stretch(data, record, stretch,
		     record->id == TP_preempt_disable ||
			     record->id == TP_irq_disable);
}

static void listen(struct pftrace *pf)
{
	static const enum tracepoint ends[NR_STRETCHES][2] = {
		[STRETCH_PREEMPT_OFF] = { TP_preempt_disable,
					  TP_preempt_enable },
		[STRETCH_IRQS_OFF] = { TP_irq_disable, TP_irq_enable },
	};
	const bool *skip = pf->trace->request->skip;

	for (unsigned int i = 0; i < NR_STRETCHES; i++) {
		pf->shown[i] = !skip[ends[i][0]] && !skip[ends[i][1]];
		for (unsigned int k = 0; pf->shown[i] && k < 2; k++)
			tracer_listen(&pf->trace->sim->tracer, ends[i][k],
				      on_stretch, pf);
	}
}

/* An instant whose name is the mark: TrackEvent as in append_track_event(). */
static void write_mark(struct pftrace *pf, const struct trace_event *event)
{
	const struct trace_name *text = event->value[1].name;
	char rest[MAX_TEXT + 2 * KEY_MAX];
	char *p = rest, *length;

	*p++ = PROTO_KEY(10, WIRE_VARINT);
	*p++ = SEQUENCE_TRACKS;
	*p = PROTO_KEY(11, WIRE_BYTES);
	length = p + 1;
	p = put_encoded(length + LENGTH_SIZE, &pf->mark);
	p = put_varint(p, text->len);
	p = put_bytes(p, text->text, text->len);
	put_length(length, p);
	write_track_packet(pf, event->ns, rest, (unsigned int)(p - rest));
}

static int pf_event(void *state, const struct trace_event *event)
{
	struct pftrace *pf = state;
	struct bundle *bundle = &pf->bundle[event->cpu];
	char *end;

	if (bundle->len + MAX_EVENT > BUNDLE_SIZE)
		bundle_flush(pf, event->cpu);
	end = put_ftrace(bundle->data + bundle->len, pf, event);
	bundle->len = (unsigned int)(end - bundle->data);
	if (event->id == TP_print)
		write_mark(pf, event);
	return pf->out->error;
}

static void *pf_open(const struct trace *trace, int fd, int scratch)
{
	struct pftrace *pf = g_new0(struct pftrace, 1);
	unsigned int nr_cpus = trace->kernel->config.nr_cpus;

	(void)scratch;
	pf->trace = trace;
	pf->out = buffer_new(fd);
	pf->bundle = g_new(struct bundle, nr_cpus);
	pf->tracks = g_new0(struct cpu_tracks, nr_cpus);
	for (unsigned int i = 0; i < nr_cpus; i++) {
		pf->bundle[i].len = 0;
		prepare_tracks(&pf->tracks[i], i);
	}
	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++)
		if (trace_events[id].name)
			prepare_event(&pf->event[id], &trace_events[id]);
	prepare_mark(&pf->mark);
	write_clocks(pf);
	write_system(pf);
	write_tracks(pf);
	listen(pf);
	return pf;
}

static int pf_close(void *state)
{
	struct pftrace *pf = state;
	int error;

	if (!pf->begun && pf->trace->sim->now >= pf->trace->from)
		begin_window(pf);
	for (unsigned int i = 0; i < pf->trace->kernel->config.nr_cpus; i++)
		bundle_flush(pf, i);
	write_tasks(pf);
	error = buffer_flush(pf->out);
	g_free(pf->bundle);
	g_free(pf->tracks);
	g_free(pf->out);
	g_free(pf);
	return error;
}

extern const struct trace_format trace_format_pftrace;

const struct trace_format trace_format_pftrace = {
	.choice = { "pftrace", "for ui.perfetto.dev and trace_processor" },
	.open = pf_open,
	.event = pf_event,
	.close = pf_close,
};
