/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Putting a kernel together and booting its CPUs.
 */
#include <config.h>

#include "preemptsim/kernel/kernel.h"

#include <glib.h>
#include <string.h>

#include "preemptsim/kernel/debug.h"
#include "preemptsim/kernel/entry.h"
#include "preemptsim/kernel/housekeeping.h"
#include "preemptsim/kernel/idle.h"
#include "preemptsim/kernel/nmi.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/smp.h"
#include "preemptsim/kernel/stop-machine.h"
#include "preemptsim/kernel/task-group.h"
#include "preemptsim/kernel/workqueue.h"

/* Event sources of a CPU: its operation's end, its clockevent, an IPI. */
#define SOURCES_PER_CPU 3

/* Timers of the kernel itself on each CPU: the tick, the fair server, the
 * period of throttling. */
#define KERNEL_TIMERS 3

/* Timers that all CPUs together have room for from the start, at least; in
 * a larger machine the queue of a CPU grows when all its tasks come there. */
#define ROOM_IN_ALL (1u << 20)

/* As in a running Linux: init is 1, the first kernel threads follow. */
#define FIRST_PID 2

unsigned int kernel_sources(unsigned int nr_cpus)
{
	return nr_cpus * SOURCES_PER_CPU;
}

static void make_idle(struct kcpu *kc)
{
	g_autofree char *comm = g_strdup_printf("swapper/%u", kc->cpu.id);
	struct task_attr attr = {
		.comm = comm,
		.policy = POLICY_OTHER,
		.entry = idle_path,
		.kthread = true,
	};
	struct task *idle = &kc->idle;

	task_init(idle, kc->kernel, &attr);
	idle->pid = 0;
	idle->sched_class = &sched_class_idle;
	idle->prio = MAX_PRIO;
	idle->state = TASK_RUNNING;
	idle->acct = ACCT_IDLE;
	idle->cpu = kc->cpu.id;
	idle->placed = true;
	idle->nr_cpus_allowed = 1;
	idle->top = &idle->stack[1];
	kc->rq.idle = idle;
	kc->rq.curr = idle;
	kc->rq.next = idle;
}

static void make_ksoftirqd(struct kcpu *kc)
{
	g_autofree char *comm = g_strdup_printf("ksoftirqd/%u", kc->cpu.id);
	struct task_attr attr = {
		.comm = comm,
		.policy = POLICY_OTHER,
		.entry = ksoftirqd_path,
		.kthread = true,
		.depth = 8,
	};

	cpumask_set_cpu(&attr.cpus, kc->cpu.id);
	task_init(&kc->ksoftirqd, kc->kernel, &attr);
	kc->softirq.ksoftirqd = &kc->ksoftirqd;
}

/* cf. ktimerd_setup(): above all tasks that are not real-time ones. */
static void make_ktimers(struct kcpu *kc)
{
	g_autofree char *comm = g_strdup_printf("ktimers/%u", kc->cpu.id);
	struct task_attr attr = {
		.comm = comm,
		.policy = POLICY_FIFO,
		.rt_priority = 1,
		.entry = ktimers_path,
		.kthread = true,
		.depth = 8,
	};

	cpumask_set_cpu(&attr.cpus, kc->cpu.id);
	task_init(&kc->ktimers, kc->kernel, &attr);
	kc->softirq.ktimers = &kc->ktimers;
}

static unsigned int timer_room(const struct kernel *kernel)
{
	const struct kernel_config *config = &kernel->config;
	bool hrtick = kernel->features.hrtick || kernel->features.hrtick_dl;
	unsigned int all = config->nr_timers + KERNEL_TIMERS + hrtick;
	unsigned int fair = ROOM_IN_ALL / config->nr_cpus;

	return MIN(all, fair);
}

static unsigned int soft_timer_room(const struct kernel *kernel)
{
	return kernel->model->threaded_irqs ? timer_room(kernel) : 1;
}

