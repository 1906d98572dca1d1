/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "advise/coverage.h"

#include <ctype.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "advise/version.h"
#include "base/strbuf.h"
#include "live/live.h"

#define MAX_CHANGELOG (64u << 20)

/* CVE-<year>-<number> at text: its length, or 0. */
static size_t cve_length(const char *text)
{
	size_t year = strncmp(text, "CVE-", 4) ? 0 : strspn(text + 4, "0123456789");

	if (year != 4 || text[8] != '-')
		return 0;

	size_t number = strspn(text + 9, "0123456789");

	return number >= 4 && number <= 10 ? 9 + number : 0;
}

static void add_cves(const char *text, size_t size, struct str_vec *cves)
{
	const char *end = text + size;

	while ((text = memmem(text, end - text, "CVE-", 4))) {
		size_t len = cve_length(text);

		if (len)
			vec_push(cves, xstrndup(text, len));
		text += len ? len : 4;
	}
}

/* An entry starts at "name (version) suite; urgency=..." in the first column. */
void changelog_fixes(const char *text, const char *version, struct str_vec *cves)
{
	while (*text) {
		const char *next = strchr(text, '\n');
		size_t len = next ? (size_t)(next - text) : strlen(text);

		if (isalnum((unsigned char)*text)) {
			const char *open = memchr(text, '(', len);
			const char *close = open ? memchr(open, ')', text + len - open) : NULL;
			scope_free char *entry =
				close ? xstrndup(open + 1, close - open - 1) : NULL;

			if (entry && version_compare(entry, version) <= 0)
				break;
		}
		add_cves(text, len, cves);
		text += len + (next != NULL);
	}
	str_vec_sort_unique(cves);
}

static void add_strings(const json_t *array, struct str_vec *cves)
{
	size_t index;
	json_t *it;

	json_array_foreach(array, index,
			   it) if (json_is_string(it) && cve_length(json_string_value(it)))
		vec_push(cves, xstrdup(json_string_value(it)));
}

/*
 * A cumulative patch lists fixes by unit, and only units in state "patched" are in it.  Other
 * reports may list "cves", or tell by the names of their patches.
 */
bool report_fixes(const char *text, size_t size, struct str_vec *cves)
{
	json_t *report = json_loadb(text, size, 0, NULL);
	size_t index;
	json_t *it;

	if (!report)
		return false;
	add_strings(json_object_get(report, "cves"), cves);
	json_array_foreach(json_object_get(report, "units"), index, it)
	{
		const char *state = json_string_value(json_object_get(it, "state"));

		if (state && !strcmp(state, "patched"))
			add_strings(json_object_get(it, "cves"), cves);
	}
	json_array_foreach(json_object_get(report, "patches"), index, it)
	{
		const char *name = json_is_string(it)
					   ? json_string_value(it)
					   : json_string_value(json_object_get(it, "name"));

		if (name)
			add_cves(name, strlen(name), cves);
	}
	json_decref(report);
	str_vec_sort_unique(cves);
	return true;
}

static struct err *read_livepatches(const struct root *root, struct advise_kernel *kernel,
				    struct str_vec *cves)
{
	scope_live_patches patches = NULL;

	err_try(live_patches_read(root, &patches));
	vec_foreach(&patches->list, it) {
		scope_free char *text = NULL;

		if (it->state != LIVE_ENABLED && it->state != LIVE_PATCHING)
			continue;
		vec_push(&kernel->livepatches, xstrdup(it->name));
		/* Until every task has switched, some still run what was to be fixed. */
		if (it->state != LIVE_ENABLED || !it->record || !it->record->report ||
		    !root_exists(root, it->record->report))
			continue;
		err_try(root_read(root, it->record->report, &text));
		report_fixes(text, strlen(text), cves);
	}
	str_vec_sort_unique(cves);
	return NULL;
}

/* A file of /usr/share/doc, compressed or not; NULL when there is none.  free() */
static char *read_changelog(const struct root *root, const char *path)
{
	int fd = root_openat(root, path, O_RDONLY, 0);
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

static void read_fixes(const struct root *root, struct advise_kernel *kernel)
{
	static const char *const names[] = {"changelog.Debian.gz", "changelog.gz",
					    "changelog.Debian"};
	const struct advise_image *newest = kernel->newest;

	/* Only where both versions are those of packages can entries be told apart. */
	if (kernel->state != KERNEL_OLD || !newest || !*newest->version ||
	    *newest->version == '#' || !*kernel->running_version || *kernel->running_version == '#')
		return;
	for (size_t i = 0; i < array_size(names) && !kernel->fixes_known; i++) {
		scope_free char *path =
			xasprintf("/usr/share/doc/linux-image-%s/%s", newest->release, names[i]);
		scope_free char *text = read_changelog(root, path);
		scope_free char *entry = xasprintf("(%s)", newest->version);

		/* A list that does not reach from one version to the other tells nothing. */
		if (!text || !strstr(text, entry))
			continue;
		changelog_fixes(text, kernel->running_version, &kernel->fixes);
		kernel->fixes_known = true;
	}
}

static bool is_among(const struct str_vec *list, const char *text)
{
	vec_foreach(list, it)
		if (!strcmp(*it, text))
			return true;
	return false;
}

struct err *coverage_look(const struct root *root, struct advise_kernel *kernel)
{
	scope_str_vec loaded = {};

	err_try(read_livepatches(root, kernel, &loaded));
	read_fixes(root, kernel);
	vec_foreach(&kernel->fixes, it)
		if (is_among(&loaded, *it))
			vec_push(&kernel->covered, xstrdup(*it));
	kernel->all_covered = kernel->fixes_known && kernel->fixes.len &&
			      kernel->covered.len == kernel->fixes.len;
	return NULL;
}
