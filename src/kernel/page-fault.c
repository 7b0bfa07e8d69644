/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page faults.
 *
 * The exception switches interrupts off, its handler on again if they were on,
 * and its end is that of an interrupt: so a task that faults can be preempted
 * like one in a system call.  Nothing is added to preempt_count, and the handler
 * may sleep.
 *
 * Left out: the memory itself, and so what of it is there, who else uses it and
 * the locks that guard it; a scenario says which of them the handler takes.
 *
 * cf. arch/x86/mm/fault.c v6.12: exc_page_fault(), do_user_addr_fault().
 */
#include <config.h>

#include "preemptsim/kernel/page-fault.h"

#include "preemptsim/kernel/entry.h"
#include "preemptsim/kernel/preempt.h"

/* A fault in user mode has a name where that of the system call would stand; one
 * in the kernel belongs to the call. */
void op_page_fault_enter(struct cpu *cpu, const struct op *op)
{
	struct frame *frame = cpu->top;

	(void)op;
	frame->open = cpu->open;
	frame->acct = cpu->acct;
	if (irqentry_from_user(cpu))
		current_task(to_kcpu(cpu))->syscall = "page_fault";
	cpu_account(cpu, ACCT_KERNEL | ACCT_TASK);
	cpu_close_irqs(cpu);
	cpu_spend(cpu, cpu->price[COST_PAGE_FAULT_ENTRY]);
}

/* Who must not sleep gets an error instead, and so does a kernel thread, which
 * has no memory that could be mapped.  cf. faulthandler_disabled(). */
static bool is_handled(const struct kcpu *kc)
{
	return !in_atomic(kc) && kc->cpu.top->open & IRQ_MASKABLE &&
	       !current_task(kc)->kthread;
}

static void tell(struct cpu *cpu)
{
	if (irqentry_from_user(cpu))
		cpu_trace(cpu, TP_page_fault_user, NULL,
			  X86_PF_USER | X86_PF_WRITE, 0);
	else
		cpu_trace(cpu, TP_page_fault_kernel, NULL, X86_PF_WRITE, 0);
}

void op_page_fault_handle(struct cpu *cpu, const struct op *op)
{
	tell(cpu);
	if (!is_handled(to_kcpu(cpu))) {
		cpu->top->pc += op->a.num;
		return;
	}
	cpu_open_irqs(cpu);
	cpu->top->left = cpu->price[COST_PAGE_FAULT];
}

/* What the handler leaves behind it stays with a system call that it belongs
 * to, and must not get to user mode. */
void op_page_fault_leave(struct cpu *cpu, const struct op *op)
{
	if (irqentry_from_user(cpu))
		check_user_exit(cpu, op, "page fault");
	cpu_close_irqs(cpu);
}
