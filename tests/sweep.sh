#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sweeps: the same bytes however they were come by (threads, a database, a
# murder in the middle, shards), points that are wrong, searches against an
# answer known from theory, and what can't be written or meant.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
export PREEMPTSIM
unset NO_COLOR PARALLEL

# same FILE TEXT: did the last run print what is in FILE?
same() {
	cmp -s "$tmp/out" "$tmp/$1"
	report $? "$2"
}

# rows: how many simulations the last run printed as CSV.
rows() {
	tail -n +2 "$tmp/out" | grep -c .
}

two=$tmp/two.yaml
two_tasks "$two"

# What ranges and lists stand for.
values() {
	"$PREEMPTSIM" sweep "$two" --columns events -d 10ms --format csv "$@" \
		2>"$tmp/err" | sed -e 1d -e 's/,[^,]*,[^,]*,[^,]*$//' |
		tr '\n' ' ' | sed 's/ $//'
}

# spans EXPECTED OPTION...
spans() {
	expected=$1
	shift
	got=$(values "$@")
	test "$got" = "$expected"
	report $? "$* ($got)"
}

spans '5000000 6000000 7000000' -P tasks.high.every=5ms:7ms
spans '5000000 5500000 6000000' -P tasks.high.every=5ms:6ms:500us
spans '5000000 5700000' -P tasks.high.every=5ms:6ms:0.7ms
spans '1000000 2000000 4000000 8000000' -P tasks.high.every=1ms:10ms:x2
spans '1000000 3160000 10000000' -P tasks.high.every=1ms:10ms:log3
spans '7000000 6000000 5000000' -P tasks.high.every=7ms:5ms:1ms
spans '4000000 2000000 1000000' -P tasks.high.every=4ms:1ms:x2
spans '41 42 43' -P tasks.high.priority=41:43
spans '41' -P tasks.high.priority=41:41
spans '1 3 9 27' -P tasks.low.priority=1:27:log4
spans '1GHz 1.5GHz 2GHz' -P machine.clock=1GHz:2GHz:500MHz
spans '0.1 0.2 0.3' \
	-s 'tasks.low.do.0.run={lognormal: {median: 1ms, sigma: 0.5}}' \
	-P tasks.low.do.0.run.lognormal.sigma=0.1:0.3:0.1
spans '1000cy 1500cy 2000cy' -P machine.costs.irq_entry=1000cy:2000cy:500cy
spans '41,none 41,full 42,none 42,full' \
	-P tasks.high.priority=41:42 -L kernel.preempt=none,full
spans 'none,41 none,42 full,41 full,42' \
	-L kernel.preempt=none,full -P tasks.high.priority=41:42
spans '"{uniform: [1us, 2us]}" 3us' \
	-L 'tasks.low.do.0.run={uniform: [1us, 2us]},3us'

# What an axis takes back is not lost without a word.
run sweep "$two" -d 10ms -s tasks.high.priority=40 -s kernel.hz=100 \
	-P tasks.high.priority=41:42
ends 0 "a setting of what varies"
err "^-s tasks.high.priority=40: warning: it gives way to the values of"
test "$(wc -l <"$tmp/err")" -eq 1
report $? "said of that one only"

# Times are nanoseconds where all of them can be.
for values in 2ms,2500ns 2ms,none 2ms,2.5us 2ms,0.5ns 100cy,200cy; do
	run sweep "$two" -d 10ms -L tasks.low.deadline="$values" --format csv \
		--columns switches
	cut -d , -f 1 "$tmp/out" | tr '\n' ' ' >"$tmp/cells"
	case $values in
	2ms,2500ns) expected='tasks.low.deadline_ns 2000000 2500 ' ;;
	2ms,2.5us) expected='tasks.low.deadline_ns 2000000 2500 ' ;;
	*) expected="tasks.low.deadline $(echo $values | tr , ' ') " ;;
	esac
	test "$(cat "$tmp/cells")" = "$expected"
	report $? "the cells of $values"
done

# A row must not carry a value that another axis has overwritten.
clash() {
	expected=$1
	shift
	run sweep "$two" -d 10ms "$@"
	ends 1 "$* is refused"
	err "$expected"
}

