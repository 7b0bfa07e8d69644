#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Comparisons: what is compared when nothing is said, that one run of each is
# no proof, that differences are what the runs one by one say, and that
# expectations of them end the program as they should.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

# run ARGUMENT...: compare the scenario; its status goes to $status.
run() {
	"$PREEMPTSIM" compare "$tmp/s.yaml" --no-host "$@" >"$tmp/out" \
		2>"$tmp/err" </dev/null
	status=$?
}

# A job every 10 ms beside system calls of 2 ms with 1 ms between them, nothing
# costs anything.
scenario() {
	cat >"$tmp/s.yaml" <<'END'
duration: 2s
machine: {costs: zero}
tasks:
  job: {policy: fifo, priority: 50, every: 10ms,
        jitter: {uniform: [0ms, 6ms]}, deadline: 2ms, do: [run: 1ms]}
  call: {loop: [run: 1ms, syscall: {name: x, do: [run: 2ms]}]}
END
	cat >>"$tmp/s.yaml"
}

scenario </dev/null
run
ends 0 "compare without builds"
out "preempt=full"
out "One run of each: no interval"
out "too few"
run --runs 4 --format json
ends 0 "compare as JSON"
out '"method": "student_t"'
out '"too_few_samples": true'
"$PREEMPTSIM" compare - <"$tmp/s.yaml" >"$tmp/out" 2>"$tmp/err"
report $? "a scenario from the standard input"

# A run in which nothing came hides nothing of the others.
cat >"$tmp/rare.yaml" <<EOF
duration: 100ms
devices: {d: {irq: {exponential: 60ms}, handler: [run: 1us, wake: d]}}
tasks: {a: {on: d, deadline: 1ms, do: [run: 1us]}}
EOF
"$PREEMPTSIM" compare "$tmp/rare.yaml" --runs 6 >"$tmp/out" 2>"$tmp/err"
out '^  wakeup latency max .* (5 of 6)'
out '^(1 of 2): over so many of the runs only'
"$PREEMPTSIM" compare "$tmp/rare.yaml" --runs 6 --format json >"$tmp/out"
out '"paired_runs": 5'
"$PREEMPTSIM" compare "$tmp/rare.yaml" --runs 6 --format csv >"$tmp/out"
out '^preempt=full,differences,a,wakeup_latency.max.paired_runs,count,5$'
"$PREEMPTSIM" sweep "$tmp/rare.yaml" -L kernel.hz=250 --runs 6 >"$tmp/out"
out ' (5 of 6)$'

# What is simulated is told of each build, where that is what varies.
run --vary duration=1s,2s
out '^duration=1s: 1s simulated, seed 1$'
out '^duration=2s: 2s simulated, seed 1$'
run --vary tasks.job.every=10ms --vary tasks.job.period=20ms
ends 1 "what is varied overwrites something that is varied"
err '^--vary tasks.job.period=20ms: error: it overwrites --vary tasks.job.every'
run --vary seed=1,2
out '^seed=2: 2s simulated, seed 2$'
run
out '^2s simulated, seed 1$'

# An option that what varies takes back is not lost without a word.
run -s kernel.preempt=lazy -s kernel.hz=100
err "^-s kernel.preempt=lazy: warning: it gives way to the values of 'kernel.pre"
test "$(wc -l <"$tmp/err")" -eq 1
report $? "said once, and of that one only"
run -q -s kernel.preempt=lazy
! test -s "$tmp/err"
report $? "-q does without"

# Tables of many builds are as wide as 80 columns, or as the terminal, and have
# all of them.
models=none,voluntary,full,lazy,rt,rt_lazy
columns() {
	for model in none voluntary full lazy rt rt_lazy; do
		test "$(grep -c "^  job .* preempt=$model\( \|$\)" "$tmp/out")" \
			-eq 1 || return
	done
}
run --vary kernel.preempt=$models --export text="$tmp/export"
! grep -v '^  job: ' "$tmp/out" | grep -q '.\{81\}'
report $? "six builds are not wider than 80 columns"
columns
report $? "and each is there once"
test "$(grep -c '^  dropouts ' "$tmp/out")" -gt 1
report $? "in several blocks"
cmp -s "$tmp/out" "$tmp/export"
report $? "a file has the same"
COLUMNS=300 run --vary kernel.preempt=$models
cmp -s "$tmp/out" "$tmp/export"
report $? "whatever the terminal is beside it"
if script -qec true /dev/null >/dev/null 2>&1; then
	NO_COLOR=1 COLUMNS=300 script -qec "'$PREEMPTSIM' compare \
		'$tmp/s.yaml' --vary kernel.preempt=$models" /dev/null \
		</dev/null 2>"$tmp/err" | tr -d '\r' >"$tmp/out"
	columns && test "$(grep -c '^  dropouts ' "$tmp/out")" -eq 1
	report $? "a terminal of 300 columns has one block"
else
	n=$((n + 1))
	echo "ok $n - a wide terminal # SKIP there is no script(1)"
