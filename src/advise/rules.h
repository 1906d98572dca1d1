/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known about packages, units and files, as data: files "*.conf" of the program itself,
 * over them those of /usr/share/suture/advise.d, over them those of /etc/suture/advise.d.  A file
 * replaces one of the same name; rules of /etc are asked first.  The first match decides.
 */
#ifndef SUTURE_ADVISE_RULES_H
#define SUTURE_ADVISE_RULES_H

#include <stdbool.h>

#include "base/err.h"
#include "base/root.h"
#include "base/vec.h"

enum rule_kind {
	RULE_PACKAGE,	  /* what it takes until an update of the package is in effect */
	RULE_UNIT,	  /* what it takes to restart a unit */
	RULE_FILE,	  /* mapped files that say nothing when they are gone */
	RULE_DATA,	  /* files that count although they are mapped without being executable */
	RULE_PROGRAM,	  /* programs that end soon by themselves */
	RULE_INTERPRETER, /* programs whose first argument is what they run */
};

enum rule_action {
	RULE_MAPPED, /* packages: whatever uses files of the package now */
	RULE_NOTHING,
	RULE_RESTART,
	RULE_REEXECUTE, /* units: process 1 takes over from itself */
	RULE_LOG_OUT,
	RULE_SOFT_REBOOT,
	RULE_KEXEC,
	RULE_REBOOT,
	RULE_KERNEL,	/* packages: a kernel image */
	RULE_MICROCODE, /* packages: for processors */
	RULE_MODULES,	/* packages: kernel modules that are not the kernel's own */
	RULE_IGNORE,
};

/* Whether a unit may be restarted without asking. */
enum rule_apply {
	APPLY_BY_UNIT, /* the rule does not say; the unit's own files decide */
	APPLY_YES,
	APPLY_NO,
};

struct advise_rule {
	enum rule_kind kind;
	char *name;
	struct str_vec match, except; /* fnmatch(3) patterns; '*' matches '/' too */
	struct str_vec with; /* data: only of processes that run such code; empty: of all */
	enum rule_action action;
	enum rule_apply apply; /* units */
	char *why;	       /* owned; may be NULL */
};

struct rule_vec VEC(struct advise_rule);

struct rules;

struct err *rules_load(const struct root *root, struct rules **rules);
void rules_free(struct rules *rules);
void rules_freep(struct rules **rulesp);
#define scope_rules __attribute__((cleanup(rules_freep))) struct rules *

/* The first rule of a kind that matches, or NULL. */
const struct advise_rule *rules_find(const struct rules *rules, enum rule_kind kind,
				     const char *subject);

/*
 * Whether data counts in a process that runs this code, by any rule; NULL asks whether it counts
 * in every process.
 */
bool rules_want_data(const struct rules *rules, const char *code);

/* Appends the rules of one text; errors say "file:line: ...". */
struct err *rules_parse(const char *file, const char *text, struct rule_vec *rules);
void rule_vec_free(struct rule_vec *rules);

#endif
