/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks one view of apt after the other for a release. */
#include "target/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "target/archives.h"
#include "target/cache.h"
#include "target/usage.h"
#include "target/debian_list.h"

void lookup_free(struct lookup *lookup)
{
	apt_view_free(lookup->own);
	apt_view_free(lookup->host);
}

/* apt's default for the parsed form of its lists, which "apt-get clean" removes. */
#define HOST_PARSED "/var/cache/apt/pkgcache.bin"
/* It takes less than so many bytes; apt answers as if it knew nothing if it cannot write it. */
#define HOST_PARSED_MAX 400000000

static bool host_view_make_dir(const struct lookup *lookup, const char *dir)
{
	struct err *err = cache_check_space(lookup->root, "apt's parsed lists", HOST_PARSED_MAX);

	if (!err)
		err = dir_make(dir);
	err_free(err);
	return !err;
}

static struct apt_view *host_view_new(const struct lookup *lookup)
{
	scope_free char *lists = xasprintf("%s/apt", lookup->root);
	scope_free char *dir = xasprintf("%s/host", lists);

	if (lookup->lists_as_they_are ? !dir_exists(dir) : !host_view_make_dir(lookup, dir))
		return NULL;

	struct apt_view *view = xcalloc(1, sizeof(*view));

	usage_begin(lists, &view->hold);
	vec_push(&view->options, xstrdup("-o"));
	vec_push(&view->options, xasprintf("Dir::Cache::pkgcache=%s/pkgcache.bin", dir));
	return view;
}

const struct apt_view *lookup_host(struct lookup *lookup)
{
	if (!lookup->host_opened) {
		lookup->host_opened = true;
		lookup->host = file_exists(HOST_PARSED) ? NULL : host_view_new(lookup);
	}
	return lookup->host;
}

struct err *lookup_own(struct lookup *lookup, const struct apt_view **view)
{
	if (!lookup->opened) {
		enum archives_age age =
			lookup->lists_as_they_are ? ARCHIVES_AS_THEY_ARE : ARCHIVES_FRESH;

		lookup->opened = true;
		err_try(archives_open(lookup->root, age, lookup->progress, &lookup->own));
	}
	*view = lookup->own;
	return NULL;
}

/*
 * Asks Suture's own archives after the host's archives failed. If these cannot be asked, that is a
 * note, since the first error matters more.
 */
static struct err *own_or_note(struct lookup *lookup, const struct apt_view **view)
{
	struct err *err = lookup_own(lookup, view);

	if (!err)
		return NULL;
	*view = NULL;
	if (err_code(err) == ERR_INTERRUPTED)
		return err;
	progress_note(lookup->progress, "other archives cannot be searched: %s", err_message(err));
	err_free(err);
	return NULL;
}

/* Reports that no archive serves the release, by what the host's own archives said of it. */
static struct err *not_served(struct lookup *lookup, const char *release, struct err *host)
{
	return host ? host : debian_unknown(lookup_host(lookup), release);
}

struct err *lookup_plan(struct lookup *lookup, const char *release, const char *version,
			struct debian_plan *plan)
{
	struct err *host = debian_plan(lookup_host(lookup), release, version, plan);
	const struct apt_view *view = NULL;

	if (host ? err_code(host) == ERR_INTERRUPTED : plan->version != NULL)
		return host;

	struct err *err = own_or_note(lookup, &view);

	if (err) {
		err_free(host);
		return err;
	}
	if (!view)
		return not_served(lookup, release, host);
	bool host_knows = plan->version;

	debian_plan_free(plan);
	*plan = (struct debian_plan){};
	err = debian_plan(view, release, version, plan);
	/*
	 * If neither serves the release, the error of the one that knows it says best what is
	 * missing.
	 */
	if ((err && err_code(err) == ERR_INTERRUPTED) || (plan->version && (!err || !host_knows))) {
		err_free(host);
		return err;
	}
	err_free(err);
	return not_served(lookup, release, host);
}

struct err *lookup_plan_renewed(struct lookup *lookup, const char *release, const char *version,
				struct debian_plan *plan)
{
	debian_plan_free(plan);
	*plan = (struct debian_plan){};
	apt_view_free(lookup->own);
	lookup->own = NULL;
	lookup->opened = true;
	err_try(archives_open(lookup->root, ARCHIVES_RENEWED, lookup->progress, &lookup->own));
	return lookup->own ? debian_plan(lookup->own, release, version, plan) : NULL;
}

static struct err *latest_in(const struct apt_view *view, const char *asked, char **release)
{
	scope_free char *series = debian_series(asked);
	const char *flavour = debian_flavour(asked);
	scope_str_vec releases = {};

	if (series)
		err_try(debian_releases(view, series, *flavour ? flavour : DEFAULT_FLAVOUR,
					&releases));
	if (releases.len)
		*release = xstrdup(releases.data[0]);
	return NULL;
}

struct err *lookup_latest(struct lookup *lookup, const char *series, char **release)
{
	const struct apt_view *view = NULL;

	*release = NULL;
	err_try(latest_in(lookup_host(lookup), series, release));
	if (*release)
		return NULL;
	err_try(own_or_note(lookup, &view));
	if (view)
		err_try(latest_in(view, series, release));
	return *release ? NULL : debian_unknown(view, series);
}

static bool lookup_has(const struct target_listed_vec *list, const struct target_listed *other)
{
	vec_foreach(list, it)
		if (!strcmp(it->release, other->release) && !strcmp(it->version, other->version))
			return true;
	return false;
}

static int newest_first(const void *a, const void *b)
{
	return -strverscmp(((const struct target_listed *)a)->release,
			   ((const struct target_listed *)b)->release);
}

/* Lists the releases of a view; where apt keeps no parsed lists, this takes many seconds. */
static struct err *lookup_list_view(struct lookup *lookup, const struct apt_view *view,
				    struct target_listed_vec *list)
{
	progress_begin(lookup->progress, "asking apt for kernels", 0, PROGRESS_COUNT);

	struct err *err = debian_list(view, list);

	progress_end(lookup->progress);
	return err;
}

struct err *lookup_list(struct lookup *lookup, struct target_listed_vec *list)
{
	scope_target_listed_vec other = {};
	const struct apt_view *view = NULL;

	err_try(lookup_list_view(lookup, lookup_host(lookup), list));
	err_try(own_or_note(lookup, &view));
	if (view)
		err_try(lookup_list_view(lookup, view, &other));
	vec_foreach(&other, it) {
		if (lookup_has(list, it))
			continue;
		vec_push(list, *it);
		*it = (struct target_listed){};
	}
	if (list->len)
		qsort(list->data, list->len, sizeof(*list->data), newest_first);
	return NULL;
}
