/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scheduler core: need_resched, the tick's part and the paths of
 * schedule().  cf. kernel/sched/core.c v6.12.
 *
 * Left out: contention for the run queue's lock; its holders are charged in
 * the costs of the primitives that take it.
 */
#include <config.h>

#include "preemptsim/kernel/debug.h"
#include "preemptsim/kernel/idle.h"
#include "preemptsim/kernel/ipi.h"
#include "preemptsim/kernel/lock.h"

#include "fair-private.h"
#include "fair-server-private.h"
#include "hrtick-private.h"
#include "sched-private.h"

#include <glib.h>

bool task_is_idle(const struct task *p)
{
	return p->sched_class == &sched_class_idle;
}

void rq_init(struct rq *rq, struct kcpu *kc)
{
	*rq = (struct rq){ .kc = kc, .next_balance = { KTIME_MAX, KTIME_MAX } };
	rq->cpupri = cpupri_add(&kc->kernel->cpupri, kc->cpu.id);
	for (unsigned int i = 0; i < NR_SCHED_CLASSES; i++)
		if (kc->kernel->sched_class[i]->rq_init)
			kc->kernel->sched_class[i]->rq_init(rq);
	fair_server_init(rq);
	hrtick_init(rq);
	init_avg_idle(rq);
}

/* cf. __resched_curr(). */
static void resched_tif(struct rq *rq, unsigned int tif)
{
	struct task *curr = rq->curr;
	struct kcpu *kc = rq->kc, *here;

	if (curr->tif & (tif | TIF_NEED_RESCHED))
		return;
	here = this_cpu(kc->kernel);
	cpu_trace(&here->cpu, TP_sched_set_need_resched, curr,
		  tif == TIF_NEED_RESCHED_LAZY, kc->cpu.id);
	curr->tif |= (uint8_t)tif;
	if (tif != TIF_NEED_RESCHED)
		return;
	if (unlikely(curr->spins))
		owner_spin_kick(curr);
	if (kc == here) {
		set_preempt_need_resched(kc);
		if (unlikely(in_nmi(kc))) /* as irq_work would */
			cpu_raise_self(&kc->cpu, &kc->ipi.line[IPI_RESCHEDULE]);
	} else if (kc->idle_polls) { /* cf. set_nr_and_not_polling() */
		idle_notice(kc, here);
	} else {
		if (!kc->kernel->layout->resched.bits)
			set_preempt_need_resched(kc);
		send_ipi(kc, here, IPI_RESCHEDULE);
	}
}

void resched_curr(struct rq *rq)
{
	resched_tif(rq, TIF_NEED_RESCHED);
}

void resched_curr_lazy(struct rq *rq)
{
	bool lazy = rq->kc->kernel->model->lazy && !task_is_idle(rq->curr);

	resched_tif(rq, lazy ? TIF_NEED_RESCHED_LAZY : TIF_NEED_RESCHED);
}

bool need_resched(struct cpu *cpu)
{
	return current_task(to_kcpu(cpu))->tif & TIF_NEED_RESCHED;
}

bool task_sleeps(struct cpu *cpu)
{
	return current_task(to_kcpu(cpu))->state != TASK_RUNNING;
}

void set_current_state(struct kcpu *kc, struct task *task, unsigned int state)
{
	task->state = state;
	cpu_trace(&kc->cpu, TP_sched_set_state, task, state, 0);
}

void add_nr_running(struct rq *rq, unsigned int n)
{
	unsigned int before = rq->nr_running;

	if (before == 0)
		cpumask_clear_cpu(&rq->kc->kernel->idle_mask, rq->kc->cpu.id);
	rq->nr_running += n;
	rq->kc->kernel->nr_overloaded += before < 2 && rq->nr_running >= 2;
}

void sub_nr_running(struct rq *rq, unsigned int n)
{
	unsigned int before = rq->nr_running;

	rq->nr_running -= n;
	rq->kc->kernel->nr_overloaded -= before >= 2 && rq->nr_running < 2;
	if (rq->nr_running == 0 && !rq->ttwu_pending)
		cpumask_set_cpu(&rq->kc->kernel->idle_mask, rq->kc->cpu.id);
}

void activate_task(struct rq *rq, struct task *p, unsigned int flags)
{
	p->on_rq = true;
	add_nr_running(rq, 1);
	p->sched_class->enqueue_task(rq, p, flags);
}

void deactivate_task(struct rq *rq, struct task *p, unsigned int flags)
{
	p->on_rq = false;
	p->sched_class->dequeue_task(rq, p, flags);
	sub_nr_running(rq, 1);
}

