/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of options, and a parser over getopt_long().
 *
 * GLib's GOptionContext is not used: it takes the word behind an option with
 * an optional argument for that argument, so `--explain FILE` would lose FILE.
 */
#include <config.h>

#include "preemptsim/app/options.h"

#include <getopt.h>
#include <string.h>

#include "options-private.h"
#include "preemptsim/app/verify.h"
#include "preemptsim/kernel/sched.h"
#include "preemptsim/scenario/setting.h"
#include "preemptsim/scenario/suggest.h"

/* Values of long options that have no letter begin here. */
#define NO_LETTER 256

/**
 * struct option_desc - one option.
 * @letter: its short form, 0: none
 * @name: its long form
 * @arg: what its argument is called, NULL: it takes none; "[=N]" is optional
 * @mask: OPTIONS_... of the commands that take it
 * @set: note it; returns what is wrong with @arg (to be freed) or NULL
 * @help: for --help; "\n" begins a new line
 */
struct option_desc {
	char letter;
	const char *name;
	const char *arg;
	unsigned int mask;
	char *(*set)(struct options *options, const char *arg);
	const char *help;
};

/* Setters, one per option. */

static char *set_setting(struct options *options, const char *arg)
{
	const char *equals = strchr(arg, '=');

	if (!equals || equals == arg)
		return g_strdup_printf("'%s' is not KEY=VALUE", arg);
	g_ptr_array_add(options->settings, g_strdup(arg));
	return NULL;
}

/* What stands for -s KEY=VALUE. */
static void add_setting(struct options *options, const char *option,
			const char *key, const char *value)
{
	g_autofree char *label = g_strconcat(option, " ", value, NULL);
	g_autofree char *text = g_strconcat(key, "=", value, NULL);

	g_ptr_array_add(options->settings, setting_new(label, text));
}

static char *set_plugin(struct options *options G_GNUC_UNUSED, const char *arg)
{
	return sched_plugin_load(arg);
}

static char *set_seed(struct options *options, const char *arg)
{
	uint64_t seed = 0;
	char *why = option_number(arg, 0, INT64_MAX, &seed);
	g_autofree char *n = g_strdup_printf("%" G_GUINT64_FORMAT, seed);

	if (!why)
		add_setting(options, "--seed", "seed", n);
	return why;
}

static char *set_duration(struct options *options, const char *arg)
{
	add_setting(options, "-d", "duration", arg);
	return NULL;
}

static char *set_runs(struct options *options, const char *arg)
{
	uint64_t runs = 0;
	char *why = option_number(arg, 1, 1000000, &runs);

	if (!why)
		options->runs = (unsigned int)runs;
	return why;
}

static char *set_explain(struct options *options, const char *arg)
{
	uint64_t n = 0;
	char *why = arg ? option_number(arg, 1, 100000, &n) : NULL;

	options->explain = true;
	options->nr_worst = (unsigned int)n;
	return why;
}

static char *set_no_blame(struct options *options,
			  const char *arg G_GNUC_UNUSED)
{
	options->no_blame = true;
	return NULL;
}

static char *set_blame(struct options *options, const char *arg)
{
	static const char *const which[] = { [BLAME_MOST] = "most",
					     [BLAME_SOME] = "some",
					     [BLAME_ALL] = "all" };

	options->no_blame = !strcmp(arg, "none");
	if (options->no_blame)
		return NULL;
	for (unsigned int i = 0; i < G_N_ELEMENTS(which); i++) {
		if (!strcmp(arg, which[i])) {
			options->blame_which = (enum blame_which)i;
			return NULL;
		}
	}
	return g_strdup_printf("'%s' is not none, some, most or all", arg);
}

/* A cycle is no measure for all builds. */
static char *set_blame_over(struct options *options, const char *arg)
{
	struct timebase tb;
	const char *why;
	ktime_t over = 0;

	timebase_init(&tb, 1000000000);
	if (g_str_has_suffix(arg, "cy") || !time_parse(arg, &tb, &over, &why) ||
	    over <= 0)
		return g_strdup_printf("'%s' is no time above 0 like 100us",
				       arg);
	options->blame_over_ns = ktime_to_ns(&tb, over);
	return NULL;
}

static char *set_bound(struct options *options, const char *arg G_GNUC_UNUSED)
{
	options->bound = true;
	return NULL;
}

static char *set_verify(struct options *options, const char *arg)
{
	char *why = verify_check(arg ? arg : "");

	if (!why)
		g_ptr_array_add(options->verify, g_strdup(arg ? arg : ""));
	return why;
}

