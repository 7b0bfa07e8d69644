/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Perfetto's trace: packets of ftrace events per CPU.
 *
 * Messages are put together by hand, as short as they can be: an event of them
 * takes less than half of what it does in text.
 */
#include <config.h>

#include "pf-private.h"

/* What goes into a word: all of two years. */
#define STAMP_MAX (UINT64_C(1) << 56)

/* In a register: who reads bytes at once that were written one by one waits. */
static void set_stamp(struct pftrace *pf, uint64_t ns)
{
	uint64_t bytes = 0, rest = ns;
	unsigned int shift = 0;

	for (; rest >= 0x80; rest >>= 7, shift += 8)
		bytes |= ((rest & 0x7f) | 0x80) << shift;
	bytes |= rest << shift;
	pf->ns = (int64_t)ns;
	pf->stamp = GUINT64_TO_LE(bytes);
	pf->stamp_len = shift / 8 + 1;
}

char *pf_put_stamp(char *p, struct pftrace *pf, int64_t ns)
{
	if (unlikely((uint64_t)ns >= STAMP_MAX))
		return put_varint(p, (uint64_t)ns);
	if (ns != pf->ns)
		set_stamp(pf, (uint64_t)ns);
	memcpy(p, &pf->stamp, sizeof(pf->stamp));
	return p + pf->stamp_len;
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

static char *put_said(char *p, struct pftrace *pf,
		      const struct trace_event *event)
{
	const struct trace_written *written = trace_written(pf->written, event);
	char *end;

	if (likely(written))
		return trace_copy(p, written->bytes, written->len);
	end = pf_put_message(p, pf, event);
	trace_write_down(pf->written, event, p, (size_t)(end - p));
	return end;
}

/* FtraceEventBundle.event: time stamp, pid, and what happened. */
static char *put_event(char *p, struct pftrace *pf,
		       const struct trace_event *event)
{
	char *message;

	*p++ = PROTO_KEY(2, WIRE_BYTES);
	message = p++;
	*p++ = PROTO_KEY(1, WIRE_VARINT);
	p = pf_put_stamp(p, pf, event->ns);
	*p++ = PROTO_KEY(2, WIRE_VARINT);
	p = put_varint(p, (uint64_t)event->curr->pid);
	return put_length(message, put_said(p, pf, event));
}

static int pf_event(void *state, const struct trace_event *event)
{
	struct pftrace *pf = state;
	const struct pf_event *how = &pf->event[event->id];
	struct bundle *bundle = &pf->bundle[event->cpu];
	char *end;

	if (unlikely(!pf->begun))
		pf_begin_window(pf);
	if (bundle->len + MAX_EVENT > BUNDLE_SIZE)
		bundle_flush(pf, event->cpu);
	end = put_event(bundle->data + bundle->len, pf, event);
	bundle->len = (unsigned int)(end - bundle->data);
	if (how->is_end)
		pf_write_slice(pf, event->cpu, how->stretch, how->off,
			       event->ns);
	else if (event->id == TP_print)
		pf_write_mark(pf, event);
	return pf->out->error;
}

static void *pf_open(const struct trace *trace, int fd, int scratch)
{
	struct pftrace *pf = g_new0(struct pftrace, 1);
	unsigned int nr_cpus = trace->kernel->config.nr_cpus;

	(void)scratch;
	pf->trace = trace;
	pf->out = buffer_new(fd);
	pf->ns = -1;
	pf->bundle = g_new(struct bundle, nr_cpus);
	pf->tracks = g_new0(struct cpu_tracks, nr_cpus);
	for (unsigned int i = 0; i < nr_cpus; i++)
		pf->bundle[i].len = 0;
	pf_write_head(pf);
	pf_prepare_events(pf);
	pf_prepare_tracks(pf);
	return pf;
}

static int pf_close(void *state)
{
	struct pftrace *pf = state;
	int error;

	if (!pf->begun && pf->trace->sim->now >= pf->trace->from)
		pf_begin_window(pf);
	for (unsigned int i = 0; i < pf->trace->kernel->config.nr_cpus; i++)
		bundle_flush(pf, i);
	pf_write_tasks(pf);
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
