/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.dat, version 6, for trace-cmd and KernelShark: the pages of Linux's
 * ring buffer, as trace-cmd takes them from the kernel.
 *
 * In the file all pages of a CPU stand in one piece.  They are filled in turn,
 * so they go to a second file first, each with the number of its CPU, and find
 * their places when these are known.  cf. trace-cmd.dat.v6(5),
 * kernel/trace/ring_buffer.c v6.12.
 */
#include <config.h>

#include "buffer-private.h"
#include "dat-private.h"

#include <errno.h>
#include <unistd.h>

/* A page begins with its time stamp and the length of its data. */
#define PAGE_HEAD 16u
#define PAGE_DATA (DAT_PAGE_SIZE - PAGE_HEAD)

/* A page in the second file, with the number of its CPU. */
#define SLOT_SIZE (sizeof(uint64_t) + DAT_PAGE_SIZE)

/* A record begins with type_len and time_delta; longer payloads than type_len
 * can tell have their length behind that. */
#define TIME_SHIFT 5
#define TYPE_LEN_MAX 28u
#define TYPE_TIME_EXTEND 30u
#define DELTA_MAX ((UINT64_C(1) << 27) - 1)

/* What a record may need beside its payload. */
#define RECORD_HEAD 16u

/* Pages that are moved at once. */
#define MOVED_PAGES 64u

/**
 * struct dat_page - a page being filled.
 * @cpu: whose; goes to the second file with the page
 * @head: time stamp and length of @data, as they are in the file
 * @data: records; behind PAGE_DATA only what trace_copy() writes too much
 * @len: bytes of @data
 * @ns: instant of its last record
 */
struct dat_page {
	struct {
		uint64_t cpu;
		uint64_t head[2];
		char data[PAGE_DATA + COPY_STEP];
	} slot;
	unsigned int len;
	int64_t ns;
};

/**
 * struct dat - a file being written.
 * @trace: of what
 * @fd: the file
 * @pages: to the second file
 * @page: by CPU
 * @nr_pages, @first: by CPU: its pages, and where in the file the next goes
 * @layout: of the events, by enum tracepoint
 * @payload: of a record whose event is not known
 * @written: payloads, but for the fields that all events have
 */
struct dat {
	const struct trace *trace;
	int fd;
	struct buffer *pages;
	struct dat_page *page;
	uint64_t *nr_pages, *first;
	struct dat_layout layout[NR_TRACEPOINTS];
	char payload[MAX_EVENT];
	struct trace_written written[NR_KNOWN];
};

static void *dat_open(const struct trace *trace, int fd, int scratch)
{
	struct dat *dat = g_new0(struct dat, 1);
	unsigned int nr_cpus = trace->kernel->config.nr_cpus;

	dat->trace = trace;
	dat->fd = fd;
	dat->pages = buffer_new(scratch);
	dat->page = g_new0(struct dat_page, nr_cpus);
	dat->nr_pages = g_new0(uint64_t, nr_cpus);
	dat->first = g_new0(uint64_t, nr_cpus);
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
	[FIELD_COMM] = store_comm,
	[FIELD_INT] = store_4,
	[FIELD_CPU] = store_4,
	[FIELD_LONG] = store_8,
	[FIELD_TIME] = store_8,
	[FIELD_ADDRESS] = store_8,
	[FIELD_FUNCTION] = store_function,
	[FIELD_CALLER] = store_caller,
	[FIELD_VECTOR] = store_4,
	[FIELD_NAMED] = store_4,
	[FIELD_STATE] = store_8,
	[FIELD_FLAGS] = store_4,
	[FIELD_STRING] = store_string,
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

static void page_flush(struct dat *dat, struct dat_page *page)
{
	if (!page->len)
		return;
	page->slot.head[1] = GUINT64_TO_LE(page->len);
	memset(page->slot.data + page->len, 0, PAGE_DATA - page->len);
	buffer_append(dat->pages, &page->slot, SLOT_SIZE);
	page->len = 0;
	dat->nr_pages[page->slot.cpu]++;
}

static void page_begin(struct dat_page *page, const struct trace_event *event)
{
	page->slot.cpu = event->cpu;
	page->slot.head[0] = GUINT64_TO_LE((uint64_t)event->ns);
	page->ns = event->ns;
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
	struct dat_page *page = &dat->page[event->cpu];
	char *p;

	if (page->len + len + RECORD_HEAD > PAGE_DATA)
		page_flush(dat, page);
	if (!page->len)
		page_begin(page, event);
	p = put_head(page->slot.data + page->len, len,
		     (uint64_t)(event->ns - page->ns));
	page->len =
		(unsigned int)(trace_copy(p, payload, len) - page->slot.data);
	put_common(dat, p, event);
	page->ns = event->ns;
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
	return dat->pages->error;
}

/* Whole slots from @offset of the second file, as many as fit into @slots.
 * Returns how many, or -1. */
static int read_slots(int fd, char *slots, size_t size, uint64_t offset)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = pread(fd, slots + done, size - done,
				  (off_t)(offset + done));

		if (n < 0 && errno != EINTR)
			return -1;
		if (n == 0)
			break;
		if (n > 0)
			done += (size_t)n;
	}
	return (int)(done / SLOT_SIZE);
}

static int move_page(struct dat *dat, const char *slot)
{
	uint64_t cpu, at;

	memcpy(&cpu, slot, sizeof(cpu));
	at = dat->first[cpu];
	dat->first[cpu] += DAT_PAGE_SIZE;
	return write_at(dat->fd, slot + sizeof(cpu), DAT_PAGE_SIZE, at);
}

/* From the second file to the first. */
static int move_pages(struct dat *dat)
{
	g_autofree char *slots = g_malloc(MOVED_PAGES * SLOT_SIZE);
	uint64_t offset = 0;
	int nr, error = 0;

	do {
		nr = read_slots(dat->pages->fd, slots, MOVED_PAGES * SLOT_SIZE,
				offset);
		if (nr < 0)
			return errno;
		for (int i = 0; i < nr && !error; i++)
			error = move_page(dat, slots + (size_t)i * SLOT_SIZE);
		offset += (uint64_t)nr * SLOT_SIZE;
	} while (nr && !error);
	return error;
}

static int write_file(struct dat *dat)
{
	g_autoptr(GString) header = NULL;
	int error;

	for (unsigned int i = 0; i < dat->trace->kernel->config.nr_cpus; i++)
		page_flush(dat, &dat->page[i]);
	error = buffer_flush(dat->pages);
	if (error)
		return error;
	header = dat_header(dat->trace, dat->nr_pages, dat->first);
	error = write_at(dat->fd, header->str, header->len, 0);
	return error ? error : move_pages(dat);
}

static int dat_close(void *state)
{
	struct dat *dat = state;
	int error = write_file(dat);

	g_free(dat->pages);
	g_free(dat->page);
	g_free(dat->nr_pages);
	g_free(dat->first);
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
