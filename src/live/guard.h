/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The marker that is on the disk while patches are being loaded and watched.  One of an earlier
 * boot means that the machine went down in that time; one of this boot whose process is gone
 * means that nobody watches the patches any more.
 */
#ifndef SUTURE_LIVE_GUARD_H
#define SUTURE_LIVE_GUARD_H

#include "live/held.h"
#include "live/machine.h"
#include "live/module.h"
#include "live/patches.h"

/* Writes the marker, before the first module is loaded. */
struct err *live_guard_begin(const struct root *root, const struct live_machine *machine,
			     const struct live_module_vec *modules);
void live_guard_end(const struct root *root);

/* Blocks what a marker of an earlier boot names; removes the marker, also one of this boot. */
struct err *live_guard_check(const struct root *root, const struct live_machine *machine);

/* Appends what live_guard_check() would block; a damaged marker names nothing. */
void live_guard_suspects(const struct root *root, struct live_held_vec *held);

/* Removes a patch's name, or all with NULL, from the marker; released are those that it had. */
struct err *live_guard_release(const struct root *root, const char *name, struct str_vec *released);

/* Loaded patches that a command is loading or watching, or was when it was killed. */
struct live_watch {
	struct str_vec names;
	char *time; /* since when */
	int pid;
	bool alive; /* false: nobody watches them, and nobody will roll them back */
};

/* *watch is NULL when every loaded patch was watched to the end. */
struct err *live_watch_read(const struct root *root, const struct live_machine *machine,
			    const struct live_patches *patches, struct live_watch **watch);
void live_watch_free(struct live_watch *watch);
void live_watch_freep(struct live_watch **watchp);
#define scope_live_watch __attribute__((cleanup(live_watch_freep))) struct live_watch *

/* "nobody watches a: ..."; NULL when somebody does.  free(). */
char *live_watch_lost(const struct live_watch *watch);

#endif
