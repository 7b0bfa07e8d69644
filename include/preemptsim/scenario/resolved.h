/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scenario with every default filled in, written out again.
 */
#ifndef PREEMPTSIM_SCENARIO_RESOLVED_H
#define PREEMPTSIM_SCENARIO_RESOLVED_H

#include <json-glib/json-glib.h>

#include "preemptsim/scenario/model.h"
#include "preemptsim/scenario/yaml.h"

char *scenario_to_yaml(const struct scenario *scenario);
void scenario_to_json(const struct scenario *scenario, JsonBuilder *json);

char *ynode_to_yaml(const struct ynode *node);
void ynode_to_json(const struct ynode *node, JsonBuilder *json);

#endif /* PREEMPTSIM_SCENARIO_RESOLVED_H */
