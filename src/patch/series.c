/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a series of patches: a folder, an mbox, or a range of commits, which git prints as one. */
#include "patch/series.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "patch/mail.h"

#define GIT_ID_LENGTH 40

void series_free(struct series_commit_vec *commits)
{
	vec_foreach(commits, it) {
		free(it->id);
		free(it->name);
		free(it->text);
		patch_file_vec_free(&it->files);
	}
	vec_free(commits);
}

/* Returns the id in "From 0123… Mon Sep 17 00:00:00 2001", or NULL; free(). */
static char *series_id(const char *mail)
{
	const char *id = str_starts(mail, "From ") ? mail + strlen("From ") : "";
	size_t len = strspn(id, "0123456789abcdef");

	return len == GIT_ID_LENGTH && id[len] == ' ' ? xstrndup(id, len) : NULL;
}

/* Returns the subject without the marks in brackets before it, or NULL; free(). */
static char *series_subject(const char *mail)
{
	scope_free char *subject = mail_header(mail, "Subject");
	const char *text = subject;

	while (text && *text == '[' && strchr(text, ']')) {
		text = strchr(text, ']') + 1;
		text += strspn(text, " ");
	}
	return text && *text ? xstrdup(text) : NULL;
}

static bool series_has_diff(const char *text)
{
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (str_starts(line, "diff --git ") || str_starts(line, "@@ -"))
			return true;
	}
	return false;
}

static struct err *series_add_mail(const char *path, const char *mail,
				   struct series_commit_vec *commits)
{
	struct series_commit commit = {};
	bool decoded;

	err_try(mail_decode(path, mail, &commit.text, &decoded));
	mail_drop_returns(commit.text);
	if (!series_has_diff(commit.text)) {
		free(commit.text);
		return NULL;
	}
	commit.id = series_id(mail);
	commit.name = series_subject(mail);
	if (!commit.name)
		commit.name = xstrdup(path_base(path));

	struct err *err = patch_parse(commit.name, commit.text, &commit.files);

	vec_push(commits, commit);
	return err_wrap(err, "%s", path);
}

static struct err *series_add_mbox(const char *path, const char *text,
				   struct series_commit_vec *commits)
{
	while (*text) {
		size_t len = mail_length(text);
		scope_free char *mail = xstrndup(text, len);

		err_try(series_add_mail(path, mail, commits));
		text += len;
	}
	return NULL;
}

static struct err *series_add_file(const char *path, struct series_commit_vec *commits)
{
	scope_free char *text = NULL;
	size_t size;

	err_try(file_read_stream(path, &text, &size));
	if (strlen(text) != size)
		return err_new("%s: contains a NUL byte, so it is not a patch", path);
	return series_add_mbox(path, text, commits);
}

static bool series_is_patch(const char *name)
{
	static const char *const ends[] = {".patch", ".diff", ".mbox", ".eml"};

	for (size_t i = 0; i < array_size(ends); i++)
		if (str_ends(name, ends[i]))
			return true;
	return false;
}

static struct err *series_add_dir(const char *folder, struct series_commit_vec *commits)
{
	DIR *dir = opendir(folder);
	scope_str_vec names = {};

	if (!dir)
		return err_errno(errno, "%s: cannot be read", folder);
	for (const struct dirent *entry; (entry = readdir(dir));)
		if (series_is_patch(entry->d_name))
			str_vec_add(&names, entry->d_name);
	closedir(dir);
	str_vec_sort_unique(&names);
	vec_foreach(&names, it) {
		scope_free char *path = xasprintf("%s/%s", folder, *it);

		err_try(series_add_file(path, commits));
	}
	return NULL;
}

/* The repository's own configuration must not make git run other programs. */
static struct err *series_add_range(const char *range, struct series_commit_vec *commits)
{
	const char *const argv[] = {"git",
				    "-c",
				    "core.fsmonitor=false",
				    "format-patch",
				    "--stdout",
				    "--no-signature",
				    "--no-ext-diff",
				    "--no-textconv",
				    "--src-prefix=a/",
				    "--dst-prefix=b/",
				    "--end-of-options",
				    range,
				    NULL};
	scope_strbuf text = STRBUF_INIT;

	err_try(err_wrap(
		proc_check(&(struct proc_spec){.argv = argv}, &text),
		"%s: no such file or folder, and git does not know it as a range of commits",
		range));
	return series_add_mbox(range, text.buf ? text.buf : "", commits);
}

struct err *series_read(const char *source, struct series_commit_vec *commits)
{
	if (dir_exists(source))
		err_try(series_add_dir(source, commits));
	else if (file_exists(source) || !strstr(source, ".."))
		err_try(series_add_file(source, commits));
	else
		err_try(series_add_range(source, commits));
	return commits->len ? NULL : err_new("%s: contains no patch", source);
}
