/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel runs as /sbin/modprobe (call_modprobe() in kernel/module/kmod.c): some
 * modules cannot be loaded unless another one, an algorithm mostly, comes when called.
 *
 * /lib/modules/aliases has a line "ALIAS MODULE..." for each alias of the modules that are
 * here; the modules are those to be loaded for it, in order.
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

/* Loads all that have the alias, as modprobe does, since one of them may refuse this processor. */
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
