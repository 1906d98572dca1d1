/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Has reprepro, createrepo_c and gpg make the signed lists of a repository. */
#include "ship/lists.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/strbuf.h"

/* A tool that waits for a pass phrase that nobody enters must not hang a publishing host. */
#define TOOL_TIMEOUT_MS (10 * 60 * 1000)

struct err *ship_ask(const char *const *argv, char **output)
{
	static const char *const env[] = {"LC_ALL=C", NULL};
	scope_strbuf out = STRBUF_INIT, errors = STRBUF_INIT;
	scope_free char *found = proc_find(argv[0]);

	if (!found)
		return err_new("%s is not installed, and publishing needs it", argv[0]);
	err_try(err_wrap(proc_check(&(struct proc_spec){.argv = argv,
							.env = env,
							.timeout_ms = TOOL_TIMEOUT_MS,
							.errors = &errors},
				    &out),
			 "%s", argv[0]));
	if (output)
		*output = strbuf_detach(&out);
	return NULL;
}

struct err *ship_run(const char *const *argv)
{
	return ship_ask(argv, NULL);
}

static void add_suite(struct strbuf *out, const struct ship_levels *levels, const char *suite)
{
	strbuf_addf(
		out,
		"Origin: Suture\nLabel: Suture live patches\nCodename: %s\nSuite: %s\nArchitectures: amd64\nComponents: main\n",
		suite, suite);
	strbuf_addf(out, "SignWith: %s\nValidFor: %ud\nDebOverride: override.%s\n\n", levels->key,
		    levels->valid_days, suite);
}

/* Each suite has a file that says which percentage of machines apt offers a level. */
static struct err *write_phases(const char *dir, const struct ship_levels *levels,
				const char *suite)
{
	scope_free char *path = xasprintf("%s/conf/override.%s", dir, suite);
	scope_strbuf out = STRBUF_INIT;

	vec_foreach(&levels->list, it)
		if (!it->rpm && !strcmp(it->suite, suite) && ship_level_is_served(levels, it) &&
		    it->phase < 100)
			strbuf_addf(&out, "%s Phased-Update-Percentage %u\n", it->package,
				    it->phase);
	return file_write(path, out.buf, out.len);
}

static struct err *write_conf(const char *dir, const struct ship_levels *levels,
			      const struct str_vec *suites)
{
	scope_free char *conf = xasprintf("%s/conf", dir);
	scope_free char *path = xasprintf("%s/distributions", conf);
	scope_strbuf out = STRBUF_INIT;

	err_try(dir_make(conf));
	vec_foreach(suites, it) {
		add_suite(&out, levels, *it);
		err_try(write_phases(dir, levels, *it));
	}
	return file_write(path, out.buf, out.len);
}

/* Includes all packages of a suite that clients are offered, by one call. */
static struct err *include_suite(const char *dir, const struct ship_levels *levels,
				 const char *suite)
{
	scope_str_vec files = {};
	struct VEC(const char *) argv = {};
	static const char *const fixed[] = {"reprepro", "--silent", "--silent", "-b"};

	vec_foreach(&levels->list, it)
		if (!it->rpm && !strcmp(it->suite, suite) && ship_level_is_served(levels, it))
			vec_push(&files, xasprintf("%s/" SHIP_KEPT "/%s", dir, it->file));
	for (size_t i = 0; i < array_size(fixed); i++)
		vec_push(&argv, fixed[i]);
	vec_push(&argv, dir);
	vec_push(&argv, files.len ? "includedeb" : "export");
	vec_push(&argv, suite);
	vec_foreach(&files, it)
		vec_push(&argv, *it);
	vec_push(&argv, NULL);

	struct err *err = ship_run(argv.data);

	vec_free(&argv);
	return err;
}

struct err *ship_lists_apt(const char *dir, const struct ship_levels *levels)
{
	scope_str_vec suites = {};
	scope_free char *conf = xasprintf("%s/conf", dir), *db = xasprintf("%s/db", dir);

	ship_levels_suites(levels, &suites);
	err_try(write_conf(dir, levels, &suites));
	vec_foreach(&suites, it)
		err_try(include_suite(dir, levels, *it));
	err_try(dir_remove(db)); /* everything is made anew each time */
	return dir_remove(conf);
}

static void xml_add(struct strbuf *out, const char *text)
{
	static const char special[] = "<>&\"'";

	for (; *text; text++) {
		if (strchr(special, *text))
			strbuf_addf(out, "&#%d;", *text);
		else
			strbuf_addch(out, *text);
	}
}

/* The format of rpm(8) that describes a package: one line, then one line for each thing it
 * provides. */
#define RPM_FORMAT                                                                                 \
	"%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{SUMMARY}\\n[%{PROVIDENAME}\\n]"

