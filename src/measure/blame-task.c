/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a task waits for, wherever it is: it runs, waits for a CPU, or sleeps for
 * a lock, a device, a timer, other CPUs, or of its own accord.
 */
#include <config.h>

#include "blame-private.h"

#include "preemptsim/kernel/stop-machine.h"

static struct culprit own(const struct kcpu *kc)
{
	struct culprit culprit = blame_current(kc, BLAME_execution);

	if (blame_account(kc) == ACCT_USER)
		culprit.what = "user mode";
	else if (!culprit.within)
		culprit.what = "kernel mode";
	return culprit;
}

static bool is_among(const struct ring *ring, const struct task *task)
{
	for (uint32_t i = 0; i < ring_length(ring); i++)
		if (ring_at(ring, i)->who == task)
			return true;
	return false;
}

static bool is_served(const struct device *device, const struct task *task)
{
	for (unsigned int i = 0; i < device->attr.servers; i++)
		if (device->server[i].busy && device->server[i].who == task)
			return true;
	return is_among(&device->queue, task);
}

static struct culprit asleep(const struct task *task, enum blame_cause cause,
			     const char *what)
{
	return (struct culprit){ .cause = cause,
				 .cpu = task->cpu,
				 .what = what };
}

static struct culprit waits_for_lock(const struct task *task,
				     const struct lock *lock)
{
	struct culprit culprit = asleep(task, BLAME_lock, NULL);

	culprit.task = task;
	culprit.lock = lock;
	return culprit;
}

/* What keeps the kernel's own @thread, which is to wake somebody; false: nothing,
 * or it sleeps of its own accord.  NULL is fine. */
static bool keeps_thread(const struct blamer *blamer, const struct task *thread,
			 ktime_t now, ktime_t *until, struct culprit *culprit)
{
	const struct lock *lock;
	struct kcpu *kc;

	if (!thread)
		return false;
	kc = &blamer->kernel->cpus[thread->cpu];
	if (current_task(kc) == thread) {
		if (!blame_machine(blamer, kc, now, until, culprit))
			*culprit = blame_current(kc, BLAME_thread);
		return true;
	}
	if (thread->on_rq || thread->state == TASK_WAKING) {
		*culprit =
			blame_look_at_cpu(blamer, kc, thread, true, now, until);
		return true;
	}
	lock = blame_waits_for(blamer, thread);
	if (lock)
		*culprit = waits_for_lock(thread, lock);
	return lock != NULL;
}

/* The device's interrupt tells of what is done, or the thread of it. */
static struct culprit is_told_by(const struct blamer *blamer,
				 const struct driver *driver,
				 const struct task *task, ktime_t now,
				 ktime_t *until)
{
	const struct irq_thread *thread = driver->irq.thread;
	struct culprit culprit;

	if (keeps_thread(blamer, thread ? &thread->task : NULL, now, until,
			 &culprit))
		return culprit;
	return blame_look_at_cpu(blamer, to_kcpu(driver->device.cpu), task,
				 false, now, until);
}

/* A request of @task is with a device, or done and not told of yet. */
static bool waits_for_device(const struct blamer *blamer,
			     const struct task *task, ktime_t now,
			     ktime_t *until, struct culprit *culprit)
{
	const struct workload *workload = blamer->workload;

	for (unsigned int i = 0; i < workload->nr_drivers; i++) {
		const struct driver *driver = &workload->drivers[i];
		const struct device *device = &driver->device;

		if (is_served(device, task)) {
			*culprit = (struct culprit){ .cause = BLAME_io,
						     .cpu = task->cpu,
						     .what = driver->name };
			return true;
		}
		if (is_among(&device->done, task)) {
			*culprit = is_told_by(blamer, driver, task, now, until);
			return true;
		}
	}
	return false;
}

static struct culprit waits_for_timer(const struct blamer *blamer,
				      const struct task *task, ktime_t now,
				      ktime_t *until)
{
	const struct hrtimer *timer = &task->timer;
	const struct softirq_cpu *softirq = &timer->base->softirq;
	struct culprit culprit;

	if (now < timer->soft) {
		*until = MIN(*until, timer->soft);
		return asleep(task, BLAME_sleep, NULL);
	}
	if (now < timer->expires) {
		*until = MIN(*until, timer->expires);
		return asleep(task, BLAME_timer_slack, NULL);
	}
	if (timer->is_soft &&
	    keeps_thread(blamer,
			 softirq->ktimers ? softirq->ktimers :
					    softirq->ksoftirqd,
			 now, until, &culprit))
		return culprit;
	return blame_look_at_cpu(blamer, timer->base, task, false, now, until);
}

