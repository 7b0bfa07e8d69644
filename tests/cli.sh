#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The command line: what goes where, what is written or not written, and how
# the program ends.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
unset NO_COLOR

silent() {
	! test -s "$tmp/$1"
	report $? "nothing on std$1: $2"
}

cat >"$tmp/good.yaml" <<'END'
name: good
duration: 200ms
seed: 1
machine: {cpus: 1}
tasks:
  beat:
    policy: fifo
    priority: 50
    every: 10ms
    do:
      - run: 1ms
  rest:
    loop:
      - run: 3ms
expect:
  - beat.dropouts == 0
END
sed 's/dropouts == 0/dropouts > 1000/' "$tmp/good.yaml" >"$tmp/fails.yaml"
sed 's/beat.dropouts/baet.dropouts/' "$tmp/good.yaml" >"$tmp/lost.yaml"
sed 's/^duration: .*/duration: 100000s/' "$tmp/good.yaml" >"$tmp/long.yaml"
good=$tmp/good.yaml

# Help, versions and mistakes of usage.
run --help
ends 0 "--help"
out "^Usage: preemptsim"
run --version
ends 0 "--version"
out "^preemptsim [0-9]"
for command in run compare check list schema help; do
	run $command --help
	ends 0 "$command --help"
	out "^Usage: preemptsim $command"
done
# What is wrong is called as it was typed.
run run "$src/scenarios/audio-writer.yaml" -d 5
ends 1 "a duration without a unit"
err "^-d 5: error: 'duration' can't be 5"
run run "$src/scenarios/audio-writer.yaml" -s duration=5
err "^-s duration=5: error: 'duration' can't be 5"

# A format that a command can't write is not offered.
for command in run compare; do
	run $command --help
	out '^ *cyclictest or jobs$'
done
for command in sweep merge; do
	run $command --help
	out 'text (default), json or csv$'
	! grep -q 'cyclictest' "$tmp/out"
	report $? "$command --help offers what $command can write"
done
run help run
ends 0 "help run"
out "--export"
run
ends 2 "no command"
silent out "a mistake of usage"
err "Try 'preemptsim --help'"
run rnu "$good"
ends 2 "unknown command"
err "did you mean 'run'"
run run
ends 2 "no file"
err "FILE is missing"
run run "$good" extra
ends 2 "one word too many"
run run "$good" --frmat json
ends 2 "unknown option"
err "did you mean '--format'"
run run "$good" --format jsn
ends 2 "unknown format"
err "did you mean 'json'"
for bad in --runs=0 --runs=x --seed=-1 --export=json --color=red \
	--explain=x -s --print-resolved; do
	run run "$good" $bad
	ends 2 "run $bad"
done
run list model
ends 2 "unknown list"
err "did you mean 'models'"

# Lists.
run list
ends 0 "list"
for list in schedulers models locks devices steps events monitors costs \
		distributions
do
	out "^  $list "
done
for list in schedulers models locks devices steps events monitors costs \
	distributions keys; do
	run list $list
	ends 0 "list $list"
	out ":"
done
run schema
ends 0 "schema"
out "{"

# Checking.
run check "$good"
ends 0 "check"
run check "$good" --print-resolved
ends 0 "check --print-resolved"
out "name: good"
run check "$tmp/lost.yaml"
ends 1 "an expectation of an unknown task"
err "lost.yaml:[0-9]*:[0-9]*: error: .*did you mean 'beat'"
run check "$tmp/absent.yaml"
ends 1 "an absent file"
err "absent.yaml: error: "
run check "$tmp"
ends 1 "a folder"
run run "$good" -s kernel.preempt=ful
ends 1 "a wrong setting"
err "error: "
silent out "a wrong setting"

