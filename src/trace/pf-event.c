/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Perfetto's trace: how the fields of an event are encoded.
 *
 * An event without a message of Perfetto's own gets one that describes itself:
 * the trace has its descriptor once.  cf. Perfetto's GenericEventDescriptor,
 * which version 50 and later have.
 */
#include <config.h>

#include "pf-private.h"

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

/* Types of fields, as FieldDescriptorProto numbers them. */
enum proto_type {
	PROTO_INT64 = 3,
	PROTO_UINT64 = 4,
	PROTO_STRING = 9
};

/**
 * struct pf_type - how a type of field is encoded.
 * @wire, @encode: wire type and value in a message of Perfetto's
 * @type, @encode_own: type and value in one that describes itself
 */
struct pf_type {
	enum wire_type wire;
	encode_fn encode;
	enum proto_type type;
	encode_fn encode_own;
};

#define AS_NUMBER                                                      \
	{                                                              \
		WIRE_VARINT, encode_number, PROTO_INT64, encode_number \
	}
#define AS_NAME                                                    \
	{                                                          \
		WIRE_BYTES, encode_name, PROTO_STRING, encode_name \
	}
#define AS_NAMED                                                       \
	{                                                              \
		WIRE_VARINT, encode_number, PROTO_STRING, encode_named \
	}

static const struct pf_type types[NR_FIELD_TYPES] = {
	[FIELD_COMM] = AS_NAME,
	[FIELD_INT] = AS_NUMBER,
	[FIELD_CPU] = AS_NUMBER,
	[FIELD_LONG] = AS_NUMBER,
	[FIELD_TIME] = AS_NUMBER,
	[FIELD_ADDRESS] = { WIRE_VARINT, encode_number, PROTO_UINT64,
			    encode_number },
	[FIELD_HEX] = { WIRE_VARINT, encode_number, PROTO_UINT64,
			encode_number },
	[FIELD_FUNCTION] = { WIRE_VARINT, encode_function_address, PROTO_STRING,
			     encode_function },
	[FIELD_CALLER] = { WIRE_VARINT, encode_number, PROTO_STRING,
			   encode_function },
	[FIELD_VECTOR] = AS_NUMBER,
	[FIELD_NAMED] = AS_NAMED,
	[FIELD_STATE] = AS_NAMED,
	[FIELD_FLAGS] = AS_NUMBER,
	[FIELD_STRING] = AS_NAME,
	[FIELD_TEXT] = AS_NAME,
};

static void prepare_known(struct pf_event *event, const struct event_desc *desc)
{
	event->key = proto_key_of(desc->proto, WIRE_BYTES);
	for (unsigned int i = 0; desc->field[i].name; i++) {
		const struct event_field *field = &desc->field[i];
		const struct pf_type *type = &types[field->type];

		if (!field->proto)
			continue;
		event->field[i].key = proto_key_of(field->proto, type->wire);
		event->field[i].encode = type->encode;
	}
}

/* The first number in FtraceEvent of an event that describes itself. */
#define OWN_FIRST 65536u

/* A DescriptorProto's field. */
static void append_field(GString *out, unsigned int number, const char *name,
			 enum proto_type type)
{
	g_autoptr(GString) field = g_string_new(NULL);

	proto_text(field, 1, name);
	proto_number(field, 3, number);
	proto_number(field, 5, type);
	proto_message(out, 2, field);
}

/* Appends its GenericEventDescriptor to @bundle. */
static void prepare_own(struct pf_event *event, const struct event_desc *desc,
			unsigned int number, GString *bundle)
{
	g_autoptr(GString) fields = g_string_new(NULL);
	g_autoptr(GString) descriptor = g_string_new(NULL);

	event->key = proto_key_of(number, WIRE_BYTES);
	proto_text(fields, 1, desc->name);
	for (unsigned int i = 0; desc->field[i].name; i++) {
		const struct pf_type *type = &types[desc->field[i].type];

		event->field[i].key = proto_key_of(
			i + 1,
			type->type == PROTO_STRING ? WIRE_BYTES : WIRE_VARINT);
		event->field[i].encode = type->encode_own;
		append_field(fields, i + 1, desc->field[i].name, type->type);
	}
	proto_number(descriptor, 1, number);
	proto_message(descriptor, 2, fields);
	proto_text(descriptor, 3, desc->system);
	proto_message(bundle, 11, descriptor);
}

void pf_prepare_events(struct pftrace *pf)
{
	g_autoptr(GString) bundle = g_string_new(NULL);
	g_autoptr(GString) packet = g_string_new(NULL);

	proto_number(bundle, 1, 0); /* of any CPU */
	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++) {
		const struct event_desc *desc = &trace_events[id];

		if (desc->proto)
			prepare_known(&pf->event[id], desc);
		else if (desc->name)
			prepare_own(&pf->event[id], desc, OWN_FIRST + id,
				    bundle);
	}
	proto_number(packet, 10, SEQUENCE_FTRACE);
	proto_message(packet, 1, bundle);
	pf_write_packet(pf, packet);
}

char *pf_put_message(char *p, const struct pftrace *pf,
		     const struct trace_event *event)
{
	const struct pf_event *how = &pf->event[event->id];
	const struct event_field *field = event->desc->field;
	char *message = put_varint(p, how->key);

	p = message + 1;
	for (unsigned int i = 0; field[i].name; i++) {
		if (!how->field[i].encode)
			continue;
		p = put_varint(p, how->field[i].key);
		p = how->field[i].encode(p, pf, &field[i], &event->value[i]);
	}
	return put_length(message, p);
}
