/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps a marker on the disk while patches are being loaded and watched.  A marker of an earlier
 * boot means that the machine went down in that time; a marker of this boot whose process has ended
 * means that nobody watches the patches any more.
 */
#ifndef SUTURE_LIVE_GUARD_H
#define SUTURE_LIVE_GUARD_H

#include "live/block.h"
#include "live/machine.h"
#include "live/module.h"
#include "live/patches.h"

/* Writes the marker; to be called before the first module is loaded. */
struct err *live_guard_begin(const struct root *root, const struct live_machine *machine,
			     const struct live_module_vec *modules);
void live_guard_end(const struct root *root);

/* Blocks the modules that a marker of an earlier boot names; removes any marker. */
struct err *live_guard_check(const struct root *root, const struct live_machine *machine);

/* Appends the modules that live_guard_check() would block; none if the marker is damaged. */
void live_guard_suspects(const struct root *root, struct live_block_vec *blocks);

/* Removes a patch's name (NULL: all names) from the marker; appends the removed names. */
struct err *live_guard_release(const struct root *root, const char *name, struct str_vec *released);

/* Loaded patches that a command is loading or watching, or was when it was killed. */
struct live_watch {
	struct str_vec names;
	char *time; /* when the command began */
	int pid;
	bool alive; /* false if the process has ended, and nobody watches the patches */
};

/* Reads the marker's watch; *watch is NULL if every loaded patch was watched to the end. */
struct err *live_watch_read(const struct root *root, const struct live_machine *machine,
			    const struct live_patches *patches, struct live_watch **watch);
void live_watch_free(struct live_watch *watch);
void live_watch_freep(struct live_watch **watchp);
#define scope_live_watch __attribute__((cleanup(live_watch_freep))) struct live_watch *

/* Returns the warning "nobody watches a: ..."; NULL if the process is alive.  free(). */
char *live_watch_lost(const struct live_watch *watch);

#endif
