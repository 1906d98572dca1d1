/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the objects of a release, and what each is linked into. */
#include "kbuild/units.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/text.h"
#include "kbuild/kept.h"
#include "kbuild/scripts.h"

/* An object that a makefile mentions. */
struct mention {
	char *object;
	char *goal; /* NULL: the same as the object's name */
	enum kbuild_unit_kind kind;
	char *owner;
};

struct mention_vec VEC(struct mention);

/* Turns "snd-soc-core.o" into "snd_soc_core", as the kernel spells modules. */
static char *units_module_name(const char *object)
{
	char *name = xstrdup(path_base(object));
	size_t len = strlen(name);

	if (str_ends(name, ".o"))
		name[len - 2] = '\0';
	for (char *c = name; *c; c++) {
		if (*c == '-' || *c == ',')
			*c = '_';
	}
	return name;
}

static bool unit_kind_is_kernel(enum kbuild_unit_kind kind)
{
	return kind == KBUILD_UNIT_KERNEL || kind == KBUILD_UNIT_LIB;
}

bool kbuild_unit_is_kernel(const struct kbuild_unit *unit)
{
	return unit && unit_kind_is_kernel(unit->kind);
}

/*
 * Returns the goal if a name leads out of the makefile's folder: make knows the object only by this
 * name.
 */
static char *mention_goal(const char *dir, const char *name)
{
	bool climbs = str_starts(name, "../") || strstr(name, "/../");

	return climbs ? xasprintf("%s/%s", dir, name) : NULL;
}

static void mentions_digest_line(struct mention_vec *mentions, char *line, const char *dir,
				 const char *arch_lib)
{
	char *save = NULL;
	char *key = strtok_r(line, " ", &save);
	char *module = *key == 'M' ? strtok_r(NULL, " ", &save) : NULL;
	scope_free char *owner = module ? units_module_name(module) : xstrdup("vmlinux");
	scope_free char *slashed = xasprintf("%s/", dir);
	enum kbuild_unit_kind kind = KBUILD_UNIT_KERNEL;

	/* Libraries of other folders are linked into boot code or the EFI stub. */
	if (*key == 'L')
		kind = str_has_word(arch_lib, slashed, " ") ? KBUILD_UNIT_LIB : KBUILD_UNIT_OTHER;
	else if (*key == 'T')
		kind = KBUILD_UNIT_OTHER;
	else if (*key == 'H')
		kind = KBUILD_UNIT_HOST;
	for (char *name; (name = strtok_r(NULL, " ", &save));) {
		if (!str_ends(name, ".o"))
			continue;
		/* In some makefiles, $(targets) contain their folder. */
		vec_push(mentions, (struct mention){
					   .object = str_starts(name, slashed) && *dir != '.'
							     ? xstrdup(name)
							     : path_join(dir, name),
					   .goal = mention_goal(dir, name),
					   .kind = kind,
					   .owner = xstrdup(unit_kind_is_kernel(kind) ? owner : ""),
				   });
	}
}

static int unit_kind_rank(enum kbuild_unit_kind kind)
{
	static const char order[] = {KBUILD_UNIT_KERNEL, KBUILD_UNIT_LIB, KBUILD_UNIT_OTHER,
				     KBUILD_UNIT_HOST};

	return (const char *)memchr(order, kind, sizeof(order)) - order;
}

static int mention_compare(const void *a, const void *b)
{
	const struct mention *one = a, *two = b;
	int by_name = strcmp(one->object, two->object);

	if (by_name)
		return by_name;
	if (one->kind != two->kind)
		return unit_kind_rank(one->kind) - unit_kind_rank(two->kind);
	return strcmp(one->owner, two->owner);
}

/*
 * Returns the name by which to ask for the object of mention i: its own, if any makefile has that.
 */
static const char *mentions_best_goal(const struct mention_vec *mentions, size_t i)
{
	const struct mention *first = &mentions->data[i];

	for (; i < mentions->len && !strcmp(mentions->data[i].object, first->object); i++)
		if (mentions->data[i].kind == first->kind && !mentions->data[i].goal)
			return NULL;
	return first->goal;
}

static char *mentions_format(struct mention_vec *mentions)
{
	scope_strbuf out = STRBUF_INIT;
	const struct mention *last = NULL;

	if (mentions->len)
		qsort(mentions->data, mentions->len, sizeof(*mentions->data), mention_compare);
	vec_foreach(mentions, it) {
		const char *goal = mentions_best_goal(mentions, it - mentions->data);

		if (!last || strcmp(last->object, it->object))
			strbuf_addf(&out, "%s%c %s%s%s %s", last ? "\n" : "", it->kind, it->object,
				    goal ? "|" : "", goal ? goal : "", it->owner);
		else if (last->kind != it->kind)
			continue; /* an earlier mention of the object decides */
		else if (strcmp(last->owner, it->owner))
			strbuf_addf(&out, " %s", it->owner);
		last = it;
	}
	if (last)
		strbuf_addch(&out, '\n');
	return strbuf_detach(&out);
}

