/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules that decide whether a change may be applied to a running kernel.  A rule states
 * a finding; one of severity refuse is enough to refuse.  One file a group of rules.
 */
#ifndef SUTURE_SAFETY_SAFETY_H
#define SUTURE_SAFETY_SAFETY_H

#include <stdbool.h>

#include "base/vec.h"
#include "diff/diff.h"

enum severity { SEVERITY_NOTE, SEVERITY_WARN, SEVERITY_REFUSE };

struct finding {
	const char *rule; /* a fixed name that others script against */
	enum severity severity;
	char *where;   /* "fs/pipe.c: pipe_release" */
	char *message; /* what is the matter */
	char *remedy;  /* what a person could do; NULL for notes */
};

struct finding_vec VEC(struct finding);

void findings_free(struct finding_vec *findings);
#define scope_findings __attribute__((cleanup(findings_free))) struct finding_vec

/* where is "<file>: <symbol>"; symbol NULL: the file alone.  The rest is formatted. */
void finding_add(struct finding_vec *findings, const char *rule, enum severity severity,
		 const char *file, const char *symbol, const char *remedy, const char *fmt, ...)
	__attribute__((format(printf, 7, 8)));

bool findings_refuse(const struct finding_vec *findings);
const char *severity_name(enum severity severity);

/* What the comparison alone tells: data, start-up code, functions that cannot be traced. */
void safety_check_diff(const struct diff *diff, const char *file, struct finding_vec *findings);

/* What the selected part needs: ambiguous locals, foreign static keys, new code that stays. */
void safety_check_part(const struct diff_part *part, const char *file,
		       struct finding_vec *findings);

/* What the text of a changed file tells: structures whose members change. */
void safety_check_source(const char *file, const char *before, const char *after,
			 struct finding_vec *findings);

/* Source files whose code live patching itself runs on. */
void safety_check_file(const char *file, struct finding_vec *findings);

#endif
