/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads signatures at the end of modules, as the kernel's scripts/sign-file writes and
 * kernel/module/signing.c reads them.
 */
#include <errno.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "base/alloc.h"
#include "base/cursor.h"
#include "base/libcrypto.h"
#include "live/signature.h"

struct bytes live_signature_split(struct bytes module, struct bytes *message)
{
	size_t magic = strlen(SIGNATURE_MAGIC);
	uint64_t end = module.size;
	struct bytes trailer;

	*message = (struct bytes){};
	if (end < magic + SIGNATURE_TRAILER ||
	    memcmp(module.data + end - magic, SIGNATURE_MAGIC, magic))
		return module;
	end -= magic + SIGNATURE_TRAILER;
	if (!bytes_slice(module, end, SIGNATURE_TRAILER, &trailer))
		return module;

	const uint8_t *size = trailer.data + SIGNATURE_SIZE_AT; /* a big-endian number */
	uint32_t sig = (uint32_t)size[0] << 24 | size[1] << 16 | size[2] << 8 | size[3];

	if (trailer.data[SIGNATURE_TYPE_AT] != SIGNATURE_TYPE_PKCS7 || sig > end ||
	    !bytes_slice(module, end - sig, sig, message))
		return module;
	return (struct bytes){module.data, end - sig};
}

/* Returns the contents of a DER value, without its tag and length. */
static struct bytes der_contents(const uint8_t *der, int size)
{
	const uint8_t *at = der;
	long length;
	int tag, class;

	if (size <= 0 || libcrypto.ASN1_get_object(&at, &length, &tag, &class, size) & 0x80)
		return (struct bytes){};
	return (struct bytes){at, length};
}

static void free_openssl(void *memory)
{
	libcrypto.CRYPTO_free(memory, __FILE__, __LINE__);
}

/*
 * Returns the key's id, which crypto/asymmetric_keys forms from the DER of the serial number and
 * the issuer.
 */
static char *issuer_key_id(X509_NAME *issuer, const ASN1_INTEGER *serial)
{
	uint8_t *name_der = NULL, *serial_der = NULL;
	int name_size = libcrypto.i2d_X509_NAME(issuer, &name_der);
	int serial_size = libcrypto.i2d_ASN1_INTEGER(serial, &serial_der);
	struct bytes name = der_contents(name_der, name_size);
	struct bytes number = der_contents(serial_der, serial_size);
	scope_free char *number_hex = str_hex(number.data, number.size);
	scope_free char *name_hex = str_hex(name.data, name.size);

	free_openssl(name_der);
	free_openssl(serial_der);
	return xasprintf("%s%s", number_hex, name_hex);
}

static char *describe_signer(X509_NAME *issuer, const ASN1_INTEGER *serial)
{
	char name[256] = "";
	BIGNUM *number = libcrypto.ASN1_INTEGER_to_BN(serial, NULL);
	char *hex = number ? libcrypto.BN_bn2hex(number) : NULL;
	char *text;

	if (libcrypto.X509_NAME_get_text_by_NID(issuer, NID_commonName, name, sizeof(name)) < 0)
		libcrypto.X509_NAME_oneline(issuer, name, sizeof(name));
	text = xasprintf("%s, serial number %s", name, hex ? hex : "unknown");
	free_openssl(hex);
	libcrypto.BN_free(number);
	return text;
}

static struct err *signature_read_signer(CMS_ContentInfo *cms, struct live_signature *signature)
{
	const OPENSSL_STACK *list = (const OPENSSL_STACK *)libcrypto.CMS_get0_SignerInfos(cms);
	ASN1_OCTET_STRING *key_id = NULL;
	X509_NAME *issuer = NULL;
	ASN1_INTEGER *serial = NULL;

	if (!list || libcrypto.OPENSSL_sk_num(list) < 1 ||
	    libcrypto.CMS_SignerInfo_get0_signer_id(libcrypto.OPENSSL_sk_value(list, 0), &key_id,
						    &issuer, &serial) != 1)
		return err_new("its signature names no signer");
	if (key_id) {
		signature->key_id = str_hex(libcrypto.ASN1_STRING_get0_data(key_id),
					    libcrypto.ASN1_STRING_length(key_id));
		signature->signer = xasprintf("key %s", signature->key_id);
	} else {
		signature->key_id = issuer_key_id(issuer, serial);
		signature->signer = describe_signer(issuer, serial);
	}
	return NULL;
}

struct err *live_signature_read(struct bytes message, struct live_signature *signature)
{
	*signature = (struct live_signature){};
	err_try(libcrypto_load());

	const uint8_t *at = message.data;
	CMS_ContentInfo *cms = libcrypto.d2i_CMS_ContentInfo(NULL, &at, message.size);

	if (!cms) {
		libcrypto.ERR_clear_error();
		return err_new("its signature is not a PKCS#7 message");
	}

	struct err *err = signature_read_signer(cms, signature);

	libcrypto.CMS_ContentInfo_free(cms);
	return err;
}

void live_signature_free(struct live_signature *signature)
{
	free(signature->signer);
	free(signature->key_id);
}

/*
 * Searches one keyring.  The kernel finds an asymmetric key by "ex:" and its whole id.  Nobody may
 * read the keys of trusted keyrings, so EACCES means that the key is there.
 */
static int search_keyring(long keyring, const char *key_id)
{
	scope_free char *description = xasprintf("ex:%s", key_id);

	if (syscall(SYS_keyctl, KEYCTL_SEARCH, keyring, "asymmetric", description, 0) >= 0)
		return 1;
	return errno == EACCES ? 1 : errno == ENOKEY ? 0 : -1;
}

int live_key_known(const struct root *root, const char *key_id)
{
	/* .secondary_trusted_keys links to .machine; Debian's kernel searches .platform as well. */
	static const char *const trusted[] = {
		".builtin_trusted_keys:", ".secondary_trusted_keys:", ".machine:", ".platform:"};
	scope_free char *keys = NULL;
	char *save = NULL;
	int known = -1;

	err_free(root_read(root, "/proc/keys", &keys));
	if (!keys || !root_is_machine(root))
		return -1;
	/* A line is "3a1b2c3d I------     1 perm 1f0b0000     0     0 keyring   .platform: 1". */
	for (char *line = strtok_r(keys, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		const char *kind = strstr(line, " keyring ");

		for (size_t i = 0; kind && i < array_size(trusted); i++) {
			if (!strstr(kind, trusted[i]))
				continue;

			int found = search_keyring((int)strtoul(line, NULL, 16), key_id);

			known = found > known ? found : known;
		}
	}
	return known;
}
