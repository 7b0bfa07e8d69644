/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The head of a trace.dat file, version 6: the formats of all events, names,
 * and where each CPU's pages are.  cf. trace-cmd.dat.v6(5).
 */
#include <config.h>

#include "dat-private.h"

#include <string.h>

/**
 * struct dat_type - how a type of field is declared and printed.
 */
struct dat_type {
	const char *declaration;
	unsigned int size;
	bool is_signed;
	const char *format, *argument;
};

static const struct dat_type types[NR_FIELD_TYPES] = {
#define FIELD_TYPE(id, declaration, size, is_signed, format, argument) \
	[FIELD_##id] = { declaration, size, is_signed, format, argument },
#include "field-type-list.h"
#undef FIELD_TYPE
};

unsigned int dat_field_size(enum field_type type)
{
	return types[type].size;
}

/* A char array has no alignment. */
static unsigned int alignment(const struct event_field *field)
{
	unsigned int size = types[field->type].size;

	return size == 4 || size == 8 ? size : 1;
}

struct dat_layout dat_layout(enum tracepoint id)
{
	const struct event_field *field = trace_events[id].field;
	struct dat_layout layout = {
		.id = (uint16_t)(id == TP_print ? DAT_PRINT_ID :
						  DAT_FIRST_ID + id),
		.size = DAT_COMMON_SIZE,
	};

	for (unsigned int i = 0; field[i].name; i++) {
		unsigned int mask = alignment(&field[i]) - 1;

		layout.offset[i] = (layout.size + mask) & ~mask;
		layout.size = layout.offset[i] + types[field[i].type].size;
	}
	return layout;
}

/* Numbers are little endian, whatever machine this is. */
static void append_number(GString *out, uint64_t n, unsigned int bytes)
{
	for (; bytes; bytes--, n >>= 8)
		g_string_append_c(out, (char)(n & 0xff));
}

static void append_z(GString *out, const char *text)
{
	g_string_append_len(out, text, (gssize)strlen(text) + 1);
}

/* A text with its length in 4 or 8 bytes before it. */
static void append_text(GString *out, const GString *text, unsigned int bytes)
{
	append_number(out, text->len, bytes);
	g_string_append_len(out, text->str, (gssize)text->len);
}

static const char header_page[] =
	"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
	"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
	"\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
	"\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;\n";

static const char header_event[] = "# compressed entry header\n"
				   "\ttype_len    :    5 bits\n"
				   "\ttime_delta  :   27 bits\n"
				   "\tarray       :   32 bits\n"
				   "\n"
				   "\tpadding     : type == 29\n"
				   "\ttime_extend : type == 30\n"
				   "\ttime_stamp : type == 31\n"
				   "\tdata max type_len  == 28\n";

static const char common_fields[] =
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
	"\tfield:unsigned char common_preempt_count;"
	"\toffset:3;\tsize:1;\tsigned:0;\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n";

static const char trace_clock[] = "local global counter uptime perf [mono] "
				  "mono_raw boot\n";

static void append_begin(GString *out)
{
	g_string_append_len(out, "\x17\x08\x44tracing6\0\0\x08", 14);
	append_number(out, DAT_PAGE_SIZE, 4);
	append_z(out, "header_page");
	append_number(out, sizeof(header_page) - 1, 8);
	g_string_append(out, header_page);
	append_z(out, "header_event");
	append_number(out, sizeof(header_event) - 1, 8);
	g_string_append(out, header_event);
}

/* "%s" in @pattern is @name. */
static void append_named(GString *out, const char *pattern, const char *name)
{
	const char *at = strstr(pattern, "%s");

	g_string_append_len(out, pattern, at - pattern);
	g_string_append(out, name);
	g_string_append(out, at + 2);
}

static void append_field(GString *out, const struct event_field *field,
			 unsigned int offset)
{
	const struct dat_type *type = &types[field->type];

	g_string_append(out, "\tfield:");
	append_named(out, type->declaration, field->name);
	g_string_append_printf(out, ";\toffset:%u;\tsize:%u;\tsigned:%d;\n",
			       offset, type->size, type->is_signed);
}

static void append_names(GString *out, const struct event_field *field)
{
	bool flags = field->type == FIELD_FLAGS;

	g_string_append_printf(out, ", %s(REC->%s%s",
			       flags ? "__print_flags" : "__print_symbolic",
			       field->name, flags ? ", \"|\"" : "");
	for (const struct named *named = field->names; named->name; named++)
		g_string_append_printf(out, ", { %lld, \"%s\" }",
				       (long long)named->value, named->name);
	g_string_append_c(out, ')');
}

static void append_print(GString *out, const struct event_field *first)
{
	g_string_append(out, "\nprint fmt: \"");
	for (const struct event_field *field = first; field->name; field++)
		if (field->before)
			g_string_append_printf(out, "%s%s", field->before,
					       types[field->type].format);
	g_string_append_c(out, '"');
	for (const struct event_field *field = first; field->name; field++) {
		const char *argument = types[field->type].argument;

		if (!field->before)
			continue;
		if (argument) {
			g_string_append(out, ", ");
			append_named(out, argument, field->name);
		}
		if (field->names)
			append_names(out, field);
	}
	g_string_append_c(out, '\n');
}

/* The text of events/SYSTEM/EVENT/format, with its length. */
static void append_event(GString *out, enum tracepoint id)
{
	const struct event_desc *desc = &trace_events[id];
	struct dat_layout layout = dat_layout(id);
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_append_printf(text, "name: %s\nID: %u\nformat:\n%s",
			       desc->name, layout.id, common_fields);
	for (unsigned int i = 0; desc->field[i].name; i++)
		append_field(text, &desc->field[i], layout.offset[i]);
	append_print(text, desc->field);
	append_text(out, text, 8);
}

/* Is @id the first event of its system? */
static bool begins_system(enum tracepoint id)
{
	for (unsigned int i = 0; i < id; i++)
		if (trace_events[i].name &&
		    !g_strcmp0(trace_events[i].system, trace_events[id].system))
			return false;
	return trace_events[id].name && id != TP_print;
}

static void append_system(GString *out, const char *system)
{
	g_autoptr(GString) events = g_string_new(NULL);
	unsigned int nr = 0;

	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++) {
		if (!trace_events[id].name ||
		    !g_str_equal(trace_events[id].system, system))
			continue;
		append_event(events, (enum tracepoint)id);
		nr++;
	}
	append_z(out, system);
	append_number(out, nr, 4);
	g_string_append_len(out, events->str, (gssize)events->len);
}

