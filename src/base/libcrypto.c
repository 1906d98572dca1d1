/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/libcrypto.h"

#include "base/alloc.h"

#define SONAME "libcrypto.so." LIBRARY_TEXT(OPENSSL_SHLIB_VERSION)

LIBRARY_NOTE(SONAME, "crypto", "digests and signatures of modules");

struct libcrypto libcrypto;

static const char *const names[] = {LIBCRYPTO_FUNCTIONS(LIBRARY_NAME)};
static struct library library = {SONAME, names, array_size(names), &libcrypto, NULL};

struct err *libcrypto_load(void)
{
	return library_load(&library);
}
