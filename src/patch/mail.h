/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patches as mailers send them: headers, several mails in one file, encoded bodies. */
#ifndef SUTURE_PATCH_MAIL_H
#define SUTURE_PATCH_MAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * Returns in *out the text of a patch file with the bodies of its mails decoded; free(). The file
 * is a single mail, an mbox, or not a mail, whose text stays as it is. Attached mails are read, and
 * parts of unknown types if a diff is in them; pictures and the like are omitted. *decoded is true
 * if anything was decoded, so that line numbers are not those of the file any more. It is an error
 * if the headers announce quoted-printable or base64 and the body is not.
 */
struct err *mail_decode(const char *name, const char *text, char **out, bool *decoded);

/* Returns the length of the first mail of an mbox, or of the whole text if it is not an mbox. */
size_t mail_length(const char *text);

/* Returns the value of a header of the first mail, with its lines joined, or NULL; free(). */
char *mail_header(const char *text, const char *name);

/*
 * Removes the carriage returns if all lines end in CR LF; if only some do, these are the source's
 * own.
 */
void mail_drop_returns(char *text);

#endif
