/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors are values. A function that can fail returns `struct err *`: NULL if it succeeded, else an
 * error that the caller must return, wrap or free. Code below cli/ never prints an error or exits
 * because of one.
 */
#ifndef SUTURE_BASE_ERR_H
#define SUTURE_BASE_ERR_H

#include <stdarg.h>
#include <stddef.h>

/* The values are the program's exit codes. */
enum err_code {
	ERR_FAILED = 1,	      /* the work could not be done */
	ERR_USAGE = 2,	      /* the command line or an argument is wrong */
	ERR_REFUSED = 3,      /* it could be done, but not safely */
	ERR_INTERRUPTED = 130 /* a signal asked the program to stop */
};

struct err;

#define ERR_MUST_USE __attribute__((warn_unused_result))
#define ERR_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Makes an error with code ERR_FAILED. The message is one line: what, where, what to do. */
struct err *err_new(const char *fmt, ...) ERR_PRINTF(1, 2) ERR_MUST_USE;

struct err *err_code_new(enum err_code code, const char *fmt, ...) ERR_PRINTF(2, 3) ERR_MUST_USE;

/* Makes an error with the message "<message>: <strerror(errnum)>". */
struct err *err_errno(int errnum, const char *fmt, ...) ERR_PRINTF(2, 3) ERR_MUST_USE;

/*
 * Puts "<context>: " before the message of err and keeps its code; consumes err. NULL stays NULL,
 * and an interrupt stays as it is.
 */
struct err *err_wrap(struct err *err, const char *fmt, ...) ERR_PRINTF(2, 3) ERR_MUST_USE;

/* A part of what an error says, which stands in a line of its own, or in a member with --json. */
struct err_part {
	const char *name; /* a literal */
	char *text;	  /* NULL: it is a number */
	size_t number;
};

/* Add a text or a number as a part, of which there are at most ERR_PARTS, and return err. */
#define ERR_PARTS 4
struct err *err_add(struct err *err, const char *name, const char *text) ERR_MUST_USE;
struct err *err_add_number(struct err *err, const char *name, size_t number) ERR_MUST_USE;

/* Returns the index-th part, or NULL if there are fewer. */
const struct err_part *err_part(const struct err *err, unsigned index);

const char *err_message(const struct err *err);
enum err_code err_code(const struct err *err);

void err_free(struct err *err);

/* Frees the error in the variable at the end of the scope. */
void err_freep(struct err **errp);

/* Returns from the calling function if EXPR gives an error. */
#define err_try(EXPR)                                                                              \
	do {                                                                                       \
		struct err *err_try_ = (EXPR);                                                     \
		if (err_try_)                                                                      \
			return err_try_;                                                           \
	} while (0)

#endif
