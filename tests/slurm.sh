#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A sweep as a job array of Slurm: the script that is installed for it, under a
# Slurm that is in use here, or else under one of the test's own, of this
# machine alone, that runs as long as the test does.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
export PREEMPTSIM
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# end FILE...: the processes whose numbers are in them; they remove these.
end() {
	for file in "$@"; do
		pid=$(cat "$file" 2>/dev/null) || continue
		kill "$pid"
		tries=0
		while test -e "$file" && kill -0 "$pid" && test $tries -lt 50; do
			tries=$((tries + 1))
			sleep 0.1
		done 2>/dev/null
	done
}

stop() {
	own=$tmp/slurm
	end "$own/slurmd.pid" "$own/slurmctld.pid" "$own/munged.pid"
	rm -rf "$tmp" "${shared:-}"
}

# configure USER HOST PORT: slurm.conf.
configure() {
	cat <<END
ClusterName=test
SlurmctldHost=$2(127.0.0.1)
SlurmctldPort=$3
SlurmdPort=$(($3 + 1))
SlurmUser=$1
SlurmdUser=$1
AuthType=auth/munge
AuthInfo=socket=$own/munged.socket
StateSaveLocation=$own/state
SlurmdSpoolDir=$own/spool
SlurmctldPidFile=$own/slurmctld.pid
SlurmdPidFile=$own/slurmd.pid
SlurmctldLogFile=$own/slurmctld.log
SlurmdLogFile=$own/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
NodeName=$2 NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=$2 Default=YES MaxTime=INFINITE State=UP
END
}

# A machine with fewer CPUs than two is said to have them all the same.
start() {
	own=$tmp/slurm
	mkdir "$own" "$own/state" "$own/spool" &&
	dd if=/dev/urandom of="$own/key" bs=1024 count=1 2>/dev/null &&
	chmod 400 "$own/key" &&
	configure "$(id -un)" "$(hostname -s)" $((20000 + $$ % 10000 * 2)) \
		>"$own/slurm.conf" &&
	munged --force --key-file="$own/key" \
		--socket="$own/munged.socket" --pid-file="$own/munged.pid" \
		--log-file="$own/munged.log" --seed-file="$own/seed" &&
	SLURM_CONF=$own/slurm.conf && export SLURM_CONF &&
	slurmctld && slurmd
}

# Is there a node that would take a job?
usable() {
	timeout 20 sinfo -h -t idle,mixed -o %n 2>/dev/null | grep -q .
}

for word in sbatch sinfo squeue scancel timeout; do
	command -v $word >/dev/null || skip_all "there is no $word"
done
trap stop EXIT
if ! usable; then
	for word in munged slurmctld slurmd hostname; do
		command -v $word >/dev/null ||
			skip_all "no Slurm runs, and there is no $word"
	done
	start >"$tmp/log" 2>&1 || skip_all "no Slurm runs, nor can be started"
	tries=0
	until usable; do
		tries=$((tries + 1))
		test $tries -lt 30 || skip_all "no node of Slurm gets ready"
		sleep 1
	done
fi

# Where all nodes see it.
shared=${abs_top_builddir:-$src}/slurm-test.$$
mkdir "$shared" && cd "$shared" || exit 99
script=$src/scenarios/sweep-slurm.sh

two_tasks two.yaml

# submit ARGUMENT...: submit, and wait until they have ended.
submit() {
	timeout 300 sbatch --wait --output=log "$@" >"$tmp/out" 2>"$tmp/err"
	status=$?
	ends 0 "sbatch $*"
}

# merges DATABASE STATUS: put together what its jobs have left.
merges() {
	run merge "$1" "$1".*.part --format csv
	ends "$2" "merge $1"
}

# same FILE TEXT: did the last run print what is in FILE?
same() {
	cmp -s "$tmp/out" "$1"
	report $? "$2"
}

set -- two.yaml -P tasks.high.every=3ms:8ms:500us \
	-L kernel.preempt=none,full --runs 2
run sweep "$@" --format csv
cp "$tmp/out" whole.csv
run sweep "$@"
cp "$tmp/out" whole.txt

submit --array=1-3 "$script" a.db "$@"
merges a.db 0
same whole.csv "three shards make the whole"
submit --array=2-8:3 --cpus-per-task=2 "$script" b.db "$@"
merges b.db 0
same whole.csv "whatever they are called"

# Both at once, as the script says.
job=$(sbatch --parsable --array=1-4 --output=log "$script" c.db "$@")
submit --dependency=afterany:"$job" --output=whole.out \
	--wrap "'$PREEMPTSIM' merge c.db c.db.*.part"
cp whole.out "$tmp/out"
same whole.txt "a job that waits for the array prints the whole"

# What is slow enough to be stopped in the middle.
set -- two.yaml -P tasks.high.every=3ms:7ms:20us -d 400s
run sweep "$@" --format csv
cp "$tmp/out" slow.csv
job=$(sbatch --parsable --array=1-2 --output=log "$script" d.db "$@")
tries=0
until test -n "$(find . -name 'd.db.1.part' -size +32)"; do
	tries=$((tries + 1))
	test $tries -lt 600 || break
	sleep 0.1
done
scancel --signal=KILL --full "$job" 2>"$tmp/err"
while squeue -h -j "$job" 2>/dev/null | grep -q .; do
	sleep 0.5
done
merges d.db 1
rm d.db
submit --array=1-2 "$script" d.db "$@"
merges d.db 0
same slow.csv "what was killed goes on when it is submitted again"

echo "1..$n"
