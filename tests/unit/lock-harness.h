/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TESTS_LOCK_HARNESS_H
#define PREEMPTSIM_TESTS_LOCK_HARNESS_H

/*
 * Locks and what is said of them, for the tests of lockdep and of deadlocks.
 *
 * Locks 0, 1 and 2 are spinlocks A, B and C; lock 3 is a mutex M.
 */

#include "kernel-harness.h"

#include "preemptsim/kernel/debug.h"

#define A 0
#define B 1
#define C 2
#define M 3

/* "kind: text", a line each; tasks are t0, t1, ... without their pids. */
static GString *said;
static struct lockdep *lockdep;

static inline void told(void *data, const struct trace_record *record)
{
	const struct sim_warning *warning = record->object;
	g_autoptr(GRegex) pid = g_regex_new("-[0-9]+", 0, 0, NULL);
	g_autofree char *text =
		g_regex_replace_literal(pid, warning->text, -1, 0, "", 0, NULL);

	(void)data;
	g_string_append_printf(said, "%s: %s\n", warning->kind, text);
	if (g_str_equal(warning->kind, "lockdep") ||
	    g_str_equal(warning->kind, "deadlock"))
		ck_assert_ptr_nonnull(warning->lock);
}

static inline void add_on(unsigned int cpu, const struct op *path,
			  ktime_t begin)
{
	g_autofree char *comm = g_strdup_printf("t%u", h.nr_tasks);

	harness_kthread(comm, path, cpu, begin);
}

static inline void start_under(const char *model, unsigned int nr_cpus)
{
	static const char *const name[] = { "A", "B", "C", "M" };
	struct harness_config config = { .model = model, .nr_cpus = nr_cpus };

	harness_start(&config);
	h.warnings_expected = true;
	for (unsigned int i = 0; i < HARNESS_LOCKS; i++)
		lock_init(
			&h.lock[i],
			lock_type_of(h.kernel,
				     type_named(i == M ? "mutex" : "spinlock")),
			name[i]);
	tracer_listen(&h.sim.tracer, TP_warning, told, NULL);
	lockdep = lockdep_new(h.kernel, HARNESS_LOCKS);
	said = g_string_new(NULL);
}

static inline void start(unsigned int nr_cpus)
{
	start_under(NULL, nr_cpus);
}

/* Runs; there must be @n warnings, and in what they say, @text. */
static inline void finish(unsigned int n, const char *text)
{
	harness_run(50 * MS);
	ck_assert_msg(h.warnings == n, "%u warnings: %s", h.warnings,
		      said->str);
	ck_assert_msg(!text || strstr(said->str, text), "%s", said->str);
	lockdep_free(lockdep);
	g_string_free(said, TRUE);
	harness_finish();
}

#define TAKE(lock) LOCK(lock, LOCK_PLAIN)
#define GIVE(lock) UNLOCK(lock, LOCK_PLAIN)
#define TAKE_IRQ(lock) LOCK(lock, LOCK_IRQSAVE)
#define GIVE_IRQ(lock) UNLOCK(lock, LOCK_IRQSAVE)
#define TAKE_BH(lock) LOCK(lock, LOCK_BH)
#define GIVE_BH(lock) UNLOCK(lock, LOCK_BH)

/* One lock under another, in a task; in between some time passes. */
#define NEST(outer, inner)                                            \
	{                                                             \
		TAKE(outer), RUN(10 * US), TAKE(inner), RUN(10 * US), \
			GIVE(inner), RUN(10 * US), GIVE(outer), DIE   \
	}
#define NEST_IRQ(outer, inner)                                  \
	{                                                       \
		TAKE_IRQ(outer), TAKE_IRQ(inner), RUN(10 * US), \
			GIVE_IRQ(inner), GIVE_IRQ(outer), DIE   \
	}

static const struct op ab[] __attribute__((unused)) = NEST(A, B);
static const struct op ba[] __attribute__((unused)) = NEST(B, A);
static const struct op bc[] __attribute__((unused)) = NEST(B, C);
static const struct op ca[] __attribute__((unused)) = NEST(C, A);
static const struct op ac[] __attribute__((unused)) = NEST(A, C);
static const struct op ab_irq[] __attribute__((unused)) = NEST_IRQ(A, B);
static const struct op bc_irq[] __attribute__((unused)) = NEST_IRQ(B, C);
static const struct op plain_a[]
	__attribute__((unused)) = { TAKE(A), RUN(10 * US), GIVE(A), DIE };
static const struct op plain_b[]
	__attribute__((unused)) = { TAKE(B), RUN(10 * US), GIVE(B), DIE };
static const struct op plain_c[]
	__attribute__((unused)) = { TAKE(C), RUN(10 * US), GIVE(C), DIE };
static const struct op irq_a[]
	__attribute__((unused)) = { TAKE_IRQ(A), RUN(10 * US), GIVE_IRQ(A),
				    DIE };
static const struct op bh_a[]
	__attribute__((unused)) = { TAKE_BH(A), RUN(10 * US), GIVE_BH(A), DIE };
static const struct op bh_b[]
	__attribute__((unused)) = { TAKE_BH(B), RUN(10 * US), GIVE_BH(B), DIE };
static const struct op in_a[]
	__attribute__((unused)) = { TAKE(A), RUN(US), GIVE(A), RET };
static const struct op in_b[]
	__attribute__((unused)) = { TAKE(B), RUN(US), GIVE(B), RET };
static const struct op raise_net[]
	__attribute__((unused)) = { RAISE(NET_RX_SOFTIRQ), RET };

/* The tasks run one after the other: nothing ever happens. */
static inline void add(const struct op *path, ktime_t begin)
{
	add_on(0, path, begin);
}

#endif
