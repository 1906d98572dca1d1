/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the rules that an author allows with a reason, and marks the findings that they allow. */
#include "finding/allowance.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/printable.h"

void allowances_free(struct allowance_vec *allowances)
{
	vec_foreach(allowances, it)
		free(it->reason);
	vec_free(allowances);
}

struct err *allowance_add(struct allowance_vec *allowances, const char *text)
{
	const char *equals = strchr(text, '=');
	scope_free char *id = xstrndup(text, equals ? equals - text : strlen(text));
	const struct rule *rule = rule_find(id);

	if (!rule)
		return err_wrap(rule_unknown(id), "--allow");
	if (!rule->overridable && rule->severity == SEVERITY_REFUSE)
		return err_code_new(
			ERR_USAGE,
			"--allow %s: this rule cannot be overridden; see 'suture explain %s'", id,
			id);
	if (!rule->overridable)
		return err_code_new(ERR_USAGE,
				    "--allow %s: this rule never refuses; see 'suture explain %s'",
				    id, id);
	if (!equals || !equals[1 + strspn(equals + 1, " \t")])
		return err_code_new(ERR_USAGE, "--allow %s: give the reason: --allow %s='REASON'",
				    id, id);
	for (const char *c = equals + 1; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return err_code_new(ERR_USAGE,
					    "--allow %s: the reason must be one line of text", id);

	scope_free char *valid = text_printable(equals + 1);

	if (strcmp(valid, equals + 1) != 0)
		return err_code_new(ERR_USAGE, "--allow %s: the reason must be UTF-8 text", id);
	vec_push(allowances, (struct allowance){rule, xstrdup(equals + 1), false});
	return NULL;
}

void findings_allow(struct finding_vec *findings, struct allowance_vec *allowances)
{
	vec_foreach(findings, finding) {
		vec_foreach(allowances, it) {
			if (finding->severity != SEVERITY_REFUSE || finding->allowed ||
			    strcmp(finding->rule, it->rule->id))
				continue;
			finding->allowed = xstrdup(it->reason);
			it->used = true;
		}
	}
}
