/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patches as mailers send them: headers, several mails in one file, encoded bodies. */
#ifndef SUTURE_PATCH_MAIL_H
#define SUTURE_PATCH_MAIL_H

#include <stdbool.h>

#include "base/err.h"

/*
 * The text of a patch file with the bodies of its mails decoded: a single mail, an mbox, or no mail
 * at all, of which the text stays as it is.  Parts that are no text are left out.  free() *out;
 * *decoded tells whether anything was, so that lines are no longer those of the file.  What the
 * headers call quoted-printable or base64 and is not is an error.
 */
struct err *mail_decode(const char *name, const char *text, char **out, bool *decoded);

/* Drops the carriage returns if all lines end in CR LF; a few that do are the source's own. */
void mail_drop_returns(char *text);

#endif
