/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be watched.  No include guard: included once per use with another
 * DEBUG_TOPIC().
 */
DEBUG_TOPIC(preempt)
