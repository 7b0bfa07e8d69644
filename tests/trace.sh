#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Traces.  The text is what the others are held against: trace-cmd has to read
# every event of trace.dat back, with its instant, CPU, task, flags and fields,
# and protoc every one of Perfetto's.  Besides: windows, selections, files that
# can't be written, and that numbers in traces are those of the report.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
: >"$tmp/out"

# same FILE FILE TEXT: are they?
same() {
	test -s "$1" && cmp "$1" "$2" >"$tmp/err" 2>&1
	result=$?
	test $result -eq 0 || diff "$1" "$2" >"$tmp/out" 2>&1
	report $result "$3"
}

# fails STATUS PATTERN TEXT: did the last run, and say so?
fails() {
	test "$status" -eq "$1" && grep -q -e "$2" "$tmp/err"
	report $? "$3"
}

# absent FILE TEXT: neither it is there, nor a part of it.
absent() {
	test -z "$(find "$(dirname "$1")" -name "$(basename "$1")*")"
	report $? "$2"
}

events() {
	grep -v '^#' "$1"
}

all=$src/tests/trace/all-events.yaml
mkdir "$tmp/files" || exit 99

# Each kind of timer that the kernel has.
cat >"$tmp/timers.yaml" <<-'END'
	name: timers
	duration: 500ms
	seed: 1
	machine: {cpus: 2}
	groups: {web: {quota: 5ms, period: 20ms}}
	tasks:
	  exact:
	    policy: deadline
	    runtime: 2ms
	    every: 10ms
	    deadline: 8ms
	    do: [run: {uniform: [500us, 5ms]}]
	  urgent:
	    policy: fifo
	    priority: 3
	    every: 20ms
	    do: [run: 1ms]
	  server:
	    group: web
	    copies: 3
	    loop: [run: 3ms, sleep: 1ms]
	END

# ------------------------------------------------------------------- text

run trace "$all" -o "$tmp/all.txt" -o "$tmp/all.dat" -o "$tmp/all.pftrace" -q
test "$status" -eq 0 && test -s "$tmp/all.txt" && ! test -s "$tmp/err"
report $? "three files of one run"

# TASK-PID [CPU] FLAGS SECONDS.NANOSECONDS: EVENT: ...
events "$tmp/all.txt" | grep -v -E '^ *[^ ]+-[0-9]+ +\[[0-9]{3}\] [.dbD][.nlbpNLB][.hsHzZ][.0-9a-f][.0-9a-f] +[0-9]+\.[0-9]{9}: [a-z_]+: ' \
	>"$tmp/out"
! test -s "$tmp/out"
report $? "each line of text has its form"

events "$tmp/all.txt" | "$AWK" '
{
	match($0, /[0-9]+\.[0-9]+: /)
	now = substr($0, RSTART, RLENGTH - 2)
	if (now < last) {
		print "backwards: " $0
		wrong = 1
	}
	last = now
}
END { exit wrong }' >"$tmp/out"
report $? "time does not go back"

"$PREEMPTSIM" list events | sed -n 's/^  \([a-z_]*\) .*/\1/p' >"$tmp/listed"
# An idle CPU gets interrupts instead of flags where it halts.
run trace "$all" -o "$tmp/halt.txt" -s machine.idle.method=halt -q
events "$tmp/all.txt" | cat - "$tmp/halt.txt" |
	sed -e 's/^.*[0-9]: \([a-z_]*\): .*/\1/' | sort -u >"$tmp/met"
for event in sched_switch sched_waking sched_wakeup sched_migrate_task \
	irq_handler_entry irq_handler_exit local_timer_entry local_timer_exit \
	reschedule_entry reschedule_exit call_function_single_entry \
	call_function_single_exit call_function_entry call_function_exit \
	sched_wake_idle_without_ipi \
	sched_pi_setprio softirq_raise softirq_entry \
	softirq_exit hrtimer_start hrtimer_expire_entry sys_enter sys_exit \
	preempt_disable preempt_enable irq_disable irq_enable nmi_handler \
	page_fault_user page_fault_kernel \
	contention_begin contention_end print sched_entry sched_exit \
	sched_set_state sched_set_need_resched; do
	grep -q -x $event "$tmp/met" || echo "not met: $event"
	grep -q -x $event "$tmp/listed" || echo "not listed: $event"
done >"$tmp/out"
! test -s "$tmp/out"
report $? "every event happens, and is listed"

