/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kinds of events, and how what a tracepoint tells becomes their fields.
 * cf. include/trace/events/ v6.12.
 */
#include <config.h>

#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/task-group.h"
#include "preemptsim/kernel/wait.h"
#include "trace-private.h"

/* Linux's own numbers of interrupt vectors, cf. arch/x86/include/asm. */
#define LOCAL_TIMER_VECTOR 0xec
#define CALL_FUNCTION_SINGLE_VECTOR 0xfb
#define CALL_FUNCTION_VECTOR 0xfc
#define RESCHEDULE_VECTOR 0xfd

/* TASK_REPORT_MAX: what sched_switch says of a task that was preempted,
 * TASK_REPORT_IDLE, and EXIT_DEAD. */
#define STATE_PREEMPTED 0x100
#define STATE_IDLE 0x80
#define STATE_DEAD 0x10

static const struct named states[] = {
	{ TASK_RUNNING, "R" },
	{ TASK_INTERRUPTIBLE, "S" },
	{ TASK_UNINTERRUPTIBLE, "D" },
	{ STATE_DEAD, "X" },
	{ STATE_IDLE, "I" },
	{ STATE_PREEMPTED, "R+" },
	{ 0 },
};

static const struct named irq_returns[] = {
	{ 0, "unhandled" },
	{ 1, "handled" },
	{ 0 },
};

static const struct named softirqs[] = {
	{ HI_SOFTIRQ, "HI" },
	{ TIMER_SOFTIRQ, "TIMER" },
	{ NET_TX_SOFTIRQ, "NET_TX" },
	{ NET_RX_SOFTIRQ, "NET_RX" },
	{ BLOCK_SOFTIRQ, "BLOCK" },
	{ IRQ_POLL_SOFTIRQ, "IRQ_POLL" },
	{ TASKLET_SOFTIRQ, "TASKLET" },
	{ SCHED_SOFTIRQ, "SCHED" },
	{ HRTIMER_SOFTIRQ, "HRTIMER" },
	{ RCU_SOFTIRQ, "RCU" },
	{ 0 },
};

/* enum hrtimer_mode */
#define MODE_ABS 0x00
#define MODE_REL 0x01
#define MODE_PINNED 0x02
#define MODE_HARD 0x08

static const struct named hrtimer_modes[] = {
	{ MODE_ABS, "ABS" },
	{ MODE_REL, "REL" },
	{ MODE_ABS | MODE_PINNED, "ABS|PINNED" },
	{ MODE_ABS | MODE_HARD, "ABS|HARD" },
	{ MODE_REL | MODE_HARD, "REL|HARD" },
	{ MODE_ABS | MODE_PINNED | MODE_HARD, "ABS|PINNED|HARD" },
	{ 0 },
};

/* LCB_F_... */
#define CONTENTION_SPIN 0x01
#define CONTENTION_READ 0x02
#define CONTENTION_WRITE 0x04
#define CONTENTION_RT 0x08
#define CONTENTION_MUTEX 0x20

static const struct named contention_flags[] = {
	{ CONTENTION_SPIN, "SPIN" },
	{ CONTENTION_READ, "READ" },
	{ CONTENTION_WRITE, "WRITE" },
	{ CONTENTION_RT, "RT" },
	{ 0x10, "PERCPU" },
	{ CONTENTION_MUTEX, "MUTEX" },
	{ 0 },
};

static const struct named tifs[] = {
	{ 0, "need_resched" },
	{ 1, "need_resched_lazy" },
	{ 0 },
};

static const struct kcpu *kcpu_of(const struct trace *trace,
				  const struct trace_record *record)
{
	return &trace->kernel->cpus[record->cpu];
}

static int64_t to_ns(const struct trace *trace, ktime_t t)
{
	return ktime_to_ns(&trace->sim->tb, t);
}

/* Linux shows 120 for idle. */
static int64_t prio_of(const struct task *task)
{
	return task->prio < MAX_PRIO ? task->prio : DEFAULT_PRIO;
}

/* What Linux does not report as a state of its own is D. */
static int64_t state_of(unsigned int state)
{
	if (state == TASK_DEAD)
		return STATE_DEAD;
	if (state == TASK_IDLE)
		return STATE_IDLE;
	return state <= TASK_UNINTERRUPTIBLE ? state : TASK_UNINTERRUPTIBLE;
}

