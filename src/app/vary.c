/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From `--vary KEY=A,B` to variants.  In labels a key is told by its last part
 * ("preempt"), unless two keys that vary end alike.
 */
#include <config.h>

#include "preemptsim/app/vary.h"

#include "preemptsim/sweep/axis.h"

static void variant_free(void *data)
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
	unsigned int below = nr_combinations(axes), at;

	for (unsigned int i = 0; i < axes->len; i++) {
		const struct axis *axis = axes->pdata[i];

		below /= axis->values->len;
		at = number / below % axis->values->len;
		value = axis_value(axis, at);
		g_ptr_array_add(variant->settings,
				axis_setting(axis, at, false));
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

	for (unsigned int i = 0; i < specs->len; i++) {
		struct axis *axis = axis_list(specs->pdata[i]);

		axis->option = "--vary";
		g_ptr_array_add(axes, axis);
	}
	axes_tell_apart(axes);
	n = nr_combinations(axes);
	if (n > VARIANTS_MAX)
		return NULL;
	variants = g_ptr_array_new_with_free_func(variant_free);
	for (unsigned int i = 0; i < n; i++)
		g_ptr_array_add(variants, combine(axes, i));
	return variants;
}

GPtrArray *vary_builds(const GPtrArray *builds)
{
	GPtrArray *variants = g_ptr_array_new_with_free_func(variant_free);

	for (unsigned int i = 0; i < builds->len; i++) {
		const char *name = builds->pdata[i];
		struct variant *variant = variant_new();

		variant->label = g_strdup(name);
		variant->short_label = g_strdup(name);
		g_ptr_array_add(variant->settings,
				g_strconcat("build='", name, "'", NULL));
		g_ptr_array_add(variants, variant);
	}
	return variants;
}

GPtrArray *vary_default(void)
{
	g_autoptr(GPtrArray) specs = g_ptr_array_new();

	g_ptr_array_add(specs, (char *)"kernel.preempt=none,full");
	return vary(specs);
}