void move_queued_task(struct task *p, struct rq *to)
{
	struct kernel *kernel = p->kernel;

	deactivate_task(cpu_rq(kernel, p->cpu), p, DEQUEUE_MIGRATING);
	set_task_cpu(this_cpu(kernel), p, to->kc->cpu.id);
	activate_task(to, p, ENQUEUE_MIGRATED);
}

unsigned int rq_idle_cpu_for(const struct task *p)
{
	const struct kernel *kernel = p->kernel;

	if (rq_is_idle(kernel, p->cpu) && task_may_run_on(p, p->cpu))
		return p->cpu;
	for (unsigned int i = 0; i * 64 < kernel->config.nr_cpus; i++) {
		uint64_t both = kernel->idle_mask.bits[i];

		if (!p->any_cpu)
			both &= p->cpus_mask.bits[i];

		if (both)
			return i * 64 + (unsigned int)__builtin_ctzll(both);
	}
	return NR_CPUS;
}

/* cf. sched_tick(): a lazy request of an earlier tick becomes an order
 * before this tick's own are made. */
void sched_tick(struct kcpu *kc)
{
	struct rq *rq = &kc->rq;

	update_rq_clock(rq);
	if (rq->curr->tif & TIF_NEED_RESCHED_LAZY)
		resched_curr(rq);
	rq->curr->sched_class->task_tick(rq, rq->curr);
	if (rq->clock >= rq->next_balance[rq->nr_running > 0] ||
	    kc->kernel->nohz_has_blocked ||
	    (rq->nr_running > 1 && rq->cfs.nr_running))
		sched_balance_trigger(rq);
}

/*
 * __schedule()
 */

static __attribute__((noinline)) void schedule_bug(struct kcpu *kc)
{
	debug_schedule(kc);
	preempt_count_force(kc, PREEMPT_OFFSET);
}

/* Who preempts must find the count at zero; cf. the BUG_ON() in
 * preempt_schedule_irq(). */
static void check_preemptible(const struct kcpu *kc, bool irqs_on)
{
	if (unlikely(preempt_count(kc) || cpu_irqs_on(&kc->cpu) != irqs_on))
		sim_bug(kc->cpu.sim, (int)kc->cpu.id,
			"preemption with preempt_count %08x, interrupts %s",
			preempt_count(kc),
			cpu_irqs_on(&kc->cpu) ? "on" : "off");
}

static void schedule_decide(struct cpu *cpu, const struct op *op);

/* The top of __schedule(): when all of this instant's interrupts are taken, so
 * that the decision knows of them, interrupts go off and the run queue is
 * locked. */
static __always_inline void __schedule_enter(struct cpu *cpu,
					     const struct op *op, bool told)
{
	struct kcpu *kc = to_kcpu(cpu);

	if (unlikely(!cpu_instant_over(cpu))) {
		cpu_await_instant(cpu);
		return;
	}
	kc->quiescent++;
	if (told)
		cpu_trace(cpu, TP_sched_entry, NULL, kc->rq.preempting, 0);
	if (unlikely(in_atomic_preempt_off(kc)))
		schedule_bug(kc);
	cpu_account(cpu, ACCT_SWITCH);
	__cpu_close_irqs(cpu, told);
	__preempt_count_set(kc, kc->preempt_count + PREEMPT_OFFSET, "rq_lock",
			    told);
	kc->rq.scheduling = true;
	if (cpu_spent(cpu, cpu->price[COST_SCHEDULE], op + 1))
		schedule_decide(cpu, op + 1);
}

TOLD_OP(static, schedule_enter)

/* What comes right before __schedule(): nothing can switch this task out any
 * more, but interrupts are still taken. */
static __always_inline void __schedule_begin(struct cpu *cpu,
					     const struct op *op, bool told)
{
	struct kcpu *kc = to_kcpu(cpu);

	__preempt_count_add(kc, PREEMPT_OFFSET, op->a.ptr, told);
	kc->rq.preempting = false;
	cpu_follow(cpu, op + 1);
	__schedule_enter(cpu, op + 1, told);
}

TOLD_OP(static, schedule_begin)

static void preempt_begin(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	check_preemptible(kc, true);
	preempt_count_add_for(kc, PREEMPT_OFFSET, op->a.ptr);
	kc->rq.preempting = true;
	cpu_chain(cpu);
}

