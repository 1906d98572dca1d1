/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Applies diffs to private copies of the files that they change, one file at a time. */
#include "patch/changes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cve.h"
#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "patch/hunk_mismatch.h"
#include "patch/mail.h"
#include "patch/parse.h"

void change_set_free(struct change_set *set)
{
	vec_foreach(&set->changes, it) {
		free(it->path);
		free(it->file);
		free(it->moved_from);
	}
	vec_free(&set->changes);
	findings_free(&set->findings);
	str_vec_free(&set->cves);
}

struct change *change_find(const struct change_set *set, const char *path)
{
	vec_foreach(&set->changes, it) {
		if (!strcmp(it->path, path))
			return it;
	}
	return NULL;
}

/* Returns the file with the current content of path, or NULL if there is none. */
static char *change_present_file(const struct change_set *set, const char *root, const char *path)
{
	const struct change *change = change_find(set, path);

	if (change)
		return change->file ? xstrdup(change->file) : NULL;

	scope_free char *original = xasprintf("%s/%s", root, path);

	return file_exists(original) ? take_ptr(original) : NULL;
}

/* Records what path becomes, and takes ownership of file; NULL means that path is removed. */
static struct change *change_record(struct change_set *set, const char *root, const char *path,
				    char *file)
{
	struct change *change = change_find(set, path);
	scope_free char *original = xasprintf("%s/%s", root, path);
	enum change_kind kind = !file			? CHANGE_REMOVED
				: file_exists(original) ? CHANGE_MODIFIED
							: CHANGE_ADDED;

	if (!change) {
		vec_push(&set->changes, (struct change){.path = xstrdup(path)});
		change = &set->changes.data[set->changes.len - 1];
	}
	free(change->file);
	change->file = file;
	change->kind = kind;
	return change;
}

/* A failing hunk of a patch, and the file that it does not fit. */
struct misfit {
	const char *patch;
	const struct patch_file *file;
	const char *path; /* in the tree */
	const char
		*from; /* the file with its text: in the tree, or what earlier patches made of it */
	const char *root;
};

static struct err *change_explain_hunk(const struct misfit *misfit, unsigned number, unsigned line)
{
	scope_free char *text = NULL;
	scope_hunk_mismatch mismatch = {};
	const struct patch_file *file = misfit->file;

	err_free(file_read(misfit->from, &text, NULL));

	bool known = text && hunk_mismatch_find(file->hunks.start, file->hunks.size, number, text,
						&mismatch);
	struct err *err = err_new(
		"%s: does not apply: %s: hunk %u of %u fails at line %u%s (the source is %s%s)",
		misfit->patch, misfit->path, number, file->nr_hunks, line,
		known && !mismatch.found ? ", since the file ends too early" : "", misfit->root,
		str_starts(misfit->from, misfit->root) ? "" : ", changed by patches before");

	if (!known)
		return err;

	err = err_add_number(err_add(err, "file", misfit->path), "line", mismatch.line);
	err = err_add(err, "expected", mismatch.expected);
	return mismatch.found ? err_add(err, "found", mismatch.found) : err;
}

/* Turns the first "Hunk #2 FAILED at 17." of patch(1) into an error. */
static struct err *change_explain_failure(const struct misfit *misfit, const char *output)
{
	const char *failed = strstr(output, " FAILED at ");
	const char *hunk = failed;
	unsigned number = 0, line = 0;

	while (hunk && hunk > output && hunk[-1] != '#')
		hunk--;
	if (failed && sscanf(hunk, "%u FAILED at %u", &number, &line) == 2)
		return change_explain_hunk(misfit, number, line);
	if (strstr(output, "previously applied"))
		return err_new("%s: does not apply: %s: the change seems to be applied already",
			       misfit->patch, misfit->path);

	scope_strbuf last = STRBUF_INIT;

	proc_last_lines(output, 2, &last);
	return err_new("%s: does not apply: %s: %s", misfit->patch, misfit->path, last.buf);
}

