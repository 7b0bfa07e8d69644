/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lottery scheduling (Waldspurger and Weihl 1994): at each tick a ticket is
 * drawn, and whose it is goes on; a task has as many as its weight.
 *
 * Nobody counts tickets.  If each task wins by itself now and then, after times
 * that are exponential with a mean of one over its tickets, then whoever is the
 * next to win is one of all tickets, drawn independently of all before.  So a
 * task's key is when it wins next, and it draws the next time when it has had
 * its turn.  Who needs only a part of its turn pays for that part, which is
 * what compensation tickets are for.
 */
#include <config.h>

#include "textbook-private.h"

extern const struct sched_class sched_class_lottery;

static void rq_init_lottery(struct rq *rq)
{
	const struct kernel_config *config = &rq->kc->kernel->config;
	char name[] = "kernel.cpus/0000";

	for (unsigned int i = 0, cpu = rq->kc->cpu.id; i < 4; i++, cpu /= 10)
		name[sizeof(name) - 2 - i] = (char)('0' + cpu % 10);
	rq_init_fair(rq);
	rng_init(&rq->chance, config->seed, config->run, name, "lottery");
}

/* What @p ran since it paid last is paid for by waiting. */
static void pay(struct rq *rq, struct task *p)
{
	struct sched_entity *se = &p->se;
	int64_t ran = se->sum_exec_runtime - se->prev_sum_exec_runtime;

	se->prev_sum_exec_runtime = se->sum_exec_runtime;
	*textbook_key(p) += (int64_t)(rng_exponential(&rq->chance) *
				      (double)calc_delta_fair(ran, se));
}

static void yield_task_lottery(struct rq *rq)
{
	textbook_update_curr(rq);
	pay(rq, rq->curr);
}

/* A key must not change while the task is in the tree. */
static void dequeue_task_lottery(struct rq *rq, struct task *p,
				 unsigned int flags)
{
	textbook_dequeue_pass(rq, p, flags);
	pay(rq, p);
}

static void task_tick_lottery(struct rq *rq, struct task *p)
{
	yield_task_lottery(rq);
	if (textbook_pick_next_task(rq) != p)
		resched_curr(rq);
}

const struct sched_class sched_class_lottery = {
	TEXTBOOK_PASS_CLASS("lottery"),
	.rq_init = rq_init_lottery,
	.dequeue_task = dequeue_task_lottery,
	.yield_task = yield_task_lottery,
	.task_tick = task_tick_lottery,
	.update_curr = textbook_update_curr,
};
