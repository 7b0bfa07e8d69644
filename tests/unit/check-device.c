/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of devices as hardware, at a CPU that does nothing but take their
 * interrupts.
 */
#include <config.h>

#include <check.h>
#include <glib.h>
#include <stdlib.h>

#include "run-suite.h"

#include "preemptsim/machine/device.h"

#define DEPTH 8
#define MOST 20000

static struct sim sim;
static struct cpu cpu;
static struct frame frames[DEPTH];
static struct device device;
static struct evsource end;

/* When handlers ran, and when their interrupts were raised. */
static ktime_t handled[MOST], raised[MOST];
static unsigned int nr_handled;

static void handle(struct cpu *c, const struct op *op)
{
	(void)op;
	ck_assert_uint_lt(nr_handled, MOST);
	handled[nr_handled] = sim.now;
	raised[nr_handled++] = c->raised_at;
}

static const struct op handler[] = { DO(handle), DO(op_iret) };
static struct irq_line line = { .path = handler };

static void open_irqs(struct cpu *c, const struct op *op)
{
	(void)op;
	cpu_open_irqs(c);
}

static const struct op idle[] = {
	DO(open_irqs),
	DO(op_halt),
	{ .exec = op_loop, .a.path = idle },
};

static void stop(struct evsource *source)
{
	(void)source;
	sim_stop(&sim);
}

static void setup(void)
{
	struct timebase tb;

	ck_assert(timebase_init(&tb, 1000000000));
	sim_init(&sim, &tb, 32);
	cpu_init(&cpu, &sim, 0);
	sim_add_source(&sim, &end, stop);
	nr_handled = 0;
}

static void teardown(void)
{
	sim_destroy(&sim);
}

/* A device as @attr says, in a machine that has been switched on. */
static void make(const struct device_attr *attr)
{
	unsigned int before = sim.nr_sources;

	frames[1] = (struct frame){ .pc = idle };
	cpu_start(&cpu, &frames[1], frames + DEPTH);
	device_init(&device, attr, &cpu, &line);
	ck_assert_uint_eq(sim.nr_sources - before, device_sources(attr));
	rng_init(&device.arrivals, 1, 0, "device", "arrivals");
	rng_init(&device.services, 1, 0, "device", "services");
	device_start(&device);
}

static void run_until(ktime_t when)
{
	sim.stopping = false;
	sim_schedule(&sim, &end, when, PRIO_BOUNDARY);
	ck_assert(sim_run(&sim));
}

static void check_handled(unsigned int n, const ktime_t *when)
{
	ck_assert_uint_eq(nr_handled, n);
	for (unsigned int i = 0; i < n; i++) {
		ck_assert_int_eq(handled[i], when[i]);
		ck_assert_int_eq(raised[i], when[i]);
	}
}

START_TEST(silent)
{
	struct device_attr attr = { 0 };

	make(&attr);
	run_until(1000000);
	check_handled(0, NULL);
}
END_TEST

START_TEST(periodic)
{
	struct device_attr attr = { .every = 1000, .offset = 250 };
	static const ktime_t when[] = { 250, 1250, 2250, 3250 };

	make(&attr);
	run_until(4000);
	check_handled(4, when);
}
END_TEST

START_TEST(given_instants)
{
	static const ktime_t when[] = { 0, 17, 17, 400, 3999 };
	struct device_attr attr = { .at = when, .nr_at = 5 };

	make(&attr);
	run_until(100000);
	check_handled(5, when);
}
END_TEST

START_TEST(constant_interval)
{
	struct device_attr attr = { .interval = dist_constant(300) };
	static const ktime_t when[] = { 300, 600, 900 };

	make(&attr);
	run_until(1000);
	check_handled(3, when);
	dist_free((struct dist *)(uintptr_t)attr.interval);
}
END_TEST

/* Exponential intervals: about as many as there should be, and they are the
 * draws of the device's own stream. */
START_TEST(poisson)
{
	struct dist *interval = dist_exponential(1000, 1);
	struct device_attr attr = { .interval = interval };
	ktime_t when = 0;
	struct rng rng;

	make(&attr);
	run_until(10000000);
	ck_assert_uint_gt(nr_handled, 9700);
	ck_assert_uint_lt(nr_handled, 10300);
	rng_init(&rng, 1, 0, "device", "arrivals");
	for (unsigned int i = 0; i < nr_handled; i++) {
		when += dist_draw(interval, &rng);
		ck_assert_int_eq(raised[i], when);
	}
	dist_free(interval);
}
END_TEST

/* Each instant is its own multiple of the period, plus a jitter: errors do
 * not add up. */
START_TEST(jitter)
{
	struct dist *wobble = dist_uniform(0, 400, 1);
	struct device_attr attr = { .every = 1000,
				    .offset = 50,
				    .jitter = wobble };
	bool differs = false;
	struct rng rng;

	make(&attr);
	run_until(1000000);
	ck_assert_uint_ge(nr_handled, 999);
	rng_init(&rng, 1, 0, "device", "arrivals");
	for (unsigned int k = 0; k < nr_handled; k++) {
		ktime_t by = dist_draw(wobble, &rng);

		ck_assert_int_eq(raised[k], 50 + (ktime_t)k * 1000 + by);
		differs |= by != 0;
	}
	ck_assert(differs);
	dist_free(wobble);
}
END_TEST

