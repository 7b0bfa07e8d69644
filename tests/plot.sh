#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Pictures: that gnuplot draws every kind, what is to be read in them, that the
# data are those of the reports, and what is said when something is missing.
# Timelines, which need no gnuplot; and that what plots cyclictest's histograms
# plots ours.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 99

# run ARGUMENT...: the program; its status goes to $status.
run() {
	"$PREEMPTSIM" plot "$@" >out 2>err </dev/null
	status=$?
}

# piped ARGUMENT...: the same, with two.yaml coming through a pipe.
piped() {
	head -n 99 two.yaml | "$PREEMPTSIM" plot "$@" >out 2>err
	status=$?
}

# has FILE PATTERN: is it in there?
has() {
	grep -q -e "$2" "$1"
	report $? "$1 has '$2'"
}

# absent FILE: was nothing left behind?
absent() {
	! ls "$1"* >/dev/null 2>&1
	report $? "there is no $1"
}

# well_formed FILE: does a parser of XML take it?
well_formed() {
	if command -v xmllint >/dev/null; then
		xmllint --noout "$1" 2>err
		report $? "$1 is well-formed"
	elif command -v python3 >/dev/null; then
		python3 -c 'import sys, xml.dom.minidom as m
m.parse(sys.argv[1])' "$1" 2>err
		report $? "$1 is well-formed"
	else
		skip "$1 is well-formed" "neither xmllint nor python3"
	fi
}

cat >two.yaml <<'END'
name: two
description: "it's a loop beside `touch pwned` and \"calls\" @x $y % 100"
duration: 2s
seed: 1
machine: {cpus: 1, costs: zero}
tasks:
  loop_:
    policy: fifo
    priority: 50
    every: 5ms
    do: [run: 1ms]
  calls:
    loop:
      - sleep: 100us
      - run: {uniform: [100us, 2ms]}
      - syscall: {name: write, do: [run: {exponential: 1ms}]}
expect:
  - loop_.dropouts == 1000
END

# Scripts, for which no gnuplot is needed.

for kind in ccdf histogram; do
	run two.yaml --kind $kind --script $kind.gp
	ends 0 "a script of a $kind"
	has $kind.gp "^set title 'two: wakeup latency of loop_'"
	has $kind.gp 'deadline 5.00 ms'
	has $kind.gp "title 'preempt=none: 400 samples, longest"
	has $kind.gp "title 'preempt=full: 400 samples, longest 0"
	has $kind.gp '^set key outside'
	has $kind.gp 'µs'
done

# The deadline is seen although nothing comes near it, and a single sample has
# axes, too.
for kind in ccdf histogram; do
	run two.yaml -d 4ms --kind $kind --vary kernel.preempt=full \
		--script $kind-short.gp
	ends 0 "a $kind of one sample"
	has $kind-short.gp ': 1 sample, longest 0 ns'
	has $kind-short.gp '^set xrange \[0\.999:10010000\]'
done
has ccdf-short.gp '^set yrange \[0\.0999:1\.001\]'
has ccdf-short.gp "^set ytics ('10 %%' 0\.1[0-9]*, '100 %%' 1)"

# So are all deadlines, and words beside a line that stands at the left.
run two.yaml --script deadlines.gp --vary tasks.loop_.deadline=10ns,2ms,2000us
ends 0 "builds with deadlines of their own"
has deadlines.gp "^set label ' deadline 10 ns, end of job' at first 10,.*left"
has deadlines.gp "^set label 'deadline 2.00 ms, .* ' at first 2000000,.*right"
test "$(grep -c '^set arrow' deadlines.gp)" -eq 2
report $? "each of them once"
run two.yaml --script deadlines.gp -s tasks.loop_.deadline=10ns \
	--measure response_time
has deadlines.gp '^set xrange \[9.99:'
has deadlines.gp "' deadline 10 ns'"

# The share of those that are at least as long as the shortest is 1, and the
# last of 400 has 1 of 400.
awk '/^\$build0/ { getline; if ($2 != 1) exit 1; while ($0 != "EOD") {
	last = $2; getline } if (last != 0.0025) exit 1; good = 1 }
	END { exit !good }' ccdf.gp