# has PATTERN TEXT: in the text.
has() {
	grep -q -e "$1" "$tmp/all.txt"
	report $? "$2"
}
has ' a-task-with-a-l-[0-9]* .*comm=a-task-with-a-l pid=' "a comm has 15 bytes"
has 'prev_comm=swapper/1 prev_pid=0 prev_prio=120 prev_state=R ==> ' "idle"
has 'next_comm=player next_pid=[0-9]* next_prio=29$' "a FIFO priority"
has 'prev_comm=writer/[0-9] .* prev_state=R+ ==> ' "preempted is R+"
has 'prev_comm=spinner .* prev_prio=120 prev_state=R ==> ' "yielding is R"
has 'prev_comm=player .* prev_state=S ==> ' "asleep is S"
has 'prev_comm=writer/[0-9] .* prev_state=D ==> ' "in io is D"
cat >"$tmp/work.yaml" <<-'END'
	duration: 10ms
	seed: 1
	tasks:
	  logger:
	    once: [syscall: {name: write, do: [queue_work: {do: [run: 20us]}]}]
	END
run trace "$tmp/work.yaml" -o "$tmp/work.txt" -q
grep -q 'prev_comm=kworker/0:0 .* prev_state=I ==> ' "$tmp/work.txt"
report $? "without work is I"
grep -B2 'sys_enter: .* name=write' "$tmp/work.txt" |
	sed 's/^.*[0-9]: \([a-z_]*\): .*/\1/' | tr '\n' ' ' >"$tmp/out"
grep -qx 'irq_disable irq_enable sys_enter ' "$tmp/out"
report $? "interrupts are off at the entry of a system call"
has 'irq_handler_entry: irq=[0-9]* name=soundcard$' "an interrupt has a name"
has 'softirq_entry: vec=4 \[action=BLOCK\]$' "a softirq has a name"
has 'contention_begin: .* flags=SPIN name=inode$' "a spinlock has a name"
has 'contention_begin: .* flags=MUTEX name=table$' "a mutex has a name"
has 'sys_enter: id=1 name=write$' "a system call has its number"
has 'page_fault_user: address=0x7f[0-9a-f]* ip=0x401000 error_code=0x6$' "a page fault in user mode"
has 'page_fault_kernel: address=0x7f[0-9a-f]* ip=_copy_from_user error_code=0x2$' "one in the kernel"
has 'preempt_disable: caller=irq_enter parent=handle_irq' "who disables preemption is told"
has 'nmi_handler: handler=watchdog delta_ns=2000 ' "an NMI's name and time"
has 'contention_begin: .* flags=RT name=bank$' "a lock that lends priority"
has 'sched_pi_setprio: comm=clerk .* oldprio=120 newprio=69$' "a loan"
has ' d.h[.1]. .*: print: period$' "a mark, in its handler"
has 'print: warning: scheduling_while_atomic: .*careless-' "a warning"
has ' d.s.[.] ' "a softirq shows in the flags"
has ' .\.H' "a hardirq in a softirq shows in the flags"
has ' dNh' "need_resched shows in the flags"

has 'print: dropout: task=player .* outcome=late$' "a job that is late"
has 'print: dropout: .* outcome=skipped$' "a job that is passed over"
has '1.000000000: print: dropout: task=hopeless release_ns=500000000 deadline_ns=900000000 outcome=unfinished$' "a job that does not end"

# Under rt.
run trace "$all" -s kernel.preempt=rt -o "$tmp/rt.txt" -q
test "$status" -eq 0 && test -s "$tmp/rt.txt"
report $? "a trace under rt"

# has_rt PATTERN TEXT: in its text.
has_rt() {
	grep -q -e "$1" "$tmp/rt.txt"
	report $? "$2"
}
has_rt 'next_comm=irq/[0-9]*-soundcar next_pid=[0-9]* next_prio=49$' \
	"an interrupt's thread has a name"
has_rt ' irq/[0-9]*-disk-[0-9]* .* ..s.1 .*: softirq_entry: vec=4 ' \
	"it serves softirqs, and stays on its CPU"
has_rt ' [bD]..[.1]1 ' "softirqs off show in the flags"
has_rt 'hrtimer_start: .* function=hrtimer_wakeup .* mode=ABS|HARD$' \
	"a real-time task's timer is a hard one"
has_rt 'hrtimer_start: .* function=hrtimer_wakeup .* mode=ABS$' \
	"another's is not"

