#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A trace of ten million events is read back whole, and needs no more memory to
# be written than a short one.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

command -v trace-cmd >/dev/null || skip_all 'trace-cmd is missing'
# The file, and for a while its pages once more.
if test "$(df -Pk "$tmp" | "$AWK" 'END { print $4 }')" -lt 1000000; then
	skip_all 'less than 1 GB is free'
fi

# The text goes through a pipe, to be counted while it is written.
count_text() {
	"$AWK" '
	/^#/ { next }
	{
		match($0, /\[[0-9]+\] /)
		cpu = substr($0, RSTART + 1, RLENGTH - 3) + 0
		match($0, /[0-9]: [a-z_]+: /)
		count[cpu " " substr($0, RSTART + 3, RLENGTH - 5)]++
	}
	END { for (event in count) print event, count[event] }' | sort
}

$CC -o "$tmp/peak" "$src/tests/bench/bench-run.c" 2>"$tmp/log" ||
	skip_all 'no compiler'

# traced DURATION: trace that much to long.dat and, as text, through a pipe.  Its
# events go to $events, the KiB it had in memory to $peak.
traced() {
	mkfifo "$tmp/long.txt" || exit 99
	count_text <"$tmp/long.txt" >"$tmp/text" &
	# A sanitizer's frames of functions that returned would be measured, too.
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_stack_use_after_return=0 \
		"$tmp/peak" "$PREEMPTSIM" run \
		"$src/tests/bench/audio.yaml" -d "$1" \
		-v -q --no-blame --trace "$tmp/long.txt" \
		--trace "$tmp/long.dat" \
		>/dev/null 2>"$tmp/log"
	status=$?
	wait
	rm -f "$tmp/long.txt"
	events=$(sed -n 's/ events traced$//p' "$tmp/log")
	peak=$("$AWK" 'END { print $2 }' "$tmp/log")
}

traced 2s
short=$peak
traced 170s
test "$status" -eq 0 && test "$((peak - short))" -lt 2048
report $? "memory does not grow with a trace ($short KiB, $peak KiB)"
test "${events:-0}" -ge 10000000
report $? "a trace of ten million events (${events:-none})"

trace-cmd report -N "$tmp/long.dat" 2>"$tmp/log" | grep -v -c '^cpus=' \
	>"$tmp/read"
test "$(cat "$tmp/read")" -eq "${events:-0}" && ! test -s "$tmp/log"
report $? "trace-cmd reads all of them ($(cat "$tmp/read"))"

# shellcheck disable=SC2046
if pkg-config --exists libtracecmd 2>/dev/null &&
	$CC -o "$tmp/dat-counts" "$src/tests/trace/dat-counts.c" \
		$(pkg-config --cflags --libs libtracecmd) 2>"$tmp/log"; then
	"$tmp/dat-counts" "$tmp/long.dat" 2>"$tmp/log" | sort >"$tmp/read"
	test -s "$tmp/text" && ! test -s "$tmp/log" &&
		cmp "$tmp/text" "$tmp/read" >"$tmp/log" 2>&1
	report $? "libtracecmd finds as many of each event on each CPU"
else
	skip 'libtracecmd counts' 'libtracecmd is missing'
fi

echo "1..$n"