report $? "the shares begin with all and end with one sample"

# So does a curve whose samples are all of one bin.
awk '/^\$build1/ { getline; while ($0 != "EOD") { last = $2; getline }
	if (last != 0.0025) exit 1; good = 1 } END { exit !good }' ccdf.gp
report $? "even if the longest is not alone"

# An apostrophe is a string of its own, wherever it stands.
has ccdf.gp "'it'\.\"\\\\047\"\.'s a loop"

# Titles and words that would not fit.
run two.yaml --kind ccdf --script long.gp -s "description=$(
	printf 'so long a description %.0s' 1 2 3 4 5 6)"
has long.gp "^set title .* font ',9'$"
has ccdf.gp "^set title .* font ',17'$"
run two.yaml --kind sweep --script words.gp -L 'tasks.calls.loop.1.run=1us,'\
'{uniform: [1us, 2us]},{choice: [{weight: 1, value: 2us}, {weight: 2, value: 3us}]}'
ends 0 "a sweep over long words"
has words.gp "^set xtics rotate by 25 right ('1us' 0, '{uniform: "
has words.gp ", '{choice: .*…' 2)$"
run two.yaml --kind sweep --script words.gp -L kernel.preempt=none,full
has words.gp "^set xtics ('none' 0, 'full' 1)$"

# Each sample is in one bin.
awk '/^\$build0/ { while ((getline line) > 0 && line != "EOD") {
	split(line, f); if (f[2] >= 1) sum += f[2] } }
	END { exit sum != 400 }' histogram.gp
report $? "the histogram has all samples"

run two.yaml --kind ccdf --script again.gp
cmp -s ccdf.gp again.gp
report $? "a script has the same bytes each time"

# A scenario from a pipe, which can be read once.
for kind in ccdf blame; do
	run two.yaml --kind $kind --script file.gp
	for file in - /dev/stdin; do
		piped $file --kind $kind --script pipe.gp
		ends 0 "a $kind of $file"
		cmp -s file.gp pipe.gp
		report $? "the same as of the file"
	done
done
piped - --script pipe.gp -L kernel.hz=100,250
ends 0 "a sweep of a pipe"
piped /dev/stdin --timeline -o pipe.txt
ends 0 "a timeline of a pipe"

printf 'builds:\n  cold: {kernel.preempt: none}\n  warm: %s\n' \
	'{kernel.preempt: full}' | cat two.yaml - >builds.yaml
run builds.yaml --script builds.gp
ends 0 "the builds of a scenario"
has builds.gp "title 'warm: 400 samples"

# What delays a task: by hand, as calls is a fair task beside it.
cat >late.yaml <<'END'
duration: 1s
machine: {cpus: 1, costs: zero}
kernel: {preempt: full}
tasks:
  job: {policy: fifo, priority: 50, every: 100ms, do: [run: 1ms],
    deadline: 4ms}
  hog: {policy: fifo, priority: 60, every: 100ms, do: [run: 2ms]}
builds:
  short: {tasks.hog.do.0.run: 2ms}
  long: {tasks.hog.do.0.run: 5ms}
END
run late.yaml --kind blame --script blame.gp
ends 0 "a script of blame"
has blame.gp "^set title 'late: what delayed job' .* 'the time of all its drop"
has blame.gp "^set xlabel 'time (ms)'"
has blame.gp '^60 1 "  60.0 ms in 10 dropouts"'
has blame.gp '^0 0 "  no dropouts"'
has blame.gp '^25 1 "83 %"'
has blame.gp '^55 1 "17 %"'
has blame.gp "boxxyerror fs solid .* '#0072b2' title 'task'"
has blame.gp "boxxyerror fs pattern .* '#d55e00' title 'execution'"
# Parts can be told apart without their colours, by as many causes as have one.
cat >causes.yaml <<'END'
duration: 500ms
machine: {cpus: 1}
locks: {inode: mutex}
devices:
  nic:
    irq: {every: 1500us}
    handler: [run: 100us]
    softirq: {vector: net_rx, do: [run: 380us]}
