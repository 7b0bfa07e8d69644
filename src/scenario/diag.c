/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages about a scenario: kept with their places, then sorted, freed of
 * doubles (a mistake behind an anchor is found at each of its aliases) and
 * spelled as compilers do.
 */
#include <config.h>

#include <string.h>

#include "diag-private.h"
#include "preemptsim/base/text.h"

static void diag_free(gpointer data)
{
	struct diag *diag = data;

	g_ref_string_release(diag->file);
	g_free(diag->text);
	g_free(diag);
}

/** diags_init - no messages yet. */
void diags_init(struct diags *diags)
{
	*diags = (struct diags){
		.list = g_ptr_array_new_with_free_func(diag_free),
		.overrides = g_ptr_array_new_with_free_func(
			(GDestroyNotify)g_ref_string_release),
		.tried = g_ptr_array_new(),
	};
}

/** diags_clear - free what diags_init() and the messages took. */
void diags_clear(struct diags *diags)
{
	g_clear_pointer(&diags->list, g_ptr_array_unref);
	g_clear_pointer(&diags->overrides, g_ptr_array_unref);
	g_clear_pointer(&diags->tried, g_ptr_array_unref);
}

/** diags_suggest - is it still worth while to look for what was meant? */
bool diags_suggest(const struct diags *diags)
{
	return diags->list->len < DIAGS_SUGGEST_MAX;
}

/**
 * diags_add_override - the next override begins.
 * @diags: its messages come behind all so far
 * @label: stands for the file in its messages; a reference is taken
 * @tried: its value is tried out
 */
void diags_add_override(struct diags *diags, char *label, bool tried)
{
	g_ptr_array_add(diags->overrides, g_ref_string_acquire(label));
	if (tried)
		g_ptr_array_add(diags->tried, label);
}

/* Labels are compared by address: two overrides may read the same. */
static unsigned int order_of(const struct diags *diags, const char *file)
{
	guint i;

	if (g_ptr_array_find(diags->overrides, file, &i))
		return i + 1;
	return 0;
}

static void add(struct diags *diags, const struct diag *place,
		const char *format, va_list args)
{
	struct diag *diag;

	diags->errors += !place->warning;
	if (diags->list->len >= DIAGS_MAX) {
		diags->dropped++;
		return;
	}
	diag = g_new(struct diag, 1);
	*diag = *place;
	g_ref_string_acquire(diag->file);
	diag->order = order_of(diags, diag->file);
	diag->sequence = diags->list->len;
	diag->text = text_printable(g_strdup_vprintf(format, args));
	g_ptr_array_add(diags->list, diag);
}

/**
 * diag_error - something is wrong.
 * @diags: takes the message; if @at is cut, there is one already, which counts
 *         once more
 * @at: the node at which it is
 * @format: "what is wrong; what would be right"
 */
void diag_error(struct diags *diags, const struct ynode *at, const char *format,
		...)
{
	struct diag place = { .file = at->file,
			      .line = at->line,
			      .column = at->column };
	va_list args;

	if (at->cut) {
		diags->errors++;
		return;
	}
	va_start(args, format);
	add(diags, &place, format, args);
	va_end(args);
}

/** diag_warning - as diag_error(), but the scenario can be simulated. */
void diag_warning(struct diags *diags, const struct ynode *at,
		  const char *format, ...)
{
	struct diag place = { .file = at->file,
			      .line = at->line,
			      .column = at->column,
			      .warning = true };
	va_list args;

	va_start(args, format);
	add(diags, &place, format, args);
	va_end(args);
}

/** diag_error_at - as diag_error(), at a place where there is no node. */
void diag_error_at(struct diags *diags, char *file, int line, int column,
		   const char *format, ...)
{
	struct diag place = { .file = file, .line = line, .column = column };
	va_list args;

	va_start(args, format);
	add(diags, &place, format, args);
	va_end(args);
}

static int compare(gconstpointer pa, gconstpointer pb)
{
	const struct diag *a = *(const struct diag *const *)pa;
	const struct diag *b = *(const struct diag *const *)pb;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

static bool same(const struct diag *a, const struct diag *b)
{
	return a->line == b->line && a->column == b->column &&
	       !strcmp(a->file, b->file) && !strcmp(a->text, b->text);
}

static char *spell(const struct diag *diag)
{
	const char *level = diag->warning ? "warning" : "error";

	if (!diag->line)
		return g_strdup_printf("%s: %s: %s", diag->file, level,
				       diag->text);
	return g_strdup_printf("%s:%d:%d: %s: %s", diag->file, diag->line,
			       diag->column, level, diag->text);
}

static char *spell_dropped(const struct diags *diags)
{
	const struct diag *first = diags->list->pdata[0];

	return g_strdup_printf("%s: %s: %u more messages are not shown",
			       first->file, diags->errors ? "error" : "warning",
			       diags->dropped);
}

/**
 * diags_report - spell all messages in the order of the text.
 * @diags: stays as it is, but for the order
 * @out: GPtrArray of char *, which get appended; NULL is fine
 */
void diags_report(struct diags *diags, GPtrArray *out)
{
	const struct diag *last = NULL;

	if (!out)
		return;
	g_ptr_array_sort(diags->list, compare);
	for (guint i = 0; i < diags->list->len; i++) {
		const struct diag *diag = diags->list->pdata[i];

		if (!last || !same(last, diag))
			g_ptr_array_add(out, spell(diag));
		last = diag;
	}
	if (diags->dropped)
		g_ptr_array_add(out, spell_dropped(diags));
}
