/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judges removed files by where they were and what is beside them.  Programs unpack code into a
 * folder of their own, map it and remove it: JNA, ehcache and zstd-jni of Java do so, and ORC.
 * Their names end with a random number or random letters.  An update that removes a file leaves its
 * next version there, or removes the folder as well.
 */
#include "advise/removed.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "base/alloc.h"
#include "base/strbuf.h"

#define MAX_VERSION_DIGITS 4
#define MAX_ENTRIES 100000 /* so many files of a folder are compared */

/* Packages, and what administrators install beside them, have their code here. */
static const char *const code_folders[] = {
	"/usr/", "/bin/", "/sbin/", "/lib/",  "/lib32/", "/lib64/", "/libx32/",
	"/opt/", "/nix/", "/gnu/",  "/snap/", "/app/",	 "/boot/",  "/etc/",
};

/* Returns how many digits are there. */
static size_t digits_at(const char *text)
{
	size_t count = 0;

	while (isdigit((unsigned char)text[count]))
		count++;
	return count;
}

/* Returns whether both names differ only in numbers of up to four digits, as versions do. */
static bool removed_same_name(const char *a, const char *b)
{
	while (*a && *b) {
		size_t a_digits = digits_at(a), b_digits = digits_at(b);

		if (a_digits && b_digits && a_digits <= MAX_VERSION_DIGITS &&
		    b_digits <= MAX_VERSION_DIGITS) {
			a += a_digits;
			b += b_digits;
		} else if (*a++ != *b++) {
			return false;
		}
	}
	return !*a && !*b;
}

/* Returns whether the folder can be listed and has no other version of the file. */
static bool has_no_successor(const struct view *view, const char *folder, const char *name)
{
	int fd = view_open(view, folder, O_RDONLY | O_DIRECTORY);
	DIR *dir = dir_take(fd);
	const struct dirent *entry;
	bool found = false;

	if (!dir)
		return false;
	for (unsigned i = 0; !found && i < MAX_ENTRIES && (entry = readdir(dir)); i++)
		found = removed_same_name(name, entry->d_name);
	closedir(dir);
	return !found;
}

bool removed_is_temporary(const struct view *view, const char *path)
{
	scope_free char *folder = path_parent(path);

	for (size_t i = 0; i < array_size(code_folders); i++)
		if (str_starts(path, code_folders[i]))
			return false;
	return *folder && !strstr(path, "/../") && has_no_successor(view, folder, path_base(path));
}
