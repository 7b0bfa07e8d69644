/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices that a task has to keep up with.
 *
 * STREAM_KIND(name, missed, taken, idle, "what it is"): a key of devices, and
 * what reports call the instants at which nothing was there, something was,
 * and nothing had to be.  No include guard: included once per use with another
 * STREAM_KIND().
 */
STREAM_KIND(pcm, xruns, periods, silent,
	    "a sound card that plays from a ring of periods, one at each "
	    "interrupt, or records into it")
STREAM_KIND(display, missed_frames, frames, blank,
	    "a screen that shows a frame at each interrupt, the last one once "
	    "more if there is no new one")
