/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of scenarios as a whole: what lands in the model, defaults that
 * depend on other keys, overrides, and writing a scenario out again.
 */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "run-suite.h"

#include "preemptsim/kernel/preempt.h"
#include "preemptsim/scenario/doc.h"
#include "preemptsim/scenario/resolved.h"
#include "preemptsim/workload/step.h"

static const char sample[] =
	"name: sample\n"
	"duration: 2s\n"
	"warmup: 1s\n"
	"machine: {cpus: 2, clock: 1GHz, costs: {syscall_entry: 2us}}\n"
	"kernel: {preempt: full, rt_throttling: off}\n"
	"locks:\n"
	"  inode: spinlock\n"
	"waitqueues: [done]\n"
	"devices:\n"
	"  card:\n"
	"    irq: {every: 5ms, jitter: {uniform: [0us, 20us]}}\n"
	"    handler: [run: 4us, wake: card, wake: done]\n"
	"  net:\n"
	"    irq: {exponential: 1ms, cpu: 1}\n"
	"  disk:\n"
	"    service: {exponential: 4ms}\n"
	"tasks:\n"
	"  player:\n"
	"    policy: fifo\n"
	"    priority: 70\n"
	"    cpus: [0]\n"
	"    on: card\n"
	"    do: [run: 1.5ms]\n"
	"  waiter:\n"
	"    on: done\n"
	"    do: [run: 1us]\n"
	"  writer:\n"
	"    copies: 2\n"
	"    loop:\n"
	"      - run: 1ms\n"
	"      - syscall:\n"
	"          name: write\n"
	"          do: [spin_lock: inode, run: 1us, spin_unlock: inode]\n"
	"      - io: {device: disk}\n"
	"expect:\n"
	"  - player.dropouts == 0\n"
	"  - player.wakeup_latency.max <= 1ms\n"
	"  - player.late < 5%\n";

static struct scenario *try_load(const char *text, const char *const *settings,
				 GPtrArray *errors)
{
	return scenario_load_memory("sample.yaml", text, strlen(text), settings,
				    errors);
}

static struct scenario *load(const char *text, const char *const *settings)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	struct scenario *s = try_load(text, settings, errors);

	ck_assert_msg(s != NULL, "%s",
		      errors->len ? (char *)errors->pdata[0] : "no message");
	ck_assert_int_eq(errors->len, 0);
	return s;
}

static const struct task_conf *task(const struct scenario *s, unsigned int i)
{
	return s->tasks->pdata[i];
}

static const struct device_conf *device(const struct scenario *s,
					unsigned int i)
{
	return s->devices->pdata[i];
}

START_TEST(machine_and_kernel)
{
	struct scenario *s = load(sample, NULL);

	ck_assert_str_eq(s->name, "sample");
	ck_assert_int_eq(s->duration, INT64_C(2000000000));
	ck_assert_int_eq(s->warmup, INT64_C(1000000000));
	ck_assert_int_eq(s->seed, 1);
	ck_assert_int_eq(s->machine.cpus, 2);
	ck_assert_int_eq(s->machine.costs.price[COST_SYSCALL_ENTRY], 2000);
	ck_assert_int_eq(s->machine.costs.price[COST_SYSCALL_EXIT],
			 cost_profile_ns((unsigned int)s->machine.cost_profile,
					 COST_SYSCALL_EXIT));
	ck_assert_str_eq(
		preempt_model_choice((unsigned int)s->kernel.preempt)->name,
		"full");
	ck_assert_int_eq(s->kernel.hz, 250);
	ck_assert(!s->kernel.rt_throttling);
	scenario_free(s);
}
END_TEST

