/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes successors of bad levels from the packages of the levels before them, by dpkg-deb. */
#include "ship/successor.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "ship/lists.h"

#define MARK "+withdrawn"

/* Returns the last good level of the package before the bad one, or NULL. */
static const struct ship_level *level_before(const struct ship_levels *levels,
					     const struct ship_level *bad)
{
	const struct ship_level *before = NULL;

	vec_foreach(&levels->list, it)
		if (it < bad && !it->rpm && !it->withdrawn && !it->restores &&
		    !strcmp(it->suite, bad->suite) && !strcmp(it->package, bad->package))
			before = it;
	return before;
}

/* Marks the level that the content of `bad` was first published as. */
static void mark_withdrawn(struct ship_levels *levels, struct ship_level *bad)
{
	bad->withdrawn = true;
	vec_foreach(&levels->list, it)
		if (bad->restores && !strcmp(it->suite, bad->suite) &&
		    !strcmp(it->package, bad->package) && !strcmp(it->version, bad->restores))
			it->withdrawn = true;
}

/* 6.1.192-3-2 becomes 6.1.192-3-2+withdrawn1, which is later, but not than the next level. */
static char *version_after(const char *version)
{
	const char *mark = strstr(version, MARK);
	unsigned number = mark ? strtoul(mark + strlen(MARK), NULL, 10) : 0;

	return xasprintf("%.*s" MARK "%u", (int)(mark ? mark - version : (long)strlen(version)),
			 version, number + 1);
}

/* Writes the control file with another version, and says what was withdrawn. */
static struct err *rewrite_control(const char *folder, const char *version, const char *bad)
{
	scope_free char *path = xasprintf("%s/DEBIAN/control", folder), *text = NULL;
	scope_strbuf out = STRBUF_INIT;

	err_try(file_read(path, &text, NULL));

	char *rest = text;

	for (char *line; (line = strsep(&rest, "\n"));) {
		if (!rest && !*line)
			break;
		if (str_starts(line, "Version:"))
			strbuf_addf(&out, "Version: %s\nSuture-Withdraws: %s\n", version, bad);
		else
			strbuf_addf(&out, "%s\n", line);
	}
	return file_write_scratch(path, out.buf, out.len);
}

struct err *ship_pack_deb(const struct ship_repo *repo, const char *folder, const char *file)
{
	scope_free char *to = xasprintf("%s/" SHIP_KEPT "/%s", repo->tree, file);
	const char *const argv[] = {"dpkg-deb", "--root-owner-group", "-Zxz", "--build", folder, to,
				    NULL};

	return ship_run(argv);
}

struct err *ship_successor_make(struct ship_repo *repo, const char *suite, const char *package,
				struct ship_level *successor)
{
	struct ship_level *bad = ship_levels_newest(&repo->levels, suite, package, false);

	if (!bad || !*bad->kernel)
		return err_new("the suite %s has no live patch %s", suite, package);
	mark_withdrawn(&repo->levels, bad);

	const struct ship_level *before = level_before(&repo->levels, bad);

	if (!before)
		return err_new(
			"%s %s has no good level before it to go back to; publish a corrected level",
			package, bad->version);

	scope_free char *from = xasprintf("%s/" SHIP_KEPT "/%s", repo->tree, before->file);
	scope_free char *folder = xasprintf("%s/successor-%s", repo->work, package);
	scope_free char *version = version_after(bad->version);
	scope_free char *file =
		xasprintf("%s_%s_amd64.deb", package,
			  strchr(version, ':') ? strchr(version, ':') + 1 : version);
	const char *const unpack[] = {"dpkg-deb", "--raw-extract", from, folder, NULL};

	err_try(ship_run(unpack));
	err_try(rewrite_control(folder, version, bad->version));
	err_try(ship_pack_deb(repo, folder, file));
	*successor = (struct ship_level){.suite = xstrdup(suite),
					 .package = xstrdup(package),
					 .version = xstrdup(version),
					 .kernel = xstrdup(bad->kernel),
					 .file = xstrdup(file),
					 .phase = 100,
					 .restores = xstrdup(before->version)};
	return NULL;
}
