/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Foreign bytes for a terminal or JSON. */
#ifndef SUTURE_BASE_PRINTABLE_H
#define SUTURE_BASE_PRINTABLE_H

/*
 * Valid UTF-8 without control characters (C1 and those that change the direction of text
 * included): what is not, becomes \xNN, byte by byte.  free().
 */
char *text_printable(const char *text);
/* Does the same, but keeps tabs, which do a terminal no harm. free(). */
char *text_printable_tabs(const char *text);
/*
 * Does the same for JSON, which escapes ASCII control characters itself, so they are kept. free().
 */
char *text_printable_json(const char *text);
/* Does the same for text of several lines: keeps line ends and tabs. free(). */
char *text_printable_lines(const char *text);

#endif
