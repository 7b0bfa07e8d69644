/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who keeps a task waiting at an instant, by a look at the machine.
 *
 * Of several things that are so at once, the first of these counts, since the
 * others could not go on either until it is over: the task is throttled; an NMI,
 * a hardirq, a softirq, spinning, scheduling, idle; interrupts off, bottom halves
 * off, preemption off, kernel code that is not preempted; and then who runs.
 */
#include <config.h>

#include "blame-private.h"

#include "preemptsim/kernel/debug.h"
#include "preemptsim/kernel/entry.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/stop-machine.h"
#include "preemptsim/kernel/task-group.h"

/*
 * Sections
 */

/* The lock that the task on @kc has read under longest, and can't be preempted
 * meanwhile. */
static const struct lock *outermost_read_lock(const struct kcpu *kc)
{
	const struct task *curr = current_task(kc);

	for (unsigned int i = 0; i < curr->nr_holds; i++) {
		const struct lock *lock = curr->hold[i].lock;

		if (lock && lock->nr_readers && !lock->type->inherits &&
		    !lock->type->sleeps)
			return lock;
	}
	return NULL;
}

/* The spinning lock that @kc has held longest. */
static const struct lock *outermost_lock(const struct blamer *blamer,
					 const struct kcpu *kc)
{
	const struct lock *first = NULL;

	for (unsigned int i = 0; i < blamer->workload->nr_locks; i++) {
		const struct lock *lock = &blamer->workload->locks[i];

		if (lock->owner_cpu == kc &&
		    (!first || lock->since < first->since))
			first = lock;
	}
	return first ? first : outermost_read_lock(kc);
}

/* What switches preemption off leaves interrupts alone, but for functions that
 * do both, which is at one instant. */
static bool is_for_both(const struct kcpu *kc)
{
	return kc->preempt_off_since == kc->cpu.irqs_off_since &&
	       !same_name(kc->preempt_off_why, "preempt_disable") &&
	       !same_name(kc->preempt_off_why, "local_bh_disable");
}

static const char *irqs_off_section(const struct kcpu *kc)
{
	const struct op *doing = kc->cpu.top->pc - 1;

	if (preempt_count(kc) && is_for_both(kc))
		return kc->preempt_off_why;
	return doing->exec == op_exit_to_user ? "exit to user mode" :
						"local_irq_disable";
}

/* The task on @kc, with what it is in the middle of. */
static struct culprit current_culprit(const struct kcpu *kc,
				      enum blame_cause cause)
{
	const struct task *curr = current_task(kc);
	bool in_kernel = blame_account(kc) != ACCT_USER && !curr->kthread;

	return (struct culprit){
		.cause = cause,
		.cpu = kc->cpu.id,
		.task = curr,
		.within = in_kernel ? curr->syscall : NULL,
	};
}

static struct culprit section(const struct blamer *blamer,
			      const struct kcpu *kc, enum blame_cause cause,
			      const char *what)
{
	struct culprit culprit = current_culprit(kc, cause);

	culprit.what = what;
	culprit.lock = outermost_lock(blamer, kc);
	return culprit;
}

/*
 * What a CPU does that is nobody's choice
 */

/* Whose driver serves the softirq, if it is one's. */
static const char *softirq_of(const struct blamer *blamer,
			      const struct kcpu *kc, unsigned int vector)
{
	const struct workload *workload = blamer->workload;

	for (unsigned int i = 0; i < workload->nr_drivers; i++) {
		const struct driver *driver = &workload->drivers[i];

		if (driver->vector == vector && driver->soft[kc->cpu.id].busy)
			return driver->name;
	}
	return NULL;
}

struct culprit blame_softirq(const struct blamer *blamer, const struct kcpu *kc)
{
	unsigned int vector = current_task(kc)->softirq.vector;

	return (struct culprit){
		.cause = BLAME_softirq,
		.cpu = kc->cpu.id,
		.what = softirq_choice(vector)->name,
		.within = softirq_of(blamer, kc, vector),
	};
}

static struct culprit spin_culprit(const struct kcpu *kc)
{
	struct culprit culprit = current_culprit(kc, BLAME_spinlock);

	culprit.lock = blame_spins_for(kc);
	return culprit;
}

