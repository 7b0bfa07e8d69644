#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each scenario there is, under each preemption model, keeps the laws of
# --verify; what breaks an automaton is told, with the right exit status.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

# verify STATUS ARGUMENT...: run with them ends so; messages are in the log.
verify() {
	wanted=$1
	shift
	"$PREEMPTSIM" run -q "$@" >"$tmp/out" 2>"$tmp/log"
	status=$?
	test "$status" -eq "$wanted" && return
	echo "exit status $status, not $wanted" >>"$tmp/log"
	return 1
}

# said PATTERN: it is in the log.
said() {
	grep -q -- "$1" "$tmp/log" && return
	echo "there is no: $1" >>"$tmp/log"
	return 1
}

# keeps SCENARIO MODEL: no automaton has anything to say.
keeps() {
	"$PREEMPTSIM" run "$1" -q -v --verify -d 100ms -s warmup=0ns \
		-s kernel.preempt="$2" >/dev/null 2>"$tmp/log"
	said '^12 automata, [1-9][0-9]* events, no violation$'
}

models=$("$PREEMPTSIM" list models |
	sed -n -e '/^$/q' -e 's/^  \([a-z_]*\) .*/\1/p')
test -n "$models" || exit 99
for folder in scenarios tests/regress tests/golden tests/laws; do
	cd "$src/$folder" || exit 99
	for scenario in *.yaml; do
		for model in $models; do
			keeps "$scenario" "$model"
			report $? "$folder/$scenario keeps the laws under $model"
		done
	done
done

# An automaton of a user, and one that does not allow what happens.
cat >"$tmp/wip.dot" <<END
digraph state_automaton {
	{node [shape = plaintext, style=invis, label=""] "__init_on"};
	{node [shape = ellipse] "on"};
	{node [shape = plaintext] "off"};
	"__init_on" -> "on";
	"on" -> "off" [ label = "preempt_disable" ];
	"off" -> "off" [ label = "sched_waking" ];
	"off" -> "on" [ label = "preempt_enable" ];
}
END
sed 's/"off" -> "off"/"on" -> "on"/' "$tmp/wip.dot" >"$tmp/wrong.dot"
sed 's/sched_waking/sched_walking/' "$tmp/wip.dot" >"$tmp/unknown.dot"

# With conditions and a clock.
cat >"$tmp/opid.dot" <<END
digraph state_automaton {
	"__init_any" -> "any";
	"any" -> "any" [ label = "sched_need_resched;irq_off == 1\\nsched_waking;irq_off == 1 && preempt_off == 1" ];
}
END
sed 's/preempt_off == 1/preempt_off == 0/' "$tmp/opid.dot" >"$tmp/opid-not.dot"
cat >"$tmp/stall.dot" <<END
digraph state_automaton {
	"__init_off" -> "off";
	"waits" [label = "waits\\nclk < 1s"];
	"off" -> "waits" [ label = "sched_wakeup;reset(clk)" ];
	"waits" -> "on" [ label = "sched_switch_in" ];
	"on" -> "off" [ label = "sched_switch_wait" ];
	"on" -> "waits" [ label = "sched_switch_preempt;reset(clk)" ];
	"on" -> "on" [ label = "sched_wakeup" ];
	"off" -> "on" [ label = "sched_switch_in" ];
}
END
sed 's/1s/1us/' "$tmp/stall.dot" >"$tmp/stall-soon.dot"

# One of Linux's own, which is about tasks though its events don't tell.
cat >"$tmp/nrp.dot" <<END
digraph state_automaton {
	"__init_preempt_irq" -> "preempt_irq";
	"any_thread_running" -> "any_thread_running" [ label = "schedule_entry\nirq_entry" ];
	"any_thread_running" -> "rescheduling" [ label = "sched_need_resched" ];
	"nested_preempt" -> "any_thread_running" [ label = "schedule_entry_preempt\nschedule_entry" ];
	"nested_preempt" -> "nested_preempt" [ label = "irq_entry" ];
	"nested_preempt" -> "preempt_irq" [ label = "sched_need_resched" ];
	"preempt_irq" -> "nested_preempt" [ label = "schedule_entry_preempt\nschedule_entry" ];
	"preempt_irq" -> "preempt_irq" [ label = "irq_entry\nsched_need_resched" ];
	"rescheduling" -> "any_thread_running" [ label = "schedule_entry_preempt\nschedule_entry" ];
	"rescheduling" -> "preempt_irq" [ label = "irq_entry" ];
	"rescheduling" -> "rescheduling" [ label = "sched_need_resched" ];
}
END