tasks:
  job: {policy: fifo, priority: 50, every: 5ms, deadline: 1500us,
    do: [run: 500us, hold: {lock: inode, do: [run: 200us]}]}
  hog: {policy: fifo, priority: 60, every: 7ms, do: [run: 300us]}
  writer:
    loop:
      - run: {exponential: 1ms}
      - syscall: {name: write, do: [irqs_off: [run: 500us],
          hold: {lock: inode, do: [run: 400us]}, preempt_off: [run: 500us]]}
END
run causes.yaml --kind blame --script causes.gp
ends 0 "blame of many causes"
grep -o 'boxxyerror fs .* border' causes.gp >fills
test "$(wc -l <fills)" -eq 9
report $? "eight causes and the others"
sort fills | uniq -d >twice
test ! -s twice
report $? "each with a pattern of its own"
run late.yaml --kind blame --script none.gp -s build=short
ends 0 "without dropouts"
has none.gp 'no dropouts; the longest wakeup latencies'
has none.gp '"  20.0 ms in 10 cases"'
# Others with longer latencies leave it its own; and a long name has lines.
cat >beside.yaml <<'END'
duration: 200ms
machine: {cpus: 1, costs: zero}
tasks:
  sound: {policy: fifo, priority: 50, every: 10ms, offset: 1ms, do: [run: 1ms]}
  call: {policy: fifo, priority: 60, every: 10ms, do: [run: 1100us]}
  other: {policy: fifo, priority: 9, every: 1ms, deadline: none, do: [run: 500us]}
END
run beside.yaml --kind blame --script beside.gp \
	--vary 'tasks.other.do=[run: 500us],[run: 400us, run: 50us, run: 49us]'
ends 0 "a task with shorter latencies than others"
has beside.gp '"  1.00 ms in 10 cases"'
has beside.gp "'do=\[run: 500us\]' 0, "
has beside.gp "'do=\[run: 400us, run: 50us,'\.\"\\\\n\"\.'run: 49us\]' 1)"
run late.yaml --kind blame --script nothing.gp -s build=short --task hog
ends 1 "nothing to be seen"
err 'nothing delayed hog'
absent nothing.gp

run two.yaml --script calls.gp --task calls
ends 0 "another task"
has calls.gp 'wakeup latency of calls'
run two.yaml --script response.gp --measure response_time
has response.gp "set xlabel 'response time'"

run two.yaml --script sweep.gp -P tasks.loop_.every=2ms:20ms:6ms \
	-L kernel.preempt=none,full --runs 2 --db sweep.db
ends 0 "a script of a sweep"
has sweep.gp "set xlabel 'tasks.loop_.every (ms)'"
has sweep.gp "set ylabel 'loop_.wakeup_latency ("
has sweep.gp "title 'p99, preempt=none"
has sweep.gp 'mean of 2 runs'
has sweep.gp yerrorbars
has sweep.gp '^set offsets graph 0\.02, graph 0\.02, 0, 0$'

# A percentile of too few samples is no point of a curve, nor of a map.
has sweep.gp 'p99, preempt=none (gaps: too few samples)'
has sweep.gp "p50, preempt=none'"
has sweep.gp '^8 NaN NaN NaN$'
run sweep.db --script few.gp --kind heatmap
ends 0 "a map of percentiles"
has few.gp '^3 1 NaN "too few"'
has few.gp '^0 1 [0-9.]* "[0-9]'
run two.yaml --script x.gp --kind heatmap -P tasks.loop_.every=8ms:20ms:6ms \
	-L kernel.preempt=none,full
ends 1 "a map of too few samples"
err 'take longer runs (-d), or other --columns'
absent x.gp

run sweep.db --script task.gp --task calls
has task.gp "set ylabel 'calls.wakeup_latency ("
has task.gp "'p50, preempt=none'"
run sweep.db --script x.gp --task calls --measure response_time
ends 1 "a task without jobs has no response times"
err 'calls.response_time.p50 has no value at any point'
absent x.gp
run sweep.db --script x.gp --task lop_
ends 1 "a task that the sweep does not have"
err "did you mean 'loop_.wakeup_latency"