# Running.
run run "$good"
ends 0 "run"
out "^good"
out "beat"
silent err "run"
run run -s kernel.preempt=full --seed 7 -d 100ms "$good" --format=json
ends 0 "options before and behind the file"
out '"seed": 7'
out '"host"'
run run "$good" --explain "$good"
ends 2 "--explain takes no word behind it"
run run --explain 3 "$good"
ends 2 "nor a number"
err "one word too many; did you mean '--explain=3'"
run run --explain "$good"
ends 0 "--explain before the file"
out "100.0 %"
run run --format json --no-host "$good"
out '"cause": "execution"'
run run --format json --no-host --no-blame "$good"
ends 0 "--no-blame"
out '"blame": \[\]'
run run --format json --no-host --blame-over 1ns "$good"
ends 0 "--blame-over"
out '"over_ns": 1'
run run --blame-over 30s "$good"
out "no task had a wakeup latency of 30.0 s or more"
run run --blame-over 100 "$good"
ends 2 "--blame-over without a unit"
run run "$tmp/fails.yaml"
ends 3 "an expectation that fails"
out "FAILS"
run run "$tmp/fails.yaml" --format csv
ends 3 "an expectation that fails, in CSV"
err "fails.yaml:[0-9]*:[0-9]*: .*does not hold"
run run "$good" --color always
out "$(printf '\033')"
run run "$good" --color auto
! grep -q "$(printf '\033')" "$tmp/out"
report $? "no colour where there is no terminal"

# A terminal that is narrow parts the tables, a pipe has each row in one line.
COLUMNS=40 run run -q --no-blame "$good"
test "$(grep -c '^  task .*max.*max.*invol[.]$' "$tmp/out")" -eq 1
report $? "a pipe has all columns side by side"
if script -qec true /dev/null >/dev/null 2>&1; then
	for width in 80 300; do
		NO_COLOR=1 COLUMNS=$width script -qec "'$PREEMPTSIM' run -q \
			--no-blame '$good'" /dev/null </dev/null 2>"$tmp/err" |
			tr -d '\r' >"$tmp/out.$width"
	done
	! grep -q '.\{81\}' "$tmp/out.80"
	report $? "no table is wider than a terminal of 80 columns"
	grep -q '.\{81\}' "$tmp/out.300"
	report $? "nor parted where it is wide"
	for title in 'wakeup latency' 'response time' 'longest time off'; do
		test "$(grep -c -e "- $title -" "$tmp/out.80")" -eq 1
		report $? "$title stands once above its columns"
	done
	test "$(grep -c '^  beat ' "$tmp/out.80")" -eq \
		"$(($(grep -c '^  beat ' "$tmp/out.300") + 1))"
	report $? "each part begins with the task"
else
	skip "tables on a terminal" "there is no script(1)"
fi
run run "$good" --runs 3
ends 0 "--runs"
out "3 runs"
run compare "$good"
ends 0 "compare"
out "preempt=none"
out "preempt=full"
run compare "$good" --vary kernel.hz=100,1000 --vary kernel.preempt=none,full \
	--format csv
ends 0 "compare --vary twice"
out '"hz=1000, preempt=full",tasks,beat,jobs,count'
run compare "$good" --runs 3
ends 0 "compare --runs"
out "+-"

# The same bytes.
for format in text json csv cyclictest jobs; do
	run compare "$good" --runs 2 --no-host --format $format
	mv "$tmp/out" "$tmp/first"
	run compare "$good" --runs 2 --no-host --format $format
	cmp -s "$tmp/out" "$tmp/first"
	report $? "$format has the same bytes twice"
done

# Files.
run run "$good" -q --no-host --export json="$tmp/a.json" \
	--export csv="$tmp/a.csv" --export jobs="$tmp/a.jobs" \
	--export cyclictest="$tmp/a.hist" --export text="$tmp/a.txt"
ends 0 "exports"
for file in a.json a.csv a.jobs a.hist a.txt; do
	test -s "$tmp/$file"
	report $? "$file was written"
done
head -n 1 "$tmp/a.jobs" |
	grep -qx 'task,copy,release_ns,start_ns,end_ns,deadline_ns,outcome'
report $? "jobs have their header"
cmp -s "$tmp/a.txt" "$tmp/out"
report $? "an exported text is what stdout has"
run run "$good" --format json --no-host
cmp -s "$tmp/a.json" "$tmp/out"
report $? "exported JSON is what stdout has"
echo old >"$tmp/old"
ln -s old "$tmp/link"
run run "$good" --export csv="$tmp/link"
test -h "$tmp/link" && grep -q '^section,' "$tmp/old"
report $? "a link stays one"

# What is read or written already is not written over.
cp "$good" "$tmp/kept.yaml"
ln -s kept.yaml "$tmp/kept.link"
kept=$tmp/kept.yaml
refuses() {
	run "$@"
	ends 2 "$*"
	cmp -s "$good" "$kept"
	report $? "and nothing is lost"
}
for file in "$kept" "$tmp/kept.link" "$tmp/../${tmp##*/}/kept.yaml"; do
	refuses run "$kept" --export csv="$file"
	err "would be overwritten by --export"
	refuses run "$tmp/kept.link" --export csv="$file"
