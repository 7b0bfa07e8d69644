/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What fields of events hold.
 *
 * FIELD_TYPE(id, declaration, size, is_signed, format, argument): how it is
 * declared in an event's format (%s is its name), its bytes there, and how that
 * format prints it: with what conversions, and of what (%s is its name; NULL:
 * only the name of its value is printed).  No include guard.
 */
FIELD_TYPE(COMM, "char %s[16]", 16, 0, "%s", "REC->%s")
FIELD_TYPE(INT, "int %s", 4, 1, "%d", "REC->%s")
FIELD_TYPE(CPU, "int %s", 4, 1, "%03d", "REC->%s")
FIELD_TYPE(LONG, "long %s", 8, 1, "%ld", "REC->%s")
FIELD_TYPE(TIME, "s64 %s", 8, 1, "%llu", "REC->%s")
FIELD_TYPE(ADDRESS, "void * %s", 8, 0, "0x%lx", "(unsigned long)REC->%s")
FIELD_TYPE(HEX, "unsigned long %s", 8, 0, "0x%lx", "REC->%s")
FIELD_TYPE(FUNCTION, "void * %s", 8, 0, "%ps", "(void *)REC->%s")
FIELD_TYPE(CALLER, "s32 %s", 4, 1, "%ps",
	   "(void *)((unsigned long)(_stext) + REC->%s)")
FIELD_TYPE(VECTOR, "unsigned int %s", 4, 0, "%u [action=%s]", "REC->%s")
FIELD_TYPE(NAMED, "int %s", 4, 1, "%s", NULL)
FIELD_TYPE(STATE, "long %s", 8, 1, "%s", NULL)
FIELD_TYPE(FLAGS, "unsigned int %s", 4, 0, "%s", NULL)
FIELD_TYPE(STRING, "__data_loc char[] %s", 4, 0, "%s", "__get_str(%s)")
FIELD_TYPE(TEXT, "char %s[]", 0, 0, "%s", "REC->%s")