run trace "$all" -o "$tmp/lazy.txt" -s kernel.preempt=lazy -q
grep -q '\] .l.*: sched_wakeup: ' "$tmp/lazy.txt"
report $? "lazy: a lazy request shows in the flags"

# Of two timers each has an address, and one that expires has been started.
for key in kernel.features.hrtick=true kernel.version=6.1; do
	run trace "$tmp/timers.yaml" -s $key -o "$tmp/part.txt" \
		--events 'hrtimer_*' -q
	cat "$tmp/part.txt"
done >"$tmp/timers.txt"
for function in hrtimer_wakeup tick_nohz_handler hrtick dl_task_timer \
	inactive_task_timer sched_rt_period_timer sched_cfs_period_timer; do
	grep -q "function=$function " "$tmp/timers.txt" || echo "no $function"
done >"$tmp/out"
! test -s "$tmp/out"
report $? "each timer calls its function"
events "$tmp/timers.txt" | cat - "$tmp/all.txt" | "$AWK" '
{
	match($0, /hrtimer=[^ ]* function=[^ ]*/)
	timer = substr($0, RSTART, RLENGTH)
}
/: hrtimer_start: / { active[timer] = 1 }
/: hrtimer_expire_entry: / && !active[timer]++ { print }
/: hrtimer_expire_entry: / { active[timer] = 0 }' >"$tmp/out"
! test -s "$tmp/out"
report $? "a timer that expires was started"

# More names than writers remember where they are, in turn.
{
	printf 'name: names\nduration: 20ms\nseed: 1\nmachine: {cpus: 1}\n'
	printf 'tasks:\n  talker:\n    loop:\n'
	"$AWK" 'BEGIN {
		for (i = 1; i <= 600; i++)
			printf "      - syscall: {name: s%03d, do: [run: 1us]}\n", i
	}'
} >"$tmp/names.yaml"
run trace "$tmp/names.yaml" -o "$tmp/names.txt" --events sys_enter -q
events "$tmp/names.txt" | sed 's/.* name=//' >"$tmp/read"
"$AWK" '{ printf "s%03d\n", (NR - 1) % 600 + 1 }' "$tmp/read" >"$tmp/text"
same "$tmp/text" "$tmp/read" "each of many names is told"
test "$(wc -l <"$tmp/read")" -gt 1200
report $? "and again"

# More switches than are remembered, too, which differ in their last fields only.
# Whom the CPU goes to is who leaves it next; and that one is asked anew.
cat >"$tmp/switches.yaml" <<-'END'
	name: switches
	duration: 200ms
	seed: 1
	machine: {cpus: 1}
	tasks:
	  sleeper:
	    copies: 600
	    loop: [run: 1us, sleep: {uniform: [10ms, 30ms]}]
	END
run trace "$tmp/switches.yaml" -o "$tmp/switches.txt" --events sched_switch -q
events "$tmp/switches.txt" | sed -e 's|^ *<idle>|swapper/0|' \
	-e 's/^ *\([^ ]*\) .* prev_comm=\([^ ]*\) prev_pid=\([0-9]*\) .* next_comm=\([^ ]*\) next_pid=\([0-9]*\) .*/\1 \2-\3 \4-\5/' \
	>"$tmp/out"
"$AWK" '$1 != $2 || (NR > 1 && $1 != next_task) { exit bad = 1 }
	{ next_task = $3; count[$2 " " $3]++ }
	END {
		for (i in count)
			kinds++
		exit bad || kinds < 600
	}' "$tmp/out"
report $? "each of many switches is told"

# Dropouts are those of the report.
run run "$all" --format csv
reported=$("$AWK" -F, '$1 == "tasks" && $3 == "dropouts" && $2 !~ /\// {
	sum += $5
} END { print sum + 0 }' "$tmp/out")
traced=$(grep -c ': print: dropout: ' "$tmp/all.txt")
test "$reported" -gt 0 && test "$reported" -eq "$traced"
report $? "as many dropouts as reported ($traced, $reported)"

# -------------------------------------------------------------- trace-cmd

# Lines of text as trace-cmd's latency format has them, with one space: TASK-PID
# CPU FLAGS TIME: EVENT: FIELDS.  trace-cmd shows one N for both n and p, an NMI
# as the hardirq that it also is, or as one in a softirq, and 8 bytes of a comm,
# and joins CPUs of one instant in another order.
text_lines() {
	events "$1" | sed -e 's/^ *//' -e 's/  *\[0*\([0-9][0-9]*\)\] / \1 /' \
		-e 's/^\([^ ]* [0-9]* .\)[np]/\1N/' \
		-e 's/^\([^ ]* [0-9]* ..\)[HZ]/\1h/' \
		-e 's/^\([^ ]\{8\}\)[^ ]*-/\1-/' -e 's/  */ /g' -e 's/ $//' |
		sort
}

