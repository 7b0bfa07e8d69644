/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Formats of reports, in the order in which help tells them. */
REPORT_FORMAT(text)
REPORT_FORMAT(json)
REPORT_FORMAT(csv)
REPORT_FORMAT(cyclictest)
REPORT_FORMAT(jobs)
