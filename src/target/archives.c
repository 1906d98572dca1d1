/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes the private configuration with which apt sees Suture's own archives, and updates its lists.
 */
#include "target/archives.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/root.h"
#include "base/strbuf.h"
#include "base/trust.h"
#include "target/cache.h"
#include "target/usage.h"

EMBED(archives_builtin, "data/archives/debian.sources");

#define ARCHIVES_DIR "/etc/suture/archives.d"

/* For so many seconds, lists are not updated; less if the archive has been seen to lack a file. */
static const time_t lists_age[] = {
	[ARCHIVES_FRESH] = 24 * 60 * 60,
	[ARCHIVES_RENEWED] = 10 * 60,
};

/* This limit of apt-get update is for a slow archive; apt notices by itself that one is down. */
#define UPDATE_TIMEOUT_MS (15 * 60 * 1000)

void archive_label_vec_free(struct archive_label_vec *labels)
{
	vec_foreach(labels, it) {
		free(it->label);
		free(it->uri);
	}
	vec_free(labels);
}

static const struct archive_label *label_find(const struct archive_label_vec *labels,
					      const char *name, size_t len)
{
	vec_foreach(labels, it)
		if (strlen(it->label) == len && !strncmp(it->label, name, len))
			return it;
	return NULL;
}

void archives_parse_labels(const char *text, struct archive_label_vec *labels)
{
	while (*text) {
		size_t len = strcspn(text, "\n"), bar = strcspn(text, "|\n");

		if (bar && bar + 1 < len && !label_find(labels, text, bar))
			vec_push(labels,
				 (struct archive_label){xstrndup(text, bar),
							xstrndup(text + bar + 1, len - bar - 1)});
		text += len + !!text[len];
	}
}

/* Appends a line with its labels replaced; returns false if a label is not known. */
static bool resolve_line(const char *line, size_t len, const struct archive_label_vec *labels,
			 struct strbuf *out)
{
	static const char mark[] = "host:";
	const char *end = line + len;

	while (line < end) {
		const char *at = memmem(line, end - line, mark, strlen(mark));

		if (!at) {
			strbuf_addf(out, "%.*s", (int)(end - line), line);
			break;
		}

		const char *name = at + strlen(mark);
		size_t name_len = strcspn(name, " \t\n");
		const struct archive_label *label = label_find(labels, name, name_len);

		if (!label)
			return false;
		strbuf_addf(out, "%.*s%s", (int)(at - line), line, label->uri);
		line = name + name_len;
	}
	strbuf_addch(out, '\n');
	return true;
}

static bool archives_is_blank(const char *line, size_t len)
{
	return strspn(line, " \t") >= len;
}

static void paragraph_end(struct strbuf *paragraph, bool known, struct strbuf *out)
{
	if (known && paragraph->len)
		strbuf_addf(out, "%s\n", paragraph->buf);
	strbuf_reset(paragraph);
}

char *archives_resolve(const char *text, const struct archive_label_vec *labels)
{
	scope_strbuf out = STRBUF_INIT, paragraph = STRBUF_INIT;
	bool known = true;

	while (*text) {
		size_t len = strcspn(text, "\n");

		if (archives_is_blank(text, len)) {
			paragraph_end(&paragraph, known, &out);
			known = true;
		} else if (*text != '#') {
			known = resolve_line(text, len, labels, &paragraph) && known;
		}
		text += len + !!text[len];
	}
	paragraph_end(&paragraph, known, &out);
	return strbuf_detach(&out);
}

/* ---- what the host has ---- */

static struct err *host_labels(struct archive_label_vec *labels)
{
	static const char *const options[] = {"indextargets", "--format", "$(LABEL)|$(REPO_URI)",
					      "Created-By: Packages", NULL};
	scope_strbuf output = STRBUF_INIT;

	err_try(apt_query(NULL, "apt-get", options, &output));
	archives_parse_labels(output.buf, labels);
	return NULL;
}

static void add_resolved(struct strbuf *sources, const char *text,
			 const struct archive_label_vec *labels)
{
	scope_free char *resolved = archives_resolve(text, labels);

	strbuf_addstr(sources, resolved);
}

/*
 * An archive that is named with "Trusted: yes" needs no signature, and what its packages contain is
 * run and becomes part of modules.
 */
static struct err *archives_trusted(const struct root *root, const char *path, enum trust level)
{
	scope_free char *problem = trust_problem(root, path, level);

	return problem ? err_new("the list of archives is not used, since other users may have written it: %s",
				 problem)
		       : NULL;
}

/* Appends all files of a folder to one text, as apt will read it. */
static struct err *archives_read_folder(const struct root *root, const char *folder,
					enum trust level, const struct archive_label_vec *labels,
					struct strbuf *sources)
{
	scope_str_vec names = {};

	err_try(root_list(root, folder, &names));
	vec_foreach(&names, name) {
		scope_free char *path = xasprintf("%s/%s", folder, *name), *text = NULL;

		if (!str_ends(*name, ".sources"))
			continue;
		err_try(archives_trusted(root, path, level));
		err_try(root_read(root, path, &text));
		add_resolved(sources, text, labels);
	}
	return NULL;
}

static struct err *archives_read(const struct archive_label_vec *labels, struct strbuf *sources)
{
	const char *env = getenv("SUTURE_ARCHIVES");
	bool own = env && *env;
	enum trust level = own ? TRUST_BELOW_STICKY : TRUST_STRICT;
	scope_free char *here = own && *env != '/' ? getcwd(NULL, 0) : NULL;
	scope_free char *folder =
		here ? xasprintf("%s/%s", here, env) : xstrdup(own ? env : ARCHIVES_DIR);
	scope_root machine = NULL;

