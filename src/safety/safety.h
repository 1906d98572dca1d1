/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules that decide whether a change may be applied to a running kernel. A rule adds findings, and
 * one finding of severity refuse is enough to refuse the patch. Each file holds one group of rules.
 */
#ifndef SUTURE_SAFETY_SAFETY_H
#define SUTURE_SAFETY_SAFETY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "diff/diff.h"
#include "finding/finding.h"

/* Checks what the comparison alone shows: data, start-up code, functions that cannot be traced. */
void safety_check_diff(const struct diff *diff, const char *file, struct finding_vec *findings);

/*
 * Checks what the selected part needs: ambiguous locals, foreign static keys, code whose address is
 * kept.
 */
void safety_check_part(const struct diff_part *part, const char *file,
		       struct finding_vec *findings);

struct kernel_types;

/* A unit whose code changes. */
struct safety_unit {
	const char *file;	/* "fs/pipe.c" */
	const char *pre, *post; /* object files with debug data; pre is NULL if the unit is new */
	const struct elf_object *orig, *patched; /* the same objects, parsed */
	const struct diff *diff;
	const struct kernel_types
		*kernel; /* types of the object that it belongs to; NULL if they are not known */
};

/* Types and functions collected from all units; a type of a header occurs in many of them. */
struct safety_types;

struct safety_types *safety_types_new(void);
void safety_types_free(struct safety_types *types);
void safety_types_freep(struct safety_types **typesp);
#define scope_safety_types __attribute__((cleanup(safety_types_freep))) struct safety_types *

/* Adds a unit. Changed prototypes are reported at once, types by safety_types_check(). */
struct err *safety_types_add(struct safety_types *types, const struct safety_unit *unit,
			     struct finding_vec *findings);

/*
 * Adds the types of two objects that have no code of interest.  Since no function uses what
 * changes, safety_types_check() may only warn of it.
 */
struct err *safety_types_compare(struct safety_types *types, const char *before, const char *after);

/* Reports changed types after all units were added. */
void safety_types_check(struct safety_types *types, struct finding_vec *findings);

/* A member that a structure gains, and an old member behind whose declaration it fits. */
struct type_fit {
	char *member, *behind;
};

struct type_fit_vec VEC(struct type_fit);

void type_fits_free(struct type_fit_vec *fits);

/*
 * Returns where the members that a structure gains can be declared in its old definition so that
 * they lie in space that it leaves unused and no other member moves; empty if not all of them can.
 * file and name are a finding's file and symbol.  NULL if the type did not change.
 */
const struct type_fit_vec *safety_types_fits(const struct safety_types *types, const char *file,
					     const char *name);

/* Checks exports that modules lose, or that no module can use yet. */
void safety_check_exports(const struct elf_object *orig, const struct elf_object *patched,
			  const char *file, struct finding_vec *findings);

/*
 * Checks entries of tables that a live patch does not carry: BTF id sets, the kprobe blacklist and
 * others.
 */
void safety_check_tables(const struct elf_object *orig, const struct elf_object *patched,
			 const char *file, struct finding_vec *findings);

/*
 * Checks what is attached to functions. kprobes and traced are the contents of kprobes/list in
 * debugfs and enabled_functions in tracefs of the running kernel; NULL where they cannot be read.
 */
void safety_check_in_use(const char *kprobes, const char *traced, const char *file,
			 const char *function, struct finding_vec *findings);

/* Checks for source files that live patching itself depends on. */
void safety_check_file(const char *file, struct finding_vec *findings);

#endif
