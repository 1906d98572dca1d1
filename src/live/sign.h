/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signing modules as the kernel verifies them. */
#ifndef SUTURE_LIVE_SIGN_H
#define SUTURE_LIVE_SIGN_H

#include <stdbool.h>

#include "base/err.h"

struct live_sign_spec {
	const char *key, *cert; /* files: PEM; the certificate may also be DER */
	const char *passphrase; /* of the key, or NULL */
	const char *hash;	/* NULL: sha256 */
};

/* Appends a signature to the file, in place of one that is there. */
struct err *live_sign(const struct live_sign_spec *spec, const char *path, bool *was_signed);

#endif