START_TEST(names_and_devices)
{
	struct scenario *s = load(sample, NULL);

	ck_assert_int_eq(s->locks->len, 1);
	ck_assert_int_eq(s->waitqueues->len, 4);
	ck_assert_str_eq(s->waitqueues->pdata[0], "done");
	ck_assert_str_eq(s->waitqueues->pdata[1], "card");
	ck_assert_int_eq(device(s, 0)->every, 5000000);
	ck_assert_int_eq(device(s, 0)->queue, 1);
	ck_assert_int_eq(device(s, 0)->handler->len, 3);
	ck_assert_ptr_nonnull(device(s, 0)->jitter);
	ck_assert_ptr_nonnull(device(s, 1)->interval);
	ck_assert_ptr_null(device(s, 1)->handler);
	ck_assert_int_eq(device(s, 1)->cpu, 1);
	ck_assert_ptr_nonnull(device(s, 2)->service);
	ck_assert_int_eq(device(s, 2)->servers, 1);
	ck_assert_int_eq(device(s, 2)->softirq_vector, -1);
	scenario_free(s);
}
END_TEST

START_TEST(tasks_and_their_defaults)
{
	struct scenario *s = load(sample, NULL);
	const struct task_conf *player = task(s, 0), *waiter = task(s, 1);
	const struct task_conf *writer = task(s, 2);

	ck_assert_int_eq(player->priority, 70);
	ck_assert_int_eq(cpumask_weight(&player->cpus), 1);
	ck_assert_int_eq(player->body, BODY_JOB);
	ck_assert_int_eq(player->on, 1);
	ck_assert_int_eq(player->deadline, 5000000);
	ck_assert_int_eq(player->timer_slack, 0);
	ck_assert(waiter->deadline == KTIME_MAX);
	ck_assert_int_eq(waiter->on, 0);
	ck_assert_int_eq(writer->body, BODY_LOOP);
	ck_assert_int_eq(writer->copies, 2);
	ck_assert_int_eq(writer->timer_slack, 50000);
	ck_assert_int_eq(writer->on, -1);
	ck_assert_int_eq(writer->steps->len, 3);
	ck_assert_int_eq(cpumask_weight(&writer->cpus), 2);
	scenario_free(s);
}
END_TEST

START_TEST(steps_and_their_places)
{
	struct scenario *s = load(sample, NULL);
	const struct step *syscall = task(s, 2)->steps->pdata[1];
	const struct step *io = task(s, 2)->steps->pdata[2];
	const struct step *lock = syscall->body->pdata[0];

	ck_assert_str_eq(syscall->type->name, "syscall");
	ck_assert_str_eq(syscall->text, "write");
	ck_assert_int_eq(syscall->body->len, 3);
	ck_assert_int_eq(lock->ref, 0);
	ck_assert_str_eq(lock->file, "sample.yaml");
	ck_assert_int_eq(lock->line, 33);
	ck_assert_int_eq(io->ref, 2);
	scenario_free(s);
}
END_TEST

START_TEST(expectations)
{
	struct scenario *s = load(sample, NULL);
	const struct expect_conf *e[3];

	ck_assert_int_eq(s->expects->len, 3);
	for (int i = 0; i < 3; i++)
		e[i] = s->expects->pdata[i];
	ck_assert_str_eq(e[0]->path, "player.dropouts");
	ck_assert_str_eq(e[0]->op, "==");
	ck_assert(!e[0]->is_time);
	ck_assert_str_eq(e[1]->op, "<=");
	ck_assert(e[1]->is_time);
	ck_assert_double_eq(e[1]->value, 1e6);
	ck_assert_str_eq(e[1]->where, "sample.yaml:37:5");
	ck_assert_double_eq_tol(e[2]->value, 0.05, 1e-12);
	scenario_free(s);
}
END_TEST