clash '^-L tasks.low.period=3ms: error: it overwrites -L tasks.low.every=1ms' \
	-L tasks.low.every=1ms,2ms -L tasks.low.period=3ms,4ms
clash '^-P tasks.low.period=3ms: error: it overwrites -L tasks.low.every=1ms' \
	-L tasks.low.every=1ms,2ms -P tasks.low.period=3ms:4ms
clash '^-L machine.costs=zero: error: it overwrites -L machine.costs.context_' \
	-L machine.costs.context_switch=1us,20us -L machine.costs=zero,x86-64
clash 'error: it overwrites -L machine.costs=zero' \
	-L machine.costs=zero,x86-64 -L machine.costs.profile=zero
clash 'error: it overwrites -L tasks.low.do.0.run=1us' \
	-L tasks.low.do.0.run=1us,2us -L tasks.low.do.0='run: 3us,run: 4us'
clash 'error: it overwrites -L tasks.low.do.0.run=1us' \
	-L tasks.low.do.0.run=1us,2us -L tasks.low.do.0.run.exponential=1us
clash "^-L expect=\[\]: error: it overwrites --find 'low.dropouts == 0'" \
	--find 'low.dropouts == 0' --over tasks.low.every=1ms:2ms -L expect=[]
run sweep "$two" -d 10ms -L machine.costs=zero,x86-64 \
	-L machine.costs.context_switch=1us,20us
ends 0 "a part may be varied behind the whole"
run sweep "$two" -d 10ms -L tasks.low.policy=deadline -L tasks.low.every=4ms \
	-L tasks.low.period=3ms -s tasks.low.priority=null \
	-s tasks.low.runtime=1ms
ends 0 "with policy deadline a period is something of its own"

# A build takes back what varies: once is enough to be told.
cp "$two" "$tmp/built.yaml"
cat >>"$tmp/built.yaml" <<'END'
builds:
  a: {kernel.preempt: none}
  b: {kernel: {preempt: full, hz: 1000}}
END
takes_back() {
	expected=$1
	shift
	run sweep "$tmp/built.yaml" -d 10ms --columns switches "$@"
	ends 0 "builds with $*"
	test "$(cat "$tmp/err")" = "$expected"
	report $? "stderr is '$expected'"
}

warning="warning: it gives way to a build that sets"
hz="-P kernel.hz: $warning 'hz', too"
takes_back "$hz" -L build=a,b -P kernel.hz=100:300:100
takes_back "$hz" -P kernel.hz=100:300:100 -L build=b,a
takes_back "$hz" -L build=b -P kernel.hz=1000:2000:1000
takes_back "$hz" -s build=b -P kernel.hz=500:1000:500
takes_back "" -L build=a -P kernel.hz=100:300:100
takes_back "" -L build=b -P kernel.hz=1000:1000
takes_back "-s kernel.hz=100: $warning 'hz', too" -s kernel.hz=100 -L build=a,b
cat >>"$tmp/built.yaml" <<'END'
  c: {tasks.high.do: [run: 1ms]}
END
takes_back "-L tasks.high.do.0.run: $warning 'do', too" -L build=a,b,c \
	-L tasks.high.do.0.run=1ms,2ms

# The same bytes with any number of threads.
sweep() {
	run sweep "$two" -P tasks.high.every=3ms:8ms:500us \
		-L kernel.preempt=none,full --runs 2 "$@"
}

for format in text csv json; do
	sweep --format $format -j 1
	ends 0 "sweep in $format"
	mv "$tmp/out" "$tmp/whole.$format"
	for jobs in 2 8; do
		sweep --format $format -j $jobs
		same whole.$format "$format with $jobs threads"
	done
done
cp "$tmp/whole.csv" "$tmp/out"
test "$(rows)" -eq 44
report $? "a row for each run of each point"
head -n 1 "$tmp/out" >"$tmp/head"
cat >"$tmp/expected" <<'END'
tasks.high.every_ns,kernel.preempt,run,high.dropouts,high.wakeup_latency.mean_ns,high.wakeup_latency.p99_ns,high.wakeup_latency.max_ns,low.dropouts,low.wakeup_latency.mean_ns,low.wakeup_latency.p99_ns,low.wakeup_latency.max_ns,expect,error,too_few
END
cmp -s "$tmp/head" "$tmp/expected"
report $? "the columns of CSV"

