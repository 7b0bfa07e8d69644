/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text that Linux shows in /sys/kernel/tracing/trace, with nanoseconds.
 * cf. kernel/trace/trace_output.c v6.13: trace_print_context(),
 * trace_print_lat_fmt().
 */
#include <config.h>

#include "buffer-private.h"
#include "trace-private.h"

#include <stdio.h>

#define NS_PER_S UINT64_C(1000000000)

/* Bytes of "12345.123456789: ". */
#define CLOCK_MAX 32

/* Bytes of "[0000] ". */
#define CPU_MAX 16

/* Bytes of what stands before a value. */
#define LITERAL_MAX 48

struct txt;

typedef char *(*print_fn)(char *p, const struct txt *txt,
			  const struct event_field *field,
			  const union field_value *value);

/**
 * struct txt_literal - text that is the same each time; copied in whole, since
 * a fixed length is faster.
 */
struct txt_literal {
	unsigned int len;
	char text[LITERAL_MAX];
};

/** struct txt_cpu - "[000] ", of @len bytes. */
struct txt_cpu {
	unsigned int len;
	char text[CPU_MAX];
};

/**
 * struct txt_field - a field that text shows.
 * @before: what stands before it
 * @print: what prints it; NULL: there is none and no more
 * @field: its description
 * @value: which of the event's values it is
 */
struct txt_field {
	struct txt_literal before;
	print_fn print;
	const struct event_field *field;
	unsigned int value;
};

/**
 * struct txt - a text being written.
 * @trace: of what
 * @out: to where
 * @flags: the first three characters of the flags, by TRACE_FLAG_...
 * @cpu: by CPU
 * @event: by enum tracepoint; the first field's @before has the event's name
 * @ns, @clock: the last instant, and its text
 * @second_ns, @second_len: where its second began, and the text of that
 * @written: what follows the instant, to the end of the line
 */
struct txt {
	const struct trace *trace;
	struct buffer *out;
	char flags[256][4];
	struct txt_cpu *cpu;
	struct txt_field event[NR_TRACEPOINTS][MAX_FIELDS + 1];
	int64_t ns;
	uint64_t second_ns;
	unsigned int second_len;
	char clock[CLOCK_MAX];
	struct trace_written written[NR_KNOWN];
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

/* How a value is printed, by enum field_type. */

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
	[FIELD_COMM] = print_name,	 [FIELD_INT] = print_number,
	[FIELD_CPU] = print_cpu,	 [FIELD_LONG] = print_number,
	[FIELD_TIME] = print_number,	 [FIELD_ADDRESS] = print_address,
	[FIELD_HEX] = print_address,	 [FIELD_FUNCTION] = print_function,
	[FIELD_CALLER] = print_function, [FIELD_VECTOR] = print_vector,
	[FIELD_NAMED] = print_named,	 [FIELD_STATE] = print_named,
	[FIELD_FLAGS] = print_flags,	 [FIELD_STRING] = print_name,
	[FIELD_TEXT] = print_name,
};

/* Preparing what is the same each time. */

static void literal_set(struct txt_literal *literal, const char *text)
{
	literal->len = (unsigned int)g_strlcpy(literal->text, text,
					       sizeof(literal->text));
	g_assert(literal->len < sizeof(literal->text));
}

static void prepare_event(struct txt_field *to, const struct event_desc *desc)
{
	g_autofree char *name = g_strconcat(desc->name, ": ", NULL);

	literal_set(&to->before, name);
	for (unsigned int i = 0; desc->field[i].name; i++) {
		const struct event_field *field = &desc->field[i];
		g_autofree char *before = NULL;

		if (!field->before)
			continue;
		before = g_strconcat(to->before.text, field->before, NULL);
		literal_set(&to->before, before);
		to->print = print[field->type];
		to->field = field;
		to->value = i;
		to++;
	}
}

static void prepare_cpus(struct txt *txt)
{
	unsigned int nr = txt->trace->kernel->config.nr_cpus;

	txt->cpu = g_new0(struct txt_cpu, nr);
	for (unsigned int i = 0; i < nr; i++)
		txt->cpu[i].len = (unsigned int)snprintf(txt->cpu[i].text,
							 CPU_MAX, "[%03u] ", i);
}

