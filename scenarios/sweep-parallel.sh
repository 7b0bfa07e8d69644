#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A sweep by GNU parallel, on this machine or on several:
#
#   sweep-parallel.sh N OUT.db FILE SWEEP-OPTION...
#
# cuts the sweep into N shards, simulates each with one thread, puts them
# together in OUT.db and prints the result.  For example
#
#   sweep-parallel.sh 8 audio.db audio-writer.yaml \
#       -L kernel.preempt=none,full -P machine.cpus=1:4 --runs 10
#
# What PARALLEL says is added to parallel's own options.  To use several
# machines, put their names into a file and run, in a folder that all of them
# see under the same name,
#
#   PARALLEL='--sshloginfile machines --workdir .' sweep-parallel.sh ...
#
# Run again after an interruption, it goes on where it was: each shard has a
# database of its own, OUT.db.1.part, OUT.db.2.part, ...

set -eu
if test $# -lt 3; then
	echo "usage: $0 N OUT.db FILE SWEEP-OPTION..." >&2
	exit 2
fi
: "${PREEMPTSIM:=preemptsim}"
export PREEMPTSIM
shards=$1 out=$2
shift 2

# One shard.  Exit status 3 says that an expectation did not hold somewhere,
# which is what one sweeps for; all else is a failure.
#
# parallel replaces {} by the number of the shard; -q keeps the words of the
# command line as they are.
# shellcheck disable=SC2016
seq "$shards" | parallel -q sh -c '
	shard=$1 shards=$2 out=$3
	shift 3
	"$PREEMPTSIM" sweep "$@" --shard "$shard/$shards" -j 1 \
		--db "$out.$shard.part" --progress never >/dev/null
	status=$?
	test $status -eq 0 || test $status -eq 3
' shard {} "$shards" "$out" "$@"

set --
for shard in $(seq "$shards"); do
	set -- "$@" "$out.$shard.part"
done
exec "$PREEMPTSIM" merge "$out" "$@"
