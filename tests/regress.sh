#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What once was wrong: each scenario of tests/regress says in its first lines
# what must hold, and holds itself to it (expect:).

set -u
src=${abs_top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
: "${PREEMPTSIM:=$src/preemptsim}"

n=0
for scenario in "$src"/tests/regress/*.yaml; do
	n=$((n + 1))
	name=$(basename "$scenario" .yaml)
	if log=$("$PREEMPTSIM" run "$scenario" 2>&1); then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		echo "$log" | sed 's/^/# /'
	fi
done
echo "1..$n"
