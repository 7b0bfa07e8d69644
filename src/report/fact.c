/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of facts, and how values are taken and spelled.
 *
 * Percentiles carry the error of base/hist.h (never too low, less than 0.79 %
 * too high); counts, times, minima and maxima are exact; means are rounded to
 * the nearest nanosecond.  A statistic of no samples is unknown, not 0.
 */
#include <config.h>

#include "preemptsim/report/fact.h"

#include <math.h>
#include <string.h>

#include "preemptsim/base/time.h"
#include "preemptsim/report/rate.h"

/* Taking values. */

static const void *field(const struct fact *fact, const void *object)
{
	return (const char *)object + fact->offset;
}

static struct value get_count(const struct fact *fact, const void *object,
			      const struct results *results G_GNUC_UNUSED)
{
	const uint64_t *n = field(fact, object);

	return (struct value){ .unit = UNIT_COUNT,
			       .known = true,
			       .n = (int64_t)*n };
}

/* A time; a negative one stands for none. */
static struct value get_ns(const struct fact *fact, const void *object,
			   const struct results *results G_GNUC_UNUSED)
{
	const int64_t *ns = field(fact, object);

	return (struct value){ .unit = UNIT_NS, .known = *ns >= 0, .n = *ns };
}

static struct value get_share(const struct fact *fact, const void *object,
			      const struct results *results)
{
	const int64_t *ns = field(fact, object);
	struct value value = { .unit = UNIT_SHARE };

	value.known = results->simulated_ns > 0;
	if (value.known)
		value.share = (double)*ns / (double)results->simulated_ns;
	return value;
}

static struct value get_text(const struct fact *fact, const void *object,
			     const struct results *results G_GNUC_UNUSED)
{
	const char *const *text = field(fact, object);

	return (struct value){ .unit = UNIT_TEXT,
			       .known = *text != NULL,
			       .text = *text };
}

static struct value get_dropouts(const struct fact *fact G_GNUC_UNUSED,
				 const void *object,
				 const struct results *results G_GNUC_UNUSED)
{
	return (struct value){ .unit = UNIT_COUNT,
			       .known = true,
			       .n = (int64_t)task_dropouts(object) };
}

static struct value
get_dropout_rate(const struct fact *fact G_GNUC_UNUSED, const void *object,
		 const struct results *results G_GNUC_UNUSED)
{
	const struct task_results *task = object;
	struct value value = { .unit = UNIT_SHARE, .known = task->jobs > 0 };

	if (value.known)
		value.share = (double)task_dropouts(task) / (double)task->jobs;
	return value;
}

/* The ends of the interval of the dropout rate. */
static struct value get_rate_end(const struct task_results *task, bool high)
{
	struct value value = { .unit = UNIT_SHARE, .known = task->jobs > 0 };

	if (value.known)
		value.share = (high ? rate_high : rate_low)(task_dropouts(task),
							    task->jobs);
	return value;
}

static struct value
get_dropout_rate_low(const struct fact *fact G_GNUC_UNUSED, const void *object,
		     const struct results *results G_GNUC_UNUSED)
{
	return get_rate_end(object, false);
}

static struct value
get_dropout_rate_high(const struct fact *fact G_GNUC_UNUSED, const void *object,
		      const struct results *results G_GNUC_UNUSED)
{
	return get_rate_end(object, true);
}

/* Of streams; the offset is an enum stream_id, and for devices that times
 * NR_STREAM_OUTCOMES plus an outcome. */
static struct value get_missed(const struct fact *fact, const void *object,
			       const struct results *results G_GNUC_UNUSED)
{
	const struct task_results *task = object;
	bool feeds = task->streams & 1u << fact->offset;

	return (struct value){ .unit = UNIT_COUNT,
			       .known = feeds,
			       .none = !feeds,
			       .n = (int64_t)task->missed[fact->offset] };
}

