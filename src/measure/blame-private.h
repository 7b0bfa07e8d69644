/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_BLAME_PRIVATE_H
#define PREEMPTSIM_BLAME_PRIVATE_H

/*
 * Shared by the parts of blame.
 */

#include <string.h>

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/measure/blame.h"

/** enum blame_cause - cause-list.h says when. */
enum blame_cause {
#define BLAME_CAUSE(name, help) BLAME_##name,
#include "preemptsim/measure/cause-list.h"
#undef BLAME_CAUSE
	NR_BLAME_CAUSES
};

/**
 * struct holding - who holds the lock that is waited for in the end, and what
 * it does meanwhile.
 * @lock: which: the one that is waited for, or that its holder waits for, ...
 * @links: locks on the way to it
 * @task: who; @irq: NULL, or the interrupt over it, of @irq_of
 * @first_irq, @first_irq_of: the same of who holds the first lock
 * @cpu: where
 * @cause: why it does not go on; execution: it does; lock, or spinlock without
 *         a @what: it never will
 * @other, @what, @within, @section: who that is, as in struct culprit
 */
struct holding {
	const struct lock *lock;
	unsigned int links, cpu;
	const struct task *task;
	const char *irq, *irq_of, *first_irq, *first_irq_of;
	enum blame_cause cause;
	const struct task *other;
	const char *what, *within;
	const struct lock *section;
};

/**
 * struct culprit - a cause, and who it is; what is not to be said is NULL.
 * @task: who; of a lock, who waits for it
 * @what: an interrupt, a softirq, a queue, a device, or a section
 * @within: the system call that @task is in, or the device of a softirq
 * @lock: of the section, or that is waited for
 * @holder: who holds it, and @end what that leads to, which is the blamer's and
 *          the same one for all that is the same; NULL: not that
 * @cpu: where
 */
struct culprit {
	enum blame_cause cause;
	unsigned int cpu;
	const struct task *task;
	const char *what, *within;
	const struct lock *lock;
	const struct task *holder;
	const struct holding *end;
};

/** same_name - are two names equal, or none?  Not all that are stand in one
 * place: whether literals of several files do is up to the linker. */
