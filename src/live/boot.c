/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out from systemd's folders whether the next boot will run suture.service. */
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "live/boot.h"
#include "live/state.h"

#define UNIT "suture.service"

/* The folders that systemd searches for system units, in its order. */
static const char *const unit_dirs[] = {
	"/etc/systemd/system",	   "/run/systemd/system", "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system", "/lib/systemd/system",
};

/* Returns whether the unit is in the folder; a masked unit is a link to /dev/null. */
static bool unit_is_file(const struct root *root, const char *dir, const char *name, bool *masked)
{
	scope_free char *path = xasprintf("%s/%s", dir, name);
	scope_free char *target = root_link(root, path);
	struct stat st;

	*masked = target && !strcmp(target, "/dev/null");
	return !*masked && !root_stat(root, path, &st) && S_ISREG(st.st_mode);
}

/*
 * Returns whether a target starts the unit: a link is in "<target>.wants" or "<target>.requires".
 */
static bool unit_is_wanted(const struct root *root, const char *dir)
{
	scope_str_vec names = {};
	bool masked;

	err_free(root_list(root, dir, &names));
	vec_foreach(&names, it) {
		scope_free char *wants = xasprintf("%s/%s", dir, *it);

		if ((str_ends(*it, ".wants") || str_ends(*it, ".requires")) &&
		    unit_is_file(root, wants, UNIT, &masked))
			return true;
	}
	return false;
}

enum live_boot live_boot_read(const struct root *root)
{
	bool there = false, wanted = false, masked = false;

	for (size_t i = 0; i < array_size(unit_dirs) && !masked; i++) {
		there |= unit_is_file(root, unit_dirs[i], UNIT, &masked);
		masked &= !there; /* a regular unit in an earlier folder counts */
		wanted |= unit_is_wanted(root, unit_dirs[i]);
	}
	return masked	? LIVE_BOOT_MASKED
	       : !there ? LIVE_BOOT_MISSING
	       : wanted ? LIVE_BOOT_ENABLED
			: LIVE_BOOT_DISABLED;
}

const char *live_boot_name(enum live_boot boot)
{
	static const char *const names[] = {
		[LIVE_BOOT_ENABLED] = "enabled",
		[LIVE_BOOT_DISABLED] = "disabled",
		[LIVE_BOOT_MASKED] = "masked",
		[LIVE_BOOT_MISSING] = "missing",
	};

	return names[boot];
}

char *live_boot_obstacle(const struct root *root, enum live_boot boot)
{
	static const char *const words[] = {
		[LIVE_BOOT_DISABLED] = "%s is not enabled: systemctl%s enable %s",
		[LIVE_BOOT_MASKED] = "%s is masked: systemctl%s unmask %s, then enable it",
		[LIVE_BOOT_MISSING] =
			"%s is missing: install it (make install), or let the boot run 'suture load --installed'",
	};
	scope_free char *option = live_root_option(root);

	return words[boot] ? xasprintf(words[boot], UNIT, option, UNIT) : NULL;
}
