/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TEXTBOOK_PRIVATE_H
#define PREEMPTSIM_TEXTBOOK_PRIVATE_H

/*
 * Shared by the schedulers of textbooks, which are fair classes for teaching
 * and for known answers: of all tasks that may run on a CPU those with the
 * least keys do.  What a key is, and when it changes, makes the difference.
 */

#include "fair-private.h"

/** textbook_key - by what tasks are ordered; the least runs. */
static inline int64_t *textbook_key(struct task *p)
{
	return &p->se.deadline;
}

/** textbook_enqueue - @p, whose key is set, wants to run on @rq. */
void textbook_enqueue(struct rq *rq, struct task *p);

/* The operations that don't depend on the key; see struct sched_class. */
void textbook_dequeue_task(struct rq *rq, struct task *p, unsigned int flags);
void textbook_yield_task(struct rq *rq);
void textbook_wakeup_preempt(struct rq *rq, struct task *p);
struct task *textbook_pick_next_task(struct rq *rq);
void textbook_put_prev_task(struct rq *rq, struct task *p);
void textbook_put_prev_turn(struct rq *rq, struct task *p);
void textbook_set_next_task(struct rq *rq, struct task *p);
void textbook_task_tick(struct rq *rq, struct task *p);
unsigned int textbook_select_task_rq(struct task *p, struct kcpu *waker);
void textbook_balance(struct rq *rq);
void textbook_update_curr(struct rq *rq);

/* The same where the key is a pass, by which tasks share the CPU: that of the
 * CPU is the one of who was chosen last, and a task that is not queued keeps
 * how far it is before that. */
void textbook_enqueue_pass(struct rq *rq, struct task *p, unsigned int flags);
void textbook_dequeue_pass(struct rq *rq, struct task *p, unsigned int flags);
void textbook_put_prev_pass(struct rq *rq, struct task *p);
void textbook_set_next_pass(struct rq *rq, struct task *p);
void textbook_never_preempt(struct rq *rq, struct task *p);

/** TEXTBOOK_PASS_CLASS - most of a class whose key is a pass; who wakes up has
 * to wait for a tick. */
#define TEXTBOOK_PASS_CLASS(id)                                         \
	.name = (id), .task_init = set_load_weight,                     \
	.enqueue_task = textbook_enqueue_pass,                          \
	.wakeup_preempt = textbook_never_preempt,                       \
	.pick_next_task = textbook_pick_next_task,                      \
	.put_prev_task = textbook_put_prev_pass,                        \
	.set_next_task = textbook_set_next_pass,                        \
	.select_task_rq = select_task_rq_fair, .balance = balance_fair, \
	.prio_changed = prio_changed_fair, .switched_to = switched_to_fair

/** TEXTBOOK_CLASS - most of a class whose key is set by @enqueue.  @put_prev is
 * textbook_put_prev_task if who is preempted may preempt others on other CPUs,
 * textbook_put_prev_turn if it only goes to an idle one. */
#define TEXTBOOK_CLASS(id, enqueue, put_prev)                                 \
	.name = (id), .rq_init = rq_init_fair, .enqueue_task = (enqueue),     \
	.dequeue_task = textbook_dequeue_task,                                \
	.wakeup_preempt = textbook_wakeup_preempt,                            \
	.pick_next_task = textbook_pick_next_task,                            \
	.put_prev_task = (put_prev), .set_next_task = textbook_set_next_task, \
	.balance = textbook_balance, .prio_changed = prio_changed_fair,       \
	.switched_to = switched_to_fair

#endif