report_lines() {
	trace-cmd report -N -t -l "$1" 2>"$tmp/said" | grep -v '^cpus=' |
		sed -e 's/^ *//' -e 's/^\([^ ]*-[0-9]*\) *\([0-9]*\)/\1 \2 /' \
			-e 's/^\([^ ]* [0-9]* ..\)H/\1h/' \
			-e 's/  */ /g' -e 's/ $//' | sort
}

if command -v trace-cmd >/dev/null; then
	text_lines "$tmp/all.txt" >"$tmp/text"
	report_lines "$tmp/all.dat" >"$tmp/read"
	same "$tmp/text" "$tmp/read" "trace-cmd reads all of all events"
	! test -s "$tmp/said"
	report $? "trace-cmd complains of nothing"
	trace-cmd report --check-events "$tmp/all.dat" >"$tmp/out" \
		2>"$tmp/err"
	! grep -q -i -e error -e fail "$tmp/out" "$tmp/err"
	report $? "it understands all formats"
	trace-cmd report "$tmp/all.dat" 2>&1 | sed 's/error_code=//' |
		grep -i -c -e 'unknown event' \
		-e 'error' -e 'lost' >"$tmp/out"
	test "$(cat "$tmp/out")" = 0
	report $? "and its plug-ins find their fields"
	trace-cmd dump --summary "$tmp/all.dat" >"$tmp/out" 2>&1 &&
		grep -q '3 \[CPUs with tracing data\]' "$tmp/out"
	report $? "trace-cmd dump finds its way"
else
	skip "trace-cmd reads all of all events" "trace-cmd is missing"
fi

# libtracecmd, on which KernelShark stands, counts the same events.
reader=$tmp/dat-counts
# shellcheck disable=SC2046
if pkg-config --exists libtracecmd 2>/dev/null &&
	${CC:-cc} -o "$reader" "$src/tests/trace/dat-counts.c" \
		$(pkg-config --cflags --libs libtracecmd) 2>"$tmp/err"; then
	"$reader" "$tmp/all.dat" 2>"$tmp/err" | sort >"$tmp/read"
	events "$tmp/all.txt" | sed -e \
		's/^.*\[0*\([0-9][0-9]*\)\] .*[0-9]: \([a-z_]*\): .*/\1 \2/' |
		sort | uniq -c | "$AWK" '{ print $2, $3, $1 }' | sort >"$tmp/text"
	same "$tmp/text" "$tmp/read" "libtracecmd counts the same events"
	! test -s "$tmp/err"
	report $? "and finds them in order"
else
	skip "libtracecmd counts the same events" "libtracecmd is missing"
fi

# Gaps that the 27 bits of a record's time can't hold, and marks too long for
# the 5 bits of its length.
cat >"$tmp/gaps.yaml" <<-END
	name: gaps
	duration: 60s
	seed: 1
	machine: {cpus: 3}
	tasks:
	  rare:
	    cpus: [1]
	    every: 20s
	    do: [run: 1ms, mark: $(printf '%0200d' 7)]
	  sparse:
	    cpus: [2]
	    every: 150ms
	    do: [run: 1us]
END
run trace "$tmp/gaps.yaml" -o "$tmp/gaps.txt" -o "$tmp/gaps.dat" -q
if command -v trace-cmd >/dev/null; then
	text_lines "$tmp/gaps.txt" >"$tmp/text"
	report_lines "$tmp/gaps.dat" >"$tmp/read"
	same "$tmp/text" "$tmp/read" "long gaps and long marks"
else
	skip "long gaps and long marks" "trace-cmd is missing"
fi

# A task that nothing delays but what it waits for: from its sched_wakeup to
# the sched_switch to it is its wakeup latency.
cat >"$tmp/wait.yaml" <<-'END'
	name: wait
	duration: 10s
	seed: 1
	machine: {cpus: 1, costs: zero}
	kernel: {preempt: none}
	tasks:
	  beat:
	    policy: fifo
	    priority: 50
	    every: 10ms
	    jitter: {uniform: [0us, 5ms]}
	    do: [run: 1ms]
	  logger:
	    loop:
	      - run: {exponential: 2ms}
	      - syscall: {name: write, do: [run: {uniform: [100us, 3ms]}]}
