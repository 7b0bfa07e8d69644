#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each wrong scenario in tests/golden/errors gets exactly the messages that
# stand beside it in NAME.txt, and exit status 1.  NAME.args has options, if
# there are any.  `tests/errors.sh --update` rewrites the messages.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

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
	{ echo "exit status $status"; cat "$tmp/stdout"; } >"$tmp/log"
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

for file in *.yaml; do
	name=${file%.yaml}
	check "$name" && diff -u "$name.txt" "$tmp/out" >>"$tmp/log"
	report $? "$name"
done
echo "1..$n"
