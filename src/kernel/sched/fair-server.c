/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fair server: what keeps real-time tasks from starving the fair ones.
 * cf. kernel/sched/deadline.c v6.12: dl_server_start(), dl_server_update(),
 * dl_server_timer(), with dl_defer.
 *
 * In each period fair tasks are due a runtime.  Whatever they get in the
 * ordinary way counts towards it.  If it gets so late that the rest of it
 * just fits in before the end of the period, fair tasks go before real-time
 * ones until they have had it.  As without HRTICK, a tick notices the end.
 *
 * Left out: the server as an entity among SCHED_DEADLINE tasks, which come
 * before it here whatever their deadlines are.
 */
#include <config.h>

#include "fair-server-private.h"
#include "sched-private.h"

static ktime_t server_period(const struct rq *rq)
{
	return rq->kc->kernel->config.fair_server_period;
}

static int64_t server_runtime_ns(const struct rq *rq)
{
	const struct kernel *kernel = rq->kc->kernel;

	return ktime_to_ns(&kernel->sim->tb,
			   kernel->config.fair_server_runtime);
}

/* Wait until what is left of the runtime just fits in before the end of the
 * period. */
static void defer(struct rq *rq)
{
	struct fair_server *server = &rq->fair_server;
	ktime_t left = ktime_from_ns(&rq->kc->cpu.sim->tb, server->runtime_ns);

	server->serving = false;
	hrtimer_start(rq->kc, &server->timer, server->deadline - left, 0);
}

/* A new period.  What was run beyond the last one's runtime counts. */
static void new_period(struct rq *rq)
{
	struct fair_server *server = &rq->fair_server;
	ktime_t now = rq->kc->cpu.sim->now;

	server->runtime_ns = MIN(server->runtime_ns, 0);
	while (server->runtime_ns <= 0)
		server->runtime_ns += server_runtime_ns(rq);
	server->deadline = now + server_period(rq);
}

/* cf. dl_entity_overflow(): would what is left, by its deadline, be more than
 * the server's share? */
static bool overflows(const struct rq *rq)
{
	const struct fair_server *server = &rq->fair_server;
	const struct timebase *tb = &rq->kc->cpu.sim->tb;
	int64_t left_ns =
		ktime_to_ns(tb, server->deadline - rq->kc->cpu.sim->now);
	int64_t period_ns = ktime_to_ns(tb, server_period(rq));
	__extension__ typedef __int128 wide_t;

	return (wide_t)server->runtime_ns * period_ns >
	       (wide_t)server_runtime_ns(rq) * left_ns;
}

/* Is there time yet, since the fair tasks got some runtime after all? */
static bool still_time(struct rq *rq)
{
	struct fair_server *server = &rq->fair_server;
	ktime_t left = ktime_from_ns(&rq->kc->cpu.sim->tb, server->runtime_ns);

	if (server->deadline - left <= rq->clock)
		return false;
	hrtimer_start(rq->kc, &server->timer, server->deadline - left, 0);
	return true;
}

/* cf. dl_server_timer(): nobody else has let the fair tasks run. */
static void server_expire(struct cpu *cpu, const struct op *op)
{
	struct rq *rq = &to_kcpu(cpu)->rq;
	const struct sched_class *fair = rq->kc->kernel->config.fair;

	op_ret(cpu, op);
	update_rq_clock(rq);
	if (rq->curr->sched_class == fair)
		fair->update_curr(rq);
	if (rq->fair_server.timer.slot != HRTIMER_INACTIVE || still_time(rq))
		return;
	rq->fair_server.serving = true;
	if (rq->curr->sched_class == &sched_class_rt)
		resched_curr(rq);
}

static const struct op server_path[] = {
	DO(server_expire),
};

void fair_server_init(struct rq *rq)
{
	rq->fair_server = (struct fair_server){ 0 };
	hrtimer_init(&rq->fair_server.timer, server_path);
	rq->fair_server.timer.function = HRTIMER_dl_server_timer;
}

void fair_server_start(struct rq *rq)
{
	struct fair_server *server = &rq->fair_server;

	if (!server_period(rq))
		return;
	server->active = true;
	if (server->deadline <= rq->kc->cpu.sim->now || overflows(rq))
		new_period(rq);
	defer(rq);
}

void fair_server_stop(struct rq *rq)
{
	struct fair_server *server = &rq->fair_server;

	if (!server->active)
		return;
	server->active = false;
	server->serving = false;
	hrtimer_cancel(&server->timer);
}

/* cf. dl_server_update(): the runtime of a period may be used up by the server
 * or in the ordinary way; either way the next is due a period later. */
void fair_server_update(struct rq *rq, int64_t delta_ns)
{
	struct fair_server *server = &rq->fair_server;
	bool served = server->serving;

	if (!server->active)
		return;
	server->runtime_ns -= delta_ns;
	if (server->runtime_ns > 0)
		return;
	new_period(rq);
	defer(rq);
	if (served && rq->rt.nr_running)
		resched_curr(rq);
}