# A point says what `run' says there.
run run "$two" -s tasks.high.every=3ms -s kernel.preempt=full --format csv
latency=$(sed -n 's/^tasks,low,wakeup_latency.max,ns,//p' "$tmp/out")
sweep --format csv --columns low.wakeup_latency.max
grep -q "^3000000,full,0,$latency," "$tmp/out"
report $? "a point is what run makes of its settings"
run run "$two" -s tasks.high.every=3ms -s kernel.preempt=full --runs 2 \
	--format csv
latency=$(sed -n 's/^tasks,low,wakeup_latency.max,ns,//p' "$tmp/out")
sweep --format csv --columns low.wakeup_latency.max
grep '^3000000,full,' "$tmp/out" | cut -d , -f 4 | sort -n -u >"$tmp/runs"
test "$(grep -c . "$tmp/runs")" -eq 2 &&
	test "$(tail -n 1 "$tmp/runs")" = "$latency"
report $? "and its runs are those of run --runs"

# Columns and exports.
sweep --columns cpus.0.idle,low.cpu_share,warnings --format csv \
	--export json="$tmp/a.json" --export text="$tmp/a.txt"
ends 0 "--columns"
out '^tasks.high.every_ns,kernel.preempt,run,cpus.0.idle_ns,low.cpu_share,'
test -s "$tmp/a.json" && grep -q '^ *every ' "$tmp/a.txt"
report $? "exports"
sweep --columns low.wakeup_latency.p99
out '^ *3ms  *none  *too few$'
out 'fewer than 5 samples'
sweep --columns low.wakeup_latency.p99 -d 6s
! grep -q 'too few' "$tmp/out"
report $? "a percentile of enough samples"
sweep --columns low.wakeup_latency.p99 --format csv
out '^3000000,none,0,[0-9][0-9]*,,,low.wakeup_latency.p99_ns$'
sweep --columns low.wakeup_latency.p99,low.dropouts --format json
out '"too_few_samples": \["low.wakeup_latency.p99_ns"\]'
sweep --columns low.wakeup_latency.p99,low.wakeup_latency.p50 -d 6s \
	--format csv
out '^3000000,none,0,[0-9][0-9]*,[0-9][0-9]*,,,$'
sweep --columns low.wakeup_latency.max --format csv
out ',expect,error$'
sweep --columns low.wakeup_latency.mx
ends 1 "an unknown column"
err "did you mean 'low.wakeup_latency.max'"
sweep --format jobs
ends 2 "a format that can't tell a sweep"

# What can't be meant.
wrong() {
	expected=$1
	shift
	run sweep "$two" "$@"
	ends 2 "$*"
	err "$expected"
}

wrong 'nothing varies'
wrong 'is no number and no time' -P tasks.high.every=a:b
wrong 'write it as KEY=MIN:MAX' -P tasks.high.every=5ms
wrong 'write it as KEY=MIN:MAX' -P tasks.high.every
wrong 'same sort of unit' -P tasks.high.every=1:5ms
wrong 'another kind than the ends' -P tasks.high.every=1ms:5ms:1
wrong 'must be above 0' -P tasks.high.every=1ms:5ms:0ms
wrong 'one is above 1' -P tasks.high.every=1ms:5ms:x1
wrong 'from 2 to' -P tasks.high.every=1ms:5ms:log1
wrong 'need ends above 0' -P tasks.high.priority=0:5:x2
wrong 'more than 1000000 values' -P tasks.high.every=1ms:5s:1ns
wrong 'is varied already' -P tasks.high.every=1ms:5ms -L tasks.high.every=1ms
wrong "is not KEY=VALUE" -L kernel.preempt
wrong "'1000' is among the values of kernel.hz twice" -L kernel.hz=1000,250,1000
wrong "is not I/N" -P tasks.high.every=1ms:5ms --shard 3
wrong 'whole number from 1 to 3' -P tasks.high.every=1ms:5ms --shard 4/3
wrong 'whole number from 1' -P tasks.high.every=1ms:5ms --shard 0/3
wrong 'whole number from 1' -P tasks.high.every=1ms:5ms -j 0
wrong 'needs --over' --find 'low.dropouts == 0'
wrong 'needs --find' --over tasks.low.every=1ms:5ms
wrong '--find: it can be given once' --over tasks.low.every=1ms:5ms \
	--find 'low.dropouts == 0' --find 'high.dropouts == 0'
