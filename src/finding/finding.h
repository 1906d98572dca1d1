/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is found wrong or worth knowing, as data: which rule says so, how much it weighs, where
 * it is, and what a person can do.  Everything that judges a patch, a module or a machine
 * reports with these; only cli/ makes text of them.
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
	char *file;    /* "fs/pipe.c", or a file of this machine; NULL: it is about none */
	unsigned line; /* in that file; 0: not known */
	char *object;  /* "vmlinux" or a module; NULL: not known, or it is about the machine */
	char *symbol;  /* a function, variable, type or section; NULL: it is about the whole */
	char *message; /* what is the matter */
	char *remedy; /* what a person can do about it; NULL: nothing is needed, or nothing helps */
	char *allowed; /* the reason for which it does not refuse, or NULL */
};

struct finding_vec VEC(struct finding);

void findings_free(struct finding_vec *findings);
#define scope_findings __attribute__((cleanup(findings_free))) struct finding_vec

/*
 * Adds one about a source file, of the severity that the table of rules has for the rule
 * (rule.h), which has to be in it.  symbol and remedy may be NULL.  The rest is formatted.
 */
void finding_add(struct finding_vec *findings, const char *rule, const char *file,
		 const char *symbol, const char *remedy, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/*
 * Adds one that is about no source file: about a module by its name, or about the machine where
 * object is NULL.  The rule need not be in the table.
 */
void finding_add_about(struct finding_vec *findings, enum severity severity, const char *rule,
		       const char *object, const char *remedy, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* Adds an error as one that is about the machine, and frees the error; NULL adds none. */
void finding_add_error(struct finding_vec *findings, enum severity severity, const char *rule,
		       struct err *err);

/* Adds a copy. */
void findings_add_copy(struct finding_vec *findings, const struct finding *finding);

/* Changes the last one added, which turned out to weigh less than its rule does. */
void finding_soften(struct finding_vec *findings, enum severity severity);

/* Says at which line of its file the last one added is. */
void finding_at(struct finding_vec *findings, unsigned line);

/* Whether it is about that symbol of that file. */
bool finding_is_at(const struct finding *finding, const char *file, const char *symbol);

/*
 * Where it is, in one piece: "fs/pipe.c: pipe_read", "fs/pipe.c", or the object in the file's
 * place; NULL where neither is known.  free().
 */
char *finding_where(const struct finding *finding);

/*
 * Moves those of extra that are not there yet; extra is empty then.  Of two of one rule and place
 * the worse one stays.
 */
void findings_merge(struct finding_vec *findings, struct finding_vec *extra);

/* Moves all of extra to the end; extra is empty then. */
void findings_append(struct finding_vec *findings, struct finding_vec *extra);

/* Sorts by file, symbol, rule and message; of findings that agree in all of these, one stays. */
void findings_sort_unique(struct finding_vec *findings);

/* Whether one refuses and is not allowed. */
bool findings_refuse(const struct finding_vec *findings);

#endif
