/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the compiler that a kernel was built with, from the one line that its .config keeps of it.
 */
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

/* Returns what follows the program's name, such as "(Debian 12.2.0-14+deb12u1) 12.2.0". */
static const char *version_part(const char *text)
{
	const char *paren = strchr(text, '(');

	return paren ? paren : text;
}

const char *compiler_package(const char *program)
{
	const char *gcc = strstr(program, "gcc"), *clang = strstr(program, "clang");

	return gcc ? gcc : clang ? clang : program;
}

/* Packagers put their own version into parentheses; the compiler's version follows. */
char *compiler_package_version(const char *text)
{
	static const char *const vendors[] = {"(Debian ", "(Ubuntu "};

	for (size_t i = 0; i < array_size(vendors); i++) {
		const char *at = strstr(text, vendors[i]);

		if (at)
			return xstrndup(at + strlen(vendors[i]),
					strcspn(at + strlen(vendors[i]), ")"));
	}
	return NULL;
}

struct err *compiler_check(const char *release, const char *program, const char *text)
{
	const char *const argv[] = {program, "--version", NULL};
	scope_free char *found = proc_find(program);
	scope_free char *version = compiler_package_version(text);
	const char *equals = version ? "=" : "", *exact = version ? version : "";
	scope_strbuf output = STRBUF_INIT;

	if (!found)
		return err_new(
			"kernel %s was built with %s, which is not installed: apt-get install %s%s%s",
			release, text, compiler_package(program), equals, exact);
	err_try(proc_check(&(struct proc_spec){.argv = argv,
					       .env = (const char *const[]){"LC_ALL=C", NULL},
					       .timeout_ms = VERSION_TIMEOUT_MS},
			   &output));
	output.buf[strcspn(output.buf, "\n")] = '\0';
	if (!strcmp(version_part(output.buf), version_part(text)))
		return NULL;
	return err_new(
		"kernel %s was built with %s, but %s is %s, so the code would differ; apt-get install %s%s%s",
		release, text, program, output.buf, compiler_package(program), equals, exact);
}