wrong '--over: it can be given once' --find 'low.dropouts == 0' \
	--over tasks.low.every=1ms:5ms --over tasks.high.every=1ms:5ms
wrong '--over: tasks.low.every is varied already' --find 'low.dropouts == 0' \
	-L tasks.low.every=1ms,2ms --over tasks.low.every=1ms:5ms
wrong '--list: tasks.low.every is varied already' --find 'low.dropouts == 0' \
	--over tasks.low.every=1ms:5ms -L tasks.low.every=1ms,2ms
wrong "did you mean '--shard'" --shrad 1/2
run sweep "$two" -P tasks.high.evry=1ms:5ms
ends 1 "an unknown key"
err '^-P tasks.high.evry=1ms: error: '
err "did you mean 'every'"
run sweep "$two" -P tasks.hihg.every=1ms:5ms --db "$tmp/none.db"
ends 1 "an unknown task"
err "did you mean 'high'"
! test -e "$tmp/none.db"
report $? "a sweep that is wrong everywhere makes no database"
run sweep "$tmp/absent.yaml" -P a=1:2
ends 1 "an absent file"
err 'absent.yaml: error:'
run sweep "$two" -P seed=1:10000 -P duration=1ms:10s:1ms
ends 1 "too many simulations"
err 'more than 10000000 simulations'

# A point that is wrong is one row.
run sweep "$two" -P tasks.low.priority=-1:3 --format csv
ends 1 "points that are wrong"
test "$(grep -c '^[-0-9].*error: ' "$tmp/out")" -eq 2 &&
	test "$(grep -c '[0-9],,,[a-z]' "$tmp/out")" -eq 3
report $? "two bad rows and three good ones"
run sweep "$two" -s expect=[] -L machine.cpus=1,0 --format json
out '"error": "-L machine.cpus=0: error: '
test "$(grep -c '"holds": true' "$tmp/out")" -eq 1 &&
	test "$(grep -c '"holds": null' "$tmp/out")" -eq 1
report $? "in JSON, whether something holds there is not known"
cat >"$tmp/stuck.yaml" <<'END'
duration: 10ms
machine: {cpus: 1}
locks: {table: {type: rwlock}}
devices:
  net:
    irq: {every: 2ms}
    handler: [read_lock: table]
tasks:
  busy: {loop: [run: 1ms]}
END
run sweep "$tmp/stuck.yaml" -L devices.net.irq.every=1us,2ms,5ms \
	--columns cpus.0.interrupts --format csv -j 2
ends 1 "a simulation that can't go on"
out '^1000,,,"error: at [0-9]* ns on CPU 0, .* in .*: .* more than 8 locks'
test "$(grep -c '^[25]000000,[0-9]' "$tmp/out")" -eq 2
report $? "the others go on"
run sweep "$tmp/stuck.yaml" -L devices.net.irq.every=1us,2ms,5ms
out 'every=1us:'
out 'read under more than 8 locks'

# Expectations.
cp "$two" "$tmp/expect.yaml"
echo 'expect: [low.response_time.max < 6ms]' >>"$tmp/expect.yaml"
run sweep "$tmp/expect.yaml" -P tasks.high.every=2ms:10ms:4ms --format csv
ends 3 "an expectation that does not hold somewhere"
out ',fails,,'
out ',holds,,'

# Databases.
sweep --db "$tmp/a.db" --format csv
ends 0 "--db"
same whole.csv "what comes from a database is the same"
sweep --db "$tmp/a.db" --format csv -v
same whole.csv "and once more"
err '^0 simulations'
sweep --db "$tmp/a.db" --format json
same whole.json "in another format, too"
sweep --db "$tmp/a.db" --columns low.dropouts
ends 0 "other columns of the same database"
sweep --db "$tmp/a.db" --seed 7
ends 1 "another seed with the same database"
err 'a.db: error: it belongs to another sweep: the scenario'
run sweep "$two" -P tasks.high.every=3ms:8ms --runs 2 --db "$tmp/a.db"
ends 1 "other axes"
err 'belongs to another sweep: what varies'
mkdir "$tmp/sealed"
chmod 555 "$tmp/sealed"
if test -w "$tmp/sealed"; then
	skip "a database where no file may be made" "all is allowed here"
