/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the boot loader and reads which kernel it starts next. Entries follow the UAPI group's
 * Boot Loader Specification.
 */
#include "advise/bootloader.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "advise/version.h"
#include "base/strbuf.h"
#include "advise/grub.h"
#include "advise/kernel_image.h"

#define MAX_CONFIG (4u << 20)

static const char *const grub_folders[] = {"/boot/grub", "/boot/grub2"};
static const char *const entry_folders[] = {"/boot/loader/entries", "/boot/efi/loader/entries",
					    "/efi/loader/entries"};

static char *boot_read_optional(const struct root *root, const char *path)
{
	char *text = NULL;
	struct stat st;

	if (root_stat(root, path, &st) || !S_ISREG(st.st_mode) || st.st_size > MAX_CONFIG)
		return NULL;
	err_free(root_read(root, path, &text));
	return text;
}

/*
 * Returns the value of a key in an entry, such as "/vmlinuz-6.1" in "linux /vmlinuz-6.1"; free().
 */
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

/* Follows a link to a kernel, as Debian keeps one for boot loaders without a menu. */
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

/* Returns the length of a name without its counter of attempts: NAME+LEFT[-DONE]. */
static size_t without_attempts(const char *name)
{
	const char *plus = strrchr(name, '+');

	return plus && plus[1] && strspn(plus + 1, "0123456789-") == strlen(plus + 1)
		       ? (size_t)(plus - name)
		       : strlen(name);
}

/* Returns whether an entry was tried too often; such entries are shown last. */
static bool given_up(const char *name)
{
	return str_starts(name + without_attempts(name), "+0");
}

static int compare_entry_names(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	scope_free char *plain_x = xstrndup(x, without_attempts(x));
	scope_free char *plain_y = xstrndup(y, without_attempts(y));

	if (given_up(x) != given_up(y))
		return given_up(x) ? 1 : -1;
	return -version_compare(plain_x, plain_y);
}

/* Lists entries without the ending, the newest first, as GRUB and systemd-boot show them. */
static void list_entries(const struct root *root, const char *dir, struct str_vec *names)
{
	scope_str_vec all = {};

	err_free(root_list(root, dir, &all));
	vec_foreach(&all, name)
		if (str_ends(*name, ".conf"))
			vec_push(names, xstrndup(*name, strlen(*name) - strlen(".conf")));
	if (names->len)
		qsort(names->data, names->len, sizeof(*names->data), compare_entry_names);
}

static bool matches_name(const char *name, size_t len, const char *wanted)
{
	scope_free char *plain = xstrndup(name, len);
	scope_free char *file = xasprintf("%s.conf", plain);

	return !fnmatch(wanted, plain, 0) || !fnmatch(wanted, file, 0);
}

/* Finds an entry by name or pattern, with or without the ending. */
static const char *named_entry(const struct str_vec *names, const char *wanted)
{
	vec_foreach(names, name)
		if (wanted && matches_name(*name, strlen(*name), wanted))
			return *name;
	vec_foreach(names, name)
		if (wanted && matches_name(*name, without_attempts(*name), wanted))
			return *name;
	return NULL;
}

/* Finds an entry by name, or by a number, which GRUB counts from the newest one. */
static const char *choose_entry(const struct str_vec *names, const char *wanted)
{
	bool number = wanted && *wanted && strspn(wanted, "0123456789") == strlen(wanted);
	const char *named = named_entry(names, wanted);

	if (named)
		return named;
	if (number && strtoul(wanted, NULL, 10) < names->len)
		return names->data[strtoul(wanted, NULL, 10)];
	vec_foreach(names, name)
		if (!strstr(*name, "-rescue"))
			return *name;
	return NULL;
}

enum entry_choice { OR_THE_DEFAULT, ONLY_WANTED };

static struct boot_choice boot_entries(const struct root *root, const char *wanted,
				       enum entry_choice choice, const char *who)
{
	for (size_t i = 0; i < array_size(entry_folders); i++) {
		scope_str_vec names = {};

		list_entries(root, entry_folders[i], &names);

		const char *name = choice == ONLY_WANTED ? named_entry(&names, wanted)
							 : choose_entry(&names, wanted);

		if (!name)
			continue;

		scope_free char *path = xasprintf("%s/%s.conf", entry_folders[i], name);
		scope_free char *text = boot_read_optional(root, path);

		return choice_of(root, text ? entry_value(text, "linux") : NULL,
				 xasprintf("%s: %s", who, path));
	}
	return (struct boot_choice){
		NULL, choice == ONLY_WANTED
			      ? xasprintf("%s: %s, which matches no entry", who, wanted)
			      : xstrdup("the boot loader has no entries")};
}

