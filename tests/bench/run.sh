#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# How fast the pending-event set, the run queues, the whole simulator and the
# writing of traces are: CPU time in user mode, medians; instructions counted by
# perf or else by cachegrind, where one of them is at hand.  Run by `make bench`.

set -u
src=${abs_top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${abs_top_builddir:-$src}
: "${PREEMPTSIM:=$build/preemptsim}" "${CC:=cc}" "${AWK:=awk}"
: "${CFLAGS:=-std=gnu17 -O2}"
: "${CPPFLAGS:=-I$build -I$src/include $(pkg-config --cflags glib-2.0)}"

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# What helps tests to find mistakes costs time.
unset MALLOC_PERTURB_ G_DEBUG

bench=$src/tests/bench
cd "$build" || exit 1

# compile NAME LIBRARY...: $bench/NAME.c to $tmp/NAME.
compile() {
	name=$1
	shift
	# shellcheck disable=SC2086
	$CC $CPPFLAGS $CFLAGS -o "$tmp/$name" "$bench/$name.c" "$@" ||
		{ echo "bench: $name.c can't be compiled" >&2; exit 1; }
}

# shellcheck disable=SC2046
compile bench-evq "$build/libpreemptsim.a" $(pkg-config --libs glib-2.0)
# shellcheck disable=SC2046
compile bench-sched "$build/libpreemptsim.a" \
	$(pkg-config --libs glib-2.0 gmodule-2.0) -lm
compile bench-run

# How to count: `perf stat`, cachegrind, or not at all.
counter=
if perf stat -x, -e instructions:u,branch-misses:u -o "$tmp/perf" true \
	2>/dev/null && ! grep -q '<not' "$tmp/perf"; then
	counter=perf
elif command -v valgrind >/dev/null && valgrind --tool=cachegrind \
	--cachegrind-out-file=/dev/null true >/dev/null 2>&1; then
	counter=cachegrind
fi

# number FILE PATTERN FIELD: the field of the first line that matches, without
# the commas in it.
number() {
	grep -e "$2" "$1" | head -n 1 | tr -d , |
		"$AWK" -v field="$3" '{ print $field }'
}

# counts COMMAND...: "INSTRUCTIONS BRANCH-MISSES" of it.
counts() {
	case $counter in
	perf)
		perf stat -x ' ' -e instructions:u,branch-misses:u \
			-o "$tmp/perf" "$@" >/dev/null 2>&1
		echo "$(number "$tmp/perf" instructions 1)" \
			"$(number "$tmp/perf" branch-misses 1)"
		;;
	cachegrind)
		valgrind --tool=cachegrind --cache-sim=no --branch-sim=yes \
			--cachegrind-out-file=/dev/null "$@" >/dev/null \
			2>"$tmp/cachegrind"
		echo "$(number "$tmp/cachegrind" 'I *refs' 4)" \
			"$(number "$tmp/cachegrind" Mispredicts 3)"
		;;
	esac
}

# per_unit UNITS SHORT LONG: the difference of two counts, per unit of work.
per_unit() {
	echo "$2 $3" | "$AWK" -v units="$1" '
	NF == 4 && units > 0 {
		printf "%.1f %.2f", ($3 - $1) / units, ($4 - $2) / units
		done = 1
	}
	END { if (!done) printf "- -" }'
}

median() {
	sort -n | "$AWK" '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

case $counter in
perf) echo "Instructions and missed branches: perf stat." ;;
cachegrind) echo "Instructions and missed branches: cachegrind's model." ;;
*) echo "Instructions and missed branches: not available." ;;
esac

cat <<-END

	Pending-event set, per step        ns of CPU  instructions  missed branches
