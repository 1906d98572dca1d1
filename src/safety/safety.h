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

/* The types that the shipped kernel or one of its modules says that it has. */
struct kernel_types;

/*
 * From the bytes of a .BTF section.  base NULL: vmlinux's; else a module's, which goes on where
 * that ends and needs it as long as it lives.
 */
struct err *kernel_types_new(const char *name, struct bytes btf, const struct kernel_types *base,
			     struct kernel_types **types);
void kernel_types_free(struct kernel_types *types);

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

/* ---- for those who read the report ---- */

/* What changed in a function that is there in one version or both; free with function_facts_free().
 */
struct function_facts {
	unsigned line; /* in its file; 0: not known */
	uint64_t size_before, size_after;
	struct str_vec calls_new, calls_gone;	  /* functions by name, sorted */
	struct str_vec inlined_new, inlined_gone; /* the same, whose code it holds */
};

void safety_function_facts(const struct safety_types *types, const struct safety_unit *unit,
			   const struct diff_item *item, struct function_facts *facts);
void function_facts_free(struct function_facts *facts);

/* A changed type as it was and is, a line a member. */
struct type_view {
	char *name, *where, *before, *after;
};

struct type_view_vec VEC(struct type_view);

void safety_type_views(const struct safety_types *types, struct type_view_vec *views);
void type_view_vec_free(struct type_view_vec *views);

/* An instruction of either version; one of the two may be NULL. */
struct code_pair {
	char *before, *after;
	bool same;
};

struct code_pair_vec VEC(struct code_pair);

/* Two versions side by side; a symbol may be NULL. */
void safety_compare_code(const struct elf_symbol *before, const struct elf_symbol *after,
			 struct code_pair_vec *pairs);
void code_pair_vec_free(struct code_pair_vec *pairs);

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
