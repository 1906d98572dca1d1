/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the checks before loading have found, as data. */
#include <stdarg.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "live/findings.h"

const char *live_level_name(enum live_level level)
{
	static const char *const names[] = {
		[LIVE_NOTE] = "note", [LIVE_WARN] = "warn", [LIVE_REFUSE] = "refuse"};

	return names[level];
}

void live_finding_add(struct live_finding_vec *findings, enum live_level level, const char *what,
		      const char *module, const char *fmt, ...)
{
	scope_strbuf message = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&message, fmt, ap);
	va_end(ap);
	vec_push(findings, (struct live_finding){level, what, module ? xstrdup(module) : NULL,
						 strbuf_detach(&message)});
}

void live_finding_of(struct live_finding_vec *findings, enum live_level level, const char *what,
		     struct err *err)
{
	if (err)
		live_finding_add(findings, level, what, NULL, "%s", err_message(err));
	err_free(err);
}

bool live_findings_refuse(const struct live_finding_vec *findings)
{
	vec_foreach(findings, it)
		if (it->level == LIVE_REFUSE)
			return true;
	return false;
}

void live_findings_free(struct live_finding_vec *findings)
{
	vec_foreach(findings, it) {
		free(it->module);
		free(it->message);
	}
	vec_free(findings);
}