fi

# Who is late for a sound card only has xruns, and no dropouts.
"$PREEMPTSIM" compare "$src/scenarios/audio-xruns.yaml" -d 300ms --runs 2 \
	>"$tmp/out" 2>"$tmp/err"
out '^  xruns '
! grep -q '^  dropout' "$tmp/out"
report $? "without a deadline there are no dropouts"
"$PREEMPTSIM" compare "$src/scenarios/audio-xruns.yaml" -d 300ms \
	-s tasks.player.deadline=5ms >"$tmp/out" 2>"$tmp/err"
out '^  xruns '
out '^  dropouts '
"$PREEMPTSIM" run "$src/scenarios/audio-xruns.yaml" -d 500ms >"$tmp/out"
out '^what delayed player, over [0-9]* xruns*: '
"$PREEMPTSIM" run "$src/scenarios/video-vblank.yaml" -d 150ms >"$tmp/out"
out '^what delayed decoder, over [0-9]* missed frames*: '

# The difference of the means of dropouts is that of the runs' sums; and the
# interval that of Student's t, by hand.
run --runs 4 --format csv
cp "$tmp/out" "$tmp/csv"
for seed in 0 1 2 3; do
	run --runs $((seed + 1)) --format csv
	awk -F, '$2 == "tasks" && $3 == "job" && $4 == "late" { print $6 }' \
		"$tmp/out" | tr '\n' ' '
	echo
done >"$tmp/sums"
awk -F, '$2 == "differences" && $3 == "job" && $4 ~ /^dropouts/ {
	print $4, $6 }' "$tmp/csv" >"$tmp/shown"
awk '{ d = ($2 - last2) - ($1 - last1); last1 = $1; last2 = $2
       n++; sum += d; squares += d * d }
     END { mean = sum / n
	   half = 3.182446305 * sqrt((squares - n * mean * mean) / (n - 1) / n)
	   printf "dropouts.difference %.6g\n", mean
	   printf "dropouts.difference_low %.6g\n", mean - half
	   printf "dropouts.difference_high %.6g\n", mean + half }' \
	"$tmp/sums" >"$tmp/by-hand"
awk '/difference/ { printf "%s %.6g\n", $1, $2 }' "$tmp/shown" >"$tmp/out"
cp "$tmp/by-hand" "$tmp/err"
cmp -s "$tmp/out" "$tmp/by-hand"
report $? "the interval is that of Student's t"

# Builds by name.
scenario <<'END'
builds:
  stock: {kernel.preempt: none}
  quick: {kernel: {preempt: full, hz: 1000}, tasks.job.deadline: 3ms}
expect:
  - job.dropouts[quick] < job.dropouts[stock]
  - job.dropouts[quick] == 0
  - diff.job.wakeup_latency.mean < 0
  - ratio.job.wakeup_latency.max == 0
  - diff.user_share[quick] > -1%
END
run --runs 5
ends 0 "compare with builds"
out "^quick: preempt=full, eevdf, 1000 Hz"
out "^stock: preempt=none, eevdf, 250 Hz"
out "holds  ratio.job.wakeup_latency.max == 0  (ratio of quick against stock"
run --runs 5 -s kernel.hz=100
out "^quick: preempt=full, eevdf, 1000 Hz"
out "^stock: preempt=none, eevdf, 100 Hz"

# A setting that a build takes back is told, and one that it does not is not.
run -s kernel.hz=100 -s tasks.job.priority=51
err "^-s kernel.hz=100: warning: it gives way to a build that sets 'hz', too$"
! grep -q priority "$tmp/err"
report $? "and nothing else"
out "^stock: preempt=none, eevdf, 100 Hz"
out "^quick: preempt=full, eevdf, 1000 Hz"
run -s build=quick -s expect=null
err "^--vary kernel.preempt=none: warning: it gives way"

run --vary kernel.preempt=none,lazy
err "no build 'quick' is compared"
run --vary build=quick,stock --runs 5
ends 3 "what holds does not hold the other way round"
out "FAILS  diff.job.wakeup_latency.mean < 0"
run --vary build=stock,quick --runs 5 --format csv
ends 0 "the builds as values of the key build"
"$PREEMPTSIM" run "$tmp/s.yaml" -s build=quick >"$tmp/out" 2>"$tmp/err"
report $? "run of one build, without what is expected of differences"
out "preempt=full, eevdf, 1000 Hz"

# A difference that is not shown is no difference; and with one run, what is
# there counts.
scenario <<'END'
builds:
  a: {kernel.hz: 250}
  b: {kernel.hz: 251}
expect:
  - job.jobs[a] == job.jobs[b]
  - job.wakeup_latency.p99_9[a] <= job.wakeup_latency.p99_9[b]
END
run --runs 3
ends 3 "too few samples do not hold"
out "no difference seen"
out "FAILS .*(difference of a against b: too few samples)"
run --runs 3 --format csv
err "a against b: job.wakeup_latency.p99_9"

