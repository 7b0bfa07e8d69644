/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * display: a screen that shows a frame at each vertical blank, and the step
 * that hands it one.
 *
 * One of its buffers is shown; the others are drawn in, or wait for their turn
 * in order.  At each interrupt, the vertical blank, the next one that waits is
 * shown, and the buffer that was shown is free; if none waits the frame is shown
 * once more, which is a missed frame.  Before the first one there is nothing to
 * be missed.  cf. drivers/gpu/drm/drm_vblank.c v6.12: drm_handle_vblank(),
 * drm_crtc_send_vblank_event(); drm_atomic_helper.c:
 * drm_atomic_helper_wait_for_vblanks().
 *
 * Left out: frames that replace one that waits (mailbox), tearing, and rates
 * that follow the frames.
 */
#include <config.h>

#include "step-private.h"

#include "preemptsim/workload/stream.h"

enum display_state {
	DISPLAY_BLANK, /* nothing has been shown yet */
	DISPLAY_SHOWS
};

const struct param stream_display_keys[] = {
	{ .name = "buffers",
	  .type = PARAM_INT,
	  .offset = offsetof(struct stream_conf, buffers),
	  .min = 2,
	  .max = 64,
	  .def = "2",
	  .help = "how many it has, the one that is shown among them" },
	{ .name = NULL },
};

static const char *display_refuse(const struct stream_conf *conf)
{
	(void)conf;
	return NULL;
}

static const char *display_missed(const struct stream_conf *conf)
{
	(void)conf;
	return "missed_frame";
}

static unsigned int back_buffers(const struct stream *stream)
{
	return (unsigned int)stream->conf.buffers - 1;
}

static void display_init(struct stream *stream)
{
	stream->state = DISPLAY_BLANK;
	stream->conf.least = 1;
	stream->room = back_buffers(stream);
}

static enum stream_outcome display_boundary(struct stream *stream, ktime_t now)
{
	if (stream->room < back_buffers(stream)) {
		stream_add_room(stream, now);
		stream->state = DISPLAY_SHOWS;
		return STREAM_TAKEN;
	}
	return stream->state == DISPLAY_SHOWS ? STREAM_MISSED : STREAM_IDLE;
}

const struct stream_kind stream_display = {
	.keys = stream_display_keys,
	.refuse = display_refuse,
	.missed = display_missed,
	.init = display_init,
	.boundary = display_boundary,
};

/*
 * Steps
 */

static void queue_flip(struct cpu *cpu, const struct op *op)
{
	(void)op;
	stream_use_room(stream_of(cpu), cpu);
}

/* Who gets a job for each free buffer has one when the next job begins. */
static bool needs_buffer(struct cpu *cpu)
{
	return stream_is_full(cpu) && !stream_releases(stream_of(cpu), cpu);
}

static const struct op flip_path[] = {
	WHILE(stream_is_full, stream_sleep_path),
	DO(queue_flip),
	WHILE(needs_buffer, stream_sleep_path),
	RET,
};

static void emit_flip(struct compiler *c, const struct step *step)
{
	compile_enter(c, "ioctl");
	compile_might_sleep(c);
	compile_call_with(c, flip_path, c->workload->drivers[step->ref].stream);
	compile_leave(c, "ioctl");
	compile_do(c, op_resume, NULL);
}

static const char *refuse_flip(const struct stream_conf *conf)
{
	return conf->kind == STREAM_display ?
		       NULL :
		       "it is no display; give it display:, as in {buffers: 2}";
}

extern const struct step_type step_type_flip;

const struct step_type step_type_flip = {
	.name = "flip",
	.summary =
		"hand a display the frame that has been drawn, and wait for a "
		"buffer for the next one",
	.where = IN_TASK,
	.value = VALUE(PARAM_STREAM, ref, "the display"),
	.example = "flip: screen",
	.takes_time = step_always,
	.refuse_stream = refuse_flip,
	.emit = emit_flip,
};
