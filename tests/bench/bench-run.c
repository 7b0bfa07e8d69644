/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench-run COMMAND ARGUMENT...: run it, and say on stderr how many seconds
 * of CPU time it took in user mode and how many KiB it had in memory at most.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct rusage usage;
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
	fprintf(stderr, "%.3f %ld\n",
		(double)usage.ru_utime.tv_sec +
			(double)usage.ru_utime.tv_usec / 1e6,
		usage.ru_maxrss);
	return WEXITSTATUS(status);
}
