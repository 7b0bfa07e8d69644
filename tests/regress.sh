#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What once was wrong: each scenario of tests/regress says in its first lines
# what must hold, and holds itself to it (expect:).

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

for scenario in "$src"/tests/regress/*.yaml; do
	run run "$scenario"
	report "$status" "$(basename "$scenario" .yaml)"
done
echo "1..$n"