run sweep.db --script heat.gp --kind heatmap --columns loop_.dropouts
ends 0 "a script of what a database has"
has heat.gp "set cblabel 'loop_.dropouts'"
has heat.gp "set ytics ('none' 0, 'full' 1)"

# Where all values are the same the axis has ends, and 0 is the lower one.
run two.yaml --script zero.gp -L kernel.hz=100,250 --columns loop_.dropouts \
	-s tasks.loop_.deadline=none
ends 0 "a curve of zeros"
has zero.gp '^set yrange \[0:1\]$'
run two.yaml --script zero-map.gp -L kernel.hz=100,250 --kind heatmap \
	-L kernel.preempt=none,full --columns loop_.dropouts \
	-s tasks.loop_.deadline=none
has zero-map.gp '^set cbrange \[0:1\]$'
has zero-map.gp '^0 0 0 "0" 0xffffff$'
run two.yaml --script same.gp -L kernel.hz=100 --columns loop_.jobs
has same.gp '^set xrange \[0:200\]$'
has same.gp '^set yrange \[0:800\]$'

# A curve goes from the left to the right, words keep their order.
run two.yaml --script order.gp -L kernel.hz=250,100,1000 --columns loop_.jobs
awk '/^\$curve0/ { getline; while ($0 != "EOD") { x = x " " $1; getline } }
	END { exit x != " 100 250 1000" }' order.gp
report $? "numbers that are not in order are drawn in order"
run two.yaml --script order.gp -L kernel.preempt=none,full,lazy \
	--columns loop_.jobs
has order.gp "('none' 0, 'full' 1, 'lazy' 2)"

# A point that is wrong is a gap, and what is wrong there is told.
run two.yaml -q --script wrong.gp -L machine.cpus=1,0,2 \
	-L kernel.preempt=none,full --columns loop_.jobs
ends 1 "a sweep with a point that is wrong"
has wrong.gp '^0 NaN'
err 'error: the picture lacks what could not be simulated'
err '^  cpus=0, preempt=full:$'
err "^    -L machine.cpus=0: error: 'cpus' is 0"

# Many curves: one of each point's numbers is left, what all share stands at the
# axis, and names stand side by side; too many are not even simulated.
models=none,voluntary,full,lazy,rt,rt_lazy
run two.yaml -d 200ms --script six.gp -L kernel.hz=100,250 \
	-L kernel.preempt=$models --db six.db
ends 0 "a sweep over six models"
has six.gp "set ylabel 'loop_.wakeup_latency.max ("
has six.gp "title 'preempt=rt_lazy'$"
has six.gp '^set key maxcols 4 '
test "$(grep -c '^\$curve' six.gp)" -eq 6
report $? "six curves"
run six.db --script again.gp
cmp -s six.gp again.gp
report $? "and six of its database"
run two.yaml -d 200ms --script units.gp -L kernel.hz=100,250 \
	--columns loop_.wakeup_latency.max,loop_.response_time.max,loop_.jobs
has units.gp "set ylabel 'loop_ ("
has units.gp "title 'response_time.max'$"
run two.yaml -d 1000000s --script x.gp -P kernel.hz=100:1000:100 \
	-L kernel.preempt=$models -L machine.cpus=1,2,3,4,5,6
ends 2 "36 curves"
err '36 curves can.t be told apart; vary less'
run two.yaml -d 1000000s --script x.gp -L kernel.hz=100,250 \
	-P machine.cpus=1:12 --columns \
	loop_.wakeup_latency.max,loop_.response_time.max,calls.wakeup_latency.max
ends 2 "36 curves of three columns"
run two.yaml -d 1000000s --script x.gp --vary kernel.preempt=$models \
	--vary machine.cpus=1,2,3,4,5,6
ends 2 "36 builds"
err '36 curves can.t be told apart'
run six.db --script x.gp --columns "$(
	printf 'loop_.wakeup_latency.%s,' p50 p90 p99 max mean)"\
loop_.response_time.max
ends 1 "36 curves of a database"
err '36 curves can.t be told apart'
absent x.gp
run two.yaml -d 200ms --script nine.gp --vary kernel.hz=100,250,300 \
	--vary kernel.preempt=none,full,lazy