/* output is that of patch(1), which has found the hunks' lines, but not all lines around them. */
static void change_find_fuzz(struct change_set *set, const char *patch, const char *path,
			     const char *output)
{
	for (const char *line = output; (line = strstr(line, "Hunk #")); line++) {
		unsigned hunk, at, fuzz;

		if (sscanf(line, "Hunk #%u succeeded at %u with fuzz %u", &hunk, &at, &fuzz) != 3)
			continue;
		finding_add(&set->findings, "hunk-fuzz", path, NULL,
			    "compare the lines around it with those of the patch",
			    "hunk %u of %s applies only with fuzz %u", hunk, path_base(patch),
			    fuzz);
		finding_at(&set->findings, at);
	}
}

/* A patch's message is what stands outside its hunks; code may name fixes that it does not have. */
static void change_find_cves(struct change_set *set, const char *text,
			     const struct patch_file_vec *files)
{
	const char *at = text;

	vec_foreach(files, it) {
		if (!it->nr_hunks)
			continue;
		cve_find(at, it->hunks.start - at, &set->cves);
		at = it->hunks.start + it->hunks.size;
	}
	cve_find(at, strlen(at), &set->cves);
}

/* patch(1) needs a regular file to start from, even for a new file. */
static struct err *change_make_empty(const struct change_set *set, char **path)
{
	*path = xasprintf("%s/empty", set->dir);
	return file_write_scratch(*path, NULL, 0);
}

/* Writes to `to` what the hunks make of `from`; the caller explains the output. */
static struct err *change_run_patch(const struct change_set *set, const struct patch_file *file,
				    const char *from, const char *to, int *status,
				    struct strbuf *output)
{
	scope_free char *diff = xasprintf("%s.diff", to);
	scope_free char *reject = xasprintf("--reject-file=%s.rej", to);
	scope_free char *temp = xasprintf("TMPDIR=%s", set->dir);
	scope_strbuf text = STRBUF_INIT;

	strbuf_addstr(&text, "--- old\n+++ new\n");
	strbuf_add(&text, file->hunks.start, file->hunks.size);
	err_try(file_write_scratch(diff, text.buf, text.len));

	const char *const argv[] = {
		"patch", "--forward", "--unified", reject, "--no-backup-if-mismatch", "-i", diff,
		"-o",	 to,	      from,	   NULL};
	/*
	 * The messages of patch(1) are parsed, so they must not depend on the user's environment.
	 */
	const char *const env[] = {
		"LC_ALL=C", "POSIXLY_CORRECT", "PATCH_GET", "VERSION_CONTROL", temp, NULL};

	err_try(proc_run(&(struct proc_spec){.argv = argv, .env = env, .sandbox = set->sandbox},
			 status, output));
	unlink(diff);
	return NULL;
}

static bool file_is_empty(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !st.st_size;
}

static void change_note_move(struct change *change, const char *from)
{
	free(change->moved_from);
	change->moved_from = xstrdup(from);
}

/*
 * Finds out which of the two names of a file is meant. One of them may be anything, such as a copy
 * that somebody kept beside the tree, as long as the other one names a file.
 */
static struct err *change_pick_path(const struct change_set *set, const char *patch,
				    const char *root, const struct patch_file *file,
				    const char **old_path, const char **new_path)
{
	const char *const paths[] = {*new_path, *old_path};

	for (size_t i = 0; i < array_size(paths); i++) {
		scope_free char *present =
			paths[i] ? change_present_file(set, root, paths[i]) : NULL;

		if (present) {
			*old_path = *new_path = paths[i];
			return NULL;
		}
	}
	/* Plain diff, unlike git, gives a new file an old name, too. */
	if (file->from_nothing && *new_path) {
		*old_path = NULL;
		return NULL;
	}
	if (*old_path && *new_path && !strcmp(*old_path, *new_path) && !file->bad_name)
		return err_new("%s: does not apply: %s: the source has no such file", patch,
			       *new_path);
	return err_new("%s:%u: does not apply: the source has no such file: %s or %s", patch,
		       file->line, file->old_name,
		       file->bad_name ? file->bad_name : file->new_name);
}