START_TEST(resolved_is_a_fixed_point)
{
	struct scenario *s = load(sample, NULL), *again;
	g_autofree char *yaml = scenario_to_yaml(s), *yaml2 = NULL;

	again = load(yaml, NULL);
	yaml2 = scenario_to_yaml(again);
	ck_assert_str_eq(yaml, yaml2);
	ck_assert_ptr_nonnull(strstr(yaml, "\n  rt_throttling: off\n"));
	ck_assert_ptr_nonnull(strstr(yaml, "\n    syscall_entry: 2us\n"));
	ck_assert_ptr_nonnull(strstr(yaml, "\n    deadline: none\n"));
	ck_assert_int_eq(s->machine.costs.price[COST_SYSCALL_EXIT],
			 again->machine.costs.price[COST_SYSCALL_EXIT]);
	scenario_free(s);
	scenario_free(again);
}
END_TEST

START_TEST(builds_are_settings_by_name)
{
	static const char *const quick[] = { "build=quick", "kernel.hz=250",
					     NULL };
	g_autofree char *text = g_strconcat(
		sample,
		"builds:\n"
		"  stock: {kernel.preempt: none}\n"
		"  quick:\n"
		"    kernel: {hz: 1000}\n"
		"    tasks: {player: {priority: 80, deadline: 3ms}}\n"
		"    machine.costs: zero\n",
		NULL);
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	struct scenario *s = load(text, NULL), *again;
	g_autofree char *yaml = scenario_to_yaml(s), *yaml2 = NULL;

	ck_assert_int_eq(s->builds->len, 2);
	ck_assert_str_eq(s->builds->pdata[1], "quick");
	ck_assert_ptr_null(s->build);
	ck_assert_int_eq(s->kernel.hz, 250);
	again = load(yaml, NULL);
	yaml2 = scenario_to_yaml(again);
	ck_assert_str_eq(yaml, yaml2);
	scenario_free(again);
	scenario_free(s);
	/* What a build sets counts more than what the command line does, and
	 * that is told. */
	s = try_load(yaml2, quick, errors);
	ck_assert_ptr_nonnull(s);
	ck_assert_int_eq(errors->len, 1);
	ck_assert_str_eq(errors->pdata[0],
			 "-s kernel.hz=250: warning: it gives way to a build "
			 "that sets 'hz', too");
	ck_assert_str_eq(s->build, "quick");
	ck_assert_int_eq(s->builds->len, 0);
	ck_assert_int_eq(s->kernel.hz, 1000);
	ck_assert(preempt_model((unsigned int)s->kernel.preempt)->kernel);
	ck_assert_int_eq(task(s, 0)->priority, 80);
	ck_assert_int_eq(task(s, 0)->deadline, 3000000);
	ck_assert_int_eq(s->machine.costs.price[COST_SYSCALL_EXIT], 0);
	scenario_free(s);
}
END_TEST

START_TEST(expectations_of_differences)
{
	g_autofree char *text =
		g_strconcat(sample,
			    "  - diff.player.wakeup_latency.p99[full] < -1ms\n"
			    "  - ratio.player.cpu_share >= 0.9\n"
			    "  - \"player.dropouts[preempt=full, hz=100] <= "
			    "player.late[none]\"\n",
			    NULL);
	struct scenario *s = load(text, NULL);
	const struct expect_conf *e[3];

	for (int i = 0; i < 3; i++)
		e[i] = s->expects->pdata[i + 3];
	ck_assert_int_eq(e[0]->kind, EXPECT_DIFFERENCE);
	ck_assert_str_eq(e[0]->path, "player.wakeup_latency.p99");
	ck_assert_str_eq(e[0]->build, "full");
	ck_assert_double_eq(e[0]->value, -1e6);
	ck_assert_int_eq(e[1]->kind, EXPECT_RATIO);
	ck_assert_ptr_null(e[1]->build);
	ck_assert_int_eq(e[2]->kind, EXPECT_BUILDS);
	ck_assert_str_eq(e[2]->build, "preempt=full, hz=100");
	ck_assert_str_eq(e[2]->op, "<=");
	ck_assert_str_eq(e[2]->other_path, "player.late");
	ck_assert_str_eq(e[2]->other_build, "none");
	scenario_free(s);
}
END_TEST