has nine.gp "title 'hz=300, preempt=lazy'"
has nine.gp '^set key maxcols 3 samplen 3 width -1$'
run two.yaml -d 200ms --script rows.gp -L kernel.hz=100,250 \
	-L kernel.preempt=$models -P 'machine.costs.context_switch=1us:5us' \
	--columns loop_.wakeup_latency.max
has rows.gp "^set key maxcols 3 .* font ',8'$"

# Factors give whole nanoseconds, and so an axis of numbers.
run two.yaml -d 200ms --script factors.gp -P tasks.loop_.every=1ms:8ms:x1.2 \
	--columns loop_.jobs
has factors.gp "set xlabel 'tasks.loop_.every (ms)'"
has factors.gp '^7\.430084 '

# What is interrupted does not look as if it were all.
# interrupted ARGUMENT...: run, for a second.
interrupted() {
	"$PREEMPTSIM" plot "$@" >out 2>err </dev/null &
	pid=$!
	sleep 1
	kill -TERM $pid
	wait $pid
	status=$?
}
interrupted two.yaml -d 1000000s --script cut.gp
ends 130 "a curve is interrupted"
has cut.gp '^set title .*wakeup latency of loop_ (interrupted)'
interrupted two.yaml -d 1000000s --kind blame --script cut-blame.gp
ends 130 "blame is interrupted"
err 'interrupted before it was known what delayed loop_'
absent cut-blame.gp
interrupted two.yaml --script cut-sweep.gp --columns loop_.dropouts \
	-P kernel.hz=1:10000 -d 20s
ends 130 "a sweep is interrupted"
has cut-sweep.gp "^set title 'two (not complete)'"

# Mistakes.

run two.yaml
ends 2 "no output"
err 'option -o FILE is missing'
run two.yaml -o x.gif
ends 2 "a wrong ending"
err "does not end in .svg, .png or .pdf"
run two.yaml -o x.svg -o y.svg
ends 2 "two pictures"
err 'option --output: it can be given once'
run two.yaml --script x.gp --script y.gp
ends 2 "two scripts"
run two.yaml --script x.gp --kind hystogram
ends 2 "a wrong kind"
err "did you mean 'histogram'"
run two.yaml --script x.gp --task lop_
ends 1 "a wrong task"
err "no task 'lop_'"
err "did you mean 'loop_'"
run two.yaml --script runs.gp --kind heatmap -d 100ms --runs 2 \
	-L kernel.hz=100,250 -L kernel.preempt=none,full \
	--columns loop_.dropouts
has runs.gp "'loop_.dropouts, mean of 2 runs'"
run two.yaml --script x.gp --kind heatmap
ends 2 "a map of no sweep"
err 'which sweep is not said'
run two.yaml --script x.gp --kind heatmap -L kernel.hz=100,250
ends 1 "a map of one axis"
err 'two axes'
absent x.gp
run two.yaml --script x.gp --columns loop_.dropouts
ends 2 "columns of a curve"
err 'are for --kind sweep and heatmap'
run sweep.db --script x.gp --kind ccdf
ends 2 "a curve of a database"
run sweep.db --script x.gp -s seed=2
ends 2 "a setting of a database"
err 'is drawn as it is'
absent x.gp
run two.yaml --script two.yaml
ends 2 "over the scenario"
run sweep.db -o no/such/x.svg
ends 1 "a folder that is not there"
PATH=$tmp run two.yaml -o x.svg
ends 1 "without gnuplot"
err 'install the'
absent x.svg

# Timelines.

cat >late.yaml <<'END'
name: late
description: <a> task & a call
duration: 100ms
machine: {cpus: 2, costs: x86-64}
kernel: {preempt: none}
locks: {inode: spinlock}
devices:
  nic:
    irq: {every: 700us, cpu: 0}
    handler: [run: 20us]
    softirq: {vector: net_rx, do: [run: 80us]}