# What is unknown says why: there is no ratio to 0, whatever the samples.
scenario <<'END'
builds:
  a: {kernel.hz: 250}
  b: {kernel.hz: 251}
expect: [ratio.job.migrations < 1]
END
run --runs 2
ends 3 "a ratio to 0 does not hold"
out "FAILS .*(ratio of b against a: no ratio to 0)"
run --runs 2 --format json
out '"unknown": "no ratio to 0"'
err "ratio.job.migrations < 1 does not hold: no ratio to 0"
cat >"$tmp/rare2.yaml" <<EOF
$(cat "$tmp/rare.yaml")
builds: {x: {kernel.hz: 250}, y: {kernel.hz: 1000}}
expect: [diff.a.wakeup_latency.max < 1s]
EOF
"$PREEMPTSIM" compare "$tmp/rare2.yaml" --runs 6 >"$tmp/out" 2>"$tmp/err"
out "FAILS .*(difference of y against x: a run has no sample)"

# The bounds of all builds.
"$PREEMPTSIM" compare "$src/scenarios/audio-writer.yaml" -d 300ms --bound \
	>"$tmp/out"
out '^bounds of preempt=none$'
out '^bounds of preempt=full$'
test "$(grep -c 'sporadic' "$tmp/out")" -eq 2
report $? "two tables of bounds"

# Mistakes.
scenario <<'END'
builds:
  a: {kernel.preempt: ful}
  b: {tasks.job.prority: 3}
END
run
ends 1 "wrong builds"
err "s.yaml:8:23: error: .*ful.*full"
err "s.yaml:9:26: error: unknown key 'prority'"
scenario <<'END'
builds: {a: {kernel.hz: 100}, b: {kernel.hz: 250}}
expect: ["job.dropouts[c] < job.dropouts[a]"]
END
run
ends 1 "an expectation of a build that is not there"
err "s.yaml:8:10: error: no build 'c' is compared"
scenario <<'END'
builds: {a: {kernel.hz: 100}, b: {kernel.hz: 250}}
expect: ["diff.job.dropouts[a] == 0"]
END
run
ends 1 "what is expected of the first build against itself"
err "s.yaml:8:10: error: 'a' is the build that the others are compared with"
run --vary tasks.call=null,"{once: [run: 1ms]}"
ends 1 "other tasks can't be compared"

# What YAML takes for nothing, or for the end of a document, can be a name.
cat >"$tmp/names.yaml" <<'END'
duration: 10ms
tasks: {a: {every: 5ms, do: [run: 1ms]}}
builds: {"null": {kernel.hz: 100}, "---": {kernel.hz: 1000}}
END
"$PREEMPTSIM" compare "$tmp/names.yaml" >"$tmp/out" 2>"$tmp/err"
out '^null: preempt=none, eevdf, 100 Hz'
out '^---: preempt=none, eevdf, 1000 Hz'

# Percentiles of 3 ns more are a bin of 8 us further: that they are more is
# shown, that they are 5 us more is not.
cat >"$tmp/bins.yaml" <<'END'
duration: 2s
machine: {cpus: 1, costs: {profile: zero}}
tasks:
  t:
    policy: fifo
    priority: 5
    every: 5ms
    do:
      - run: {choice: [{weight: 9, value: 1507327ns},
                       {weight: 1, value: 2ms}]}
builds: {a: {}, b: {tasks.t.do.0.run.choice.0.value: 1507330ns}}
expect:
  - diff.t.response_time.p50 > 0ns
  - diff.t.response_time.p50 > 5us
  - ratio.t.response_time.p50 > 1.001
  - t.response_time.p50[b] <= t.response_time.p50[a]
END
"$PREEMPTSIM" compare --runs 5 "$tmp/bins.yaml" >"$tmp/out" 2>"$tmp/err"
status=$?
ends 3 "what is not shown does not hold"
out 'response time p50  *1.507 ms +- 8.191 us'
out 'response time p50  *1.516 ms  8.192 us +- 8.191 us  *1.01 +- 0.0055$'
out '^ *holds  diff.t.response_time.p50 > 0ns'
out '^ *FAILS  diff.t.response_time.p50 > 5us'
out '^ *FAILS  ratio.t.response_time.p50 > 1.001'
out '^ *FAILS  t.response_time.p50\[b\] <= t.response_time.p50\[a\]'

# Ratios of three digits and more are whole numbers, not "350." or "1.00e+03".
cat >"$tmp/ratios.yaml" <<'END'
duration: 100ms
machine: {cpus: 1, costs: {profile: zero}}
tasks: {t: {policy: fifo, priority: 50, every: 5ms, do: [run: 1ms]}}
END
"$PREEMPTSIM" compare "$tmp/ratios.yaml" \
	--vary machine.costs.wakeup=100ns,35us,99960ns >"$tmp/out" 2>"$tmp/err"
out 'latency mean  *100 ns  *35.0 us  *350  *99.96 us  *1000$'

echo "1..$n"
