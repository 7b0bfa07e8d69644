#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What depends on the kind of a thing is in one place: the values of an enum
# are `case`s in one file of src/ only.  Who is about to write the second
# switch over an enum wants a table of operations.  One test per enum; a
# `case` line which says "kinds: ok" (and why) does not count.

set -u
src=${abs_top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}

cd "$src" || exit 99
files=$(find include src -name '*.[ch]' | sort)

# shellcheck disable=SC2016,SC2086
exec "${AWK:-awk}" '
# Remember to which enum a value belongs.
/^(static |typedef )?enum [a-z_0-9]* *\{/ {
	tag = $0
	sub(/ *\{.*/, "", tag)
	sub(/.*enum /, "", tag)
	inside = 1
}

inside && /^[ \t]+[A-Z][A-Z0-9_]*[ \t]*(,|=|$)/ {
	value = $1
	sub(/[^A-Z0-9_].*/, "", value)
	enum_of[value] = tag
}

/^\}/ {
	inside = 0
}

/^[ \t]*case [A-Z][A-Z0-9_]*:/ && !/kinds: ok/ {
	value = $2
	sub(/:.*/, "", value)
	uses[++nr_uses] = value
	where[nr_uses] = FILENAME
}

END {
	for (i = 1; i <= nr_uses; i++) {
		if (!(uses[i] in enum_of))
			continue
		tag = enum_of[uses[i]]
		if (!(tag in files)) {
			order[++nr_enums] = tag
			files[tag] = ""
		}
		if ((tag, where[i]) in seen)
			continue
		seen[tag, where[i]] = 1
		files[tag] = files[tag] " " where[i]
		count[tag]++
	}
	for (i = 1; i <= nr_enums; i++) {
		tag = order[i]
		if (count[tag] == 1)
			printf "ok %d - enum %s\n", i, tag
		else
			printf "not ok %d - enum %s\n# switched on in%s\n", \
			       i, tag, files[tag]
	}
	if (nr_enums == 0)
		print "1..0 # SKIP there is no switch over an enum"
	else
		printf "1..%d\n", nr_enums
}
' $files </dev/null