static bool is_on(const struct task *task, const struct list_head *list)
{
	const struct list_head *pos;

	list_for_each(pos, list)
	{
		if (pos == &task->wait)
			return true;
	}
	return false;
}

static bool waits_in(const struct task *task, const struct queue *queue)
{
	if (is_on(task, &queue->wq.waiters))
		return true;
	for (unsigned int i = 0; i < queue->nr_waking; i++)
		if (is_on(task, &queue->waking[i]))
			return true;
	return false;
}

static const char *queue_of(const struct blamer *blamer,
			    const struct task *task)
{
	for (unsigned int i = 0; i < blamer->workload->nr_queues; i++)
		if (waits_in(task, &blamer->workload->queues[i]))
			return blamer->workload->queues[i].name;
	return NULL;
}

const struct driver *blame_driver_of(const struct blamer *blamer,
				     const struct task *task)
{
	const char *queue = queue_of(blamer, task);

	for (unsigned int i = 0; i < blamer->workload->nr_drivers; i++) {
		const struct driver *driver = &blamer->workload->drivers[i];

		if (is_among(&driver->device.done, task) ||
		    (queue && g_str_equal(driver->name, queue)) ||
		    (driver->stream &&
		     is_on(task, &driver->stream->wq.waiters)))
			return driver;
	}
	return NULL;
}

/* Somebody has to keep up with a device, and waits for room there; once there
 * is some, for the interrupt that tells so. */
static bool waits_for_room(const struct blamer *blamer, const struct task *task,
			   ktime_t now, ktime_t *until, struct culprit *culprit)
{
	const struct workload *workload = blamer->workload;

	for (unsigned int i = 0; i < workload->nr_drivers; i++) {
		const struct driver *driver = &workload->drivers[i];
		const struct stream *stream = driver->stream;

		if (!stream || !is_on(task, &stream->wq.waiters))
			continue;
		if (stream->room < stream->conf.least)
			*culprit = asleep(task, BLAME_sleep, driver->name);
		else
			*culprit = is_told_by(blamer, driver, task, now, until);
		return true;
	}
	return false;
}

/* The stopper of @kc has something to do, and does not just wait for those of
 * other CPUs. */
static bool stops_late(const struct stop_machine *stop, const struct kcpu *kc)
{
	const struct task *stopper = &kc->stopper.thread;

	return !stop->part[kc->cpu.id].frame &&
	       (stopper->on_rq || stopper->state == TASK_WAKING);
}

/* @task has all CPUs stopped, or is to do so next: it waits for the one that is
 * late, whose stopper runs or is kept from it. */
static bool waits_for_stop(const struct blamer *blamer, const struct task *task,
			   ktime_t now, ktime_t *until, struct culprit *culprit)
{
	struct kernel *kernel = blamer->kernel;
	const struct stop_machine *stop = kernel->stop;

	if (!stop || !stop->busy ||
	    (task != stop->caller && !is_on(task, &stop->wq.waiters)))
		return false;
	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++) {
		struct kcpu *kc = &kernel->cpus[i];
		const struct task *stopper = &kc->stopper.thread;

		if (!stops_late(stop, kc))
			continue;
		if (current_task(kc) != stopper)
			*culprit = blame_look_at_cpu(blamer, kc, stopper, true,
						     now, until);
		else if (!blame_machine(blamer, kc, now, until, culprit))
			*culprit = blame_current(kc, BLAME_thread);
		return true;
	}
	return false;
}

/* @begun: it is in its job, so that what it waits for is its own choice. */
static bool blame_sleeper(const struct blamer *blamer, const struct task *task,
			  bool begun, ktime_t now, ktime_t *until,
			  struct culprit *culprit)
{
	const struct lock *lock = blame_waits_for(blamer, task);

