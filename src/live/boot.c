/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the next boot would run suture.service, as systemd's folders have it. */
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "live/boot.h"
#include "live/state.h"

#define UNIT "suture.service"

/* Those that systemd searches for units of the system, the first one first. */
static const char *const unit_dirs[] = {
	"/etc/systemd/system",	   "/run/systemd/system", "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system", "/lib/systemd/system",
};

/* Where it is, whatever stands there: a masked unit is a link to /dev/null. */
static bool is_file(const struct root *root, const char *dir, const char *name, bool *masked)
{
	scope_free char *path = xasprintf("%s/%s", dir, name);
	scope_free char *target = root_link(root, path);
	struct stat st;

	*masked = target && !strcmp(target, "/dev/null");
	return !*masked && !root_stat(root, path, &st) && S_ISREG(st.st_mode);
}

/* A target pulls it in by a link in its folder "<target>.wants" or "<target>.requires". */
static bool is_wanted(const struct root *root, const char *dir)
{
	scope_str_vec names = {};
	bool masked;

	err_free(root_list(root, dir, &names));
	vec_foreach(&names, it) {
		scope_free char *wants = xasprintf("%s/%s", dir, *it);

		if ((str_ends(*it, ".wants") || str_ends(*it, ".requires")) &&
		    is_file(root, wants, UNIT, &masked))
			return true;
	}
	return false;
}

enum live_boot live_boot_read(const struct root *root)
{
	bool there = false, wanted = false, masked = false;

	for (size_t i = 0; i < array_size(unit_dirs) && !masked; i++) {
		there |= is_file(root, unit_dirs[i], UNIT, &masked);
		masked &= !there; /* a folder that is searched earlier has a proper one */
		wanted |= is_wanted(root, unit_dirs[i]);
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
		[LIVE_BOOT_DISABLED] = UNIT " is not enabled: systemctl%s enable " UNIT,
		[LIVE_BOOT_MASKED] = UNIT " is masked: systemctl%s unmask " UNIT ", then enable it",
		[LIVE_BOOT_MISSING] =
			"there is no " UNIT
			": install it (make install), or have the boot run 'suture load --installed'",
	};
	scope_free char *option = live_root_option(root);

	return words[boot] ? xasprintf(words[boot], option) : NULL;
}
