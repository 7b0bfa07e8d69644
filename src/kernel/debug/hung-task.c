/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hung tasks.  cf. kernel/hung_task.c v6.12: check_hung_task(), watchdog().
 *
 * khungtaskd looks at all tasks as often as the timeout says.  One that sleeps
 * uninterruptibly and has not been switched since the last look is hung; so it
 * is told of one to two timeouts after it went to sleep.
 */
#include <config.h>

#include "stall-private.h"

#include "preemptsim/kernel/lock.h"

/* cf. sysctl_hung_task_warnings */
#define MAX_WARNINGS 10

static void tell(struct stall_detectors *detectors, const struct task *task,
		 ktime_t since)
{
	const struct sim *sim = detectors->kernel->sim;
	int64_t ns = ktime_to_ns(&sim->tb, sim->now - since);
	const struct lock *lock =
		task->nr_waits ? task->waits_for[task->nr_waits - 1] : NULL;
	const struct task *owner = lock ? lock->owner : NULL;

	if (!detectors->hung_task.warnings_left)
		return;
	detectors->hung_task.warnings_left--;
	kernel_warn_task(
		task, "hung_task", lock,
		"task %s:%d blocked for more than %lld seconds%s%s%s%s",
		task->comm, task->pid, (long long)(ns / 1000000000),
		lock ? ", waiting for " : "", lock ? lock->name : "",
		owner ? ", held by " : "", owner ? owner->comm : "");
}

/* What was seen at the last look is a timeout old, or more. */
static void check(struct stall_detectors *detectors, struct task *task)
{
	uint64_t count = task->nvcsw + task->nivcsw;

	if (task->state != TASK_UNINTERRUPTIBLE || !count)
		return;
	if (count != task->last_switch_count) {
		task->last_switch_count = count;
		task->last_switch_time = detectors->kernel->sim->now;
	} else {
		tell(detectors, task, task->last_switch_time);
	}
}

static void hung_task_fire(struct evsource *source)
{
	struct hung_task_watch *watch =
		container_of(source, struct hung_task_watch, source);
	struct stall_detectors *detectors =
		container_of(watch, struct stall_detectors, hung_task);
	struct kernel *kernel = detectors->kernel;
	struct list_head *link;

	kernel->sim->events--; /* not an event of the machine */
	list_for_each(link, &kernel->tasks)
		check(detectors, container_of(link, struct task, tasks));
	stall_schedule(detectors, source,
		       kernel->sim->now + detectors->config.hung_task);
}

void hung_task_start(struct stall_detectors *detectors)
{
	struct hung_task_watch *watch = &detectors->hung_task;

	watch->warnings_left = MAX_WARNINGS;
	sim_add_source(detectors->kernel->sim, &watch->source, hung_task_fire);
	stall_schedule(detectors, &watch->source, detectors->config.hung_task);
}