char *kbuild_units_digest(const char *walk, const char *arch_lib)
{
	struct mention_vec mentions = {};
	scope_free char *copy = xstrdup(walk);
	const char *dir = ".";
	char *save = NULL;

	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (str_starts(line, "D "))
			dir = line + 2;
		else if (*line && strchr("YMLTH", *line) && line[1] == ' ')
			mentions_digest_line(&mentions, line, dir, arch_lib);
	}

	char *text = mentions_format(&mentions);

	vec_foreach(&mentions, it) {
		free(it->object);
		free(it->goal);
		free(it->owner);
	}
	vec_free(&mentions);
	return text;
}

struct err *kbuild_units_parse(char *text, struct kbuild_units *units)
{
	char *save = NULL;

	units->text = text;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *object = line + 2;
		char *blank = line[0] && line[1] == ' ' ? strchr(object, ' ') : NULL;

		if (!blank)
			return err_new("list of units: damaged line \"%s\"", line);
		*blank = '\0';

		char *goal = strchr(object, '|');

		if (goal)
			*goal++ = '\0';
		vec_push(&units->units, (struct kbuild_unit){.object = object,
							     .goal = goal ? goal : object,
							     .kind = (enum kbuild_unit_kind)line[0],
							     .owners = blank + 1});
	}
	return NULL;
}

void kbuild_units_free(struct kbuild_units *units)
{
	vec_free(&units->units);
	free(units->text);
	units->text = NULL;
}

static int unit_compare_to(const void *object, const void *unit)
{
	return strcmp(object, ((const struct kbuild_unit *)unit)->object);
}

const struct kbuild_unit *kbuild_unit_find(const struct kbuild_units *units, const char *object)
{
	if (!units->units.len)
		return NULL;
	return bsearch(object, units->units.data, units->units.len, sizeof(*units->units.data),
		       unit_compare_to);
}

bool kbuild_units_below(const struct kbuild_units *units, const char *dir)
{
	size_t len = strlen(dir);

	vec_foreach(&units->units, it)
		if (!strncmp(it->object, dir, len) && kbuild_unit_is_kernel(it))
			return true;
	return false;
}

char *kbuild_object_of(const char *source)
{
	const char *dot = strrchr(source, '.');
	size_t len = dot && !strchr(dot, '/') ? (size_t)(dot - source) : strlen(source);

	return xasprintf("%.*s.o", (int)len, source);
}

static struct err *units_walk(const struct kbuild *kbuild, const char *dir, char **text)
{
	scope_free char *script = xasprintf("%s/suture-walk.mk", dir);
	const char *const words[] = {"-f", "suture-walk.mk"};
	struct str_vec args = {(char **)words, array_size(words), 0};
	scope_strbuf output = STRBUF_INIT;

	err_try(file_write_scratch(script, kbuild_script_walk, strlen(kbuild_script_walk)));
	err_try(err_wrap(kbuild_make(kbuild, dir, &args, &output),
			 "the makefiles of the source cannot be evaluated"));
	*text = kbuild_units_digest(output.buf, kbuild_env(kbuild, "ARCH_LIB"));
	return NULL;
}

struct err *kbuild_units_walk(const struct kbuild *kbuild, const char *dir,
			      struct kbuild_units *units)
{
	char *text = NULL;

	err_try(units_walk(kbuild, dir, &text));
	return kbuild_units_parse(text, units);
}

struct err *kbuild_units_load(const struct kbuild *kbuild, const char *work,
			      struct progress *progress, struct kbuild_units *units)
{
	scope_free char *text = NULL;

	if (!kept_has(kbuild, "units")) {
		scope_free char *dir = xasprintf("%s/walk", work);

		progress_begin(progress, "listing the kernel's objects", 0, PROGRESS_COUNT);

		struct err *err = kbuild_dir_make(kbuild, dir, kbuild->target->source);

		if (!err)
			err = units_walk(kbuild, dir, &text);
		progress_end(progress);
		err_try(err);
		err_try(kept_write(kbuild, "units", text, strlen(text)));
	} else {
		scope_free char *kept = kept_path(kbuild, "units");

		err_try(file_read(kept, &text, NULL));
	}
	return kbuild_units_parse(take_ptr(text), units);
}