static char *set_vary(struct options *options, const char *arg)
{
	char *why;
	struct axis *axis = option_list(arg, &why);
	size_t n;

	if (!axis)
		return why;
	n = strlen(axis->key) + 1;
	axis_free(axis);
	for (unsigned int i = 0; i < options->vary->len; i++)
		if (!strncmp(options->vary->pdata[i], arg, n))
			return g_strdup_printf("%.*s is varied already",
					       (int)n - 1, arg);
	g_ptr_array_add(options->vary, g_strdup(arg));
	return NULL;
}

static char *set_format(struct options *options, const char *arg)
{
	return option_format(arg, &options->format);
}

static char *set_export(struct options *options, const char *arg)
{
	const char *equals = strchr(arg, '=');
	struct export export = { 0 };
	g_autofree char *name = NULL;
	char *why;

	if (!equals || !equals[1])
		return g_strdup_printf("'%s' is not FORMAT=FILE", arg);
	name = g_strndup(arg, (size_t)(equals - arg));
	why = option_format(name, &export.format);
	if (why)
		return why;
	export.file = g_strdup(equals + 1);
	g_array_append_val(options->exports, export);
	return NULL;
}

static const struct debug_topic *find_topic(const char *name, size_t len)
{
	const struct debug_topic *topic;

	for (unsigned int i = 0; (topic = debug_topic(i)); i++)
		if (strlen(topic->choice.name) == len &&
		    !strncmp(topic->choice.name, name, len))
			return topic;
	return NULL;
}

/* What can be watched, behind what is wrong with @what. */
static char *no_topic(const char *what)
{
	GString *text = g_string_new(what);
	const struct debug_topic *topic;

	g_string_append(text, "; it is written --debug=TOPIC or "
			      "--debug=TOPIC:FILE, and the topics are:");
	for (unsigned int i = 0; (topic = debug_topic(i)); i++)
		g_string_append_printf(text, "\n  %-12s %s", topic->choice.name,
				       topic->choice.help);
	return g_string_free(text, FALSE);
}

static char *set_debug(struct options *options, const char *arg)
{
	size_t len = arg ? strcspn(arg, ":") : 0;
	g_autofree char *what = NULL;

	if (!len)
		return no_topic("which topic is not said");
	if (options->debug)
		return g_strdup("it can be given once");
	options->debug = find_topic(arg, len);
	if (!options->debug) {
		what = g_strdup_printf("there is no topic '%.*s'", (int)len,
				       arg);
		return no_topic(what);
	}
	if (arg[len] && !arg[len + 1])
		return g_strdup_printf("'%s' names no file", arg);
	options->debug_file = arg[len] ? g_strdup(arg + len + 1) : NULL;
	return NULL;
}

static char *set_color(struct options *options, const char *arg)
{
	static const char *const words[] = { [COLOR_AUTO] = "auto",
					     [COLOR_ALWAYS] = "always",
					     [COLOR_NEVER] = "never",
					     NULL };

	return option_word(arg, words, &options->color);
}

static char *set_progress(struct options *options, const char *arg)
{
	static const char *const words[] = { [PROGRESS_AUTO] = "auto",
					     [PROGRESS_NEVER] = "never",
					     [PROGRESS_PLAIN] = "plain",
					     NULL };

	return option_word(arg, words, &options->progress);
}

static char *set_no_host(struct options *options, const char *arg G_GNUC_UNUSED)
{
	options->no_host = true;
	return NULL;
}

static char *set_print_resolved(struct options *options,
				const char *arg G_GNUC_UNUSED)
{
	options->print_resolved = true;
	return NULL;
}

static char *set_man(struct options *options, const char *arg G_GNUC_UNUSED)
{
	options->man = true;
	return NULL;
}

static char *set_quiet(struct options *options, const char *arg G_GNUC_UNUSED)
{
	options->quiet = true;
	return NULL;
}

static char *set_verbose(struct options *options, const char *arg G_GNUC_UNUSED)
{
	options->verbose = true;
	return NULL;
}

static char *set_help(struct options *options, const char *arg G_GNUC_UNUSED)
{
	options->help = true;
	return NULL;
}

static char *set_version(struct options *options, const char *arg G_GNUC_UNUSED)
{
	options->version = true;
	return NULL;
}

