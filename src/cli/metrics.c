/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes single metrics, for the commands that node_exporter's textfile collector reads. */
#include "cli/metrics.h"

#include "base/alloc.h"
#include "base/printable.h"

void metrics_add_head(struct strbuf *out, const char *name, const char *help)
{
	strbuf_addf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

void metrics_add(struct strbuf *out, const char *name, const char *help, double value)
{
	metrics_add_head(out, name, help);
	strbuf_addf(out, "%s %.15g\n", name, value);
}

/*
 * The format escapes quotes, backslashes and newlines; text_printable() has already replaced
 * newlines, other control characters and what is not UTF-8.
 */
void metrics_add_label(struct strbuf *out, const char *name, const char *value)
{
	scope_free char *safe = text_printable(value);

	strbuf_addf(out, "%s=\"", name);
	for (const char *c = safe; *c; c++) {
		if (*c == '"' || *c == '\\')
			strbuf_addch(out, '\\');
		strbuf_addch(out, *c);
	}
	strbuf_addch(out, '"');
}