START_TEST(settings_of_what_is_not_there)
{
	static const char *const settings[] = {
		"locks.other.type=spinlock",
		"tasks.plyer.priority=80",
		NULL,
	};
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);

	ck_assert_ptr_null(try_load(sample, settings, errors));
	ck_assert_int_eq(errors->len, 2);
	ck_assert_str_eq(errors->pdata[0],
			 "-s locks.other.type=spinlock: error: no lock "
			 "'other'; known: inode");
	ck_assert_str_eq(errors->pdata[1],
			 "-s tasks.plyer.priority=80: error: no task 'plyer'; "
			 "did you mean 'player'?");
}
END_TEST

START_TEST(settings_change_the_model)
{
	static const char *const settings[] = {
		"machine.costs=zero",
		"machine.costs.syscall_exit=3us",
		"kernel.rt_throttling.runtime=900ms",
		"tasks.player.priority=80",
		"tasks.player.cpus=[0,1]",
		"tasks.waiter=null",
		"tasks.extra={once: [run: 1ms], start: 1ms}",
		"tasks.extra.once.1={mark: hi}",
		"devices.card.handler.2=null",
		"waitqueues=[]",
		"seed=7",
		NULL,
	};
	struct scenario *s = load(sample, settings);
	const struct task_conf *extra = task(s, 2);

	ck_assert_int_eq(s->seed, 7);
	ck_assert_int_eq(s->machine.costs.price[COST_SYSCALL_ENTRY], 0);
	ck_assert_int_eq(s->machine.costs.price[COST_SYSCALL_EXIT], 3000);
	ck_assert(s->kernel.rt_throttling);
	ck_assert_int_eq(s->kernel.rt_runtime, INT64_C(900000000));
	ck_assert_int_eq(s->kernel.rt_period, INT64_C(1000000000));
	ck_assert_int_eq(task(s, 0)->priority, 80);
	ck_assert_int_eq(cpumask_weight(&task(s, 0)->cpus), 2);
	ck_assert_int_eq(s->tasks->len, 3);
	ck_assert_str_eq(extra->name, "extra");
	ck_assert_int_eq(extra->body, BODY_ONCE);
	ck_assert_int_eq(extra->start, 1000000);
	ck_assert_int_eq(extra->steps->len, 2);
	scenario_free(s);
}
END_TEST

static void check_fair(const struct scenario *s, const char *fair)
{
	ck_assert_str_eq(fair_class_choice((unsigned int)s->kernel.fair)->name,
			 fair);
}

/* The version decides what is not said; what is said goes before. */
START_TEST(version_decides)
{
	static const char *const set[] = { "kernel.version=6.1",
					   "machine.cpus=4",
					   "kernel.features.next_buddy=true",
					   "kernel.sched.latency=10ms", NULL };
	static const char *const other[] = { "kernel.version=6.1",
					     "kernel.fair=eevdf",
					     "kernel.fair_server=true", NULL };
	static const char text[] = "tasks: {a: {slice: 2ms, loop: [run: 1ms]}}";
	struct scenario *s = load(text, NULL);

	check_fair(s, "eevdf");
	ck_assert(s->kernel.features.delay_dequeue);
	ck_assert(s->kernel.fair_server);
	ck_assert_int_eq(s->kernel.slices.base_slice, 700000 * 3);
	ck_assert_int_eq(((struct task_conf *)s->tasks->pdata[0])->slice,
			 2000000 * 3);
	scenario_free(s);

	s = load(text, set);
	check_fair(s, "cfs");
	ck_assert(!s->kernel.features.delay_dequeue);
	ck_assert(s->kernel.features.next_buddy);
	ck_assert(!s->kernel.fair_server);
	ck_assert_int_eq(s->kernel.slices.latency, 10000000 * 3);
	ck_assert_int_eq(s->kernel.slices.min_granularity, 750000 * 3 * 3);
	scenario_free(s);

	s = load(text, other);
	check_fair(s, "eevdf");
	ck_assert(s->kernel.fair_server);
	scenario_free(s);
}
END_TEST

