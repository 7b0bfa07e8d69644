/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.dat, version 6, for trace-cmd and KernelShark: the pages of Linux's
 * ring buffer, as trace-cmd takes them from the kernel.
 *
 * In the file all pages of a CPU stand in one piece.  They are filled in turn,
 * so chunks of them, each with the number of its CPU, go to a second file first
 * and find their places when these are known.  cf. trace-cmd.dat.v6(5),
 * kernel/trace/ring_buffer.c v6.12.
 */
#include <config.h>

#include "buffer-private.h"
#include "dat-private.h"

/* A page begins with its time stamp and the length of its data. */
#define PAGE_HEAD 16u
#define PAGE_DATA (DAT_PAGE_SIZE - PAGE_HEAD)
#define LENGTH_AT 8u

/* In the second file a chunk's first page has the number of its CPU where the
 * upper half of that length would be. */
#define CPU_SHIFT 32

/* Pages of a chunk: the larger, the faster they are moved.  All together may
 * have so many. */
#define CHUNK_PAGES_MAX 32u
#define CHUNK_PAGES_MIN 4u
#define ALL_PAGES 512u

/* A record begins with type_len and time_delta; longer payloads than type_len
 * can tell have their length behind that. */
#define TIME_SHIFT 5
#define TYPE_LEN_MAX 28u
#define TYPE_TIME_EXTEND 30u
#define DELTA_MAX ((UINT64_C(1) << 27) - 1)

/* What a record may need beside its payload. */
#define RECORD_HEAD 16u

/**
 * struct dat_chunk - pages of a CPU, in turn.
 * @page: the first one
 * @nr_full: of them are full
 * @len: bytes of data in the next one
 * @ns: instant of the last record
 */
struct dat_chunk {
	char *page;
	unsigned int nr_full, len;
	int64_t ns;
};

/**
 * struct dat - a file being written.
 * @trace: of what
 * @fd, @second: the files
 * @error: errno of the first error, or 0
 * @end: of what there is in the second file
 * @chunk: by CPU, @chunk_pages each
 * @place: by CPU; at last where the next of its pages goes
 * @layout: of the events, by enum tracepoint
 * @payload: of a record whose event is not known
 * @written: payloads, but for the fields that all events have
 */
struct dat {
	const struct trace *trace;
	int fd, second, error;
	uint64_t end;
	struct dat_chunk *chunk;
	unsigned int chunk_pages;
	struct dat_place *place;
	struct dat_layout layout[NR_TRACEPOINTS];
	char payload[MAX_EVENT];
	struct trace_written written[NR_KNOWN];
};

static size_t chunk_size(const struct dat *dat)
{
	return (size_t)dat->chunk_pages * DAT_PAGE_SIZE;
}

static unsigned int nr_cpus_of(const struct dat *dat)
{
	return dat->trace->kernel->config.nr_cpus;
}

static void *dat_open(const struct trace *trace, int fd, int scratch)
{
	struct dat *dat = g_new0(struct dat, 1);
	unsigned int nr_cpus = trace->kernel->config.nr_cpus;

	dat->trace = trace;
	dat->fd = fd;
	dat->second = scratch;
	dat->chunk_pages =
		CLAMP(ALL_PAGES / nr_cpus, CHUNK_PAGES_MIN, CHUNK_PAGES_MAX);
	dat->chunk = g_new0(struct dat_chunk, nr_cpus);
	dat->place = g_new0(struct dat_place, nr_cpus);
	/* trace_copy() writes too much. */
	for (unsigned int i = 0; i < nr_cpus; i++)
		dat->chunk[i].page = g_malloc(chunk_size(dat) + COPY_STEP);
	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++)
		dat->layout[id] = dat_layout((enum tracepoint)id);
	return dat;
}

/* Numbers in the file, at any address. */

static void put32(char *p, uint64_t n)
{
	uint32_t bytes = GUINT32_TO_LE((uint32_t)n);

	memcpy(p, &bytes, sizeof(bytes));
}

static void put64(char *p, uint64_t n)
{
	uint64_t bytes = GUINT64_TO_LE(n);

	memcpy(p, &bytes, sizeof(bytes));
}

/* How a value is stored, by enum field_type: at @p + @offset; what has no fixed
 * length goes behind @len.  Return the length then. */

typedef unsigned int (*store_fn)(char *p, unsigned int offset, unsigned int len,
				 const union field_value *value);

static unsigned int store_comm(char *p, unsigned int offset, unsigned int len,
			       const union field_value *value)
{
	memcpy(p + offset, value->name->comm, TASK_COMM_LEN);
	return len;
}