static void make_cpu(struct kernel *kernel, unsigned int id)
{
	struct kcpu *kc = &kernel->cpus[id];

	cpu_init(&kc->cpu, kernel->sim, id);
	kc->kernel = kernel;
	kc->cpu.price = kernel->config.costs.price;
	kc->cpu.timer_path = timer_irq_path;
	kc->preempt_count = PREEMPT_ENABLED;
	kc->told = ~PREEMPT_NEED_RESCHED;
	ipi_init(kc);
	hrtimer_init_base(&kc->hrtimers, &kernel->sim->state,
			  timer_room(kernel), soft_timer_room(kernel));
	rq_init(&kc->rq, kc);
	make_idle(kc);
	make_ksoftirqd(kc);
	if (kernel->force_irqthreads)
		make_ktimers(kc);
	if (kernel->config.bh_lock && kernel->model->threaded_irqs)
		softirq_lock_init(kc);
	if (kernel->model->threaded_irqs && kernel->config.nr_cpus > 1)
		cpu_stop_init(kc);
	cpumask_set_cpu(&kernel->idle_mask, id);
}

/* For messages of a simulation that can't go on. */
static void describe_cpu(const void *data, unsigned int cpu, char *buf,
			 size_t n)
{
	const struct kernel *kernel = data;
	const struct kcpu *kc = &kernel->cpus[cpu];
	char context[PLACE_MAX];

	g_snprintf(buf, n, "%s-%d in %s", current_task(kc)->comm,
		   current_task(kc)->pid,
		   describe_context(kc, context, sizeof(context)));
}

struct kernel *kernel_new(struct sim *sim, const struct kernel_config *config)
{
	struct kernel *kernel = arena_new(&sim->state, struct kernel, 1);

	kernel->sim = sim;
	sim->describe = describe_cpu;
	sim->describe_data = kernel;
	kernel->config = *config;
	kernel->model = config->model;
	kernel->version = config->version ? config->version : kernel_version(0);
	kernel->features = config->features ? *config->features :
					      sched_features_of(kernel->version,
								kernel->model);
	kernel->slices = config->slices ? *config->slices :
					  sched_slices_of(kernel->version,
							  config->nr_cpus);
	kernel->layout = config->layout ? config->layout : preempt_layout(0);
	kernel->force_irqthreads =
		config->model->threaded_irqs || config->threadirqs;
	kernel->sched_class[PLACE_STOP] = &sched_class_stop;
	kernel->sched_class[PLACE_DL] = &sched_class_deadline;
	kernel->sched_class[PLACE_RT] = &sched_class_rt;
	kernel->sched_class[PLACE_FAIR] = config->fair;
	kernel->sched_class[PLACE_IDLE] = &sched_class_idle;
	kernel->tick_period = ktime_from_ns(
		&sim->tb, (1000000000 + config->hz / 2) / (int64_t)config->hz);
	kernel->first_place = PLACE_RT;
	kernel->next_pid = FIRST_PID;
	list_init(&kernel->tasks);
	list_init(&kernel->task_groups);
	cpupri_init(&kernel->cpupri, &sim->state, config->nr_cpus);
	cpudl_init(&kernel->cpudl, &sim->state, config->nr_cpus);
	kernel->cpus = arena_new(&sim->state, struct kcpu, config->nr_cpus);
	for (unsigned int i = 0; i < config->nr_cpus; i++)
		make_cpu(kernel, i);
	sched_domains_build(kernel);
	deadlock_init(kernel);
	return kernel;
}

void kernel_destroy(struct kernel *kernel)
{
	housekeeping_destroy(kernel);
	workqueue_destroy(kernel);
	sched_destroy_groups(kernel);
	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++) {
		struct kcpu *kc = &kernel->cpus[i];

		task_destroy(&kc->idle);
		task_destroy(&kc->ksoftirqd);
		task_destroy(&kc->ktimers);
		task_destroy(&kc->stopper.thread);
	}
}

/* Each CPU starts in its idle loop with interrupts on. */
void kernel_boot(struct kernel *kernel)
{
	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++) {
		struct kcpu *kc = &kernel->cpus[i];

		kc->cpu.open |= IRQ_MASKABLE;
		preempt_count_add_for(kc, PREEMPT_OFFSET, "init_idle");
		tick_start(kc);
		cpu_start(&kc->cpu, kc->idle.top, kc->idle.limit);
	}
}
