/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading and compiling a fixture. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/proc.h"
#include "fixture.h"

/*
 * These are the flags of Debian 12's 6.1 kernel without those that change no code. The last three
 * lines are what Suture adds, so that each function has its own section.
 */
static const char kernel_flags[] =
	"-pipe -w -O2 -std=gnu11 -ffreestanding -fno-strict-aliasing -fno-common -fshort-wchar "
	"-fno-PIE "
	"-fno-pic -mno-sse -mno-mmx -mno-sse2 -mno-3dnow -mno-avx -fcf-protection=none -m64 "
	"-falign-jumps=1 -falign-loops=1 -mno-80387 -mno-fp-ret-in-387 "
	"-mpreferred-stack-boundary=3 -mskip-rax-setup -mno-red-zone -mcmodel=kernel "
	"-fno-asynchronous-unwind-tables -fno-jump-tables -fno-delete-null-pointer-checks "
	"-fno-allow-store-data-races -fno-stack-protector -fno-stack-clash-protection "
	"-fno-strict-overflow -fno-stack-check -fconserve-stack "
	"-pg -mrecord-mcount -mfentry "
	"-ffunction-sections -fdata-sections";

void words_split(const char *text, const char *separators, struct str_vec *words)
{
	scope_free char *copy = xstrdup(text);
	char *rest = copy, *word;

	while ((word = strsep(&rest, separators)))
		if (*word)
			vec_push(words, xstrdup(word));
}

void fixture_problem(struct fixture *fixture, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&fixture->problems, fmt, ap);
	va_end(ap);
	strbuf_addch(&fixture->problems, '\n');
}

static const char *skip_blank(const char *text)
{
	return text + strspn(text, " \t");
}

static const char *const known_words[] = {
	"changed", "new",	    "removed",	   "unchanged",	      "any",
	"data",	   "finding",	    "contains",	   "contains-before", "contains-after",
	"lacks",   "lacks-before",  "lacks-after", "bytes",	      "relocs",
	"flags",   "part-contains", "part-lacks",
};

static bool word_is_known(const char *word)
{
	for (unsigned i = 0; i < array_size(known_words); i++)
		if (!strcmp(word, known_words[i]))
			return true;
	return false;
}

/* Reads a line of the header comment without its " * ". */
static void take_comment_line(struct fixture *fixture, const char *line)
{
	if (*line != '@') {
		if (!fixture->summary && *line)
			fixture->summary = xstrdup(line);
		return;
	}

	size_t word = strcspn(++line, " \t");

	vec_push(&fixture->directives, (struct directive){
					       .word = xstrndup(line, word),
					       .args = xstrdup(skip_blank(line + word)),
				       });
}

static unsigned marker_sides(const char *line, unsigned sides)
{
	if (!strcmp(line, "// --- before"))
		return 1 << BEFORE;
	if (!strcmp(line, "// --- after"))
		return 1 << AFTER;
	if (!strcmp(line, "// --- both"))
		return 1 << BEFORE | 1 << AFTER;
	return sides;
}

/* Reads the header comment's directives, and the text of each side. */
static void take_source(struct fixture *fixture, char *source)
{
	struct strbuf text[SIDES] = {STRBUF_INIT, STRBUF_INIT};
	unsigned sides = 1 << BEFORE | 1 << AFTER;
	char *line;

	while ((line = strsep(&source, "\n"))) {
		unsigned next = marker_sides(line, sides);

		if (str_starts(line, "// --- ")) {
			sides = next;
			continue;
		}
		if (str_starts(line, " * "))
			take_comment_line(fixture, line + 3);
		for (unsigned side = 0; side < SIDES; side++)
			if (sides & 1 << side)
				strbuf_addf(&text[side], "%s\n", line);
	}
	for (unsigned side = 0; side < SIDES; side++)
		fixture->text[side] = strbuf_detach(&text[side]);
}

struct err *fixture_load(const char *root, const char *name, const char *dir,
			 struct fixture *fixture)
{
	scope_free char *path = xasprintf("%s/%s.c", root, name);
	scope_free char *source = NULL;

	*fixture = (struct fixture){
		.name = xstrdup(name), .dir = xstrdup(dir), .problems = STRBUF_INIT};
	err_try(file_read(path, &source, NULL));
	take_source(fixture, source);
	if (!fixture->summary)
		return err_new("%s: no comment says what this fixture is about", path);
	vec_foreach(&fixture->directives, it)
		if (!word_is_known(it->word))
			return err_new("%s: there is no directive @%s", path, it->word);
	return NULL;
}

void fixture_free(struct fixture *fixture)
{
	vec_foreach(&fixture->directives, it) {
		free(it->word);
		free(it->args);
	}
	vec_free(&fixture->directives);
	for (unsigned side = 0; side < SIDES; side++)
		free(fixture->text[side]);
	for (unsigned i = 0; i < OBJECTS; i++)
		free(fixture->object[i]);
	free(fixture->name);
	free(fixture->summary);
	free(fixture->dir);
	strbuf_free(&fixture->problems);
}

/* Returns whether the object was made after the last change of its inputs. */
static bool is_fresh(const char *object, const char *const *inputs)
{
	struct stat made, input;

	if (stat(object, &made) < 0)
		return false;
	for (; *inputs; inputs++)
		if (stat(*inputs, &input) < 0 || input.st_mtime >= made.st_mtime)
			return false;
	return true;
}

static struct err *compile_side(struct fixture *fixture, enum side side, const char *compiler,
				struct str_vec *flags, const char *const *inputs)
{
	const char *leaf = strrchr(fixture->name, '/') + 1;
	scope_free char *dir = xasprintf("%s/%s", fixture->dir, side == AFTER ? "after" : "before");
	scope_free char *file = xasprintf("%s.c", leaf);
	scope_free char *path = xasprintf("%s/%s", dir, file);
	struct {
		const char **data;
		size_t len, cap;
	} argv = {};

	fixture->object[side] = xasprintf("%s/%s.o", dir, leaf);
	if (is_fresh(fixture->object[side], inputs))
		return NULL;
	err_try(dir_make(dir));
	err_try(file_write(path, fixture->text[side], strlen(fixture->text[side])));

	vec_push(&argv, compiler);
	vec_foreach(flags, flag)
		vec_push(&argv, *flag);
	if (side == AFTER)
		vec_push(&argv, "-DPATCHED");
	vec_push(&argv, "-c");
	vec_push(&argv, file); /* __FILE__ must be the same on both sides */
	vec_push(&argv, "-o");
	vec_push(&argv, fixture->object[side]);
	vec_push(&argv, NULL);

	struct proc_spec spec = {.argv = argv.data, .cwd = dir, .timeout_ms = 60000};
	struct err *err = proc_check(&spec, NULL);

	vec_free(&argv);
	return err;
}

struct err *fixture_compile(struct fixture *fixture, const char *compiler, const char *include_dir)
{
	scope_str_vec flags = {};

	words_split(kernel_flags, " ", &flags);
	vec_push(&flags, xasprintf("-I%s", include_dir));
	vec_foreach(&fixture->directives, it)
		if (!strcmp(it->word, "flags"))
			words_split(it->args, " ", &flags);

	scope_free char *source = xasprintf("%s/%s.c", include_dir, fixture->name);
	scope_free char *header = xasprintf("%s/kernel.h", include_dir);
	scope_free char *program = proc_find(compiler);
	const char *const inputs[] = {source, header, "/proc/self/exe", program, NULL};

	err_try(compile_side(fixture, BEFORE, compiler, &flags, inputs));
	return compile_side(fixture, AFTER, compiler, &flags, inputs);
}
