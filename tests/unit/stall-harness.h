/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TESTS_STALL_HARNESS_H
#define PREEMPTSIM_TESTS_STALL_HARNESS_H

/*
 * What notices who is stuck, and when it told that.
 *
 * The thresholds are Linux's: 20 s for a soft lockup, looked at every 4 s; 10 s
 * for a hard one; 120 s for a hung task; 21 s for RCU.
 */

#include "kernel-harness.h"

#define S INT64_C(1000000000)
#define MUTEX 1

static const struct stall_config lockups
	__attribute__((unused)) = { .watchdog = 10 * S };
static const struct stall_config rcu
	__attribute__((unused)) = { .rcu_stall = 21 * S };
static const struct stall_config hung
	__attribute__((unused)) = { .hung_task = 120 * S };

static struct stall_detectors *detectors;

/* When the kinds were told, in order. */
static struct {
	const char *kind;
	ktime_t when;
	unsigned int cpu;
	char text[128];
} said[16];
static unsigned int nr_said;

static inline void told(void *data, const struct trace_record *record)
{
	const struct sim_warning *warning = record->object;

	(void)data;
	ck_assert_uint_lt(nr_said, G_N_ELEMENTS(said));
	said[nr_said].kind = warning->kind;
	said[nr_said].when = record->when;
	said[nr_said].cpu = record->cpu;
	g_strlcpy(said[nr_said++].text, warning->text, sizeof(said->text));
}

static inline void start_with(const char *model, unsigned int nr_cpus,
			      const struct stall_config *config,
			      const struct costs *costs)
{
	struct harness_config harness = {
		.model = model, .hz = 100, .nr_cpus = nr_cpus, .costs = costs
	};

	harness_start(&harness);
	h.warnings_expected = true;
	lock_init(&h.lock[MUTEX], lock_type(0), "mutex");
	for (unsigned int i = 0; lock_type(i); i++)
		if (g_str_equal(lock_type(i)->name, "mutex"))
			lock_init(&h.lock[MUTEX], lock_type(i), "mutex");
	nr_said = 0;
	tracer_listen(&h.sim.tracer, TP_warning, told, NULL);
	detectors = stall_detectors_new(h.kernel, config);
}

static inline void start(const char *model, unsigned int nr_cpus,
			 const struct stall_config *config)
{
	start_with(model, nr_cpus, config, NULL);
}

static inline void finish(ktime_t end)
{
	harness_run(end);
	stall_detectors_free(detectors);
	harness_finish();
}

static inline void finish_silent(ktime_t end)
{
	finish(end);
	ck_assert_msg(!nr_said, "%s at %lld: %s", said[0].kind,
		      (long long)said[0].when, said[0].text);
}

static const struct op loop[]
	__attribute__((unused)) = { RUN(100 * S), AGAIN(loop) };
static const struct op closed_loop[]
	__attribute__((unused)) = { DO(op_local_irq_disable), RUN(1000 * S),
				    AGAIN(closed_loop) };

#endif