static void preempt_irq_begin(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	check_preemptible(kc, false);
	preempt_count_add_for(kc, PREEMPT_OFFSET, op->a.ptr);
	kc->rq.preempting = true;
	cpu_open_irqs(cpu);
	cpu_chain(cpu);
}

static __always_inline void __idle_begin(struct cpu *cpu, const struct op *op,
					 bool told)
{
	to_kcpu(cpu)->rq.preempting = false;
	cpu_follow(cpu, op + 1);
	__schedule_enter(cpu, op + 1, told);
}

TOLD_OP(static, idle_begin)

/* Nothing to run here, and nothing to pull from elsewhere. */
static struct task *pick_idle(struct rq *rq, struct task *prev)
{
	if (unlikely(rq->pelt))
		rq->idle_stamp = rq->clock;
	if (prev != rq->idle) {
		prev->sched_class->put_prev_task(rq, prev);
		fair_server_idle_begins(rq);
	}
	return rq->idle;
}

/* What @class has to run, which then is what runs; NULL: nothing.
 * cf. put_prev_set_next_task(). */
static inline struct task *pick_of(struct rq *rq, struct task *prev,
				   unsigned int place)
{
	const struct sched_class *class = rq->kc->kernel->sched_class[place];
	struct task *p;

	if (place == PLACE_RT && fair_server_serves(rq))
		return NULL;
	if (class->balance)
		class->balance(rq);
	p = class->pick_next_task(rq);
	if (p && p != prev) {
		prev->sched_class->put_prev_task(rq, prev);
		class->set_next_task(rq, p);
	}
	return p;
}

static __attribute__((noinline)) struct task *
pick_from(struct rq *rq, struct task *prev, unsigned int place)
{
	for (; place < NR_SCHED_CLASSES; place++) {
		bool served = fair_server_serves(rq);
		struct task *p = pick_of(rq, prev, place);

		if (p)
			return p;
		if (unlikely(served && !fair_server_serves(rq)))
			place = PLACE_RT - 1;
	}
	sim_bug(rq->kc->kernel->sim, (int)rq->kc->cpu.id,
		"nothing to run, not even idle");
}

/* cf. __schedule() with SM_IDLE: who idles and has been asked for nothing looks
 * nowhere else.  A class that does not balance as Linux's of today may have
 * called it for just that. */
static bool idle_stays(const struct rq *rq, const struct task *prev)
{
	const struct kernel *kernel = rq->kc->kernel;

	return prev == rq->idle && kernel->version->sm_idle &&
	       kernel->config.fair->balance == balance_fair;
}

/* cf. __pick_next_task() */
static __always_inline struct task *pick_next_task(struct rq *rq,
						   struct task *prev)
{
	const struct kernel *kernel = rq->kc->kernel;
	struct task *p;

	if (!rq->nr_running && idle_stays(rq, prev))
		return prev;
	if (!rq->nr_running && !rq->cfs.nr_queued && !kernel->rto_count &&
	    !kernel->dlo_count && !kernel->nr_overloaded)
		return pick_idle(rq, prev);
	/* The fair server's time may be over as of now. */
	if (unlikely(fair_server_serves(rq)))
		kernel->config.fair->update_curr(rq);
	p = pick_of(rq, prev, kernel->first_place);
	return p ? p : pick_from(rq, prev, kernel->first_place + 1);
}

static void count_switch(struct rq *rq, struct task *prev)
{
	rq->nr_switches++;
	if (prev->state != TASK_RUNNING && !rq->preempting)
		prev->nvcsw++;
	else
		prev->nivcsw++;
}

/* What it left behind in the caches of where it ran. */
static ktime_t migration_price(const struct rq *rq, struct task *p)
{
	const ktime_t *price = rq->kc->cpu.price;

	p->moved = false;
	switch (cpus_level(rq->kc->kernel, p->ran_on, rq->kc->cpu.id)) {
	case SD_MC:
		return price[COST_MIGRATE_CORE];
	case SD_PKG:
		return price[COST_MIGRATE_LLC];
	case SD_NUMA:
		return price[COST_MIGRATE_NODE];
	default:
		return 0;
	}
}

/* Kernel threads and idle borrow the address space that is there. */
static ktime_t switch_price(struct rq *rq, const struct task *prev,
			    struct task *next)
{
	const ktime_t *price = rq->kc->cpu.price;
	ktime_t left = price[COST_CONTEXT_SWITCH];

