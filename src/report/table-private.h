/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_TABLE_PRIVATE_H
#define PREEMPTSIM_REPORT_TABLE_PRIVATE_H

/*
 * Tables of text with aligned columns.
 */

#include <glib.h>
#include <stdbool.h>

#include "preemptsim/report/fact.h"

/** enum style - how a text looks on a terminal with colour. */
enum style {
	STYLE_PLAIN,
	STYLE_HEAD,
	STYLE_BAD,
	STYLE_GOOD,
	STYLE_DIM
};

/** style_text - append @text in @style, plain if @color is false. */
void style_text(GString *out, enum style style, bool color, const char *text);

struct table;

/** table_new - an empty table; table_print() frees it. */
struct table *table_new(void);

/** table_group - the columns added from now on stand under @title (static). */
void table_group(struct table *table, const char *title);

/**
 * table_unit - the columns added from now on, until it is called again, are
 * not parted by table_print_within().
 */
void table_unit(struct table *table);

/** table_left - add a column of texts, title and cells to the left. */
void table_left(struct table *table, const char *title);

/** table_right - add a column of numbers, title and cells to the right. */
void table_right(struct table *table, const char *title);

/** table_cell - the next cell; rows fill from left to right, top to bottom. */
void table_cell(struct table *table, enum style style, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/** table_text - the next cell; takes @text. */
void table_text(struct table *table, enum style style, char *text);

/** table_value - the next cell: @value as people read it. */
void table_value(struct table *table, enum style style,
		 const struct value *value);

/** table_row_done - fill the row that was begun with empty cells. */
void table_row_done(struct table *table);

/** table_print - append @table to @out, two spaces in, and free it. */
void table_print(struct table *table, GString *out, bool color);

/**
 * table_print_within - likewise, but in blocks of at most @width columns of the
 * terminal, if its units fit, one below the other.  Each begins with the
 * table's columns that are of no unit, of which there are some, and not only
 * they.
 */
void table_print_within(struct table *table, GString *out, bool color,
			unsigned int width);

#endif
