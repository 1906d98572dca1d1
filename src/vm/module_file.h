/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a .ko file of the host: unpacks it if it is compressed, and reads its .modinfo. */
#ifndef SUTURE_VM_MODULE_FILE_H
#define SUTURE_VM_MODULE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cursor.h"
#include "base/err.h"
#include "base/file.h"
#include "base/vec.h"

struct vm_module_file {
	struct file_map map;
	uint8_t *unpacked; /* the unpacked file; NULL if it was not compressed */
	struct bytes bytes;
	char *name;
	char *release;		/* the kernel release that it was built for, or NULL */
	struct str_vec depends; /* modules that it imports symbols from */
	struct str_vec wishes;	/* modules or aliases that should be loaded first: "softdep=pre:" */
	struct str_vec aliases;
	struct str_vec objects; /* modules that a live patch names, without vmlinux */
	size_t functions; /* that a live patch replaces; without a list of them, all that it has */
	struct str_vec replaced; /* for each of these the object, if there is a list */
	size_t relocations;	 /* that the kernel resolves by looking up names */
	bool livepatch;
};

/* Reads a module file; free with module_file_close(). */
struct err *module_file_open(const char *path, struct vm_module_file *file);
void module_file_close(struct vm_module_file *file);
#define scope_module_file __attribute__((cleanup(module_file_close))) struct vm_module_file

/* Returns the path's length without the ending of a module file, .ko, .ko.xz and the like. */
size_t module_name_length(const char *path);
/*
 * Returns a module's name as the kernel spells it, from a path: without folders and ending, with
 * '_' for '-'; free().
 */
char *module_name_of_path(const char *path);

#endif
