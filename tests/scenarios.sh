#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each scenario that is shipped is valid and, resolved, resolves to itself with
# all of its builds, and its first 200 ms run twice to the same bytes.  The second run finds other values in memory that nobody
# set, so that their use would show.  What it expects holds in the whole of it.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

# run_into FILE SCENARIO: simulate a little of the scenario, which may be too
# little for what it expects.
run_into() {
	"$PREEMPTSIM" run "$2" --seed 1 -d 200ms --no-host -q --format json \
		>"$1" 2>>"$tmp/log"
	set -- $?
	test "$1" -eq 0 || test "$1" -eq 3 && return
	echo "exit status $1" >>"$tmp/log"
	return 1
}

# same_bytes SCENARIO: two runs of it succeed and say the same.
same_bytes() {
	: >"$tmp/log"
	run_into "$tmp/1" "$1" &&
		(MALLOC_PERTURB_=90 run_into "$tmp/2" "$1") &&
		cmp "$tmp/1" "$tmp/2" >>"$tmp/log" 2>&1
}

# same_resolved SCENARIO: with every default filled in it is still valid, and
# nothing is left to be filled in.
same_resolved() {
	"$PREEMPTSIM" check --print-resolved "$1" >"$tmp/1.yaml" 2>"$tmp/log" &&
		"$PREEMPTSIM" check --print-resolved "$tmp/1.yaml" \
			>"$tmp/2.yaml" 2>>"$tmp/log" &&
		cmp "$tmp/1.yaml" "$tmp/2.yaml" >>"$tmp/log" 2>&1
}

# Run in the folder of the scenarios, to which their own paths refer.
cd "$src/scenarios" 2>/dev/null || skip_all 'there is no folder scenarios'
for scenario in *.yaml; do
	test -f "$scenario" || continue
	"$PREEMPTSIM" check "$scenario" >"$tmp/log" 2>&1
	report $? "check $scenario"
	same_resolved "$scenario"
	report $? "$scenario resolves to itself"
	same_bytes "$scenario"
	report $? "run $scenario twice"
	grep -q '^expect:' "$scenario" || continue
	"$PREEMPTSIM" run "$scenario" >"$tmp/log" 2>&1
	report $? "what $scenario expects"
done
# What preempt-count.yaml says that the word is at which instant, it is.
"$PREEMPTSIM" run preempt-count.yaml --debug=preempt 2>"$tmp/lines" >"$tmp/1"
sed -n 's/.*# at *\([0-9]*\) us: .*-> \([0-9]*\)$/\1 \2/p' \
	preempt-count.yaml >"$tmp/words"
: >"$tmp/log"
while read -r us word; do
	grep -q "^ *$((us * 1000))\( .*\)* [^ ]* -> $word " "$tmp/lines" ||
		echo "at $us us it is not $word" >>"$tmp/log"
done <"$tmp/words"
test -s "$tmp/words" && ! test -s "$tmp/log"
report $? "the words in preempt-count.yaml"
test "$n" -gt 0 || skip_all 'there are no scenarios'
echo "1..$n"