END
for step in hold move; do
	for sources in 16 256 4096; do
		ns=$("$tmp/bench-evq" $step $sources)
		short=$(counts "$tmp/bench-evq" $step $sources 100000)
		long=$(counts "$tmp/bench-evq" $step $sources 300000)
		# shellcheck disable=SC2046
		set -- $(per_unit 200000 "$short" "$long")
		printf '  %-5s %5d sources %23s %13s %16s\n' \
			$step $sources "$ns" "$1" "$2"
	done
done

# Per runnable task nothing may be done: what there is grows with their
# logarithm, or not at all.
sizes="10 100 1000 10000 100000"
echo
# shellcheck disable=SC2086
printf 'Run queues, per step; of tasks  %8s %8s %8s %8s %8s\n' $sizes
for class in eevdf cfs o1 fifo deadline edf rr stride lottery; do
	for step in pick enqueue; do
		ns=
		instructions=
		for n in $sizes; do
			ns="$ns $("$tmp/bench-sched" $class $step "$n")"
			short=$(counts "$tmp/bench-sched" $class $step "$n" 1000)
			long=$(counts "$tmp/bench-sched" $class $step "$n" 11000)
			each=$(per_unit 10000 "$short" "$long")
			instructions="$instructions ${each% *}"
		done
		# shellcheck disable=SC2086
		printf '  %-8s %-7s  ns of CPU    %8s %8s %8s %8s %8s\n' \
			$class $step $ns
		# shellcheck disable=SC2086
		printf '  %-8s %-7s  instructions %8s %8s %8s %8s %8s\n' \
			'' '' $instructions
	done
done

# rows FILE MEASURE: the sum of a measure over the CSV in FILE, copies aside.
rows() {
	"$AWK" -F, -v measure="$2" '
	$3 == measure && $2 !~ /\// { sum += $5 }
	END { printf "%.0f", sum }' "$1"
}

# simulate FILE DURATION: results to $tmp/csv, time and memory to $tmp/usage.
simulate() {
	"$tmp/bench-run" "$PREEMPTSIM" run "$1" -d "$2" -q --no-host \
		--format csv >"$tmp/csv" 2>"$tmp/usage"
}

# work FILE DURATION: "JOBS EVENTS" of so long a run.
work() {
	simulate "$1" "$2"
	echo "$(rows "$tmp/csv" jobs) $(rows "$tmp/csv" events)"
}

cat <<-END

	Whole simulator    user s     jobs  us/job  events  Mevents/s  instr./job  instr./event   MiB
END
for row in tasks-16:100s:200ms:600ms tasks-100:100s:200ms:600ms \
	tasks-16-global:100s:200ms:600ms tasks-100-global:100s:200ms:600ms \
	fair:100s:200ms:600ms fair-4:100s:200ms:600ms \
	audio:300s:2s:6s locks:10s:100ms:300ms; do
	IFS=: read -r name duration short long <<-END
		$row
	END
	file=$bench/$name.yaml
	: >"$tmp/seconds"
	for _ in 1 2 3; do
		if ! simulate "$file" "$duration"; then
			cat "$tmp/usage" >&2
			continue 2
		fi
		tail -n 1 "$tmp/usage" >>"$tmp/seconds"
	done
	seconds=$(median <"$tmp/seconds")
	memory=$("$AWK" '$2 > most { most = $2 }
		END { printf "%.1f", most / 1024 }' "$tmp/seconds")
	jobs=$(rows "$tmp/csv" jobs)
	events=$(rows "$tmp/csv" events)
	less=$(counts "$PREEMPTSIM" run "$file" -d "$short" -q)
	more=$(counts "$PREEMPTSIM" run "$file" -d "$long" -q)
	# shellcheck disable=SC2046
	set -- $(work "$file" "$short") $(work "$file" "$long")
	per_job=$(per_unit $(($3 - $1)) "$less" "$more")
	per_event=$(per_unit $(($4 - $2)) "$less" "$more")
	echo "$name $seconds $jobs $events ${per_job% *} ${per_event% *}" \
		"$memory" | "$AWK" '{
		printf "  %-16s %7.2f %8d %7.3f %6.1fM %10.1f %11s %13s %5.1f\n",
			$1, $2, $3, 1e6 * $2 / $3, $4 / 1e6,
			$4 / 1e6 / ($2 > 0 ? $2 : 1e-3), $5, $6, $7
	}'
