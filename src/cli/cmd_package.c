/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture package`: makes a package of a live patch for apt or dnf. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "ship/package.h"

/* The highest level: versions with more digits would be hard to read. */
#define MAX_LEVEL 9999

static json_t *package_json_open(const struct ship_subject *subject)
{
	json_t *array = json_array();

	vec_foreach(&subject->open, it)
		json_array_append_new(array, json_pack("{s:s, s:o}", "cve", it->cve, "why",
						       printable_json(it->why)));
	return array;
}

static struct err *package_answer(const struct cli *cli, const struct ship_package_spec *spec,
				  const struct ship_package *package)
{
	const struct ship_subject *subject = package->subject;

	if (cli->json)
		return cli_json(cli,
				json_pack("{s:o, s:s, s:s, s:s, s:s, s:o, s:i, s:o, s:o, s:o, s:b}",
					  "path", printable_json(package->path), "format",
					  spec->format == SHIP_DEB ? "deb" : "rpm", "package",
					  subject->package, "version", subject->version, "kernel",
					  subject->module->release, "module",
					  printable_json(subject->module->name), "level",
					  (int)subject->level, "untested",
					  printable_json(subject->untested), "fixed",
					  printables_json(&subject->cves), "open",
					  package_json_open(subject), "vex", package->vex));
	cli_print("%s", package->path);
	if (subject->untested)
		cli_fprintf(stderr, "not tested: %s\n", subject->untested);
	if (subject->cves.len) {
		scope_free char *list = names_join(&subject->cves, NAMES_SHOWN);

		cli_print("    fixes %s", list);
	}
	vec_foreach(&subject->open, it)
		cli_print("    does not fix %s: %s", it->cve, it->why);
	if (!package->vex && cli->verbosity > 0)
		cli_printf("    has no documents for scanners: its report names no CVE\n");
	cli_hint(cli, "'suture publish --repo DIR --suite NAME %s' puts it into a repository",
		 package->path);
	return NULL;
}

static const char *const format_names[] = {[SHIP_DEB] = "deb", [SHIP_RPM] = "rpm", NULL};

static struct err *package_run(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_ship_package package = {};
	scope_free char *passphrase = NULL;
	struct live_sign_spec sign = {.key = cli_option(args, "key"),
				      .cert = cli_option(args, "cert")};
	const char *maintainer = cli_option(args, "maintainer"), *out = cli_option(args, "output");
	const char *file = cli_option(args, "passphrase-file");
	struct ship_package_spec spec = {
		.module = args->argv[0],
		.level = 1,
		.untested = cli_option(args, "untested"),
		.maintainer = maintainer ? maintainer : "Local administrator <root@localhost>",
		.out_dir = out ? out : ".",
		.sign = sign.key ? &sign : NULL,
	};

	(void)status;
	err_try(cli_number(args, "level", MAX_LEVEL, &spec.level));
	err_try(cli_choice(args, "format", format_names, &spec.format));
	if (!sign.key != !sign.cert)
		return err_code_new(ERR_USAGE, "--key and --cert must be given together");
	if (file) {
		err_try(file_read_stream(file, &passphrase, NULL));
		passphrase[strcspn(passphrase, "\n")] = '\0';
		sign.passphrase = passphrase;
	}
	err_try(ship_package_make(&spec, &package));
	return package_answer(cli, &spec, &package);
}

static const struct cli_option package_options[] = {
	{"output", 'o', "DIR", "folder for the package (default: .)"},
	{"format", 0, "NAME", "deb (default) or rpm"},
	{"level", 'l', "N", "number of this patch among those of the same source (default: 1)"},
	{"untested", 0, "REASON",
	 "package it without a passed trial; the package states the reason"},
	{"maintainer", 0, "TEXT", "who makes the package: Name <mail@host>"},
	{"key", 0, "FILE", "sign the module with this private key (PEM)"},
	{"cert", 0, "FILE", "the key's certificate"},
	{"passphrase-file", 0, "FILE", "file whose first line is the key's pass phrase"},
	{},
};

const struct command cmd_package = {
	.name = "package",
	.summary = "make a package of a live patch, for apt or dnf",
	.args = "[options] MODULE",
	.min_args = 1,
	.files = FILES_MODULES,
	.max_args = 1,
	.may_be_cut = true,
	.options = package_options,
	.help = "The package has the module, its report and attestation, and documents for scanners.\n"
		"Its name is that of the kernel release, its version that of the source and the\n"
		"level, so that each one replaces the one before.  Once installed, it is loaded as\n"
		"load-packages in /etc/suture/suture.conf says: now (default), boot or no.\n"
		"SOURCE_DATE_EPOCH sets the time in the package.\n",
	.example = "suture package --level 2 -o packages livepatch_6_1_192_3.ko",
	.changes = true,
	.run = package_run,
};
