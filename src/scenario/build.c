/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scenario's machine, kernel and workload.
 */
#include <config.h>

#include "build-private.h"

#include "preemptsim/kernel/debug.h"
#include "preemptsim/kernel/housekeeping.h"
#include "preemptsim/kernel/irq-thread.h"
#include "preemptsim/kernel/nmi.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/smp.h"
#include "preemptsim/kernel/stop-machine.h"
#include "preemptsim/kernel/task-group.h"
#include "preemptsim/kernel/workqueue.h"
#include "preemptsim/workload/compile.h"

/* Event sources that belong to no CPU and no device: the end of the warmup,
 * the end of the run, progress. */
#define RUN_SOURCES 5

/* Interrupt number of the first device; the lower ones are the PC's own. */
#define IRQ_BASE 16

static unsigned int nr_copies(const struct scenario *scenario)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < scenario->tasks->len; i++) {
		const struct task_conf *conf = scenario->tasks->pdata[i];

		n += (unsigned int)conf->copies;
	}
	return n;
}

static struct device_attr device_attr_of(const struct device_conf *conf)
{
	return (struct device_attr){
		.every = conf->every,
		.offset = conf->offset,
		.jitter = conf->jitter,
		.interval = conf->interval,
		.at = conf->at ? (const ktime_t *)(void *)conf->at->data : NULL,
		.nr_at = conf->at ? conf->at->len : 0,
		.service = conf->service,
		.servers = (unsigned int)conf->servers,
	};
}

static unsigned int nr_sources(const struct scenario *scenario)
{
	unsigned int n = RUN_SOURCES + STALL_SOURCES +
			 kernel_sources((unsigned int)scenario->machine.cpus);

	for (unsigned int i = 0; i < scenario->devices->len; i++) {
		struct device_attr attr =
			device_attr_of(scenario->devices->pdata[i]);

		n += device_sources(&attr);
	}
	return n;
}

/* Each task sleeps by one; a deadline task has two more.  A group has two for
 * its quota. */
static unsigned int nr_timers(const struct scenario *scenario)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < scenario->tasks->len; i++) {
		const struct task_conf *conf = scenario->tasks->pdata[i];

		n += (unsigned int)conf->copies *
		     (conf->policy == POLICY_DEADLINE ? 3 : 1);
	}
	return n + 2 * scenario->groups->len;
}

static struct idle_config idle_config_of(const struct machine_conf *conf)
{
	struct idle_config idle = {
		.method = (enum idle_method)conf->idle_method
	};

	idle.nr_states = conf->exit_latency ? conf->exit_latency->len : 0;
	for (unsigned int i = 0; i < idle.nr_states; i++)
		idle.state[i] = (struct idle_state){
			g_array_index(conf->exit_latency, ktime_t, i),
			g_array_index(conf->target_residency, ktime_t, i),
		};
	return idle;
}

static bool throttles(const struct kernel_conf *conf)
{
	return conf->rt_throttling && conf->rt_runtime < conf->rt_period;
}

/* On any stack there may be a softirq's program, a handler's over it, and an
 * NMI's handler over that. */
static unsigned int irq_depth(const struct scenario *scenario)
{
	unsigned int handler = 0, softirq = 0;

	for (unsigned int i = 0; i < scenario->devices->len; i++) {
		const struct device_conf *conf = scenario->devices->pdata[i];

		handler = MAX(handler, step_list_depth(conf->handler));
		softirq = MAX(softirq, step_list_depth(conf->softirq));
	}
	return softirq + 2 * handler;
}

static struct sched_slices slices_of(const struct timebase *tb,
				     const struct kernel_conf *conf)
{
	const struct sched_slices *slices = &conf->slices;

	return (struct sched_slices){
		.base_slice = ktime_to_ns(tb, slices->base_slice),
		.latency = ktime_to_ns(tb, slices->latency),
		.min_granularity = ktime_to_ns(tb, slices->min_granularity),
		.wakeup_granularity =
			ktime_to_ns(tb, slices->wakeup_granularity),
	};
}

