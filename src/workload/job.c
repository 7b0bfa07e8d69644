/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Releases, and the wait for them.
 *
 * A task with a timer of its own works as cyclictest's threads do: it sleeps
 * until an absolute instant (clock_nanosleep() with TIMER_ABSTIME), does its
 * job, and goes to sleep until the next.  A task of a queue sleeps in a
 * read()-like call; a release that came while it was busy lets it go on at
 * once.
 */
#include <config.h>

#include "preemptsim/workload/job.h"

#include "preemptsim/kernel/entry.h"
#include "preemptsim/kernel/wait.h"
#include "preemptsim/workload/queue.h"

/* Room for wake_all releases before a longer backlog makes the ring grow. */
#define BACKLOG_ROOM 8

static struct wl_task *current_wl(struct cpu *cpu)
{
	return to_wl_task(current_task(to_kcpu(cpu)));
}

void job_next_release(struct wl_task *wt)
{
	ktime_t last = wt->next_at;

	wt->next_at = wt->attr.offset + (ktime_t)wt->next++ * wt->attr.every;
	if (wt->attr.jitter)
		wt->next_at += dist_draw(wt->attr.jitter, &wt->jitter);
	if (wt->next_at < last)
		wt->next_at = last;
}

void job_init(struct wl_task *wt, const struct job_attr *attr)
{
	wt->attr = *attr;
	wt->task.user = wt;
	ring_init(&wt->backlog, &wt->task.kernel->sim->state, BACKLOG_ROOM);
	if (attr->release == RELEASE_QUEUE)
		g_ptr_array_add(attr->queue->takers, wt);
}

/* As if it had gone to sleep before time 0. */
void job_boot(struct wl_task *wt)
{
	struct kcpu *kc = &wt->task.kernel->cpus[wt->task.cpu];

	switch (wt->attr.release) {
	case RELEASE_NONE:
		hrtimer_start(kc, &wt->task.timer, wt->attr.start, 0);
		break;
	case RELEASE_TIMER:
		job_next_release(wt);
		hrtimer_start(kc, &wt->task.timer, wt->next_at,
			      wt->task.timer_slack);
		wt->release = wt->next_at;
		wt->release_open = true;
		job_next_release(wt);
		break;
	case RELEASE_QUEUE:
		list_add_tail(&wt->task.wait, &wt->attr.queue->wq.waiters);
		wt->waiting = true;
		break;
	}
}

/* Releases that are past and are not to be made up for. */
static void skip_past(struct cpu *cpu, struct wl_task *wt)
{
	while (wt->next_at < cpu->sim->now) {
		cpu_trace(cpu, TP_job_skip, &wt->task, wt->next_at, 0);
		job_next_release(wt);
	}
}

static bool wait_timer(struct cpu *cpu, struct wl_task *wt)
{
	if (wt->attr.skip)
		skip_past(cpu, wt);
	wt->release = wt->next_at;
	wt->release_open = true;
	job_next_release(wt);
	nanosleep_until(to_kcpu(cpu), wt->release);
	return true;
}

/* The oldest release that waits, of everybody's or of its own. */
static struct ring *oldest_backlog(struct wl_task *wt)
{
	struct ring *shared = &wt->attr.queue->backlog, *own = &wt->backlog;

	if (ring_empty(own) || wt->attr.skip)
		return shared;
	if (ring_empty(shared))
		return own;
	return ring_at(own, 0)->when < ring_at(shared, 0)->when ? own : shared;
}

/* Returns whether to schedule(). */
static bool wait_queue(struct cpu *cpu, struct wl_task *wt)
{
	struct ring *backlog = oldest_backlog(wt);

	if (!ring_empty(backlog) && !wt->attr.skip)
		return turn_to_event(to_kcpu(cpu), ring_get(backlog).when);
	wt->waiting = true;
	prepare_to_wait(to_kcpu(cpu), &wt->attr.queue->wq, TASK_INTERRUPTIBLE);
	return true;
}

static void job_wait(struct cpu *cpu, const struct op *op)
{
	struct wl_task *wt = current_wl(cpu);

	(void)op;
	if (wt->attr.release == RELEASE_TIMER ? wait_timer(cpu, wt) :
						wait_queue(cpu, wt))
		cpu_push(cpu, schedule_path, NULL);
	cpu_next_top(cpu);
}