	if (prev->on_rq)
		left += price[COST_SWITCH_REQUEUE];
	else if (prev->sched_class == rq->kc->kernel->config.fair)
		left += price[COST_SWITCH_SLEEP_FAIR];
	if (!next->kthread && next != rq->active_mm) {
		left += price[COST_SWITCH_MM];
		rq->active_mm = next;
	}
	if (unlikely(next->moved))
		left += migration_price(rq, next);
	return left;
}

/* The word is the task's: it stays with prev, and next brings its own. */
static void exchange_preempt_count(struct kcpu *kc, struct task *prev,
				   struct task *next)
{
	prev->preempt_count = kc->preempt_count;
	if (unlikely(next->preempt_count != FORK_PREEMPT_COUNT))
		sim_bug(kc->cpu.sim, (int)kc->cpu.id,
			"switch to %s-%d, which left with preempt_count %08x",
			next->comm, next->pid, next->preempt_count);
	kc->preempt_count = next->preempt_count;
}

/* cf. context_switch(): from here on the operations of next's stack.  What prev
 * had of the CPU was put down when schedule_enter() began. */
static __always_inline void context_switch(struct cpu *cpu, struct rq *rq,
					   bool told)
{
	struct kcpu *kc = rq->kc;
	struct task *prev = rq->curr, *next = rq->next;
	ktime_t own = cpu_own_time(cpu), owed = cpu->top->left;

	if (unlikely(preempt_count(kc) != 2 || cpu_irqs_on(cpu)))
		sim_bug(cpu->sim, (int)cpu->id,
			"switch with preempt_count %08x", preempt_count(kc));
	count_switch(rq, prev);
	prev->cpu_time += own - rq->own_time_mark;
	rq->own_time_mark = own;
	if (told)
		cpu_trace(cpu, TP_sched_switch, next, prev->state,
			  rq->preempting);
	cpu->top->left = 0; /* what deciding cost is paid in next's name */
	prev->top = cpu->top;
	if (kc->kernel->layout->per_task)
		exchange_preempt_count(kc, prev, next);
	rq->curr = next;
	cpu->top = next->top;
	cpu->limit = next->limit;
	cpu_spend(cpu, owed + switch_price(rq, prev, next));
}

/* The decision.  A task that was preempted stays runnable whatever it had
 * said about its state: it has not come to its own schedule() yet. */
static __always_inline void __schedule_decide(struct cpu *cpu,
					      const struct op *op, bool told)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct rq *rq = &kc->rq;
	struct task *prev = rq->curr;

	(void)op;
	rq->clock = cpu->sim->now;
	if (unlikely(rq->hrtick.timer.slot != HRTIMER_INACTIVE))
		hrtick_clear(rq);
	if (prev->state != TASK_RUNNING && !rq->preempting)
		deactivate_task(rq, prev, DEQUEUE_SLEEP);
	rq->next = pick_next_task(rq, prev);
	prev->tif = 0;
	__preempt_count_set(kc, kc->preempt_count | PREEMPT_NEED_RESCHED,
			    "clear_preempt_need_resched", told);
	if (rq->next != prev)
		context_switch(cpu, rq, told);
	else
		cpu_next_top(cpu);
}

TOLD_OP(static, schedule_decide)

/* Who waited for the lock, or for the task that ran to be off its CPU. */
static __attribute__((noinline)) bool serve_waiting(struct rq *rq)
{
	if (rq->spun_for)
		owner_spin_switched(rq);
	rq_update_waiting(rq);
	return rq->woken && ttwu_waiting(rq);
}

/* cf. __balance_callbacks(): what the classes put off until the switch was
 * over comes first, and is paid for; then, who waited.  Returns whether the
 * operation has to come again, for there is something to pay. */
static bool unlock_first(struct rq *rq)
{
	struct frame *top = rq->kc->cpu.top;
	void (*balance)(struct rq * rq) = rq->balance_callback;

	if (balance) {
		rq->balance_callback = NULL;
		balance(rq);
	}
	if (!top->left && (!rq->waiting || !serve_waiting(rq)))
		return false;
	top->pc--;
	return true;
}

/* Returns whether nothing comes between this and @next. */
static __always_inline bool rq_unlock(struct cpu *cpu, const struct op *next,
				      bool told)
{
	struct kcpu *kc = to_kcpu(cpu);

	if (unlikely(kc->rq.balance_callback || kc->rq.waiting) &&
	    unlock_first(&kc->rq))
		return false;
	__preempt_count_set(kc, kc->preempt_count - PREEMPT_OFFSET, "rq_unlock",
			    told);
	__cpu_open_irqs(cpu, told);
	return cpu_goes_on(cpu, next);
}