tasks:
  control:
    policy: fifo
    priority: 50
    cpus: [0]
    every: 2ms
    deadline: 500us
    do: [run: 200us]
  writer:
    copies: 3
    loop:
      - run: 30us
      - sleep: {exponential: 500us}
      - syscall:
          name: write
          do:
            - hold: {lock: inode, do: [run: {exponential: 400us}]}
            - irqs_off: [run: 50us]
            - mark: written <&>
END

run late.yaml --kind timeline -o worst.svg
ends 0 "a timeline about the worst latency"
err 'wakeup latency of'
run late.yaml --kind timeline -o window.svg --from 13ms --to 18ms
ends 0 "a timeline of a window"
well_formed worst.svg
well_formed window.svg
for text in 'late: &lt;a&gt; task &amp; a call' 'CPU 0' 'CPU 1' \
	'writer/0' 'deadline of control' 'dropout: control late by' \
	'written &lt;&amp;&gt;' '>1 ms<' 'simulated time since 0.013000000 s' \
	'spinning' 'interrupts off' 'preemption off' 'release of a job' \
	'woken, and runs' 'class="wakeup"'; do
	has window.svg "$text"
done
for context in user kernel softirq hardirq spin switch idle; do
	has window.svg "<rect.*url(#$context)"
done

# The bars of each CPU are as long as the window.
awk -F'"' '/data-ns=/ { for (i = 1; i < NF; i++) {
	if ($i ~ / data-cpu=$/) cpu = $(i + 1)
	if ($i ~ / data-ns=$/) sum[cpu] += $(i + 1) } }
	END { exit !(sum[0] == 5000000 && sum[1] == 5000000) }' window.svg
report $? "bars add up to the window"

run late.yaml --timeline -o again.svg --from 13ms --to 18ms
cmp -s window.svg again.svg
report $? "a timeline has the same bytes each time"
run late.yaml --kind timeline -o whole.txt --from 0ns
ends 0 "a timeline of all, as text"
has whole.txt '^From 0.000000000 s on, 100'
has whole.txt 'dropout of control: late by'

run "$src/scenarios/audio-xruns.yaml" -d 5s --timeline -o xruns.txt \
	--from 124ms --to 126ms
has xruns.txt 'dropout of player: underrun of soundcard'

run late.yaml --kind timeline -o x.png
ends 2 "a timeline as PNG"
run late.yaml -o x.txt
ends 2 "a curve as text"
run late.yaml -o x.svg --around worst
ends 2 "a window of a curve"
err '--kind timeline'
run late.yaml --kind timeline -o x.svg --vary kernel.hz=100,250
ends 2 "a timeline of two"
run late.yaml --timeline -o x.svg --runs 3
ends 2 "a timeline of three runs"
err 'there is no --runs'
run late.yaml --timeline -o x.svg --db x.db
ends 2 "a timeline of a database"
err 'are for --kind sweep and heatmap'
run late.yaml --kind timeline -o x.svg --around worst:nobody
ends 1 "about a task that is not there"
err "no task 'nobody'; known: control, writer"
run late.yaml --timeline -o task.svg --task writer
ends 0 "a timeline about a task"
err '^writer/[01]: wakeup latency of'
run late.yaml --timeline -o task.svg --measure response_time
err '^control: response time of'
run late.yaml --kind timeline -o x.svg --from 1s
ends 1 "behind the end"
err 'over before --from'
run late.yaml --kind timeline -o x.svg --from 0ns --to 100s -d 60s
ends 1 "too much"
err 'narrow it'
absent x.svg

# What people plot cyclictest's histograms with takes the comments away, makes
# tabs of spaces and cuts columns out; the maximum is in a comment.

"$PREEMPTSIM" compare late.yaml --format cyclictest >cyclic 2>err
max=$(grep 'Max Latencies' cyclic | tr ' ' '\n' | sort -n | tail -n 1 |
	sed 's/^0*//')
grep -v -e '^#' -e '^$' cyclic | tr ' ' '\t' >rows
columns=$(awk -F'\t' 'NR == 1 { n = NF } NF != n { exit 1 } END { print n }' \
	rows)