/* The interrupt that ended a halt begins with the way out of idle. */
static struct culprit hardirq_culprit(const struct kcpu *kc, ktime_t now,
				      ktime_t *until)
{
	const struct cpu *cpu = &kc->cpu;
	ktime_t awake = cpu->acct_since + kc->idle_exit;
	struct culprit culprit = { .cause = BLAME_hardirq, .cpu = cpu->id };

	if (cpu->was_halted && irq_entering(cpu->top) && now < awake) {
		culprit.cause = BLAME_idle_exit;
		*until = MIN(*until, awake);
	} else {
		culprit.what = interrupt_name(kc);
	}
	return culprit;
}

static struct culprit ipi_culprit(const struct kcpu *kc)
{
	return (struct culprit){ .cause = BLAME_ipi, .cpu = kc->cpu.id };
}

static struct culprit idle_culprit(const struct kcpu *kc)
{
	if (blame_ipi_under_way(kc))
		return ipi_culprit(kc);
	return (struct culprit){ .cause = BLAME_idle_exit, .cpu = kc->cpu.id };
}

/* Does @kc do something that is not a task's own code? */
static bool machine_culprit(const struct blamer *blamer, const struct kcpu *kc,
			    ktime_t now, ktime_t *until,
			    struct culprit *culprit)
{
	switch (blame_account(kc)) {
	case ACCT_NMI:
		*culprit = (struct culprit){ .cause = BLAME_nmi,
					     .cpu = kc->cpu.id,
					     .what = interrupt_name(kc) };
		return true;
	case ACCT_HARDIRQ:
		*culprit = hardirq_culprit(kc, now, until);
		return true;
	case ACCT_SOFTIRQ:
		*culprit = blame_softirq(blamer, kc);
		return true;
	case ACCT_SPIN:
		*culprit = spin_culprit(kc);
		return true;
	case ACCT_SWITCH:
		*culprit = current_culprit(kc, BLAME_scheduling);
		culprit->within = NULL;
		return true;
	case ACCT_IDLE:
		*culprit = idle_culprit(kc);
		return true;
	default:
		return false;
	}
}

/*
 * A CPU that is to make way
 */

static struct culprit keeps_cpu(const struct blamer *blamer,
				const struct kcpu *kc)
{
	bool user = blame_account(kc) == ACCT_USER;

	if (!cpu_irqs_on(&kc->cpu))
		return section(blamer, kc, BLAME_irqs_off,
			       irqs_off_section(kc));
	if (preempt_count(kc) && softirq_count(kc) == preempt_count(kc))
		return section(blamer, kc, BLAME_bh_off, "local_bh_disable");
	if (preempt_count(kc))
		return section(blamer, kc, BLAME_preempt_off,
			       kc->preempt_off_why);
	if (blame_ipi_under_way(kc) && (user || kc->kernel->model->kernel))
		return ipi_culprit(kc);
	return current_culprit(kc, BLAME_kernel);
}

/* To real-time tasks, a fair one is more urgent only by way of its server, and
 * whoever else that might serve is nothing to them. */
static bool is_served_before(const struct kcpu *kc, const struct task *task)
{
	return kc->rq.fair_server.serving &&
	       current_task(kc)->sched_class != &sched_class_rt &&
	       task->sched_class == &sched_class_rt;
}

/* It may run until somebody more urgent comes. */
static struct culprit has_claim(const struct kcpu *kc, const struct task *task)
{
	struct culprit culprit = current_culprit(kc, BLAME_task);

	culprit.within = NULL;
	if (is_served_before(kc, task))
		culprit.what = "fair server";
	return culprit;
}

/* The task on @kc would go on anyway, or it was asked to make way. */
static struct culprit runs(const struct blamer *blamer, const struct kcpu *kc,
			   const struct task *task)
{
	const struct task *curr = current_task(kc);

	if (curr->tif & TIF_NEED_RESCHED)
		return keeps_cpu(blamer, kc);
	if (task->state == TASK_WAKING && blame_ipi_under_way(kc))
		return ipi_culprit(kc);
	if (curr->tif & TIF_NEED_RESCHED_LAZY && !is_served_before(kc, task))
		return current_culprit(kc, BLAME_lazy);
	return has_claim(kc, task);
}

/* Softirqs wait for the task on @kc to switch them on again. */
static bool holds_softirqs_up(const struct kcpu *kc)
{
	return kc->softirq.pending && cpu_irqs_on(&kc->cpu) &&
	       softirq_count(kc);
}

