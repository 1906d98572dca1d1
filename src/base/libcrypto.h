/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads libcrypto (see base/library.h), which makes digests and signatures. */
#ifndef SUTURE_BASE_LIBCRYPTO_H
#define SUTURE_BASE_LIBCRYPTO_H

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/library.h"

/* clang-format off */
#define LIBCRYPTO_FUNCTIONS(F) \
	F(ASN1_INTEGER_to_BN) \
	F(ASN1_STRING_get0_data) \
	F(ASN1_STRING_length) \
	F(ASN1_get_object) \
	F(BIO_ctrl) \
	F(BIO_free) \
	F(BIO_new) \
	F(BIO_new_mem_buf) \
	F(BIO_s_mem) \
	F(BN_bn2hex) \
	F(BN_free) \
	F(CMS_ContentInfo_free) \
	F(CMS_SignerInfo_get0_signer_id) \
	F(CMS_add1_signer) \
	F(CMS_final) \
	F(CMS_get0_SignerInfos) \
	F(CMS_sign) \
	F(CRYPTO_free) \
	F(ERR_clear_error) \
	F(ERR_peek_last_error) \
	F(ERR_reason_error_string) \
	F(EVP_Digest) \
	F(EVP_PKEY_free) \
	F(EVP_get_digestbyname) \
	F(EVP_sha256) \
	F(OPENSSL_sk_num) \
	F(OPENSSL_sk_value) \
	F(PEM_read_bio_PrivateKey) \
	F(PEM_read_bio_X509) \
	F(X509_NAME_get_text_by_NID) \
	F(X509_NAME_oneline) \
	F(X509_check_private_key) \
	F(X509_free) \
	F(d2i_CMS_ContentInfo) \
	F(d2i_X509_bio) \
	F(i2d_ASN1_INTEGER) \
	F(i2d_CMS_bio) \
	F(i2d_X509_NAME)
/* clang-format on */

/* The functions may be called after libcrypto_load() has succeeded. */
extern struct libcrypto {
	LIBCRYPTO_FUNCTIONS(LIBRARY_MEMBER)
} libcrypto;

struct err *libcrypto_load(void) ERR_MUST_USE;

#endif
