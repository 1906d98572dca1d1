/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out what a package of a live patch is about, and whether there may be one. */
#include "ship/subject.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/alloc.h"
#include "base/cve.h"
#include "base/file.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "finding/cover_state.h"
#include "live/module.h"
#include "vm/attest.h"

char *ship_package_name(const char *release)
{
	scope_free char *name = xasprintf(SHIP_PREFIX "%s", release);

	for (char *c = name; *c; c++) {
		*c = *c == '_' ? '-' : tolower((unsigned char)*c);
		if (!isalnum((unsigned char)*c) && !strchr("+-.", *c))
			return NULL;
	}
	return take_ptr(name);
}

/* Checks what becomes a part of file names, versions and scripts. */
static bool is_version(const char *version)
{
	static const char good[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+~:-";

	return isdigit((unsigned char)*version) && strlen(version) < 100 &&
	       !version[strspn(version, good)];
}

/*
 * rpm has epoch, version and release apart; "^" makes it sort a level before all longer releases.
 */
static void subject_set_versions(struct ship_subject *subject)
{
	const char *colon = strchr(subject->source, ':');
	const char *rest = colon ? colon + 1 : subject->source;
	const char *dash = strrchr(rest, '-');

	subject->version = xasprintf("%s-%u", subject->source, subject->level);
	if (colon)
		subject->rpm_epoch = xstrndup(subject->source, colon - subject->source);
	subject->rpm_version = dash ? xstrndup(rest, dash - rest) : xstrdup(rest);
	for (char *c = subject->rpm_version; *c; c++)
		if (*c == '-')
			*c = '.';
	subject->rpm_release = xasprintf("%s^%u", dash ? dash + 1 : "0", subject->level);
}

/*
 * A trial's failure is a fact that no reason outweighs; nor is a file that was changed afterwards.
 */
static struct err *subject_check_tested(struct ship_subject *subject, const char *untested)
{
	const struct live_module *module = subject->module;

	if (module->attested == LIVE_ATTESTED_PASS)
		return untested ? err_code_new(ERR_USAGE,
					       "%s has passed its trial; leave out --untested",
					       module->path)
				: NULL;
	if (module->attested == LIVE_ATTESTED_FAIL || module->attested == LIVE_ATTESTED_OTHER ||
	    module->attested == LIVE_ATTESTED_UNREADABLE)
		return err_code_new(ERR_REFUSED, "%s: %s; run 'suture test' first", module->path,
				    module->attest_why);
	if (!untested)
		return err_code_new(ERR_REFUSED,
				    "%s: %s; run 'suture test' first, or give --untested=REASON",
				    module->path, module->attest_why);

	scope_free char *copy = xstrdup(untested);
	const char *reason = str_trim(copy);

	for (const char *c = reason; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f || *c == '%')
			return err_code_new(
				ERR_USAGE,
				"--untested: the reason must be one line of text without '%%'");
	if (!*reason)
		return err_code_new(ERR_USAGE, "--untested: the reason is empty");
	subject->untested = xstrdup(reason);
	return NULL;
}

/* Adds what keeps a fix from being whole: a unit that is not carried, and the reason. */
static void subject_add_open(struct ship_subject *subject, const char *cve, const json_t *unit)
{
	const char *name = json_string_value(json_object_get(unit, "name"));
	const json_t *reason = json_array_get(json_object_get(unit, "reasons"), 0);
	const char *why = json_is_string(reason)
				  ? json_string_value(reason)
				  : json_string_value(json_object_get(reason, "message"));
	scope_free char *text = xasprintf("%s is not carried%s%s", name ? name : "a unit",
					  why ? ": " : "", why ? why : "");

	vec_foreach(&subject->open, it) {
		if (strcmp(it->cve, cve))
			continue;

		char *both = xasprintf("%s; %s", it->why, text);

		free(it->why);
		it->why = both;
		return;
	}
	vec_push(&subject->open, (struct ship_open){.cve = xstrdup(cve), .why = take_ptr(text)});
}

static void subject_read_unit(struct ship_subject *subject, const json_t *unit,
			      struct str_vec *carried)
{
	enum cover_state state =
		cover_state_find(json_string_value(json_object_get(unit, "state")));
	size_t i;
	json_t *cve;

	if (state != COVER_PATCHED && !cover_state_is_open(state))
		return;
	json_array_foreach(json_object_get(unit, "cves"), i, cve)
	{
		if (!json_is_string(cve) || !cve_is_id(json_string_value(cve)))
			continue;
		if (state == COVER_PATCHED)
			vec_push(carried, xstrdup(json_string_value(cve)));
		else
			subject_add_open(subject, json_string_value(cve), unit);
	}
}

/*
 * A cumulative patch has the fixes of its units.  One of which a unit was left out is open, even if
 * other units of it are carried.
 */
static struct err *subject_read_units(struct ship_subject *subject, struct str_vec *carried)
{
	const char *path = subject->module->cover;
	scope_free char *text = NULL;
	size_t i, size = 0;
	json_t *unit;

	if (!path || !subject->cover)
		return NULL;
	err_try(file_read(path, &text, &size));

	scope_json list = json_loadb(text, size, 0, NULL);

	if (!live_cover_owns(subject->cover, list))
		return err_new("%s does not describe %s; make both again with 'suture cover'", path,
			       subject->module->path);
	json_array_foreach(json_object_get(list, "units"), i, unit)
		subject_read_unit(subject, unit, carried);
	return NULL;
}

static bool subject_is_open(const struct ship_subject *subject, const char *cve)
{
	vec_foreach(&subject->open, it)
		if (!strcmp(it->cve, cve))
			return true;
	return false;
}

static struct err *subject_read_cves(struct ship_subject *subject)
{
	scope_str_vec all = {};

	err_try(subject_read_units(subject, &all));
	live_module_cves(subject->module, &all); /* which sorts them */
	vec_foreach(&all, it)
		if (!subject_is_open(subject, *it))
			vec_push(&subject->cves, xstrdup(*it));
	return NULL;
}

static struct err *subject_read_time(struct ship_subject *subject)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	scope_vm_attest attest = NULL;
	struct tm tm = {};
	struct stat st;
	char *end;

	if (epoch && *epoch) {
		subject->time = strtoll(epoch, &end, 10);
		return *end || subject->time < 0
			       ? err_code_new(ERR_USAGE, "SOURCE_DATE_EPOCH: '%s' is not a time",
					      epoch)
			       : NULL;
	}
	err_try(vm_attest_read(subject->module->path, &attest));
	if (attest && strptime(attest->time, "%Y-%m-%dT%H:%M:%SZ", &tm)) {
		subject->time = timegm(&tm);
		return NULL;
	}
	if (stat(subject->module->path, &st) < 0)
		return err_errno(errno, "%s", subject->module->path);
	subject->time = st.st_mtime;
	return NULL;
}

