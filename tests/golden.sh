#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is said about the scenarios of tests/golden is, to the last byte, what
# stands beside them:
#
#	NAME.txt, NAME.json, NAME.csv, NAME.jobs	run NAME.yaml, by format
#	NAME.compare.txt				compare NAME.yaml
#	NAME.debug			run NAME.yaml --debug=preempt
#
# `UPDATE=1 tests/golden.sh` rewrites these files; look at the difference
# before you believe it.  For a new one `touch` it first.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

LC_ALL=C
export LC_ALL
unset NO_COLOR

# say FILE: what should stand in it, to stdout.  The version of the program
# is left out; that an expectation fails (status 3) is part of the report.
say() {
	name=${1%%.*}
	case $1 in
	*.compare.txt) set -- compare "$name.yaml" --blame=all ;;
	*.debug) set -- run "$name.yaml" --debug=preempt:"$tmp/debug" ;;
	*.txt) set -- run "$name.yaml" --verbose --explain=3 --blame=all ;;
	*) set -- run "$name.yaml" --format "${1##*.}" --blame=all ;;
	esac
	"$PREEMPTSIM" "$@" --no-host --color never 2>"$tmp/err" >"$tmp/out"
	status=$?
	case $* in
	*--debug*) cat "$tmp/debug" ;;
	*) sed 's/^\(  "version": \)"[^"]*"/\1"-"/' "$tmp/out" ;;
	esac
	test "$status" -eq 0 || test "$status" -eq 3
}

cd "$src/tests/golden" || exit 99
for file in *.txt *.json *.csv *.jobs *.debug; do
	test -f "$file" || continue
	say "$file" >"$tmp/new"
	status=$?
	if test -n "${UPDATE-}" && test "$status" -eq 0; then
		cmp -s "$file" "$tmp/new" || cp "$tmp/new" "$file" || exit 99
	fi
	echo "exit status $status" >"$tmp/log"
	test "$status" -eq 0 && diff -u "$file" "$tmp/new" >>"$tmp/log" 2>&1
	report $? "$file"
done
test "$n" -gt 0 || skip_all 'there are no golden files'
echo "1..$n"
