/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The compiler that a kernel was built with, from the one line that its .config keeps of it. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "target/compiler.h"

#define VERSION_TIMEOUT_MS 10000

/*
 * CONFIG_CC_VERSION_TEXT is the first line of `$CC --version` (init/Kconfig): gcc
 * starts it with its own name as called, clang does not.
 */
char *compiler_program(const char *text, const char *clang_version)
{
	unsigned version = clang_version ? strtoul(clang_version, NULL, 10) : 0;

	if (version) /* 140006 is 14.0.6 */
		return xasprintf("clang-%u", version / 10000);
	return xstrndup(text, strcspn(text, " "));
}

/* What follows the program's name: "(Debian 12.2.0-14+deb12u1) 12.2.0". */
static const char *version_part(const char *text)
{
	const char *paren = strchr(text, '(');

	return paren ? paren : text;
}

/* "gcc-12" of "x86_64-linux-gnu-gcc-12": the native compiler's package has both names. */
static const char *package_of(const char *program)
{
	const char *gcc = strstr(program, "gcc"), *clang = strstr(program, "clang");

	return gcc ? gcc : clang ? clang : program;
}

/* "=12.2.0-14+deb12u1" of a text with "(Debian 12.2.0-14+deb12u1)"; "" for others. */
static char *package_version(const char *text)
{
	const char *debian = strstr(text, "(Debian ");

	if (!debian)
		return xstrdup("");
	debian += strlen("(Debian ");

	scope_free char *version = xstrndup(debian, strcspn(debian, ")"));

	return xasprintf("=%s", version);
}

struct err *compiler_check(const char *release, const char *program, const char *text)
{
	const char *const argv[] = {program, "--version", NULL};
	scope_free char *found = strchr(program, '/') ? xstrdup(program) : proc_find(program);
	scope_free char *version = package_version(text);
	scope_strbuf output = STRBUF_INIT;

	if (!found)
		return err_code_new(
			ERR_REFUSED,
			"kernel %s was built with %s, which is not installed: apt-get install %s%s",
			release, text, package_of(program), version);
	err_try(proc_check(&(struct proc_spec){.argv = argv,
					       .env = (const char *const[]){"LC_ALL=C", NULL},
					       .timeout_ms = VERSION_TIMEOUT_MS},
			   &output));
	output.buf[strcspn(output.buf, "\n")] = '\0';
	if (!strcmp(version_part(output.buf), version_part(text)))
		return NULL;
	return err_code_new(
		ERR_REFUSED,
		"kernel %s was built with %s, but %s is %s: code would differ; apt-get install %s%s",
		release, text, program, output.buf, package_of(program), version);
}