static struct boot_choice boot_grub(const struct root *root, const char *dir, const char *config)
{
	scope_free char *path = xasprintf("%s/grubenv", dir);
	scope_free char *environment = boot_read_optional(root, path);

	if (strstr(config, "blscfg")) {
		scope_free char *once = grub_environment_value(environment, "next_entry");
		scope_free char *saved = grub_environment_value(environment, "saved_entry");

		return boot_entries(root, once ? once : saved, OR_THE_DEFAULT,
				    once    ? "GRUB's entry for one boot"
				    : saved ? "GRUB's saved entry"
					    : "GRUB's default entry");
	}

	char *why;
	char *image = grub_next(config, environment, &why);

	return choice_of(root, image, why);
}

/*
 * Reads a variable of the Boot Loader Interface: four bytes of attributes, then UTF-16.  Returns
 * NULL if there is none, or if it is not the name of an entry; free().
 */
static char *loader_variable(const struct root *root, const char *name)
{
	scope_free char *path = xasprintf(
		"/sys/firmware/efi/efivars/%s-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", name);
	scope_close int fd = root_openat(root, path, O_RDONLY | O_NONBLOCK, 0);
	scope_strbuf text = STRBUF_INIT;
	uint8_t bytes[1024];
	ssize_t size = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));

	for (ssize_t at = 4; at + 1 < size && (bytes[at] || bytes[at + 1]); at += 2) {
		if (bytes[at + 1] || bytes[at] <= ' ' || bytes[at] > '~')
			return NULL;
		strbuf_add(&text, &bytes[at], 1);
	}
	return text.len ? strbuf_detach(&text) : NULL;
}

#define SAVED "@saved" /* means the entry that was started last */

static struct boot_choice boot_last(const struct root *root)
{
	scope_free char *last = loader_variable(root, "LoaderEntryLastBooted");

	if (last)
		return boot_entries(root, last, ONLY_WANTED,
				    "the entry that systemd-boot started last");
	return (struct boot_choice){NULL,
				    xstrdup("systemd-boot starts the entry that was chosen last")};
}

static struct boot_choice boot_systemd(const struct root *root)
{
	static const struct {
		const char *variable, *who;
	} told[] = {
		{"LoaderEntryOneShot", "systemd-boot's entry for one boot"},
		{"LoaderEntryDefault", "systemd-boot's default entry"},
	};
	static const char *const files[] = {"/boot/loader/loader.conf",
					    "/boot/efi/loader/loader.conf",
					    "/efi/loader/loader.conf"};

	for (size_t i = 0; i < array_size(told); i++) {
		scope_free char *wanted = loader_variable(root, told[i].variable);

		if (wanted)
			return strcmp(wanted, SAVED)
				       ? boot_entries(root, wanted, ONLY_WANTED, told[i].who)
				       : boot_last(root);
	}
	for (size_t i = 0; i < array_size(files); i++) {
		scope_free char *text = boot_read_optional(root, files[i]);
		scope_free char *wanted = text ? entry_value(text, "default") : NULL;

		if (wanted && str_starts(wanted, "@"))
			return boot_last(root);
		if (text)
			return boot_entries(root, wanted, OR_THE_DEFAULT, "systemd-boot");
	}
	return (struct boot_choice){NULL, xstrdup("no boot loader configuration was found")};
}

/* Reads the release that proxmox-boot-tool was told to start, on disks that it does not mount. */
static struct boot_choice boot_pinned(const struct root *root)
{
	static const struct {
		const char *file, *who;
	} pins[] = {
		{"/etc/kernel/next-boot-pin", "proxmox-boot-tool's pin for one boot"},
		{"/etc/kernel/proxmox-boot-pin", "proxmox-boot-tool's pin"},
	};

	for (size_t i = 0; i < array_size(pins); i++) {
		char *release = root_read_line(root, pins[i].file);
		scope_free char *image = release ? xasprintf("/boot/vmlinuz-%s", release) : NULL;

		if (image && *release && root_exists(root, image))
			return (struct boot_choice){release, xstrdup(pins[i].who)};
		free(release);
	}
	return (struct boot_choice){};
}

struct boot_choice boot_choice_next(const struct root *root)
{
	struct boot_choice pinned = boot_pinned(root);

	if (pinned.release)
		return pinned;
	for (size_t i = 0; i < array_size(grub_folders); i++) {
		scope_free char *path = xasprintf("%s/grub.cfg", grub_folders[i]);
		scope_free char *config = boot_read_optional(root, path);

		if (config)
			return boot_grub(root, grub_folders[i], config);
	}
	return boot_systemd(root);
}
