/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "safety/safety.h"

void findings_free(struct finding_vec *findings)
{
	vec_foreach(findings, finding) {
		free(finding->where);
		free(finding->message);
		free(finding->remedy);
	}
	vec_free(findings);
}

void finding_add(struct finding_vec *findings, const char *rule, enum severity severity,
		 const char *file, const char *symbol, const char *remedy, const char *fmt, ...)
{
	scope_strbuf message = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&message, fmt, ap);
	va_end(ap);
	vec_push(findings,
		 (struct finding){
			 .rule = rule,
			 .severity = severity,
			 .where = symbol ? xasprintf("%s: %s", file, symbol) : xstrdup(file),
			 .message = strbuf_detach(&message),
			 .remedy = remedy ? xstrdup(remedy) : NULL,
		 });
}

bool findings_refuse(const struct finding_vec *findings)
{
	vec_foreach(findings, finding)
		if (finding->severity == SEVERITY_REFUSE)
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
