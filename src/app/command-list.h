/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands, in the order in which help tells them. */
COMMAND(run)
COMMAND(compare)
COMMAND(trace)
COMMAND(sweep)
COMMAND(merge)
COMMAND(plot)
COMMAND(check)
COMMAND(list)
COMMAND(schema)
COMMAND(help)
