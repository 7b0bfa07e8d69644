/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables of text with aligned columns.
 *
 * All cells are collected first, then columns are made as wide as their widest
 * cell and set apart by two spaces.  Columns of one group stand under a common
 * title.  A table that is too wide goes on below, with its first columns again;
 * no cell is ever cut, and no line ends in spaces.
 */
#include <config.h>

#include "table-private.h"

#include <string.h>

#define GAP 2

struct column {
	const char *group; /* NULL: none */
	char *title;
	bool right;
	int width;
	unsigned int unit;
};

struct cell {
	char *text;
	enum style style;
	int width;
};

struct table {
	GArray *columns;
	GArray *cells; /* row by row */
	const char *group;
	unsigned int unit;
};

/**
 * struct block - columns that are printed side by side.
 * @keys: the first ones of the table
 * @from, @to: and these, without @to
 */
struct block {
	unsigned int keys, from, to;
};

void style_text(GString *out, enum style style, bool color, const char *text)
{
	static const char *const code[] = {
		[STYLE_PLAIN] = NULL,	  [STYLE_HEAD] = "\033[1m",
		[STYLE_BAD] = "\033[31m", [STYLE_GOOD] = "\033[32m",
		[STYLE_DIM] = "\033[2m",
	};

	if (color && code[style])
		g_string_append_printf(out, "%s%s\033[0m", code[style], text);
	else
		g_string_append(out, text);
}

static void column_clear(void *data)
{
	struct column *column = data;

	g_free(column->title);
}

static void cell_clear(void *data)
{
	struct cell *cell = data;

	g_free(cell->text);
}

struct table *table_new(void)
{
	struct table *table = g_new0(struct table, 1);

	table->columns = g_array_new(FALSE, FALSE, sizeof(struct column));
	g_array_set_clear_func(table->columns, column_clear);
	table->cells = g_array_new(FALSE, FALSE, sizeof(struct cell));
	g_array_set_clear_func(table->cells, cell_clear);
	return table;
}

static void table_free(struct table *table)
{
	g_array_unref(table->columns);
	g_array_unref(table->cells);
	g_free(table);
}

static struct column *column_at(const struct table *table, unsigned int i)
{
	return &g_array_index(table->columns, struct column, i);
}

/* Columns that a text takes on a terminal. */
static int text_width(const char *text)
{
	return (int)g_utf8_strlen(text, -1);
}

void table_group(struct table *table, const char *title)
{
	table->group = title;
}

void table_unit(struct table *table)
{
	table->unit++;
}

static void add_column(struct table *table, const char *title, bool right)
{
	struct column column = {
		.group = table->group,
		.title = g_strdup(title),
		.right = right,
		.width = text_width(title),
		.unit = table->unit,
	};

	g_array_append_val(table->columns, column);
}

void table_left(struct table *table, const char *title)
{
	add_column(table, title, false);
}

void table_right(struct table *table, const char *title)
{
	add_column(table, title, true);
}

static void add_cell(struct table *table, enum style style, char *text)
{
	struct cell cell = { text, style, text_width(text) };
	struct column *column;

	column = column_at(table, table->cells->len % table->columns->len);
	column->width = MAX(column->width, cell.width);
	g_array_append_val(table->cells, cell);
}

void table_text(struct table *table, enum style style, char *text)
{
	add_cell(table, style, text);
}

void table_cell(struct table *table, enum style style, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_cell(table, style, g_strdup_vprintf(format, args));
	va_end(args);
}

void table_value(struct table *table, enum style style,
		 const struct value *value)
{
	char buf[VALUE_TEXT_MAX];

	if (value->known && value->unit == UNIT_TEXT)
		add_cell(table, style, g_strdup(value->text));
	else
		add_cell(table, style,
			 g_strdup(value_format(buf, sizeof(buf), value)));
}

void table_row_done(struct table *table)
{
	while (table->cells->len % table->columns->len)
		add_cell(table, STYLE_PLAIN, g_strdup(""));
}

static void pad(GString *out, int n)
{
	while (n-- > 0)
		g_string_append_c(out, ' ');
}

static void trim_line(GString *out)
{
	size_t len = out->len;

	while (len && out->str[len - 1] == ' ')
		len--;
	g_string_truncate(out, len);
	g_string_append_c(out, '\n');
}

/* Columns from @first on that are of the same group. */
static unsigned int group_end(const struct table *table, unsigned int first)
{
	const char *group = column_at(table, first)->group;
	unsigned int i = first;

	while (i < table->columns->len && column_at(table, i)->group == group)
		i++;
	return i;
}

static void print_dashes(GString *out, int n)
{
	while (n-- > 0)
		g_string_append_c(out, '-');
}

