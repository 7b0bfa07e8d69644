#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# KernelShark opens a trace.dat and finds in it what it draws boxes about: in
# green from a task's wakeup to its running, in red while it is preempted.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

for tool in kernelshark xvfb-run import convert trace-cmd; do
	command -v $tool >/dev/null || skip_all "$tool is missing"
done

# A home of its own, in which it need not warn root first.
mkdir -p "$tmp/home/.cache/kernelshark" && chmod 700 "$tmp/home" || exit 99
printf '[General]\nnoRootWarn=true\n' \
	>"$tmp/home/.cache/kernelshark/setting.ini"

"$PREEMPTSIM" trace "$src/scenarios/audio-writer.yaml" -q \
	-o "$tmp/worst.dat" --around worst:player 2>"$tmp/log"
report $? "a trace about the worst latency"
# Its window has room for two tasks: who waits and whom it preempts.
preempted='writer/[01]:\([0-9]*\) .* R ==> player:\([0-9]*\)'
pids=$(trace-cmd report "$tmp/worst.dat" 2>/dev/null |
	sed -n "s|.* $preempted .*|\2,\1|p" | sed q)

# A box is white between two lines of its colour, one above the other; what is
# filled is something else.
cat >"$tmp/boxes.awk" <<-'EOF'
	BEGIN { FS = "[,:() ]+" }
	/^[0-9]/ {
		colour = ""
		if ($3 > 240 && $4 > 240 && $5 > 240)
			colour = "white"
		else if ($4 > 200 && $3 < 150 && $5 < 150)
			colour = "green"
		else if ($3 > 200 && $4 < 60 && $5 < 60)
			colour = "red"
		if (colour == "white" && line[$1] != "") {
			if (++height[$1] > 12)
				line[$1] = ""
			next
		}
		if (colour != "" && colour == line[$1] && height[$1] > 2)
			boxes[colour]++
		line[$1] = colour == "white" ? "" : colour
		height[$1] = 0
	}
	END { if (boxes["green"] && boxes["red"]) print "both" }
EOF

# Look at its window every half a second, until both boxes are there.
cat >"$tmp/look" <<-'END'
	kernelshark -i "$1/worst.dat" --pid "$2" >"$1/log" 2>&1 &
	pid=$!
	tries=0
	until test -s "$1/boxes" || test $((tries += 1)) -gt 60; do
		sleep 0.5
		kill -0 $pid || break
		import -window root "$1/screen.ppm"
		convert "$1/screen.ppm" -depth 8 txt:- |
			"$3" -f "$1/boxes.awk" >"$1/boxes"
	done
	kill $pid
END
HOME=$tmp/home XDG_RUNTIME_DIR=$tmp/home \
	KS_USER_CACHE_DIR=$tmp/home/.cache/kernelshark \
	xvfb-run -a -s '-screen 0 800x400x24' \
	sh "$tmp/look" "$tmp" "$pids" "$AWK" 2>>"$tmp/errors"
grep -q 'Loading .*worst.dat' "$tmp/log" && ! grep -q -i error "$tmp/log"
report $? "KernelShark loads it"
test -s "$tmp/boxes"
report $? "it draws wakeups in green and preempted tasks in red"

echo "1..$n"