static void advisory_add_cves(struct strbuf *out, char *provides)
{
	static const char prefix[] = "suture-fixes(";
	char *rest = provides;

	strbuf_addstr(out, "  <references>\n");
	for (char *line; (line = strsep(&rest, "\n"));) {
		if (!str_starts(line, prefix))
			continue;
		line += strlen(prefix);
		line[strcspn(line, ")")] = '\0';
		strbuf_addf(
			out,
			"   <reference type=\"cve\" id=\"%s\" title=\"%s\" href=\"https://www.cve.org/CVERecord?id=%s\"/>\n",
			line, line, line);
	}
	strbuf_addstr(out, "  </references>\n");
}

/* Adds an advisory, in the form that dnf reads (updateinfo.xml). */
static struct err *advisory_add(struct strbuf *out, const char *path, const char *file)
{
	scope_free char *text = NULL;
	const char *const argv[] = {"rpm", "-qp", "--nosignature", "--qf", RPM_FORMAT, path, NULL};
	const char *field[5];
	char now[32];
	time_t seconds = time(NULL);
	struct tm tm;

	err_try(ship_ask(argv, &text));

	char *rest = text, *line = strsep(&rest, "\n");

	for (size_t i = 0; i < array_size(field); i++) {
		field[i] = strsep(&line, "\t");
		if (!field[i] || !rest)
			return err_new("%s: rpm does not describe it", path);
	}
	strftime(now, sizeof(now), "%Y-%m-%d %H:%M:%S", gmtime_r(&seconds, &tm));
	strbuf_addf(
		out,
		" <update from=\"suture\" status=\"stable\" type=\"security\" version=\"1\">\n  <id>SUTURE-%s-%s-%s</id>\n  <title>",
		field[0], field[2], field[3]);
	xml_add(out, field[4]);
	strbuf_addf(out, "</title>\n  <issued date=\"%s\"/>\n", now);
	advisory_add_cves(out, rest);
	strbuf_addf(
		out,
		"  <pkglist>\n   <collection short=\"suture\">\n    <package name=\"%s\" epoch=\"%s\" version=\"%s\" release=\"%s\" arch=\"x86_64\">\n     <filename>",
		field[0], field[1], field[2], field[3]);
	xml_add(out, file);
	strbuf_addstr(out,
		      "</filename>\n    </package>\n   </collection>\n  </pkglist>\n </update>\n");
	return NULL;
}

static struct err *dnf_sign(const char *repodata, const char *key)
{
	scope_free char *file = xasprintf("%s/repomd.xml", repodata);
	scope_free char *signature = xasprintf("%s.asc", file);
	const char *const argv[] = {"gpg",     "--batch",  "--yes",   "--local-user",  key,
				    "--armor", "--output", signature, "--detach-sign", file,
				    NULL};

	return ship_run(argv);
}

static struct err *dnf_suite(const char *dir, const struct ship_levels *levels, const char *suite)
{
	scope_free char *folder = xasprintf("%s/rpm/%s", dir, suite);
	scope_free char *repodata = xasprintf("%s/repodata", folder);
	scope_free char *advisories = xasprintf("%s/updateinfo.xml", folder);
	const char *const create[] = {"createrepo_c", "--quiet", "--no-database", folder, NULL};
	const char *const add[] = {"modifyrepo_c", advisories, repodata, NULL};
	scope_strbuf xml = STRBUF_INIT;

	err_try(dir_make(folder));
	strbuf_addstr(&xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<updates>\n");
	vec_foreach(&levels->list, it) {
		scope_free char *from = xasprintf("%s/" SHIP_KEPT "/%s", dir, it->file);
		scope_free char *to = xasprintf("%s/%s", folder, it->file);

		if (!it->rpm || strcmp(it->suite, suite) || !ship_level_is_served(levels, it))
			continue;
		if (link(from, to) < 0)
			return err_errno(errno, "%s", to);
		err_try(advisory_add(&xml, to, it->file));
	}
	strbuf_addstr(&xml, "</updates>\n");
	err_try(ship_run(create));
	err_try(file_write(advisories, xml.buf, xml.len));
	err_try(ship_run(add));
	if (unlink(advisories) < 0)
		return err_errno(errno, "%s", advisories);
	return dnf_sign(repodata, levels->key);
}

struct err *ship_lists_dnf(const char *dir, const struct ship_levels *levels)
{
	scope_str_vec suites = {};

	vec_foreach(&levels->list, it)
		if (it->rpm)
			vec_push(&suites, xstrdup(it->suite));
	str_vec_sort_unique(&suites);
	vec_foreach(&suites, it)
		err_try(dnf_suite(dir, levels, *it));
	return NULL;
}

struct err *ship_lists_key(const char *dir, const char *key)
{
	scope_free char *path = xasprintf("%s/key.asc", dir), *text = NULL;
	const char *const argv[] = {"gpg", "--batch", "--armor", "--export", key, NULL};

	err_try(ship_ask(argv, &text));
	if (!*text)
		return err_new("gpg has no public key '%s'", key);
	return file_write(path, text, strlen(text));
}