struct err *ship_subject_read(const char *path, unsigned level, const char *untested,
			      struct ship_subject **subjectp)
{
	scope_ship_subject subject = xcalloc(1, sizeof(*subject));

	err_try(live_module_open(path, &subject->module));

	const struct live_module *module = subject->module;
	const char *from = klp_module_info(module->klp, "suture_package");

	err_try(subject_check_tested(subject, untested));
	err_try(live_check_release(module->release));
	subject->package = ship_package_name(module->release);
	if (!subject->package)
		return err_new("%s: the release '%s' cannot be in the name of a package", path,
			       module->release);
	if (!from)
		return err_new(
			"%s does not say which package its kernel is from (suture_package), so the live patch has no version",
			path);
	if (!module->klp->replace)
		return err_code_new(
			ERR_REFUSED,
			"%s was built with --no-replace: a level has to replace the one before it",
			path);
	subject->cover = live_cover_read(module);
	subject->from = xstrdup(from);
	subject->source = xstrdup(subject->cover ? subject->cover->to : from);
	if (!is_version(subject->from) || !is_version(subject->source))
		return err_new("%s: '%s' is not a valid package version", path, subject->source);
	subject->level = level;
	subject_set_versions(subject);
	err_try(subject_read_cves(subject));
	err_try(subject_read_time(subject));
	*subjectp = take_ptr(subject);
	return NULL;
}

char *ship_time_text(const struct ship_subject *subject)
{
	time_t time = subject->time;
	char text[64];
	struct tm tm;

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&time, &tm));
	return xstrdup(text);
}

void ship_subject_free(struct ship_subject *subject)
{
	if (!subject)
		return;
	live_module_free(subject->module);
	live_cover_free(subject->cover);
	free(subject->package);
	free(subject->from);
	free(subject->source);
	free(subject->version);
	free(subject->rpm_version);
	free(subject->rpm_release);
	free(subject->rpm_epoch);
	free(subject->untested);
	str_vec_free(&subject->cves);
	vec_foreach(&subject->open, it) {
		free(it->cve);
		free(it->why);
	}
	vec_free(&subject->open);
	free(subject);
}

void ship_subject_freep(struct ship_subject **subjectp)
{
	ship_subject_free(*subjectp);
}
