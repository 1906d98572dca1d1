/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a signed module: include/linux/module_signature.h. */
#ifndef SUTURE_LIVE_SIGNATURE_H
#define SUTURE_LIVE_SIGNATURE_H

#define SIGNATURE_MAGIC "~Module signature appended~\n"

/* struct module_signature: algo, hash, id_type, signer_len, key_id_len, pad[3], sig_len (be32). */
enum {
	SIGNATURE_TYPE_AT = 2,
	SIGNATURE_SIZE_AT = 8,
	SIGNATURE_TRAILER = 12,

	SIGNATURE_TYPE_PKCS7 = 2,
};

#endif