static unsigned int store_4(char *p, unsigned int offset, unsigned int len,
			    const union field_value *value)
{
	put32(p + offset, (uint64_t)value->num);
	return len;
}

static unsigned int store_8(char *p, unsigned int offset, unsigned int len,
			    const union field_value *value)
{
	put64(p + offset, (uint64_t)value->num);
	return len;
}

static unsigned int store_function(char *p, unsigned int offset,
				   unsigned int len,
				   const union field_value *value)
{
	put64(p + offset, STEXT + (uint64_t)function_offset(value->num));
	return len;
}

static unsigned int store_caller(char *p, unsigned int offset, unsigned int len,
				 const union field_value *value)
{
	put32(p + offset, (uint64_t)function_offset(value->num));
	return len;
}

static unsigned int store_text(char *p, unsigned int offset, unsigned int len,
			       const union field_value *value)
{
	unsigned int size = value->name->len + 1;

	(void)offset;
	memcpy(p + len, value->name->text, size - 1);
	p[len + size - 1] = '\0';
	return len + size;
}

static unsigned int store_string(char *p, unsigned int offset, unsigned int len,
				 const union field_value *value)
{
	put32(p + offset, (value->name->len + 1) << 16 | len);
	return store_text(p, offset, len, value);
}

static const store_fn store[NR_FIELD_TYPES] = {
	[FIELD_COMM] = store_comm,     [FIELD_INT] = store_4,
	[FIELD_CPU] = store_4,	       [FIELD_LONG] = store_8,
	[FIELD_TIME] = store_8,	       [FIELD_ADDRESS] = store_8,
	[FIELD_HEX] = store_8,	       [FIELD_FUNCTION] = store_function,
	[FIELD_CALLER] = store_caller, [FIELD_VECTOR] = store_4,
	[FIELD_NAMED] = store_4,       [FIELD_STATE] = store_8,
	[FIELD_FLAGS] = store_4,       [FIELD_STRING] = store_string,
	[FIELD_TEXT] = store_text,
};

/* The payload, padded to a multiple of 4, all but the fields that every event
 * has.  Returns its length. */
static unsigned int put_payload(const struct dat *dat, char *p,
				const struct trace_event *event)
{
	const struct dat_layout *layout = &dat->layout[event->id];
	const struct event_field *field = event->desc->field;
	unsigned int len = layout->size;

	memset(p, 0, len); /* what lies between fields */
	for (unsigned int i = 0; field[i].name; i++)
		len = store[field[i].type](p, layout->offset[i], len,
					   &event->value[i]);
	while (len & 3)
		p[len++] = '\0';
	return len;
}

static void put_common(const struct dat *dat, char *p,
		       const struct trace_event *event)
{
	put32(p, dat->layout[event->id].id | (uint32_t)event->flags << 16 |
			 (uint32_t)event->preempt_count << 24);
	put32(p + 4, (uint64_t)event->curr->pid);
}

static uint64_t get64(const char *p)
{
	uint64_t bytes;

	memcpy(&bytes, p, sizeof(bytes));
	return GUINT64_FROM_LE(bytes);
}

/* The page being filled. */
static char *page_of(const struct dat_chunk *chunk)
{
	return chunk->page + (size_t)chunk->nr_full * DAT_PAGE_SIZE;
}

/* To the second file. */
static void put_away(struct dat *dat, unsigned int cpu)
{
	struct dat_chunk *chunk = &dat->chunk[cpu];
	char *length = chunk->page + LENGTH_AT;

	put64(length, get64(length) | (uint64_t)cpu << CPU_SHIFT);
	if (!dat->error)
		dat->error = write_at(dat->second, chunk->page, chunk_size(dat),
				      dat->end);
	dat->end += chunk_size(dat);
	dat->place[cpu].nr_pages += chunk->nr_full;
	chunk->nr_full = 0;
}

static void page_end(struct dat_chunk *chunk)
{
	char *page = page_of(chunk);

	put64(page + LENGTH_AT, chunk->len);
	memset(page + PAGE_HEAD + chunk->len, 0, PAGE_DATA - chunk->len);
	chunk->len = 0;
	chunk->nr_full++;
}

static void page_begin(struct dat *dat, const struct trace_event *event)
{
	struct dat_chunk *chunk = &dat->chunk[event->cpu];

	if (chunk->nr_full == dat->chunk_pages)
		put_away(dat, event->cpu);
	put64(page_of(chunk), (uint64_t)event->ns);
	chunk->ns = event->ns;
}

