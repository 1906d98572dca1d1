/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of cover share: two small trees, and the units into which they are divided. */
#ifndef SUTURE_TESTS_COVER_CUTTING_H
#define SUTURE_TESTS_COVER_CUTTING_H

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "cover/atoms.h"
#include "cover/links.h"
#include "unit.h"

/* Two versions of a tree, and the atoms that they are cut into. */
struct cutting {
	char *dir, *trees[2];
	struct tree_change_vec changes;
	struct atoms atoms;
	size_t *unit;
	struct atom_need_vec needs;
};

static inline void cutting_init(struct cutting *cutting)
{
	*cutting = (struct cutting){};
	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &cutting->dir));
	cutting->trees[0] = xasprintf("%s/a", cutting->dir);
	cutting->trees[1] = xasprintf("%s/b", cutting->dir);
}

/* Adds a file to both trees; NULL on the side that does not have it. */
static inline void cutting_file(struct cutting *cutting, const char *path, const char *before,
				const char *after)
{
	const char *const texts[] = {before, after};

	for (unsigned side = 0; side < 2; side++) {
		scope_free char *full = xasprintf("%s/%s", cutting->trees[side], path);
		scope_free char *parent = path_parent(full);

		ck_assert_ok(dir_make(parent));
		if (texts[side])
			ck_assert_ok(file_write_scratch(full, texts[side], strlen(texts[side])));
	}
}

static inline void cutting_cut(struct cutting *cutting)
{
	ck_assert_ok(tree_diff(cutting->trees[0], cutting->trees[1], NULL, &cutting->changes));
	ck_assert_ok(atoms_cut(cutting->trees[0], cutting->trees[1], &cutting->changes,
			       &cutting->atoms));
	cutting->unit = xcalloc(cutting->atoms.atoms.len + 1, sizeof(*cutting->unit));
	links_find(&cutting->atoms, cutting->unit, &cutting->needs);
}

static inline void cutting_free(struct cutting *cutting)
{
	free(cutting->unit);
	vec_free(&cutting->needs);
	atoms_free(&cutting->atoms);
	tree_changes_free(&cutting->changes);
	free(cutting->trees[0]);
	free(cutting->trees[1]);
	dir_temp_cleanup(&cutting->dir);
}

/*
 * Compares the units with a text such as "a.c:f a.c:g | a.h:x": the atoms, with a bar between
 * units.
 */
static inline void expect_units(struct cutting *cutting, const char *wanted)
{
	scope_strbuf out = STRBUF_INIT;

	cutting_cut(cutting);

	size_t count = cutting->atoms.atoms.len;

	for (size_t i = 0; i < count; i++) {
		if (links_unit(cutting->unit, i) != i)
			continue;
		strbuf_addstr(&out, out.len ? " |" : "");
		for (size_t k = i; k < count; k++) {
			const struct source_atom *atom = &cutting->atoms.atoms.data[k];

			if (links_unit(cutting->unit, k) == i)
				strbuf_addf(&out, "%s%s:%s", out.len ? " " : "",
					    cutting->atoms.files.data[atom->file].change->path,
					    atom->name);
		}
	}
	ck_assert_str_eq(out.buf, wanted);
}

#endif
