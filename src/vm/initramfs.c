/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the guest's initramfs, without compression: under emulation, unpacking takes longer than
 * copying.
 */
#include "vm/initramfs.h"

#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/libarchive.h"
#include "base/strbuf.h"
#include "base/vec.h"

struct initramfs {
	struct archive *archive;
	char *path;
	struct str_vec names; /* the files and folders that were added */
};

static struct err *initramfs_err(const struct initramfs *fs)
{
	return err_new("%s: %s", fs->path, libarchive.archive_error_string(fs->archive));
}

struct err *initramfs_create(const char *path, struct initramfs **fsp)
{
	scope_initramfs fs = xcalloc(1, sizeof(*fs));

	fs->path = xstrdup(path);
	err_try(libarchive_load());
	fs->archive = libarchive.archive_write_new();
	if (!fs->archive)
		return err_new("%s: out of memory", path);
	libarchive.archive_write_add_filter_none(fs->archive);
	libarchive.archive_write_set_format_cpio_newc(fs->archive);
	if (libarchive.archive_write_open_filename(fs->archive, path) != ARCHIVE_OK)
		return initramfs_err(fs);
	*fsp = take_ptr(fs);
	return NULL;
}

bool initramfs_has(const struct initramfs *fs, const char *name)
{
	return str_vec_has(&fs->names, name);
}

static struct err *initramfs_add_entry(struct initramfs *fs, const char *name, unsigned mode,
				       struct bytes bytes)
{
	struct archive_entry *entry = libarchive.archive_entry_new();

	libarchive.archive_entry_set_pathname(entry, name);
	libarchive.archive_entry_set_mode(entry, mode);
	libarchive.archive_entry_set_size(entry, bytes.size);
	libarchive.archive_entry_set_nlink(entry, 1);

	bool good = libarchive.archive_write_header(fs->archive, entry) == ARCHIVE_OK &&
		    (!bytes.size ||
		     libarchive.archive_write_data(fs->archive, bytes.data, bytes.size) ==
			     (la_ssize_t)bytes.size);

	libarchive.archive_entry_free(entry);
	if (!good)
		return initramfs_err(fs);
	vec_push(&fs->names, xstrdup(name));
	return NULL;
}

/* Adds the folders of a name, since the kernel's unpacker needs each folder before its files. */
static struct err *add_folders(struct initramfs *fs, const char *name)
{
	for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
		scope_free char *folder = xstrndup(name, slash - name);

		if (!initramfs_has(fs, folder))
			err_try(initramfs_add_entry(fs, folder, S_IFDIR | 0755, (struct bytes){}));
	}
	return NULL;
}

struct err *initramfs_add(struct initramfs *fs, const char *name, unsigned mode, struct bytes bytes)
{
	err_try(add_folders(fs, name));
	return initramfs_add_entry(fs, name, S_IFREG | mode, bytes);
}

struct err *initramfs_add_file(struct initramfs *fs, const char *name, unsigned mode,
			       const char *host_path)
{
	scope_file_map map = {};

	if (initramfs_has(fs, name))
		return NULL;
	err_try(file_map(host_path, &map));
	return initramfs_add(fs, name, mode, map.bytes);
}

struct err *initramfs_finish(struct initramfs *fs, uint64_t *size)
{
	struct stat st;

	if (libarchive.archive_write_close(fs->archive) != ARCHIVE_OK)
		return initramfs_err(fs);
	if (stat(fs->path, &st) < 0)
		return err_new("%s: the finished archive cannot be read", fs->path);
	*size = st.st_size;
	return NULL;
}

void initramfs_freep(struct initramfs **fsp)
{
	struct initramfs *fs = *fsp;

	if (!fs)
		return;
	if (fs->archive)
		libarchive.archive_write_free(fs->archive);
	str_vec_free(&fs->names);
	free(fs->path);
	free(fs);
}
