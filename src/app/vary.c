/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From `--vary KEY=A,B` to variants.  In labels a key is told by its last part
 * ("preempt"), unless two keys that vary end alike.
 */
#include <config.h>

#include "preemptsim/app/vary.h"

#include <stdbool.h>
#include <string.h>

/* A key and its values. */
struct axis {
	char *key;
	const char *name; /* in labels */
	GPtrArray *values;
};

static void axis_free(void *data)
{
	struct axis *axis = data;

	g_free(axis->key);
	g_ptr_array_unref(axis->values);
	g_free(axis);
}

void variant_free(void *data)
{
	struct variant *variant = data;

	g_free(variant->label);
	g_free(variant->short_label);
	g_ptr_array_unref(variant->settings);
	g_free(variant);
}

static struct variant *variant_new(void)
{
	struct variant *variant = g_new0(struct variant, 1);

	variant->settings = g_ptr_array_new_with_free_func(g_free);
	return variant;
}

GPtrArray *vary_nothing(void)
{
	GPtrArray *variants = g_ptr_array_new_with_free_func(variant_free);

	g_ptr_array_add(variants, variant_new());
	return variants;
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

static struct axis *axis_new(const char *spec)
{
	struct axis *axis = g_new0(struct axis, 1);
	const char *equals = strchr(spec, '=');
	const char *value, *end, *dot;

	axis->key = g_strndup(spec, (size_t)(equals - spec));
	dot = strrchr(axis->key, '.');
	axis->name = dot ? dot + 1 : axis->key;
	axis->values = g_ptr_array_new_with_free_func(g_free);
	for (value = equals + 1;; value = end + 1) {
		char *text;

		end = value_end(value);
		text = g_strndup(value, (size_t)(end - value));
		g_ptr_array_add(axis->values, g_strstrip(text));
		if (!*end)
			return axis;
	}
}

/* Use whole keys where the last parts would be mistaken. */
static void tell_apart(const GPtrArray *axes)
{
	for (unsigned int i = 0; i < axes->len; i++) {
		for (unsigned int k = 0; k < i; k++) {
			struct axis *a = axes->pdata[i], *b = axes->pdata[k];
			const char *last = strrchr(b->key, '.');

			if (!g_str_equal(a->name, last ? last + 1 : b->key))
				continue;
			a->name = a->key;
			b->name = b->key;
		}
	}
}

static unsigned int nr_combinations(const GPtrArray *axes)
{
	unsigned int n = 1;

	for (unsigned int i = 0; i < axes->len && n <= VARIANTS_MAX; i++) {
		const struct axis *axis = axes->pdata[i];

		n *= MIN(axis->values->len, VARIANTS_MAX + 1);
	}
	return n;
}

/* The @number-th combination. */
static struct variant *combine(const GPtrArray *axes, unsigned int number)
{
	struct variant *variant = variant_new();
	g_autoptr(GString) label = g_string_new(NULL);
	const char *value = NULL;
	unsigned int below = nr_combinations(axes);

	for (unsigned int i = 0; i < axes->len; i++) {
		const struct axis *axis = axes->pdata[i];

		below /= axis->values->len;
		value = axis->values->pdata[number / below % axis->values->len];
		g_ptr_array_add(variant->settings,
				g_strconcat(axis->key, "=", value, NULL));
		g_string_append_printf(label, "%s%s=%s", i ? ", " : "",
				       axis->name, value);
	}
	variant->label = g_strdup(label->str);
	variant->short_label = g_strdup(
		axes->len == 1 && g_ascii_isalpha(*value) ? value : label->str);
	return variant;
}

GPtrArray *vary(const GPtrArray *specs)
{
	g_autoptr(GPtrArray) axes = g_ptr_array_new_with_free_func(axis_free);
	GPtrArray *variants;
	unsigned int n;

	for (unsigned int i = 0; i < specs->len; i++)
		g_ptr_array_add(axes, axis_new(specs->pdata[i]));
	tell_apart(axes);
	n = nr_combinations(axes);
	if (n > VARIANTS_MAX)
		return NULL;
	variants = g_ptr_array_new_with_free_func(variant_free);
	for (unsigned int i = 0; i < n; i++)
		g_ptr_array_add(variants, combine(axes, i));
	return variants;
}
