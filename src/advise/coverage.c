/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares the fixes that a newer kernel brings, from its changelog, with those of loaded live
 * patches.
 */
#include "advise/coverage.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "advise/apt.h"
#include "advise/in_force.h"
#include "advise/version.h"
#include "base/cve.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "target/unpack.h"

#define MAX_CHANGELOG (64u << 20)

/*
 * Returns the version in "name (version) suite; urgency=...", or NULL; free().  Debian's signed
 * kernels have their own source package, whose version 6.1.192+2 stands for linux 6.1.192-2.
 */
static char *entry_version(const char *line, size_t len)
{
	const char *open = memchr(line, '(', len);
	const char *close = open ? memchr(open, ')', line + len - open) : NULL;
	char *version = close ? xstrndup(open + 1, close - open - 1) : NULL;
	char *plus = version && str_starts(line, "linux-signed-") ? strrchr(version, '+') : NULL;

	if (plus)
		*plus = '-';
	return version;
}

bool coverage_changelog_fixes(const char *text, const char *newer, const char *older,
			      struct str_vec *cves)
{
	bool started = false, ended = false;

	while (*text && !ended) {
		const char *next = strchr(text, '\n');
		size_t len = next ? (size_t)(next - text) : strlen(text);
		scope_free char *version =
			isalnum((unsigned char)*text) ? entry_version(text, len) : NULL;

		if (version) {
			started = started || version_compare(version, newer) == 0;
			ended = version_compare(version, older) <= 0;
		}
		if (started && !ended)
			cve_find(text, len, cves);
		text += len + (next != NULL);
	}
	if (!started || !ended)
		str_vec_free(cves);
	else
		str_vec_sort_unique(cves);
	return started && ended;
}

/* Takes the fixes that the patch's record names: until every task has switched, some lack them. */
static void take_fixes(const struct live_patch *patch, const char *obstacle,
		       struct advise_kernel *kernel)
{
	vec_foreach(&patch->record->cves, cve)
		if (obstacle)
			vec_push(&kernel->idle,
				 (struct advise_idle_fix){
					 xstrdup(*cve), xasprintf("live patch %s names it, but %s",
								  patch->name, obstacle)});
		else
			vec_push(&kernel->patched, xstrdup(*cve));
}

static void take_patches(const struct live_patches *patches, struct live_attached *attached,
			 struct advise_kernel *kernel)
{
	const struct live_patch *cover = live_cover_loaded(patches);

	vec_foreach(&patches->list, it) {
		scope_free char *obstacle = NULL;

		if (it->state != LIVE_ENABLED && it->state != LIVE_PATCHING)
			continue;
		vec_push(&kernel->livepatches, xstrdup(it->name));
		if (it->state != LIVE_ENABLED || !it->record)
			continue;
		obstacle = in_force_obstacle(it, attached);
		take_fixes(it, obstacle, kernel);
		/* A claim about another version than the one that runs says nothing. */
		if (it != cover || obstacle ||
		    strcmp(it->record->cover->from, kernel->running_version))
			continue;
		kernel->cover_patch = xstrdup(it->name);
		kernel->cover = live_cover_copy(it->record->cover);
	}
	str_vec_sort_unique(&kernel->patched);
}

static struct err *read_livepatches(const struct root *root, struct advise_kernel *kernel)
{
	scope_live_patches patches = NULL;
	struct live_attached attached = {};
	bool recorded = false;

	kernel->livepatches_known = root_exists(root, "/sys/kernel");
	err_try(live_patches_read(root, &patches));
	vec_foreach(&patches->list, it)
		recorded = recorded || (it->state == LIVE_ENABLED && it->record);
	if (recorded)
		live_attached_read(root, &attached);
	take_patches(patches, &attached, kernel);
	live_attached_free(&attached);
	return NULL;
}

/* Reads a changelog, compressed or not, and closes fd; returns NULL if there is none; free(). */
static char *read_changelog(int fd)
{
	gzFile file = fd < 0 ? NULL : gzdopen(fd, "rb");
	scope_strbuf text = STRBUF_INIT;
	char buf[65536];
	int got;

	if (!file) {
		closep(&fd);
		return NULL;
	}
	while ((got = gzread(file, buf, sizeof(buf))) > 0 && text.len < MAX_CHANGELOG)
		strbuf_add(&text, buf, got);
	gzclose(file);
	return strbuf_detach(&text);
}

/* Returns whether it is the version of a package, by which entries of a changelog can be found. */
static bool is_package_version(const char *version)
{
	return *version && *version != '#';
}

static const char *const changelogs[] = {"changelog.Debian.gz", "changelog.gz", "changelog.Debian"};