/* It was woken on its way. */
static __attribute__((noinline)) void schedule_woken(struct rq *rq)
{
	rq->woken = NULL;
	set_current_state(rq->kc, rq->curr, TASK_RUNNING);
	next_event(rq);
}

/* Back in the task, whoever it is now. */
static __always_inline void schedule_left(struct cpu *cpu, bool told)
{
	struct rq *rq = &to_kcpu(cpu)->rq;

	if (told)
		cpu_trace(cpu, TP_sched_exit, NULL, 0, 0);
	rq->scheduling = false;
	if (unlikely(rq->woken))
		schedule_woken(rq);
	cpu_account(cpu, rq->curr->acct);
}

static void schedule_leave(struct cpu *cpu, const struct op *op)
{
	(void)op;
	schedule_left(cpu, true);
}

/* cf. __schedule_loop(): again while somebody asks, else return. */
static __always_inline void again_if_asked(struct cpu *cpu, const struct op *op)
{
	if (unlikely(to_kcpu(cpu)->rq.curr->tif & TIF_NEED_RESCHED))
		cpu->top->pc = op->a.path;
	else
		cpu->top--;
	cpu_next_top(cpu);
}

static __always_inline void __schedule_end(struct cpu *cpu, const struct op *op,
					   bool told)
{
	schedule_left(cpu, told);
	__preempt_count_sub(to_kcpu(cpu), PREEMPT_OFFSET, op->b.ptr, told);
	again_if_asked(cpu, op);
}

static __always_inline void __preempt_irq_end(struct cpu *cpu,
					      const struct op *op, bool told)
{
	schedule_left(cpu, told);
	__cpu_close_irqs(cpu, told);
	__preempt_count_sub(to_kcpu(cpu), PREEMPT_OFFSET, op->b.ptr, told);
	again_if_asked(cpu, op);
}

static __always_inline void __idle_end(struct cpu *cpu, const struct op *op,
				       bool told)
{
	schedule_left(cpu, told);
	again_if_asked(cpu, op);
}

TOLD_OP(static, schedule_end)
TOLD_OP(static, preempt_irq_end)
TOLD_OP(static, idle_end)

static __always_inline void __schedule_unlock(struct cpu *cpu,
					      const struct op *op, bool told)
{
	if (rq_unlock(cpu, op + 1, told))
		__schedule_end(cpu, op + 1, told);
}

static __always_inline void __preempt_irq_unlock(struct cpu *cpu,
						 const struct op *op, bool told)
{
	if (rq_unlock(cpu, op + 1, told))
		__preempt_irq_end(cpu, op + 1, told);
}

static __always_inline void __idle_unlock(struct cpu *cpu, const struct op *op,
					  bool told)
{
	if (rq_unlock(cpu, op + 1, told))
		__idle_end(cpu, op + 1, told);
}

TOLD_OP(static, schedule_unlock)
TOLD_OP(static, preempt_irq_unlock)
TOLD_OP(static, idle_unlock)

static void first_run_unlock(struct cpu *cpu, const struct op *op)
{
	if (rq_unlock(cpu, op + 1, true))
		schedule_leave(cpu, op + 1);
}

/* __schedule() with what its caller does right before and after it. */
#define SCHEDULE(self, begin, unlock, end, name)                       \
	DO_WITH(begin, name), DO(schedule_enter), DO(schedule_decide), \
		DO(unlock),                                            \
	{                                                              \
		.exec = (end), .a.path = (self), .b.ptr = (name)       \
	}

const struct op schedule_path[] = {
	SCHEDULE(schedule_path, schedule_begin, schedule_unlock, schedule_end,
		 "schedule"),
};

const struct op preempt_schedule_path[] = {
	SCHEDULE(preempt_schedule_path, preempt_begin, schedule_unlock,
		 schedule_end, "preempt_schedule"),
};

const struct op preempt_schedule_irq_path[] = {
	SCHEDULE(preempt_schedule_irq_path, preempt_irq_begin,
		 preempt_irq_unlock, preempt_irq_end, "preempt_schedule_irq"),
};

/* cf. schedule_idle(): the idle task always is runnable, and its count has a
 * standing one. */
const struct op schedule_idle_path[] = {
	SCHEDULE(schedule_idle_path, idle_begin, idle_unlock, idle_end,
		 "schedule_idle"),
};

/* cf. ret_from_fork() and schedule_tail(). */
const struct op first_run_path[] = {
	DO(first_run_unlock),
	DO(schedule_leave),
	DO_WITH(op_preempt_enable, "schedule_tail"),
	RET,
};
