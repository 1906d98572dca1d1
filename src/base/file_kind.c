/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells by the first bytes what a file is that was given by mistake. */
#include "base/file_kind.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/file.h"

enum kind {
	KIND_UNKNOWN,
	KIND_PATCH,
	KIND_COMPRESSED,
	KIND_TEXT,
	KIND_OBJECT,
	KIND_PACKAGE,
	KIND_OTHER
};

/* A .deb is an ar archive whose first member has this name. */
#define DEB_START "!<arch>\ndebian-binary"

static const struct start {
	const char *bytes;
	size_t size;
	enum kind kind;
	const char *name;
} starts[] = {
#define START(bytes, kind, name)                                                                   \
	{                                                                                          \
		bytes, sizeof(bytes) - 1, kind, name                                               \
	}
	START("#!", KIND_OTHER, "a script"),
	START("diff ", KIND_PATCH, "a patch"),
	START("From ", KIND_PATCH, "a patch"),
	START("{", KIND_OTHER, "JSON text"),
	START("-----BEGIN ", KIND_OTHER, "a key or certificate"),
	START(DEB_START, KIND_PACKAGE, "a Debian package"),
	START("!<arch>\n", KIND_OTHER, "an archive of object files"),
	START("\xed\xab\xee\xdb", KIND_PACKAGE, "an rpm package"),
	START("MZ", KIND_OTHER, "a kernel image or other EFI program"),
	START("\x1f\x8b", KIND_COMPRESSED, "a gzip file"),
	START("\xfd"
	      "7zXZ",
	      KIND_COMPRESSED, "an xz file"),
	START("\x28\xb5\x2f\xfd", KIND_COMPRESSED, "a zstd file"),
	/* e_type is in the 17th byte: ET_REL, ET_EXEC and ET_DYN; a module is ET_REL. */
	START("\x7f"
	      "ELF\2\1\1\0\0\0\0\0\0\0\0\0\1",
	      KIND_OBJECT, "an object file or kernel module"),
	START("\x7f"
	      "ELF\2\1\1\0\0\0\0\0\0\0\0\0\2",
	      KIND_OTHER, "a program or library"),
	START("\x7f"
	      "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3",
	      KIND_OTHER, "a program or library"),
#undef START
};

/* A patch may begin with any text. */
static bool has_diff(struct bytes bytes)
{
	return bytes.size && *bytes.data != 0x7f && memmem(bytes.data, bytes.size, "--- ", 4) &&
	       memmem(bytes.data, bytes.size, "\n+++ ", 5);
}

/* git describes a rename without "---"; mails may be encoded. */
static bool may_hold_diff(struct bytes bytes)
{
	static const char header[] = "-encoding:";

	for (size_t i = 0; i + sizeof(header) - 1 <= bytes.size; i++)
		if (!strncasecmp((const char *)bytes.data + i, header, sizeof(header) - 1))
			return true;
	return memmem(bytes.data, bytes.size, "diff ", 5);
}

static struct start file_kind_of(struct bytes bytes)
{
	struct start kind = {.kind = KIND_UNKNOWN};

	for (size_t i = 0; i < array_size(starts); i++)
		if (bytes.size >= starts[i].size &&
		    !memcmp(bytes.data, starts[i].bytes, starts[i].size)) {
			kind = starts[i];
			break;
		}
	if (kind.kind != KIND_OBJECT && kind.kind != KIND_COMPRESSED && has_diff(bytes))
		return (struct start){.kind = KIND_PATCH, .name = "a patch"};
	if (kind.name || (bytes.size && memchr(bytes.data, '\0', bytes.size)))
		return kind;
	return (struct start){.kind = KIND_TEXT, .name = bytes.size ? "text" : "an empty file"};
}

const char *file_kind_name(struct bytes bytes)
{
	return file_kind_of(bytes).name;
}

struct err *file_kind_not_module(const char *path, struct bytes bytes)
{
	struct start kind = file_kind_of(bytes);

	if (kind.kind == KIND_UNKNOWN || kind.kind == KIND_OBJECT || kind.kind == KIND_COMPRESSED)
		return NULL;
	return err_new("%s: this is %s, not a kernel module%s", path, kind.name,
		       kind.kind == KIND_PATCH ? ": 'suture build' makes a module from it" : "");
}

struct err *file_kind_regular(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_errno(errno, "%s", path);
	if (S_ISREG(st.st_mode))
		return NULL;
	return err_new("%s: this is %s, not a file", path,
		       S_ISDIR(st.st_mode) ? "a folder" : "a pipe, socket or device");
}

struct err *file_kind_not_package(const char *path)
{
	scope_file_map map = {};

	err_try(file_kind_regular(path));
	err_try(file_map(path, &map));

	struct start kind = file_kind_of(map.bytes);

	if (kind.kind == KIND_UNKNOWN || kind.kind == KIND_PACKAGE)
		return NULL;
	return err_new("%s: this is %s, not a package%s", path, kind.name,
		       kind.kind == KIND_OBJECT ? ": 'suture package' makes one from a live patch"
						: "");
}

struct err *file_kind_not_patch(const char *path)
{
	scope_file_map map = {};

	err_try(file_kind_regular(path));
	err_try(file_map(path, &map));

	struct start kind = file_kind_of(map.bytes);

	if (kind.kind == KIND_TEXT && !may_hold_diff(map.bytes))
		return err_new("%s: the file contains no unified diff", path);
	if (kind.kind == KIND_UNKNOWN || kind.kind == KIND_PATCH || kind.kind == KIND_TEXT)
		return NULL;
	return err_new("%s: this is %s, not a patch", path, kind.name);
}
