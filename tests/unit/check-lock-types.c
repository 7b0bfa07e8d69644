/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the locks that are no spinlocks and plain mutexes: rwlocks, seqlocks
 * and locks with a ceiling.
 */
#include <config.h>

#include "lock-types.h"

static void fifo(const char *comm, const struct op *path, int prio,
		 unsigned int cpu, ktime_t begin)
{
	struct task_attr attr = { .comm = comm,
				  .policy = POLICY_FIFO,
				  .rt_priority = prio,
				  .entry = path,
				  .kthread = true };

	cpumask_set_cpu(&attr.cpus, cpu);
	harness_add(&attr, begin);
}

static void read_lock(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = &h.lock[op->a.num];

	cpu_push(cpu, lock->type->read_lock[op->b.num], lock);
}

static void read_unlock(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = &h.lock[op->a.num];

	cpu_push(cpu, lock->type->read_unlock[op->b.num], lock);
}

#define READ_LOCK(mode)                            \
	{                                          \
		.exec = read_lock, .b.num = (mode) \
	}
#define READ_UNLOCK(mode)                            \
	{                                            \
		.exec = read_unlock, .b.num = (mode) \
	}
#define READ(ns) READ_LOCK(LOCK_PLAIN), RUN(ns), READ_UNLOCK(LOCK_PLAIN)

static void irqs(struct cpu *cpu, const struct op *op)
{
	(void)op;
	harness_write(cpu_irqs_on(cpu) ? "+" : "-", cpu->sim->now);
}

#define IRQS DO(irqs)

/*
 * Readers and writers
 */

START_TEST(readers_share)
{
	static const struct op read[] = { READ(100 * US), NOTE('r'), DIE };

	start("rwlock", "full", 3);
	for (unsigned int cpu = 0; cpu < 3; cpu++)
		harness_kthread("r", read, cpu, cpu * 10 * US);
	harness_run(900 * US);
	check_text("r100 r110 r120");
	ck_assert_uint_eq(nr_waited, 3);
	ck_assert_uint_eq(nr_contended, 0);
	for (unsigned int i = 0; i < 3; i++)
		ck_assert_int_eq(held[i], 100);
	check_free();
	harness_finish();
}
END_TEST

static const struct op read_100[] = { READ_LOCK(LOCK_PLAIN), NOTE('r'),
				      RUN(100 * US), READ_UNLOCK(LOCK_PLAIN),
				      DIE };
static const struct op write_50[] = {
	LOCK(0, LOCK_PLAIN),   NOTE('w'), WORD, RUN(50 * US),
	UNLOCK(0, LOCK_PLAIN), DIE
};

/* A writer waits for readers, and readers that come later for the writer; then
 * they go together. */
START_TEST(in_order_of_arrival)
{
	start("rwlock", "full", 5);
	harness_kthread("r", read_100, 0, 0);
	harness_kthread("r", read_100, 1, 10 * US);
	harness_kthread("w", write_50, 2, 20 * US);
	harness_kthread("r", read_100, 3, 30 * US);
	harness_kthread("r", read_100, 4, 40 * US);
	harness_run(900 * US);
	check_text("r0 r10 w110 80000001 r160 r160");
	ck_assert_uint_eq(nr_contended, 3);
	ck_assert_int_eq(waited[2], 90);
	ck_assert_int_eq(waited[3], 130);
	ck_assert_int_eq(waited[4], 120);
	check_free();
	harness_finish();
}
END_TEST

static const struct op irq_read[] = { READ_LOCK(LOCK_PLAIN), NOTE('i'),
				      RUN(5 * US), READ_UNLOCK(LOCK_PLAIN),
				      RET };

/* A reader's interrupt that queued behind a writer would wait for itself. */
START_TEST(interrupts_read_past_writers)
{
	start("rwlock", "full", 2);
	harness_kthread("r", read_100, 0, 0);
	harness_kthread("w", write_50, 1, 10 * US);
	harness_irq_at(0, irq_read, 50 * US);
	harness_run(900 * US);
	check_text("r0 i50 w105 80000001");
	check_free();
	harness_finish();
}
END_TEST

START_TEST(interrupts_go_first)
{
	start("rwlock", "full", 3);
	harness_kthread("w", write_50, 0, 0);
	harness_kthread("w", write_50, 1, 10 * US);
	harness_irq_at(2, irq_read, 20 * US);
	harness_run(900 * US);
	check_text("w0 80000001 i50 w55 80000001");
	check_free();
	harness_finish();
}
END_TEST

