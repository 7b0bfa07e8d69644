#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Warnings: each kind that the sources tell is in the list and in the manual,
# and some scenario shows it; the scenarios that show nothing are silent; and
# who listens for mistakes changes nothing, whatever the scenario.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

cd "$src" || exit 99

# The kinds: the first string of each call, which may be on the next line.
find src -name '*.c' -exec cat {} + | tr '\n\t' '  ' |
	grep -oE '(kernel_warn|kernel_warn_task|sim_warn)\([^"]*"[a-z_]+"' |
	sed 's/.*"\(.*\)"/\1/' | sort -u >"$tmp/told"
"$PREEMPTSIM" list warnings | sed -n 's/^  \([a-z_]*\) .*/\1/p' |
	sort >"$tmp/listed"
comm -23 "$tmp/told" "$tmp/listed" >"$tmp/log"
test -s "$tmp/told" && test ! -s "$tmp/log"
report $? "what is told is listed"
while read -r kind; do
	grep -qx "$kind" "$tmp/told" && continue
	echo "$kind"
done <"$tmp/listed" >"$tmp/log"
test ! -s "$tmp/log"
report $? "what is listed is told"

while read -r kind; do
	echo "no .B $kind" >"$tmp/log"
	grep -qx "\\.B $kind" man/preemptsim-scenario.5.in
	report $? "$kind is in the manual"
done <"$tmp/listed"

# Two of the kinds need another model, or more CPUs, to show.
shows() {
	"$PREEMPTSIM" run "$@" --format csv >"$tmp/csv" 2>"$tmp/log"
	sed -n 's/^warnings,,\([a-z_]*\),.*/\1/p' "$tmp/csv" >>"$tmp/shown"
}
: >"$tmp/shown"
for scenario in scenarios/wrong-*.yaml scenarios/deadlock-*.yaml \
	scenarios/stuck-*.yaml; do
	shows "$scenario"
done
shows scenarios/torn-section.yaml -s kernel.preempt=full
while read -r kind; do
	echo "in none of the scenarios" >"$tmp/log"
	grep -qx "$kind" "$tmp/shown"
	report $? "a scenario shows $kind"
done <"$tmp/listed"

: >"$tmp/shown"
shows scenarios/torn-section.yaml
shows scenarios/torn-section-fixed.yaml -s kernel.preempt=full
cp "$tmp/shown" "$tmp/log"
test ! -s "$tmp/log"
report $? "no race without preemption, or with it off"
shows scenarios/torn-section.yaml -s machine.cpus=2 -s tasks.worker.cpus=1
grep -qx race "$tmp/shown"
report $? "a race between CPUs"

for type in rt_mutex '{type: ceiling, ceiling: 50}'; do
	"$PREEMPTSIM" run scenarios/wrong-held-at-exit.yaml \
		-s locks.state="$type" >"$tmp/log" 2>&1 &&
		grep -q "the kernel holding log\$" "$tmp/log"
	report $? "user mode may hold locks: $type"
done

# names SCENARIO KIND LOCK [OPTION...]: which lock it is about, or who held it could
# not be switched out.
names() {
	scenario=$1 kind=$2 lock=$3
	shift 3
	"$PREEMPTSIM" run "scenarios/$scenario.yaml" "$@" --format json \
		2>"$tmp/log" | tr -d '\n' >"$tmp/json"
	grep -qE "\"kind\": *\"$kind\",[^}]*\"lock\": *\"$lock\"" "$tmp/json"
	report $? "$kind names $lock: $scenario${1+, $2}"
}
names wrong-ceiling bad_ceiling state
names wrong-sleep-in-atomic sleeping_in_atomic table
names wrong-sleep-in-atomic sleeping_in_atomic table -s kernel.preempt=rt
names wrong-sleep-in-atomic scheduling_while_atomic table
names wrong-unlock bad_unlock table
names wrong-held-at-exit lock_held_at_exit log
names wrong-irq-lock lockdep stats
names wrong-recursion lockdep cache
names deadlock-abba deadlock b
names deadlock-abba rcu_stall b
names deadlock-abba soft_lockup b
names deadlock-irq hard_lockup stats
names stuck-hung-task hung_task log

# A line's handler is not entered again, but those of others are.
{
	echo 'duration: 10ms'
	echo 'tasks: {hog: {loop: [run: 1ms]}}'
	echo 'devices:'
	i=100
	while test $i -lt 150; do
		echo "  d$i: {irq: {at: [${i}us]}, handler:" \
			'[local_irq_enable, run: 1ms, local_irq_disable]}'
		i=$((i + 1))
	done
} >"$tmp/nest.yaml"
"$PREEMPTSIM" run "$tmp/nest.yaml" >"$tmp/out" 2>"$tmp/log"
test $? -eq 1 && grep -q 'the stack is full: too many interrupts' "$tmp/log"
report $? "handlers can't be in each other without end"

# Who goes round in no time is named.
cat >"$tmp/round.yaml" <<'END'
name: round
duration: 1s
machine: {cpus: 1, costs: zero}
tasks:
  polite: {start: 3ms, loop: [yield: ]}
END
"$PREEMPTSIM" run "$tmp/round.yaml" >"$tmp/out" 2>"$tmp/log"
test $? -eq 1 &&
	grep -q ' ns on CPU 0, polite-[0-9]* in user mode: code goes round' \
		"$tmp/log"
report $? "who goes round and round is named"

# without SCENARIO MODEL: the same, with and without those who look on.  Of all
# dropouts, as their memory is copied for blame, too: a sample might be another.
without() {
	set -- "$1" -s "kernel.preempt=$2" --format csv -d 13s \
		--blame=all
	"$PREEMPTSIM" run "$@" >"$tmp/1" 2>"$tmp/log"
	"$PREEMPTSIM" run "$@" -s kernel.lockdep=false \
		-s kernel.watchdog_thresh=off -s kernel.hung_task_timeout=off \
		-s kernel.rcu_stall_timeout=off >"$tmp/2" 2>"$tmp/log"
	grep -v '^warnings' "$tmp/1" | grep -v '^run,,warnings' >"$tmp/3"
	grep -v '^warnings' "$tmp/2" | grep -v '^run,,warnings' |
		diff - "$tmp/3" >"$tmp/log" && test -s "$tmp/3"
}
for scenario in scenarios/*.yaml; do
	for model in none full rt; do
		without "$scenario" "$model"
		report $? "watching changes nothing: $scenario, $model"
	done
done

echo "1..$n"