/* Time that does not fit into a record's head gets a record of its own. */
static char *put_time_extend(char *p, uint64_t delta)
{
	put32(p, TYPE_TIME_EXTEND | (delta & DELTA_MAX) << TIME_SHIFT);
	put32(p + 4, delta >> 27);
	return p + 8;
}

/* The head of a record; a long one has another word in it. */
static char *put_head(char *p, unsigned int len, uint64_t delta)
{
	if (unlikely(delta > DELTA_MAX)) {
		p = put_time_extend(p, delta);
		delta = 0;
	}
	if (likely(len <= TYPE_LEN_MAX * 4)) {
		put32(p, len / 4 | delta << TIME_SHIFT);
		return p + 4;
	}
	put32(p, delta << TIME_SHIFT);
	put32(p + 4, len + 4);
	return p + 8;
}

static void put_record(struct dat *dat, const char *payload, unsigned int len,
		       const struct trace_event *event)
{
	struct dat_chunk *chunk = &dat->chunk[event->cpu];
	char *data, *p;

	if (chunk->len + len + RECORD_HEAD > PAGE_DATA)
		page_end(chunk);
	if (!chunk->len)
		page_begin(dat, event);
	data = page_of(chunk) + PAGE_HEAD;
	p = put_head(data + chunk->len, len, (uint64_t)(event->ns - chunk->ns));
	chunk->len = (unsigned int)(trace_copy(p, payload, len) - data);
	put_common(dat, p, event);
	chunk->ns = event->ns;
}

static int dat_event(void *state, const struct trace_event *event)
{
	struct dat *dat = state;
	const struct trace_written *written =
		trace_written(dat->written, event);
	unsigned int len;

	if (likely(written)) {
		put_record(dat, written->bytes, written->len, event);
	} else {
		len = put_payload(dat, dat->payload, event);
		trace_write_down(dat->written, event, dat->payload, len);
		put_record(dat, dat->payload, len, event);
	}
	return dat->error;
}

/* @nr pages of @cpu's. */
static int put_in_place(const struct dat *dat, uint64_t cpu, const char *pages,
			unsigned int nr)
{
	size_t size = (size_t)nr * DAT_PAGE_SIZE;
	uint64_t at = dat->place[cpu].at;

	dat->place[cpu].at += size;
	return write_at(dat->fd, pages, size, at);
}

/* From the second file. */
static int move_chunk(const struct dat *dat, char *pages, uint64_t from)
{
	char *length = pages + LENGTH_AT;
	int error = read_at(dat->second, pages, chunk_size(dat), from);
	uint64_t cpu;

	if (error)
		return error;
	cpu = get64(length) >> CPU_SHIFT;
	put64(length, (uint32_t)get64(length));
	return put_in_place(dat, cpu, pages, dat->chunk_pages);
}

/* Those of the second file, then what did not fill a chunk. */
static int put_all_in_place(const struct dat *dat)
{
	g_autofree char *pages = g_malloc(chunk_size(dat));
	int error = 0;

	for (uint64_t at = 0; at < dat->end && !error; at += chunk_size(dat))
		error = move_chunk(dat, pages, at);
	for (unsigned int i = 0; i < nr_cpus_of(dat) && !error; i++)
		error = put_in_place(dat, i, dat->chunk[i].page,
				     dat->chunk[i].nr_full);
	return error;
}

static int write_file(struct dat *dat)
{
	g_autoptr(GString) header = NULL;
	int error;

	for (unsigned int i = 0; i < nr_cpus_of(dat); i++) {
		if (dat->chunk[i].len)
			page_end(&dat->chunk[i]);
		dat->place[i].nr_pages += dat->chunk[i].nr_full;
	}
	if (dat->error)
		return dat->error;
	header = dat_header(dat->trace, dat->place);
	error = write_at(dat->fd, header->str, header->len, 0);
	return error ? error : put_all_in_place(dat);
}

static int dat_close(void *state)
{
	struct dat *dat = state;
	int error = write_file(dat);

	for (unsigned int i = 0; i < nr_cpus_of(dat); i++)
		g_free(dat->chunk[i].page);
	g_free(dat->chunk);
	g_free(dat->place);
	g_free(dat);
	return error;
}

extern const struct trace_format trace_format_dat;

const struct trace_format trace_format_dat = {
	.choice = { "dat", "trace.dat, for trace-cmd and KernelShark" },
	.needs_scratch = true,
	.open = dat_open,
	.event = dat_event,
	.close = dat_close,
};