static void put_task(struct trace *trace, const struct task *task,
		     union field_value *value)
{
	value[0].name = &trace_task_of(trace, task)->name;
	value[1].num = task->pid;
}

/* cf. __trace_sched_switch_state(). */
static void fill_switch(struct trace *trace, const struct trace_record *record,
			union field_value *value)
{
	const struct task *prev = current_task(kcpu_of(trace, record));
	const struct task *next = record->object;

	put_task(trace, prev, value);
	value[2].num = prio_of(prev);
	value[3].num =
		record->b ? STATE_PREEMPTED : state_of((unsigned int)record->a);
	put_task(trace, next, value + 4);
	value[6].num = prio_of(next);
}

static void fill_wakeup(struct trace *trace, const struct trace_record *record,
			union field_value *value)
{
	const struct task *task = record->object;

	put_task(trace, task, value);
	value[2].num = prio_of(task);
	value[3].num = record->a;
}

static void fill_migrate(struct trace *trace, const struct trace_record *record,
			 union field_value *value)
{
	fill_wakeup(trace, record, value);
	value[4].num = record->b;
}

static void fill_pi_setprio(struct trace *trace,
			    const struct trace_record *record,
			    union field_value *value)
{
	put_task(trace, record->object, value);
	value[2].num = record->a;
	value[3].num = record->b;
}

static void fill_irq_entry(struct trace *trace,
			   const struct trace_record *record,
			   union field_value *value)
{
	const struct driver *driver = record->object;

	value[0].num = record->a;
	value[1].name = trace_name_of(trace, driver->name);
}

static void fill_irq_exit(struct trace *trace,
			  const struct trace_record *record,
			  union field_value *value)
{
	(void)trace;
	value[0].num = record->a;
	value[1].num = 1;
}

static void fill_local_timer(struct trace *trace,
			     const struct trace_record *record,
			     union field_value *value)
{
	(void)trace;
	(void)record;
	value[0].num = LOCAL_TIMER_VECTOR;
}

static void fill_reschedule(struct trace *trace,
			    const struct trace_record *record,
			    union field_value *value)
{
	(void)trace;
	(void)record;
	value[0].num = RESCHEDULE_VECTOR;
}

static void fill_call_function_single(struct trace *trace,
				      const struct trace_record *record,
				      union field_value *value)
{
	(void)trace;
	(void)record;
	value[0].num = CALL_FUNCTION_SINGLE_VECTOR;
}

static void fill_call_function(struct trace *trace,
			       const struct trace_record *record,
			       union field_value *value)
{
	(void)trace;
	(void)record;
	value[0].num = CALL_FUNCTION_VECTOR;
}

static void fill_softirq(struct trace *trace, const struct trace_record *record,
			 union field_value *value)
{
	(void)trace;
	value[0].num = record->a;
}

/* Where a timer would be: with the task, CPU or group whose it is. */

static uint64_t address_of_task(const struct task *task)
{
	return TASK_TIMER_BASE + (uint64_t)task->pid * 0x100;
}

static uint64_t address_of_cpu(const struct kcpu *kc)
{
	return TIMER_BASE + kc->cpu.id * UINT64_C(0x100);
}

static uint64_t address_of_group(const struct cfs_bandwidth *bandwidth)
{
	const struct task_group *tg =
		container_of(bandwidth, const struct task_group, bandwidth);

	return GROUP_TIMER_BASE + tg->id * UINT64_C(0x100);
}

static uint64_t timer_address(const struct hrtimer *timer)
{
#define OWNER(type, member) container_of(timer, const struct type, member)
	switch ((enum hrtimer_function)timer->function) {
	case HRTIMER_hrtimer_wakeup:
		return address_of_task(OWNER(task, timer));
	case HRTIMER_dl_task_timer:
		return address_of_task(OWNER(task, dl.timer)) + 0x40;
	case HRTIMER_inactive_task_timer:
		return address_of_task(OWNER(task, dl.inactive_timer)) + 0x80;
	case HRTIMER_tick_nohz_handler:
		return address_of_cpu(OWNER(kcpu, tick.timer));
	case HRTIMER_dl_server_timer:
		return address_of_cpu(OWNER(rq, fair_server.timer)->kc) + 0x40;
	case HRTIMER_hrtick:
		return address_of_cpu(OWNER(rq, hrtick.timer)->kc) + 0x80;
	case HRTIMER_sched_cfs_period_timer:
		return address_of_group(OWNER(cfs_bandwidth, period_timer));
	case HRTIMER_sched_cfs_slack_timer:
		return address_of_group(OWNER(cfs_bandwidth, slack_timer)) +
		       0x40;
	case HRTIMER_sched_rt_period_timer:
	case NR_HRTIMER_FUNCTIONS:
		break;
	}
#undef OWNER
	return RT_PERIOD_TIMER;
}

