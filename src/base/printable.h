/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes foreign bytes safe for a terminal or for JSON. */
#ifndef SUTURE_BASE_PRINTABLE_H
#define SUTURE_BASE_PRINTABLE_H

/*
 * Returns valid UTF-8 without control characters, including C1 and characters that change the
 * direction of text. Each other byte becomes \xNN. free().
 */
char *text_printable(const char *text);
/* Does the same as text_printable(), but keeps tabs, which do a terminal no harm. free(). */
char *text_printable_tabs(const char *text);
/*
 * Does the same as text_printable() for JSON, which escapes ASCII control characters itself,
 * so they are kept. free().
 */
char *text_printable_json(const char *text);
/* Does the same as text_printable() for text of several lines: keeps line ends and tabs.
 * free(). */
char *text_printable_lines(const char *text);

#endif