static const struct option_desc table[] = {
	{ 's', "set", "KEY=VALUE", OPTIONS_SCENARIO, set_setting,
	  "set any key of the scenario, as in kernel.hz=1000;\n"
	  "may be given again and again, the last one wins" },
	{ 0, "plugin", "FILE.so", OPTIONS_SCENARIO | OPTIONS_LIST, set_plugin,
	  "a scheduler for kernel.fair; see preemptsim-sched-plugin(7)" },
	{ 0, "seed", "N", OPTIONS_SCENARIO, set_seed,
	  "seed of the random streams (seed=N)" },
	{ 'd', "duration", "TIME", OPTIONS_SCENARIO, set_duration,
	  "simulated time, as in 10s (duration=TIME)" },
	{ 'o', "output", "FILE", OPTIONS_PLOT, options_set_picture,
	  "where the picture goes: FILE ends in .svg, .png or .pdf\n"
	  "(a timeline: in .svg or .txt)" },
	{ 0, "kind", "KIND", OPTIONS_PLOT, options_set_kind,
	  "ccdf (default), histogram, blame, sweep (default with -P, -L\n"
	  "or a database), heatmap or timeline" },
	{ 0, "timeline", NULL, OPTIONS_PLOT, options_set_timeline,
	  "the same as --kind timeline" },
	{ 0, "task", "TASK", OPTIONS_PLOT, options_set_task,
	  "whose latency (default: the first with a deadline)" },
	{ 0, "measure", "WHICH", OPTIONS_PLOT, options_set_measure,
	  "wakeup_latency (default) or response_time" },
	{ 0, "script", "FILE", OPTIONS_PLOT, options_set_script,
	  "write gnuplot's script, too, with the data in it" },
	{ 0, "vary", "KEY=A,B", OPTIONS_VARY, set_vary,
	  "a build for each value; several make every combination\n"
	  "(default: kernel.preempt=none,full)" },
	{ 'P', "range", "KEY=MIN:MAX[:STEP]", OPTIONS_SWEEP | OPTIONS_PLOT,
	  options_set_range,
	  "vary a number or time; STEP (default: 1 of MIN's unit)\n"
	  "may be a factor (x2) or a count at equal ratios (log10)" },
	{ 'L', "list", "KEY=A,B", OPTIONS_SWEEP | OPTIONS_PLOT,
	  options_set_list,
	  "vary any key; -P and -L may be given again and again,\n"
	  "and make every combination, the first one slowest" },
	{ 'j', "jobs", "N", OPTIONS_SWEEP | OPTIONS_PLOT, options_set_jobs,
	  "simulate N at a time (default: as many as CPUs)" },
	{ 0, "db", "FILE", OPTIONS_SWEEP | OPTIONS_PLOT, options_set_db,
	  "keep results in FILE, and go on where it ends" },
	{ 0, "shard", "I/N", OPTIONS_SWEEP, options_set_shard,
	  "only every Nth point, from the Ith on" },
	{ 0, "find", "CONDITION", OPTIONS_SWEEP, options_set_find,
	  "search the first value of --over at which an\n"
	  "expectation holds, as in 'player.dropouts == 0'" },
	{ 0, "over", "KEY=MIN:MAX[:STEP]", OPTIONS_SWEEP, options_set_over,
	  "among which values --find searches" },
	{ 0, "columns", "A,B", OPTIONS_GRID | OPTIONS_PLOT, options_set_columns,
	  "numbers to show, called as in expectations" },
	{ 0, "runs", "N", OPTIONS_RUN | OPTIONS_SWEEP | OPTIONS_PLOT, set_runs,
	  "simulate N times with independent random streams" },
	{ 0, "explain", "[=N]", OPTIONS_RUN, set_explain,
	  "say what the N (10) worst latencies of each kind are made\n"
	  "of" },
	{ 0, "blame", "WHICH", OPTIONS_RUN, set_blame,
	  "of which dropouts to find out what delayed them: none;\n"
	  "some, in about a tenth of a run; most (default), that is\n"
	  "all if it is done in the blink of an eye; all" },
	{ 0, "no-blame", NULL, OPTIONS_RUN, set_no_blame,
	  "the same as --blame=none" },
	{ 0, "blame-over", "TIME", OPTIONS_RUN, set_blame_over,
	  "find out what delayed whom over the wakeup latencies of\n"
	  "TIME and more, not over dropouts" },
	{ 0, "debug", "[=TOPIC[:FILE]]", OPTIONS_WATCH, set_debug,
	  "watch the simulation line by line on stderr, or in FILE;\n"
	  "TOPIC preempt: each change of preempt_count" },
	{ 0, "bound", NULL, OPTIONS_RUN, set_bound,
	  "bound each CPU's scheduling latency by the longest parts\n"
	  "that the run has shown" },
	{ 0, "verify", "[=WHAT]", OPTIONS_RUN, set_verify,
	  "hold the run to automata: those of 'list monitors', or\n"
	  "one of them, or FILE.dot" },
	{ 0, "format", "FORMAT", OPTIONS_RUN, set_format,
	  "what goes to stdout: text (default), json, csv,\n"
	  "cyclictest or jobs" },
	{ 0, "format", "FORMAT", OPTIONS_GRID, set_format,
	  "what goes to stdout: text (default), json or csv" },
	{ 0, "export", "FORMAT=FILE", OPTIONS_RUN | OPTIONS_GRID, set_export,
	  "write a file, too; may be given again and again" },
	{ 0, "trace", "FILE", OPTIONS_TRACE_TOO, options_set_trace,
	  "write a trace, too: FILE ends in .dat, .pftrace or .txt;\n"
	  "may be given again and again" },
	{ 'o', "output", "FILE", OPTIONS_TRACE_ONLY, options_set_trace,
	  "where the trace goes: FILE ends in .dat, .pftrace or\n"
	  ".txt; may be given again and again" },
	{ 0, "from", "TIME", OPTIONS_TRACED | OPTIONS_PLOT, options_set_from,
	  "leave out of traces and timelines what happens before" },
	{ 0, "to", "TIME", OPTIONS_TRACED | OPTIONS_PLOT, options_set_to,
	  "leave out of traces and timelines what happens from then on" },
	{ 0, "around", "worst[:TASK]", OPTIONS_TRACED | OPTIONS_PLOT,
	  options_set_around,
	  "show only what is about the worst latency (of TASK)" },
	{ 0, "events", "LIST", OPTIONS_TRACED, options_set_events,
	  "trace only these events: names (see `list events'),\n"
	  "with * and ?, between commas" },
	{ 0, "color", "WHEN", OPTIONS_RUN | OPTIONS_GRID, set_color,
	  "auto (on a terminal), always or never" },
	{ 0, "progress", "HOW", OPTIONS_RUN | OPTIONS_PROGRESS, set_progress,
	  "auto (on a terminal), never or plain (lines)" },
	{ 0, "no-host", NULL, OPTIONS_RUN | OPTIONS_GRID, set_no_host,
	  "leave out of JSON how long the simulation took" },
	{ 0, "print-resolved", NULL, OPTIONS_CHECK, set_print_resolved,
	  "print the scenario with every default filled in" },
	{ 0, "man", NULL, OPTIONS_LIST, set_man,
	  "print the keys of a scenario for its manual page" },
	{ 'q', "quiet", NULL, OPTIONS_COMMON, set_quiet,
	  "say nothing on stderr but errors" },
	{ 'v', "verbose", NULL, OPTIONS_COMMON, set_verbose,
	  "say more: copies, all warnings, speed" },
	{ 'h', "help", NULL, OPTIONS_COMMON, set_help, "print this help" },
	{ 'V', "version", NULL, OPTIONS_COMMON, set_version,
	  "print the version" },
};

