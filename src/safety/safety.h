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

enum severity { SEVERITY_NOTE, SEVERITY_WARN, SEVERITY_REFUSE };

/* A row of the table in table.c; doc/rules.md has a section for each. */
struct rule {
	const char *id; /* a fixed name that others script against */
	enum severity severity;
	bool overridable; /* by --allow: a module could be made all the same */
	const char *title;
};

/* All rules, in the order of doc/rules.md. */
const struct rule *rule_list(size_t *count);
/* NULL when there is none of that name. */
const struct rule *rule_find(const char *id);
/* Its section of doc/rules.md, in Markdown; free(). */
char *rule_text(const struct rule *rule);

struct finding {
	const char *rule;
	enum severity severity;
	char *where;   /* "fs/pipe.c: pipe_release" */
	unsigned line; /* in that file; 0: not known */
	char *message; /* what is the matter */
	char *remedy;  /* what a person could do; NULL for notes */
	char *allowed; /* the reason for which it does not refuse, or NULL */
};

struct finding_vec VEC(struct finding);

void findings_free(struct finding_vec *findings);
#define scope_findings __attribute__((cleanup(findings_free))) struct finding_vec

/*
 * Of the severity that the table has for the rule, which has to be in it.  where is
 * "<file>: <symbol>"; symbol NULL: the file alone.  The rest is formatted.
 */
void finding_add(struct finding_vec *findings, const char *rule, const char *file,
		 const char *symbol, const char *remedy, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* The last one added turned out to be less than the rule's severity. */
void finding_soften(struct finding_vec *findings, enum severity severity);

/* Moves those of extra that are not there yet; extra is empty then. */
void findings_merge(struct finding_vec *findings, struct finding_vec *extra);

/* The last one added is at that line. */
void finding_at(struct finding_vec *findings, unsigned line);

/* One that refuses and is not allowed. */
bool findings_refuse(const struct finding_vec *findings);
const char *severity_name(enum severity severity);

/* An author's word that a rule does not apply, with the reason that others will read. */
struct allowance {
	const struct rule *rule;
	char *reason;
	bool used;
};

struct allowance_vec VEC(struct allowance);

void allowances_free(struct allowance_vec *allowances);
#define scope_allowances __attribute__((cleanup(allowances_free))) struct allowance_vec

/* "RULE=REASON" as given by a user: a rule that can be allowed, a reason of one line. */
struct err *allowance_add(struct allowance_vec *allowances, const char *text);

/* Marks the findings that are allowed, and the allowances that were needed. */
void findings_allow(struct finding_vec *findings, struct allowance_vec *allowances);

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
