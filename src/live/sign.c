/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signs modules as the kernel's scripts/sign-file does: a detached PKCS#7 message over the module,
 * without certificates or attributes, followed by struct module_signature and the magic string.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/cursor.h"
#include "base/file.h"
#include "base/file_kind.h"
#include "base/libcrypto.h"
#include "base/nearest.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "image/image.h"
#include "live/sign.h"
#include "live/signature.h"

struct signer {
	EVP_PKEY *key;
	X509 *cert;
};

static void signer_free(struct signer *signer)
{
	libcrypto.EVP_PKEY_free(signer->key);
	libcrypto.X509_free(signer->cert);
}

/* Returns an error with OpenSSL's last error, which is the one that names the cause. */
static struct err *openssl_error(const char *what)
{
	unsigned long code = libcrypto.ERR_peek_last_error();
	const char *reason = code ? libcrypto.ERR_reason_error_string(code) : NULL;
	struct err *err = err_new("%s%s%s", what, reason ? ": " : "", reason ? reason : "");

	libcrypto.ERR_clear_error();
	return err;
}

static int give_passphrase(char *buf, int size, int writing, void *data)
{
	const char *passphrase = data;
	int len = passphrase ? strlen(passphrase) : 0;

	(void)writing;
	if (!len || len > size)
		return -1; /* keeps OpenSSL from prompting */
	memcpy(buf, passphrase, len);
	return len;
}

static struct err *signer_read_key(const struct live_sign_spec *spec, EVP_PKEY **key)
{
	scope_free char *text = NULL;
	scope_free char *what =
		xasprintf("%s has no readable private key (PEM%s)", spec->key,
			  spec->passphrase ? "" : ", and without --passphrase-file");
	size_t size;

	err_try(file_read_stream(spec->key, &text, &size));

	BIO *bio = libcrypto.BIO_new_mem_buf(text, size);

	*key = bio ? libcrypto.PEM_read_bio_PrivateKey(bio, NULL, give_passphrase,
						       (void *)spec->passphrase)
		   : NULL;
	libcrypto.BIO_free(bio);
	explicit_bzero(text, size);
	return *key ? NULL : openssl_error(what);
}

/*
 * Reads a certificate in PEM or DER form, as distributions keep the certificate of a MOK as .der.
 */
static struct err *signer_read_cert(const char *path, X509 **cert)
{
	scope_file_map map = {};
	scope_free char *what = xasprintf("%s is not an X.509 certificate (PEM or DER)", path);

	err_try(file_map(path, &map));

	BIO *bio = libcrypto.BIO_new_mem_buf(map.bytes.data, map.bytes.size);
	bool pem = memmem(map.bytes.data, map.bytes.size, "-----BEGIN", 10);

	*cert = !bio  ? NULL
		: pem ? libcrypto.PEM_read_bio_X509(bio, NULL, NULL, NULL)
		      : libcrypto.d2i_X509_bio(bio, NULL);
	libcrypto.BIO_free(bio);
	return *cert ? NULL : openssl_error(what);
}

static struct err *signer_read(const struct live_sign_spec *spec, struct signer *signer)
{
	err_try(signer_read_key(spec, &signer->key));
	err_try(signer_read_cert(spec->cert, &signer->cert));
	if (libcrypto.X509_check_private_key(signer->cert, signer->key) == 1)
		return NULL;
	libcrypto.ERR_clear_error();
	return err_new("%s is not the certificate of the key %s", spec->cert, spec->key);
}

