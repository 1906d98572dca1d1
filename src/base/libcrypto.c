/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads OpenSSL's libcrypto when the first digest or signature is needed. */
#include "base/libcrypto.h"

struct libcrypto libcrypto;

LIBRARY_DEFINE(libcrypto, LIBCRYPTO_FUNCTIONS, "libcrypto.so." LIBRARY_TEXT(OPENSSL_SHLIB_VERSION),
	       "crypto", "digests and signatures of modules");

struct err *libcrypto_load(void)
{
	return library_load(&libcrypto_library);
}
