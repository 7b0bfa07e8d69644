/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The law of preempt_count: a count that is not zero forbids that the task is
 * switched out, and need_resched stays pending only while the count is not
 * zero, interrupts are off, or the model defers it.
 *
 * Held against every change of the word in all scenarios, under all models and
 * layouts.  Zero and need_resched together is the word 0; that is where
 * something has to happen.
 */
#include <config.h>

#include "law.h"
#include "preemptsim/kernel/preempt.h"

#define MAX_CPUS 64

/**
 * struct cpu_law - a CPU's part.
 * @told: the last change
 * @pending: that left 0, and nothing excuses that it stays
 */
struct cpu_law {
	struct trace_record told;
	bool pending;
};

static GPtrArray *files;
static struct kernel *kernel;
static struct cpu_law cpu_law[MAX_CPUS];
static unsigned int nr_pending, nr_switches;
static const char *place;

static void broken(const struct trace_record *record, const char *what)
{
	const struct trace_record *told = &cpu_law[record->cpu].told;

	ck_abort_msg("%s: at %lld ns on CPU %u: %s; the word was %08x since "
		     "%lld ns, by %s",
		     place,
		     (long long)ktime_to_ns(&kernel->sim->tb, record->when),
		     record->cpu, what, (unsigned int)told->b,
		     (long long)ktime_to_ns(&kernel->sim->tb, told->when),
		     (const char *)told->object);
}

/* The end of an interrupt looks if it goes back to kernel code that had
 * interrupts on; softirqs, or waking who serves them, come before that. */
static bool end_of_irq_looks(const struct kcpu *kc, const char *why)
{
	const struct frame *frame = kc->cpu.top;

	return !strcmp(why, "irq_exit") && (frame->open & IRQ_MASKABLE) &&
	       (frame->acct & (ACCT_TASK - 1)) != ACCT_USER &&
	       !kc->softirq.pending && !kc->softirq.timers_pending;
}

/* May the word not stay 0 where @record has left it?  It may if nobody looks
 * there: interrupts are off, as their return does not look; the model leaves
 * the kernel alone; or preempt_enable_no_resched() said so.  A flag that
 * another CPU has set is looked at later. */
static bool must_go_on(const struct kcpu *kc, const struct trace_record *record)
{
	const char *why = record->object;

	if (record->b || !kernel->model->kernel || this_cpu(kernel) != kc)
		return false;
	if (!cpu_irqs_on(&kc->cpu))
		return end_of_irq_looks(kc, why);
	return strcmp(why, "preempt_enable_no_resched") != 0 &&
	       strcmp(why, "set_preempt_need_resched") != 0;
}

static void on_change(void *data, const struct trace_record *record)
{
	struct cpu_law *law = &cpu_law[record->cpu];
	const struct kcpu *kc = &kernel->cpus[record->cpu];

	(void)data;
	if (record->a == record->b)
		return;
	if (law->told.object && record->a != law->told.b)
		broken(record, "the word had changed in silence");
	if (law->pending && (record->when != law->told.when || record->b != 1))
		broken(record, "need_resched was pending for nothing");
	law->told = *record;
	law->pending = must_go_on(kc, record);
	nr_pending += law->pending;
}

static void on_switch(void *data, const struct trace_record *record)
{
	const struct kcpu *kc = &kernel->cpus[record->cpu];

	(void)data;
	nr_switches++;
	if (preempt_count(kc) != 2 || cpu_irqs_on(&kc->cpu))
		broken(record, "switched out");
}

/* Who is preempted, had the count at zero: it is one now, for __schedule(). */
static void on_entry(void *data, const struct trace_record *record)
{
	const struct kcpu *kc = &kernel->cpus[record->cpu];

	(void)data;
	if (record->a && preempt_count(kc) != 1)
		broken(record, "preempted");
	if (record->a && !kernel->model->kernel && !kernel->model->cond_resched)
		broken(record, "preempted by a model that does not");
}

static void observe(void *data, struct kernel *k)
{
	struct tracer *tracer = &k->sim->tracer;

	(void)data;
	kernel = k;
	memset(cpu_law, 0, sizeof(cpu_law));
	ck_assert_uint_le(k->config.nr_cpus, MAX_CPUS);
	tracer_listen(tracer, TP_preempt_count, on_change, NULL);
	tracer_listen(tracer, TP_sched_switch, on_switch, NULL);
	tracer_listen(tracer, TP_sched_entry, on_entry, NULL);
}

static void hold_law(const char *file, const char *model, const char *layout)
{
	char *preempt = g_strdup_printf("kernel.preempt=%s", model);
	char *count = g_strdup_printf("kernel.preempt_count=%s", layout);
	const char *overrides[] = { preempt, count, "duration=512345678ns",
				    "warmup=0ns", NULL };
	struct scenario *scenario = law_load_file(file, overrides);
	struct run_options options = { .seed = 1, .observe = observe };
	char *name = g_strdup_printf("%s, %s, %s", file, model, layout);

	place = name;
	results_free(scenario_run(scenario, &options));
	scenario_free(scenario);
	g_free(name);
	g_free(count);
	g_free(preempt);
}

START_TEST(nothing_pends_for_nothing)
{
	const char *file = files->pdata[_i];
	const struct choice *model, *layout;

	nr_pending = nr_switches = 0;
	for (unsigned int m = 0; (model = preempt_model_choice(m)); m++)
		for (unsigned int l = 0; (layout = preempt_layout_choice(l));
		     l++)
			hold_law(file, model->name, layout->name);
	ck_assert_uint_gt(nr_switches, 0);
}
END_TEST

/* It would be no law if nothing ever pended: once at the end of an interrupt,
 * once at the end of a section. */
START_TEST(something_pends)
{
	nr_pending = 0;
	hold_law("scenarios/preempt-count.yaml", "full", "x86");
	ck_assert_uint_ge(nr_pending, 1);
	nr_pending = 0;
	hold_law("scenarios/audio-writer.yaml", "full", "x86");
	ck_assert_uint_gt(nr_pending, 10);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("preempt");
	TCase *tcase = tcase_create("preempt");
	int status;

	files = law_scenarios();
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, nothing_pends_for_nothing, 0,
			    (int)files->len);
	tcase_add_test(tcase, something_pends);
	suite_add_tcase(suite, tcase);
	status = law_report(suite);
	g_ptr_array_free(files, TRUE);
	return status;
}
