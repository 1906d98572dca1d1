/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks one view of apt after the other for a release. */
#include "target/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "target/archives.h"

void lookup_free(struct lookup *lookup)
{
	apt_view_free(lookup->own);
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

struct err *lookup_plan(struct lookup *lookup, const char *release, const char *version,
			struct debian_plan *plan)
{
	struct err *host = debian_plan(NULL, release, version, plan);
	const struct apt_view *view = NULL;

	if (!host || err_code(host) == ERR_INTERRUPTED)
		return host;

	struct err *err = own_or_note(lookup, &view);

	if (err || !view) {
		err_free(err ? host : NULL);
		return err ? err : host;
	}
	bool host_knows = plan->version;

	debian_plan_free(plan);
	*plan = (struct debian_plan){};
	err = debian_plan(view, release, version, plan);
	/*
	 * If neither serves the release, the error of the one that knows it says best what is
	 * missing.
	 */
	if (!err || err_code(err) == ERR_INTERRUPTED || (plan->version && !host_knows)) {
		err_free(host);
		return err;
	}
	err_free(err);
	return host;
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
	err_try(latest_in(NULL, series, release));
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

struct err *lookup_list(struct lookup *lookup, struct target_listed_vec *list)
{
	scope_target_listed_vec other = {};
	const struct apt_view *view = NULL;

	err_try(debian_list(NULL, list));
	err_try(own_or_note(lookup, &view));
	if (view)
		err_try(debian_list(view, &other));
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
