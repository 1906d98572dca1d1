/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the signature at the end of a module (include/linux/module_signature.h).  A signed file has
 * the module, a PKCS#7 message, struct module_signature, and a magic string.
 */
#ifndef SUTURE_LIVE_SIGNATURE_H
#define SUTURE_LIVE_SIGNATURE_H

#include "base/cursor.h"
#include "base/err.h"
#include "base/root.h"

#define SIGNATURE_MAGIC "~Module signature appended~\n"

/* struct module_signature: algo, hash, id_type, signer_len, key_id_len, pad[3], sig_len (be32). */
enum {
	SIGNATURE_TYPE_AT = 2,
	SIGNATURE_SIZE_AT = 8,
	SIGNATURE_TRAILER = 12,

	SIGNATURE_TYPE_PKCS7 = 2,
};

/*
 * Returns the bytes before the signature; sets *message to the PKCS#7 message, which is empty if
 * the module is not signed.
 */
struct bytes live_signature_split(struct bytes module, struct bytes *message);

struct live_signature {
	char *signer; /* the issuer and serial number, for people */
	char *key_id; /* the id for searches in the kernel's keyrings, hexadecimal */
};

/* Reads who signed the module. */
struct err *live_signature_read(struct bytes message, struct live_signature *signature);
void live_signature_free(struct live_signature *signature);
#define scope_live_signature __attribute__((cleanup(live_signature_free))) struct live_signature

/* Returns 1 if a keyring that the kernel trusts for modules has the key, else 0; -1 if unknown. */
int live_key_known(const struct root *root, const char *key_id);

#endif