cd "$src/scenarios" || exit 99
run='audio-writer.yaml -d 1s'
# shellcheck disable=SC2086
{
	verify 0 $run -v --verify="$tmp/wip.dot" && said '^1 automaton, '
	report $? "a user's automaton holds"
	verify 3 $run --verify="$tmp/wrong.dot" &&
		said '^preemptsim: violation: wrong.dot on cpu 0: sched_waking in state off at [0-9]* ns$'
	report $? "a user's automaton that is broken ends with 3"
	test -s "$tmp/out"
	report $? "the results are there all the same"
	verify 0 $run -v --verify --verify="$tmp/wip.dot" &&
		said '^13 automata'
	report $? "beside the built-in ones"
	verify 3 $run --verify=cpu:"$tmp/wrong.dot" && said 'on cpu 0'
	report $? "one for each CPU"
	verify 3 $run --verify=task:"$tmp/wrong.dot" && said 'on task '
	report $? "one for each task"
	verify 1 $run --verify="$tmp/unknown.dot" &&
		said "unknown.dot:7:28: error: there is no event 'sched_walking'; did you mean 'sched_waking'"
	report $? "an event that there is not"
	test ! -s "$tmp/out"
	report $? "nothing is simulated then"
	verify 2 $run --verify=wiip && said "did you mean 'wip'"
	report $? "a name that there is not"
	verify 0 $run --verify=stall:1s
	report $? "a limit that is kept"
	verify 3 $run --verify=stall:1us && said 'too much time in state'
	report $? "a limit that is not kept"
	verify 2 $run --verify=stall
	report $? "a limit that is missing"
	verify 2 $run --verify=stall:0s && said 'over at once'
	report $? "a limit of no time"
	verify 0 stop-machine.yaml -s kernel.preempt=full \
		--verify="$tmp/nrp.dot"
	report $? "a file that is called as a built-in one is about the same"
	verify 3 stop-machine.yaml -s kernel.preempt=full \
		--verify=cpu:"$tmp/nrp.dot"
	report $? "unless it is said about what it is"
	verify 0 $run --verify="$tmp/opid.dot"
	report $? "conditions that hold"
	verify 3 $run --verify="$tmp/opid-not.dot" &&
		said 'sched_waking in state any'
	report $? "conditions that do not hold"
	verify 0 $run --verify="$tmp/stall.dot"
	report $? "a user's limit that is kept"
	verify 3 $run --verify="$tmp/stall-soon.dot" &&
		said 'too much time in state waits'
	report $? "a user's limit that is not kept"
	"$PREEMPTSIM" compare $run -q -v --verify >"$tmp/out" 2>"$tmp/log" &&
		said '^12 automata, [1-9][0-9]* events, no violation$'
	report $? "compare holds all builds to them"
	"$PREEMPTSIM" compare $run -q --verify="$tmp/wrong.dot" >"$tmp/out" \
		2>"$tmp/log"
	test $? -eq 3 && said ' ns, preempt=full, run 0$'
	report $? "compare says which build"
}

# Bandwidth is admitted, so deadlines are kept, unless the kernel gets in the way.
cat >"$tmp/deadline.yaml" <<END
name: deadline
description: deadline tasks, one of which always wants more, beside long calls
duration: 2s
machine: {cpus: 1}
kernel: {hz: 1000}
tasks:
  a: {policy: deadline, runtime: 3ms, every: 10ms, do: [run: 2ms]}
  b: {policy: deadline, runtime: 8ms, deadline: 18ms, every: 20ms,
      do: [run: 3ms, sleep: 1ms, run: 3ms]}
  more: {policy: deadline, runtime: 2ms, period: 20ms, loop: [run: 1ms]}
  calls: {loop: [run: 1ms, syscall: {name: write, do: [run: 30ms]}]}
END
for model in full lazy rt rt_lazy; do
	verify 0 "$tmp/deadline.yaml" --verify --verify=nomiss \
		-s kernel.preempt=$model
	report $? "deadlines are kept under $model"
