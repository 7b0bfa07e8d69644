/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings from the command line.
 */
#ifndef PREEMPTSIM_SCENARIO_OVERRIDE_PRIVATE_H
#define PREEMPTSIM_SCENARIO_OVERRIDE_PRIVATE_H

#include "diag-private.h"
#include "preemptsim/scenario/yaml.h"

void override_apply(struct ynode *root, const char *setting,
		    struct diags *diags);
void override_apply_node(struct ynode *root, const char *path,
			 const struct ynode *at, const struct ynode *value,
			 struct diags *diags);

#endif /* PREEMPTSIM_SCENARIO_OVERRIDE_PRIVATE_H */