void options_init(struct options *options)
{
	*options = (struct options){
		.args = g_ptr_array_new_with_free_func(g_free),
		.settings = g_ptr_array_new_with_free_func(g_free),
		.vary = g_ptr_array_new_with_free_func(g_free),
		.verify = g_ptr_array_new_with_free_func(g_free),
		.axes = g_ptr_array_new_with_free_func(axis_free),
		.jobs = g_get_num_processors(),
		.shards = 1,
		.exports = g_array_new(FALSE, FALSE, sizeof(struct export)),
		.traces = g_ptr_array_new_with_free_func(g_free),
		.events = g_ptr_array_new_with_free_func(g_free),
		.to_ns = INT64_MAX,
		.format = report_format(0),
		.runs = 1,
	};
}

void options_clear(struct options *options)
{
	for (unsigned int i = 0; i < options->exports->len; i++)
		g_free(g_array_index(options->exports, struct export, i).file);
	g_array_unref(options->exports);
	g_free(options->debug_file);
	g_free(options->around_task);
	g_ptr_array_unref(options->traces);
	g_ptr_array_unref(options->events);
	g_ptr_array_unref(options->args);
	g_ptr_array_unref(options->settings);
	g_ptr_array_unref(options->vary);
	g_ptr_array_unref(options->verify);
	g_ptr_array_unref(options->axes);
	g_clear_pointer(&options->over, axis_free);
}

/* Parsing. */

static int has_arg(const struct option_desc *desc)
{
	if (!desc->arg)
		return no_argument;
	return desc->arg[0] == '[' ? optional_argument : required_argument;
}

