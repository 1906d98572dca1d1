/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patches as mailers send them: what is decoded is parsed as a diff. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "patch/mail.h"
#include "patch/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decode(const char *headers, const uint8_t *data, size_t size)
{
	size_t head = strlen(headers);
	/* The buffer has exactly the size of the text, so that a read past the end is noticed. */
	scope_free char *text = xmalloc(head + size + 1);
	scope_free char *out = NULL;
	scope_patch_files files = {};
	bool decoded;

	memcpy(text, headers, head);
	memcpy(text + head, data, size);
	text[head + size] = '\0';

	struct err *err = mail_decode("fuzz", text, &out, &decoded);

	/* A text that is not encoded loses only lines between mails and parts. */
	if (!err && strlen(out) > strlen(text) + 1)
		abort();
	if (!err)
		err = patch_parse("fuzz", out, &files);
	err_free(err);
}

/* Divides an mbox, and reads a header of each mail, as for a series. */
static void divide(const uint8_t *data, size_t size)
{
	scope_free char *text = xstrndup((const char *)data, size);

	for (const char *mail = text; *mail;) {
		scope_free char *subject = mail_header(mail, "Subject");
		size_t len = mail_length(mail);

		if (!len)
			abort();
		mail += len;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const headers[] = {
		"",
		"Content-Transfer-Encoding: base64\n\n",
		"Content-Transfer-Encoding: quoted-printable\n\n",
		"Content-Type: multipart/mixed; boundary=b\n\n--b\n",
	};

	for (size_t i = 0; i < array_size(headers); i++)
		decode(headers[i], data, size);
	divide(data, size);
	return 0;
}
