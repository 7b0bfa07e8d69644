#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A file of one floor includes only headers of its own floor and of the floors
# below, and a *-private.h is included only on the floor where it lives.  One
# test per floor.  See tests/layers-nm.sh for what gets past #include.

set -u
src=${abs_top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}

cd "$src" || exit 99
files=$(find include src -name '*.[ch]' | sort)

# shellcheck disable=SC2016,SC2086
exec "${AWK:-awk}" '
BEGIN {
	nr_floors = split("base engine machine kernel workload monitor " \
			  "measure trace scenario report sweep app", floors)
	for (i = 1; i <= nr_floors; i++)
		rank[floors[i]] = i

	for (i = 1; i < ARGC; i++)
		known[ARGV[i]] = 1
	if (ARGC == 1) {
		print "1..0 # SKIP there are no sources"
		exit
	}
}

# The floor of a path from the top folder; "" if it is on none.
function floor_of(path, part) {
	if (path == "src/main.c")
		return "app"
	sub(/^(src|include\/preemptsim)\//, "", path)
	split(path, part, "/")
	return part[1] in rank ? part[1] : ""
}

# The path without "." and "x/.." in it.
function tidied(path) {
	gsub(/\/(\.\/)+/, "/", path)
	while (match(path, /[^\/]+\/\.\.\//))
		path = substr(path, 1, RSTART - 1) \
		       substr(path, RSTART + RLENGTH)
	return path
}

# Which of our files `#include NAME` in FILE means; "" for a foreign one.
function resolved(name, file, dir, where) {
	dir = file
	sub(/[^\/]*$/, "", dir)
	where = tidied(dir name)
	if (where in known)
		return where
	where = tidied("include/" name)
	if (where in known || name ~ /^preemptsim\//)
		return where
	where = tidied("src/" name)
	return where in known ? where : ""
}

function fault(floor, text) {
	faults[floor] = faults[floor] "# " FILENAME ":" FNR ": " text "\n"
}

FNR == 1 {
	mine = floor_of(FILENAME)
	if (mine == "")
		strays = strays "# " FILENAME ": on no known floor\n"
}

/^[ \t]*#[ \t]*include[ \t]*["<]/ && mine != "" {
	name = $0
	sub(/^[^"<]*["<]/, "", name)
	sub(/[">].*/, "", name)
	target = resolved(name, FILENAME)
	if (target == "")
		next

	theirs = floor_of(target)
	if (theirs == "")
		fault(mine, name " is on no known floor")
	else if (rank[theirs] > rank[mine])
		fault(mine, name " is above (" theirs ")")
	else if (theirs != mine && target ~ /-private\.h$/)
		fault(mine, name " is private to " theirs)
}

END {
	if (ARGC == 1)
		exit
	for (i = 1; i <= nr_floors; i++)
		printf "%sok %d - %s\n%s", faults[floors[i]] ? "not " : "", \
		       i, floors[i], faults[floors[i]]
	printf "%sok %d - each file is on a floor\n%s", strays ? "not " : "", \
	       nr_floors + 1, strays
	printf "1..%d\n", nr_floors + 1
}
' $files
