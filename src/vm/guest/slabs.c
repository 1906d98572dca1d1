/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts the objects of the kernel's slab caches, by /proc/slabinfo and /sys/kernel/slab. */
#include "slabs.h"
#include "util.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLAB_DIR "/sys/kernel/slab/"
#define INFO_SIZE (256 << 10)

/*
 * Returns whether the kernel keeps the cache's objects when it reclaims memory. Those that describe
 * areas of vmalloc() stay long after vfree(): mm/vmalloc.c purges them lazily, and since 6.9 keeps
 * some in pools. The pages and the vm_struct of an area that leaks are counted all the same.
 */
static bool is_kept(const char *name)
{
	char path[400], text[8];

	if (!strcmp(name, "vmap_area"))
		return false;
	snprintf(path, sizeof(path), SLAB_DIR "%s/reclaim_account", name);
	return guest_read_text(path, text, sizeof(text)) < 0 || *text != '1';
}

static void shrink_all(void)
{
	DIR *dir = opendir(SLAB_DIR);
	struct dirent *entry;
	char path[400];

	while (dir && (entry = readdir(dir))) {
		if (entry->d_type != DT_DIR || *entry->d_name == '.')
			continue;
		snprintf(path, sizeof(path), SLAB_DIR "%s/shrink", entry->d_name);
		guest_write_text(path, "1");
	}
	if (dir)
		closedir(dir);
}

/* Adds a cache by a line "name active_objs ..." of /proc/slabinfo. */
static void slabs_add_line(struct slabs *slabs, const char *line)
{
	struct slab *slab = &slabs->slab[slabs->count];

	if (slabs->count == SLABS_MAX ||
	    sscanf(line, "%39s %ld", slab->name, &slab->objects) != 2 || !is_kept(slab->name))
		return;
	slabs->count++;
}

void slabs_read(struct slabs *slabs)
{
	static char text[INFO_SIZE];
	char *save = NULL;

	slabs->count = 0;
	shrink_all();
	if (guest_read_text("/proc/slabinfo", text, sizeof(text)) < 0)
		return;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		slabs_add_line(slabs, line);
}

long slabs_objects(const struct slabs *slabs, const char *name, unsigned hint)
{
	if (hint < slabs->count && !strcmp(slabs->slab[hint].name, name))
		return slabs->slab[hint].objects;
	for (unsigned i = 0; i < slabs->count; i++) {
		if (!strcmp(slabs->slab[i].name, name))
			return slabs->slab[i].objects;
	}
	return 0;
}
