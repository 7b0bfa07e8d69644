/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A treap (a search tree by deadline that is a heap by random numbers), which
 * stays balanced in expectation and keeps an aggregate per subtree with a few
 * lines.  Linux has an augmented red-black tree here; the order of the
 * entities is the same.  The random numbers only shape the tree.
 */
#include <config.h>

#include "eevdf-tree-private.h"

#include <glib.h>

static void tree_update(struct sched_entity *se)
{
	int64_t least = se->vruntime;

	if (se->left && se->left->min_vruntime < least)
		least = se->left->min_vruntime;
	if (se->right && se->right->min_vruntime < least)
		least = se->right->min_vruntime;
	se->min_vruntime = least;
}

static bool entity_before(const struct sched_entity *a,
			  const struct sched_entity *b)
{
	return a->deadline != b->deadline ? a->deadline < b->deadline :
					    a->seq < b->seq;
}

/* Split @root into what comes before @se and what comes after it. */
static void tree_split(struct sched_entity *root, const struct sched_entity *se,
		       struct sched_entity **before,
		       struct sched_entity **after)
{
	if (!root) {
		*before = NULL;
		*after = NULL;
	} else if (entity_before(root, se)) {
		tree_split(root->right, se, &root->right, after);
		tree_update(root);
		*before = root;
	} else {
		tree_split(root->left, se, before, &root->left);
		tree_update(root);
		*after = root;
	}
}

/* All of @before comes before all of @after. */
static struct sched_entity *tree_join(struct sched_entity *before,
				      struct sched_entity *after)
{
	if (!before)
		return after;
	if (!after)
		return before;
	if (before->heat > after->heat) {
		before->right = tree_join(before->right, after);
		tree_update(before);
		return before;
	}
	after->left = tree_join(before, after->left);
	tree_update(after);
	return after;
}

static struct sched_entity *tree_insert(struct sched_entity *root,
					struct sched_entity *se)
{
	if (!root || se->heat > root->heat) {
		tree_split(root, se, &se->left, &se->right);
		tree_update(se);
		return se;
	}
	if (entity_before(se, root))
		root->left = tree_insert(root->left, se);
	else
		root->right = tree_insert(root->right, se);
	tree_update(root);
	return root;
}

static struct sched_entity *tree_erase(struct sched_entity *root,
				       struct sched_entity *se)
{
	if (root == se)
		return tree_join(se->left, se->right);
	if (entity_before(se, root))
		root->left = tree_erase(root->left, se);
	else
		root->right = tree_erase(root->right, se);
	tree_update(root);
	return root;
}

/* xorshift64: any number will do, as long as it is the same every time. */
static uint64_t next_heat(struct cfs_rq *cfs)
{
	cfs->seed ^= cfs->seed << 13;
	cfs->seed ^= cfs->seed >> 7;
	cfs->seed ^= cfs->seed << 17;
	return cfs->seed;
}

void eevdf_tree_put_back(struct cfs_rq *cfs, struct sched_entity *se)
{
	se->heat = next_heat(cfs);
	cfs->root = tree_insert(cfs->root, se);
}

void eevdf_tree_insert(struct cfs_rq *cfs, struct sched_entity *se)
{
	se->seq = ++cfs->seq;
	eevdf_tree_put_back(cfs, se);
}

void eevdf_tree_erase(struct cfs_rq *cfs, struct sched_entity *se)
{
	cfs->root = tree_erase(cfs->root, se);
}

static int64_t min_slice_below(const struct sched_entity *se)
{
	int64_t below;

	if (!se)
		return INT64_MAX;
	below = MIN(min_slice_below(se->left), min_slice_below(se->right));
	return MIN(below, se->slice);
}

int64_t eevdf_min_slice(const struct cfs_rq *cfs)
{
	const struct sched_entity *curr = cfs->curr;
	int64_t queued = min_slice_below(cfs->root);

	return curr && curr->on_rq ? MIN(queued, curr->slice) : queued;
}