static void set_second(struct txt *txt, uint64_t s)
{
	char *p = txt->clock;

	for (uint64_t limit = 10000; limit > 1 && s < limit; limit /= 10)
		*p++ = ' ';
	p = put_decimal(p, s);
	*p++ = '.';
	txt->second_len = (unsigned int)(p - txt->clock);
	txt->second_ns = s * NS_PER_S;
	memcpy(p, "         : ", 11);
}

static void *txt_open(const struct trace *trace, int fd, int scratch)
{
	struct txt *txt = g_new0(struct txt, 1);

	(void)scratch;
	txt->trace = trace;
	txt->out = buffer_new(fd);
	txt->ns = -1;
	set_second(txt, 0);
	for (unsigned int flags = 0; flags < 256; flags++) {
		txt->flags[flags][0] = irqs_off_char(flags);
		txt->flags[flags][1] = need_resched_char(flags);
		txt->flags[flags][2] = context_char(flags);
	}
	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++)
		if (trace_events[id].name)
			prepare_event(txt->event[id], &trace_events[id]);
	prepare_cpus(txt);
	buffer_append(txt->out, head, sizeof(head) - 1);
	return txt;
}

/* Many events have the instant of the one before, and more its second.  Digits
 * go to both places: to copy what was just written in parts would wait. */
static char *put_clock(char *p, struct txt *txt, int64_t ns)
{
	uint64_t rest = (uint64_t)ns - txt->second_ns;

	if (unlikely(rest >= NS_PER_S)) {
		set_second(txt, (uint64_t)ns / NS_PER_S);
		rest = (uint64_t)ns - txt->second_ns;
	}
	memcpy(p, txt->clock, CLOCK_MAX);
	if (ns != txt->ns) {
		put_fraction(p + txt->second_len, (uint32_t)rest);
		put_fraction(txt->clock + txt->second_len, (uint32_t)rest);
		txt->ns = ns;
	}
	return p + txt->second_len + 9 + 2;
}

static char depth_char(unsigned int depth)
{
	return ".123456789abcdef"[depth];
}

static char *put_literal(char *p, const struct txt_literal *literal)
{
	memcpy(p, literal->text, LITERAL_MAX);
	return p + literal->len;
}

static char *put_context(char *p, struct txt *txt,
			 const struct trace_event *event)
{
	const struct trace_task *curr = event->curr;
	const struct txt_cpu *cpu = &txt->cpu[event->cpu];

	memcpy(p, curr->label, sizeof(curr->label));
	p += curr->label_len;
	memcpy(p, cpu->text, CPU_MAX);
	p += cpu->len;
	memcpy(p, txt->flags[event->flags], 4);
	p[3] = depth_char(event->preempt_count & 15);
	p[4] = depth_char(event->preempt_count >> 4);
	p[5] = ' ';
	return put_clock(p + 6, txt, event->ns);
}

static char *put_fields(char *p, const struct txt *txt,
			const struct trace_event *event)
{
	const struct txt_field *field = txt->event[event->id];

	do {
		p = put_literal(p, &field->before);
		if (field->print)
			p = field->print(p, txt, field->field,
					 &event->value[field->value]);
	} while (field->print && (++field)->print);
	*p++ = '\n';
	return p;
}

static int txt_event(void *state, const struct trace_event *event)
{
	struct txt *txt = state;
	const struct trace_written *written =
		trace_written(txt->written, event);
	char *p = put_context(buffer_room(txt->out), txt, event);
	char *end;

	if (likely(written)) {
		end = trace_copy(p, written->bytes, written->len);
	} else {
		end = put_fields(p, txt, event);
		trace_write_down(txt->written, event, p, (size_t)(end - p));
	}
	buffer_took(txt->out, end);
	return txt->out->error;
}

static int txt_close(void *state)
{
	struct txt *txt = state;
	int error = buffer_flush(txt->out);

	g_free(txt->out);
	g_free(txt->cpu);
	g_free(txt);
	return error;
}

extern const struct trace_format trace_format_txt;

const struct trace_format trace_format_txt = {
	.choice = { "txt", "text as in /sys/kernel/tracing/trace" },
	.open = txt_open,
	.event = txt_event,
	.close = txt_close,
};