static struct value get_instants(const struct fact *fact, const void *object,
				 const struct results *results G_GNUC_UNUSED)
{
	const struct device_results *device = object;
	size_t outcome = fact->offset % NR_STREAM_OUTCOMES;
	bool is = device->stream == (int)(fact->offset / NR_STREAM_OUTCOMES);

	return (struct value){ .unit = UNIT_COUNT,
			       .known = is,
			       .none = !is,
			       .n = (int64_t)device->instants[outcome] };
}

/* Of all CPUs together: a count, and a part of their time. */
static struct value get_cpus_count(const struct fact *fact,
				   const void *object G_GNUC_UNUSED,
				   const struct results *results)
{
	struct value value = { .unit = UNIT_COUNT, .known = true };

	for (unsigned int i = 0; i < results->cpus->len; i++) {
		const uint64_t *n = field(fact, results->cpus->pdata[i]);

		value.n += (int64_t)*n;
	}
	return value;
}

static struct value get_cpus_share(const struct fact *fact,
				   const void *object G_GNUC_UNUSED,
				   const struct results *results)
{
	double all = (double)results->simulated_ns * results->cpus->len;
	struct value value = { .unit = UNIT_SHARE, .known = all > 0 };
	int64_t sum = 0;

	for (unsigned int i = 0; i < results->cpus->len; i++) {
		const int64_t *ns = field(fact, results->cpus->pdata[i]);

		sum += *ns;
	}
	if (value.known)
		value.share = (double)sum / all;
	return value;
}

static const struct hist *hist_of(const struct fact *fact, const void *object)
{
	const struct hist *const *hist = field(fact, object);

	return *hist;
}

static struct value get_hist_count(const struct fact *fact, const void *object,
				   const struct results *results G_GNUC_UNUSED)
{
	uint64_t count = hist_count(hist_of(fact, object));

	return (struct value){ .unit = UNIT_COUNT,
			       .known = true,
			       .n = (int64_t)count };
}

static struct value hist_value(const struct hist *hist, int64_t ns)
{
	return (struct value){ .unit = UNIT_NS,
			       .known = hist_count(hist) > 0,
			       .n = ns };
}

static struct value get_hist_min(const struct fact *fact, const void *object,
				 const struct results *results G_GNUC_UNUSED)
{
	const struct hist *hist = hist_of(fact, object);

	return hist_value(hist, hist_min(hist));
}

static struct value get_hist_mean(const struct fact *fact, const void *object,
				  const struct results *results G_GNUC_UNUSED)
{
	const struct hist *hist = hist_of(fact, object);

	return hist_value(hist, hist_mean(hist));
}

static struct value get_hist_max(const struct fact *fact, const void *object,
				 const struct results *results G_GNUC_UNUSED)
{
	const struct hist *hist = hist_of(fact, object);

	return hist_value(hist, hist_max(hist));
}

static struct value get_percentile(const struct fact *fact, const void *object,
				   const struct results *results G_GNUC_UNUSED)
{
	const struct hist *hist = hist_of(fact, object);
	struct value value =
		hist_value(hist, hist_percentile(hist, fact->percent));

	value.few =
		value.known && fact_too_few(fact, (int64_t)hist_count(hist));
	return value;
}

static struct value get_bins(const struct fact *fact, const void *object,
			     const struct results *results G_GNUC_UNUSED)
{
	return (struct value){ .unit = UNIT_BINS,
			       .known = true,
			       .bins = hist_of(fact, object) };
}

/* The tables.  "Compared" facts are marked by the _CMP in the macro's name. */

/* clang-format off */
#define ROW(p, u, cmp, fn, off, pct) \
	{ .path = (p), .unit = (u), .compared = (cmp), .get = (fn), \
	  .offset = (off), .percent = (pct) }
#define COUNT(p, type, member) \
	ROW(p, UNIT_COUNT, false, get_count, offsetof(type, member), 0)
#define COUNT_CMP(p, type, member) \
	ROW(p, UNIT_COUNT, true, get_count, offsetof(type, member), 0)
