/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_ENTRY_H
#define PREEMPTSIM_KERNEL_ENTRY_H

/*
 * The ways into the kernel and out of it: system calls, interrupts, NMIs.
 * cf. kernel/entry/common.c, arch/x86/entry/.
 */

#include "preemptsim/machine/cpu.h"
#include "preemptsim/machine/op.h"

struct irq_thread; /* preemptsim/kernel/irq-thread.h */

/**
 * struct irq_context - the arg of frames that run on behalf of a device.
 * @event: hardware instant of the interrupt being handled
 * @owner: whose handler or softirq action it is
 */
struct irq_context {
	ktime_t event;
	void *owner;
};

/**
 * struct device_irq - what a device's interrupt line leads to.
 * @line: the line; its path is device_irq_path, nmi_path or threaded_irq_path
 * @name: of the device
 * @handler: the driver's handler, in hardirq or NMI context or in @thread
 * @device: what tracepoints call the object
 * @context: the handler's frame's arg
 * @count_before: preempt_count when the handler began
 * @nmi_began: when the NMI's did
 * @thread: its thread, or NULL (irq-thread.h)
 * @no_thread: no kernel has its handler in one (IRQF_NO_THREAD)
 * @in_progress: the handler runs, and is not called by another interrupt
 * @pending: one came meanwhile, the first of them raised at @pending_since
 */
struct device_irq {
	struct irq_line line;
	const char *name;
	const struct op *handler;
	void *device;
	struct irq_context context;
	uint32_t count_before;
	ktime_t nmi_began;
	struct irq_thread *thread;
	bool no_thread, in_progress, pending;
	ktime_t pending_since;
};

/** op_syscall_enter - from user mode into a system call. */
void op_syscall_enter(struct cpu *cpu, const struct op *op);
/** syscall_exit_path - back, with the last look at need_resched. */
extern const struct op syscall_exit_path[];
/** op_exit_to_user, op_enter_user - its last two operations, for paths of the
 * kernel itself that end in user mode; the second also returns from the path.
 * cf. exit_to_user_mode_loop(). */
void op_exit_to_user(struct cpu *cpu, const struct op *op);
void op_enter_user(struct cpu *cpu, const struct op *op);
/** check_user_exit - @what that current comes from must not take what it leaves
 * behind it to user mode: say so, and put the count right; locks stay taken. */
void check_user_exit(struct cpu *cpu, const struct op *op, const char *what);

/** irqentry_from_user - did the interrupt or exception whose frame is on top
 * come from user mode? */
static inline bool irqentry_from_user(const struct cpu *cpu)
{
	return (cpu->top->acct & (ACCT_TASK - 1)) == ACCT_USER;
}

/** op_irqentry_exit - the end of an interrupt or exception, whose frame is on
 * top, with the last look at need_resched; op_iret follows. */
void op_irqentry_exit(struct cpu *cpu, const struct op *op);

/** timer_irq_path - the local timer's interrupt. */
extern const struct op timer_irq_path[];
/** resched_irq_path - a reschedule interrupt of another CPU. */
extern const struct op resched_irq_path[];
/** call_function_single_irq_path - another CPU has left wakeups here. */
extern const struct op call_function_single_irq_path[];
/** call_function_irq_path - another CPU calls a function on all. */
extern const struct op call_function_irq_path[];
/** device_irq_path - a device's interrupt. */
extern const struct op device_irq_path[];
/** nmi_path - a device's NMI. */
extern const struct op nmi_path[];
/** backtrace_nmi_path - another CPU's NMI to all. */
extern const struct op backtrace_nmi_path[];
/** threaded_irq_path - a device's interrupt whose handler is a thread's. */
extern const struct op threaded_irq_path[];

/** device_irq_handle - push @irq's handler for what was raised at @raised. */
void device_irq_handle(struct cpu *cpu, struct device_irq *irq, ktime_t raised);

/** device_irq_handled - a handler that leaves the count changed is put right,
 * after saying so. */
void device_irq_handled(struct cpu *cpu, const struct device_irq *irq);

/** irq_frame_name - what the interrupt is called whose path stands in @frame;
 * NULL: it is no interrupt's. */
const char *irq_frame_name(const struct frame *frame);

/** irq_frame_device - of which device it is; NULL: of none. */
const struct device_irq *irq_frame_device(const struct frame *frame);

/** irq_entering - does @frame stand at the way into a maskable interrupt? */
bool irq_entering(const struct frame *frame);

/** op_sys_enter, op_sys_exit - tell of a system call named a.ptr. */
void op_sys_enter(struct cpu *cpu, const struct op *op);
void op_sys_exit(struct cpu *cpu, const struct op *op);

#endif