else
	run sweep "$two" -P tasks.low.every=5ms:6ms:1ms --db "$tmp/sealed/a.db"
	ends 1 "a database where no file may be made"
	err 'sealed/a.db: error: Permission denied'
fi
chmod 755 "$tmp/sealed"
sweep --runs 3 --db "$tmp/a.db"
ends 1 "another number of runs"
err 'belongs to another sweep: the number of runs is 2 there, and 3 here'
sweep --db "$tmp/none/a.db"
ends 1 "a database in a folder that does not exist"
err 'none/a.db: error: No such file or directory'
sweep --db "$tmp"
ends 1 "a folder as a database"
sweep --db "$two"
ends 2 "a scenario as a database"
err 'would be overwritten by --db'
cp "$two" "$tmp/other.yaml"
sweep --db "$tmp/other.yaml"
ends 1 "what is no database"
err 'other.yaml: error: '
cmp -s "$two" "$tmp/other.yaml"
report $? "which stays what it was"
grep -q '^name: two' "$two"
report $? "which stays what it was"

# What is slow enough to be stopped in the middle.
slow() {
	exec "$PREEMPTSIM" sweep "$two" -d 50s --format csv -j 2 \
		-P tasks.high.every=3ms:7ms:10us "$@"
}

# has DATABASE: wait until there are some rows in it, and more to come.  What has
# just made it longer may be under way yet, and undone if it is stopped now; so
# wait until it has become longer once more.
has() {
	tries=0
	some=0
	while test $tries -lt 1200; do
		size=$(wc -c 2>/dev/null <"$tmp/$1" || echo 0)
		test $some -eq 0 || test "$size" -eq $some || return 0
		test $some -gt 0 || test "$size" -le 49152 || some=$size
		sleep 0.05
		tries=$((tries + 1))
	done
}

(slow >"$tmp/uninterrupted.csv" 2>/dev/null)

slow --db "$tmp/killed.db" >/dev/null 2>&1 &
pid=$!
has killed.db
kill -KILL $pid
wait $pid 2>/dev/null
cp "$tmp/killed.db" "$tmp/copy.db"
test ! -e "$tmp/killed.db-journal" ||
	cp "$tmp/killed.db-journal" "$tmp/copy.db-journal"
run merge "$tmp/killed-out.db" "$tmp/copy.db" --format csv
left=$(rows)
test "$left" -ge 3 && test "$left" -lt 401
report $? "a kill -9 left $left of 401 rows"
(slow --db "$tmp/killed.db" -v >"$tmp/out" 2>"$tmp/err")
grep -q "^$((401 - left)) simulations" "$tmp/err"
report $? "the rest is simulated"
same uninterrupted.csv "and the result is that of one in one go"

slow --db "$tmp/term.db" >"$tmp/out" 2>"$tmp/err" &
pid=$!
has term.db
kill -TERM $pid
wait $pid
status=$?
ends 130 "a termination signal"
left=$(rows)
test "$left" -ge 3 && test "$left" -lt 401
report $? "it printed $left of 401 rows"
(slow --db "$tmp/term.db" >"$tmp/out" 2>"$tmp/err")
same uninterrupted.csv "what was interrupted goes on"

"$PREEMPTSIM" sweep "$two" -d 100000s --find 'low.dropouts == 0' \
	--over tasks.low.every=5ms:9ms --db "$tmp/search.db" --format text \
	--export csv="$tmp/search.csv" >"$tmp/out" 2>"$tmp/err" &
pid=$!
while test ! -s "$tmp/search.db" && kill -0 $pid; do
	sleep 0.1
done
sleep 1
kill -TERM $pid
wait $pid
status=$?
ends 130 "a search is terminated"
out '^not complete: 1 search is not over'
test "$(grep -c . "$tmp/search.csv")" -eq 1
report $? "it has no result"
run merge "$tmp/search-out.db" "$tmp/search.db"
ends 1 "nor has it after merge"
out '^not complete: 1 search is not over'