done

# seconds ARGUMENT...: "USER KERNEL", of the run in the middle of five by their
# sum.  Each writes new files: to replace others takes what freeing these does.
seconds() {
	for _ in 1 2 3 4 5; do
		rm -f "$tmp"/trace.*
		"$tmp/bench-run" "$PREEMPTSIM" run "$bench/audio.yaml" -d 60s \
			-q "$@" 2>&1 >/dev/null | tail -n 1
	done | "$AWK" '{ print $1 + $3, $1, $3 }' | sort -n |
		"$AWK" 'NR == 3 { print $2, $3 }'
}

# What writing a trace costs on top of the run; the bar is 150 ns for all three
# at once.  What the kernel needs is its file system's.
cat <<-END

	Traces, per event        ns of CPU  in the kernel  bytes
END
base=$(seconds)
traced=$("$PREEMPTSIM" run "$bench/audio.yaml" -d 60s -v \
	--trace "$tmp/trace.txt" 2>&1 >/dev/null |
	sed -n 's/ events traced$//p')
for formats in txt dat pftrace 'txt dat pftrace'; do
	set --
	for format in $formats; do
		set -- "$@" --trace "$tmp/trace.$format"
	done
	with=$(seconds "$@")
	# shellcheck disable=SC2046
	echo "$base $with $traced $(cat $(printf "$tmp/trace.%s\n" $formats) |
		wc -c) $formats" | "$AWK" '{
		name = $7 ($8 != "" ? ", " $8 ", " $9 : "")
		printf "  %-22s %9.1f %14.1f %6.1f\n", name,
			1e9 * ($3 - $1) / $5, 1e9 * ($4 - $2) / $5, $6 / $5
	}'
done

# A sweep of 200 points of a second each; best of three.
sweep() {
	for _ in 1 2 3; do
		"$tmp/bench-run" "$PREEMPTSIM" sweep "$bench/tasks-16.yaml" \
			-d 1s -P seed=1:200 -j "$1" -q >/dev/null 2>"$tmp/usage"
		tail -n 1 "$tmp/usage"
	done | sort -n -k 4 | head -n 1
}

cat <<-END

	Sweep by threads   user s  kernel s  elapsed s  times one thread
END
one=$(sweep 1)
for threads in 1 2 4 8; do
	test "$threads" -le "$(getconf _NPROCESSORS_ONLN)" || break
	# shellcheck disable=SC2046
	set -- $(test "$threads" -eq 1 && echo "$one" || sweep "$threads")
	echo "$threads $1 $3 $4 ${one##* }" | "$AWK" '{
		printf "  %-16d %7.2f %9.2f %10.2f %17.2f\n",
			$1, $2, $3, $4, $5 / $4
	}'
done

# What does not depend on who else uses this machine: the instructions of the
# thread that writes and reports, which no other takes from it.
if valgrind --tool=callgrind --callgrind-out-file=/dev/null true \
	>/dev/null 2>&1; then
	valgrind --tool=callgrind --separate-threads=yes \
		--callgrind-out-file="$tmp/threads" "$PREEMPTSIM" sweep \
		"$bench/tasks-16.yaml" -d 1s -P seed=1:200 -j 2 -q \
		>/dev/null 2>&1
	cat "$tmp"/threads-* | "$AWK" '
	/^totals:/ { all += $2; if (!one) one = $2 }
	END {
		if (all > one)
			printf "  %.1f %% is one thread'"'"'s alone: two are at " \
				"most %.2f times as fast\n",
				100 * one / all, all / (one + (all - one) / 2)
	}'
fi
exit 0
