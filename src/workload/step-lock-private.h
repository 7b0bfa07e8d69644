/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_STEP_LOCK_PRIVATE_H
#define PREEMPTSIM_STEP_LOCK_PRIVATE_H

/*
 * Shared by the steps that take locks and give them back.
 */

#include "step-private.h"

/** step_lock - the lock that @step names. */
struct lock *step_lock(struct compiler *c, const struct step *step);

/** compile_lock, compile_unlock - append taking and giving back @lock. */
void compile_lock(struct compiler *c, struct lock *lock, enum lock_mode mode);
void compile_unlock(struct compiler *c, struct lock *lock, enum lock_mode mode);

/** lock_refuse - why a lock of @type cannot be taken in form @mode where a
 * step stands, or NULL. */
const char *lock_refuse(const struct lock_type *type, unsigned int where,
			enum lock_mode mode);

/* The emit() of a step that does @action in form @mode. */
#define LOCK_EMIT(name, action, mode)                                        \
	static void emit_##name(struct compiler *c, const struct step *step) \
	{                                                                    \
		action(c, step_lock(c, step), mode);                         \
	}

/* The refuse() of steps in form @mode, as @ask says. */
#define LOCK_REFUSE(name, ask, mode)                                   \
	static const char *refuse_##name(const struct step *step,      \
					 const struct lock_type *type, \
					 unsigned int where)           \
	{                                                              \
		(void)step;                                            \
		return ask(type, where, mode);                         \
	}

/* A step of a lock's name alone, with emit_ID above it. */
#define LOCK_STEP(id, text, places, refuser)                 \
	extern const struct step_type step_type_##id;        \
	const struct step_type step_type_##id = {            \
		.name = #id,                                 \
		.summary = (text),                           \
		.where = (places),                           \
		.value = VALUE(PARAM_LOCK, ref, "the lock"), \
		.example = #id ": " LOCK_EXAMPLE,            \
		.takes_time = step_always,                   \
		.refuse = (refuser),                         \
		.emit = emit_##id,                           \
	}

#endif
