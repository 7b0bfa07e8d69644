/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_FORMATS_PRIVATE_H
#define PREEMPTSIM_REPORT_FORMATS_PRIVATE_H

/* Declares every format of format-list.h: format_text, format_json, ... */

#include "preemptsim/report/format.h"

#define REPORT_FORMAT(name) extern const struct report_format format_##name;
#include "format-list.h"
#undef REPORT_FORMAT

#endif
