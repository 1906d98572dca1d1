/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the parts that pages for a browser share. */
#include "cli/html_page.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/embed.h"
#include "base/printable.h"
#include "base/version.h"

EMBED(html_css, "src/cli/html.css");

void html_text(struct strbuf *out, const char *foreign)
{
	scope_free char *safe = text_printable_lines(foreign);

	for (const char *str = safe; *str; str++) {
		switch (*str) {
		case '&':
			strbuf_addstr(out, "&amp;");
			break;
		case '<':
			strbuf_addstr(out, "&lt;");
			break;
		case '>':
			strbuf_addstr(out, "&gt;");
			break;
		case '"':
			strbuf_addstr(out, "&quot;");
			break;
		case '\'':
			strbuf_addstr(out, "&#39;");
			break;
		default:
			strbuf_addch(out, *str);
		}
	}
}

void html_element(struct strbuf *out, const char *tag, const char *class, const char *str)
{
	strbuf_addf(out, "<%s class=\"%s\">", tag, class);
	html_text(out, str);
	strbuf_addf(out, "</%s>", tag);
}

void html_fact(struct strbuf *out, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	strbuf_addf(out, "<dt>%s</dt><dd>", name);
	html_text(out, value);
	strbuf_addstr(out, "</dd>");
}

void html_finding(struct strbuf *out, const struct finding *finding)
{
	const char *severity = finding->allowed ? "allowed" : severity_name(finding->severity);

	strbuf_addf(
		out,
		"<div class=\"card finding\"><div><span class=\"badge %s\">%s</span></div><div>",
		severity, severity);
	scope_free char *where = finding_where(finding);

	html_element(out, "span", "where", where ? where : "");
	if (finding->line)
		strbuf_addf(out, " <span class=\"remedy\">line %u</span>", finding->line);
	strbuf_addstr(out, "<p>");
	html_text(out, finding->message);
	strbuf_addstr(out, "</p><p class=\"remedy\">");
	if (finding->allowed) {
		strbuf_addstr(out, "Allowed because: ");
		html_text(out, finding->allowed);
		strbuf_addstr(out, "<br>");
	} else if (finding->remedy) {
		strbuf_addstr(out, "Help: ");
		html_text(out, finding->remedy);
		strbuf_addstr(out, "<br>");
	}
	strbuf_addstr(out, "rule <code>");
	html_text(out, finding->rule);
	strbuf_addstr(out, "</code></p></div></div>");
}

void html_begin(struct strbuf *out, const char *title)
{
	strbuf_addstr(
		out,
		"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>");
	html_text(out, title);
	strbuf_addf(out, "</title><style>%s</style></head><body>", html_css);
}

void html_end(struct strbuf *out)
{
	strbuf_addf(
		out,
		"<footer>suture %s; 'suture explain RULE' explains a rule</footer></body></html>\n",
		SUTURE_VERSION);
}
