/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_JSON_H
#define PREEMPTSIM_REPORT_JSON_H

/*
 * JSON as text, for programs and for diffs.
 */

#include <json-glib/json-glib.h>

/**
 * json_print - append @node as text and a newline.
 *
 * Objects have a line per member; arrays stand on one line unless there is an
 * object in them, so that a histogram's bins don't take thousands of lines.
 * Numbers read back as exactly what they are.
 */
void json_print(JsonNode *node, GString *out);

#endif
