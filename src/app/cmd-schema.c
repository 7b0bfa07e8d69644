/* SPDX-License-Identifier: GPL-2.0-or-later */
/* preemptsim schema: the JSON Schema of a scenario, for editors. */
#include <config.h>

#include "commands-private.h"
#include "preemptsim/app/output.h"
#include "preemptsim/scenario/doc.h"

static int schema_main(const struct options *options G_GNUC_UNUSED)
{
	g_autofree char *schema = scenario_schema();
	g_autoptr(GString) text = g_string_new(schema);

	if (text->len && text->str[text->len - 1] != '\n')
		g_string_append_c(text, '\n');
	return output_stdout(text) ? STATUS_DONE : STATUS_ERROR;
}

const struct command command_schema = {
	.name = "schema",
	.summary = "print the JSON Schema of a scenario, for editors",
	.usage = "",
	.details = "Prints the JSON Schema of a scenario.  Editors that check "
		   "YAML as it is typed\n"
		   "take it, for example by a first line in the scenario:\n\n"
		   "  # yaml-language-server: $schema=preemptsim.schema.json",
	.main = schema_main,
};