/* A jitter beyond the period delays the next one, it does not swap them. */
START_TEST(wild_jitter)
{
	struct dist *wobble = dist_uniform(0, 5000, 1);
	struct device_attr attr = { .every = 1000, .jitter = wobble };
	ktime_t latest = 0;
	struct rng rng;

	make(&attr);
	run_until(1000000);
	ck_assert_uint_gt(nr_handled, 900);
	rng_init(&rng, 1, 0, "device", "arrivals");
	for (unsigned int k = 0; k < nr_handled; k++) {
		ktime_t when = (ktime_t)k * 1000 + dist_draw(wobble, &rng);

		latest = MAX(latest, when);
		ck_assert_int_eq(raised[k], latest);
	}
	dist_free(wobble);
}
END_TEST

/* While the CPU has interrupts off they add up, and none is lost. */
START_TEST(every_raise_is_delivered)
{
	static const struct op busy[] = {
		DO(op_halt),
		DO(open_irqs),
		DO(op_halt),
		{ .exec = op_loop, .a.path = busy },
	};
	struct device_attr attr = { .every = 10 };

	make(&attr);
	frames[1].pc = busy;
	run_until(9995);
	ck_assert_uint_eq(nr_handled, 0);
	cpu_resume(&cpu, &frames[1], 0);
	run_until(9999);
	ck_assert_uint_eq(nr_handled, 1000);
	for (unsigned int i = 0; i < 1000; i++) {
		ck_assert_int_eq(raised[i], (ktime_t)i * 10);
		ck_assert_int_eq(handled[i], 9995);
	}
}
END_TEST

/*
 * Serving
 */

static int users[8];

static void check_collect(unsigned int i)
{
	void *who = NULL;
	ktime_t done;

	ck_assert(device_collect(&device, &who, &done));
	ck_assert_ptr_eq(who, &users[i]);
	ck_assert_int_le(done, device.sim->now);
}

static void check_nothing_to_collect(void)
{
	void *who;
	ktime_t done;

	ck_assert(!device_collect(&device, &who, &done));
}

START_TEST(one_server)
{
	static const ktime_t when[] = { 300, 600, 900, 1300 };
	struct device_attr attr = { .service = dist_constant(300),
				    .servers = 1 };

	make(&attr);
	for (unsigned int i = 0; i < 3; i++)
		device_submit(&device, &users[i]);
	check_nothing_to_collect();
	run_until(601);
	ck_assert_uint_eq(nr_handled, 2);
	check_collect(0);
	check_collect(1);
	check_nothing_to_collect();
	run_until(1000);
	check_collect(2);
	device_submit(&device, &users[3]);
	run_until(5000);
	check_collect(3);
	check_nothing_to_collect();
	check_handled(4, when);
	dist_free((struct dist *)(uintptr_t)attr.service);
}
END_TEST

START_TEST(two_servers)
{
	static const ktime_t when[] = { 300, 300, 600, 600, 900 };
	struct device_attr attr = { .service = dist_constant(300),
				    .servers = 2 };

	make(&attr);
	for (unsigned int i = 0; i < 5; i++)
		device_submit(&device, &users[i]);
	run_until(5000);
	check_handled(5, when);
	for (unsigned int i = 0; i < 5; i++)
		check_collect(i);
	check_nothing_to_collect();
	dist_free((struct dist *)(uintptr_t)attr.service);
}
END_TEST

/* With two servers a short request overtakes a long one: what is collected is
 * in order of completion. */
START_TEST(overtaking)
{
	static const ktime_t when[] = { 100, 300, 400 };
	struct device_attr attr = { .servers = 2 };
	struct dist *three = dist_constant(300), *one = dist_constant(100);

	attr.service = three;
	make(&attr);
	device_submit(&device, &users[0]);
	device.attr.service = one;
	device_submit(&device, &users[1]);
	device.attr.service = three;
	device_submit(&device, &users[2]);
	run_until(5000);
	check_handled(3, when);
	check_collect(1);
	check_collect(0);
	check_collect(2);
	dist_free(three);
	dist_free(one);
}
END_TEST

/* A request that nobody waits for is served all the same. */
START_TEST(anonymous_request)
{
	struct device_attr attr = { .service = dist_constant(5), .servers = 1 };
	void *who = &who;
	ktime_t done;

	make(&attr);
	device_submit(&device, NULL);
	run_until(10);
	ck_assert(device_collect(&device, &who, &done));
	ck_assert_ptr_null(who);
	dist_free((struct dist *)(uintptr_t)attr.service);
}
END_TEST

/* More than any room that was made for them. */
START_TEST(long_queue)
{
	struct device_attr attr = { .service = dist_constant(7), .servers = 1 };
	void *who;
	ktime_t done;

	make(&attr);
	for (unsigned int i = 0; i < 3000; i++)
		device_submit(&device, &raised[i]);
	run_until(3000 * 7);
	ck_assert_uint_eq(nr_handled, 3000);
	ck_assert_int_eq(handled[2999], 3000 * 7);
	for (unsigned int i = 0; i < 3000; i++) {
		ck_assert(device_collect(&device, &who, &done));
		ck_assert_ptr_eq(who, &raised[i]);
	}
	check_nothing_to_collect();
	dist_free((struct dist *)(uintptr_t)attr.service);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("device");
	TCase *tc = tcase_create("device");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, silent);
	tcase_add_test(tc, periodic);
	tcase_add_test(tc, given_instants);
	tcase_add_test(tc, constant_interval);
	tcase_add_test(tc, poisson);
	tcase_add_test(tc, jitter);
	tcase_add_test(tc, wild_jitter);
	tcase_add_test(tc, every_raise_is_delivered);
	tcase_add_test(tc, one_server);
	tcase_add_test(tc, two_servers);
	tcase_add_test(tc, overtaking);
	tcase_add_test(tc, anonymous_request);
	tcase_add_test(tc, long_queue);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
