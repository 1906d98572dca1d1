/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether Suture supports a kernel, as answers to fixed questions. A fact is not a finding: it
 * answers its question even if nothing is wrong, and there is no rule that could be allowed or
 * explained.
 */
#ifndef SUTURE_TARGET_SURVEY_H
#define SUTURE_TARGET_SURVEY_H

#include "base/err.h"
#include "base/vec.h"
#include "target/target.h"

enum fact_state {
	FACT_OK,
	FACT_NOTE,    /* worth knowing */
	FACT_LATER,   /* known only after target_open() */
	FACT_MISSING, /* an obstacle */
};

struct target_fact {
	enum fact_state state;
	const char *what; /* the question, in a word or two; not owned */
	char *detail;	  /* what was found, or what the obstacle is and what to do about it */
};

struct target_fact_vec VEC(struct target_fact);

void target_facts_free(struct target_fact_vec *facts);
#define scope_target_facts __attribute__((cleanup(target_facts_free))) struct target_fact_vec

/* Takes ownership of detail. */
void target_fact_add(struct target_fact_vec *facts, enum fact_state state, const char *what,
		     char *detail);

/*
 * Says whether Suture supports a kernel, and why. It fetches and writes nothing: for a release
 * that is not in the cache, it reports what the archive's index says. *release is what was asked
 * for, as far as it could be found out; free(). Only ERR_USAGE and interrupts are errors;
 * everything else that is wrong is a fact.
 */
struct err *target_survey(const struct target_spec *spec, struct target_fact_vec *facts,
			  char **release);

#endif
