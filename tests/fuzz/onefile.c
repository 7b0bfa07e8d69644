/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A main() for fuzz targets without a fuzzer: gives it each file named on the
 * command line, so that what was once found can be tried again.
 */
#include <config.h>

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *data = NULL;
	gsize size;

	if (!g_file_get_contents(path, &data, &size, &error)) {
		g_printerr("%s\n", error->message);
		return EXIT_FAILURE;
	}
	return LLVMFuzzerTestOneInput((const uint8_t *)data, size);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (run_file(argv[i]))
			return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
