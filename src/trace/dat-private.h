/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TRACE_DAT_PRIVATE_H
#define PREEMPTSIM_TRACE_DAT_PRIVATE_H

/*
 * trace.dat: what its header and its records have to agree on.
 */

#include "trace-private.h"

#define DAT_PAGE_SIZE 4096u

/* A record begins with common_type, common_flags, common_preempt_count and
 * common_pid. */
#define DAT_COMMON_SIZE 8u

/* The number of ftrace's own print; the others follow in our order. */
#define DAT_PRINT_ID 5u
#define DAT_FIRST_ID 300u

/**
 * struct dat_layout - where an event's fields are.
 * @id: common_type
 * @size: bytes of its fixed part
 * @offset: of each field
 */
struct dat_layout {
	uint16_t id;
	unsigned int size;
	unsigned int offset[MAX_FIELDS];
};

/** dat_layout - lay out the event number @id. */
struct dat_layout dat_layout(enum tracepoint id);

/** dat_field_size - bytes of a field in the fixed part. */
unsigned int dat_field_size(enum field_type type);

/**
 * struct dat_place - where a CPU's pages are.
 * @nr_pages: how many
 * @at: the file's offset of the first one
 */
struct dat_place {
	uint64_t nr_pages, at;
};

/**
 * dat_header - all of the file before its pages.
 * @place: of each CPU; receives @at
 *
 * Returns bytes up to a page boundary; g_string_free() it.
 */
GString *dat_header(const struct trace *trace, struct dat_place *place);

#endif
