/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_BASE_LIST_H
#define PREEMPTSIM_BASE_LIST_H

/*
 * Circular doubly linked lists whose links live inside the listed structs, so
 * that putting something on a list allocates nothing.
 */

#include <stdbool.h>
#include <stddef.h>

/** container_of - the struct of @type whose @member is at @ptr. */
#define container_of(ptr, type, member)                                        \
	((type *)((char *)(ptr) - offsetof(type, member)))

/**
 * struct list_head - a link, or the head of a list.
 * @next, @prev: neighbours; both the head itself in an empty list
 */
struct list_head {
	struct list_head *next, *prev;
};

/** list_init - make @list an empty list, or a link that is on none. */
static inline void list_init(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

/** list_empty - is nothing on @list? */
static inline bool list_empty(const struct list_head *list)
{
	return list->next == list;
}

/** list_insert - put @link between two neighbours. */
static inline void list_insert(struct list_head *link, struct list_head *prev,
			       struct list_head *next)
{
	link->next = next;
	link->prev = prev;
	next->prev = link;
	prev->next = link;
}

/** list_add - put @link at the front of @list. */
static inline void list_add(struct list_head *link, struct list_head *list)
{
	list_insert(link, list, list->next);
}

/** list_add_tail - put @link at the end of @list. */
static inline void list_add_tail(struct list_head *link,
				 struct list_head *list)
{
	list_insert(link, list->prev, list);
}

/** list_del - take @link off its list; list_empty(@link) holds afterwards. */
static inline void list_del(struct list_head *link)
{
	link->next->prev = link->prev;
	link->prev->next = link->next;
	list_init(link);
}

/** list_first - the struct of @type at the front; @list must not be empty. */
#define list_first(list, type, member)                                         \
	container_of((list)->next, type, member)

/** list_for_each - @pos (struct list_head *) walks along @list. */
#define list_for_each(pos, list)                                               \
	for ((pos) = (list)->next; (pos) != (list); (pos) = (pos)->next)

#endif
