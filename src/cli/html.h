/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the report of a build as one self-contained page. */
#ifndef SUTURE_CLI_HTML_H
#define SUTURE_CLI_HTML_H

#include "klp/klp.h"

/*
 * Replaces path as a whole. The report must have its listings; the patches are read again for their
 * hunks. All foreign text is escaped.
 */
struct err *html_report(const struct klp_report *report, const struct klp_build_spec *spec,
			const char *path);

#endif
