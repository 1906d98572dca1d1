/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads what is known about packages, units and files.  It is in files "*.conf": those of the
 * program itself, those of /usr/share/suture/advise.d, and those of /etc/suture/advise.d.  A later
 * file replaces an earlier one of the same name; rules of /etc are tried first.  The first match
 * decides.
 */
#ifndef SUTURE_ADVISE_RULES_H
#define SUTURE_ADVISE_RULES_H

#include <stdbool.h>

#include "base/err.h"
#include "base/root.h"
#include "base/vec.h"

enum rule_kind {
	RULE_PACKAGE,	  /* what must be done until an update of the package is in effect */
	RULE_UNIT,	  /* what must be done to restart a unit */
	RULE_FILE,	  /* mapped files that do not matter if they are removed */
	RULE_DATA,	  /* files that matter although they are not mapped as executable */
	RULE_PROGRAM,	  /* programs that call this one, and are left out while they do */
	RULE_INTERPRETER, /* programs whose first argument is the script that they run */
};

enum rule_action {
	RULE_MAPPED, /* packages: what uses files of the package now must be restarted */
	RULE_NOTHING,
	RULE_RESTART,
	RULE_REEXECUTE, /* units: process 1 re-executes itself */
	RULE_LOG_OUT,
	RULE_SOFT_REBOOT,
	RULE_KEXEC,
	RULE_REBOOT,
	RULE_KERNEL,	/* packages: it is a kernel image */
	RULE_MICROCODE, /* packages: it is microcode for processors */
	RULE_MODULES,	/* packages: it contains out-of-tree kernel modules */
	RULE_IGNORE,
};

/* Whether a unit may be restarted without asking. */
enum rule_apply {
	APPLY_BY_UNIT, /* the unit's own files decide, as the rule does not say */
	APPLY_YES,
	APPLY_NO,
};

struct advise_rule {
	enum rule_kind kind;
	char *name;
	struct str_vec match, except; /* fnmatch(3) patterns; '*' matches '/' too */
	struct str_vec with; /* data: only for processes that run such code; empty: for all */
	enum rule_action action;
	enum rule_apply apply; /* for units only */
	char *why;	       /* owned by the rule; may be NULL */
};

struct rule_vec VEC(struct advise_rule);

struct rules;

struct err *rules_load(const struct root *root, struct rules **rules);
void rules_free(struct rules *rules);
void rules_freep(struct rules **rulesp);
#define scope_rules __attribute__((cleanup(rules_freep))) struct rules *

/* Returns the first rule of a kind that matches, or NULL. */
const struct advise_rule *rules_find(const struct rules *rules, enum rule_kind kind,
				     const char *subject);

/*
 * Returns whether any rule says that data matters in a process that runs this code; NULL asks
 * whether it matters in every process.
 */
bool rules_want_data(const struct rules *rules, const char *code);

/* Appends the rules of one text; errors begin with "file:line: ". */
struct err *rules_parse(const char *file, const char *text, struct rule_vec *rules);
void rule_vec_free(struct rule_vec *rules);

#endif
