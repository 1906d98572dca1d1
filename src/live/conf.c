/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the settings: /etc/suture/suture.conf, then /etc/suture/conf.d/?*.conf in the order of
 * their names; later settings win.  Lines are "name = value"; "#" begins a comment.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/trust.h"
#include "live/conf.h"
#include "live/paths.h"

static const char *const tested[] = {
	[LIVE_TESTED_NO] = "no", [LIVE_TESTED_WARN] = "warn", [LIVE_TESTED_YES] = "yes", NULL};

static const char *const packages[] = {[LIVE_PACKAGES_NO] = "no",
				       [LIVE_PACKAGES_BOOT] = "boot",
				       [LIVE_PACKAGES_NOW] = "now",
				       NULL};

/* A setting has one of the values, and stands in the member of struct live_conf at `at`. */
static const struct conf_setting {
	const char *name;
	const char *const *values;
	size_t at;
	const char *problem;
} settings[] = {
	{"require-tested", tested, offsetof(struct live_conf, require_tested),
	 "require-tested must be 'yes', 'warn' or 'no', not '%s'"},
	{"load-packages", packages, offsetof(struct live_conf, load_packages),
	 "load-packages must be 'now', 'boot' or 'no', not '%s'"},
};

static struct err *conf_set_one(const struct conf_setting *setting, const char *value,
				struct live_conf *conf)
{
	for (unsigned i = 0; setting->values[i]; i++) {
		if (!strcmp(value, setting->values[i])) {
			*(unsigned *)((char *)conf + setting->at) = i;
			return NULL;
		}
	}
	return err_new(setting->problem, value);
}

static struct err *conf_set_value(const char *name, const char *value, struct live_conf *conf)
{
	for (size_t i = 0; i < array_size(settings); i++)
		if (!strcmp(name, settings[i].name))
			return conf_set_one(&settings[i], value, conf);
	return err_new("'%s' is not a setting; there are require-tested and load-packages", name);
}

static struct err *conf_read_line(char *line, struct live_conf *conf)
{
	line[strcspn(line, "#")] = '\0';

	char *name = str_trim(line);
	char *equals = strchr(name, '=');

	if (!*name)
		return NULL;
	if (!equals)
		return err_new("'%s' is not of the form name = value", name);
	*equals = '\0';
	return conf_set_value(str_trim(name), str_trim(equals + 1), conf);
}

struct err *live_conf_parse(const char *file, char *text, struct live_conf *conf)
{
	unsigned number = 1;

	for (char *line = text; line; number++) {
		char *end = strchr(line, '\n');

		if (end)
			*end++ = '\0';
		err_try(err_wrap(conf_read_line(line, conf), "%s: line %u", file, number));
		line = end;
	}
	return NULL;
}

/*
 * Finds a file or folder of settings.  A dangling link or an unreadable file does not count as
 * missing, as strict settings would be ignored.  A file that other users can write is an error.
 */
static struct err *conf_find(const struct root *root, const char *path, bool *there)
{
	struct stat st;
	int error = root_stat(root, path, &st);
	scope_free char *link = error == -ENOENT ? root_link(root, path) : NULL;
	scope_free char *full = root_path(root, path);

	*there = !error;
	if (link)
		return err_new("%s is a dangling link", full);
	if (error)
		return error != -ENOENT ? err_errno(-error, "%s", full) : NULL;

	scope_free char *problem = trust_problem(root, path, TRUST_STRICT);

	return problem ? err_new("%s", problem) : NULL;
}

static struct err *conf_read_file(const struct root *root, const char *path, struct live_conf *conf)
{
	scope_free char *text = NULL, *full = root_path(root, path);
	size_t size;
	bool there;

	err_try(conf_find(root, path, &there));
	if (!there)
		return NULL;
	err_try(root_read_bytes(root, path, &text, &size));
	if (strlen(text) != size)
		return err_new("%s is not a text file: it contains a NUL byte", full);
	return live_conf_parse(full, text, conf);
}

struct err *live_conf_read(const struct root *root, struct live_conf *conf)
{
	scope_str_vec names = {};
	bool there;

	*conf = (struct live_conf){.require_tested = LIVE_TESTED_WARN,
				   .load_packages = LIVE_PACKAGES_NOW};
	err_try(conf_find(root, LIVE_ETC, &there));
	err_try(conf_find(root, LIVE_ETC "/conf.d", &there));
	err_try(conf_read_file(root, LIVE_ETC "/suture.conf", conf));
	err_try(root_list(root, LIVE_ETC "/conf.d", &names));
	vec_foreach(&names, it) {
		scope_free char *path = xasprintf(LIVE_ETC "/conf.d/%s", *it);

		if (str_ends(*it, ".conf") && **it != '.')
			err_try(conf_read_file(root, path, conf));
	}
	return NULL;
}