#define TIME(p, type, member) \
	ROW(p, UNIT_NS, false, get_ns, offsetof(type, member), 0)
#define SHARE_CMP(p, type, member) \
	ROW(p, UNIT_SHARE, true, get_share, offsetof(type, member), 0)
#define CPUS_SHARE(p, member) \
	ROW(p, UNIT_SHARE, true, get_cpus_share, \
	    offsetof(struct cpu_results, member), 0)
#define CPUS_COUNT(p, member) \
	ROW(p, UNIT_COUNT, true, get_cpus_count, \
	    offsetof(struct cpu_results, member), 0)
#define TEXT(p, type, member) \
	ROW(p, UNIT_TEXT, false, get_text, offsetof(type, member), 0)
#define HIST(p, cmp, type, m) \
	ROW(p ".count", UNIT_COUNT, false, get_hist_count, offsetof(type, m), \
	    0), \
	ROW(p ".min", UNIT_NS, false, get_hist_min, offsetof(type, m), 0), \
	ROW(p ".p50", UNIT_NS, cmp, get_percentile, offsetof(type, m), 50), \
	ROW(p ".p90", UNIT_NS, cmp, get_percentile, offsetof(type, m), 90), \
	ROW(p ".p99", UNIT_NS, cmp, get_percentile, offsetof(type, m), 99), \
	ROW(p ".p99_9", UNIT_NS, cmp, get_percentile, offsetof(type, m), \
	    99.9), \
	ROW(p ".p99_99", UNIT_NS, false, get_percentile, offsetof(type, m), \
	    99.99), \
	ROW(p ".max", UNIT_NS, cmp, get_hist_max, offsetof(type, m), 0), \
	ROW(p ".mean", UNIT_NS, cmp, get_hist_mean, offsetof(type, m), 0), \
	ROW(p ".bins", UNIT_BINS, false, get_bins, offsetof(type, m), 0)
