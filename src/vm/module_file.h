/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A .ko file of the host, unpacked if it is compressed, and what its .modinfo says. */
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
	uint8_t *unpacked; /* or NULL */
	struct bytes bytes;
	char *name;
	char *release;		/* of the kernel that it was built for, or NULL */
	struct str_vec depends; /* modules that it imports symbols from */
	struct str_vec wishes;	/* modules or aliases that should be loaded first: "softdep=pre:" */
	struct str_vec aliases;
	struct str_vec objects; /* modules that a live patch names, without vmlinux */
	bool livepatch;
};

struct err *module_file_open(const char *path, struct vm_module_file *file);
/* The same for bytes that somebody else owns. */
struct err *module_file_parse(const char *path, struct bytes bytes, struct vm_module_file *file);
void module_file_close(struct vm_module_file *file);
#define scope_module_file __attribute__((cleanup(module_file_close))) struct vm_module_file

/* Where the ending of a module file's name begins, .ko or .ko.xz and the like; or its end. */
size_t module_name_length(const char *path);
/* A module's name as the kernel spells it, from a path: no folder, no ending, '_' for '-'. */
char *module_name_of_path(const char *path);

#endif