/* Those in interrupts go all at once, those in the queue one after the other. */
START_TEST(interrupts_do_not_queue)
{
	start("rwlock", "full", 5);
	h.kernel->config.costs.price[COST_SPIN_HANDOFF] = 4 * US;
	harness_kthread("w", write_50, 0, 0);
	harness_kthread("r", read_100, 1, 10 * US);
	harness_kthread("r", read_100, 2, 20 * US);
	harness_irq_at(3, irq_read, 30 * US);
	harness_irq_at(4, irq_read, 40 * US);
	harness_run(900 * US);
	check_text("w0 80000001 i54 i54 r54 r58");
	check_free();
	harness_finish();
}
END_TEST

/* Each reader has its own flag. */
START_TEST(readers_flags)
{
	static const struct op open[] = {
		READ_LOCK(LOCK_IRQSAVE),   IRQS, RUN(50 * US),
		READ_UNLOCK(LOCK_IRQSAVE), IRQS, DIE
	};
	static const struct op closed[] = { DO(op_local_irq_disable),
					    READ_LOCK(LOCK_IRQSAVE),
					    RUN(20 * US),
					    READ_UNLOCK(LOCK_IRQSAVE),
					    IRQS,
					    DO(op_local_irq_enable),
					    DIE };

	start("rwlock", "full", 2);
	harness_kthread("a", open, 0, 0);
	harness_kthread("b", closed, 1, 10 * US);
	harness_run(900 * US);
	check_text("-0 -30 +50");
	check_free();
	harness_finish();
}
END_TEST

START_TEST(read_unlock_of_nothing)
{
	static const struct op path[] = { READ_UNLOCK(LOCK_PLAIN), NOTE('e'),
					  DIE };

	start("rwlock", "full", 2);
	h.warnings_expected = true;
	harness_kthread("r", read_100, 0, 0);
	harness_kthread("x", path, 1, 10 * US);
	harness_run(900 * US);
	/* It is no lock of its own, and no preempt_disable() either. */
	ck_assert_uint_eq(h.warnings, 2);
	check_text("r0 e10");
	check_free();
	harness_finish();
}
END_TEST

/* Under rt readers can be preempted; who comes after a writer waits for it,
 * also while that waits for readers, and goes before the next writer. */
START_TEST(rt_readers)
{
	static const struct op high[] = { NOTE('h'), RUN(10 * US), DIE };

	start("rwlock", "rt", 4);
	fifo("r", read_100, 10, 0, 0);
	fifo("h", high, 20, 0, 50 * US);
	fifo("w", write_50, 10, 1, 10 * US);
	fifo("r", read_100, 10, 2, 20 * US);
	fifo("r", read_100, 10, 3, 130 * US);
	fifo("r", read_100, 10, 1, 500 * US);
	harness_run(900 * US);
	check_text("r0 h50 w110 80000000 r160 r160 r500");
	ck_assert_uint_eq(nr_contended, 3);
	check_free();
	harness_finish();
}
END_TEST

static unsigned int nr_disabled;

static void told_disable(void *data, const struct trace_record *record)
{
	(void)data;
	(void)record;
	nr_disabled++;
}

static void forget_disabled(struct cpu *cpu, const struct op *op)
{
	(void)cpu;
	(void)op;
	nr_disabled = 0;
}

static void note_disabled(struct cpu *cpu, const struct op *op)
{
	(void)op;
	harness_write(nr_disabled ? "d" : "-", cpu->sim->now);
}

/* They switch interrupts off only to wake a writer. */
START_TEST(rt_readers_disable_nothing)
{
	static const struct op path[] = { DO(forget_disabled), READ(100 * US),
					  DO(note_disabled), DIE };

	start("rwlock", "rt", 1);
	tracer_listen(&h.sim.tracer, TP_irq_disable, told_disable, NULL);
	fifo("r", path, 10, 0, 0);
	harness_run(900 * US);
	check_text("-100");
	harness_finish();
}
END_TEST

/* A writer inherits from readers that wait for it. */
START_TEST(rt_writer_inherits)
{
	static const struct op middle[] = { RUN(100 * US), NOTE('m'), DIE };

	start("rwlock", "rt", 1);
	fifo("w", write_50, 10, 0, 0);
	fifo("m", middle, 20, 0, 10 * US);
	fifo("r", read_100, 30, 0, 20 * US);
	harness_run(900 * US);
	check_text("w0 80000000 r60 m250");
	check_free();
	harness_finish();
}
END_TEST

/*
 * Sequences
 */

static const struct op *seq_path;