	err_try(root_open(NULL, &machine));
	err_try(archives_trusted(machine, folder, level));
	if (root_exists(machine, folder))
		return archives_read_folder(machine, folder, level, labels, sources);
	if (!own)
		add_resolved(sources, archives_builtin, labels);
	return NULL;
}

/* ---- the private configuration ---- */

/*
 * These options are appended to each call of apt. They override apt's own configuration files,
 * which are read first.
 */
static struct apt_view *archives_view_new(const char *dir)
{
	struct apt_view *view = xcalloc(1, sizeof(*view));
	char *const settings[] = {
		xstrdup("Dir::Etc::SourceList=/dev/null"),
		xasprintf("Dir::Etc::SourceParts=%s/sources", dir),
		xasprintf("Dir::State::Lists=%s/lists", dir),
		xasprintf("Dir::Cache=%s/cache", dir),
		/*
		 * Images of containers often disable these caches, which costs seconds for each
		 * call.
		 */
		xstrdup("Dir::Cache::pkgcache=pkgcache.bin"),
		xstrdup("Dir::Cache::srcpkgcache=srcpkgcache.bin"),
		/*
		 * An empty status file hides packages that are installed on the host but cannot be
		 * downloaded.
		 */
		xasprintf("Dir::State::Status=%s/status", dir),
		xstrdup("Acquire::Languages=none"),
		xstrdup("APT::Architecture=amd64"),
		xstrdup("APT::Architectures=amd64"),
		xstrdup("APT::Default-Release="),
		/*
		 * The sandbox user _apt must not write to our folder; apt checks hashes and
		 * signatures anyway.
		 */
		xstrdup("APT::Sandbox::User=root"),
	};

	view->own = true;
	usage_begin(dir, &view->hold);
	for (size_t i = 0; i < array_size(settings); i++) {
		vec_push(&view->options, xstrdup("-o"));
		vec_push(&view->options, settings[i]);
	}
	return view;
}

static struct err *make_folders(const char *dir)
{
	static const char *const folders[] = {"sources", "lists/partial", "cache/archives/partial"};
	scope_free char *status = xasprintf("%s/status", dir);

	for (size_t i = 0; i < array_size(folders); i++) {
		scope_free char *path = xasprintf("%s/%s", dir, folders[i]);

		err_try(dir_make(path));
	}
	return file_exists(status) ? NULL : file_write(status, "", 0);
}

/* Returns whether the file has these contents already. If they changed, lists are out of date. */
static bool is_same(const char *path, const struct strbuf *text)
{
	scope_free char *old = NULL;
	struct err *err = file_read(path, &old, NULL);

	if (err) {
		err_free(err);
		return false;
	}
	return !strcmp(old, text->buf);
}

static bool is_fresh(const char *stamp, enum archives_age age)
{
	struct stat st;
	time_t now = time(NULL);

	return !stat(stamp, &st) && st.st_mtime <= now && now - st.st_mtime < lists_age[age];
}

static struct err *lists_update(const struct apt_view *view, const char *stamp)
{
	static const char *const options[] = {
		"update", "-q", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=15",
		NULL};
	err_try(apt_run(view, "apt-get", options, UPDATE_TIMEOUT_MS));
	return file_write(stamp, "", 0);
}

/* Old lists are better than none: a failure is only a note, unless there are no lists at all. */
static struct err *update_if_old(const struct apt_view *view, const char *stamp, bool old,
				 struct progress *progress)
{
	bool had = file_exists(stamp);

	if (!old)
		return NULL;
	progress_begin(progress, "reading the package lists of other archives", 0, PROGRESS_COUNT);

	struct err *err = lists_update(view, stamp);

	progress_end(progress);
	if (!err || !had || err_code(err) == ERR_INTERRUPTED)
		return err;
	progress_note(progress, "the package lists of other archives are old: %s",
		      err_message(err));
	err_free(err);
	return NULL;
}

struct err *archives_open(const char *root, enum archives_age age, struct progress *progress,
			  struct apt_view **viewp)
{
	scope_free char *dir = xasprintf("%s/apt", root);
	scope_free char *stamp = xasprintf("%s/updated", dir);
	scope_free char *path = xasprintf("%s/sources/suture.sources", dir);
	scope_archive_labels labels = {};
	scope_apt_view view = NULL;
	scope_strbuf sources = STRBUF_INIT;
	scope_close int lock = -1;

	*viewp = NULL;
	if (age == ARCHIVES_AS_THEY_ARE) {
		*viewp = file_exists(stamp) ? archives_view_new(dir) : NULL;
		return NULL;
	}

	scope_free char *apt = proc_find("apt-get");

	if (!apt)
		return NULL;
	err_try(host_labels(&labels));
	err_try(archives_read(&labels, &sources));
	if (!sources.len)
		return NULL;
	err_try(cache_lock(root, "apt", progress, &lock));
	err_try(err_wrap(make_folders(dir), "cache (SUTURE_CACHE can name another)"));

	bool changed = !is_same(path, &sources);

	if (changed)
		err_try(file_write(path, sources.buf, sources.len));
	view = archives_view_new(dir);
	err_try(update_if_old(view, stamp, changed || !is_fresh(stamp, age), progress));
	*viewp = take_ptr(view);
	return NULL;
}
