/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the settings of commands that load and install live patches: /etc/suture/suture.conf, then
 * /etc/suture/conf.d/?*.conf.
 */
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "base/settings.h"
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
} settings[] = {
	{"require-tested", tested, offsetof(struct live_conf, require_tested)},
	{"load-packages", packages, offsetof(struct live_conf, load_packages)},
};

static struct err *conf_set_one(const struct conf_setting *setting, const char *value,
				struct live_conf *conf)
{
	scope_free char *why =
		nearest_choose(value, setting->values, (unsigned *)((char *)conf + setting->at));

	return why ? err_new("%s: %s", setting->name, why) : NULL;
}

static struct err *conf_take(void *data, const struct setting *given)
{
	struct nearest nearest = NEAREST_INIT(given->name);

	for (size_t i = 0; i < array_size(settings); i++) {
		if (!strcmp(given->name, settings[i].name))
			return conf_set_one(&settings[i], given->value, data);
		nearest_offer(&nearest, settings[i].name);
	}

	scope_free char *hint =
		nearest_hint(&nearest, "there are require-tested and load-packages");

	return err_new("'%s' is not a setting; %s", given->name, hint);
}

struct err *live_conf_parse(const char *file, char *text, struct live_conf *conf)
{
	return settings_parse(file, text, &(struct settings_reader){conf_take, conf});
}

struct err *live_conf_read(const struct root *root, struct live_conf *conf)
{
	*conf = (struct live_conf){.require_tested = LIVE_TESTED_WARN,
				   .load_packages = LIVE_PACKAGES_NOW};
	return settings_read(root, LIVE_ETC "/suture.conf", LIVE_ETC "/conf.d",
			     &(struct settings_reader){conf_take, conf});
}