static struct err *make_message(const struct signer *signer, const EVP_MD *hash,
				struct bytes module, struct strbuf *message)
{
	unsigned flags = CMS_NOCERTS | CMS_PARTIAL | CMS_BINARY | CMS_DETACHED | CMS_STREAM;
	BIO *in = libcrypto.BIO_new_mem_buf(module.data, module.size),
	    *out = libcrypto.BIO_new(libcrypto.BIO_s_mem());
	CMS_ContentInfo *cms = libcrypto.CMS_sign(NULL, NULL, NULL, NULL, flags);
	char *data;
	bool good =
		in && out && cms &&
		libcrypto.CMS_add1_signer(cms, signer->cert, signer->key, hash,
					  CMS_NOCERTS | CMS_BINARY | CMS_NOSMIMECAP | CMS_NOATTR) &&
		libcrypto.CMS_final(cms, in, NULL, CMS_NOCERTS | CMS_BINARY) == 1 &&
		libcrypto.i2d_CMS_bio(out, cms) == 1;

	if (good) {
		long size = libcrypto.BIO_ctrl(out, BIO_CTRL_INFO, 0, &data);

		strbuf_add(message, data, size);
	}
	libcrypto.BIO_free(in);
	libcrypto.BIO_free(out);
	libcrypto.CMS_ContentInfo_free(cms);
	return good ? NULL : openssl_error("the module cannot be signed");
}

static void sign_append(struct strbuf *out, const struct strbuf *message)
{
	uint8_t trailer[SIGNATURE_TRAILER] = {[SIGNATURE_TYPE_AT] = SIGNATURE_TYPE_PKCS7};

	for (int i = 0; i < 4; i++)
		trailer[SIGNATURE_SIZE_AT + i] = message->len >> (24 - 8 * i);
	strbuf_add(out, message->buf, message->len);
	strbuf_add(out, trailer, sizeof(trailer));
	strbuf_addstr(out, SIGNATURE_MAGIC);
}

static struct err *find_hash(const char *name, const EVP_MD **hash)
{
	/* These are the values of CONFIG_MODULE_SIG_HASH, without those that are too weak. */
	static const char *const names[] = {"sha256", "sha384", "sha512", NULL};
	unsigned at;

	scope_free char *why = nearest_choose(name, names, &at);

	if (why)
		return err_code_new(ERR_USAGE, "--hash: %s", why);
	*hash = libcrypto.EVP_get_digestbyname(name);
	return *hash ? NULL : err_new("--hash: the host's libcrypto has no %s", name);
}

/* Checks that the file is a module, so that nothing else gets a signature. */
static struct err *check_module(const char *path, struct bytes bytes)
{
	scope_elf obj = NULL;

	err_try(file_kind_not_module(path, bytes));
	if (bytes.size < 4 || memcmp(bytes.data, "\177ELF", 4))
		return err_new("%s is not an uncompressed module: sign it before it is compressed",
			       path);
	if (bytes.size < sizeof(Elf64_Ehdr) ||
	    ((const Elf64_Ehdr *)bytes.data)->e_type !=
		    ET_REL) /* the message of image_module_parse() would be less clear */
		return err_new("%s is not a kernel module, and is left unsigned", path);
	err_try(image_module_parse(path, bytes, &obj));
	return elf_find_section(obj, ".modinfo")
		       ? NULL
		       : err_new("%s is not a kernel module (no .modinfo), and is left unsigned",
				 path);
}

struct err *live_sign(const struct live_sign_spec *spec, const char *path, bool *was_signed)
{
	err_try(libcrypto_load());

	__attribute__((cleanup(signer_free))) struct signer signer = {};
	const EVP_MD *hash;
	scope_file_map map = {};
	scope_strbuf message = STRBUF_INIT, out = STRBUF_INIT;
	struct bytes old;

	err_try(find_hash(spec->hash ? spec->hash : "sha256", &hash));
	err_try(signer_read(spec, &signer));
	err_try(file_map(path, &map));
	err_try(check_module(path, map.bytes));

	struct bytes module = live_signature_split(map.bytes, &old);

	*was_signed = old.size;
	err_try(make_message(&signer, hash, module, &message));
	strbuf_add(&out, module.data, module.size);
	sign_append(&out, &message);
	return file_replace(path, out.buf, out.len);
}
