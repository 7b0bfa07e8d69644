/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Perfetto's trace: the first packets, and the last one, when all tasks have
 * been met.
 */
#include <config.h>

#include "pf-private.h"

void pf_write_packet(struct pftrace *pf, const GString *packet)
{
	g_autoptr(GString) out = g_string_new(NULL);

	proto_message(out, 1, packet);
	buffer_append(pf->out, out->str, out->len);
}

void pf_write_message(struct pftrace *pf, unsigned int number,
		      const GString *message)
{
	g_autoptr(GString) packet = g_string_new(NULL);

	proto_number(packet, 10, SEQUENCE_TRACKS);
	proto_message(packet, number, message);
	pf_write_packet(pf, packet);
}

/* All clocks begin at 0, so that any of them is ours. */
static void write_clocks(struct pftrace *pf)
{
	static const unsigned int builtin[] = { 1, 3, 6 }; /* REALTIME,
							      MONOTONIC,
							      BOOTTIME */
	g_autoptr(GString) snapshot = g_string_new(NULL);

	for (unsigned int i = 0; i < G_N_ELEMENTS(builtin); i++) {
		g_autoptr(GString) clock = g_string_new(NULL);

		proto_number(clock, 1, builtin[i]);
		proto_number(clock, 2, 0);
		proto_message(snapshot, 1, clock);
	}
	pf_write_message(pf, 6, snapshot);
}

/* The release tells readers what the bits of prev_state mean. */
static void write_system(struct pftrace *pf)
{
	g_autoptr(GString) utsname = g_string_new(NULL);
	g_autoptr(GString) info = g_string_new(NULL);

	proto_text(utsname, 1, "Linux");
	proto_text(utsname, 2, PACKAGE_STRING);
	proto_text(utsname, 3, "6.12.0");
	proto_text(utsname, 4, "x86_64");
	proto_message(info, 1, utsname);
	proto_number(info, 6, 4096);
	proto_number(info, 8, pf->trace->kernel->config.nr_cpus);
	pf_write_message(pf, 45, info);
}

void pf_write_head(struct pftrace *pf)
{
	write_clocks(pf);
	write_system(pf);
}

void pf_write_tasks(struct pftrace *pf)
{
	g_autoptr(GString) tree = g_string_new(NULL);

	for (unsigned int i = 0; i < pf->trace->nr_tasks; i++) {
		const struct trace_task *task = &pf->trace->tasks[i];
		g_autoptr(GString) process = g_string_new(NULL);
		g_autoptr(GString) thread = g_string_new(NULL);

		if (!task->label_len)
			continue;
		proto_number(process, 1, (uint64_t)task->pid);
		proto_number(process, 2, 1);
		proto_text(process, 3, task->name.text);
		proto_message(tree, 1, process);
		proto_number(thread, 1, (uint64_t)task->pid);
		proto_text(thread, 2, task->name.text);
		proto_number(thread, 3, (uint64_t)task->pid);
		proto_message(tree, 2, thread);
	}
	pf_write_message(pf, 2, tree);
}
