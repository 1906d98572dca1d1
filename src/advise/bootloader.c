/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which boot loader there is, and what its files say.  Boot loader entries: the UAPI group's
 * specification of that name. */
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "advise/kernels.h"
#include "advise/version.h"
#include "base/strbuf.h"

#define MAX_CONFIG (4u << 20)

static const char *const grub_folders[] = {"/boot/grub", "/boot/grub2"};
static const char *const entry_folders[] = {"/boot/loader/entries", "/boot/efi/loader/entries",
					    "/efi/loader/entries"};

static char *read_optional(const struct root *root, const char *path)
{
	char *text = NULL;
	struct stat st;

	if (root_stat(root, path, &st) || !S_ISREG(st.st_mode) || st.st_size > MAX_CONFIG)
		return NULL;
	err_free(root_read(root, path, &text));
	return text;
}

/* "linux /vmlinuz-6.1" of an entry; free(). */
static char *entry_value(const char *text, const char *key)
{
	size_t len = strlen(key);

	while (*text) {
		size_t line = strcspn(text, "\n");

		if (line > len && !strncmp(text, key, len) && strchr(" \t", text[len])) {
			const char *value = text + len + strspn(text + len, " \t");

			return xstrndup(value, text + line - value);
		}
		text += line + (text[line] == '\n');
	}
	return NULL;
}

/* The link that Debian keeps for boot loaders without a menu. */
static char *follow_link(const struct root *root, const char *path)
{
	static const char *const prefixes[] = {"", "/boot"};
	char target[512];

	for (size_t i = 0; i < array_size(prefixes); i++) {
		scope_free char *link = xasprintf("%s%s", prefixes[i], path);
		scope_close int fd = root_openat(root, link, O_PATH | O_NOFOLLOW, 0);
		ssize_t len = fd < 0 ? -1 : readlinkat(fd, "", target, sizeof(target) - 1);

		if (len > 0) {
			target[len] = '\0';
			return xstrdup(target);
		}
	}
	return NULL;
}

static struct boot_choice choice_of(const struct root *root, char *path, char *why)
{
	scope_free char *link = NULL;
	scope_free char *owned = path;
	const char *release = path ? kernel_release_of(path) : NULL;

	if (path && !release && (link = follow_link(root, path)))
		release = kernel_release_of(link);
	return (struct boot_choice){release ? xstrdup(release) : NULL, why};
}

static int compare_names(const void *a, const void *b)
{
	return -version_compare(*(char *const *)a, *(char *const *)b);
}

/* Newest first, as GRUB and systemd-boot show them; without the ending. */
static void list_entries(const struct root *root, const char *dir, struct str_vec *names)
{
	scope_str_vec all = {};

	err_free(root_list(root, dir, &all));
	vec_foreach(&all, name)
		if (str_ends(*name, ".conf"))
			vec_push(names, xstrndup(*name, strlen(*name) - strlen(".conf")));
	if (names->len)
		qsort(names->data, names->len, sizeof(*names->data), compare_names);
}

static const char *choose_entry(const struct str_vec *names, const char *wanted)
{
	vec_foreach(names, name)
		if (wanted && !fnmatch(wanted, *name, 0))
			return *name;
	vec_foreach(names, name)
		if (!strstr(*name, "-rescue"))
			return *name;
	return NULL;
}

static struct boot_choice boot_entries(const struct root *root, const char *wanted, const char *who)
{
	for (size_t i = 0; i < array_size(entry_folders); i++) {
		scope_str_vec names = {};

		list_entries(root, entry_folders[i], &names);

		const char *name = choose_entry(&names, wanted);

		if (!name)
			continue;

		scope_free char *path = xasprintf("%s/%s.conf", entry_folders[i], name);
		scope_free char *text = read_optional(root, path);

		return choice_of(root, text ? entry_value(text, "linux") : NULL,
				 xasprintf("%s: %s", who, path));
	}
	return (struct boot_choice){NULL, xstrdup("the boot loader has no entries")};
}

static struct boot_choice boot_grub(const struct root *root, const char *dir, const char *config)
{
	scope_free char *path = xasprintf("%s/grubenv", dir);
	scope_free char *environment = read_optional(root, path);

	if (strstr(config, "blscfg")) {
		scope_free char *once = grub_environment_value(environment, "next_entry");
		scope_free char *saved = grub_environment_value(environment, "saved_entry");

		return boot_entries(root, once ? once : saved,
				    once    ? "GRUB was told to, once"
				    : saved ? "GRUB's saved entry"
					    : "GRUB's default entry");
	}

	char *why;
	char *image = grub_next(config, environment, &why);

	return choice_of(root, image, why);
}

static struct boot_choice boot_systemd(const struct root *root)
{
	static const char *const files[] = {"/boot/loader/loader.conf",
					    "/boot/efi/loader/loader.conf",
					    "/efi/loader/loader.conf"};

	for (size_t i = 0; i < array_size(files); i++) {
		scope_free char *text = read_optional(root, files[i]);
		scope_free char *wanted = text ? entry_value(text, "default") : NULL;

		if (wanted && str_starts(wanted, "@"))
			return (struct boot_choice){
				NULL, xstrdup("systemd-boot starts what was chosen last")};
		if (text)
			return boot_entries(root, wanted, "systemd-boot");
	}
	return (struct boot_choice){NULL, xstrdup("no configuration of a boot loader was found")};
}

struct boot_choice boot_next(const struct root *root)
{
	for (size_t i = 0; i < array_size(grub_folders); i++) {
		scope_free char *path = xasprintf("%s/grub.cfg", grub_folders[i]);
		scope_free char *config = read_optional(root, path);

		if (config)
			return boot_grub(root, grub_folders[i], config);
	}
	return boot_systemd(root);
}

void boot_choice_free(struct boot_choice *choice)
{
	free(choice->release);
	free(choice->why);
}
