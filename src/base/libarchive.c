/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads libarchive when the first archive is read or written. */
#include "base/libarchive.h"

struct libarchive libarchive;

LIBRARY_DEFINE(libarchive, LIBARCHIVE_FUNCTIONS, "libarchive.so.13", "archives",
	       "unpacking packages and packing initramfs");

struct err *libarchive_load(void)
{
	return library_load(&libarchive_library);
}