/**
 * struct timer_kind - what is told of a timer, by enum hrtimer_function.
 * @function: the function that Linux calls
 * @mode: how Linux starts it
 */
static const struct timer_kind {
	enum trace_function function;
	int64_t mode;
} timer_kinds[NR_HRTIMER_FUNCTIONS] = {
	[HRTIMER_hrtimer_wakeup] = { FUNCTION_hrtimer_wakeup, MODE_ABS },
	[HRTIMER_tick_nohz_handler] = { FUNCTION_tick_nohz_handler,
					MODE_ABS | MODE_PINNED | MODE_HARD },
	[HRTIMER_hrtick] = { FUNCTION_hrtick,
			     MODE_ABS | MODE_PINNED | MODE_HARD },
	[HRTIMER_dl_task_timer] = { FUNCTION_dl_task_timer,
				    MODE_ABS | MODE_HARD },
	[HRTIMER_dl_server_timer] = { FUNCTION_dl_task_timer,
				      MODE_ABS | MODE_HARD },
	[HRTIMER_inactive_task_timer] = { FUNCTION_inactive_task_timer,
					  MODE_REL | MODE_HARD },
	[HRTIMER_sched_rt_period_timer] = { FUNCTION_sched_rt_period_timer,
					    MODE_ABS | MODE_PINNED |
						    MODE_HARD },
	[HRTIMER_sched_cfs_period_timer] = { FUNCTION_sched_cfs_period_timer,
					     MODE_ABS | MODE_PINNED },
	[HRTIMER_sched_cfs_slack_timer] = { FUNCTION_sched_cfs_slack_timer,
					    MODE_REL },
};

static void put_timer(const struct hrtimer *timer, union field_value *value)
{
	value[0].num = (int64_t)timer_address(timer);
	value[1].num = timer_kinds[timer->function].function;
}

/* cf. hrtimer_sleeper_start_expires(): under rt it says which sleepers' timers
 * the interrupt serves. */
static int64_t hrtimer_mode(const struct trace *trace,
			    const struct hrtimer *timer)
{
	int64_t mode = timer_kinds[timer->function].mode;

	if (timer->function == HRTIMER_hrtimer_wakeup &&
	    trace->kernel->model->threaded_irqs && !timer->is_soft)
		mode |= MODE_HARD;
	return mode;
}

static void fill_hrtimer_start(struct trace *trace,
			       const struct trace_record *record,
			       union field_value *value)
{
	const struct hrtimer *timer = record->object;

	put_timer(timer, value);
	value[2].num = to_ns(trace, timer->expires);
	value[3].num = to_ns(trace, timer->soft);
	value[4].num = hrtimer_mode(trace, timer);
}

static void fill_hrtimer_expire(struct trace *trace,
				const struct trace_record *record,
				union field_value *value)
{
	const struct kcpu *kc = kcpu_of(trace, record);
	const struct hrtimer *timer = record->object;

	put_timer(timer, value);
	value[2].num = to_ns(trace, timer->is_soft ? kc->hrtimers.soft_now :
						     kc->hrtimers.now);
}

static void fill_syscall(struct trace *trace, const struct trace_record *record,
			 union field_value *value)
{
	const struct trace_name *name = trace_name_of(trace, record->object);

	value[0].num = name->number;
	value[1].name = name;
}

static void fill_sys_exit(struct trace *trace,
			  const struct trace_record *record,
			  union field_value *value)
{
	const struct trace_name *name = trace_name_of(trace, record->object);

	value[0].num = name->number;
	value[1].num = 0;
	value[2].name = name;
}

/* In which code a CPU is, is known by what its time goes to. */
static int64_t code_of(const struct trace *trace,
		       const struct trace_record *record)
{
	return kcpu_of(trace, record)->cpu.acct & (ACCT_TASK - 1);
}

static void fill_preempt_caller(struct trace *trace,
				const struct trace_record *record,
				union field_value *value)
{
	value[0].num = trace_function_of(trace, record->object);
	value[1].num = code_of(trace, record);
}