slow -d 100s --db "$tmp/busy.db" >/dev/null 2>&1 &
pid=$!
has busy.db
(slow --db "$tmp/busy.db" >"$tmp/out" 2>"$tmp/err")
status=$?
ends 1 "two sweeps with one database"
err 'busy.db: error: another sweep is using it'
kill -TERM $pid
wait $pid 2>/dev/null

# No room: files may not grow beyond 64 blocks of 512 bytes, or of 1024.
(
	trap '' XFSZ
	ulimit -f 64
	exec "$PREEMPTSIM" sweep "$two" -d 1s -P seed=1:100 \
		--db "$tmp/full.db" --format csv
) >"$tmp/out" 2>"$tmp/err"
status=$?
ends 1 "a full disk"
err 'full.db: error: '
run sweep "$two" -d 1s -P seed=1:100 --format csv
mv "$tmp/out" "$tmp/roomy.csv"
run sweep "$two" -d 1s -P seed=1:100 --db "$tmp/full.db" --format csv -v
same roomy.csv "with room again it goes on"

# What +- is stands below a table that has it.
run sweep "$two" -d 200ms -L kernel.hz=100,250 --runs 3
out "95 % interval by Student's t over 3 runs"
run sweep "$two" -d 200ms -L kernel.hz=100,250
! grep -q Student "$tmp/out"
report $? "one run has no intervals"

# Shards.
for shard in 1 2 3; do
	sweep --shard $shard/3 --db "$tmp/$shard.part" --format csv
	ends 0 "shard $shard"
done
run merge "$tmp/all.db" "$tmp/2.part" "$tmp/1.part" --format csv
ends 1 "a shard is missing"
err '14 simulations are missing'
run sweep "$two" -d 200ms -P seed=1:2 --shard 1/2 --db "$tmp/half.part"
run merge "$tmp/half.db" "$tmp/half.part"
err ' 1 simulation is missing'
run merge "$tmp/all.db" "$tmp/3.part" "$tmp/1.part" --format csv \
	--export json="$tmp/all.json"
ends 0 "merge"
same whole.csv "three shards make the whole"
cp "$tmp/all.json" "$tmp/out"
same whole.json "in JSON, too"
run merge "$tmp/all.db" "$tmp/1.part" --format text
same whole.text "and in text"
sweep --db "$tmp/all.db" --format csv -v
same whole.csv "a merged database is one like any other"
err '^0 simulations'
run merge "$tmp/all.db" "$tmp/killed.db"
ends 1 "shards of different sweeps"
err 'killed.db: error: it belongs to another sweep'
run merge "$tmp/new.db" "$tmp/absent.db"
ends 1 "an absent database"
err 'absent.db: error: No such file'
echo junk >"$tmp/junk.db"
run merge "$tmp/new.db" "$tmp/1.part" "$tmp/junk.db"
ends 1 "a database that is none"
test ! -e "$tmp/new.db"
report $? "nothing is made for what can't be merged"
run merge "$tmp/new.db" "$tmp/1.part" "$tmp/killed.db"
ends 1 "shards of two sweeps"
test ! -e "$tmp/new.db"
report $? "nor is a part of them left"
ln -s all.db "$tmp/link.db"
run merge "$tmp/all.db" "$tmp/link.db"
ends 1 "a database merged into itself"
err "link.db: error: it can't be merged into itself"
run merge "$tmp/new.db"
ends 2 "nothing to merge"
run merge "$tmp/all.db" "$tmp/1.part" --columns low.dropuots
ends 1 "an unknown column in merge"
err "did you mean 'low.dropouts'"

# GNU parallel, and what a job array of Slurm would do, one after the other; that
# Slurm does it is shown by slurm.sh.
set -- "$two" -P tasks.high.every=3ms:8ms:500us \
	-L kernel.preempt=none,full --runs 2
for tasks in 1 2 3 4; do
	SLURM_ARRAY_TASK_ID=$tasks SLURM_ARRAY_TASK_MIN=1 \
	SLURM_ARRAY_TASK_COUNT=4 SLURM_CPUS_PER_TASK=2 \
		sh "$src/scenarios/sweep-slurm.sh" "$tmp/array.db" "$@" \
		>"$tmp/out" 2>"$tmp/err" || echo "failed" >>"$tmp/err"
