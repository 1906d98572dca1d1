/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules that decide whether a change may be applied to a running kernel.  A rule states
 * a finding; one of severity refuse is enough to refuse.  One file a group of rules.
 */
#ifndef SUTURE_SAFETY_SAFETY_H
#define SUTURE_SAFETY_SAFETY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "diff/diff.h"
#include "finding/finding.h"

/* What the comparison alone tells: data, start-up code, functions that cannot be traced. */
void safety_check_diff(const struct diff *diff, const char *file, struct finding_vec *findings);

/* What the selected part needs: ambiguous locals, foreign static keys, new code that stays. */
void safety_check_part(const struct diff_part *part, const char *file,
		       struct finding_vec *findings);

struct kernel_types;

/* A unit whose code changes. */
struct safety_unit {
	const char *file;	/* "fs/pipe.c" */
	const char *pre, *post; /* object files with debug data; pre NULL: the unit is new */
	const struct elf_object *orig, *patched; /* the same, read */
	const struct diff *diff;
	const struct kernel_types *kernel; /* of what it is part of; NULL: not known */
};

/* What was found out of types; a type of a header comes up in many units. */
struct safety_types;

struct safety_types *safety_types_new(void);
void safety_types_free(struct safety_types *types);
void safety_types_freep(struct safety_types **typesp);
#define scope_safety_types __attribute__((cleanup(safety_types_freep))) struct safety_types *

/* Functions that are called in another way are told of at once, types by safety_types_check(). */
struct err *safety_types_add(struct safety_types *types, const struct safety_unit *unit,
			     struct finding_vec *findings);

/* When all units were added. */
void safety_types_check(struct safety_types *types, struct finding_vec *findings);

/* What modules could no longer link with, or not yet. */
void safety_check_exports(const struct elf_object *orig, const struct elf_object *patched,
			  const char *file, struct finding_vec *findings);

/* Entries of tables that are not carried over: BTF id sets, the kprobe blacklist and the like. */
void safety_check_tables(const struct elf_object *orig, const struct elf_object *patched,
			 const char *file, struct finding_vec *findings);

/*
 * kprobes and traced: debugfs's kprobes/list and tracefs's enabled_functions of the kernel that
 * runs; NULL where they cannot be read.
 */
void safety_check_in_use(const char *kprobes, const char *traced, const char *file,
			 const char *function, struct finding_vec *findings);

/* Source files whose code live patching itself runs on. */
void safety_check_file(const char *file, struct finding_vec *findings);

#endif