done
verify 3 "$tmp/deadline.yaml" --verify --verify=nomiss \
	-s kernel.preempt=none && said 'nomiss on task a-[0-9]*: too much time'
report $? "and not under none"

# How real-time tasks sleep.
cat >"$tmp/sleep.yaml" <<END
name: sleep
description: real-time tasks that sleep in ways fit for them
duration: 200ms
machine: {cpus: 1}
locks: {pi: rt_mutex, plain: mutex}
waitqueues: [q]
tasks:
  cycle: {policy: fifo, priority: 50, every: 5ms, do: [run: 1ms, lock: pi, run: 100us, unlock: pi]}
  reactor: {policy: fifo, priority: 60, loop: [syscall: {name: epoll_wait, do: [wait: q]}, run: 100us]}
  most: {policy: fifo, priority: 70, every: 7ms, do: [run: 10us, wake: q]}
  low: {loop: [lock: pi, run: 2ms, unlock: pi, lock: plain, run: 3ms, unlock: plain, sleep: 100us]}
END
for model in none full rt; do
	verify 0 "$tmp/sleep.yaml" --verify --verify=sleep \
		-s kernel.preempt=$model
	report $? "tasks that sleep as they should under $model"
	sed 's/run: 10us, wake: q/run: 10us, sleep: 10us, wake: q/' \
		"$tmp/sleep.yaml" >"$tmp/slept.yaml"
	verify 3 "$tmp/slept.yaml" --verify=sleep -s kernel.preempt=$model &&
		said 'sleep on task most-[0-9]*: sched_set_state_sleep_unfit in state awake'
	report $? "not until an instant under $model"
	sed 's/epoll_wait/read/' "$tmp/sleep.yaml" >"$tmp/slept.yaml"
	verify 3 "$tmp/slept.yaml" --verify=sleep -s kernel.preempt=$model &&
		said 'sleep on task reactor-'
	report $? "not in epoll_wait() under $model"
	sed '/cycle/s/: pi/: plain/g' "$tmp/sleep.yaml" >"$tmp/slept.yaml"
	verify 3 "$tmp/slept.yaml" --verify=sleep -s kernel.preempt=$model &&
		said 'sleep on task cycle-[0-9]*: sched_waking_lower_prio in state asleep'
	report $? "woken by who is less urgent under $model"
done

# So is --verify=pagefault.
cat >"$tmp/fault.yaml" <<END
name: fault
description: who has page faults
duration: 50ms
machine: {cpus: 1}
locks: {pi: rt_mutex}
tasks:
  urgent: {policy: fifo, priority: 50, every: 5ms, do: [run: 1ms, lock: pi, run: 100us, unlock: pi]}
  fair: {loop: [page_fault, run: 1ms, lock: pi, run: 2ms, unlock: pi, syscall: {name: read, do: [page_fault: {do: [run: 10us]}]}]}
END
for model in none full rt; do
	verify 0 "$tmp/fault.yaml" --verify --verify=pagefault \
		-s kernel.preempt=$model
	report $? "page faults of a fair task under $model"
	sed '/urgent/s/run: 1ms/page_fault/' "$tmp/fault.yaml" >"$tmp/own.yaml"
	verify 3 "$tmp/own.yaml" --verify=pagefault -s kernel.preempt=$model &&
		said 'pagefault on task urgent-[0-9]*: page_fault_rt in state any'
	report $? "one of a real-time task under $model"
	sed '/fair/s/run: 2ms/repeat: {times: 2000, do: [run: 1us, page_fault]}/' \
		"$tmp/fault.yaml" >"$tmp/lent.yaml"
	verify 3 "$tmp/lent.yaml" --verify=pagefault -s kernel.preempt=$model &&
		said 'pagefault on task fair-[0-9]*: page_fault_rt in state any'
	report $? "one of who was lent a priority under $model"
done

# A scenario that breaks the laws itself, after a warning.
cat >"$tmp/atomic.yaml" <<END
name: atomic
description: schedules with interrupts off
duration: 10ms
tasks:
  task:
    policy: other
    once:
      - syscall:
          name: ioctl
          do:
            - local_irq_disable:
            - sleep: 1ms
            - local_irq_enable:
END
verify 3 "$tmp/atomic.yaml" --verify && said ', after sleeping_in_atomic$'
report $? "what the scenario breaks is no bug of the simulator"
echo "1..$n"