done
run merge "$tmp/array.db" "$tmp"/array.db.*.part --format csv
same whole.csv "the tasks of a job array make the whole"
if parallel --version 2>/dev/null | grep -q '^GNU parallel'; then
	sh "$src/scenarios/sweep-parallel.sh" 3 "$tmp/par.db" "$@" \
		>"$tmp/out" 2>"$tmp/err"
	status=$?
	ends 0 "sweep-parallel.sh"
	same whole.text "GNU parallel makes the whole"
else
	skip "sweep-parallel.sh" "there is no GNU parallel"
	skip "GNU parallel makes the whole" "there is no GNU parallel"
fi

# Who feeds a stream is late for that, not for a deadline.
run sweep "$src/scenarios/audio-xruns.yaml" -d 200ms --format csv \
	-L kernel.preempt=none,full
grep -q ',player\.xruns,player\.wakeup_latency\.mean_ns,' "$tmp/out"
report $? "xruns are a column"
! grep -q 'dropouts' "$tmp/out"
report $? "dropouts are none without a deadline"

# Searches.  Without overheads the response time of `low' is that of theory,
# R = 2 ms + ceil(R / 4 ms) * 1 ms = 3 ms, so 3 ms is the shortest period in
# which it never is late.
cat >"$tmp/rta.yaml" <<'END'
name: rta
duration: 200ms
machine: {cpus: 1, costs: zero}
kernel: {rt_throttling: off}
tasks:
  high: {policy: fifo, priority: 50, every: 4ms, do: [run: 1ms]}
  low: {policy: fifo, priority: 40, every: 10ms, do: [run: 2ms]}
END
for jobs in 1 2; do
	run sweep "$tmp/rta.yaml" --find 'low.dropouts == 0' \
		--over tasks.low.every=2500us:10ms:100us --format csv -j $jobs
	ends 0 "--find with $jobs threads"
	out '^3000000,2900000,holds,$'
done
run sweep "$tmp/rta.yaml" --find 'low.dropouts == 0' \
	--over tasks.low.period=2500us:10ms:100us --format csv
ends 0 "what repeats a task is its period, too"
out '^3000000,2900000,holds,$'
run sweep "$tmp/rta.yaml" --find 'low.dropouts == 0' \
	--over tasks.low.every=2500us:10ms:100us --runs 3
out 'low.dropouts == 0 holds at every=3ms; next to it, at every=2.9ms, low.dropouts is [1-9]'
out 'in all runs'
run sweep "$tmp/rta.yaml" --find 'low.dropouts == 0' \
	--over tasks.low.every=2500us:10ms --format csv
out '^3000000,2999000,holds,$'
run sweep "$tmp/rta.yaml" --find 'low.dropouts == 0' \
	--over tasks.high.do.0.run=2ms:100us:100us --format csv
ends 0 "a search downwards"
out '^2000000,,holds,$'
run sweep "$tmp/rta.yaml" -L tasks.high.do.0.run=500us,1ms,1500us \
	--find 'low.dropouts == 0' --over tasks.low.every=2100us:10ms:100us \
	--format csv --db "$tmp/find.db"
ends 0 "three searches"
out '^500000,2500000,2400000,holds,$'
out '^1000000,3000000,2900000,holds,$'
out '^1500000,3500000,3400000,holds,$'
mv "$tmp/out" "$tmp/found.csv"
run sweep "$tmp/rta.yaml" -L tasks.high.do.0.run=500us,1ms,1500us \
	--find 'low.dropouts == 0' --over tasks.low.every=2100us:10ms:100us \
	--format csv --db "$tmp/find.db" -v
same found.csv "a search from a database"
err '^0 simulations'
run merge "$tmp/refound.db" "$tmp/find.db" --format csv
ends 0 "the database of a search, merged"
same found.csv "has what was found"
run merge "$tmp/refound.db" "$tmp/find.db"
mv "$tmp/out" "$tmp/found.text"
run sweep "$tmp/rta.yaml" -L tasks.high.do.0.run=500us,1ms,1500us \
	--find 'low.dropouts == 0' --over tasks.low.every=2100us:10ms:100us \
	--db "$tmp/refound.db"
