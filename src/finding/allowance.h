/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An author's word that a rule does not apply, with the reason that others will read. */
#ifndef SUTURE_FINDING_ALLOWANCE_H
#define SUTURE_FINDING_ALLOWANCE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vec.h"
#include "finding/finding.h"
#include "finding/rule.h"

struct allowance {
	const struct rule *rule;
	char *reason;
	bool used;
};

struct allowance_vec VEC(struct allowance);

void allowances_free(struct allowance_vec *allowances);
#define scope_allowances __attribute__((cleanup(allowances_free))) struct allowance_vec

/* Adds "RULE=REASON" as the user gave it: a rule that can be allowed, and a reason of one line. */
struct err *allowance_add(struct allowance_vec *allowances, const char *text);

/* Marks the findings that are allowed, and the allowances that were used. */
void findings_allow(struct finding_vec *findings, struct allowance_vec *allowances);

#endif
