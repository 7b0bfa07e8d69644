#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the objects of one floor need is not defined on a floor above.  Finds a
# call upwards through a declaration that was written by hand, which
# tests/layers.sh can't see.  One test per floor.

set -u
cd "${abs_top_builddir:-.}" || exit 99
: "${NM:=nm}" "${AWK:=awk}"
: "${PREEMPTSIM_OBJECTS:=$(find src -name '*.o')}"

# OBJECT TYPE SYMBOL for each external symbol of each object.
symbols() {
	for object in $PREEMPTSIM_OBJECTS; do
		$NM -P -g "$object" | sed "s|^\([^ ]*\) \(.\).*|$object \2 \1|"
	done
}

list=$(symbols)
if test -z "$list"; then
	echo '1..0 # SKIP nm sees no symbols'
	exit 0
fi

# shellcheck disable=SC2016
printf '%s\n' "$list" | "$AWK" '
BEGIN {
	nr_floors = split("base engine machine kernel workload monitor " \
			  "measure trace scenario report sweep app", floors)
	for (i = 1; i <= nr_floors; i++)
		rank[floors[i]] = i
}

# src/FLOOR/... by its folder; what lies in src itself is main.
function floor_of(object, part) {
	return split(object, part, "/") == 2 ? "app" : part[2]
}

{
	floor = floor_of($1)
	if (!(floor in rank))
		strays = strays "# " $1 ": on no known floor\n"
}

$2 ~ /[Uwv]/ {
	user[++nr_uses] = $1
	used[nr_uses] = $3
	next
}

{
	home[$3] = floor
	definer[$3] = $1
}

END {
	for (i = 1; i <= nr_uses; i++) {
		if (!(used[i] in home))
			continue
		floor = floor_of(user[i])
		if (rank[home[used[i]]] > rank[floor])
			faults[floor] = faults[floor] "# " user[i] " needs " \
				used[i] " of " definer[used[i]] "\n"
	}
	for (i = 1; i <= nr_floors; i++)
		printf "%sok %d - %s\n%s", faults[floors[i]] ? "not " : "", \
		       i, floors[i], faults[floors[i]]
	printf "%sok %d - each object is on a floor\n%s", \
	       strays ? "not " : "", nr_floors + 1, strays
	printf "1..%d\n", nr_floors + 1
}
'
