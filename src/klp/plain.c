/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiles units once more without constructs that a live patch cannot carry; plain.h says why. */
#include "klp/plain.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "klp/layout.h"

EMBED(plain_runtime_const, "src/klp/plain/asm/runtime-const.h");
EMBED(plain_jump_label, "src/klp/plain/asm/jump_label.h");

/* A unit may have to be compiled without these constructs. */
enum plain_need {
	PLAIN_RUNTIME_CONST = 1 << 0,
	PLAIN_JUMP_LABEL = 1 << 1,
};

static const struct plain_header {
	enum plain_need need;
	const char *path, *text;
} plain_headers[] = {
	{PLAIN_RUNTIME_CONST, "asm/runtime-const.h", plain_runtime_const},
	{PLAIN_JUMP_LABEL, "asm/jump_label.h", plain_jump_label},
};

struct plain {
	struct elf_object *orig, *patched;
	struct diff *diff;   /* compares these two; parts come from it */
	struct diff *bridge; /* compares the unit's own original with orig */
};

void plain_free(struct plain *plain)
{
	if (!plain)
		return;
	diff_free(plain->diff);
	diff_free(plain->bridge);
	elf_object_free(plain->orig);
	elf_object_free(plain->patched);
	free(plain);
}

struct diff *unit_diff(const struct unit *unit)
{
	return unit->plain ? unit->plain->diff : unit->diff;
}

/* Finds a symbol that the unit does not define, of which only the name is known. */
static const struct elf_symbol *find_undefined(const struct elf_object *object, const char *name)
{
	vec_foreach(&object->symbols, it)
		if (!(*it)->section && !strcmp((*it)->name, name))
			return *it;
	return NULL;
}

const struct elf_symbol *unit_shipped(const struct unit *unit, const struct elf_symbol *orig)
{
	if (unit->plain && orig)
		orig = orig->section ? diff_counterpart(unit->plain->bridge, orig)
				     : find_undefined(unit->orig, orig->name);
	return layout_symbol(unit, orig);
}

static bool plain_is_known(void *ctx, const struct elf_symbol *orig)
{
	return diff_counterpart(ctx, orig);
}

static unsigned needs_of(const struct diff_part *part)
{
	unsigned needs = 0;

	vec_foreach(&part->lists, list)
		if (str_starts(list->section, "runtime_"))
			needs |= PLAIN_RUNTIME_CONST;
	vec_foreach(&part->keys, key)
		if (!key->harmless)
			needs |= PLAIN_JUMP_LABEL;
	return needs;
}

static struct err *write_headers(unsigned needs, const char *dir)
{
	scope_free char *asm_dir = xasprintf("%s/asm", dir);

	err_try(dir_make(asm_dir));
	for (size_t i = 0; i < array_size(plain_headers); i++) {
		scope_free char *path = xasprintf("%s/%s", dir, plain_headers[i].path);

		if (plain_headers[i].need & needs)
			err_try(file_write_scratch(path, plain_headers[i].text,
						   strlen(plain_headers[i].text)));
	}
	return NULL;
}

static struct err *compile(struct build *build, const struct unit *unit, unsigned needs,
			   struct plain *plain)
{
	scope_dir_temp dir = NULL;
	scope_free char *pre = NULL;
	scope_free char *post = NULL;

	err_try(dir_temp(dir_for_temp(), "suture-plain", &dir));
	err_try(write_headers(needs, dir));
	err_try(pair_recompile(build->compile, build->compiled, unit->source, dir, &pre, &post));
	if (pre)
		err_try(elf_object_open(pre, &plain->orig));
	else
		plain->orig = elf_object_new(unit->source->source);
	err_try(elf_object_open(post, &plain->patched));
	err_try(diff_new(plain->orig, plain->patched, &plain->diff));
	err_try(diff_new(unit->orig, plain->orig, &plain->bridge));
	diff_detach(plain->diff, plain_is_known, plain->bridge);
	return NULL;
}

/* If the kernel's headers do not work with Suture's, the original finding stays. */
static struct err *make_one(struct build *build, struct unit *unit, bool *changed)
{
	const char *source = unit->source->source;
	struct plain *plain = xcalloc(1, sizeof(*plain));
	struct finding_vec extra = {};
	struct err *err = compile(build, unit, unit->plain_needs, plain);

	if (err) {
		plain_free(plain);
		if (err_code(err) == ERR_INTERRUPTED)
			return err;
		finding_add(
			&build->report->findings, "not-plain", source, NULL, NULL,
			"this file could not be compiled without constructs that a live patch cannot carry: %s",
			err_message(err));
		err_free(err);
		return NULL;
	}
	plain_free(unit->plain);
	unit->plain = plain;
	finding_add(
		&extra, "plain", source, NULL, NULL, "%s",
		unit->plain_needs == PLAIN_RUNTIME_CONST
			? "new code of this file is compiled differently: it loads from memory the constants that the kernel fills in at boot"
			: "new code of this file is compiled differently: its static branches test their keys in memory");
	safety_check_diff(plain->diff, source, &extra);
	findings_merge(&build->report->findings, &extra);
	*changed = true;
	return NULL;
}

struct err *plain_make(struct build *build, bool *changed)
{
	*changed = false;
	vec_foreach(&build->units, it) {
		struct unit *unit = *it;
		unsigned needs = unit->plain_needs;

		vec_foreach(&build->pieces, piece)
			if ((*piece)->unit == unit)
				needs |= needs_of((*piece)->selected);
		if (needs == unit->plain_needs)
			continue;
		unit->plain_needs = needs;
		err_try(make_one(build, unit, changed));
	}
	return NULL;
}
