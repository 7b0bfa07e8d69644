#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each header under include/ compiles alone (behind config.h, as everywhere),
# even twice in a row, and is guarded by PREEMPTSIM_<FLOOR>_<NAME>_H.  A
# *-list.h is exempt: it has no guard and means something only where it is
# included.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
: "${CFLAGS:=}" "${CPPFLAGS:=-I$src/include}"

# The name of the guard that a header (path below include/) should have.
guard_of() {
	printf '%s\n' "$1" | tr 'a-z/.-' 'A-Z___'
}

# Say why the header at $1 does not have the guard $2; nothing when it has.
guard_fault() {
	ifndef=$(sed -n 's/^#[ \t]*ifndef[ \t]\{1,\}//p' "$1" | head -n 1)
	define=$(sed -n 's/^#[ \t]*define[ \t]\{1,\}\([A-Za-z0-9_]*\).*/\1/p' \
		"$1" | head -n 1)
	if test "$ifndef" != "$2" || test "$define" != "$2"; then
		echo "the guard should be $2, not '$ifndef' and '$define'"
	fi
}

# A source file that has nothing but the header $1.
including() {
	cat <<-EOF
		#ifdef HAVE_CONFIG_H
		#include <config.h>
		#endif
		#include "$1"
		#include "$1"
	EOF
}

cd "$src/include" || exit 99
headers=$(find . -name '*.h' ! -name '*-list.h' | sed 's|^\./||' | sort)
cd - >/dev/null || exit 99

test -n "$headers" || skip_all 'there are no headers'

for header in $headers; do
	fault=$(guard_fault "$src/include/$header" "$(guard_of "$header")")
	# shellcheck disable=SC2086
	if test -z "$fault"; then
		fault=$(including "$header" |
			$CC $CPPFLAGS $CFLAGS -fsyntax-only -x c - 2>&1) &&
			fault=
	fi
	printf '%s\n' "$fault" >"$tmp/log"
	test -z "$fault"
	report $? "$header"
done
echo "1..$n"
