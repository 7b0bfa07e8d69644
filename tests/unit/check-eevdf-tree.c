/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of EEVDF: the tree, and that the pick from it is the right one.
 */
#include <config.h>

#include "fair-harness.h"
#include "kernel/sched/eevdf-tree-private.h"
#include "preemptsim/base/rng.h"

static void start(unsigned int hz, unsigned int nr_cpus)
{
	struct harness_config config = { .hz = hz, .nr_cpus = nr_cpus };

	harness_start(&config);
}

/*
 * The tree
 */

#define ENTITIES 300
#define STEPS 20000

static struct sched_entity entity[ENTITIES];
static bool in_tree[ENTITIES];
static unsigned int walked;
static const struct sched_entity *last;

/* In order, with the least vruntime of each subtree right. */
static int64_t check_subtree(const struct sched_entity *se)
{
	int64_t least;

	if (!se)
		return INT64_MAX;
	least = MIN(se->vruntime, INT64_MAX);
	if (se->left) {
		int64_t left = check_subtree(se->left);

		least = MIN(least, left);
	}
	if (last && (last->deadline > se->deadline ||
		     (last->deadline == se->deadline && last->seq > se->seq)))
		ck_abort_msg("the tree is not in order");
	last = se;
	walked++;
	if (se->right) {
		int64_t right = check_subtree(se->right);

		least = MIN(least, right);
	}
	if (least != se->min_vruntime)
		ck_abort_msg("a subtree's least vruntime is wrong");
	return least;
}

START_TEST(tree)
{
	struct cfs_rq cfs = { .seed = 1 };
	unsigned int n = 0;
	struct rng rng;

	rng_init(&rng, 1, 0, "eevdf", "tree");
	for (unsigned int i = 0; i < STEPS; i++) {
		unsigned int j = (unsigned int)rng_below(&rng, ENTITIES);
		struct sched_entity *se = &entity[j];

		if (in_tree[j]) {
			eevdf_tree_erase(&cfs, se);
			n--;
		} else {
			*se = (struct sched_entity){
				.deadline = (int64_t)rng_below(&rng, 100),
				.vruntime =
					(int64_t)rng_below(&rng, 2000) - 1000,
			};
			eevdf_tree_insert(&cfs, se);
			n++;
		}
		in_tree[j] = !in_tree[j];
		walked = 0;
		last = NULL;
		check_subtree(cfs.root);
		if (walked != n)
			ck_abort_msg("%u in the tree instead of %u", walked, n);
	}
}
END_TEST

static unsigned int depth(const struct sched_entity *se)
{
	unsigned int left, right;

	if (!se)
		return 0;
	left = depth(se->left);
	right = depth(se->right);
	return 1 + MAX(left, right);
}

/* With many tasks, also if they come in order, no way is long: about twice the
 * natural logarithm in the mean, and that twice at most. */
START_TEST(tree_is_flat)
{
	static const unsigned int sizes[] = { 10, 100, 1000, 10000, 100000 };
	static const unsigned int limits[] = { 10, 20, 29, 38, 48 };
	unsigned int n = sizes[_i];
	struct sched_entity *many = g_new0(struct sched_entity, n);
	struct cfs_rq cfs = { .seed = 1 };

	for (unsigned int i = 0; i < n; i++) {
		many[i].deadline = i;
		eevdf_tree_insert(&cfs, &many[i]);
	}
	ck_assert_uint_le(depth(cfs.root), limits[_i]);
	g_free(many);
}
END_TEST

/*
 * The pick, against a search through all that are queued
 */

__extension__ typedef __int128 wide;

static bool is_eligible(const struct sched_entity *se, unsigned int n)
{
	int64_t base = h.task[0].se.vruntime;
	wide sum = 0, load = 0;

	for (unsigned int i = 0; i < n; i++) {
		const struct sched_entity *other = &h.task[i].se;

		if (!other->on_rq)
			continue;
		sum += (wide)(other->vruntime - base) * (int64_t)other->weight;
		load += other->weight;
	}
	return sum >= (se->vruntime - base) * load;
}

/* The earliest deadline among those that have not had more than their due. */
static int64_t earliest_deadline(unsigned int n)
{
	int64_t best = INT64_MAX;

	for (unsigned int i = 0; i < n; i++) {
		const struct sched_entity *se = &h.task[i].se;

		if (se->on_rq && se->deadline < best && is_eligible(se, n))
			best = se->deadline;
	}
	return best;
}

START_TEST(pick)
{
	const struct sched_class *class = fair_class(0);
	unsigned int n = 2 + (unsigned int)_i * 6, queued = 0;
	struct rq *rq;
	struct rng rng;

	rng_init(&rng, (uint64_t)_i, 0, "eevdf", "pick");
	start(1000, 1);
	rq = &h.kernel->cpus[0].rq;
	for (unsigned int i = 0; i < n; i++)
		fair("task", (int)rng_below(&rng, 40) - 20, KTIME_MAX);
	for (unsigned int i = 0; i < 3000; i++) {
		struct task *p = &h.task[rng_below(&rng, n)];

		if (p->se.on_rq && !p->se.delayed) {
			class->dequeue_task(rq, p, DEQUEUE_SLEEP);
			queued--;
		} else {
			class->enqueue_task(rq, p, ENQUEUE_WAKEUP);
			queued++;
		}
		if (!queued) {
			ck_assert_ptr_null(class->pick_next_task(rq));
			continue;
		}
		p = class->pick_next_task(rq);
		ck_assert(p->se.on_rq);
		ck_assert(is_eligible(&p->se, n));
		ck_assert_int_eq(p->se.deadline, earliest_deadline(n));
		class->set_next_task(rq, p);
		rq->clock += (int64_t)rng_below(&rng, 3000000);
		class->put_prev_task(rq, p);
	}
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("eevdf-tree");
	TCase *tc = tcase_create("eevdf-tree");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, tree);
	tcase_add_loop_test(tc, tree_is_flat, 0, 5);
	tcase_add_loop_test(tc, pick, 0, 8);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
