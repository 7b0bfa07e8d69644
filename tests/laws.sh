#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The laws of tests/laws as a user sees them: each format of each scenario has
# the same bytes twice, also in memory filled with something else; an export
# beside others is what stdout would be; and a comparison shows of each build
# what a run of that build alone shows.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

# simulate COMMAND SCENARIO ARGUMENT...: a part of it, to stdout.  That it is
# too short for what is expected of it (status 3) does not matter.
simulate() {
	command=$1
	scenario=$2
	shift 2
	"$PREEMPTSIM" "$command" "$scenario" --no-host -q -d 321987654ns \
		-s warmup=20ms "$@" 2>>"$tmp/log"
	status=$?
	test "$status" -eq 0 || test "$status" -eq 3 && return
	echo "exit status $status" >>"$tmp/log"
	return 1
}

# same FILE FILE: they are equal; otherwise the first differences are logged.
same() {
	cmp -s "$1" "$2" && return
	diff "$1" "$2" | head -n 10 >>"$tmp/log"
	return 1
}

# formats SCENARIO: each format twice, and as an export.
formats() {
	for format in text json csv cyclictest jobs; do
		simulate run "$1" --format $format >"$tmp/1" || return
		(MALLOC_PERTURB_=90 simulate run "$1" --format $format \
			>"$tmp/2") || return
		same "$tmp/1" "$tmp/2" || return
		simulate run "$1" --export $format="$tmp/3" \
			--export csv="$tmp/4" --format text >"$tmp/2" || return
		same "$tmp/1" "$tmp/3" || return
	done
}

# comparison SCENARIO: the rows of each build are those of its own run.
comparison() {
	simulate compare "$1" --vary kernel.preempt=none,voluntary,full,lazy \
		--format csv >"$tmp/all" || return
	for model in none voluntary full lazy; do
		simulate run "$1" -s kernel.preempt=$model --format csv |
			sed -n '2,$p' >"$tmp/1"
		sed -n "s/^preempt=$model,//p" "$tmp/all" |
			grep -v '^differences,' >"$tmp/2"
		test -s "$tmp/1" && same "$tmp/1" "$tmp/2" || return
	done
}

# Scenarios may refer to files beside them.
for folder in scenarios tests/laws tests/golden; do
	cd "$src/$folder" 2>/dev/null || continue
	for scenario in *.yaml; do
		test -f "$scenario" || continue
		: >"$tmp/log"
		formats "$scenario"
		report $? "$folder/$scenario: the same bytes"
		: >"$tmp/log"
		comparison "$scenario"
		report $? "$folder/$scenario: a comparison is its runs"
	done
done
echo "1..$n"
