/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Holds the state of one vm_run(): its boots, and the modules that are still to be tried. */
#ifndef SUTURE_VM_RUN_H
#define SUTURE_VM_RUN_H

#include <stdbool.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/vec.h"
#include "vm/module_file.h"
#include "vm/module_tree.h"
#include "vm/vm.h"

/* Damage that was seen while one module was tried, and that others may have done. */
struct doubt {
	unsigned victim;
	bool victim_ran; /* the victim's code may have run by then */
	enum vm_stage stage;
	enum vm_trial trial;
	char *why;				/* why the victim failed */
	struct str_vec lines;			/* the lines of the log that are findings */
	struct suspects VEC(unsigned) suspects; /* the modules that had passed before */
	bool settled;
};

struct doubts VEC(struct doubt);

struct run {
	const struct vm_spec *spec;
	struct progress *progress;
	struct vm_result *result;
	struct module_tree *tree;
	struct vm_module_file over; /* the older patch, if one was given */
	/* One for each patch of the spec; bytes are NULL if it could not be read. */
	struct vm_module_file *patches;
	char *dir; /* a temporary folder for all boots */
	enum vm_accelerator accelerator;
	bool packaged;	/* the kernel unpacks itself, since it did not boot as the host placed it */
	unsigned first; /* the first module that is still to be tried */
	bool large;	/* some patch is larger than the usual limits allow: plan_extra_ms() */
	bool alone;	/* only that module is tried, for what it may leave behind */
	bool *cleared;	/* for each module: it was tried alone */
	bool *leaked;	/* for each module: it is tried again, since memory shrank the first time */
	struct doubts doubts;
};

/* Returns whether the module at that index is still to be tried. */
bool run_is_pending(const struct run *run, size_t index);
/* Notes that something else than the module broke off its trial, which so has no outcome. */
void run_break_off(struct vm_module_result *module, const char *why);

#endif