static void seq_read(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_push(cpu, seq_path, NULL);
}

/* Read for 30 us. */
static struct op seq_30[] = {
	{ .exec = op_seq_begin, .a.ptr = &h.lock[0] },
	{ .exec = op_seq_look, .a.ptr = &h.lock[0] },
	NOTE('r'),
	RUN(30 * US),
	{ .exec = op_seq_end, .a.path = seq_30, .b.ptr = &h.lock[0] },
};

static const struct op seq_reader[] = { DO(seq_read), NOTE('s'), DIE };

static void start_seq(const char *model, unsigned int nr_cpus)
{
	start("seqlock", model, nr_cpus);
	seq_path = seq_30;
}

/* From 0 to 30 there is a write at 10; from 30 to 60 one at 50; from 60 on
 * there is none. */
START_TEST(reads_begin_anew)
{
	static const struct op writer[] = { WRITE(10 * US), RUN(30 * US),
					    WRITE(8 * US), DIE };

	start_seq("full", 2);
	harness_kthread("r", seq_reader, 0, 0);
	harness_kthread("w", writer, 1, 10 * US);
	harness_run(900 * US);
	check_text("r0 r30 r60 s90");
	ck_assert_uint_eq(h.lock[0].retries, 2);
	ck_assert_uint_eq(h.lock[0].sequence, 4);
	/* Two writes and one read, which took 60 us until it counted. */
	ck_assert_uint_eq(nr_waited, 3);
	ck_assert_int_eq(waited[2], 60);
	ck_assert_int_eq(held[2], 30);
	ck_assert_uint_eq(nr_contended, 1);
	check_free();
	harness_finish();
}
END_TEST

/* A read does not begin in the middle of a write. */
START_TEST(reads_wait_for_a_write)
{
	static const struct op writer[] = { WRITE(10 * US), NOTE('w'), DIE };

	start_seq("full", 2);
	harness_kthread("w", writer, 1, 0);
	harness_kthread("r", seq_reader, 0, 5 * US);
	harness_run(900 * US);
	check_text("w10 r10 s40");
	ck_assert_uint_eq(h.lock[0].retries, 0);
	ck_assert_int_eq(cpu_acct_time(&h.kernel->cpus[0].cpu, ACCT_SPIN),
			 5 * US);
	ck_assert_int_eq(waited[1], 5);
	ck_assert_uint_eq(nr_contended, 1);
	check_free();
	harness_finish();
}
END_TEST

/* Writers wait for each other, and for nobody else; a reader may just get in
 * between the two. */
START_TEST(writes_exclude_each_other)
{
	static const struct op writer[] = { WRITE(50 * US), NOTE('w'), DIE };

	start_seq("full", 3);
	harness_kthread("r", seq_reader, 0, 0);
	harness_kthread("w", writer, 1, 10 * US);
	harness_kthread("w", writer, 2, 20 * US);
	harness_run(900 * US);
	check_text("r0 w60 r60 w110 r110 s140");
	ck_assert_uint_eq(h.lock[0].retries, 2);
	check_free();
	harness_finish();
}
END_TEST

/* One that is interrupted or preempted while it waits goes on after that. */
START_TEST(reader_is_preempted)
{
	static const struct op writer[] = { WRITE(50 * US), NOTE('w'), DIE };
	static const struct op high[] = { NOTE('h'), RUN(60 * US), NOTE('g'),
					  DIE };

	start_seq("full", 2);
	harness_kthread("w", writer, 1, 0);
	fifo("r", seq_reader, 10, 0, 5 * US);
	fifo("h", high, 20, 0, 20 * US);
	harness_irq_at(0, irq_20, 10 * US);
	harness_run(900 * US);
	check_text("i10 h30 w50 g90 r90 s120");
	ck_assert_uint_eq(h.lock[0].retries, 0);
	check_free();
	harness_finish();
}
END_TEST

/* A handler that reads in the middle of a write on its own CPU never ends. */
START_TEST(read_over_a_write)
{
	static const struct op writer[] = { WRITE(50 * US), NOTE('w'), DIE };
	static const struct op irq[] = { DO(seq_read), RET };

	start_seq("full", 1);
	h.warnings_expected = true;
	harness_kthread("w", writer, 0, 0);
	harness_irq_at(0, irq, 10 * US);
	harness_run(900 * US);
	check_text("");
	ck_assert_str_eq(h.warned, "deadlock");
	harness_finish();
}
END_TEST