/* Nobody knows of the task yet: an interrupt may be waiting, or what follows
 * from it. */
static struct culprit is_to_wake(const struct blamer *blamer,
				 const struct kcpu *kc)
{
	const struct task *curr = current_task(kc);
	bool irqs_on = cpu_irqs_on(&kc->cpu);

	if (!irqs_on && kc->cpu.pending & IRQ_MASKABLE)
		return section(blamer, kc, BLAME_irqs_off,
			       irqs_off_section(kc));
	if (holds_softirqs_up(kc))
		return section(blamer, kc, BLAME_bh_off, "local_bh_disable");
	if (curr->kthread && !blame_is_workload(blamer, curr))
		return current_culprit(kc, BLAME_thread);
	if (curr->tif & TIF_NEED_RESCHED)
		return keeps_cpu(blamer, kc);
	if (blame_account(kc) == ACCT_USER)
		return current_culprit(kc, BLAME_task);
	return current_culprit(kc, irqs_on ? BLAME_task : BLAME_wakeup);
}

/* What the runnable @task on @kc has used up; NULL: nothing. */
static const char *throttled_by(const struct kcpu *kc, const struct task *task)
{
	const struct task_group *group = throttled_group(task);

	if (group)
		return group->name;
	if (!task->on_rq)
		return NULL;
	if (task->sched_class == &sched_class_deadline && task->dl.throttled)
		return "its runtime";
	if (task->sched_class == &sched_class_rt && kc->rq.rt.throttled)
		return "rt_throttling";
	return NULL;
}

static struct culprit look_at_cpu(const struct blamer *blamer, struct kcpu *kc,
				  const struct task *task, bool woken,
				  ktime_t now, ktime_t *until)
{
	const char *throttled = woken ? throttled_by(kc, task) : NULL;
	struct culprit culprit;

	if (throttled)
		return (struct culprit){ .cause = BLAME_throttled,
					 .cpu = kc->cpu.id,
					 .what = throttled };
	if (machine_culprit(blamer, kc, now, until, &culprit))
		return culprit;
	return woken ? runs(blamer, kc, task) : is_to_wake(blamer, kc);
}

struct culprit blame_cpu(const struct blamer *blamer, struct kcpu *kc,
			 const struct task *task, bool woken, ktime_t now,
			 ktime_t *until)
{
	struct culprit culprit =
		look_at_cpu(blamer, kc, task, woken, now, until);

	blame_follow(blamer, &culprit, now, until);
	return culprit;
}

/*
 * A task, wherever it is
 */

static struct culprit own(const struct kcpu *kc)
{
	struct culprit culprit = current_culprit(kc, BLAME_execution);

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
		if (!machine_culprit(blamer, kc, now, until, culprit))
			*culprit = current_culprit(kc, BLAME_thread);
		return true;
	}
	if (thread->on_rq || thread->state == TASK_WAKING) {
		*culprit = look_at_cpu(blamer, kc, thread, true, now, until);
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
	return look_at_cpu(blamer, to_kcpu(driver->device.cpu), task, false,
			   now, until);
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
	return look_at_cpu(blamer, timer->base, task, false, now, until);
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

		if ((queue && g_str_equal(driver->name, queue)) ||
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
			*culprit = look_at_cpu(blamer, kc, stopper, true, now,
					       until);
		else if (!machine_culprit(blamer, kc, now, until, culprit))
			*culprit = current_culprit(kc, BLAME_thread);
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
		    !machine_culprit(blamer, kc, now, until, culprit))
			*culprit = own(kc);
		return true;
	}
	if (task->on_rq || task->state == TASK_WAKING) {
		*culprit = look_at_cpu(blamer, kc, task, true, now, until);
		return true;
	}
	return blame_sleeper(blamer, task, begun, now, until, culprit);
}

bool blame_task(const struct blamer *blamer, unsigned int index, bool job,
		ktime_t now, ktime_t *until, struct culprit *culprit)
{
	const struct task *task = &blamer->workload->tasks[index].task;
	bool begun = job && blamer->tasks[index].in_job;

	if (!blame_look(blamer, task, begun, now, until, culprit))
		return false;
	blame_follow(blamer, culprit, now, until);
	return true;
}
