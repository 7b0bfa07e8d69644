/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench-run COMMAND ARGUMENT...: run it, and say on stderr how many seconds
 * of CPU time it took in user mode, how many KiB it had in memory at most, and
 * how many seconds it took in kernel mode and by the clock.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double clock_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	double began = clock_seconds();
	int status;
	pid_t child;

	if (argc < 2)
		return 2;
	child = fork();
	if (child < 0)
		return 1;
	if (!child) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (wait4(child, &status, 0, &usage) < 0 || !WIFEXITED(status))
		return 1;
	fprintf(stderr, "%.3f %ld %.3f %.3f\n", seconds(usage.ru_utime),
		usage.ru_maxrss, seconds(usage.ru_stime),
		clock_seconds() - began);
	return WEXITSTATUS(status);
}