static uint64_t cpus_of(const struct scenario *s, guint task)
{
	return ((struct task_conf *)s->tasks->pdata[task])->cpus.bits[0];
}

/* Isolated CPUs are for those that name them. */
START_TEST(isolated_cpus)
{
	static const char text[] = "machine: {cpus: 4}\n"
				   "kernel: {isolcpus: [1, 3]}\n"
				   "tasks:\n"
				   "  a: {loop: [run: 1ms]}\n"
				   "  b: {cpus: all, loop: [run: 1ms]}\n"
				   "  c: {cpus: [0-3], loop: [run: 1ms]}\n"
				   "  d: {cpus: 3, loop: [run: 1ms]}\n";
	struct scenario *s = load(text, NULL);

	ck_assert_uint_eq(s->kernel.isolcpus.bits[0], 0xa);
	ck_assert_uint_eq(cpus_of(s, 0), 0x5);
	ck_assert_uint_eq(cpus_of(s, 1), 0x5);
	ck_assert_uint_eq(cpus_of(s, 2), 0xf);
	ck_assert_uint_eq(cpus_of(s, 3), 0x8);
	scenario_free(s);
}
END_TEST

/* What is not said of a topology follows from the rest. */
START_TEST(topology_is_filled_in)
{
	static const char *const set[] = {
		"machine.topology={smt: 2, nodes: 3}", NULL
	};
	static const char text[] = "machine: {cpus: 12}\n"
				   "tasks: {a: {loop: [run: 1ms]}}\n";
	struct scenario *s = load(text, NULL);

	ck_assert_int_eq(s->machine.smt, 1);
	ck_assert_int_eq(s->machine.llc, 12);
	ck_assert_int_eq(s->machine.nodes, 1);
	scenario_free(s);
	s = load(text, set);
	ck_assert_int_eq(s->machine.llc, 2);
	scenario_free(s);
}
END_TEST

START_TEST(warnings_do_no_harm)
{
	static const char text[] = "locks: {a: spinlock}\n"
				   "waitqueues: [b]\n"
				   "devices: {c: {handler: [run: 1us]}}\n";
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	struct scenario *s = try_load(text, NULL, errors);

	ck_assert_ptr_nonnull(s);
	ck_assert_int_eq(errors->len, 3);
	ck_assert_str_eq(errors->pdata[0], "sample.yaml:1:9: warning: the "
					   "lock 'a' is never taken");
	ck_assert_str_eq(errors->pdata[1], "sample.yaml:2:14: warning: the "
					   "wait queue 'b' is never used");
	scenario_free(s);
}
END_TEST

/* Behind many messages nothing is suggested any more, but all is told. */
START_TEST(mistakes_behind_warnings)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) text = g_string_new("devices:\n");

	for (unsigned int i = 0; i < 300; i++)
		g_string_append_printf(text, "  d%u: {handler: [run: 1us]}\n",
				       i);
	g_string_append(text, "tasks: {a: {loop: [run: 1ms, slep: 1ms]}}\n");
	ck_assert_ptr_null(try_load(text->str, NULL, errors));
	ck_assert_int_eq(errors->len, 301);
	ck_assert_str_eq(errors->pdata[300], "sample.yaml:302:30: error: "
					     "unknown step 'slep'");
}
END_TEST

START_TEST(files_that_are_none)
{
	static const char *const names[] = { "/nonexistent/x.yaml", "/" };
	static const char *const messages[] = {
		"/nonexistent/x.yaml: error: No such file or directory",
		"/: error: Is a directory",
	};
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);

	ck_assert_ptr_null(scenario_load(names[_i], NULL, errors));
	ck_assert_int_eq(errors->len, 1);
	ck_assert_str_eq(errors->pdata[0], messages[_i]);
}
END_TEST

