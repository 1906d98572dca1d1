/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules on patches and on loading them, in one table; doc/rules.md has a section for each. */
#ifndef SUTURE_FINDING_RULE_H
#define SUTURE_FINDING_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "finding/finding.h"

struct rule {
	const char *id;		/* a fixed name that others script against */
	enum severity severity; /* the most severe one, if the findings of a rule differ */
	bool overridable;	/* --allow can override it, since a module could still be made */
	const char *title;
};

/* All rules, in the order of doc/rules.md. */
const struct rule *rule_list(size_t *count);
/* Returns NULL if there is no rule of that name. */
const struct rule *rule_find(const char *id);

/* Returns the error that there is no such rule; it suggests one, or says where all are listed. */
struct err *rule_unknown(const char *id);
/* Returns the rule's section of doc/rules.md, in Markdown; free(). */
char *rule_text(const struct rule *rule);

#endif
