/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fixture is a C file whose header comment says what it contains and what the differ must find;
 * see README.md in this folder.
 */
#ifndef SUTURE_GOLDEN_FIXTURE_H
#define SUTURE_GOLDEN_FIXTURE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "base/vec.h"

/* The objects that the fixture makes; diff_select() takes the part out of the patched one. */
enum side { BEFORE, AFTER, SIDES, PART = SIDES, OBJECTS };

/* A line "@word args" of the header comment. */
struct directive {
	char *word, *args;
};

struct directive_vec VEC(struct directive);

struct fixture {
	char *name;    /* "statics/renumbered" */
	char *summary; /* the first line of the header comment's prose */
	char *dir;     /* scratch folder */
	char *text[SIDES];
	char *object[OBJECTS]; /* paths, once made */
	struct directive_vec directives;
	struct strbuf problems; /* one on each line */
};

/* Reads root/name.c; dir is an existing scratch folder for this fixture alone. */
struct err *fixture_load(const char *root, const char *name, const char *dir,
			 struct fixture *fixture);
void fixture_free(struct fixture *fixture);

/* Compiles both sides with the kernel's flags and the fixture's. */
struct err *fixture_compile(struct fixture *fixture, const char *compiler, const char *include_dir);

void fixture_problem(struct fixture *fixture, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Checks @contains, @lacks, @bytes and @relocs against the two objects. */
struct err *fixture_check_contents(struct fixture *fixture);

/*
 * Selects what has to be loaded, and checks @part-contains and @part-lacks against it. Adds what
 * the rules find about it to the differ's report.
 */
struct err *fixture_check_part(struct fixture *fixture, json_t *diff);

/* Compares the differ's JSON with @changed, @new, @removed, @unchanged, @data, @finding. */
void fixture_check_verdict(struct fixture *fixture, json_t *diff);

/* Splits at any of the separators, without empty words. */
void words_split(const char *text, const char *separators, struct str_vec *words);

#endif
