/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the units that a user's patches replace. The patched source is divided into atoms as the
 * later version is; atoms of the same file that declare the same name are the same code.
 */
#include "cover/added.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "cover/links.h"
#include "kbuild/kbuild.h"
#include "patch/patch.h"

/* The source with the user's patches: copies of the files that these change. */
struct added {
	struct change_set set;
	struct sandbox *sandbox;
	char *tree;
	struct tree_change_vec changes;
	struct atoms atoms;
};

static void added_free(struct added *added)
{
	atoms_free(&added->atoms);
	tree_changes_free(&added->changes);
	change_set_free(&added->set);
	sandbox_free(added->sandbox);
	free(added->set.dir);
	free(added->tree);
}

static struct err *added_place(struct added *added, const struct change *change, const char *source)
{
	scope_free char *to = xasprintf("%s/%s", added->tree, change->path);
	scope_free char *from = xasprintf("%s/%s", source, change->path);
	scope_free char *parent = path_parent(to);

	vec_push(&added->changes, (struct tree_change){xstrdup(change->path), file_exists(from),
						       change->file != NULL});
	if (!change->file)
		return NULL;
	err_try(dir_make(parent));
	return file_copy(change->file, to);
}

static struct err *added_apply(struct covering *covering, struct added *added)
{
	const struct cover_spec *spec = covering->spec;
	const struct confine_spec confine = {
		.target = spec->target, .kind = spec->sandbox, .work = covering->work};
	const char *source = spec->target->source;

	added->tree = xasprintf("%s/added", covering->work);
	added->set.dir = xasprintf("%s/added-files", covering->work);
	err_try(dir_make(added->tree));
	err_try(dir_make(added->set.dir));
	err_try(confine_build(&confine, &added->sandbox));
	added->set.sandbox = added->sandbox;
	for (size_t i = 0; i < spec->nr_added; i++)
		err_try(change_set_apply(&added->set, spec->added[i], source));
	err_try(change_set_settle(&added->set, source));
	vec_foreach(&added->set.changes, it)
		err_try(added_place(added, it, source));
	return atoms_cut(source, added->tree, &added->changes, &added->atoms);
}

/* Returns whether two atoms of one file, whose names have different numbers, declare one name. */
static bool atoms_share_name(const struct atoms *one, const struct source_atom *first,
			     const struct atoms *two, const struct source_atom *second)
{
	if (first->is_whole || second->is_whole)
		return true;
	vec_foreach(&first->declares, it) {
		uint32_t number = strmap_get(&two->names.map, one->names.text.data[*it]);

		if (number != STRMAP_NONE && name_set_has(&second->declares, number))
			return true;
	}
	return false;
}

static void replace_unit(struct covering *covering, size_t atom)
{
	size_t unit = links_unit(covering->unit, atom);

	for (size_t i = 0; i < covering->atoms.atoms.len; i++) {
		if (links_unit(covering->unit, i) != unit)
			continue;
		covering->replaced[i] = true;
		covering->carried[i] = false;
	}
}

static void added_find_replaced(struct covering *covering, const struct added *added)
{
	vec_foreach(&added->atoms.atoms, it) {
		const char *path = added->atoms.files.data[it->file].change->path;
		const struct atom_file *file = atoms_find_file(&covering->atoms, path);

		for (size_t i = file ? file->first : 0; file && i < file->end; i++)
			if (!covering->replaced[i] &&
			    atoms_share_name(&added->atoms, it, &covering->atoms,
					     &covering->atoms.atoms.data[i]))
				replace_unit(covering, i);
	}
}

struct err *added_replace(struct covering *covering)
{
	struct added added = {};
	struct err *err;

	if (!covering->spec->nr_added)
		return NULL;
	err = added_apply(covering, &added);
	if (!err)
		added_find_replaced(covering, &added);
	added_free(&added);
	return err;
}
