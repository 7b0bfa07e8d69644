/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pcm: a sound card, and the steps that write to it and read from it.
 *
 * It has a ring of periods.  At each interrupt one has been played, which is
 * free from then on, and the card goes on with the next; if there is none, that
 * is an underrun, and the card stops.  The write that comes next prepares it
 * anew, and it starts at the interrupt after so many periods have been written
 * as its start threshold says.  Recording is the same with full and empty
 * exchanged: it is an overrun if there is no empty period to go on with, the
 * next read throws away what is there, and recording goes on at the next
 * interrupt.  cf. sound/core/pcm_lib.c v6.12: snd_pcm_update_state(), xrun(),
 * __snd_pcm_lib_xfer(), where `room' is called avail; pcm_native.c:
 * snd_pcm_prepare().
 *
 * Left out: less than a period at a time, stop_threshold (it is the whole
 * ring), draining, and that a stopped card does not interrupt: its clock goes
 * on here, so that the same interrupts come whatever a task does.
 */
#include <config.h>

#include "step-private.h"

#include "preemptsim/workload/stream.h"

enum pcm_state {
	PCM_PREPARED, /* too little has been written to start */
	PCM_ARMED,    /* it starts at the next interrupt */
	PCM_RUNNING,
	PCM_XRUN /* stopped */
};

enum pcm_direction {
	PCM_PLAYBACK,
	PCM_CAPTURE
};

static const struct choice *direction_choice(unsigned int i)
{
	static const struct choice choices[] = {
		[PCM_PLAYBACK] = { "playback", "it plays what is written" },
		[PCM_CAPTURE] = { "capture", "it records what is read" },
	};

	return i < G_N_ELEMENTS(choices) ? &choices[i] : NULL;
}

const struct param stream_pcm_keys[] = {
	{ .name = "stream",
	  .type = PARAM_CHOICE,
	  .offset = offsetof(struct stream_conf, choice),
	  .choices = direction_choice,
	  .def = "playback",
	  .help = "what it does" },
	{ .name = "periods",
	  .type = PARAM_INT,
	  .offset = offsetof(struct stream_conf, buffers),
	  .min = 2,
	  .max = 4096,
	  .def = "2",
	  .help = "how many periods its ring has" },
	{ .name = "start_threshold",
	  .type = PARAM_INT,
	  .offset = offsetof(struct stream_conf, start),
	  .min = 1,
	  .max = 4096,
	  .help = "with how many periods written it starts to play; all by "
		  "default" },
	{ .name = "avail_min",
	  .type = PARAM_INT,
	  .offset = offsetof(struct stream_conf, least),
	  .min = 1,
	  .max = 4096,
	  .def = "1",
	  .help = "how many periods have to be free, or recorded, before a task "
		  "is woken" },
	{ .name = NULL },
};

static const char *pcm_refuse(const struct stream_conf *conf)
{
	if (conf->start > conf->buffers)
		return "so much never fits into the ring; 'start_threshold' is "
		       "at most 'periods'";
	if (conf->least >= conf->buffers || conf->buffers % conf->least)
		return "'avail_min' must be a part of the ring: half of "
		       "'periods', a third, and so on";
	return NULL;
}

static const char *pcm_missed(const struct stream_conf *conf)
{
	return conf->choice == PCM_CAPTURE ? "overrun" : "underrun";
}

static bool records(const struct stream *stream)
{
	return stream->conf.choice == PCM_CAPTURE;
}

static void pcm_init(struct stream *stream)
{
	stream->state = records(stream) ? PCM_ARMED : PCM_PREPARED;
	stream->room = records(stream) ? 0 : (unsigned int)stream->conf.buffers;
}

static enum stream_outcome pcm_boundary(struct stream *stream, ktime_t now)
{
	if (stream->state == PCM_ARMED) {
		stream->state = PCM_RUNNING;
		return STREAM_TAKEN;
	}
	if (stream->state != PCM_RUNNING)
		return STREAM_IDLE;
	stream_add_room(stream, now);
	if (stream->room < stream->conf.buffers)
		return STREAM_TAKEN;
	stream->state = PCM_XRUN;
	return STREAM_MISSED;
}

static const char *const pcm_like[][2] = {
	{ "start_threshold", "periods" },
	{ NULL, NULL },
};

const struct stream_kind stream_pcm = {
	.keys = stream_pcm_keys,
	.like = pcm_like,
	.refuse = pcm_refuse,
	.missed = pcm_missed,
	.init = pcm_init,
	.boundary = pcm_boundary,
};

/*
 * Steps
 */

/* What was written before an underrun has been played. */
static void write_end(struct cpu *cpu, const struct op *op)
{
	struct stream *stream = stream_of(cpu);

	(void)op;
	if (stream->state == PCM_XRUN)
		stream->state = PCM_PREPARED;
	stream_use_room(stream, cpu);
	if (stream->state == PCM_PREPARED &&
	    stream->room + stream->conf.start <= stream->conf.buffers)
		stream->state = PCM_ARMED;
}

static const struct op write_path[] = {
	WHILE(stream_is_full, stream_sleep_path),
	DO(write_end),
	RET,
};

/* Jobs that were released for what is thrown away find nothing to read. */
static void read_begin(struct cpu *cpu, const struct op *op)
{
	struct stream *stream = stream_of(cpu);

	if (stream->state == PCM_XRUN) {
		stream->state = PCM_ARMED;
		stream->lost = stream_releases(stream, cpu) ? stream->room : 0;
		stream->room = 0;
		stream->since = KTIME_MAX;
	}
	if (!stream->lost)
		return;
	stream->lost--;
	op_ret(cpu, op);
}

static void read_end(struct cpu *cpu, const struct op *op)
{
	(void)op;
	stream_use_room(stream_of(cpu), cpu);
}

static const struct op read_path[] = {
	DO(read_begin),
	WHILE(stream_is_full, stream_sleep_path),
	DO(read_end),
	RET,
};

static void emit_pcm(struct compiler *c, const struct step *step,
		     const struct op *path)
{
	compile_enter(c, "ioctl");
	compile_might_sleep(c);
	compile_call_with(c, path, c->workload->drivers[step->ref].stream);
	compile_leave(c, "ioctl");
	compile_do(c, op_resume, NULL);
}

static void emit_pcm_write(struct compiler *c, const struct step *step)
{
	emit_pcm(c, step, write_path);
}

static void emit_pcm_read(struct compiler *c, const struct step *step)
{
	emit_pcm(c, step, read_path);
}

static const char *refuse_write(const struct stream_conf *conf)
{
	if (conf->kind != STREAM_pcm)
		return "it is no sound card; give it pcm:, as in {periods: 2}";
	return conf->choice == PCM_CAPTURE ? "it records; take pcm_read" : NULL;
}

static const char *refuse_read(const struct stream_conf *conf)
{
	if (conf->kind != STREAM_pcm)
		return "it is no sound card; give it pcm:, as in "
		       "{stream: capture}";
	return conf->choice == PCM_PLAYBACK ? "it plays; take pcm_write" : NULL;
}

extern const struct step_type step_type_pcm_write, step_type_pcm_read;

const struct step_type step_type_pcm_write = {
	.name = "pcm_write",
	.summary = "write a period to a sound card, when there is room for it",
	.where = IN_TASK,
	.value = VALUE(PARAM_STREAM, ref, "the sound card"),
	.example = "pcm_write: soundcard",
	.takes_time = step_always,
	.refuse_stream = refuse_write,
	.emit = emit_pcm_write,
};

const struct step_type step_type_pcm_read = {
	.name = "pcm_read",
	.summary = "read a period from a sound card, when it has recorded one",
	.where = IN_TASK,
	.value = VALUE(PARAM_STREAM, ref, "the sound card"),
	.example = "pcm_read: microphone",
	.takes_time = step_always,
	.refuse_stream = refuse_read,
	.emit = emit_pcm_read,
};