static void build_kernel(struct build *build)
{
	const struct scenario *scenario = build->scenario;
	const struct kernel_conf *conf = &scenario->kernel;
	struct sched_slices slices = slices_of(&scenario->tb, conf);
	struct kernel_config config = {
		.model = preempt_model((unsigned int)conf->preempt),
		.layout = preempt_layout((unsigned int)conf->preempt_count),
		.version = kernel_version((unsigned int)conf->version),
		.fair = fair_class((unsigned int)conf->fair),
		.features = &conf->features,
		.slices = &slices,
		.hz = (unsigned int)conf->hz,
		.nohz_idle = conf->tick == TICK_NOHZ_IDLE,
		.threadirqs = conf->threadirqs,
		.bh_lock = conf->bh_lock,
		.fair_server_runtime = conf->rt_period - conf->rt_runtime,
		.fair_server_period = throttles(conf) && conf->fair_server ?
					      conf->rt_period :
					      0,
		.rt_throttling = throttles(conf) && !conf->fair_server,
		.rt_runtime = throttles(conf) ? conf->rt_runtime : 0,
		.rt_period = throttles(conf) ? conf->rt_period : 0,
		.nr_cpus = (unsigned int)scenario->machine.cpus,
		.isolcpus = conf->isolcpus,
		.topology = { (unsigned int)scenario->machine.smt,
			      (unsigned int)scenario->machine.llc,
			      (unsigned int)scenario->machine.nodes },
		.idle = idle_config_of(&scenario->machine),
		.irq_depth = irq_depth(scenario),
		.nr_timers = nr_timers(scenario),
		.latency_warn = conf->latency_warn,
		.seed = build->workload.seed,
		.run = build->workload.run,
		.costs = scenario->machine.costs,
	};
	struct stall_config stalls = {
		.watchdog = conf->watchdog_thresh,
		.hung_task = conf->hung_task_timeout,
		.rcu_stall = conf->rcu_stall_timeout,
		.measured_from = scenario->warmup,
	};

	build->workload.kernel = kernel_new(&build->sim, &config);
	build->workload.kernel->run_softirq = driver_run_softirq;
	build->workload.kernel->softirq_data = &build->workload;
	build->stalls = stall_detectors_new(build->workload.kernel, &stalls);
}

/* What a program has in its own memory is the same under every kernel. */
static const struct lock_type *type_of(const struct kernel *kernel,
				       const struct lock_conf *conf)
{
	const struct lock_type *type = lock_type((unsigned int)conf->type);

	return conf->in_user ? type : lock_type_of(kernel, type);
}

static void build_locks(struct build *build)
{
	const struct scenario *scenario = build->scenario;
	struct workload *workload = &build->workload;
	struct arena *state = &build->sim.state;

	workload->nr_locks = scenario->locks->len;
	workload->locks = arena_new(state, struct lock, workload->nr_locks);
	for (unsigned int i = 0; i < workload->nr_locks; i++) {
		const struct lock_conf *conf = scenario->locks->pdata[i];

		lock_init(&workload->locks[i], type_of(workload->kernel, conf),
			  conf->name);
		lock_seed(&workload->locks[i], workload->seed, workload->run);
	}
	if (scenario->kernel.lockdep && workload->nr_locks)
		build->lockdep =
			lockdep_new(workload->kernel, workload->nr_locks);
}

static void build_queues(struct build *build)
{
	const struct scenario *scenario = build->scenario;
	struct workload *workload = &build->workload;
	struct arena *state = &build->sim.state;

	workload->nr_queues = scenario->waitqueues->len;
	workload->queues = arena_new(state, struct queue, workload->nr_queues);
	for (unsigned int i = 0; i < workload->nr_queues; i++)
		queue_init(&workload->queues[i], state,
			   scenario->waitqueues->pdata[i]);
	workload->nr_data = scenario->data->len;
	workload->data =
		arena_new(state, struct shared_data, workload->nr_data);
	for (unsigned int i = 0; i < workload->nr_data; i++)
		workload->data[i].name = scenario->data->pdata[i];
}

static void compiler_init(struct compiler *c, struct build *build,
			  const char *owner)
{
	*c = (struct compiler){ .workload = &build->workload,
				.owner = owner,
				.arena = build->arena };
}

static void build_programs(struct build *build, struct driver *driver,
			   const struct device_conf *conf)
{
	g_autofree char *handler =
		g_strdup_printf("devices.%s.handler", conf->name);
	g_autofree char *softirq =
		g_strdup_printf("devices.%s.softirq", conf->name);
	struct compiler c;

	compiler_init(&c, build, handler);
	driver->irq.handler = compile_handler(
		&c, conf->handler, conf->threaded ? IN_SYSCALL : IN_HARDIRQ,
		driver->stream ? op_stream_elapsed : op_driver_handled);
	if (conf->softirq_vector < 0)
		return;
	compiler_init(&c, build, softirq);
	driver->softirq = compile_handler(&c, conf->softirq, IN_SOFTIRQ,
					  op_driver_served);
	driver->vector = (unsigned int)conf->softirq_vector;
}

static void seed_device(struct build *build, struct driver *driver,
			const char *name)
{
	const struct workload *workload = &build->workload;
	g_autofree char *owner = g_strdup_printf("devices.%s", name);

	rng_init(&driver->device.arrivals, workload->seed, workload->run, owner,
		 "irq");
	rng_init(&driver->device.services, workload->seed, workload->run, owner,
		 "service");
}

