/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text that Linux shows in /sys/kernel/tracing/trace, with nanoseconds.
 * cf. kernel/trace/trace_output.c v6.13: trace_print_context(),
 * trace_print_lat_fmt().
 */
#include <config.h>

#include "buffer-private.h"
#include "trace-private.h"

/* Bytes of "12345.123456789: ". */
#define CLOCK_MAX 32

/**
 * struct txt - a text being written.
 * @trace: of what
 * @out: to where
 * @flags: the first three characters of the flags, by TRACE_FLAG_...
 * @clock: the last instant, of @clock_len bytes, and what it was in ns
 */
struct txt {
	const struct trace *trace;
	struct buffer *out;
	char flags[256][4];
	int64_t ns;
	unsigned int clock_len;
	char clock[CLOCK_MAX];
};

static char irqs_off_char(unsigned int flags)
{
	static const char chars[] = ".dbD";

	return chars[(flags & TRACE_FLAG_IRQS_OFF ? 1 : 0) |
		     (flags & TRACE_FLAG_BH_OFF ? 2 : 0)];
}

static char need_resched_char(unsigned int flags)
{
	static const char chars[] = ".nlbpNLB";

	return chars[(flags & TRACE_FLAG_NEED_RESCHED ? 1 : 0) |
		     (flags & TRACE_FLAG_NEED_RESCHED_LAZY ? 2 : 0) |
		     (flags & TRACE_FLAG_PREEMPT_RESCHED ? 4 : 0)];
}

static char context_char(unsigned int flags)
{
	static const char chars[] = ".hsHzZzZ";

	return chars[(flags & TRACE_FLAG_HARDIRQ ? 1 : 0) |
		     (flags & TRACE_FLAG_SOFTIRQ ? 2 : 0) |
		     (flags & TRACE_FLAG_NMI ? 4 : 0)];
}

static const char head[] =
	"# tracer: nop\n"
	"#\n"
	"#                                _-----=> irqs-off/BH-disabled\n"
	"#                               / _----=> need-resched\n"
	"#                              | / _---=> hardirq/softirq\n"
	"#                              || / _--=> preempt-depth\n"
	"#                              ||| / _-=> migrate-disable\n"
	"#                              |||| /\n"
	"#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"
	"#              | |         |   |||||     |         |\n";

static void *txt_open(const struct trace *trace, int fd, int scratch)
{
	struct txt *txt = g_new0(struct txt, 1);

	(void)scratch;
	txt->trace = trace;
	txt->out = buffer_new(fd);
	txt->ns = -1;
	for (unsigned int flags = 0; flags < 256; flags++) {
		txt->flags[flags][0] = irqs_off_char(flags);
		txt->flags[flags][1] = need_resched_char(flags);
		txt->flags[flags][2] = context_char(flags);
	}
	buffer_append(txt->out, head, sizeof(head) - 1);
	return txt;
}

/* How a value is printed, by enum field_type. */

typedef char *(*print_fn)(char *p, const struct txt *txt,
			  const struct event_field *field,
			  const union field_value *value);

static char *print_name(char *p, const struct txt *txt,
			const struct event_field *field,
			const union field_value *value)
{
	(void)txt;
	(void)field;
	return put_bytes(p, value->name->text, value->name->len);
}

static char *print_number(char *p, const struct txt *txt,
			  const struct event_field *field,
			  const union field_value *value)
{
	(void)txt;
	(void)field;
	return put_signed(p, value->num);
}

static char *print_cpu(char *p, const struct txt *txt,
		       const struct event_field *field,
		       const union field_value *value)
{
	(void)txt;
	(void)field;
	return put_padded(p, (uint64_t)value->num, 3);
}

static char *print_address(char *p, const struct txt *txt,
			   const struct event_field *field,
			   const union field_value *value)
{
	(void)txt;
	(void)field;
	p = put_bytes(p, "0x", 2);
	return put_hex(p, (uint64_t)value->num);
}

static char *print_function(char *p, const struct txt *txt,
			    const struct event_field *field,
			    const union field_value *value)
{
	const struct trace_name *name = &txt->trace->functions[value->num];

	(void)field;
	return put_bytes(p, name->text, name->len);
}