/* Which function of that code it is, nobody knows. */
static void fill_irq_caller(struct trace *trace,
			    const struct trace_record *record,
			    union field_value *value)
{
	value[0].num = code_of(trace, record);
	value[1].num = value[0].num;
}

static void fill_nmi(struct trace *trace, const struct trace_record *record,
		     union field_value *value)
{
	const struct driver *driver = record->object;

	value[0].num = driver ? NR_TRACE_FUNCTIONS + driver->index :
				FUNCTION_nmi_cpu_backtrace_handler;
	value[1].num = to_ns(trace, record->a);
	value[2].num = 1;
}

/* The address of a lock of the scenario; others have none. */
static int64_t lock_address(const struct trace *trace, const struct lock *lock)
{
	const struct workload *workload = trace->workload;
	uintptr_t i =
		((uintptr_t)lock - (uintptr_t)workload->locks) / sizeof(*lock);

	return i < workload->nr_locks ? (int64_t)(LOCK_BASE + i * 64) : 0;
}

/* A mutex tells of spinning and of sleeping, where it may do either. */
static int64_t contention_of(const struct lock_type *type, int64_t how)
{
	int64_t flags = type->inherits ? CONTENTION_RT :
			type->sleeps   ? CONTENTION_MUTEX :
					 CONTENTION_SPIN;

	if (how & LOCK_MAY_SPIN)
		flags |= CONTENTION_SPIN;
	if (how & LOCK_READ)
		flags |= CONTENTION_READ;
	else if (type->read_lock[LOCK_PLAIN])
		flags |= CONTENTION_WRITE;
	return flags;
}

static void fill_contention_begin(struct trace *trace,
				  const struct trace_record *record,
				  union field_value *value)
{
	const struct lock *lock = record->object;

	value[0].num = lock_address(trace, lock);
	value[1].num = contention_of(lock->type, record->a);
	value[2].name = trace_name_of(trace, lock->name);
}

static void fill_contention_end(struct trace *trace,
				const struct trace_record *record,
				union field_value *value)
{
	const struct lock *lock = record->object;

	value[0].num = lock_address(trace, lock);
	value[1].num = 0;
	value[2].name = trace_name_of(trace, lock->name);
}

/* Each has its own memory, and so much of it. */
static int64_t user_address(const struct task *task)
{
	return (int64_t)USER_DATA + task->pid * INT64_C(0x10000000);
}

static void fill_page_fault_user(struct trace *trace,
				 const struct trace_record *record,
				 union field_value *value)
{
	value[0].num = user_address(current_task(kcpu_of(trace, record)));
	value[1].num = USER_TEXT;
	value[2].num = record->a;
}

static void fill_page_fault_kernel(struct trace *trace,
				   const struct trace_record *record,
				   union field_value *value)
{
	value[0].num = user_address(current_task(kcpu_of(trace, record)));
	value[1].num = FUNCTION__copy_from_user;
	value[2].num = record->a;
}

static void fill_print(struct trace *trace, const struct trace_record *record,
		       union field_value *value)
{
	value[0].num = FUNCTION_tracing_mark_write;
	value[1].name = trace_name_of(trace, record->object);
}

static void fill_a(struct trace *trace, const struct trace_record *record,
		   union field_value *value)
{
	(void)trace;
	value[0].num = record->a;
}

static void fill_nothing(struct trace *trace, const struct trace_record *record,
			 union field_value *value)
{
	(void)trace;
	(void)record;
	(void)value;
}

static void fill_set_state(struct trace *trace,
			   const struct trace_record *record,
			   union field_value *value)
{
	put_task(trace, record->object, value);
	value[2].num = state_of((unsigned int)record->a);
}

static void fill_need_resched(struct trace *trace,
			      const struct trace_record *record,
			      union field_value *value)
{
	put_task(trace, record->object, value);
	value[2].num = record->b;
	value[3].num = record->a;
}

const struct event_desc trace_events[NR_TRACEPOINTS] = {
#define FIELD(type, name, before, names, proto)           \
	{                                                 \
		FIELD_##type, #name, before, names, proto \
	}
#define FIELD_NONE \
	{          \
		0  \
	}
#define EVENT(name, system, proto, fill, ...) \
	[TP_##name] = { #name, #system, proto, fill, { __VA_ARGS__ } },
#include "event-list.h"
#undef EVENT
#undef FIELD
#undef FIELD_NONE
};
