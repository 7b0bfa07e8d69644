# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# What the test scripts have in common; they begin by reading it.  It gives
# them the source folder $src, the program, a folder $tmp of their own that
# vanishes in the end, and the words below.  Who prints "1..$n" in the end
# speaks TAP.

set -u
src=${abs_top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
: "${PREEMPTSIM:=$src/preemptsim}" "${AWK:=awk}" "${CC:=cc}"

tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM

n=0

# report STATUS TEXT: a line of TAP, with what was said when it failed.
report() {
	n=$((n + 1))
	if test "$1" -eq 0; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		sed 's/^/# /' "$tmp/log" "$tmp/out" "$tmp/err" 2>/dev/null |
			head -n 60
	fi
}

# skip TEXT WHY: a line of TAP for what can't be tested here.
skip() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# skip_all WHY: nothing of the script can be tested here.
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# run ARGUMENT...: the program; its status goes to $status.
run() {
	"$PREEMPTSIM" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	status=$?
}

# ends STATUS TEXT: did the last run end so?
ends() {
	test "$status" -eq "$1"
	report $? "$2 (status $status, expected $1)"
}

# out PATTERN, err PATTERN: did it say so?
out() {
	grep -q -e "$1" "$tmp/out"
	report $? "stdout has '$1'"
}

err() {
	grep -q -e "$1" "$tmp/err"
	report $? "stderr has '$1'"
}

# two_tasks FILE: a scenario for sweeps, of which a second takes next to nothing.
two_tasks() {
	cat >"$1" <<'END'
name: two
duration: 100ms
seed: 1
machine: {cpus: 1}
tasks:
  high:
    policy: fifo
    priority: 50
    every: 5ms
    do: [run: {uniform: [500us, 2ms]}]
  low:
    policy: fifo
    priority: 40
    every: 10ms
    do: [run: {exponential: 2ms}]
END
}
