/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one way to a terminal.  What others wrote (names of files, tasks and modules, lines of
 * patches, messages of compilers and kernels) can hold anything; here it becomes printable as it
 * goes out, so that no caller has to think of it.  Nothing else in cli/ writes to stdout or stderr,
 * but for JSON, whose strings base/json.h makes safe.
 */
#ifndef SUTURE_CLI_OUT_H
#define SUTURE_CLI_OUT_H

#include <stdarg.h>
#include <stdio.h>

#include "base/strbuf.h"

/*
 * Like fprintf(), but each %s goes through text_printable(): only the format itself can have line
 * ends, tabs and escapes.  A width counts what is printed; %n and %m do not exist.
 */
void cli_fprintf(FILE *stream, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The same on stdout. */
void cli_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* One line on stdout; its end is added. */
void cli_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Text of several lines: line ends and tabs stay, all else becomes printable. */
void cli_block(FILE *stream, const char *text);

/* As cli_fprintf(), into a string. */
void cli_vformat(struct strbuf *out, const char *fmt, va_list ap);

enum cli_colour { COLOUR_NONE, COLOUR_RED, COLOUR_GREEN, COLOUR_YELLOW };

/* What follows is in that colour, if the stream may be coloured. */
void cli_colour(FILE *stream, enum cli_colour colour);

#endif
