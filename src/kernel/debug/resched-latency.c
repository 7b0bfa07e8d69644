/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * need_resched that is set for long.  cf. kernel/sched/core.c v6.12:
 * cpu_resched_latency(), of the scheduler's feature LATENCY_WARN.
 *
 * Ticks look; a task whose CPU does not take them is noticed by the watchdog.
 * It is told once.
 */
#include <config.h>

#include "preemptsim/kernel/debug.h"

#include "preemptsim/kernel/kernel.h"

static void tell(struct kcpu *kc, ktime_t latency)
{
	kc->kernel->debug.resched_latency_said = true;
	kernel_warn(kc, "resched_latency", NULL,
		    "CPU %u need_resched set for > %lld ns (%u ticks) without "
		    "schedule",
		    kc->cpu.id,
		    (long long)ktime_to_ns(&kc->cpu.sim->tb, latency),
		    kc->resched_latency.ticks);
}

void resched_latency_tick(struct kcpu *kc)
{
	struct resched_latency *seen = &kc->resched_latency;
	ktime_t now = kc->cpu.sim->now;

	if (!need_resched(&kc->cpu) || kc->kernel->debug.resched_latency_said)
		return;
	if (seen->quiescent != kc->quiescent || !seen->since) {
		*seen = (struct resched_latency){ .since = now,
						  .quiescent = kc->quiescent };
		return;
	}
	seen->ticks++;
	if (now - seen->since > kc->kernel->config.latency_warn)
		tell(kc, now - seen->since);
}