report $? "rows of a histogram have the same columns"
threads=$(grep -c '^# Thread' cyclic)
test "$columns" -eq $((threads + 1))
report $? "a column is a latency, the others are threads"
test "$(tail -n 1 rows | cut -f 1 | sed 's/^0*//')" -eq "$max"
report $? "the last row is the maximum, $max us"
for column in $(seq 2 "$columns"); do
	cut -f 2- rows | cut -f $((column - 1)) | awk '{ n += $1 } END {
		print n }'
done >sums
grep '^# Total:' cyclic | tr ' ' '\n' | tail -n +3 | sed 's/^0*//' |
	cmp -s - sums
report $? "columns add up to the totals"

# Pictures.

if command -v gnuplot >/dev/null; then
	for kind in ccdf histogram; do
		run two.yaml -o $kind.svg --kind $kind
		ends 0 "gnuplot draws a $kind"
		test ! -s err
		report $? "and says nothing"
		well_formed $kind.svg
		has $kind.svg 'deadline 5.00 ms'
		has $kind.svg 'preempt=full: 400 samples'
		has $kind.svg '1 ms'
		run two.yaml -o again.svg --kind $kind
		cmp -s $kind.svg again.svg
		report $? "the same bytes each time"
	done
	if test -c /dev/full; then
		ln -s /dev/full full.svg
		run two.yaml -o full.svg
		ends 1 "a picture for which there is no room"
		err 'full.svg: error: '
	fi
	run two.yaml --kind blame -o blame.svg
	ends 0 "gnuplot draws blame"
	test ! -s err
	report $? "and says nothing"
	well_formed blame.svg
	has blame.svg 'what delayed loop_'
	for kind in sweep heatmap; do
		run sweep.db -o $kind.svg --kind $kind
		ends 0 "gnuplot draws a $kind"
		test ! -s err
		report $? "and says nothing"
		well_formed $kind.svg
		has $kind.svg 'tasks.loop_.every'
	done
	run two.yaml -o zero.svg -L kernel.hz=100 --columns loop_.dropouts \
		-s tasks.loop_.deadline=none
	ends 0 "gnuplot draws zeros"
	test ! -s err
	report $? "and does not choose their ends"
	run two.yaml -d 200ms -o many.svg -L kernel.hz=100,250,1000 \
		-L kernel.preempt=$models -P machine.cpus=1:3
	ends 0 "gnuplot draws 18 curves"
	test ! -s err
	report $? "and has room for their names"
	run sweep.db -o sweep.png
	head -c 4 sweep.png | grep -q PNG
	report $? "a PNG"
	run sweep.db -o sweep.pdf
	head -c 4 sweep.pdf | grep -q '%PDF'
	report $? "a PDF"
	for text in "'tis so" "two ''calls''"; do
		run two.yaml -o quotes.svg -s "description=\"$text\""
		ends 0 "a description with apostrophes: $text"
		has quotes.svg ">$text<"
	done
	test ! -e pwned
	report $? "no command of a description is run"
	cut -f 1,2 rows >rows1
	printf '%s\n' 'set terminal svg' 'set logscale y' \
		'set xrange [0:400]' 'set yrange [0.8:*]' \
		'plot "rows1" using 1:2 title "CPU0" with histeps' |
		gnuplot >cyclic.svg 2>err
	report $? "gnuplot draws a histogram of cyclictest's form"
	mkdir bin
	echo '#!/bin/sh' >bin/gnuplot
	echo 'echo a warning of its own >&2; echo half' >>bin/gnuplot
	chmod +x bin/gnuplot
	PATH=$tmp/bin:$PATH run sweep.db -o said.svg
	err 'a warning of its own'
	PATH=$tmp/bin:$PATH run sweep.db -q -o said.svg
	ends 0 "gnuplot warns, and nobody wants to hear it"
	test ! -s err
	report $? "it is quiet"
	echo 'exit 1' >>bin/gnuplot
	PATH=$tmp/bin:$PATH run sweep.db -q -o half.svg
	ends 1 "gnuplot fails"
	err 'could not draw'
	err 'a warning of its own'
	absent half.svg
else
	skip "pictures" "gnuplot is not installed"
fi

echo "1..$n"
