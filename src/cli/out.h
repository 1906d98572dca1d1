/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one way to the terminal. Foreign text (names of files, tasks and modules, lines of patches,
 * messages of compilers and kernels) can hold any bytes; it is made printable as it goes out, so
 * that callers need not think of it. Nothing else in cli/ writes to stdout or stderr, except JSON,
 * whose strings base/json.h makes safe.
 */
#ifndef SUTURE_CLI_OUT_H
#define SUTURE_CLI_OUT_H

#include <stdarg.h>
#include <stdio.h>

#include "base/strbuf.h"

/*
 * Works like fprintf(), but each %s goes through text_printable(): only the format itself can have
 * line ends, tabs and escapes. Widths count printed characters; %n and %m do not exist.
 */
void cli_fprintf(FILE *stream, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Does the same as cli_fprintf() on stdout. */
void cli_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints one line on stdout and adds the line end. */
void cli_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints text of several lines: line ends and tabs stay, the rest becomes printable. */
void cli_block(FILE *stream, const char *text);

/* Formats like cli_fprintf(), into a string. */
void cli_vformat(struct strbuf *out, const char *fmt, va_list ap);

enum cli_colour { COLOUR_NONE, COLOUR_RED, COLOUR_GREEN, COLOUR_YELLOW };

/* Switches to that colour, if the stream may be coloured. */
void cli_colour(FILE *stream, enum cli_colour colour);

/*
 * Prints a word that is good news (1), bad news (-1) or neither (0), such as "pass", coloured alike
 * by all commands, in a column of width characters.
 */
void cli_word(int news, int width, const char *word);

struct cli;

/*
 * Says what may come next, in one line on stderr, if a person reads standard output at a terminal.
 */
void cli_hint(const struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