done
refuses run "$kept" --debug=preempt:"$kept"
refuses sweep "$kept" -L kernel.hz=100 --db "$kept"
refuses merge "$tmp/x.db" "$kept" --export csv="$kept"
refuses plot "$kept" -o "$tmp/x.svg" --script "$kept"
refuses sweep "$good" -L kernel.hz=100 --db "$kept" --export csv="$kept"
err "written twice, by --db and by --export"
refuses plot "$good" -o "$tmp/x.svg" -L kernel.hz=100 --db "$tmp/x.svg"
refuses run "$good" --export csv="$tmp/x" --export json="$tmp/x"
err "written twice by --export"
"$PREEMPTSIM" run - --export csv=- <"$good" >"$tmp/out" 2>"$tmp/err"
status=$?
ends 0 "the standard input beside the standard output"
run run "$good" --export csv=/dev/null --export json=/dev/null
ends 0 "a device may be written twice"

run run "$good" --export csv="$tmp/none/a.csv"
ends 1 "a folder that does not exist"
err "none/a.csv: error: "
silent out "a folder that does not exist"
run run "$good" --export csv="$tmp"
ends 1 "a folder as a file"
run run "$tmp/lost.yaml" --export csv="$tmp/b.csv"
test ! -e "$tmp/b.csv"
report $? "a wrong scenario writes nothing"
test -z "$(find "$tmp" -name '*.??????' ! -name '*.yaml')"
report $? "no temporary file is left"
if test -w /dev/full; then
	"$PREEMPTSIM" run "$good" >/dev/full 2>"$tmp/err"
	status=$?
	ends 1 "stdout on a full disk"
	err "^stdout: error: "
	run run "$good" --export csv=/dev/full
	ends 1 "an export to a full disk"
	err "^/dev/full: error: "
	test -c /dev/full
	report $? "a device stays one"
fi
"$PREEMPTSIM" run "$good" >&- 2>"$tmp/err"
status=$?
ends 1 "a closed stdout"
err "^stdout: error: "

# Watching.
run run "$good" --debug
ends 2 "--debug without a topic"
err "  preempt  "
run run "$good" --debug=prempt:x
ends 2 "an unknown topic"
err "there is no topic 'prempt'"
run run "$good" --debug=preempt:
ends 2 "--debug with an empty name"
run run "$good" --debug=preempt:"$good"
ends 2 "watching into the scenario"
run compare "$good" --debug=preempt
ends 2 "watching a comparison"
run run "$good" -d 30ms
mv "$tmp/out" "$tmp/plain"
run run "$good" -d 30ms --debug=preempt
ends 0 "--debug=preempt"
err "preempt=1  softirq=0  hardirq=0 nmi=0 resched=no .* schedule"
cmp -s "$tmp/out" "$tmp/plain"
report $? "watching changes nothing"
mv "$tmp/err" "$tmp/watched"
run run "$good" -d 30ms --debug=preempt:"$tmp/lines"
silent err "watching into a file"
cmp -s "$tmp/watched" "$tmp/lines"
report $? "the same lines in a file"
run run "$good" -d 30ms --debug=preempt:"$tmp/none/lines"
ends 1 "watching into a folder that does not exist"
if test -w /dev/full; then
	run run "$good" -d 30ms --debug=preempt:/dev/full
	ends 1 "watching to a full disk"
	err "^/dev/full: error: "
fi

# Interruption.
"$PREEMPTSIM" run "$tmp/long.yaml" >"$tmp/out" 2>"$tmp/err" &
pid=$!
sleep 1
kill -TERM $pid
wait $pid
status=$?
ends 130 "a termination signal"
out "interrupted"
out "^[0-9]*\.[0-9]\{9\} s simulated"

# timeout(1) sends its signal to the process and then to its group.
"$PREEMPTSIM" run "$tmp/long.yaml" >"$tmp/out" 2>"$tmp/err" &
pid=$!
sleep 1
kill -INT $pid
kill -TERM $pid
wait $pid
status=$?
ends 130 "two signals at once are one"
out "interrupted"

echo "1..$n"