/* Returns the entry of that version and all that follow it, a part of text; or NULL. */
static const char *changelog_from(const char *text, const char *version)
{
	while (text && *text) {
		scope_free char *entry = isalnum((unsigned char)*text)
						 ? entry_version(text, strcspn(text, "\n"))
						 : NULL;

		if (entry && version_compare(entry, version) == 0)
			return text;
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return NULL;
}

bool coverage_kernel_cves(const struct root *root, const char *release, const char *version,
			  struct str_vec *cves)
{
	if (!is_package_version(version))
		return false;
	for (size_t i = 0; i < array_size(changelogs); i++) {
		scope_free char *path =
			xasprintf("/usr/share/doc/linux-image-%s/%s", release, changelogs[i]);
		scope_free char *text =
			read_changelog(root_openat(root, path, O_RDONLY | O_NONBLOCK, 0));
		const char *entry = changelog_from(text, version);

		if (!entry)
			continue;
		cve_find(entry, strlen(entry), cves);
		str_vec_sort_unique(cves);
		return true;
	}
	return false;
}

static void coverage_read_fixes(const struct root *root, struct advise_kernel *kernel)
{
	const struct advise_image *newest = kernel->newest;

	if (kernel->state != KERNEL_OLD || !newest || !is_package_version(newest->version) ||
	    !is_package_version(kernel->running_version))
		return;
	for (size_t i = 0; i < array_size(changelogs) && !kernel->fixes_known; i++) {
		scope_free char *path = xasprintf("/usr/share/doc/linux-image-%s/%s",
						  newest->release, changelogs[i]);
		scope_free char *text =
			read_changelog(root_openat(root, path, O_RDONLY | O_NONBLOCK, 0));

		kernel->fixes_known =
			text && coverage_changelog_fixes(text, newest->version,
							 kernel->running_version, &kernel->fixes);
	}
}

bool coverage_reaches(const struct advise_kernel *kernel, const char *version)
{
	return kernel->cover && kernel->cover->equivalent && is_package_version(version) &&
	       version_compare(version, kernel->cover->to) <= 0;
}

bool coverage_complete(const struct advise_kernel *kernel, const struct str_vec *cves)
{
	vec_foreach(cves, it)
		if (!str_vec_has(&kernel->patched, *it))
			return false;
	return cves->len;
}

struct err *coverage_look(const struct root *root, struct advise_kernel *kernel)
{
	err_try(read_livepatches(root, kernel));
	coverage_read_fixes(root, kernel);
	kernel->equivalent = kernel->state == KERNEL_OLD && kernel->newest &&
			     coverage_reaches(kernel, kernel->newest->version);
	vec_foreach(&kernel->fixes, it)
		if (kernel->equivalent || str_vec_has(&kernel->patched, *it))
			vec_push(&kernel->covered, xstrdup(*it));
	kernel->all_covered = kernel->equivalent ||
			      (kernel->fixes_known && coverage_complete(kernel, &kernel->fixes));
	return NULL;
}

/*
 * Returns the name that apt gives the file of a package, with a colon in the version quoted; NULL
 * if it would not be the name of a file; free().
 */
static char *deb_name(const struct advise_update *update)
{
	scope_strbuf name = STRBUF_INIT;

	if (!update->to || strchr(update->package, '/') || strchr(update->to, '/') ||
	    strchr(update->arch, '/'))
		return NULL;
	strbuf_addf(&name, "%s_", update->package);
	for (const char *c = update->to; *c; c++)
		strbuf_addstr(&name, *c == ':' ? "%3a" : (char[]){*c, '\0'});
	strbuf_addf(&name, "_%s.deb", update->arch);
	return strbuf_detach(&name);
}

static struct err *changelog_of_deb(const char *deb, const char *package, char **text)
{
	scope_free char *from = xasprintf("usr/share/doc/%s", package);
	const struct unpack_rule rules[] = {{.from = from, .to = ""}, {}};
	const struct unpack_package packages[] = {{deb, rules}, {}};
	scope_dir_temp dir = NULL;
	struct unpack_watch watch = {};

	err_try(dir_temp(dir_for_temp(), "suture-changelog", &dir));
	err_try(unpack_debs(packages, dir, &watch, NULL));
	for (size_t i = 0; !*text && i < array_size(changelogs); i++) {
		scope_free char *path = xasprintf("%s/%s", dir, changelogs[i]);

		*text = read_changelog(open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW));
	}
	return *text ? NULL : err_new("%s has no changelog", package);
}

static struct err *read_deb(const char *deb, const struct advise_kernel *kernel,
			    struct advise_update *update)
{
	scope_free char *text = NULL;

	err_try(changelog_of_deb(deb, update->package, &text));
	update->cves_known =
		coverage_changelog_fixes(text, update->to, kernel->running_version, &update->cves);
	return update->cves_known ? NULL
				  : err_new("the changelog of %s does not cover %s to %s",
					    update->package, kernel->running_version, update->to);
}

/* Downloads the package, which apt checks against its signed lists, and reads its changelog. */
static struct err *fetch_and_read(const char *name, const struct advise_kernel *kernel,
				  struct advise_update *update)
{
	scope_dir_temp dir = NULL;

	err_try(dir_temp(dir_for_temp(), "suture-package", &dir));

	scope_free char *deb = xasprintf("%s/%s", dir, name);

	err_try(advise_apt_fetch(update, dir));
	return read_deb(deb, kernel, update);
}

struct err *coverage_pending(const struct root *root, const struct advise_kernel *kernel,
			     bool fetch, struct advise_update *update)
{
	scope_free char *name = deb_name(update);

	if (!name || !is_package_version(kernel->running_version))
		return NULL;

	scope_free char *cached = xasprintf("/var/cache/apt/archives/%s", name);

	if (root_exists(root, cached)) {
		scope_free char *deb = root_path(root, cached);

		return read_deb(deb, kernel, update);
	}
	return fetch ? fetch_and_read(name, kernel, update) : NULL;
}
