/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Formats of trace files: TRACE_FORMAT(name), in the order of `list'.  No
 * include guard.
 */
TRACE_FORMAT(dat)
TRACE_FORMAT(pftrace)
TRACE_FORMAT(txt)
