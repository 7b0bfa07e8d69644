#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A sweep as a job array of Slurm: each task of the array simulates a shard,
# with as many threads as it has CPUs, into a database of its own:
#
#   sbatch --array=1-16 --cpus-per-task=4 sweep-slurm.sh OUT.db FILE \
#       SWEEP-OPTION...
#
# and when all of them have ended,
#
#   preemptsim merge OUT.db OUT.db.*.part
#
# puts them together and prints the result, the same as of one sweep in one go.
# Both at once:
#
#   job=$(sbatch --parsable --array=1-16 sweep-slurm.sh OUT.db FILE ...)
#   sbatch --dependency=afterany:"$job" --output=result.txt \
#       --wrap 'preemptsim merge OUT.db OUT.db.*.part'
#
# The folder has to be one that all nodes see.  A task that was killed, or ran
# out of time, goes on where it was when it is submitted again with the same
# --array; hence --requeue below.

#SBATCH --job-name=preemptsim-sweep
#SBATCH --array=1-4
#SBATCH --cpus-per-task=1
#SBATCH --requeue
#SBATCH --open-mode=append

set -u
if test $# -lt 2; then
	echo "usage: sbatch sweep-slurm.sh OUT.db FILE SWEEP-OPTION..." >&2
	exit 2
fi
out=$1
shift

# Shards are counted from 1, whatever the array begins with and counts by.
first=${SLURM_ARRAY_TASK_MIN:-1}
shard=$(((SLURM_ARRAY_TASK_ID - first) / ${SLURM_ARRAY_TASK_STEP:-1} + 1))

"${PREEMPTSIM:-preemptsim}" sweep "$@" \
	--shard "$shard/$SLURM_ARRAY_TASK_COUNT" \
	-j "${SLURM_CPUS_PER_TASK:-1}" --db "$out.$shard.part" \
	--progress never >/dev/null
status=$?

# An expectation that does not hold somewhere is no failure of the job.
test "$status" -eq 0 || test "$status" -eq 3