END
if command -v trace-cmd >/dev/null; then
	run run "$tmp/wait.yaml" --format csv --trace "$tmp/wait.dat" -q
	max=$("$AWK" -F, '$2 == "beat" && $3 == "wakeup_latency.max" {
		print $5 }' "$tmp/out")
	mean=$("$AWK" -F, '$2 == "beat" && $3 == "wakeup_latency.mean" {
		print $5 }' "$tmp/out")
	trace-cmd report -w "$tmp/wait.dat" 2>/dev/null |
		sed -n '/RT task/,$p' >"$tmp/err"
	"$AWK" -v max="$max" -v mean="$mean" '
	/Average/ { average = $4 * 1000 }
	/Maximum/ { maximum = $3 * 1000 }
	function far(a, b) { return a - b > 1 || b - a > 1 }
	END { exit max <= 0 || far(average, mean) || far(maximum, max) }' \
		"$tmp/err"
	report $? "trace-cmd finds the reported latencies (max $max ns)"
else
	skip "trace-cmd finds the reported latencies" "trace-cmd is missing"
fi

# --------------------------------------------------------------- Perfetto

# CPU PID NS EVENT: FIELDS of text, without what Perfetto has no field for.
text_fields() {
	events "$1" | "$AWK" '
	{
		match($0, /-[0-9]+ +\[[0-9]+\] /)
		split(substr($0, RSTART + 1, RLENGTH), part, /[][ ]+/)
		rest = substr($0, RSTART + RLENGTH + 6)
		match(rest, /[0-9]+\.[0-9]+: /)
		now = substr(rest, RSTART, RLENGTH - 2)
		sub(/\./, "", now)
		sub(/^0+/, "", now)
		rest = substr(rest, RSTART + RLENGTH)
		event = rest
		sub(/:.*/, "", event)
		sub(/^[^:]*: /, "", rest)
		if (event ~ /^sys_/)
			sub(/ name=.*/, "", rest)
		if (event != "print") {
			sub(/ \[action=.*/, "", rest)
			sub(/(hrtimer|lock_addr|address)=[^ ]* /, "", rest)
			sub(/^ip=[^ ]* error_code=0x/, "error_code=", rest)
			sub(/ ==>/, "", rest)
			sub(/caller=/, "caller_offs=", rest)
			sub(/ parent=/, " parent_offs=", rest)
			sub(/target_cpu=0*/, "target_cpu=", rest)
			sub(/target_cpu=$/, "target_cpu=0", rest)
		}
		if (event == "irq_handler_exit")
			sub(/handled/, "1", rest)
		if (event == "sched_switch") {
			sub(/prev_state=R /, "prev_state=0 ", rest)
			sub(/prev_state=S /, "prev_state=1 ", rest)
			sub(/prev_state=D /, "prev_state=2 ", rest)
			sub(/prev_state=I /, "prev_state=128 ", rest)
			sub(/prev_state=R\+ /, "prev_state=256 ", rest)
		}
		if (event == "contention_begin") {
			sub(/flags=SPIN/, "flags=1", rest)
			sub(/flags=RT/, "flags=8", rest)
			sub(/flags=MUTEX/, "flags=32", rest)
		}
		printf "%d %d %s %s: %s\n", part[2], part[1],
			now == "" ? 0 : now, event, rest
	}' | sort
}

# What protoc makes of a trace.  Events that describe themselves become
# extensions in a file of their own.
decode() {
	protoc -I "$src/tests/trace" --decode=Trace \
		"$src/tests/trace/perfetto.proto" <"$1" 2>"$tmp/err" |
		"$AWK" '
	function value() {
		return substr($2, 2, length($2) - 2)
	}
	BEGIN {
		type[3] = "int64"
		type[4] = "uint64"
		type[9] = "string"
		print "syntax = \"proto2\"; import \"perfetto.proto\";"
	}
	$1 == "field_id:" { id = $2 }
	$1 == "event_name:" { event = value(); fields = "" }
	$1 == "name:" { name = value() }
	$1 == "number:" { number = $2 }
	$1 == "type:" && event != "" {
		fields = fields sprintf(" optional %s %s = %s;", type[$2],
			name, number)
	}
	$1 == "group_name:" {
		printf "message %s_type {%s }\n", event, fields
		printf "extend FtraceEvent { optional %s_type %s = %s; }\n",
			event, event, id
		event = ""
	}' >"$tmp/own.proto"
	protoc -I "$src/tests/trace" -I "$tmp" --decode=Trace \
		"$tmp/own.proto" <"$1" 2>"$tmp/err"
}

# The same of what it says.
proto_fields() {
	decode "$1" | "$AWK" '
	function value(text) {
		sub(/^ *[a-z_]+: /, "", text)
		if (text ~ /^"/)
			text = substr(text, 2, length(text) - 2)
		return text
	}
	$1 == "bundle_cpu:" { cpu = $2 }
	$1 == "event" { now = pid = name = fields = "" }
	$1 == "generic_event_descriptors" { now = "" }
	$1 == "timestamp:" { now = $2 }
	$1 == "event_pid:" { pid = $2 }
	now == "" { next }
	/^      \[?[a-z_]+\]? \{/ {
		name = $1
		gsub(/[][]/, "", name)
	}
	/^        [a-z_]+: / {
		field = $1
		sub(/:/, "", field)
		if (field == "buf")
			fields = " " value($0)
		else if (field != "ip" && field != "hrtimer" &&
			field != "lock_addr" && field != "address")
			fields = fields " " field "=" value($0)
		next
	}
	/^    \}/ && name != "" {
		print cpu, pid, now, name ":" (fields == "" ? " " : fields)
		name = ""
	}' | sort
}

if command -v protoc >/dev/null; then
	protoc --decode_raw <"$tmp/all.pftrace" >"$tmp/raw" 2>"$tmp/err"
	report $? "protoc reads a Perfetto trace"
	text_fields "$tmp/all.txt" >"$tmp/text"
	proto_fields "$tmp/all.pftrace" >"$tmp/read"
	same "$tmp/text" "$tmp/read" "it has all of all events"
	decode "$tmp/all.pftrace" >"$tmp/decoded"
	! grep -q -E '^ +[0-9]+:' "$tmp/decoded"
	report $? "and no field that Perfetto does not know"
	begun=$(grep -c '^    type: 1$' "$tmp/decoded")
	ended=$(grep -c '^    type: 2$' "$tmp/decoded")
	marks=$(grep -c '^    type: 3$' "$tmp/decoded")
	off=$(grep -c ': \(preempt\|irq\)_disable: ' "$tmp/all.txt")
	on=$(grep -c ': \(preempt\|irq\)_enable: ' "$tmp/all.txt")
	prints=$(grep -c ': print: ' "$tmp/all.txt")
	test "$begun" -eq "$off" && test "$ended" -eq "$on" &&
		test "$marks" -eq "$prints"
	report $? "slices ($begun of $off, $ended of $on) and marks ($marks)"
	for name in preempt irq; do
		grep -c ": ${name}_disable: " "$tmp/all.txt"
	done >"$tmp/text"
	for name in 'preempt off' 'irqs off'; do
		number=$("$AWK" -v name="$name" '
		$1 == "iid:" { iid = $2 }
		$1 == "interned_name:" && $0 ~ name { print iid }' \
			"$tmp/decoded")
		grep -c "name_iid: $number\$" "$tmp/decoded"
	done >"$tmp/read"
	same "$tmp/text" "$tmp/read" "each slice has its name"
	test "$(grep -c 'sequence_flags: 2$' "$tmp/decoded")" -eq "$begun"
	report $? "and says that it is told elsewhere"
	cat >"$tmp/hold.yaml" <<-EOF
	machine: {cpus: 1}
	duration: 100ms
	tasks:
	  hog:
	    loop:
	      - syscall: {name: hold, do: [preempt_off: [run: 30ms]]}
	EOF
	# slices ARGUMENT...: begins and ends of them in a window about a point
	# at which preemption has been off for long.
	slices() {
		run trace "$tmp/hold.yaml" -o "$tmp/hold.pftrace" \
			--from 41ms --to 43ms "$@" -q
		decode "$tmp/hold.pftrace" | "$AWK" '
			$1 == "packet_timestamp:" { now = $2 }
			$1 == "type:" { type = $2 }
			$1 == "track_uuid:" && type { print now, type }
			$1 == "}" { type = 0 }'
	}
	test "$(slices)" = "41000000 1" &&
		test "$(slices --events preempt_\*)" = "41000000 1"
	report $? "preemption that is off when a window begins has a slice"
	test -z "$(slices --events preempt_disable)"
	report $? "and none if only one of its ends is selected"
	for name in player writer/2 ksoftirqd/1; do
		grep -q "^      cmdline: \"$name\"" "$tmp/decoded" ||
			echo "no process $name"
	done >"$tmp/out"
	! test -s "$tmp/out"
	report $? "every task has its name"
else
	skip "protoc reads a Perfetto trace" "protoc is missing"
fi

# --------------------------------------------------- windows and selections

run trace "$all" -o "$tmp/part.txt" --from 100ms --to 200ms -q
events "$tmp/all.txt" | grep ' 0\.1[0-9]*: ' >"$tmp/text"
events "$tmp/part.txt" >"$tmp/read"
same "$tmp/text" "$tmp/read" "a window has what is in it"

# A job whose deadline is over by then may still end.
run trace "$all" -o "$tmp/part.txt" --to 950ms -q
events "$tmp/all.txt" | grep -v -e ' 0\.9[5-9][0-9]*: ' -e ' 1\.0*: ' \
	>"$tmp/text"
events "$tmp/part.txt" >"$tmp/read"
same "$tmp/text" "$tmp/read" "and nothing of what it cuts off"

run run "$all" --trace "$tmp/run.txt" --trace "$tmp/run.dat" -q
same "$tmp/all.txt" "$tmp/run.txt" "run and trace write the same text"
same "$tmp/all.dat" "$tmp/run.dat" "and the same trace.dat"
cp "$tmp/out" "$tmp/traced"
run run "$all" -q
cp "$tmp/out" "$tmp/untraced"
run run "$all" --trace "$tmp/run.txt" -q
same "$tmp/untraced" "$tmp/out" "a trace changes no result"

run trace "$all" -o "$tmp/part.txt" --events 'sched_switch,softirq_*' -q
events "$tmp/all.txt" | grep -e ': sched_switch: ' -e ': softirq_' \
	>"$tmp/text"
events "$tmp/part.txt" >"$tmp/read"
same "$tmp/text" "$tmp/read" "selected events only"

run trace "$tmp/wait.yaml" -o "$tmp/worst.txt" --around worst:beat
report $status "a trace about the worst latency"
grep -q '^beat: wakeup latency of .* at ' "$tmp/err"
report $? "which is told"
# It holds the longest wait between a wakeup of beat and a switch to it.
longest() {
	events "$1" | "$AWK" '
	{
		match($0, /[0-9]+\.[0-9]+: /)
		now = substr($0, RSTART, RLENGTH - 2)
	}
	/: sched_wakeup: comm=beat / { woken = now }
	/: sched_switch: .*next_comm=beat / && woken != "" {
		if (now - woken > most)
			most = now - woken
	}
	END { printf "%.9f\n", most }'
}
run trace "$tmp/wait.yaml" -o "$tmp/wait.txt" -q
longest "$tmp/wait.txt" >"$tmp/text"
longest "$tmp/worst.txt" >"$tmp/read"
same "$tmp/text" "$tmp/read" "the worst latency is in it"
test "$(events "$tmp/worst.txt" | wc -l)" -lt \
	"$(($(events "$tmp/wait.txt" | wc -l) / 10))"
report $? "and little else"

# ------------------------------------------------------------ what is wrong

run trace "$all"
fails 2 'option -o' "a trace needs a file"
run trace "$all" -o "$tmp/files/x.json"
fails 2 'does not end in .dat, .pftrace or .txt' "the ending names the format"
run trace "$all" -o "$tmp/files/x.txt" --events sched_swich
fails 2 "did you mean 'sched_switch'" "an unknown event"
run trace "$all" -o "$tmp/files/x.txt" --from 2s --to 1s
fails 2 'between --from and --to' "an empty window"
run trace "$all" -o "$tmp/files/x.txt" --from 1s
fails 1 'over before --from' "a window behind the end"
absent "$tmp/files/x.txt" "has no file"
run trace "$all" -o "$tmp/files/x.txt" --from 2
fails 2 'unit' "a time without a unit"
run trace "$all" -o "$tmp/files/x.txt" -o "$tmp/files/./x.txt"
fails 2 'written twice' "one file for two traces"
run trace "$all" -o "$tmp/files/x.txt" --around worst:nobody
fails 1 "'nobody'" "no such task"
absent "$tmp/files/x.txt" "and no file"
run trace "$all" -o "$tmp/no/x.txt"
fails 1 'x.txt: error: ' "no such folder"
run trace "$all" -o "$tmp/files/x.txt" --events ''
fails 2 'no event' "no event at all"
for option in --from=1ms --to=1ms --around=worst --events=sched_switch; do
	run run "$all" $option
	fails 2 'for --trace FILE' "$option of no trace"
done
run run "$all" --trace "$tmp/no/x.txt"
fails 1 'x.txt: error: ' "nor for run"
! test -s "$tmp/out"
report $? "and no report"

# No room: before the end of the run, and at its end.
for format in txt dat pftrace; do
	file=$tmp/files/full.$format
	if test -w /dev/full; then
		ln -s /dev/full "$file"
		run trace "$all" -o "$file"
		fails 1 "full.$format: error: No space" "$format: a full disk"
		rm "$file"
	else
		skip "$format: a full disk" "there is no /dev/full"
	fi
	(
		trap '' XFSZ
		ulimit -f 256
		"$PREEMPTSIM" trace "$all" -o "$file" 2>"$tmp/err"
	)
	status=$?
	fails 1 "full.$format: error: " "$format: a file that grows too large"
	absent "$file" "$format: it is not there, nor a part of it"
done

# What there is when a run is interrupted is a whole trace.
# Under nohup(1), hanging up is nothing to end for.
signals=TERM
sh -c 'kill -HUP $$' 2>/dev/null || signals="HUP TERM"
for signal in $signals; do
	"$PREEMPTSIM" trace "$all" -d 2000s -o "$tmp/files/long.txt" \
		-o "$tmp/files/long.dat" >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	sleep 1
	kill -$signal $pid
	wait $pid
	status=$?
	test $status -eq 130 && test -s "$tmp/files/long.txt"
	report $? "$signal: the trace is there (status $status)"
	test "$(ls "$tmp/files")" = "$(printf 'long.dat\nlong.txt')"
	report $? "$signal: and nothing else"
done
if command -v trace-cmd >/dev/null; then
	trace-cmd report -t "$tmp/files/long.dat" 2>/dev/null |
		grep -v '^cpus=' | wc -l >"$tmp/out"
	test "$(cat "$tmp/out")" -eq "$(events "$tmp/files/long.txt" | wc -l)"
	report $? "and whole"
else
	skip "and whole" "trace-cmd is missing"
fi
rm -f "$tmp/files/long".*

# Before it is known what to trace there is nothing to write, which is said.
"$PREEMPTSIM" trace "$all" -d 200000s --around worst -q \
	-o "$tmp/files/long.txt" >"$tmp/out" 2>"$tmp/err" &
pid=$!
sleep 1
kill -TERM $pid
wait $pid
status=$?
fails 130 'so nothing is written' "interrupted before the worst is known"
absent "$tmp/files/long.txt" "there is no trace, then"

# A pipe takes what it gets in any format.
for format in txt dat pftrace; do
	mkfifo "$tmp/pipe.$format"
	cat "$tmp/pipe.$format" >"$tmp/read" &
	run trace "$all" -o "$tmp/pipe.$format" -q
	wait
	same "$tmp/all.$format" "$tmp/read" "$format: through a pipe"
done

# Who reads it leaves: no part of the file beside it stays, either.
for command in "trace -o" "run --trace"; do
	sed q "$tmp/pipe.txt" >"$tmp/read" &
	# shellcheck disable=SC2086
	run ${command% *} "$all" ${command#* } "$tmp/files/beside.dat" \
		${command#* } "$tmp/pipe.txt" -q
	wait
	fails 1 'pipe.txt: error: Broken pipe' "$command: a pipe that breaks"
	absent "$tmp/files/beside.dat" "$command: and nothing beside it"
done

# A second Ctrl-C kills whatever it is about, here a pipe that nobody reads; what
# is half done goes with it.
mkfifo "$tmp/stuck.txt"
exec 9<>"$tmp/stuck.txt"
"$PREEMPTSIM" trace "$all" -d 1000s -q -o "$tmp/files/half.dat" \
	-o "$tmp/stuck.txt" -o "$tmp/files/half.txt" 2>"$tmp/err" 9>&- &
pid=$!
# It has written to the pipe, and sleeps: the pipe is full.
dd bs=1 count=1 <&9 >"$tmp/read" 2>/dev/null
until grep -q '^State:.S' /proc/$pid/status; do
	sleep 0.1
done
while kill -INT $pid 2>/dev/null; do
	sleep 0.1
done
wait $pid
status=$?
exec 9>&-
test $status -eq 130
report $? "a second Ctrl-C kills (status $status)"
absent "$tmp/files/half.dat" "and nothing half done stays"
absent "$tmp/files/half.txt" "in no format"

echo "1..$n"