static const char *wait_name(const struct wl_task *wt)
{
	return wt->attr.release == RELEASE_TIMER ? "clock_nanosleep" : "read";
}

/* Arming a timer costs, waiting in a queue is in the system call's price. */
static __always_inline void __wait_enter(struct cpu *cpu, const struct op *op,
					 bool told)
{
	struct wl_task *wt = current_wl(cpu);

	wt->task.syscall = wait_name(wt);
	if (told)
		cpu_trace(cpu, TP_sys_enter, wt->task.syscall, 0, 0);
	if (wt->attr.release == RELEASE_TIMER &&
	    cpu_spent(cpu, cpu->price[COST_HRTIMER_START], op + 1))
		job_wait(cpu, op + 1);
}

TOLD_OP(static, wait_enter)

static void wait_syscall(struct cpu *cpu, const struct op *op)
{
	cpu_account(cpu, ACCT_KERNEL | ACCT_TASK);
	if (cpu_spent(cpu, cpu->price[COST_SYSCALL_ENTRY], op + 1))
		wait_enter(cpu, op + 1);
}

static __always_inline void __wait_exit(struct cpu *cpu, const struct op *op,
					bool told)
{
	const struct wl_task *wt = current_wl(cpu);

	if (wt->attr.release == RELEASE_TIMER || wt->waiting)
		op_finish_wait(cpu, op);
	if (told)
		cpu_trace(cpu, TP_sys_exit, wait_name(wt), 0, 0);
	cpu_follow(cpu, op + 1);
	op_exit_to_user(cpu, op + 1);
}

TOLD_OP(static, wait_exit)

static void wait_woken(struct cpu *cpu, const struct op *op)
{
	if (cpu_spent(cpu, cpu->price[COST_SLEEP_EXIT], op + 1))
		wait_exit(cpu, op + 1);
}

const struct op job_wait_path[] = {
	DO(wait_syscall),  DO(wait_enter), DO(job_wait),
	DO(wait_woken),	   DO(wait_exit),  DO(op_exit_to_user),
	DO(op_enter_user),
};

static void kthread_wait_enter(struct cpu *cpu, const struct op *op)
{
	const struct wl_task *wt = current_wl(cpu);

	(void)op;
	if (wt->attr.release == RELEASE_TIMER)
		cpu->top->left = cpu->price[COST_HRTIMER_START];
}

const struct op kthread_wait_path[] = {
	DO(kthread_wait_enter),
	DO(job_wait),
	SPEND(SLEEP_EXIT),
	RET,
};

void op_resume(struct cpu *cpu, const struct op *op)
{
	struct task *task = current_task(to_kcpu(cpu));
	ktime_t event = task->event;

	(void)op;
	if (event == NO_EVENT)
		return;
	task->event = NO_EVENT;
	if (task->user)
		cpu_trace(cpu, TP_task_resume, task, event, 0);
}

/* The beginning of a task that is no job answers nothing: it is a new task's
 * first placement, not a wakeup. */
void op_begin(struct cpu *cpu, const struct op *op)
{
	(void)op;
	current_task(to_kcpu(cpu))->event = NO_EVENT;
}

/* Answers the release, also one that found the task awake: its timer expired
 * before it slept, or it waited in the backlog. */
void op_job_start(struct cpu *cpu, const struct op *op)
{
	struct wl_task *wt = current_wl(cpu);

	(void)op;
	if (wt->attr.release == RELEASE_QUEUE)
		wt->release = wt->task.event;
	wt->waiting = wt->waking = false;
	wt->task.event = NO_EVENT;
	cpu_trace(cpu, TP_job_start, &wt->task, wt->release, 0);
	cpu_next(cpu);
}

void op_job_end(struct cpu *cpu, const struct op *op)
{
	struct wl_task *wt = current_wl(cpu);

	(void)op;
	wt->release_open = false;
	cpu_trace(cpu, TP_job_end, &wt->task, wt->release, 0);
	cpu_next(cpu);
}