static void build_driver(struct build *build, unsigned int i)
{
	const struct device_conf *conf = build->scenario->devices->pdata[i];
	struct driver *driver = &build->workload.drivers[i];
	struct device_attr attr = device_attr_of(conf);
	struct irq_request request = {
		.number = IRQ_BASE + (int)i,
		.cpu = (unsigned int)conf->cpu,
		.nmi = conf->nmi,
		.threaded = conf->threaded,
		.no_thread = conf->no_thread,
		.name = conf->name,
		.depth = step_list_depth(conf->handler),
	};

	driver_init(driver, build->workload.kernel, &attr, &request);
	driver->name = conf->name;
	driver->irq.name = conf->name;
	driver->index = i;
	seed_device(build, driver, conf->name);
	if (conf->stream.kind >= 0) {
		driver->stream =
			stream_new(&build->sim.state, &conf->stream,
				   &build->workload.queues[conf->queue]);
		driver->device.raised = stream_boundary;
	}
}

/* Drivers first, then what they run: a program may name any of them. */
static void build_drivers(struct build *build)
{
	struct workload *workload = &build->workload;

	workload->nr_drivers = build->scenario->devices->len;
	workload->drivers = arena_new(&build->sim.state, struct driver,
				      workload->nr_drivers);
	for (unsigned int i = 0; i < workload->nr_drivers; i++)
		build_driver(build, i);
	for (unsigned int i = 0; i < workload->nr_drivers; i++)
		build_programs(build, &workload->drivers[i],
			       build->scenario->devices->pdata[i]);
}

static struct job_attr job_attr_of(struct build *build,
				   const struct task_conf *conf)
{
	struct job_attr attr = {
		.every = conf->every,
		.offset = conf->offset,
		.jitter = conf->jitter,
		.skip = conf->overrun == OVERRUN_SKIP,
		.start = conf->start,
	};

	if (conf->body == BODY_JOB && conf->on >= 0) {
		attr.release = RELEASE_QUEUE;
		attr.queue = &build->workload.queues[conf->on];
	} else if (conf->body == BODY_JOB) {
		attr.release = RELEASE_TIMER;
	}
	return attr;
}

static struct task_group *group_of(const struct build *build, int index)
{
	return index < 0 ? NULL : build->groups[index];
}

/* One that others are in is made before them. */
static void build_group(struct build *build, int index)
{
	const struct group_conf *conf = build->scenario->groups->pdata[index];
	struct task_group_attr attr = {
		.name = conf->name,
		.weight = conf->weight ?
				  sched_weight_from_cgroup(
					  (uint64_t)conf->weight) :
				  sched_weight_from_nice((int)conf->nice),
		.idle = conf->idle,
		.quota = conf->quota,
		.period = conf->period,
		.burst = conf->burst,
	};

	if (build->groups[index])
		return;
	if (conf->parent >= 0)
		build_group(build, conf->parent);
	attr.parent = group_of(build, conf->parent);
	build->groups[index] =
		sched_create_group(build->workload.kernel, &attr);
}

static void build_groups(struct build *build)
{
	guint n = build->scenario->groups->len;

	build->groups = g_new0(struct task_group *, n);
	for (guint i = 0; i < n; i++)
		build_group(build, (int)i);
}

static char *task_name(const struct task_conf *conf, unsigned int copy)
{
	return conf->copies == 1 ? g_strdup(conf->name) :
				   g_strdup_printf("%s/%u", conf->name, copy);
}

static void build_task(struct build *build, const struct task_conf *conf,
		       unsigned int copy, struct wl_task *wt)
{
	g_autofree char *comm = task_name(conf, copy);
	g_autofree char *owner =
		g_strdup_printf("tasks.%s/%u", conf->name, copy);
	struct job_attr job = job_attr_of(build, conf);
	struct task_attr attr = {
		.comm = comm,
		.policy = (enum policy)conf->policy,
		.rt_priority = (int)conf->priority,
		.nice = (int)conf->nice,
		.slice_ns = ktime_to_ns(&build->scenario->tb, conf->slice),
		.timer_slack = conf->timer_slack,
		.rel_deadline = conf->deadline,
		.dl_runtime = conf->runtime,
		.dl_deadline = conf->deadline,
		.dl_period = conf->period,
		.reclaim = conf->reclaim,
		.group = group_of(build, conf->group),
		.cpus = conf->cpus,
		.kthread = conf->kthread,
	};
	struct compiler c;

	compiler_init(&c, build, owner);
	c.where = conf->kthread ? IN_SYSCALL : IN_USER;
	attr.entry = compile_task(&c, conf->steps, conf->body == BODY_LOOP,
				  conf->body == BODY_JOB);
	attr.depth = c.max_depth;
	task_init(&wt->task, build->workload.kernel, &attr);
	job_init(wt, &job);
	rng_init(&wt->jitter, build->workload.seed, build->workload.run, owner,
		 "jitter");
}

