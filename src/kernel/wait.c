/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waiting in queues and for a time.
 */
#include <config.h>

#include "preemptsim/kernel/wait.h"

/* A link that is put on a second list ties the two together, and whoever walks
 * along either of them may do so for ever. */
void wait_enqueue(struct task *p, struct list_head *link, struct list_head *pos)
{
	if (unlikely(!list_empty(link)))
		sim_bug(p->kernel->sim, (int)p->cpu,
			"%s-%d waits in two queues at once", p->comm, p->pid);
	list_add_tail(link, pos);
}

void prepare_to_wait(struct kcpu *kc, struct wait_queue_head *wq,
		     unsigned int state)
{
	struct task *task = current_task(kc);

	wait_enqueue(task, &task->wait, &wq->waiters);
	set_current_state(kc, task, state);
}

void op_finish_wait(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	set_current_state(kc, current_task(kc), TASK_RUNNING);
}

struct task *wake_up_one(struct kcpu *kc, struct wait_queue_head *wq,
			 ktime_t event)
{
	return wake_up_first(kc, &wq->waiters, event);
}

struct task *wake_up_first(struct kcpu *kc, struct list_head *waiters,
			   ktime_t event)
{
	struct task *task;

	if (list_empty(waiters))
		return NULL;
	task = list_first(waiters, struct task, wait);
	list_del(&task->wait);
	try_to_wake_up(kc, task, event);
	return task;
}

struct task *wake_up_sync(struct kcpu *kc, struct wait_queue_head *wq,
			  ktime_t event)
{
	struct task *task;

	kc->wake_sync = true;
	task = wake_up_one(kc, wq, event);
	kc->wake_sync = false;
	return task;
}

bool turn_to_event(struct kcpu *kc, ktime_t when)
{
	struct task *task = current_task(kc);

	task->event = when;
	if (likely(!task->sched_class->next_event))
		return false;
	task->sched_class->next_event(&kc->rq, task);
	return true;
}

/* cf. hrtimer_wakeup() */
static void hrtimer_wakeup(struct cpu *cpu, const struct op *op)
{
	struct hrtimer *timer = cpu->top->arg;

	op_ret(cpu, op);
	try_to_wake_up(to_kcpu(cpu), container_of(timer, struct task, timer),
		       timer->soft);
	cpu_next_top(cpu);
}

static void hrtimer_wakeup_begin(struct cpu *cpu, const struct op *op)
{
	if (cpu_spent(cpu, cpu->price[COST_WAKEUP], op + 1))
		hrtimer_wakeup(cpu, op + 1);
}

const struct op hrtimer_wakeup_path[] = {
	DO(hrtimer_wakeup_begin),
	DO(hrtimer_wakeup),
};

void nanosleep_until(struct kcpu *kc, ktime_t when)
{
	struct task *task = current_task(kc);

	set_current_state(kc, task, TASK_INTERRUPTIBLE);
	hrtimer_start(kc, &task->timer, when, task->timer_slack);
}

void nanosleep_for(struct kcpu *kc, ktime_t time)
{
	struct task *task = current_task(kc);

	task->sleep_for = true;
	nanosleep_until(kc, kc->cpu.sim->now + time);
	task->sleep_for = false;
}
