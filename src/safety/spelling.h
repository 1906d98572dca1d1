/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Represents the way in which a type is written in C as a list of parts.  Rules compare the parts;
 * the text that the parts make is only for people.
 */
#ifndef SUTURE_SAFETY_SPELLING_H
#define SUTURE_SAFETY_SPELLING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

enum spelling_kind {
	SPELLING_TYPE,	  /* a structure, union or typedef by its name: "struct foo" */
	SPELLING_ENUM,	  /* an enumeration, by its name or with its constants */
	SPELLING_NUMBER,  /* a number: "long unsigned int", "_Bool" */
	SPELLING_UNNAMED, /* the start of a structure or union without a name; its members follow */
	SPELLING_CONST,	  /* "const " */
	SPELLING_VOLATILE, /* "volatile " */
	SPELLING_POINTER,  /* " *", or "*" behind another one */
	SPELLING_CALL,	   /* the start of a parameter list: "(" */
	SPELLING_OTHER,	   /* "void", the bounds of arrays, what stands between and behind parts */
};

struct spelling_part {
	enum spelling_kind kind;
	char *text;
	uint64_t bytes; /* of a number or an enumeration: its size */
	bool real;	/* of a number: it is not an integer */
};

struct spelling VEC(struct spelling_part);

void spelling_free(struct spelling *spelling);
#define scope_spelling __attribute__((cleanup(spelling_free))) struct spelling

void spelling_add(struct spelling *spelling, enum spelling_kind kind, const char *text);
/* Adds a number or an enumeration of so many bytes. */
void spelling_add_sized(struct spelling *spelling, enum spelling_kind kind, const char *text,
			uint64_t bytes, bool real);
/* Moves the parts of extra to the end; extra is empty then. */
void spelling_append(struct spelling *spelling, struct spelling *extra);

/* "struct foo *[4]"; free(). */
char *spelling_text(const struct spelling *spelling);

bool spelling_ends_in_pointer(const struct spelling *spelling);
/* Returns whether it is a pointer that no function is part of. */
bool spelling_is_pointer(const struct spelling *spelling);
bool spelling_is_void_pointer(const struct spelling *spelling);

/* Returns the first part that is neither const nor volatile, or NULL if there is none. */
const struct spelling_part *spelling_first(const struct spelling *spelling);

/*
 * The name of the type where the spelling is nothing but that, or that with qualifiers; else NULL.
 */
const char *spelling_only_name(const struct spelling *spelling);

#endif
