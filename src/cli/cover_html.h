/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the result of `suture cover` as one self-contained page. */
#ifndef SUTURE_CLI_COVER_HTML_H
#define SUTURE_CLI_COVER_HTML_H

#include "cover/cover.h"

/* Replaces path as a whole; release is that of the kernel to patch. */
struct err *cli_cover_html(const struct cover_report *report, const char *release,
			   const char *path);

#endif
