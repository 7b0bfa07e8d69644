/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lock types, the default first.  No include guard: included once per
 * use with another LOCK_TYPE().
 */
LOCK_TYPE(spinlock)
LOCK_TYPE(raw_spinlock)
LOCK_TYPE(tas_spinlock)
LOCK_TYPE(ticket_spinlock)
LOCK_TYPE(rwlock)
LOCK_TYPE(seqlock)
LOCK_TYPE(mutex)
LOCK_TYPE(rt_mutex)
LOCK_TYPE(ceiling)
