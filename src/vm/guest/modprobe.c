/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Implements /sbin/modprobe, which the kernel runs (call_modprobe() in kernel/module/kmod.c): some
 * modules cannot be loaded unless another one, mostly with an algorithm, is loaded on request.
 *
 * /lib/modules/aliases has a line "ALIAS MODULE..." for each alias of the guest's modules; it lists
 * the modules to be loaded for the alias, in order.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modprobe.h"
#include "modules.h"
#include "vm/protocol.h"

static bool modprobe_load_all(char *names)
{
	bool good = true;

	for (char *name = strtok(names, " "); name; name = strtok(NULL, " ")) {
		char path[300];

		snprintf(path, sizeof(path), "/" GUEST_MODULE_PATH, name);

		int error = module_insert(path);

		good &= !error || error == -EEXIST;
	}
	return good;
}

/* Like modprobe, this loads all modules with the alias, as one may not support the processor. */
int modprobe(const char *alias)
{
	FILE *file = fopen("/" GUEST_ALIASES_PATH, "re");
	char *line = NULL;
	size_t alloc = 0;
	bool found = false;

	while (file && getline(&line, &alloc, file) > 0) {
		char *names = line + strcspn(line, " \n");

		line[strcspn(line, "\n")] = '\0';
		if (!*names)
			continue;
		*names++ = '\0';
		if (!fnmatch(line, alias, 0))
			found |= modprobe_load_all(names);
	}
	free(line);
	if (file)
		fclose(file);
	return !found;
}
