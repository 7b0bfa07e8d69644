/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fair server: what keeps real-time tasks from starving the fair ones.
 * cf. kernel/sched/deadline.c v6.12: dl_server_start(), dl_server_update(),
 * dl_server_timer(), with dl_defer.
 *
 * In each period fair tasks are due a runtime.  Whatever they get in the
 * ordinary way counts towards it, and so does the time in which nobody wants to
 * run.  If it gets so late that the rest of it would just fit in before the end
 * of the period, a new period begins, and fair tasks go before real-time ones
 * until they have had all of its runtime.  As without HRTICK, a tick notices the
 * end.
 *
 * From then on the server doesn't defer: it serves at the begin of each period,
 * or as soon as somebody wakes up whose share it can still give, until fair tasks
 * get the runtime of a period without its help.
 *
 * Left out: the server as an entity among SCHED_DEADLINE tasks, which come
 * before it here whatever their deadlines are.  While it serves other CPUs are
 * told of its deadline, though: no real-time task is sent there then.
 */
#include <config.h>

#include "fair-server-private.h"
#include "sched-deadline-private.h"

/* dl_server_min_res: by how much it has to be early to be put off again. */
#define MIN_RES_NS 1000000

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

/* The latest instant at which what is left fits in before the deadline. */
static ktime_t latest(const struct rq *rq)
{
	const struct fair_server *server = &rq->fair_server;

	return server->deadline -
	       ktime_from_ns(&rq->kc->cpu.sim->tb, server->runtime_ns);
}

/* A server that waits is not given up in debt: cf. replenish_dl_new_period() */
static void new_period(struct rq *rq)
{
	struct fair_server *server = &rq->fair_server;

	server->deadline = rq->kc->cpu.sim->now + server_period(rq);
	server->runtime_ns = server_runtime_ns(rq);
	if (!server->running)
		server->throttled = server->armed = true;
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

/* cf. inc_dl_deadline() and dec_dl_deadline() */
static void set_serving(struct rq *rq, bool serving)
{
	struct fair_server *server = &rq->fair_server;
	bool before = server->serving;

	server->serving = serving;
	if (serving || before)
		dl_tell_others(rq);
}

/* cf. start_dl_timer(): false if it is too late for that. */
static bool start_timer(struct rq *rq)
{
	struct fair_server *server = &rq->fair_server;
	ktime_t at = server->armed ? latest(rq) : server->deadline;

	if (at < rq->kc->cpu.sim->now)
		return false;
	hrtimer_start(rq->kc, &server->timer, at, 0);
	return true;
}

/* cf. the end of enqueue_dl_entity(): wait if that is what it should, and if
 * there is time for it, or else serve. */
static void wait_or_serve(struct rq *rq)
{
	struct fair_server *server = &rq->fair_server;

	if (server->throttled && !start_timer(rq)) {
		hrtimer_cancel(&server->timer);
		server->throttled = server->armed = false;
	}
	set_serving(rq, !server->throttled);
	if (server->serving && rq->curr->sched_class == &sched_class_rt)
		resched_curr(rq);
}

/* cf. replenish_dl_entity(): what was run beyond the last runtime counts. */
static void replenish(struct rq *rq)
{
	struct fair_server *server = &rq->fair_server;
	bool waited = server->armed;

	if (server->armed && overflows(rq))
		new_period(rq);
	while (server->runtime_ns <= 0) {
		server->deadline += server_period(rq);
		server->runtime_ns += server_runtime_ns(rq);
	}
	if (server->deadline < rq->kc->cpu.sim->now)
		new_period(rq);
	server->throttled = server->armed = !waited && !server->running &&
					    rq->kc->cpu.sim->now < latest(rq);
	wait_or_serve(rq);
}

/* cf. dl_server_timer(): nobody else has let the fair tasks run; or they were
 * served in the period before, and this one begins. */
static void server_expire(struct cpu *cpu, const struct op *op)
{
	struct rq *rq = &to_kcpu(cpu)->rq;
	struct fair_server *server = &rq->fair_server;
	ktime_t early = ktime_from_ns(&cpu->sim->tb, MIN_RES_NS);

	op_ret(cpu, op);
	update_rq_clock(rq);
	if (!server->throttled)
		return;
	if (server->armed && cpu->sim->now < latest(rq) - early) {
		start_timer(rq);
		return;
	}
	server->running |= server->armed;
	replenish(rq);
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

/* cf. dl_server_update_idle_time(): fair tasks could have had that. */
void fair_server_update_idle_time(struct rq *rq)
{
	struct fair_server *server = &rq->fair_server;
	const struct sim *sim = rq->kc->cpu.sim;

	server->runtime_ns -=
		ktime_to_ns(&sim->tb, sim->now - server->idle_since);
	server->idle_since = sim->now;
	if (server->runtime_ns >= 0)
		return;
	server->runtime_ns = 0;
	server->running = false;
}

/* Who runs makes way even if the server is put off, unless by an earlier
 * deadline. */
static void resched_for_server(struct rq *rq)
{
	const struct task *curr = rq->curr;

	if (!dl_task(curr) || rq->fair_server.deadline < curr->dl.node.deadline)
		resched_curr(rq);
}

/* cf. update_dl_entity() in dl_server_start() */
void fair_server_start(struct rq *rq)
{
	struct fair_server *server = &rq->fair_server;

	if (!server_period(rq))
		return;
	if (task_is_idle(rq->curr))
		fair_server_idle_ends(rq);
	server->active = true;
	if (server->deadline <= rq->kc->cpu.sim->now || overflows(rq))
		new_period(rq);
	else if (!server->running)
		server->throttled = server->armed = true;
	wait_or_serve(rq);
	resched_for_server(rq);
}

void fair_server_stop(struct rq *rq)
{
	struct fair_server *server = &rq->fair_server;

	if (!server->active)
		return;
	server->active = false;
	set_serving(rq, false);
	server->throttled = server->armed = false;
	hrtimer_cancel(&server->timer);
}

/* cf. update_curr_dl_se() from dl_server_update(): what fair tasks get without
 * its help puts it off; what it gives them is over when it is used up. */
void fair_server_update(struct rq *rq, int64_t delta_ns)
{
	struct fair_server *server = &rq->fair_server;

	if (!server->active)
		return;
	server->runtime_ns -= delta_ns;
	if (server->runtime_ns > 0)
		return;
	if (server->throttled) {
		server->running = false;
		new_period(rq);
		start_timer(rq);
		return;
	}
	server->throttled = true;
	set_serving(rq, false);
	if (!start_timer(rq))
		replenish(rq);
	if (!server->serving && rq->rt.nr_running)
		resched_curr(rq);
}
