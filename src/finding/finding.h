/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A problem or a noteworthy fact as data: the rule that reports it, its severity, its place, and a
 * remedy. All code that judges a patch, a module or a machine reports findings; only cli/ turns
 * them into text.
 */
#ifndef SUTURE_FINDING_FINDING_H
#define SUTURE_FINDING_FINDING_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vec.h"

enum severity { SEVERITY_NOTE, SEVERITY_WARN, SEVERITY_REFUSE };

/* "note", "warn", "refuse" */
const char *severity_name(enum severity severity);

struct finding {
	const char *rule; /* a fixed name that others script against; not owned */
	enum severity severity;
	char *file;    /* "fs/pipe.c", or a file of this machine; NULL if it concerns none */
	unsigned line; /* in that file; 0 if it is not known */
	char *object; /* "vmlinux" or a module; NULL if it is not known, or the finding concerns the
			 machine */
	char *symbol; /* a function, variable, type or section; NULL if the finding concerns the
			 whole */
	char *declarer; /* if symbol is a type: the name that declares it at the outer level of the
			   file, such as "foo" or the function it is in; may be NULL */
	char *message;	/* what is wrong */
	char *remedy;	/* what the user can do; NULL if nothing is needed or possible */
	char *allowed;	/* why it does not refuse, or NULL */
};

struct finding_vec VEC(struct finding);

void findings_free(struct finding_vec *findings);
#define scope_findings __attribute__((cleanup(findings_free))) struct finding_vec

/*
 * Adds a finding about a source file, with the severity from the table of rules (rule.h). If the
 * table does not contain the rule, the finding refuses, and its message says that this is a bug.
 * symbol and remedy may be NULL. The message is formatted.
 */
void finding_add(struct finding_vec *findings, const char *rule, const char *file,
		 const char *symbol, const char *remedy, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/*
 * Adds a finding that concerns no source file but a module, or the machine if object is NULL.
 * The rule is one of the table, but the severity may be lower than there.
 */
void finding_add_about(struct finding_vec *findings, enum severity severity, const char *rule,
		       const char *object, const char *remedy, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* Adds an error as a finding about the machine, and frees the error; does nothing for NULL. */
void finding_add_error(struct finding_vec *findings, enum severity severity, const char *rule,
		       struct err *err);

/* Adds a copy of a finding. */
void findings_add_copy(struct finding_vec *findings, const struct finding *finding);

/* Lowers the severity of the last finding below that of its rule. */
void finding_soften(struct finding_vec *findings, enum severity severity);

/* Sets the line of the last finding. */
void finding_at(struct finding_vec *findings, unsigned line);

/* Sets the declarer of the last finding; name may be NULL. */
void finding_declared_by(struct finding_vec *findings, const char *name);

/* Returns whether the finding is about that symbol of that file. */
bool finding_is_at(const struct finding *finding, const char *file, const char *symbol);

/*
 * Returns the place as one string: "fs/pipe.c: pipe_read", "fs/pipe.c", or with the object in the
 * file's place; NULL if neither is known. free().
 */
char *finding_where(const struct finding *finding);

/*
 * Moves the findings of extra that findings lacks, and empties extra. Of two with the same rule and
 * place, the more severe one stays.
 */
void findings_merge(struct finding_vec *findings, struct finding_vec *extra);

/* Moves all of extra to the end, and empties extra. */
void findings_append(struct finding_vec *findings, struct finding_vec *extra);

/* Sorts by file, symbol, rule and message, and removes duplicates. */
void findings_sort_unique(struct finding_vec *findings);

/* Returns whether a finding refuses and is not allowed. */
bool findings_refuse(const struct finding_vec *findings);

#endif
