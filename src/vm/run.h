/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of one vm_run(): its boots, and what is still to be tried. */
#ifndef SUTURE_VM_RUN_H
#define SUTURE_VM_RUN_H

#include <stdbool.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/vec.h"
#include "vm/module_file.h"
#include "vm/module_tree.h"
#include "vm/suspects.h"
#include "vm/vm.h"

struct run {
	const struct vm_spec *spec;
	struct progress *progress;
	struct vm_result *result;
	struct module_tree *tree;
	struct vm_module_file over; /* the older patch, if one was given */
	struct vm_module_file
		*patches; /* one for each of the spec; bytes NULL: could not be read */
	char *dir;
	const char *accelerator;
	unsigned first; /* of the modules that are still to be tried */
	bool alone;	/* only that one, for what it may leave behind */
	bool *cleared;	/* for each module: it was tried alone */
	bool *leaked;	/* for each module: it is tried again, since memory shrank the first time */
	struct doubts doubts;
};

/* Whether the module at that index is still to be tried. */
bool run_is_pending(const struct run *run, size_t index);
/* Boots a guest for the pending modules. */
struct err *run_boot(struct run *run);
/* The module's trial was broken off by something else than the module, and has no outcome. */
void run_break_off(struct vm_module_result *module, const char *why);

#endif