	if (lock) {
		*culprit = waits_for_lock(task, lock);
		return true;
	}
	if (waits_for_device(blamer, task, now, until, culprit))
		return true;
	if (task->timer.slot != HRTIMER_INACTIVE) {
		*culprit = waits_for_timer(blamer, task, now, until);
		return true;
	}
	if (waits_for_stop(blamer, task, now, until, culprit))
		return true;
	if (!begun)
		return false;
	if (waits_for_room(blamer, task, now, until, culprit))
		return true;
	*culprit = asleep(task, BLAME_sleep, queue_of(blamer, task));
	return true;
}

/* The task on @kc spins for a lock to sleep for: it waits, unless it has been
 * given it meanwhile. */
static bool spins_for_lock(const struct kcpu *kc, struct culprit *culprit)
{
	const struct task *task = current_task(kc);

	if (!task->spins || task->spin.frame != kc->cpu.top)
		return false;
	if (task->spin.lock->owner == task) {
		*culprit = own(kc);
	} else {
		*culprit = waits_for_lock(task, task->spin.lock);
	}
	return true;
}

bool blame_look(const struct blamer *blamer, const struct task *task,
		bool begun, ktime_t now, ktime_t *until,
		struct culprit *culprit)
{
	struct kcpu *kc = &blamer->kernel->cpus[task->cpu];

	if (current_task(kc) == task) {
		if (!spins_for_lock(kc, culprit) &&
		    !blame_machine(blamer, kc, now, until, culprit))
			*culprit = own(kc);
		return true;
	}
	if (task->on_rq || task->state == TASK_WAKING) {
		*culprit =
			blame_look_at_cpu(blamer, kc, task, true, now, until);
		return true;
	}
	return blame_sleeper(blamer, task, begun, now, until, culprit);
}

/* Is there room for @task, which waits for that? */
static bool has_room(const struct blamer *blamer, const struct task *task)
{
	for (unsigned int i = 0; i < blamer->workload->nr_drivers; i++) {
		const struct stream *stream =
			blamer->workload->drivers[i].stream;

		if (stream && stream->room >= stream->conf.least &&
		    is_on(task, &stream->wq.waiters))
			return true;
	}
	return false;
}

static bool is_done(const struct blamer *blamer, const struct task *task)
{
	for (unsigned int i = 0; i < blamer->workload->nr_drivers; i++)
		if (is_among(&blamer->workload->drivers[i].device.done, task))
			return true;
	return false;
}

/* Is there nothing that the sleeping @task waits for by its own choice?  Then
 * its timer was taken off the queue, to wake it. */
static bool has_slept(const struct blamer *blamer, const struct task *task,
		      ktime_t now)
{
	ktime_t until = KTIME_MAX;
	struct culprit culprit;

	for (unsigned int i = 0; i < blamer->workload->nr_drivers; i++)
		if (is_served(&blamer->workload->drivers[i].device, task))
			return false;
	return !blame_driver_of(blamer, task) && !queue_of(blamer, task) &&
	       !waits_for_stop(blamer, task, now, &until, &culprit);
}

/* What @task sleeps for has come, and nobody has woken it yet. */
static bool is_to_be_woken(const struct blamer *blamer, const struct task *task,
			   bool begun, ktime_t now)
{
	if (task->on_rq || task->state == TASK_WAKING ||
	    current_task(&blamer->kernel->cpus[task->cpu]) == task ||
	    blame_waits_for(blamer, task))
		return false;
	if (is_done(blamer, task) || has_room(blamer, task))
		return true;
	if (task->timer.slot != HRTIMER_INACTIVE)
		return now >= task->timer.expires;
	return begun && has_slept(blamer, task, now);
}

bool blame_task(const struct blamer *blamer, unsigned int index, bool job,
		ktime_t now, ktime_t *until, struct culprit *culprit)
{
	const struct task *task = &blamer->workload->tasks[index].task;
	bool begun = job && blamer->tasks[index].in_job;

	if (is_to_be_woken(blamer, task, begun, now) ||
	    !blame_look(blamer, task, begun, now, until, culprit))
		return false;
	blame_follow(blamer, culprit, now, until);
	return true;
}

const char *blame_place_of(const struct blamer *blamer, const struct task *task)
{
	const struct driver *driver = blame_driver_of(blamer, task);

	return driver ? driver->name : queue_of(blamer, task);
}
