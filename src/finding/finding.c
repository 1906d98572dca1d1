/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of findings: adds to them, joins them, and tells whether one of them refuses. */
#include "finding/finding.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "finding/rule.h"

static void finding_free(struct finding *finding)
{
	free(finding->file);
	free(finding->object);
	free(finding->symbol);
	free(finding->declarer);
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

static char *copy_optional(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

static char *format_message(const char *fmt, va_list ap)
{
	scope_strbuf message = STRBUF_INIT;

	strbuf_vaddf(&message, fmt, ap);
	return strbuf_detach(&message);
}

/* A rule without a row in the table has no severity; to refuse is the safe side. */
static void finding_refuse_unknown(struct finding *finding)
{
	scope_free char *text = finding->message;

	finding->severity = SEVERITY_REFUSE;
	finding->message =
		xasprintf("%s (this is a bug in suture: its table of rules does not contain '%s')",
			  text, finding->rule);
}

void finding_add(struct finding_vec *findings, const char *id, const char *file, const char *symbol,
		 const char *remedy, const char *fmt, ...)
{
	const struct rule *rule = rule_find(id);
	va_list ap;

	va_start(ap, fmt);
	vec_push(findings, (struct finding){
				   .rule = id,
				   .severity = rule ? rule->severity : SEVERITY_REFUSE,
				   .file = copy_optional(file),
				   .symbol = copy_optional(symbol),
				   .message = format_message(fmt, ap),
				   .remedy = copy_optional(remedy),
			   });
	va_end(ap);
	if (!rule)
		finding_refuse_unknown(&findings->data[findings->len - 1]);
}

void finding_add_about(struct finding_vec *findings, enum severity severity, const char *rule,
		       const char *object, const char *remedy, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vec_push(findings, (struct finding){
				   .rule = rule,
				   .severity = severity,
				   .object = copy_optional(object),
				   .message = format_message(fmt, ap),
				   .remedy = copy_optional(remedy),
			   });
	va_end(ap);
}

void finding_add_error(struct finding_vec *findings, enum severity severity, const char *rule,
		       struct err *err)
{
	if (err)
		finding_add_about(findings, severity, rule, NULL, NULL, "%s", err_message(err));
	err_free(err);
}

void findings_add_copy(struct finding_vec *findings, const struct finding *finding)
{
	vec_push(findings, (struct finding){
				   .rule = finding->rule,
				   .severity = finding->severity,
				   .file = copy_optional(finding->file),
				   .line = finding->line,
				   .object = copy_optional(finding->object),
				   .symbol = copy_optional(finding->symbol),
				   .declarer = copy_optional(finding->declarer),
				   .message = copy_optional(finding->message),
				   .remedy = copy_optional(finding->remedy),
				   .allowed = copy_optional(finding->allowed),
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

void finding_declared_by(struct finding_vec *findings, const char *name)
{
	struct finding *last = &findings->data[findings->len - 1];

	free(last->declarer);
	last->declarer = copy_optional(name);
}

bool finding_is_at(const struct finding *finding, const char *file, const char *symbol)
{
	return !str_compare(finding->file, file) && !str_compare(finding->symbol, symbol);
}

char *finding_where(const struct finding *finding)
{
	const char *place = finding->file ? finding->file : finding->object;

	if (place && finding->symbol)
		return xasprintf("%s: %s", place, finding->symbol);
	return copy_optional(place ? place : finding->symbol);
}

static struct finding *find_like(const struct finding_vec *findings, const struct finding *like)
{
	vec_foreach(findings, it)
		if (!strcmp(it->rule, like->rule) && finding_is_at(it, like->file, like->symbol) &&
		    !str_compare(it->object, like->object))
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
		if (it->severity > other->severity) { /* the more severe one says more */
			struct finding worse = *it;

			*it = *other;
			*other = worse;
		}
		finding_free(it);
	}
	vec_free(extra);
}

void findings_append(struct finding_vec *findings, struct finding_vec *extra)
{
	vec_foreach(extra, it)
		vec_push(findings, *it);
	vec_free(extra);
}

static int compare_findings(const void *a_, const void *b_)
{
	const struct finding *a = a_, *b = b_;
	int order = str_compare(a->file, b->file);

	order = order ? order : str_compare(a->symbol, b->symbol);
	order = order ? order : strcmp(a->rule, b->rule);
	return order ? order : strcmp(a->message, b->message);
}

void findings_sort_unique(struct finding_vec *findings)
{
	size_t kept = 0;

	if (findings->len)
		qsort(findings->data, findings->len, sizeof(*findings->data), compare_findings);
	for (size_t i = 0; i < findings->len; i++) {
		if (kept && !compare_findings(&findings->data[kept - 1], &findings->data[i]))
			finding_free(&findings->data[i]);
		else
			findings->data[kept++] = findings->data[i];
	}
	findings->len = kept;
}

bool findings_refuse(const struct finding_vec *findings)
{
	vec_foreach(findings, finding)
		if (finding->severity == SEVERITY_REFUSE && !finding->allowed)
			return true;
	return false;
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
