/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the release that is meant: the running one, or the newest of a series; rejects other names.
 */
#include "target/release.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "target/cached.h"
#include "target/debian.h"
#include "target/lookup.h"

/* The release becomes part of paths and package names, so it must be well formed. */
static struct err *release_check(const char *release)
{
	bool good = isdigit((unsigned char)*release) && strlen(release) < 65;

	for (const char *c = release; *c; c++)
		good = good && (isalnum((unsigned char)*c) || strchr("._+~-", *c));
	if (!good)
		return err_code_new(
			ERR_USAGE,
			"'%s' is not a kernel release, as uname -r prints it: 6.1.0-54-amd64",
			release);
	return NULL;
}

/*
 * Returns the package version of the running kernel, from "#1 SMP PREEMPT_DYNAMIC Debian 6.1.190-1
 * (2026-10-16)", or NULL if uname -v does not contain it.
 */
static char *running_version(const char *uname_version)
{
	const char *debian = strstr(uname_version, " Debian ");

	if (!debian)
		return NULL;
	debian += strlen(" Debian ");
	return xstrndup(debian, strcspn(debian, " "));
}

/*
 * Returns whether this is a series, "6.1" or "6.1-rt-amd64". No release has such a name: even the
 * first one is 6.1.0.
 */
static bool is_series(const char *release)
{
	scope_free char *series = debian_series(release);
	const char *rest = series ? release + strlen(series) : "?";

	return !*rest || (*rest == '-' && debian_flavour(release) == rest + 1);
}

char *release_cached(const struct lookup *lookup, const char *asked)
{
	scope_free char *series = asked && is_series(asked) ? debian_series(asked) : NULL;
	const char *flavour = series ? debian_flavour(asked) : "";

	return series ? cached_latest(lookup->root, series, *flavour ? flavour : DEFAULT_FLAVOUR)
		      : NULL;
}

struct err *release_fall_back(const struct lookup *lookup, const char *asked, struct err *err,
			      char **release)
{
	char *latest = err_code(err) == ERR_INTERRUPTED ? NULL : release_cached(lookup, asked);

	if (!latest)
		return err;
	progress_note(
		lookup->progress,
		"using %s, the newest kernel of %s in the cache, since no archive could be asked: %s",
		latest, asked, err_message(err));
	err_free(err);
	free(*release);
	*release = latest;
	return NULL;
}

static struct err *release_latest(struct lookup *lookup, const char *series, char **release)
{
	struct err *err = lookup_latest(lookup, series, release);

	return err ? release_fall_back(lookup, series, err, release) : NULL;
}

/*
 * Finds the release that was asked for (a release, a series, or NULL for the running kernel), and
 * its version if only one will do, as for the running kernel, else NULL.
 */
static struct err *release_wanted(struct lookup *lookup, const char *asked, char **release,
				  char **version)
{
	struct utsname uts;

	if (uname(&uts) < 0)
		return err_errno(errno, "uname");
	if (asked && is_series(asked))
		err_try(release_latest(lookup, asked, release));
	else
		*release = xstrdup(asked ? asked : uts.release);
	*version = !strcmp(*release, uts.release) ? running_version(uts.version) : NULL;
	return release_check(*release);
}

void release_choice_free(struct release_choice *choice)
{
	free(choice->release);
	free(choice->version);
	cached_free(&choice->cached);
	debian_plan_free(&choice->plan);
}

struct err *release_choose(struct lookup *lookup, const char *asked, struct release_choice *choice)
{
	err_try(release_wanted(lookup, asked, &choice->release, &choice->version));
	cached_find(lookup->root, choice->release, choice->version, &choice->cached);
	if (choice->cached.path)
		return NULL;

	struct err *err = lookup_plan(lookup, choice->release, choice->version, &choice->plan);

	if (!err)
		return NULL;
	debian_plan_free(&choice->plan);
	choice->plan = (struct debian_plan){};
	err_try(release_fall_back(lookup, asked, err, &choice->release));
	cached_find(lookup->root, choice->release, NULL, &choice->cached);
	return NULL;
}
