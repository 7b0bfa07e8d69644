/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals that ask the program to come to an end.
 *
 * The handler of the second one can't free or search anything: what it clears
 * away stands in a table of names that are written before they are counted.
 */
#include <config.h>

#include "preemptsim/app/interrupt.h"

#include <glib.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* More files than this are not being written at a time. */
#define DOOMED_MAX 32u

atomic_int interrupted;

static struct {
	char name[PATH_MAX];
	atomic_bool used;
} doomed[DOOMED_MAX];

void interrupt_dooms(const char *file)
{
	size_t size = strlen(file) + 1;
	unsigned int i = 0;

	while (i < DOOMED_MAX && doomed[i].used)
		i++;
	if (i == DOOMED_MAX || size > sizeof(doomed[i].name))
		return;
	memcpy(doomed[i].name, file, size);
	doomed[i].used = true;
}

void interrupt_spares(const char *file)
{
	for (unsigned int i = 0; i < DOOMED_MAX; i++)
		if (doomed[i].used && !strcmp(doomed[i].name, file))
			doomed[i].used = false;
}

/* Signals that come sooner than a person can press a key are one: timeout(1) and
 * a shell may send theirs to the process, and then to its group. */
#define SAME_SIGNAL_MS 200

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void on_signal(int number)
{
	static _Atomic int64_t first;
	int64_t none = 0, now = now_ms();

	if (atomic_compare_exchange_strong(&first, &none, now)) {
		interrupted = 1;
		return;
	}
	if (now - first < SAME_SIGNAL_MS)
		return;
	for (unsigned int i = 0; i < DOOMED_MAX; i++)
		if (doomed[i].used)
			unlink(doomed[i].name);
	signal(number, SIG_DFL);
	raise(number);
}

/* The terminal is gone; under nohup(1) that is nothing to end for. */
static void catch_hangup(const struct sigaction *action)
{
	struct sigaction old;

	if (!sigaction(SIGHUP, NULL, &old) && old.sa_handler != SIG_IGN)
		sigaction(SIGHUP, action, NULL);
}

void interrupt_catch(void)
{
	struct sigaction action = { .sa_handler = on_signal,
				    .sa_flags = SA_RESTART };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	catch_hangup(&action);
}