/* The title of a group across all its columns. */
static void print_group(GString *out, const char *title, int width)
{
	int dashes = width - text_width(title) - 2;

	if (dashes < 2) {
		g_string_append(out, title);
		pad(out, width - text_width(title));
		return;
	}
	print_dashes(out, dashes / 2);
	g_string_append_printf(out, " %s ", title);
	print_dashes(out, dashes - dashes / 2);
}

/*
 * A group's title may be wider than its columns: the last of them then takes
 * what is missing.
 */
static void widen_groups(struct table *table)
{
	unsigned int end;

	for (unsigned int i = 0; i < table->columns->len; i = end) {
		struct column *last;
		int width = -GAP;

		end = group_end(table, i);
		last = column_at(table, end - 1);
		if (!last->group)
			continue;
		for (unsigned int k = i; k < end; k++)
			width += column_at(table, k)->width + GAP;
		last->width += MAX(0, text_width(last->group) - width);
	}
}

/* The column behind the @i-th in @block. */
static unsigned int next_column(const struct block *block, unsigned int i)
{
	return i + 1 == block->keys ? block->from : i + 1;
}

static bool has_groups(const struct table *table, const struct block *block)
{
	for (unsigned int i = 0; i < block->to; i = next_column(block, i))
		if (column_at(table, i)->group)
			return true;
	return false;
}

static void print_groups(const struct table *table, const struct block *block,
			 GString *out)
{
	unsigned int i = 0;

	if (!has_groups(table, block))
		return;
	while (i < block->to) {
		const char *title = column_at(table, i)->group;
		int width = -GAP;

		do {
			width += column_at(table, i)->width + GAP;
			i = next_column(block, i);
		} while (i < block->to && column_at(table, i)->group == title);
		pad(out, GAP);
		if (title)
			print_group(out, title, width);
		else
			pad(out, width);
	}
	trim_line(out);
}

static void print_cell(GString *out, const struct column *column,
		       const struct cell *cell, bool color)
{
	int space = column->width - cell->width;

	pad(out, GAP);
	if (column->right)
		pad(out, space);
	if (*cell->text)
		style_text(out, cell->style, color, cell->text);
	if (!column->right)
		pad(out, space);
}

static void print_titles(const struct table *table, const struct block *block,
			 GString *out, bool color)
{
	for (unsigned int i = 0; i < block->to; i = next_column(block, i)) {
		const struct column *column = column_at(table, i);
		struct cell title = { column->title, STYLE_HEAD,
				      text_width(column->title) };

		print_cell(out, column, &title, color);
	}
	trim_line(out);
}

static void print_row(const struct table *table, const struct block *block,
		      GString *out, unsigned int row, bool color)
{
	unsigned int n = table->columns->len;

	for (unsigned int i = 0; i < block->to; i = next_column(block, i)) {
		const struct cell *cell;

		cell = &g_array_index(table->cells, struct cell, row * n + i);
		print_cell(out, column_at(table, i), cell, color);
	}
	trim_line(out);
}

static void print_block(const struct table *table, const struct block *block,
			GString *out, bool color)
{
	unsigned int rows = table->cells->len / table->columns->len;

	print_groups(table, block, out);
	print_titles(table, block, out, color);
	for (unsigned int row = 0; row < rows; row++)
		print_row(table, block, out, row, color);
}

/* Columns from @first on that are of the same unit, and how wide they are. */
static unsigned int unit_end(const struct table *table, unsigned int first,
			     int *width)
{
	unsigned int unit = column_at(table, first)->unit, i = first;

	*width = 0;
	for (; i < table->columns->len && column_at(table, i)->unit == unit;
	     i++)
		*width += GAP + column_at(table, i)->width;
	return i;
}

/* As many units as fit, but at least one. */
static void fill_block(const struct table *table, struct block *block,
		       int space)
{
	unsigned int end;
	int width;

	block->to = unit_end(table, block->from, &width);
	space -= width;
	while (block->to < table->columns->len) {
		end = unit_end(table, block->to, &width);
		if (width > space)
			return;
		space -= width;
		block->to = end;
	}
}

static void print_blocks(const struct table *table, GString *out, bool color,
			 int width)
{
	struct block block = { 0 };
	int keys;

	block.to = block.keys = unit_end(table, 0, &keys);
	while (block.to < table->columns->len) {
		if (block.to > block.keys)
			g_string_append_c(out, '\n');
		block.from = block.to;
		fill_block(table, &block, width - keys);
		print_block(table, &block, out, color);
	}
}

void table_print(struct table *table, GString *out, bool color)
{
	struct block all = { .to = table->columns->len };

	widen_groups(table);
	print_block(table, &all, out, color);
	table_free(table);
}

void table_print_within(struct table *table, GString *out, bool color,
			unsigned int width)
{
	widen_groups(table);
	print_blocks(table, out, color, (int)MIN(width, G_MAXINT));
	table_free(table);
}
