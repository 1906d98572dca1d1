/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture sign`: signs modules for kernels that require it. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "cli/commands.h"
#include "live/live.h"

static struct err *sign_read_spec(const struct cli_args *args, struct live_sign_spec *spec,
				  char **passphrase)
{
	const char *file = cli_option(args, "passphrase-file");

	spec->key = cli_option(args, "key");
	spec->cert = cli_option(args, "cert");
	spec->hash = cli_option(args, "hash");
	if (!spec->key || !spec->cert)
		return err_code_new(
			ERR_USAGE,
			"--key and --cert are required; 'suture doctor' explains how to make them");
	if (!file)
		return NULL;
	err_try(file_read_stream(file, passphrase, NULL));
	(*passphrase)[strcspn(*passphrase, "\n")] = '\0';
	spec->passphrase = *passphrase;
	return NULL;
}

static struct err *sign_run(const struct cli *cli, const struct cli_args *args, int *status)
{
	struct live_sign_spec spec = {};
	scope_free char *passphrase = NULL;
	scope_json array = json_array();
	struct err *err = sign_read_spec(args, &spec, &passphrase);

	(void)status;
	for (int i = 0; i < args->argc && !err; i++) {
		bool again = false;

		err = live_sign(&spec, args->argv[i], &again);
		if (err)
			break;
		json_array_append_new(array,
				      json_pack("{s:o, s:b}", "path", printable_json(args->argv[i]),
						"replaced_signature", (int)again));
		if (!cli->json)
			cli_print("%s: signed%s", args->argv[i],
				  again ? ", replacing its previous signature" : "");
	}
	if (!err && cli->json)
		return cli_json(cli, json_pack("{s:o}", "modules", take_ptr(array)));
	return err;
}

static const struct cli_option sign_options[] = {
	{"key", 0, "FILE", "the private key (PEM)"},
	{"cert", 0, "FILE", "its certificate (PEM or DER), which the kernel must trust"},
	{"passphrase-file", 0, "FILE", "file whose first line is the key's pass phrase"},
	{"hash", 0, "NAME", "sha256 (default), sha384 or sha512"},
	{},
};

const struct command cmd_sign = {
	.name = "sign",
	.summary = "sign modules for kernels that load only signed ones",
	.args = "--key FILE --cert FILE MODULE...",
	.min_args = 1,
	.files = FILES_MODULES,
	.max_args = -1,
	.changes = true,
	.options = sign_options,
	.help = "The signature is appended as the kernel's scripts/sign-file does it, and replaces a\n"
		"previous one.  An attestation stays valid, since it covers the module without it.\n",
	.example = "suture sign --key mok.key --cert mok.der livepatch_fix.ko",
	.run = sign_run,
};
