#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The plug-in that comes along builds against the header that is installed, by
# what pkg-config says, and does what it says; one that is wrong is told so by
# name.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

command -v "${CC%% *}" >/dev/null || skip_all 'no compiler'

template=$src/examples/sched-template.c
mkdir "$tmp/include" && mkdir "$tmp/include/preemptsim" &&
	cp "$src/include/preemptsim/kernel/sched-plugin.h" "$tmp/include/preemptsim" ||
	exit 99

cat >"$tmp/hogs.yaml" <<'END' || exit 99
duration: 9s
kernel: {hz: 1000, fair: template}
machine: {costs: zero}
plugins: [good.so]
tasks:
  a: {loop: [run: 100ms]}
  b: {loop: [run: 100ms]}
  c: {loop: [run: 7ms, sleep: 3ms]}
  d: {start: 1s, once: [run: 10ms]}
expect:
  - d.cpu == 10ms
END

# build NAME [SED-SCRIPT]: the template with a change.
build() {
	sed "${2-}" "$template" >"$tmp/$1.c" || exit 99
	$CC -Wall -Wextra -Werror -Wno-unused-function -shared -fPIC \
		-I"$tmp/include" -o "$tmp/$1.so" "$tmp/$1.c" >"$tmp/out" 2>&1
}

# refuses NAME TEXT: running it fails and says TEXT.
refuses() {
	"$PREEMPTSIM" run --plugin "$tmp/$1.so" -s plugins=null \
		"$tmp/hogs.yaml" >"$tmp/out" 2>&1
	status=$?
	test "$status" -gt 0 && test "$status" -lt 70 &&
		grep -F -- "$2" "$tmp/out" >/dev/null &&
		grep -F -- "$1.so" "$tmp/out" >/dev/null
	report $? "$1: $2"
}

build good
report $? 'the template builds'
test "$(wc -l <"$template")" -lt 100
report $? 'it is short'
"$PREEMPTSIM" run "$tmp/hogs.yaml" >"$tmp/out" 2>&1
report $? "a scenario's plugins"
"$PREEMPTSIM" list schedulers --plugin "$tmp/good.so" >"$tmp/out" 2>&1 &&
	grep 'template .*round robin' "$tmp/out" >/dev/null
report $? 'it is listed'

# Two hogs: 3000 turns of three ticks in 9 s.
"$PREEMPTSIM" run --plugin "$tmp/good.so" -s plugins=null \
	-s 'tasks={a: {loop: [run: 1s]}, b: {loop: [run: 1s]}}' \
	-s 'expect=[a.cpu_share == 0.5, a.switches.involuntary == 1500]' \
	"$tmp/hogs.yaml" >"$tmp/out" 2>&1
report $? 'turns of three ticks'

build old 's/PREEMPTSIM_SCHED_ABI/77/'
refuses old 'is built for version 77'
build incomplete 's/\.pick_next_task = pick_next_task,//'
refuses incomplete 'has no pick_next_task'
build blocked '/^static task_t \*pick_next_task/,/^}/s/return .*/static task_t *last; task_t *was = last; last = queue(rq)->first; return was ? was : last;/'
refuses blocked "scheduler 'template'"
grep 'picks a task that is not runnable: ' "$tmp/out" >/dev/null
report $? 'blocked: names what it does'
build lazy '/^static task_t \*pick_next_task/,/^}/s/return .*/(void)rq; return NULL;/'
refuses lazy 'picks nobody'
build nameless 's/preemptsim_sched_plugin =/another =/; s/\.name/.name/'
refuses nameless 'does not define preemptsim_sched_plugin'
build same 's/"template"/"eevdf"/'
refuses same "is called 'eevdf'"
echo nothing >"$tmp/text.so"
refuses text "can't be loaded"

# As a user would: install, build by what pkg-config says, run.
installed() {
	MAKEFLAGS='' "${MAKE:-make}" -C "$build" install \
		DESTDIR="$tmp/installed" >"$tmp/out" 2>&1 || return 1
	program=$(find "$tmp/installed" -name preemptsim -type f -perm -100)
	template=$(find "$tmp/installed" -name sched-template.c)
	PKG_CONFIG_SYSROOT_DIR=$tmp/installed
	PKG_CONFIG_PATH=$(dirname \
		"$(find "$tmp/installed" -name preemptsim.pc)")
	PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1
	export PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_PATH
	export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS
	# shellcheck disable=SC2046
	$CC -shared -fPIC $(pkg-config --cflags preemptsim) \
		-o "$tmp/sched-template.so" "$template" >"$tmp/out" 2>&1 &&
		"$program" run --plugin "$tmp/sched-template.so" \
			-s kernel.fair=template -s plugins=null \
			"$tmp/hogs.yaml" >"$tmp/out" 2>&1
}
build=${abs_top_builddir:-$src}
if command -v pkg-config >/dev/null && test -f "$build/preemptsim.pc"; then
	installed
	report $? 'built and run as installed'
else
	skip 'built and run as installed' 'no pkg-config'
fi
echo "1..$n"