static char *print_named(char *p, const struct txt *txt,
			 const struct event_field *field,
			 const union field_value *value)
{
	const struct named *named = field->names;

	for (; named->name; named++)
		if (named->value == value->num)
			return put_text(p, named->name);
	return print_number(p, txt, field, value);
}

static char *print_vector(char *p, const struct txt *txt,
			  const struct event_field *field,
			  const union field_value *value)
{
	p = print_number(p, txt, field, value);
	p = put_bytes(p, " [action=", 9);
	p = print_named(p, txt, field, value);
	*p++ = ']';
	return p;
}

static char *print_flags(char *p, const struct txt *txt,
			 const struct event_field *field,
			 const union field_value *value)
{
	const struct named *named = field->names;
	char *begin = p;

	(void)txt;
	for (; named->name; named++) {
		if (!(named->value & value->num))
			continue;
		if (p != begin)
			*p++ = '|';
		p = put_text(p, named->name);
	}
	return p;
}

static const print_fn print[NR_FIELD_TYPES] = {
	[FIELD_COMM] = print_name,	   [FIELD_INT] = print_number,
	[FIELD_CPU] = print_cpu,	   [FIELD_LONG] = print_number,
	[FIELD_TIME] = print_number,	   [FIELD_ADDRESS] = print_address,
	[FIELD_FUNCTION] = print_function, [FIELD_CALLER] = print_function,
	[FIELD_VECTOR] = print_vector,	   [FIELD_NAMED] = print_named,
	[FIELD_STATE] = print_named,	   [FIELD_FLAGS] = print_flags,
	[FIELD_STRING] = print_name,	   [FIELD_TEXT] = print_name,
};

/* Many events have the instant of the one before. */
static void set_clock(struct txt *txt, int64_t ns)
{
	uint64_t s = (uint64_t)ns / 1000000000;
	char *p = txt->clock;

	for (uint64_t limit = 10000; limit > 1 && s < limit; limit /= 10)
		*p++ = ' ';
	p = put_decimal(p, s);
	*p++ = '.';
	p = put_padded(p, (uint64_t)ns % 1000000000, 9);
	*p++ = ':';
	*p++ = ' ';
	txt->clock_len = (unsigned int)(p - txt->clock);
	txt->ns = ns;
}

static char depth_char(unsigned int depth)
{
	return ".123456789abcdef"[depth];
}

static char *put_context(char *p, struct txt *txt,
			 const struct trace_event *event)
{
	p = put_bytes(p, event->curr->label, event->curr->label_len);
	*p++ = '[';
	p = put_padded(p, event->cpu, 3);
	p = put_bytes(p, "] ", 2);
	p = put_bytes(p, txt->flags[event->flags], 3);
	*p++ = depth_char(event->preempt_count & 15);
	*p++ = depth_char(event->preempt_count >> 4);
	*p++ = ' ';
	if (event->ns != txt->ns)
		set_clock(txt, event->ns);
	return put_bytes(p, txt->clock, txt->clock_len);
}

static void txt_event(void *state, const struct trace_event *event)
{
	struct txt *txt = state;
	char *p = buffer_room(txt->out, MAX_EVENT);
	const struct event_field *field = event->desc->field;
	const union field_value *value = event->value;

	p = put_context(p, txt, event);
	p = put_text(p, event->desc->name);
	p = put_bytes(p, ": ", 2);
	for (; field->name; field++, value++) {
		if (!field->before)
			continue;
		p = put_text(p, field->before);
		p = print[field->type](p, txt, field, value);
	}
	*p++ = '\n';
	buffer_took(txt->out, p);
}

static int txt_error(const void *state)
{
	const struct txt *txt = state;

	return txt->out->error;
}

static int txt_close(void *state)
{
	struct txt *txt = state;
	int error = buffer_flush(txt->out);

	g_free(txt->out);
	g_free(txt);
	return error;
}

extern const struct trace_format trace_format_txt;

const struct trace_format trace_format_txt = {
	.choice = { "txt", "text as in /sys/kernel/tracing/trace" },
	.open = txt_open,
	.event = txt_event,
	.error = txt_error,
	.close = txt_close,
};