/* The example of a step in the first context in which it may stand. */
static char *frame(const struct step_type *type)
{
	const char *head = "devices:\n  disk:\n    irq: {every: 1ms}\n"
			   "    handler:\n      - ";

	if (type->where & IN_USER)
		head = "tasks:\n  a:\n    once:\n      - ";
	else if (type->where & IN_SYSCALL)
		head = "tasks:\n  a:\n    once:\n      - syscall:\n"
		       "          name: x\n          do:\n            - ";
	return g_strdup_printf("%s%s\n", head, type->example);
}

START_TEST(examples_of_steps_are_valid)
{
	const struct step_type *type;

	for (unsigned int i = 0; (type = step_type(i)); i++) {
		g_autoptr(GPtrArray) errors =
			g_ptr_array_new_with_free_func(g_free);
		g_autofree char *text = frame(type);
		struct scenario *s = try_load(text, NULL, errors);

		/* The names in them need not exist. */
		for (guint k = 0; !s && k < errors->len; k++)
			ck_assert_msg(strstr(errors->pdata[k], ": error: no "),
				      "step %s: %s", type->name,
				      (char *)errors->pdata[k]);
		scenario_free(s);
	}
}
END_TEST

START_TEST(examples_of_distributions_are_valid)
{
	const struct distribution *dist;

	for (unsigned int i = 0; (dist = distribution_choice(i)); i++) {
		g_autofree char *text = NULL;

		if (!strcmp(dist->name, "empirical"))
			continue;
		text = g_strdup_printf("tasks: {a: {once: [run: %s]}}",
				       dist->example);
		scenario_free(load(text, NULL));
	}
}
END_TEST

START_TEST(schema_is_json)
{
	g_autoptr(JsonParser) parser = json_parser_new();
	g_autofree char *schema = scenario_schema();
	JsonObject *root;

	ck_assert(json_parser_load_from_data(parser, schema, -1, NULL));
	root = json_node_get_object(json_parser_get_root(parser));
	root = json_object_get_object_member(root, "properties");
	ck_assert(json_object_has_member(root, "tasks"));
}
END_TEST

START_TEST(manual_has_all_keys)
{
	g_autoptr(GString) man = g_string_new(NULL);

	scenario_doc_man(man);
	ck_assert_ptr_nonnull(strstr(man->str, ".SS \"devices.NAME.irq\"\n"));
	ck_assert_ptr_nonnull(strstr(man->str, "\\fBtimer_slack\\fR"));
	ck_assert_ptr_nonnull(strstr(man->str, "\\fBlognormal\\fR"));
	ck_assert_ptr_nonnull(strstr(man->str, "\\fBsyscall_entry\\fR"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("model");
	TCase *tc = tcase_create("model");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, machine_and_kernel);
	tcase_add_test(tc, names_and_devices);
	tcase_add_test(tc, tasks_and_their_defaults);
	tcase_add_test(tc, steps_and_their_places);
	tcase_add_test(tc, expectations);
	tcase_add_test(tc, resolved_is_a_fixed_point);
	tcase_add_test(tc, builds_are_settings_by_name);
	tcase_add_test(tc, expectations_of_differences);
	tcase_add_test(tc, settings_of_what_is_not_there);
	tcase_add_test(tc, settings_change_the_model);
	tcase_add_test(tc, version_decides);
	tcase_add_test(tc, warnings_do_no_harm);
	tcase_add_test(tc, mistakes_behind_warnings);
	tcase_add_loop_test(tc, files_that_are_none, 0, 2);
	tcase_add_test(tc, examples_of_steps_are_valid);
	tcase_add_test(tc, examples_of_distributions_are_valid);
	tcase_add_test(tc, isolated_cpus);
	tcase_add_test(tc, topology_is_filled_in);
	tcase_add_test(tc, schema_is_json);
	tcase_add_test(tc, manual_has_all_keys);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