static inline bool same_name(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/** same_culprit - all of it, but for where? */
static inline bool same_culprit(const struct culprit *a,
				const struct culprit *b)
{
	return a->cause == b->cause && a->task == b->task &&
	       same_name(a->what, b->what) && same_name(a->within, b->within) &&
	       a->lock == b->lock && a->holder == b->holder && a->end == b->end;
}

/** struct stretch - some time that went to one culprit, of so many windows. */
struct stretch {
	ktime_t from, to;
	unsigned int windows;
	struct culprit culprit;
};

/** stretch_goes_on - does @stretch go on where @last ended? */
static inline bool stretch_goes_on(const struct stretch *last,
				   const struct stretch *stretch)
{
	return last->to == stretch->from && last->windows == stretch->windows &&
	       last->culprit.cpu == stretch->culprit.cpu &&
	       same_culprit(&last->culprit, &stretch->culprit);
}

/**
 * struct blame_task - a task that is being looked at.
 * @in_job: it is in the job that was released at @release
 * @started: when the last one began
 */
struct blame_task {
	bool in_job;
	ktime_t release, started;
};

/**
 * struct blamer - at work.
 * @workload, @kernel: what is simulated
 * @tasks: by wl_task.index
 * @holdings: set of struct holding, see holdings_new()
 */
struct blamer {
	struct workload *workload;
	struct kernel *kernel;
	struct blame_task *tasks;
	GHashTable *holdings;
};

/** blame_current - the task on @kc, with what it is in the middle of. */
struct culprit blame_current(const struct kcpu *kc, enum blame_cause cause);

/** blame_machine - does @kc do something that is not a task's own code?  Then
 * @culprit says what. */
bool blame_machine(const struct blamer *blamer, const struct kcpu *kc,
		   ktime_t now, ktime_t *until, struct culprit *culprit);

/** blame_look_at_cpu - as blame_cpu(), but of a lock not yet why. */
struct culprit blame_look_at_cpu(const struct blamer *blamer, struct kcpu *kc,
				 const struct task *task, bool woken,
				 ktime_t now, ktime_t *until);

/**
 * blame_cpu - why a task that is runnable on @kc, or (@woken false) that has
 * yet to be woken there, does not run at @now.
 * @until: that holds up to then; may be made earlier
 */
struct culprit blame_cpu(const struct blamer *blamer, struct kcpu *kc,
			 const struct task *task, bool woken, ktime_t now,
			 ktime_t *until);

/**
 * blame_task - the same of the task with @index, wherever it is.
 * @job: of a job of it; otherwise of a wait within one
 *
 * False: it is to be woken, nobody knows yet by whom.
 */
bool blame_task(const struct blamer *blamer, unsigned int index, bool job,
		ktime_t now, ktime_t *until, struct culprit *culprit);

/** blame_look - why @task, whoever it is, does not go on at @now; of a lock not
 * yet why.  @begun: what it waits for is its own choice.  Otherwise as
 * blame_task(). */
bool blame_look(const struct blamer *blamer, const struct task *task,
		bool begun, ktime_t now, ktime_t *until,
		struct culprit *culprit);

/** blame_is_workload - is @task one of the scenario's, not the kernel's own? */
static inline bool blame_is_workload(const struct blamer *blamer,
				     const struct task *task)
{
	const struct workload *workload = blamer->workload;

	return workload->nr_tasks && task >= &workload->tasks[0].task &&
	       task <= &workload->tasks[workload->nr_tasks - 1].task;
}

/** blame_driver_of - whose interrupt is to wake @task, which sleeps; NULL: not
 * that of a device that it waits for. */
const struct driver *blame_driver_of(const struct blamer *blamer,
				     const struct task *task);

/** blame_place_of - the queue or device in which @task waits by its own choice;
 * NULL: in none. */
const char *blame_place_of(const struct blamer *blamer,
			   const struct task *task);

/**
 * struct before - what is done while nobody knows who is going to wake a task.
 *
 * Of each CPU, and of each thread of the kernel that is busy.
 */
struct before *before_new(const struct blamer *blamer);
void before_free(struct before *before);

/** before_begun - is there anything? */
bool before_begun(const struct before *before);

/** before_clear - there is nothing any more. */
void before_clear(struct before *before);

/** before_look - add what is done over @whole, whose culprit is not used, while
 * @task waits. */
void before_look(struct before *before, const struct task *task,
		 const struct stretch *whole);

/** before_woken - @thread is being woken on @cpu, which may be on the way. */
void before_woken(struct before *before, const struct task *thread,
		  unsigned int cpu);

/** before_of_waker - GArray of struct stretch: what was done before whatever
 * @cpu does now, which wakes the task; @before's. */
const GArray *before_of_waker(const struct before *before, unsigned int cpu);

/** before_of_nobody - likewise, as far as can be told while nobody has woken
 * @task. */
const GArray *before_of_nobody(const struct before *before,
			       const struct task *task);

/** blame_softirq - which softirq is served on @kc. */
struct culprit blame_softirq(const struct blamer *blamer,
			     const struct kcpu *kc);

/** blame_spins_for - the lock that @kc, which spins, spins for; or NULL. */
const struct lock *blame_spins_for(const struct kcpu *kc);

/** blame_waits_for - the lock that @task sleeps for; NULL: for none. */
const struct lock *blame_waits_for(const struct blamer *blamer,
				   const struct task *task);

/** holdings_new - an empty set of struct holding; for g_hash_table_unref(). */
GHashTable *holdings_new(void);

/** blame_follow - if @culprit is a lock, say who holds it and why that takes so
 * long. */
void blame_follow(const struct blamer *blamer, struct culprit *culprit,
		  ktime_t now, ktime_t *until);

/** blame_account - what the time of @kc goes to. */
static inline enum acct blame_account(const struct kcpu *kc)
{
	return kc->cpu.acct & (ACCT_TASK - 1);
}

/** blame_ipi_under_way - is an interrupt from another CPU on its way to @kc? */
static inline bool blame_ipi_under_way(const struct kcpu *kc)
{
	for (unsigned int i = 0; i < NR_IPIS; i++)
		if (kc->ipi.at[i] != KTIME_MAX)
			return true;
	return false;
}

/** blame_by - @culprit in words, for g_free(); NULL: nothing to be said. */
char *blame_by(const struct culprit *culprit);

/** blame_take_worst - put the @stretches of @window into its worst case. */
void blame_take_worst(const struct blamer *blamer,
		      const struct blame_window *window,
		      const GArray *stretches, struct results *results);

/**
 * struct blame_sum - what one culprit cost.
 * @next: number of the next of the same hash, or NO_SUM
 */
struct blame_sum {
	struct culprit culprit;
	int64_t ns;
	unsigned int next;
};

#define NO_SUM UINT_MAX
#define SUM_BUCKETS 64u
#define RECALLED 64u

/**
 * struct recalled - what it was put down to that a CPU did the like.
 * @curr, @name: who runs there, in which system call; or NULL and an interrupt,
 *               or a group that is throttled
 * @how: what else is to be known, in bits; 0: nothing
 * @number: of the sum
 */
struct recalled {
	const struct task *curr;
	const char *name;
	unsigned int how, number;
};

/**
 * struct recalled_irq - the same of the interrupt that was seen last.
 * @kc, @since, @interrupts: what it is known by; @kc may be NULL
 * @number: of the sum
 */
struct recalled_irq {
	const struct kcpu *kc;
	ktime_t since;
	uint64_t interrupts;
	unsigned int number;
};

/**
 * struct blame_sums - what all waits of a task are put down to.
 * @sums: GArray of struct blame_sum, in order of appearance
 * @bucket: the first of each hash, or NO_SUM
 * @windows: how many waits they are
 * @recalled, @irq: what was seen before at the CPU of the task
 */
struct blame_sums {
	GArray *sums;
	unsigned int bucket[SUM_BUCKETS];
	uint64_t windows;
	struct recalled recalled[RECALLED];
	struct recalled_irq irq;
};

/** blame_sums_init, blame_sums_destroy - none, and none any more. */
void blame_sums_init(struct blame_sums *sums);
void blame_sums_destroy(struct blame_sums *sums);

/** blame_sums_number - the number of that of @culprit, which may be 0 yet. */
unsigned int blame_sums_number(struct blame_sums *sums,
			       const struct culprit *culprit);

/** blame_sums_at - the one with @number; up to the next blame_sums_number(). */
static inline struct blame_sum *blame_sums_at(const struct blame_sums *sums,
					      unsigned int number)
{
	return &g_array_index(sums->sums, struct blame_sum, number);
}

/** blame_glance - the number among @sums of what blame_task() says of their
 * @task, where that goes for as long as the machine stays as it is, and is not
 * for the task but for its CPU to say; NO_SUM: see there.  @own: it is what the
 * task itself does. */
unsigned int blame_glance(const struct blamer *blamer, const struct task *task,
			  struct blame_sums *sums, ktime_t now, bool *own);

/** blame_sums_add - @ns more of @culprit. */
void blame_sums_add(struct blame_sums *sums, const struct culprit *culprit,
		    int64_t ns);

/** blame_sums_take - put them into the results of their task; @over_ns as in
 * struct blame_config. */
void blame_sums_take(const struct blame_sums *sums, int64_t over_ns,
		     struct task_results *task);

/**
 * struct checkpoint - what the simulation was at an instant.
 * @number: of the copies taken so far
 * @at, @events: when
 * @refs: who needs it
 * @sim: all but stacks
 * @frames: what was on the stacks, task by task, @nr_frames of them; room for
 *          @room
 * @tasks: as in struct blamer
 */
struct checkpoint {
	uint64_t number;
	ktime_t at;
	uint64_t events;
	unsigned int refs;
	struct sim_image sim;
	struct frame *frames;
	unsigned int nr_frames, room;
	struct blame_task *tasks;
};

/** checkpoint_new - an empty one. */
struct checkpoint *checkpoint_new(void);

/** checkpoint_free - free @checkpoint, a struct checkpoint *. */
void checkpoint_free(void *checkpoint);

/** checkpoint_take - make @checkpoint what the simulation is now; its number,
 * refs and tasks are the caller's. */
void checkpoint_take(struct checkpoint *checkpoint,
		     const struct kernel *kernel);

/** checkpoint_restore - make the simulation what it was then. */
void checkpoint_restore(const struct checkpoint *checkpoint,
			struct kernel *kernel);

/** checkpoint_bytes - how much it is. */
size_t checkpoint_bytes(const struct checkpoint *checkpoint);

/* The highest rank that a wait can have. */
#define RANK_MAX (UINT32_C(1) << 31)

/** blame_rank - the rank, from 1 on, of the wait of this @number.
 *
 * Multiples of the golden ratio, without what is whole of them, lie as evenly
 * as can be, and so do those of each second, third or tenth wait: those of the
 * lowest ranks are a fair sample.  A multiplication is not too much for each of
 * the tens of thousands of jobs that an endless loop leaves unfinished. */
static inline uint32_t blame_rank(uint64_t number)
{
	return (uint32_t)(number * UINT64_C(0x9e3779b97f4a7c15) >> 33) + 1;
}

/**
 * struct blame_plan - what is simulated again for some waits.
 * @simulated: GArray of ranges of events
 * @looked: the same of those through which the machine is looked at, by task
 */
struct blame_plan {
	GArray *simulated;
	GHashTable *looked;
};

/**
 * struct blame_choice - of which waits are explained.
 * @allowed: effort, in events that are simulated again, for all of a run so far
 * @spent: of that
 * @taken: by wl_task.index: one of the task's was
 * @plan: while it is being made
 */
struct blame_choice {
	uint64_t allowed, spent;
	bool *taken;
	struct blame_plan plan;
};

/** blame_by_beginning - for sorting waits: the first to begin is the first. */
gint blame_by_beginning(gconstpointer a, gconstpointer b);

/** blame_choose - say of each wait of @pending whether it is chosen, which puts
 * them in order of rank; @last: there is no other time. */
void blame_choose(struct blame_choice *choice, GArray *pending, bool last);

/** blame_fits - explaining all of @pending is not more effort than @allowed. */
bool blame_fits(GArray *pending, uint64_t allowed);

/**
 * struct replay - simulating again.
 * @blamer: what the machine is asked with
 * @windows: GArray of struct blame_window, by beginning, each with since
 * @edge: an event source for where they begin and end
 * @sums: by wl_task.index: where waits that are no worst cases go
 * @results: where worst cases go, and with @timelines what the CPUs did
 */
struct replay {
	struct blamer blamer;
	const GArray *windows;
	struct evsource edge;
	struct blame_sums *sums;
	struct results *results;
	bool timelines;
};

/** replay_init - the event source; before the run. */
void replay_init(struct replay *replay);

/** replay_run - explain the windows; the simulation is left where the last one
 * ends.  False: interrupted. */
bool replay_run(struct replay *replay);

#endif
