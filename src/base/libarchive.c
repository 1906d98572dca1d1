/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/libarchive.h"

#include "base/alloc.h"

#define SONAME "libarchive.so.13"

LIBRARY_NOTE(SONAME, "archives", "unpacking packages and packing initramfs");

struct libarchive libarchive;

static const char *const names[] = {LIBARCHIVE_FUNCTIONS(LIBRARY_NAME)};
static struct library library = {SONAME, names, array_size(names), &libarchive, NULL};

struct err *libarchive_load(void)
{
	return library_load(&library);
}