/* Fill getopt_long()'s tables with the options of @mask. */
static void make_tables(unsigned int mask, struct option *longs,
			GString *shorts)
{
	g_string_append_c(shorts, ':');
	for (unsigned int i = 0; i < G_N_ELEMENTS(table); i++) {
		const struct option_desc *desc = &table[i];

		if (!(desc->mask & mask))
			continue;
		*longs++ = (struct option){
			.name = desc->name,
			.has_arg = has_arg(desc),
			.val = NO_LETTER + (int)i,
		};
		if (!desc->letter)
			continue;
		g_string_append_c(shorts, desc->letter);
		if (desc->arg)
			g_string_append_c(shorts, ':');
	}
	*longs = (struct option){ 0 };
}

/* A letter may mean one thing to one command, and another to the next. */
static const struct option_desc *desc_of(int code, unsigned int mask)
{
	if (code >= NO_LETTER)
		return &table[code - NO_LETTER];
	for (unsigned int i = 0; i < G_N_ELEMENTS(table); i++)
		if (table[i].letter == code && table[i].mask & mask)
			return &table[i];
	return NULL;
}

static char *unknown_option(const char *word, unsigned int mask)
{
	g_autofree char *name = NULL;
	g_autofree char *near = NULL;
	struct suggestion search;

	if (optopt > 0 && optopt < NO_LETTER)
		return g_strdup_printf("there is no option -%c", optopt);
	if (optopt >= NO_LETTER)
		return g_strdup_printf("option --%s takes no value",
				       desc_of(optopt, mask)->name);
	name = g_strndup(word + 2, strcspn(word + 2, "="));
	suggestion_init(&search, name);
	for (unsigned int i = 0; i < G_N_ELEMENTS(table); i++)
		if (table[i].mask & mask)
			suggestion_consider(&search, table[i].name);
	near = search.best ?
		       g_strdup_printf("; did you mean '--%s'?", search.best) :
		       g_strdup("");
	g_free(suggestion_finish(&search));
	return g_strdup_printf("there is no option --%s%s", name, near);
}

/* What getopt_long() found at @word: note it, or say what is wrong. */
static char *take_option(struct options *options, int code, const char *word,
			 unsigned int mask)
{
	const struct option_desc *desc;
	g_autofree char *why = NULL;

	if (code == '?')
		return unknown_option(word, mask);
	desc = desc_of(code == ':' ? optopt : code, mask);
	if (code == ':')
		return g_strdup_printf("option --%s needs a value: %s",
				       desc->name, desc->arg);
	why = desc->set(options, optarg);
	return why ? g_strdup_printf("option --%s: %s", desc->name, why) : NULL;
}

char *options_parse(struct options *options, int argc, char **argv,
		    unsigned int mask)
{
	struct option longs[G_N_ELEMENTS(table) + 1];
	g_autoptr(GString) shorts = g_string_new(NULL);
	char *why;
	int code;

	make_tables(mask, longs, shorts);
	opterr = 0;
	optind = 0; /* so that getopt_long() begins anew */
	while ((code = getopt_long(argc, argv, shorts->str, longs, NULL)) !=
	       -1) {
		why = take_option(options, code, argv[MAX(optind, 1) - 1],
				  mask);
		if (why)
			return why;
	}
	for (int i = optind; i < argc; i++)
		g_ptr_array_add(options->args, g_strdup(argv[i]));
	why = options_check_traces(options, mask);
	return why ? why : options_check_files(options);
}

#define TITLE_WIDTH 24

/* "-s, --set=KEY=VALUE" */
static char *option_title(const struct option_desc *desc)
{
	const char *equals = !desc->arg || desc->arg[0] == '[' ? "" : "=";
	char letter[] = "   ";

	if (desc->letter)
		g_snprintf(letter, sizeof(letter), "-%c,", desc->letter);
	return g_strdup_printf("%-3s --%s%s%s", letter, desc->name, equals,
			       desc->arg ? desc->arg : "");
}

void options_help(unsigned int mask, GString *out)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *title = NULL;
		g_auto(GStrv) lines = NULL;

		if (!(table[i].mask & mask))
			continue;
		title = option_title(&table[i]);
		lines = g_strsplit(table[i].help, "\n", 0);
		g_string_append_printf(out, "  %-*s", TITLE_WIDTH, title);
		if (strlen(title) > TITLE_WIDTH)
			g_string_append_printf(out, "\n  %*s", TITLE_WIDTH, "");
		for (unsigned int k = 0; lines[k]; k++)
			g_string_append_printf(out, "%*s %s\n",
					       k ? TITLE_WIDTH + 2 : 0, "",
					       lines[k]);
	}
}
