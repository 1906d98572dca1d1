/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/printable.h"
#include "base/strbuf.h"
#include "safety/safety.h"

static void finding_free(struct finding *finding)
{
	free(finding->where);
	free(finding->message);
	free(finding->remedy);
	free(finding->allowed);
}

void findings_free(struct finding_vec *findings)
{
	vec_foreach(findings, finding)
		finding_free(finding);
	vec_free(findings);
}

static struct finding *find_like(const struct finding_vec *findings, const struct finding *like)
{
	vec_foreach(findings, it)
		if (!strcmp(it->rule, like->rule) && !strcmp(it->where, like->where))
			return it;
	return NULL;
}

void findings_merge(struct finding_vec *findings, struct finding_vec *extra)
{
	vec_foreach(extra, it) {
		struct finding *other = find_like(findings, it);

		if (!other) {
			vec_push(findings, *it);
			continue;
		}
		if (it->severity > other->severity) { /* the worse one says more */
			struct finding worse = *it;

			*it = *other;
			*other = worse;
		}
		finding_free(it);
	}
	vec_free(extra);
}

void finding_add(struct finding_vec *findings, const char *id, const char *file, const char *symbol,
		 const char *remedy, const char *fmt, ...)
{
	const struct rule *rule = rule_find(id);
	scope_strbuf message = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&message, fmt, ap);
	va_end(ap);
	vec_push(findings,
		 (struct finding){
			 .rule = id,
			 .severity = rule ? rule->severity : SEVERITY_REFUSE,
			 .where = symbol ? xasprintf("%s: %s", file, symbol) : xstrdup(file),
			 .message = strbuf_detach(&message),
			 .remedy = remedy ? xstrdup(remedy) : NULL,
		 });
}

void finding_soften(struct finding_vec *findings, enum severity severity)
{
	findings->data[findings->len - 1].severity = severity;
}

void finding_at(struct finding_vec *findings, unsigned line)
{
	findings->data[findings->len - 1].line = line;
}

bool findings_refuse(const struct finding_vec *findings)
{
	vec_foreach(findings, finding)
		if (finding->severity == SEVERITY_REFUSE && !finding->allowed)
			return true;
	return false;
}

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
		return err_code_new(ERR_USAGE,
				    "--allow %s: there is no such rule; see 'suture explain'", id);
	if (!rule->overridable)
		return err_code_new(ERR_USAGE, "--allow %s: this rule %s; see 'suture explain %s'",
				    id,
				    rule->severity == SEVERITY_REFUSE ? "cannot be overridden"
								      : "never refuses",
				    id);
	if (!equals || !equals[1 + strspn(equals + 1, " \t")])
		return err_code_new(ERR_USAGE, "--allow %s: say why: --allow %s='REASON'", id, id);
	for (const char *c = equals + 1; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return err_code_new(
				ERR_USAGE, "--allow %s: the reason has to be one line of text", id);

	scope_free char *valid = text_valid(equals + 1);

	if (strcmp(valid, equals + 1) != 0)
		return err_code_new(ERR_USAGE, "--allow %s: the reason has to be UTF-8 text", id);
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

const char *severity_name(enum severity severity)
{
	static const char *const names[] = {
		[SEVERITY_NOTE] = "note",
		[SEVERITY_WARN] = "warn",
		[SEVERITY_REFUSE] = "refuse",
	};

	return names[severity];
}