same found.text "in sentences, too"
out '^run=1ms: low.dropouts == 0 holds at .* low.dropouts is [1-9]'
run merge "$tmp/refound.db" "$tmp/find.db" --columns low.dropouts
ends 1 "columns of a search"
err 'error: a search has no columns to choose'
run sweep "$tmp/rta.yaml" --find 'low.dropouts == 0' \
	--over tasks.low.every=1ms:2500us:100us
ends 3 "a search in vain"
mv "$tmp/out" "$tmp/vain"
run sweep "$tmp/rta.yaml" -L tasks.low.every=2500us --columns low.dropouts \
	--format csv
late=$(sed -n 's/^2500000,\([0-9]*\),.*/\1/p' "$tmp/out")
mv "$tmp/vain" "$tmp/out"
out "was not found to hold; at every=2.5ms, low.dropouts is $late, the last"
! grep -q 'exchange the ends' "$tmp/out"
report $? "no ends to be exchanged where it holds at neither"
run sweep "$tmp/rta.yaml" --find 'low.dropouts == 0' \
	--over tasks.low.every=5ms:2500us:100us
ends 3 "a search from the wrong end"
out 'but it does at every=5ms, the first one: .* tasks.low.every=2.5ms:5ms\.'
run sweep "$tmp/rta.yaml" --find 'low.dropouts == 0' \
	--over tasks.low.every=5ms:9ms
ends 0 "a search that is over at once"
out 'holds at every=5ms already'
out 'Bisection among 4001 values of tasks.low.every: 5ms, 5.001ms, ..., 9ms;'
run sweep "$tmp/rta.yaml" --find 'low.dropouts == 0' \
	--over tasks.low.every=5ms:7ms:1ms
out 'Bisection among 3 values of tasks.low.every: 5ms, 6ms, 7ms;'
run sweep "$tmp/rta.yaml" --find 'low.dropouts == 0' \
	--over tasks.low.every=5ms:5ms
out 'Bisection among 1 value of tasks.low.every: 5ms;'
for condition in 'low.dropouts[none] == 0' 'diff.low.dropouts == 0' \
	'low.dropouts[none] < low.dropouts[full]'; do
	run sweep "$tmp/rta.yaml" --find "$condition" \
		--over tasks.low.every=1ms:9ms
	ends 1 "a search for $condition"
	err 'error: a search has no builds'
done
run sweep "$src/scenarios/named-builds.yaml" -d 200ms -L seed=1
! grep -q 'expect' "$tmp/out"
report $? "a sweep expects nothing of builds"
run sweep "$tmp/rta.yaml" --find 'low.dropuots == 0' \
	--over tasks.low.every=5ms:9ms
ends 1 "a condition that is wrong"
err "^--find 'low.dropuots == 0': error: .*did you mean 'dropouts'"
run sweep "$tmp/rta.yaml" --find 'low.dropouts == 0' \
	--over tasks.low.priority=60:0
ends 1 "a search that meets a wrong value"
out '^  --over tasks.low.priority=0: error: '
out '^the search ended at priority=0, which could not be simulated\.$'
grep -A 1 '^errors$' "$tmp/out" >"$tmp/errors"
test "$(grep -c 'from 1 to 99' "$tmp/out")" -eq 1 &&
	grep -q '^  [^ ].* from 1 to 99$' "$tmp/errors"
report $? "it says once what is wrong, and nothing is above it"
run sweep "$tmp/rta.yaml" --find 'low.dropouts == 0' -L seed=1,2 \
	--over tasks.low.priority=60:0
out '^  seed=2:$'
out '^seed=2: the search ended at priority=0, which'

# Progress.
run sweep "$two" -d 200s -P seed=1:100 -j 1 --progress plain --format csv
err ' of 100, .*/s, .* s left'
if command -v script >/dev/null; then
	env TERM=dumb script -qec "'$PREEMPTSIM' sweep '$two' -d 200s \
		-P seed=1:100 -j 1 --format csv" "$tmp/typescript" \
		</dev/null >"$tmp/out" 2>"$tmp/err"
	out ' of 100, .*/s, .* s left'
	! grep -q "$(printf '\033')" "$tmp/out"
	report $? "a dumb terminal erases no lines"
else
	skip "a dumb terminal erases no lines" "there is no script(1)"
fi

echo "1..$n"
