#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each wrong scenario in tests/golden/errors gets exactly the messages that
# stand beside it in NAME.txt, and exit status 1.  NAME.args has options, if
# there are any.  `tests/errors.sh --update` rewrites the messages.

set -u
src=${abs_top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
: "${PREEMPTSIM:=$src/preemptsim}"

tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM

LC_ALL=C
export LC_ALL

# check NAME: messages to $tmp/out; fails unless the exit status is 1 and
# nothing is on stdout.
check() {
	args=
	test -f "$1.args" && args=$(cat "$1.args")
	# Options are separated by blanks, and hold no patterns.
	set -f
	# shellcheck disable=SC2086
	"$PREEMPTSIM" check "$1.yaml" $args >"$tmp/stdout" 2>"$tmp/out"
	status=$?
	set +f
	test "$status" -eq 1 && test ! -s "$tmp/stdout"
}

cd "$src/tests/golden/errors" || exit 99

if test "${1-}" = --update; then
	for file in *.yaml; do
		name=${file%.yaml}
		check "$name" || echo "$name: exit status $status" >&2
		cp "$tmp/out" "$name.txt" || exit 1
	done
	exit 0
fi

n=0
for file in *.yaml; do
	name=${file%.yaml}
	n=$((n + 1))
	: >"$tmp/diff"
	if check "$name" && diff -u "$name.txt" "$tmp/out" >"$tmp/diff"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		echo "# exit status $status"
		sed 's/^/# /' "$tmp/diff" "$tmp/stdout"
	fi
done
echo "1..$n"
