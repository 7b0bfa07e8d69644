/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading YAML text into a tree of nodes.
 */
#ifndef PREEMPTSIM_SCENARIO_YAML_PRIVATE_H
#define PREEMPTSIM_SCENARIO_YAML_PRIVATE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "diag-private.h"
#include "preemptsim/scenario/yaml.h"

/* No scenario file is longer than this, in bytes. */
#define YAML_BYTES_MAX (16u << 20)

/* No tree has more nodes than this, with all aliases replaced. */
#define YAML_NODES_MAX 250000u

/* No tree is deeper than this. */
#define YAML_DEPTH_MAX 64u

bool yaml_read_file(const char *path, char *label, GString *out,
		    struct diags *diags);
struct ynode *yaml_load(const char *data, size_t len, char *label,
			bool has_lines, struct diags *diags);
void yaml_merge(struct ynode *root, struct diags *diags);

#endif /* PREEMPTSIM_SCENARIO_YAML_PRIVATE_H */