static void append_formats(GString *out)
{
	unsigned int nr = 0;

	append_number(out, 1, 4); /* ftrace's own */
	append_event(out, TP_print);
	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++)
		nr += begins_system((enum tracepoint)id);
	append_number(out, nr, 4);
	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++)
		if (begins_system((enum tracepoint)id))
			append_system(out, trace_events[id].system);
}

static void append_all_names(GString *out, const struct trace *trace)
{
	g_autoptr(GString) kallsyms = g_string_new(NULL);
	g_autoptr(GString) cmdlines = g_string_new(NULL);

	trace_kallsyms(trace, kallsyms);
	append_text(out, kallsyms, 4);
	append_number(out, 0, 4); /* printk_formats */
	for (unsigned int i = 0; i < trace->nr_tasks; i++)
		if (trace->tasks[i].label_len)
			g_string_append_printf(cmdlines, "%d %s\n",
					       trace->tasks[i].pid,
					       trace->tasks[i].name.text);
	append_text(out, cmdlines, 8);
}

/* Numbers of options, cf. trace-cmd's enum tracecmd_option. */
#define OPTION_TRACECLOCK 4
#define OPTION_UNAME 5
#define OPTION_CPUCOUNT 8
#define OPTION_VERSION 9

static void append_option(GString *out, unsigned int number, const char *value,
			  size_t len)
{
	append_number(out, number, 2);
	append_number(out, len, 4);
	g_string_append_len(out, value, (gssize)len);
}

static void append_options(GString *out, const struct trace *trace)
{
	static const char uname[] = "Linux simulated " PACKAGE_STRING " x86_64";
	g_autoptr(GString) cpus = g_string_new(NULL);

	append_number(cpus, trace->kernel->config.nr_cpus, 4);
	g_string_append_len(out, "options  ", 10);
	append_option(out, OPTION_TRACECLOCK, trace_clock, sizeof(trace_clock));
	append_option(out, OPTION_UNAME, uname, sizeof(uname));
	append_option(out, OPTION_CPUCOUNT, cpus->str, cpus->len);
	append_option(out, OPTION_VERSION, PACKAGE_STRING,
		      sizeof(PACKAGE_STRING));
	append_number(out, 0, 2);
}

static uint64_t page_align(uint64_t n)
{
	return (n + DAT_PAGE_SIZE - 1) / DAT_PAGE_SIZE * DAT_PAGE_SIZE;
}

/* Behind the places of the CPUs' pages comes the clock once more. */
static void append_places(GString *out, const struct trace *trace,
			  struct dat_place *place)
{
	unsigned int nr_cpus = trace->kernel->config.nr_cpus;
	uint64_t end =
		out->len + nr_cpus * UINT64_C(16) + 8 + sizeof(trace_clock) - 1;

	end = page_align(end);
	for (unsigned int i = 0; i < nr_cpus; i++) {
		uint64_t size = place[i].nr_pages * DAT_PAGE_SIZE;

		place[i].at = end;
		append_number(out, end, 8);
		append_number(out, size, 8);
		end += size;
	}
	append_number(out, sizeof(trace_clock) - 1, 8);
	g_string_append(out, trace_clock);
}

GString *dat_header(const struct trace *trace, struct dat_place *place)
{
	GString *out = g_string_new(NULL);

	append_begin(out);
	append_formats(out);
	append_all_names(out, trace);
	append_number(out, trace->kernel->config.nr_cpus, 4);
	append_options(out, trace);
	g_string_append_len(out, "flyrecord", 10);
	append_places(out, trace, place);
	append_number(out, 0, (unsigned int)(page_align(out->len) - out->len));
	return out;
}
