/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether Suture can serve a kernel, as answers to fixed questions.  A fact is not a finding, since
 * it answers its question also when all is well, and no rule that could be allowed or explained
 * stands behind it.
 */
#ifndef SUTURE_TARGET_SURVEY_H
#define SUTURE_TARGET_SURVEY_H

#include "base/err.h"
#include "base/vec.h"
#include "target/target.h"

enum fact_state {
	FACT_OK,
	FACT_NOTE,    /* good to know */
	FACT_LATER,   /* known only after target_open() */
	FACT_MISSING, /* stands in the way */
};

struct target_fact {
	enum fact_state state;
	const char *what; /* in a word or two; not owned */
	char *detail;	  /* what was found, or what stands in the way and what helps */
};

struct target_fact_vec VEC(struct target_fact);

void target_facts_free(struct target_fact_vec *facts);
#define scope_target_facts __attribute__((cleanup(target_facts_free))) struct target_fact_vec

/* Takes detail over. */
void target_fact_add(struct target_fact_vec *facts, enum fact_state state, const char *what,
		     char *detail);

/*
 * Whether Suture can serve a kernel, and what decides that.  Nothing is fetched and nothing is
 * written: of a release that is not in the cache it tells what the archive's index does.  *release
 * is what was asked for as far as it could be found out; free().  Only ERR_USAGE and interrupts are
 * errors; what else is wrong is a fact.
 */
struct err *target_survey(const struct target_spec *spec, struct target_fact_vec *facts,
			  char **release);

#endif