/* Under rt it lends the writer its priority. */
START_TEST(rt_reader_lets_the_writer_end)
{
	static const struct op writer[] = { WRITE(50 * US), NOTE('w'), DIE };
	static const struct op middle[] = { RUN(100 * US), NOTE('m'), DIE };

	start_seq("rt", 1);
	fifo("w", writer, 10, 0, 0);
	fifo("m", middle, 20, 0, 10 * US);
	fifo("r", seq_reader, 30, 0, 20 * US);
	harness_run(900 * US);
	check_text("r60 s90 m180 w180");
	check_free();
	harness_finish();
}
END_TEST

/*
 * Ceilings
 */

static const struct op middle_50[] = { NOTE('m'), RUN(50 * US), DIE };

/* Nobody of less than the ceiling preempts the holder, from the beginning. */
START_TEST(ceiling_at_once)
{
	static const struct op low[] = { WRITE(40 * US), NOTE('l'), DIE };
	static const struct op high[] = { NOTE('h'), RUN(10 * US), DIE };

	start("ceiling", "full", 1);
	h.lock[0].ceiling = MAX_RT_PRIO - 1 - 30;
	fifo("low", low, 10, 0, 0);
	fifo("m", middle_50, 20, 0, 10 * US);
	fifo("h", high, 31, 0, 20 * US);
	harness_run(900 * US);
	check_text("h20 m50 l100");
	ck_assert_int_eq(h.task[0].prio, h.task[0].normal_prio);
	check_free();
	harness_finish();
}
END_TEST

/* Two locks that two tasks take in opposite order: no deadlock. */
START_TEST(ceiling_prevents_deadlock)
{
	static const struct op low[] = { LOCK(0, LOCK_PLAIN),
					 RUN(20 * US),
					 LOCK(1, LOCK_PLAIN),
					 RUN(20 * US),
					 UNLOCK(1, LOCK_PLAIN),
					 UNLOCK(0, LOCK_PLAIN),
					 NOTE('l'),
					 DIE };
	static const struct op high[] = { LOCK(1, LOCK_PLAIN),
					  RUN(20 * US),
					  LOCK(0, LOCK_PLAIN),
					  RUN(20 * US),
					  UNLOCK(0, LOCK_PLAIN),
					  UNLOCK(1, LOCK_PLAIN),
					  NOTE('h'),
					  DIE };

	start("ceiling", "full", 1);
	h.lock[0].ceiling = h.lock[1].ceiling = MAX_RT_PRIO - 1 - 20;
	fifo("low", low, 10, 0, 0);
	fifo("high", high, 20, 0, 10 * US);
	harness_run(900 * US);
	check_text("h80 l80");
	ck_assert_uint_eq(nr_contended, 0);
	check_free();
	harness_finish();
}
END_TEST

START_TEST(ceiling_too_low)
{
	static const struct op high[] = { WRITE(10 * US), NOTE('h'), DIE };

	start("ceiling", "full", 1);
	h.warnings_expected = true;
	h.lock[0].ceiling = MAX_RT_PRIO - 1 - 20;
	fifo("h", high, 30, 0, 0);
	harness_run(900 * US);
	check_text("h10");
	ck_assert_str_eq(h.warned, "bad_ceiling");
	harness_finish();
}
END_TEST

static void add_tests(TCase *tc)
{
	tcase_add_test(tc, readers_share);
	tcase_add_test(tc, in_order_of_arrival);
	tcase_add_test(tc, interrupts_read_past_writers);
	tcase_add_test(tc, interrupts_go_first);
	tcase_add_test(tc, interrupts_do_not_queue);
	tcase_add_test(tc, readers_flags);
	tcase_add_test(tc, read_unlock_of_nothing);
	tcase_add_test(tc, rt_readers);
	tcase_add_test(tc, rt_readers_disable_nothing);
	tcase_add_test(tc, rt_writer_inherits);
	tcase_add_test(tc, reads_begin_anew);
	tcase_add_test(tc, reads_wait_for_a_write);
	tcase_add_test(tc, writes_exclude_each_other);
	tcase_add_test(tc, reader_is_preempted);
	tcase_add_test(tc, read_over_a_write);
	tcase_add_test(tc, rt_reader_lets_the_writer_end);
	tcase_add_test(tc, ceiling_at_once);
	tcase_add_test(tc, ceiling_prevents_deadlock);
	tcase_add_test(tc, ceiling_too_low);
}

int main(void)
{
	Suite *suite = suite_create("lock-types");
	TCase *tc = tcase_create("lock-types");

	tcase_set_timeout(tc, 60);
	add_tests(tc);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
