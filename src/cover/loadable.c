/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the modules that a machine has loaded or may load. depmod's files tell which aliases load a
 * module and which modules it depends on; /sys tells which devices there are.
 */
#include "cover/loadable.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/text.h"
#include "live/live.h"

/*
 * What stands before the first colon, or asterisk, of an alias that depends on a device; from
 * scripts/mod/file2alias.c and the buses' uevent functions of Linux 6.12. An alias of another form
 * is one that a process can request: "net-pf-10", "fs-xfs", "crypto-crc32c", "char-major-10-200".
 */
static const char *const device_aliases[] = {
	"acpi",	    "amba", "ap",      "apr",	   "auxiliary", "bcma",	  "ccw",    "cdx",
	"coreboot", "cpu",  "css",     "dfl",	   "dmi",	"eisa",	  "fsl-mc", "hdaudio",
	"hid",	    "i2c",  "i3c",     "ieee1394", "input",	"ipack",  "isa",    "ishtp",
	"mdio",	    "mei",  "mhi",     "mipscdmm", "of",	"parisc", "pci",    "pcmcia",
	"platform", "pnp",  "rapidio", "rpmsg",	   "scsi",	"sdio",	  "sdw",    "serio",
	"slim",	    "spi",  "ssam",    "ssb",	   "tbsvc",	"tee",	  "typec",  "ulpi",
	"usb",	    "vio",  "virtio",  "vmbus",	   "wmi",	"zorro",
};

static bool alias_is_of_device(const char *alias)
{
	size_t len = strcspn(alias, ":*");

	for (size_t i = 0; alias[len] && i < array_size(device_aliases); i++)
		if (strlen(device_aliases[i]) == len && !strncmp(alias, device_aliases[i], len))
			return true;
	return false;
}

static void modules_add(struct str_vec *modules, const char *name, size_t len)
{
	scope_free char *copy = xstrndup(name, len);

	vec_push(modules, live_name_of(copy));
}

/* Calls with each line of a text, whose ends it replaces by NULs. */
#define text_foreach_line(text, line)                                                              \
	for (char *rest_ = (text), *line; (line = strsep(&rest_, "\n"));)

static struct err *read_devices(const struct root *root, struct str_vec *devices)
{
	scope_str_vec buses = {};

	err_try(root_list(root, "/sys/bus", &buses));
	vec_foreach(&buses, bus) {
		scope_free char *folder = xasprintf("/sys/bus/%s/devices", *bus);
		scope_str_vec names = {};

		err_try(root_list(root, folder, &names));
		vec_foreach(&names, it) {
			scope_free char *path = xasprintf("%s/%s/modalias", folder, *it);
			char *alias = root_read_line(root, path);

			if (alias)
				vec_push(devices, alias);
		}
	}
	str_vec_sort_unique(devices);
	return NULL;
}

static bool alias_matches(const char *alias, const struct str_vec *devices)
{
	if (!alias_is_of_device(alias))
		return true;

	size_t len = strcspn(alias, ":*");

	vec_foreach(devices, it)
		if (!strncmp(alias, *it, len) && !fnmatch(alias, *it, 0))
			return true;
	return false;
}

/* Adds the modules of modules.alias, whose lines are "alias PATTERN MODULE". */
static void loadable_add_aliased(char *text, const struct str_vec *devices, struct str_vec *modules)
{
	text_foreach_line(text, line)
	{
		char *keyword = strsep(&line, " "), *alias = strsep(&line, " ");

		if (alias && line && !strcmp(keyword, "alias") && alias_matches(alias, devices))
			modules_add(modules, line, strlen(line));
	}
}

/* Adds what the modules depend on; each line is "PATH: PATH…", with all further dependencies. */
static void loadable_add_dependencies(char *text, struct str_vec *modules)
{
	size_t count = modules->len;

	text_foreach_line(text, line)
	{
		char *path = strsep(&line, ":");
		scope_free char *own = live_name_of(path);

		/* Only the first `count` names are sorted. */
		if (line && str_vec_find_sorted(&(struct str_vec){modules->data, count, 0}, own))
			for (char *word; (word = strsep(&line, " "));)
				if (*word)
					vec_push(modules, live_name_of(word));
	}
	str_vec_sort_unique(modules);
}

static void loadable_add_loaded(char *text, struct str_vec *modules)
{
	text_foreach_line(text, line) if (*line) modules_add(modules, line, strcspn(line, " \t"));
}

struct err *loadable_read(const struct root *root, const char *release, struct str_vec *modules)
{
	scope_free char *alias_path = xasprintf("/lib/modules/%s/modules.alias", release);
	scope_free char *dep_path = xasprintf("/lib/modules/%s/modules.dep", release);
	scope_free char *loaded = NULL, *aliases = NULL, *dependencies = NULL;
	scope_str_vec devices = {};

	err_try(root_read(root, "/proc/modules", &loaded));
	err_try(root_read(root, alias_path, &aliases));
	err_try(root_read(root, dep_path, &dependencies));
	err_try(read_devices(root, &devices));
	loadable_add_loaded(loaded, modules);
	loadable_add_aliased(aliases, &devices, modules);
	str_vec_sort_unique(modules);
	loadable_add_dependencies(dependencies, modules);
	return NULL;
}

struct err *loadable_read_list(const char *path, struct str_vec *modules)
{
	scope_free char *text = NULL;
	size_t size;

	err_try(file_read_stream(path, &text, &size));
	text_foreach_line(text, line)
	{
		size_t len = strcspn(line, " \t");

		if (!len || *line == '#' || str_starts(line, "Module "))
			continue;
		if (memchr(line, '/', len) || memchr(line, '.', len))
			return err_new("%s: '%.*s' is not a valid module name", path, (int)len,
				       line);
		modules_add(modules, line, len);
	}
	str_vec_sort_unique(modules);
	return NULL;
}

bool loadable_has_any(const struct str_vec *modules, const char *owners)
{
	if (str_has_word(owners, "vmlinux", " "))
		return true;
	vec_foreach(modules, it)
		if (str_has_word(owners, *it, " "))
			return true;
	return false;
}
