/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes each file with its carried atoms, and lists the names by which a header affects others. */
#include "cover/give.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "cover/header_names.h"

void given_files_free(struct given_files *files)
{
	vec_foreach(files, it) {
		free((char *)it->path);
		free((char *)it->file);
		if (it->names)
			str_vec_free((struct str_vec *)it->names);
		free((struct str_vec *)it->names);
	}
	vec_free(files);
}

bool give_is_carried(const struct covering *covering, size_t number)
{
	const struct atom_file *file = &covering->atoms.files.data[number];

	for (size_t i = file->first; i < file->end; i++)
		if (covering->carried[i])
			return true;
	return false;
}

/* Writes the text with the carried atoms into the folder of mixtures; the caller frees *path. */
static struct err *give_mixture(struct covering *covering, size_t number, char **path)
{
	const struct atom_file *file = &covering->atoms.files.data[number];
	struct covered_file *covered = &covering->files[number];
	scope_strbuf text = STRBUF_INIT;

	covered->lines.len = 0;
	mixture_write(file, covering->carried, covering->refitted, &text, &covered->lines);
	*path = xasprintf("%s/%zu", covering->work, number);
	return file_write_scratch(*path, text.buf, text.len);
}

struct err *give_file(struct covering *covering, size_t number, bool may_reach,
		      struct given_files *files)
{
	const struct atom_file *file = &covering->atoms.files.data[number];
	const struct tree_change *change = file->change;
	struct str_vec *names = NULL;
	char *path = NULL;

	if (file->is_cut)
		err_try(give_mixture(covering, number, &path));
	else if (change->after)
		path = xasprintf("%s/%s", covering->spec->source->tree, change->path);
	if (!may_reach || (file->is_cut && str_ends(change->path, ".h")))
		names = xcalloc(1, sizeof(*names));
	if (may_reach && names)
		header_names_find(&covering->atoms, number, covering->carried, names);
	vec_push(files, (struct pair_file){xstrdup(change->path), path, names});
	return NULL;
}

static void give_altered_file(const struct covering *covering, const struct atom_file *file,
			      const bool *differs, struct altered_file_vec *altered)
{
	const struct tree_change *change = file->change;
	size_t number = file - covering->atoms.files.data;
	struct altered_file out = {.path = xstrdup(change->path)};

	if (change->after)
		out.last = xasprintf("%s/%s", covering->spec->source->tree, change->path);
	if (file->is_cut && str_ends(change->path, ".h")) {
		out.names = xcalloc(1, sizeof(*out.names));
		header_names_find(&covering->atoms, number, differs, out.names);
		header_types_find(&covering->atoms, number, differs, out.names);
	}
	vec_push(altered, out);
}

void give_altered(const struct covering *covering, struct altered_file_vec *altered)
{
	size_t count = covering->atoms.atoms.len;
	scope_free bool *differs = xcalloc(count + 1, sizeof(*differs));

	for (size_t i = 0; i < count; i++)
		differs[i] = covering->carried[i] != covering->built[i];
	vec_foreach(&covering->atoms.files, file)
		if (memchr(differs + file->first, true, file->end - file->first))
			give_altered_file(covering, file, differs, altered);
}
