/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads libarchive (see base/library.h), which reads packages and writes initramfs. */
#ifndef SUTURE_BASE_LIBARCHIVE_H
#define SUTURE_BASE_LIBARCHIVE_H

#include <archive.h>
#include <archive_entry.h>

#include "base/library.h"

/* clang-format off */
#define LIBARCHIVE_FUNCTIONS(F) \
	F(archive_entry_filetype) \
	F(archive_entry_free) \
	F(archive_entry_hardlink) \
	F(archive_entry_new) \
	F(archive_entry_pathname) \
	F(archive_entry_perm) \
	F(archive_entry_set_mode) \
	F(archive_entry_set_nlink) \
	F(archive_entry_set_pathname) \
	F(archive_entry_set_size) \
	F(archive_entry_symlink) \
	F(archive_error_string) \
	F(archive_filter_bytes) \
	F(archive_read_data_block) \
	F(archive_read_free) \
	F(archive_read_new) \
	F(archive_read_next_header) \
	F(archive_read_open) \
	F(archive_read_open_filename) \
	F(archive_read_support_filter_all) \
	F(archive_read_support_format_ar) \
	F(archive_read_support_format_tar) \
	F(archive_set_error) \
	F(archive_write_add_filter_none) \
	F(archive_write_close) \
	F(archive_write_data) \
	F(archive_write_free) \
	F(archive_write_header) \
	F(archive_write_new) \
	F(archive_write_open_filename) \
	F(archive_write_set_format_cpio_newc)
/* clang-format on */

/* The functions may be called after libarchive_load() has succeeded. */
extern struct libarchive {
	LIBARCHIVE_FUNCTIONS(LIBRARY_MEMBER)
} libarchive;

struct err *libarchive_load(void) ERR_MUST_USE;

#endif
