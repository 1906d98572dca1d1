/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules of safety/ share. */
#ifndef SUTURE_SAFETY_INTERNAL_H
#define SUTURE_SAFETY_INTERNAL_H

#include "safety/safety.h"
#include "safety/types.h"

/* rules_prototype.c: functions that are called in another way than before. */
void safety_check_prototypes(const struct safety_unit *unit, const struct type_versions *versions,
			     const struct str_vec *changed, struct finding_vec *findings);

/* rules_data.c: variables that are of another type than before. */
void safety_check_variables(const struct safety_unit *unit, const struct type_versions *versions,
			    const struct str_vec *changed, struct finding_vec *findings);

/* rules_code.c: what changed code does otherwise than before. */
void safety_check_code(const struct safety_unit *unit, const struct unit_types *post,
		       const struct str_vec *changed, struct finding_vec *findings);

/* known.c: what rules know by name. */
enum known_kind {
	KNOWN_ACQUIRE,	    /* takes a lock */
	KNOWN_RELEASE,	    /* releases one */
	KNOWN_REFERENCE,    /* takes or gives back a reference */
	KNOWN_THREAD_LOOP,  /* is called in the loop of a kernel thread */
	KNOWN_SLEEP,	    /* sleeps, maybe for long */
	KNOWN_SLEEPER,	    /* tasks sleep in it for as long as nothing happens */
	KNOWN_THREAD,	    /* is what a kernel thread runs */
	KNOWN_THREAD_START, /* makes a thread of a function */
	KNOWN_EXIT,	    /* ends the task */
	KNOWN_ARM,	    /* has a function called later */
	KNOWN_HOT,	    /* runs very often */
	KNOWN_BORROWER,	    /* does not keep what it is given to look at */
};

bool known_is(enum known_kind kind, const char *name);

/* rules_code.c: one of that kind that the function calls, itself or through others; NULL: none. */
const char *safety_reaches(const struct elf_object *object, const struct elf_symbol *function,
			   enum known_kind kind, unsigned depth);

/* "foo" is in names as "foo" or as a clone of it, "foo.isra.0". */
bool safety_is_changed(const struct str_vec *names, const char *name);

#endif
