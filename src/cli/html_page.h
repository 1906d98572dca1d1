/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts that pages for a browser share: frame, style, escaped text, findings. */
#ifndef SUTURE_CLI_HTML_PAGE_H
#define SUTURE_CLI_HTML_PAGE_H

#include "base/strbuf.h"
#include "finding/finding.h"

/* Begins a page without scripts or outside resources; html_end() ends it. */
void html_begin(struct strbuf *out, const char *title);
void html_end(struct strbuf *out);

/* Adds foreign text, with what is special in HTML escaped and without control characters. */
void html_text(struct strbuf *out, const char *foreign);

/* Adds <tag class="...">text</tag>; tag and class are never foreign text. */
void html_element(struct strbuf *out, const char *tag, const char *class, const char *str);

/* Adds a name and a value to a list of facts; adds nothing if the value is NULL or empty. */
void html_fact(struct strbuf *out, const char *name, const char *value);

/* Adds one finding with its severity, place, message, remedy and rule. */
void html_finding(struct strbuf *out, const struct finding *finding);

#endif
