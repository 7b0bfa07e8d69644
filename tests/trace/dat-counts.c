/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dat-counts FILE: how many records of each event a trace.dat has, as
 * libtracecmd reads it, as lines of "CPU EVENT COUNT".
 *
 * Exits with 1 if there is a record that is older than the one before it on
 * its CPU, that no format is known for, or that is told to follow lost ones.
 */
#include <stdio.h>
#include <trace-cmd.h>

#define MAX_CPUS 1024
#define MAX_EVENTS 4096

static unsigned long count[MAX_CPUS][MAX_EVENTS];
static unsigned long long last[MAX_CPUS];

static int wrong(const char *what, const struct tep_record *record)
{
	fprintf(stderr, "CPU %d at %llu: %s\n", record->cpu, record->ts, what);
	return 1;
}

static int count_record(struct tracecmd_input *handle,
			struct tep_record *record, int cpu, void *status)
{
	struct tep_handle *tep = tracecmd_get_tep(handle);
	int id = tep_data_type(tep, record);

	(void)cpu;
	if (record->ts < last[record->cpu])
		*(int *)status = wrong("out of order", record);
	last[record->cpu] = record->ts;
	if (record->missed_events)
		*(int *)status = wrong("behind lost records", record);
	if (id < 0 || id >= MAX_EVENTS || !tep_find_event(tep, id))
		*(int *)status = wrong("of no known event", record);
	else
		count[record->cpu][id]++;
	return 0;
}

int main(int argc, char **argv)
{
	struct tracecmd_input *handle;
	struct tep_handle *tep;
	int status = 0;

	if (argc != 2 || !(handle = tracecmd_open(argv[1], 0)))
		return 1;
	tep = tracecmd_get_tep(handle);
	if (tep_get_cpus(tep) > MAX_CPUS ||
	    tracecmd_iterate_events(handle, NULL, 0, count_record, &status))
		return 1;
	for (int cpu = 0; cpu < tep_get_cpus(tep); cpu++)
		for (int id = 0; id < MAX_EVENTS; id++)
			if (count[cpu][id])
				printf("%d %s %lu\n", cpu,
				       tep_find_event(tep, id)->name,
				       count[cpu][id]);
	tracecmd_close(handle);
	return status;
}
