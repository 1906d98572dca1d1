/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signs modules in the way that the kernel verifies. */
#ifndef SUTURE_LIVE_SIGN_H
#define SUTURE_LIVE_SIGN_H

#include <stdbool.h>

#include "base/err.h"

struct live_sign_spec {
	const char *key, *cert; /* PEM files; the certificate may also be DER */
	const char *passphrase; /* the key's passphrase, or NULL */
	const char *hash;	/* the hash algorithm; NULL for sha256 */
};

/* Appends a signature to the file, or replaces the one that is there: *was_signed tells. */
struct err *live_sign(const struct live_sign_spec *spec, const char *path, bool *was_signed);

#endif