static struct err *change_apply_file(struct change_set *set, const char *patch, const char *root,
				     const struct patch_file *file, unsigned strip)
{
	const char *old_path = patch_strip(file->old_name, strip);
	const char *new_path = patch_strip(file->new_name, strip);

	bool moves = file->renames || file->copies;

	if (file->old_name && file->new_name && !moves)
		err_try(change_pick_path(set, patch, root, file, &old_path, &new_path));
	else if ((file->old_name && !old_path) || (file->new_name && !new_path))
		return err_new("%s:%u: no file name is left after the prefix", patch, file->line);

	const char *path = new_path ? new_path : old_path;
	scope_free char *from = old_path ? change_present_file(set, root, old_path) : NULL;
	scope_free char *existing = change_present_file(set, root, path);
	scope_free char *to = xasprintf("%s/%u", set->dir, set->nr_files++);
	scope_free char *empty = NULL;
	scope_strbuf output = STRBUF_INIT;
	int status = 0;

	if (old_path && !from)
		return err_new("%s: does not apply: %s: the source has no such file", patch,
			       old_path);
	if ((!old_path || strcmp(old_path, path)) && existing)
		return err_new("%s: does not apply: %s: the file already exists", patch, path);
	err_try(change_make_empty(set, &empty));
	if (file->nr_hunks)
		err_try(change_run_patch(set, file, from ? from : empty, to, &status, &output));
	else /* git describes renames and empty files without hunks */
		err_try(file_copy(from && new_path ? from : empty, to));
	if (status)
		return change_explain_failure(
			&(struct misfit){patch, file, path, from ? from : empty, root}, output.buf);
	change_find_fuzz(set, patch, path, output.buf);
	if (!new_path && !file_is_empty(to))
		return err_new(
			"%s: does not apply: %s: the patch removes it, but it has other lines too",
			patch, path);
	if (old_path && new_path && file->renames)
		change_record(set, root, old_path, NULL);
	change_record(set, root, path, new_path ? take_ptr(to) : NULL)->is_link |= file->is_link;
	if (old_path && new_path && file->renames)
		change_note_move(change_find(set, path), old_path);
	return NULL;
}

struct err *change_set_apply(struct change_set *set, const char *patch, const char *root)
{
	scope_free char *text = NULL;
	scope_free char *decoded = NULL;
	scope_patch_files files = {};
	bool is_decoded;
	size_t size;

	err_try(file_read(patch, &text, &size));
	if (strlen(text) != size)
		return err_new("%s: not a text file", patch);
	mail_drop_returns(text);
	err_try(mail_decode(patch, text, &decoded, &is_decoded));

	/* Decoding joins lines, so that line numbers are not those of the file any more. */
	scope_free char *shown = xasprintf("%s%s", patch, is_decoded ? " (decoded)" : "");

	err_try(patch_parse(shown, decoded, &files));

	unsigned strip = patch_strip_level(&files, root);

	vec_foreach(&files, it)
		err_try(change_apply_file(set, patch, root, it, strip));
	change_find_cves(set, decoded, &files);
	return NULL;
}

struct err *change_set_put(struct change_set *set, const char *root, const char *path,
			   const char *file)
{
	scope_free char *copy = NULL;
	struct stat st;
	bool is_link = file && !lstat(file, &st) && S_ISLNK(st.st_mode);

	if (file) {
		copy = xasprintf("%s/%u", set->dir, set->nr_files++);
		/* The target of a link need not be a file of the tree. */
		err_try(is_link ? file_write_scratch(copy, NULL, 0) : file_copy(file, copy));
	}
	change_record(set, root, path, take_ptr(copy))->is_link |= is_link;
	return NULL;
}

static int change_compare(const void *a, const void *b)
{
	return strcmp(((const struct change *)a)->path, ((const struct change *)b)->path);
}

static struct err *change_is_void(const struct change *change, const char *root, bool *is_void)
{
	scope_free char *original = xasprintf("%s/%s", root, change->path);

	*is_void = false;
	if (change->is_link)
		return NULL;
	if (change->kind == CHANGE_REMOVED)
		*is_void = !file_exists(original);
	return change->kind == CHANGE_MODIFIED ? file_equal(original, change->file, is_void) : NULL;
}

struct err *change_set_settle(struct change_set *set, const char *root)
{
	size_t kept = 0;
	struct err *err = NULL;

	for (size_t i = 0; i < set->changes.len; i++) {
		struct change *change = &set->changes.data[i];
		bool is_void = false;

		if (!err)
			err = change_is_void(change, root, &is_void);
		if (is_void) {
			free(change->path);
			free(change->file);
			free(change->moved_from);
		} else {
			set->changes.data[kept++] = *change;
		}
	}
	set->changes.len = kept;
	if (kept)
		qsort(set->changes.data, kept, sizeof(*set->changes.data), change_compare);
	return err;
}
