/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Axes: lists of values, and what all axes have in common.
 */
#include <config.h>

#include "preemptsim/sweep/axis.h"

#include <string.h>

#include "axis-private.h"
#include "preemptsim/scenario/setting.h"
#include "quantity-private.h"

#define PS_PER_NS 1000

void axis_free(void *data)
{
	struct axis *axis = data;

	g_free(axis->key);
	g_ptr_array_unref(axis->values);
	g_free(axis);
}

/* Where the value that begins at @text ends: at a comma outside of brackets. */
static const char *value_end(const char *text)
{
	int depth = 0;
	char quote = '\0';

	for (; *text; text++) {
		if (quote) {
			if (*text == quote)
				quote = '\0';
		} else if (strchr("\"'", *text)) {
			quote = *text;
		} else if (strchr("[{", *text)) {
			depth++;
		} else if (strchr("]}", *text)) {
			depth--;
		} else if (*text == ',' && depth <= 0) {
			break;
		}
	}
	return text;
}

/* The last part of @key. */
static const char *last_part(const char *key)
{
	const char *dot = strrchr(key, '.');

	return dot ? dot + 1 : key;
}

struct axis *axis_new(const char *key, size_t n)
{
	struct axis *axis = g_new0(struct axis, 1);

	axis->key = g_strndup(key, n);
	axis->name = last_part(axis->key);
	axis->values = g_ptr_array_new_with_free_func(g_free);
	return axis;
}

struct axis *axis_copy(const struct axis *axis)
{
	struct axis *copy = axis_new(axis->key, strlen(axis->key));

	copy->option = axis->option;
	for (unsigned int i = 0; i < axis->values->len; i++)
		g_ptr_array_add(copy->values, g_strdup(axis_value(axis, i)));
	return copy;
}

struct axis *axis_list(const char *spec)
{
	const char *equals = strchr(spec, '=');
	struct axis *axis = axis_new(spec, (size_t)(equals - spec));
	const char *value, *end;

	for (value = equals + 1;; value = end + 1) {
		char *text;

		end = value_end(value);
		text = g_strndup(value, (size_t)(end - value));
		g_ptr_array_add(axis->values, g_strstrip(text));
		if (!*end)
			return axis;
	}
}

void axes_tell_apart(const GPtrArray *axes)
{
	for (unsigned int i = 0; i < axes->len; i++) {
		for (unsigned int k = 0; k < i; k++) {
			struct axis *a = axes->pdata[i], *b = axes->pdata[k];

			if (!g_str_equal(last_part(a->key), last_part(b->key)))
				continue;
			a->name = a->key;
			b->name = b->key;
		}
	}
}

const char *axis_value(const struct axis *axis, unsigned int i)
{
	return axis->values->pdata[i];
}

char *axis_setting(const struct axis *axis, unsigned int i, bool any)
{
	char *text = g_strconcat(axis->key, "=", axis_value(axis, i), NULL);
	g_autofree char *label = NULL;
	char *setting;

	if (!axis->option)
		return text;
	label = g_strconcat(axis->option, " ", any ? axis->key : text, NULL);
	setting = setting_new_tried(label, text);
	g_free(text);
	return setting;
}

static bool is_whole_ns(const char *text)
{
	struct quantity q;

	return quantity_parse(text, &q) && q.kind == QUANTITY_TIME &&
	       q.n % PS_PER_NS == 0;
}

const char *axis_twice(const struct axis *axis)
{
	for (unsigned int i = 0; i < axis->values->len; i++)
		for (unsigned int k = 0; k < i; k++)
			if (g_str_equal(axis_value(axis, i),
					axis_value(axis, k)))
				return axis_value(axis, i);
	return NULL;
}

bool axis_is_times(const struct axis *axis)
{
	for (unsigned int i = 0; i < axis->values->len; i++)
		if (!is_whole_ns(axis_value(axis, i)))
			return false;
	return true;
}

int64_t axis_value_ns(const struct axis *axis, unsigned int i)
{
	struct quantity q = { 0 };

	quantity_parse(axis_value(axis, i), &q);
	return q.n / PS_PER_NS;
}

void axis_warn_lost(const char *key, const GPtrArray *settings,
		    GPtrArray *messages)
{
	size_t n = strlen(key);

	for (unsigned int i = 0; i < settings->len; i++) {
		const char *text = setting_text(settings->pdata[i]);
		g_autofree char *label = NULL;

		if (strcspn(text, "=") != n || strncmp(text, key, n) != 0)
			continue;
		label = setting_label(settings->pdata[i]);
		g_ptr_array_add(messages,
				g_strdup_printf("%s: warning: it gives way to "
						"the values of '%s' that are "
						"tried out",
						label, key));
	}
}