#define INSTANTS(p, id, outcome) \
	ROW(#p, UNIT_COUNT, false, get_instants, \
	    STREAM_##id * NR_STREAM_OUTCOMES + STREAM_##outcome, 0)
#define END { .path = NULL }
/* clang-format on */

const struct fact run_facts[] = {
	TIME("simulated", struct results, simulated_ns),
	COUNT("events", struct results, events),
	COUNT("warnings", struct results, nr_warnings),
	CPUS_SHARE("user_share", time_ns[CPU_USER]),
	CPUS_SHARE("kernel_share", time_ns[CPU_KERNEL]),
	CPUS_SHARE("switch_share", time_ns[CPU_SWITCH]),
	CPUS_SHARE("spin_share", time_ns[CPU_SPIN]),
	CPUS_SHARE("idle_share", time_ns[CPU_IDLE]),
	CPUS_COUNT("switches", switches),
	CPUS_COUNT("interrupts", interrupts),
	END,
};

const struct fact warning_facts[] = {
#define WARNING_KIND(name, help) \
	COUNT(#name, struct results, warning_counts[WARNING_##name]),
#include "preemptsim/measure/warning-list.h"
#undef WARNING_KIND
	END,
};

static const struct fact of_task[] = {
	COUNT("jobs", struct task_results, jobs),
	COUNT("completed", struct task_results, completed),
	COUNT("late", struct task_results, late),
	COUNT("skipped", struct task_results, skipped),
	COUNT("unfinished", struct task_results, unfinished),
	COUNT("unanswered", struct task_results, unanswered),
	TIME("oldest_wait", struct task_results, oldest_wait_ns),
	ROW("dropouts", UNIT_COUNT, true, get_dropouts, 0, 0),
	ROW("dropout_rate", UNIT_SHARE, true, get_dropout_rate, 0, 0),
	ROW("dropout_rate_low", UNIT_SHARE, false, get_dropout_rate_low, 0, 0),
	ROW("dropout_rate_high", UNIT_SHARE, false, get_dropout_rate_high, 0,
	    0),
#define STREAM_KIND(id, missed, taken, idle, text) \
	ROW(#missed, UNIT_COUNT, true, get_missed, STREAM_##id, 0),
#include "preemptsim/workload/stream-kind-list.h"
#undef STREAM_KIND
	TIME("deadline", struct task_results, deadline_ns),
	TIME("cpu", struct task_results, cpu_ns),
	SHARE_CMP("cpu_share", struct task_results, cpu_ns),
	COUNT_CMP("switches.voluntary", struct task_results, voluntary),
	COUNT_CMP("switches.involuntary", struct task_results, involuntary),
	COUNT_CMP("migrations", struct task_results, migrations),
	HIST("wakeup_latency", true, struct task_results, wakeup_latency),
	HIST("response_time", true, struct task_results, response_time),
	END,
};

static const struct fact of_cpu[] = {
	TIME("user", struct cpu_results, time_ns[CPU_USER]),
	TIME("kernel", struct cpu_results, time_ns[CPU_KERNEL]),
	TIME("softirq", struct cpu_results, time_ns[CPU_SOFTIRQ]),
	TIME("hardirq", struct cpu_results, time_ns[CPU_HARDIRQ]),
	TIME("nmi", struct cpu_results, time_ns[CPU_NMI]),
	TIME("spin", struct cpu_results, time_ns[CPU_SPIN]),
	TIME("switch", struct cpu_results, time_ns[CPU_SWITCH]),
	TIME("idle", struct cpu_results, time_ns[CPU_IDLE]),
	TIME("preempt_off.max", struct cpu_results, preempt_off_max_ns),
	TIME("irqs_off.max", struct cpu_results, irqs_off_max_ns),
	COUNT("interrupts", struct cpu_results, interrupts),
	COUNT("switches", struct cpu_results, switches),
	END,
};

static const struct fact of_lock[] = {
	TEXT("type", struct lock_results, type),
	COUNT("acquisitions", struct lock_results, acquisitions),
	COUNT("contended", struct lock_results, contended),
	HIST("hold", false, struct lock_results, hold),
	HIST("wait", false, struct lock_results, wait),
	END,
};

static const struct fact of_device[] = {
	COUNT("interrupts", struct device_results, interrupts),
	COUNT("requests", struct device_results, requests),
#define STREAM_KIND(id, missed, taken, idle, text)            \
	INSTANTS(taken, id, TAKEN), INSTANTS(idle, id, IDLE), \
		INSTANTS(missed, id, MISSED),
#include "preemptsim/workload/stream-kind-list.h"
#undef STREAM_KIND
	HIST("latency", false, struct device_results, latency), END
};

static const struct fact of_chain[] = {
	HIST("latency", true, struct chain_results, latency), END
};

static const struct fact of_group[] = {
	TIME("usage", struct group_results, usage_ns),
	COUNT("nr_periods", struct group_results, nr_periods),
	COUNT("nr_throttled", struct group_results, nr_throttled),
	TIME("throttled", struct group_results, throttled_ns),
	COUNT("nr_bursts", struct group_results, nr_bursts),
	TIME("burst", struct group_results, burst_ns),
	END,
};

const struct fact_table group_facts = {
	.key = "groups",
	.facts = of_group,
	.list = offsetof(struct results, groups),
	.name = offsetof(struct group_results, name),
};

const struct fact_table chain_facts = {
	.key = "chains",
	.facts = of_chain,
	.list = offsetof(struct results, chains),
	.name = offsetof(struct chain_results, name),
};

const struct fact_table task_facts = {
	.key = "tasks",
	.facts = of_task,
	.list = offsetof(struct results, tasks),
	.name = offsetof(struct task_results, name),
};

const struct fact_table cpu_facts = {
	.key = "cpus",
	.facts = of_cpu,
	.list = offsetof(struct results, cpus),
	.name = -1,
};

const struct fact_table lock_facts = {
	.key = "locks",
	.facts = of_lock,
	.list = offsetof(struct results, locks),
	.name = offsetof(struct lock_results, name),
};

const struct fact_table device_facts = {
	.key = "devices",
	.facts = of_device,
	.list = offsetof(struct results, devices),
	.name = offsetof(struct device_results, name),
};

const struct fact_table *fact_table(unsigned int i)
{
	static const struct fact_table *const tables[] = {
		&task_facts,   &cpu_facts,   &lock_facts,
		&device_facts, &chain_facts, &group_facts,
	};

	return i < G_N_ELEMENTS(tables) ? tables[i] : NULL;
}

const GPtrArray *fact_objects(const struct fact_table *table,
			      const struct results *results)
{
	const void *list = (const char *)results + table->list;

	return *(const GPtrArray *const *)list;
}

char *fact_object_name(const struct fact_table *table,
		       const struct results *results, unsigned int i)
{
	const char *object = fact_objects(table, results)->pdata[i];

	if (table->name < 0)
		return g_strdup_printf("%u", i);
	return g_strdup(*(char *const *)(const void *)(object + table->name));
}

const struct fact *fact_find(const struct fact *facts, const char *path)
{
	for (; facts->path; facts++)
		if (g_str_equal(facts->path, path))
			return facts;
	return NULL;
}

struct value fact_get(const struct fact *fact, const void *object,
		      const struct results *results)
{
	return fact->get(fact, object, results);
}

bool fact_too_few(const struct fact *fact, int64_t samples)
{
	return fact->percent > 0 &&
	       (double)samples * (100 - fact->percent) / 100 <
		       BEYOND_MIN - 1e-9;
}

struct value fact_get_sure(const struct fact *fact, const void *object,
			   const struct results *results)
{
	struct value value = fact_get(fact, object, results);

	value.known = value.known && !value.few;
	return value;
}

struct value fact_value(const struct fact_table *table, const char *path,
			const void *object, const struct results *results)
{
	const struct fact *fact = fact_find(table->facts, path);

	g_assert(fact);
	return fact_get(fact, object, results);
}

/* Spelling. */

const char *value_format(char *buf, size_t n, const struct value *value)
{
	char digits[G_ASCII_DTOSTR_BUF_SIZE];

	if (!value->known) {
		g_strlcpy(buf, "-", n);
	} else if (value->unit == UNIT_NS) {
		g_strlcpy(buf, value->few ? VALUE_FEW : "", n);
		time_format_ns(buf + strlen(buf), n - strlen(buf), value->n);
	} else if (value->unit == UNIT_SHARE) {
		g_ascii_formatd(digits, sizeof(digits), "%.2f",
				value->share * 100);
		g_snprintf(buf, n, "%s %%", digits);
	} else if (value->unit == UNIT_TEXT) {
		g_strlcpy(buf, value->text, n);
	} else {
		g_snprintf(buf, n, "%" G_GINT64_FORMAT, value->n);
	}
	return buf;
}

double value_number(const struct value *value)
{
	if (!value->known || value->unit == UNIT_TEXT ||
	    value->unit == UNIT_BINS)
		return NAN;
	if (value->unit == UNIT_SHARE)
		return value->share;
	return (double)value->n;
}

char *fact_label(const struct fact *fact)
{
	char *label = g_strdup(fact->path);

	for (char *c = label; *c; c++) {
		if (*c == '.')
			*c = ' ';
		else if (*c == '_')
			*c = c > label && g_ascii_isdigit(c[-1]) ? '.' : ' ';
	}
	return label;
}

char *fact_key(const struct fact *fact)
{
	const char *dot = strrchr(fact->path, '.');
	const char *leaf = dot ? dot + 1 : fact->path;

	return g_strconcat(leaf, fact->unit == UNIT_NS ? "_ns" : NULL, NULL);
}

const char *unit_name(enum unit unit)
{
	static const char *const name[] = {
		[UNIT_COUNT] = "count", [UNIT_NS] = "ns",
		[UNIT_SHARE] = "share", [UNIT_TEXT] = "text",
		[UNIT_BINS] = "bins",
	};

	return name[unit];
}