static void build_tasks(struct build *build)
{
	const struct scenario *scenario = build->scenario;
	struct workload *workload = &build->workload;
	unsigned int n = 0;

	workload->nr_tasks = nr_copies(scenario);
	workload->tasks = arena_new(&build->sim.state, struct wl_task,
				    workload->nr_tasks);
	for (unsigned int i = 0; i < scenario->tasks->len; i++) {
		const struct task_conf *conf = scenario->tasks->pdata[i];

		for (unsigned int copy = 0; copy < conf->copies; copy++, n++) {
			workload->tasks[n].index = n;
			build_task(build, conf, copy, &workload->tasks[n]);
		}
	}
}

/* The most urgent of the tasks that take a lock, devices' threads among
 * them. */
static int highest_user(const struct scenario *scenario, unsigned int lock)
{
	int prio = MAX_PRIO;

	for (unsigned int i = 0; i < scenario->tasks->len; i++) {
		const struct task_conf *conf = scenario->tasks->pdata[i];

		if (step_list_takes_lock(conf->steps, (int)lock))
			prio = MIN(prio, task_prio_of((enum policy)conf->policy,
						      (int)conf->priority,
						      (int)conf->nice));
	}
	for (unsigned int i = 0; i < scenario->devices->len; i++) {
		const struct device_conf *conf = scenario->devices->pdata[i];

		if (step_list_takes_lock(conf->handler, (int)lock))
			prio = MIN(prio, task_prio_of(POLICY_FIFO,
						      IRQ_THREAD_PRIO, 0));
	}
	return MAX(prio, 0); /* deadline tasks have none to be a ceiling */
}

static void build_ceilings(struct build *build)
{
	const struct scenario *scenario = build->scenario;

	for (unsigned int i = 0; i < scenario->locks->len; i++) {
		const struct lock_conf *conf = scenario->locks->pdata[i];
		struct lock *lock = &build->workload.locks[i];

		if (!lock->type->ceiling)
			continue;
		lock->ceiling = conf->ceiling ?
					task_prio_of(POLICY_FIFO,
						     (int)conf->ceiling, 0) :
					highest_user(scenario, i);
	}
}

void build_init(struct build *build, const struct scenario *scenario,
		uint64_t seed, uint64_t run)
{
	*build = (struct build){ .scenario = scenario };
	build->arena = g_ptr_array_new_with_free_func(g_aligned_free);
	build->workload.seed = seed;
	build->workload.run = run;
	sim_init_tiers(&build->sim, &scenario->tb,
		       (unsigned int)scenario->machine.cpus,
		       nr_sources(scenario));
	build_kernel(build);
	build_locks(build);
	build_ceilings(build);
	build_queues(build);
	build_drivers(build);
	build_groups(build);
	build_tasks(build);
	if (build->workload.work_depth || scenario->kernel.housekeeping)
		workqueue_init(build->workload.kernel,
			       build->workload.work_depth);
	if (scenario->kernel.housekeeping)
		housekeeping_init(build->workload.kernel);
	if (build->workload.calls)
		smp_calls_init(build->workload.kernel);
	if (build->workload.stops)
		stop_machine_init(build->workload.kernel);
	if (build->workload.backtraces)
		nmi_backtrace_init(build->workload.kernel);
}

void build_boot(struct build *build)
{
	struct workload *workload = &build->workload;

	kernel_boot(workload->kernel);
	for (unsigned int i = 0; i < workload->nr_tasks; i++)
		job_boot(&workload->tasks[i]);
	for (unsigned int i = 0; i < workload->nr_drivers; i++)
		device_start(&workload->drivers[i].device);
}

void build_destroy(struct build *build)
{
	struct workload *workload = &build->workload;

	for (unsigned int i = 0; i < workload->nr_tasks; i++)
		task_destroy(&workload->tasks[i].task);
	for (unsigned int i = 0; i < workload->nr_drivers; i++)
		driver_destroy(&workload->drivers[i]);
	for (unsigned int i = 0; i < workload->nr_queues; i++)
		queue_destroy(&workload->queues[i]);
	lockdep_free(build->lockdep);
	stall_detectors_free(build->stalls);
	g_free(build->groups);
	kernel_destroy(workload->kernel);
	sim_destroy(&build->sim);
	g_ptr_array_unref(build->arena);
}
