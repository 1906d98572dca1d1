/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzes the checks of changed makefiles and sources: what they allow must contain nothing that
 * runs a command or reads a file. This is checked in another way than the checks work: by searching
 * the lines for words.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "patch/makefile_guard.h"
#include "patch/source_guard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char original[] = "obj-y += a.o\n"
			       "foo-y := b.o \\\n"
			       "\tc.o\n"
			       "define x\n"
			       "y\n"
			       "endef\n"
			       "t: u\n"
			       "\tv\n";

static unsigned count_lines_with(const char *text, const char *word)
{
	unsigned count = 0;

	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		size_t len = strcspn(line, "\n");

		/* A comment may contain anything. */
		count += !memchr(line, '#', len) && memmem(line, len, word, strlen(word));
	}
	return count;
}

/* A comment may continue after a backslash, so texts with both are skipped. */
static void check_makefile(const char *before, const char *after)
{
	static const char *const words[] = {"$(shell", "$(eval",   "${", "`", ";", "|",
					    "!=",      "include ", "@",	 "&", "<", ">"};
	scope_hostile_lines found = {};

	makefile_guard("a/b/Makefile", before, after, &found);
	if (found.len || (strchr(after, '#') && strchr(after, '\\')))
		return;
	for (size_t i = 0; i < array_size(words); i++)
		if (count_lines_with(after, words[i]) >
		    count_lines_with(before ? before : "", words[i]))
			abort();
}

/* Replaces bytes below about 0x40 by pieces of makefiles, since noise rarely makes a makefile. */
static char *compose(const uint8_t *data, size_t size)
{
	static const char *const pieces[] = {
		"obj-y",   "foo-y", " += ", " := ",  "a.o",	   "\n",	 "\\\n",
		"\t",	   " ",	    "#",    "$(",    ")",	   "shell",	 "CONFIG_X",
		"ifeq",	   "(",	    ",",    "endif", "else",	   "define",	 "endef",
		"include", "x",	    ":",    "-DX",   "-I",	   "../",	 "/",
		"eval",	   "call ", "=",    "\r\n",  "ccflags-y",  "CFLAGS_a.o", "$",
		"{",	   "}",	    ";",    "!",     "cc-option,", "subst m,y,", "-f",
	};
	scope_strbuf out = STRBUF_INIT;

	for (size_t i = 0; i < size; i++) {
		if (data[i] < array_size(pieces))
			strbuf_addstr(&out, pieces[data[i]]);
		else if (data[i])
			strbuf_addch(&out, data[i]);
	}
	return strbuf_detach(&out);
}

static void check_source(const char *text)
{
	static const char added[] = "\n#include \"/etc/passwd\"\n";
	scope_free char *more = xasprintf("int a;%s%s", added, text);
	scope_hostile_lines found = {}, none = {};

	source_guard("fs/x.c", "int a;\n", more, &found);
	if (!found.len)
		abort();
	source_guard("fs/x.c", more, more, &none);
	if (none.len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scope_free char *text = xstrndup((const char *)data, size);
	scope_free char *composed = compose(data, size);
	scope_free char *behind = xasprintf("%s%s", original, composed);
	scope_free char *above = xasprintf("%s\n%s", composed, original);
	scope_hostile_lines found = {};

	check_makefile(NULL, text);
	check_makefile(NULL, composed);
	check_makefile(original, behind);
	check_makefile(original, above);
	check_source(text);
	source_guard_kconfig(NULL, text, &found);
	return 0;
}
