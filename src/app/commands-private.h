/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_COMMANDS_PRIVATE_H
#define PREEMPTSIM_APP_COMMANDS_PRIVATE_H

/* Declares every command of command-list.h: command_run, ... */

#include "preemptsim/app/app.h"

#define COMMAND(name) extern const struct command command_##name;
#include "command-list.h"
#undef COMMAND

#endif
