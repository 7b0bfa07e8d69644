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
locks: {m: rt_mutex}
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
	compile "$1"
}

compile() {
	$CC -Wall -Wextra -Werror -Wno-unused-function -shared -fPIC \
		-I"$tmp/include" -o "$tmp/$1.so" "$tmp/$1.c" >"$tmp/out" 2>&1
}

# refuses NAME TEXT OPTION...: running it fails and says TEXT.
refuses() {
	so=$1 text=$2
	shift 2
	"$PREEMPTSIM" run --plugin "$tmp/$so.so" -s plugins=null "$@" \
		"$tmp/hogs.yaml" >"$tmp/out" 2>&1
	status=$?
	test "$status" -gt 0 && test "$status" -lt 70 &&
		grep -F -- "$text" "$tmp/out" >/dev/null &&
		grep -F -- "$so.so" "$tmp/out" >/dev/null
	report $? "$so: $text"
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

# Each task's time is put down before anything else is done with its queue.
build times 's/^struct queue {/struct queue { long ran;/
	/^static void task_tick/,/^{/s/^{/{ if (queue(rq)->ran != api->task_runtime(p)) __builtin_abort();/
	/^const struct/i static void update_curr(rq_t *rq)\
{ queue(rq)->ran = api->task_runtime(api->rq_curr(rq)); }
	s/\.task_tick = task_tick,/& .update_curr = update_curr,/'
"$PREEMPTSIM" run --plugin "$tmp/times.so" -s plugins=null \
	"$tmp/hogs.yaml" >"$tmp/out" 2>&1
report $? 'update_curr is told of all time'

# keeps NAME TEXT: whether it passes the contract test of all classes.
contract=${abs_top_builddir:-$src}/tests/unit/check-sched-class
keeps() {
	if test -x "$contract"; then
		SCHED_PLUGIN=$tmp/$1.so "$contract" >"$tmp/out" 2>&1
		report $? "$2"
	else
		skip "$2" 'no contract test'
	fi
}

# breaks NAME TEXT MESSAGE: whether it does not, and is told so, which ends the
# program.
breaks() {
	if test -x "$contract"; then
		! CK_FORK=no SCHED_PLUGIN=$tmp/$1.so "$contract" >"$tmp/out" 2>&1 &&
			grep "$3" "$tmp/out" >/dev/null
		report $? "$2"
	else
		skip "$2" 'no contract test'
	fi
}

keeps good 'the template keeps the contract'
build loses 's/e->next == p ? NULL : e->next/NULL/'
breaks loses 'one that forgets tasks does not' 'picks nobody'

# smp NAME FIELDS: the template with the operations on stdin before its table, and
# FIELDS in that.
smp() {
	{
		sed '/^const struct/,$d' "$template" && cat &&
			sed -n '/^const struct/,$p' "$template" |
			sed "s/\.task_tick = task_tick,/& $2/"
	} >"$tmp/$1.c" || exit 99
	compile "$1" || report $? "$1 builds"
}

# expects NAME TASKS EXPECT TEXT: on two CPUs.
expects() {
	"$PREEMPTSIM" run --plugin "$tmp/$1.so" -s plugins=null \
		-s duration=1s -s machine.cpus=2 -s "tasks={$2}" \
		-s "expect=[$3]" "$tmp/hogs.yaml" >"$tmp/out" 2>&1
	report $? "$4"
}

# Who waits on a CPU that is not @rq, the first in its ring but who runs.
waiting='
static task_t *waiting(rq_t *rq)
{
	rq_t *from;

	for (unsigned int i = 0; (from = api->cpu_rq(rq, i)); i++) {
		task_t *p = queue(from)->first;

		if (!p || from == rq)
			continue;
		if (p == api->rq_curr(from))
			p = entity(p)->next;
		if (p != api->rq_curr(from) && api->may_run_on(p, rq))
			return p;
	}
	return NULL;
}'

# A job has the second CPU up to 10.05 ms, and two share the first, in turns: c
# since 9 ms, up to which it had 3 ms.  So a, which had 5.95 ms, goes there.
jobs='a: {every: 1s, do: [run: 50ms]}, b: {every: 1s, do: [run: 10ms]},
	c: {every: 1s, offset: 1ms, do: [run: 50ms]}'
expects good "$jobs" 'a.migrations == 0, c.response_time.max > 80ms' \
	'nothing moves a task that waits'
smp pull '.balance = balance,' <<END
$waiting
static void balance(rq_t *rq)
{
	task_t *p = queue(rq)->first ? NULL : waiting(rq);

	if (p)
		api->move_task(p, rq);
}
END
expects pull "$jobs" \
	'a.response_time.max == 54.1ms, c.response_time.max == 55ms' \
	'but balance does'

# Two hogs; where they wake up is one CPU, from which the second is pushed.
hogs='a: {loop: [run: 1s]}, b: {loop: [run: 1s]}'
smp last '.select_task_rq = select_task_rq,' <<'END'
static rq_t *select_task_rq(task_t *p, rq_t *waker)
{
	(void)p;
	return api->cpu_rq(waker, 2) ? NULL : api->cpu_rq(waker, 1);
}
END
expects last "$hogs" 'a.cpu_share < 0.51, b.cpu_share < 0.51' \
	'select_task_rq puts both on one CPU'
smp push '.select_task_rq = select_task_rq, .task_woken = task_woken,' <<'END'
static rq_t *select_task_rq(task_t *p, rq_t *waker)
{
	(void)p;
	return waker;
}
static void task_woken(rq_t *rq, task_t *p)
{
	rq_t *other = api->cpu_rq(rq, !api->rq_cpu(rq));

	if (api->rq_nr_running(rq) > 1 && api->rq_is_idle(other))
		api->move_task(p, other);
}
END
expects push "$hogs" 'a.cpu_share == 1, b.cpu_share == 1' \
	'task_woken pushes one away'
keeps pull 'one that pulls keeps the contract'
smp here '.select_task_rq = select_task_rq,' <<'END'
static rq_t *select_task_rq(task_t *p, rq_t *waker)
{
	(void)p;
	return waker;
}
END
breaks here 'one that chooses any CPU does not' 'selects a CPU that is not for'

smp none '.select_task_rq = select_task_rq,' <<'END'
static rq_t *select_task_rq(task_t *p, rq_t *waker)
{
	(void)p;
	return api->cpu_rq(waker, 1);
}
END
refuses none 'selects no run queue for '
refuses last 'selects a CPU that is not for a' -s machine.cpus=2 \
	-s 'tasks={a: {cpus: [0], loop: [run: 1s]}}' -s expect=null
smp running '.task_woken = task_woken,' <<'END'
static void task_woken(rq_t *rq, task_t *p)
{
	(void)p;
	if (api->rq_curr(rq))
		api->move_task(api->rq_curr(rq), rq);
}
END
refuses running 'moves a task that runs: '
smp late '.balance = balance, .set_next_task = set_next_task,' <<'END'
static void balance(rq_t *rq)
{
	(void)rq;
}
static void set_next_task(rq_t *rq, task_t *p)
{
	api->move_task(p, rq);
}
END
refuses late 'moves a task outside of balance and task_woken: '

# The most urgent by nice value first, but only after three ticks; who is told of
# a priority that is lent has it preempt, and what it is told is written down.
told='
#include <stdio.h>
static task_t *most_urgent(rq_t *rq)
{
	task_t *first = queue(rq)->first, *p = first, *best = first;

	while (first && (p = entity(p)->next) != first)
		if (api->task_prio(p) < api->task_prio(best))
			best = p;
	return best;
}
static void prio_changed(rq_t *rq, task_t *p, int oldprio)
{
	fprintf(stderr, "%s from %d to %d\n", api->task_name(p), oldprio,
		api->task_prio(p));
	api->resched_curr(rq);
}
static void switched_from(rq_t *rq, task_t *p)
{
	fprintf(stderr, "%s left %u\n", api->task_name(p), api->rq_cpu(rq));
}
static void switched_to(rq_t *rq, task_t *p)
{
	fprintf(stderr, "%s came to %u\n", api->task_name(p), api->rq_cpu(rq));
}'
waits='low: {cpus: 0, nice: 10, once: [lock: m, run: 10ms, unlock: m]},
	mid: {cpus: 0, start: 1ms, once: [run: 50ms]},
	high: {cpus: 1, every: 1s, offset: 5ms,'
lent='do: [lock: m, run: 1ms, unlock: m]}'

# urgent NAME FIELDS: builds it.
urgent() {
	{
		sed '/^const struct/,$d' "$template" && printf '%s\n' "$told" &&
			sed -n '/^const struct/,$p' "$template" |
			sed "s/\.pick_next_task = pick_next_task,/.pick_next_task = most_urgent,/
				s/\.task_tick = task_tick,/& $2/"
	} >"$tmp/$1.c" || exit 99
	compile "$1" || report $? "$1 builds"
}

# low has run for 3 ms when mid comes, and has 7 ms to go when high waits for it at
# 5 ms, and 50 us as its timer's slack allows.
urgent untold ''
expects untold "$waits nice: -10, $lent" 'high.response_time.max == 9ms' \
	'who is lent a priority waits for the end of a slice'
urgent told ".prio_changed = prio_changed, \
.switched_from = switched_from, .switched_to = switched_to,"
expects told "$waits nice: -10, $lent" 'high.response_time.max == 8.05ms' \
	'but preempts where prio_changed says so'
grep -x 'low from 130 to 110' "$tmp/out" >/dev/null &&
	grep -x 'low from 110 to 130' "$tmp/out" >/dev/null
report $? 'prio_changed is told of both priorities'
expects told "$waits policy: fifo, priority: 1, $lent" \
	'high.response_time.max == 8ms' 'a real-time priority is not its affair'
test "$(grep -x 'low left 0\|low came to 0' "$tmp/out" | tr '\n' :)" = \
	'low left 0:low came to 0:'
report $? 'switched_from and switched_to tell of it'
keeps told 'it keeps the contract'

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
