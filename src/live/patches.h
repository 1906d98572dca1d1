/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what live patches the kernel has, including those of other makers. */
#ifndef SUTURE_LIVE_PATCHES_H
#define SUTURE_LIVE_PATCHES_H

#include "base/err.h"
#include "base/root.h"
#include "base/vec.h"
#include "live/record.h"

enum live_state {
	LIVE_ENABLED,
	LIVE_DISABLED,
	LIVE_PATCHING,	 /* some tasks do not run the new code yet */
	LIVE_UNPATCHING, /* some tasks still run the new code */
	LIVE_REPLACED,	 /* another patch has replaced it; its module is still in memory */
};

/* Returns the name of the value, such as "enabled". */
const char *live_state_name(enum live_state state);

struct live_function {
	char *name;
	unsigned sympos; /* as in sysfs: 1 if the name is unique */
	char *top;	 /* the patch whose code is called; NULL if the original code is */
};

struct live_object {
	char *name;  /* "vmlinux" or a module */
	int patched; /* 0 if that module is not loaded; -1 if the kernel does not tell */
	struct live_function_vec VEC(struct live_function) functions;
};

struct live_patch {
	char *name;
	enum live_state state;
	int replace; /* 0, 1; -1 if the kernel does not tell (before 6.11) */
	char *taint; /* its module's taint flags, such as "OEK" */
	struct live_object_vec VEC(struct live_object) objects;
	struct live_record *record; /* NULL if Suture did not load it, or it cannot be read: */
	bool record_damaged;	    /* it is unknown whether Suture loaded the patch */
};

struct live_patches {
	/* Patches are in the order in which they were loaded: the last one is on top. */
	struct live_patch_vec VEC(struct live_patch) list;
	struct str_vec damage; /* one line for each record that cannot be read */
};

struct err *live_patches_read(const struct root *root, struct live_patches **patches);
void live_patches_free(struct live_patches *patches);
void live_patches_freep(struct live_patches **patchesp);
#define scope_live_patches __attribute__((cleanup(live_patches_freep))) struct live_patches *

/* Finds a loaded patch by its name or the name of its file; '-' and '_' are alike.  Or NULL. */
const struct live_patch *live_patches_find(const struct live_patches *patches, const char *name);

/* Returns how many functions the patch replaces. */
size_t live_patch_functions(const struct live_patch *patch);

/* Returns the number in /sys/kernel/livepatch/<name>/<file>; -1 if it cannot be read. */
int live_attribute(const struct root *root, const char *name, const char *file);

/*
 * Returns the loaded patch whose claim holds for the running kernel, or NULL: all tasks run its
 * code, and no other patch diverts one of its functions.
 */
const struct live_patch *live_cover_loaded(const struct live_patches *patches);

#endif
