/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TRACE_PF_PRIVATE_H
#define PREEMPTSIM_TRACE_PF_PRIVATE_H

/*
 * Shared by the parts of the writer for Perfetto.  Field numbers are those of
 * Perfetto's protos/perfetto/trace.
 */

#include "buffer-private.h"
#include "proto-private.h"
#include "trace-private.h"

/* What of a CPU's events becomes one packet. */
#define BUNDLE_SIZE 16384u

/* Which writer a packet is from: of ftrace, or of our own tracks. */
#define SEQUENCE_FTRACE 1
#define SEQUENCE_TRACKS 2

/**
 * struct bundle - events of a CPU that wait to become a packet.
 */
struct bundle {
	unsigned int len;
	char data[BUNDLE_SIZE];
};

/** enum stretch - what a CPU's tracks show. */
enum stretch {
	STRETCH_PREEMPT_OFF,
	STRETCH_IRQS_OFF,
	NR_STRETCHES
};

/**
 * struct encoded - bytes that are the same each time.
 */
struct encoded {
	unsigned int len;
	char bytes[32];
};

/**
 * struct cpu_tracks - a CPU's own tracks.
 * @is_off: preemption was, or interrupts were, before the window
 * @slice: packets after their time stamp, [1]: where one begins
 */
struct cpu_tracks {
	bool is_off[NR_STRETCHES];
	struct encoded slice[NR_STRETCHES][2];
};

struct pftrace;

/** encode_fn - put a field's value into a message. */
typedef char *(*encode_fn)(char *p, const struct pftrace *pf,
			   const struct event_field *field,
			   const union field_value *value);

/**
 * struct pf_field - how a field is encoded.
 * @key: its number and wire type
 * @encode: NULL: it is left out
 */
struct pf_field {
	uint32_t key;
	encode_fn encode;
};

/**
 * struct pf_event - how an event is encoded.
 * @key: of its message, in FtraceEvent
 * @field: of the event
 * @is_end: a stretch that is shown begins or ends with it
 * @stretch, @off: which, and which of both
 */
struct pf_event {
	uint32_t key;
	struct pf_field field[MAX_FIELDS];
	bool is_end, off;
	enum stretch stretch;
};

/**
 * struct pftrace - a file being written.
 * @trace: of what
 * @out: to where
 * @bundle, @tracks: by CPU
 * @begun: the window has, and with it what was off by then
 * @ns, @stamp: the last instant, and that as put_varint() puts it, @stamp_len
 *              bytes
 * @event: by enum tracepoint
 * @written: what happened, as a field of FtraceEvent
 */
struct pftrace {
	const struct trace *trace;
	struct buffer *out;
	struct bundle *bundle;
	struct cpu_tracks *tracks;
	bool begun;
	int64_t ns;
	unsigned int stamp_len;
	uint64_t stamp;
	struct pf_event event[NR_TRACEPOINTS];
	struct trace_written written[NR_KNOWN];
};

/** pf_put_stamp - put the instant @ns. */
char *pf_put_stamp(char *p, struct pftrace *pf, int64_t ns);

/* Packets at the beginning and the end, see pf-head.c. */

/** pf_write_packet, pf_write_message - write @packet, or a packet that has one
 * message, as field @number. */
void pf_write_packet(struct pftrace *pf, const GString *packet);
void pf_write_message(struct pftrace *pf, unsigned int number,
		      const GString *message);

/** pf_write_head - clocks and the system; the first packets. */
void pf_write_head(struct pftrace *pf);

/** pf_write_tasks - the names of all tasks that have been met. */
void pf_write_tasks(struct pftrace *pf);

/* How events are encoded, see pf-event.c. */

/** pf_prepare_events - find out, and write what events that Perfetto does not
 * know consist of. */
void pf_prepare_events(struct pftrace *pf);

/** pf_put_message - put what happened, as a field of FtraceEvent. */
char *pf_put_message(char *p, const struct pftrace *pf,
		     const struct trace_event *event);

/* Tracks of our own, see pf-track.c. */

/** pf_prepare_tracks - write what tracks there are. */
void pf_prepare_tracks(struct pftrace *pf);

/** pf_begin_window - write what is off when it begins. */
void pf_begin_window(struct pftrace *pf);

/** pf_write_slice - write that a stretch begins or ends on @cpu. */
void pf_write_slice(struct pftrace *pf, unsigned int cpu, enum stretch stretch,
		    bool off, int64_t ns);

/** pf_write_mark - write the instant of a mark. */
void pf_write_mark(struct pftrace *pf, const struct trace_event *event);

#endif
