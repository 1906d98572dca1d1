/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes and checks the names of livepatch modules. */
#include "klp/name.h"

#include <ctype.h>
#include <string.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/strbuf.h"

#define MAX_MODULE_NAME 55 /* MODULE_NAME_LEN is 56 on 64-bit kernels */

char *klp_default_name(const char *patch)
{
	const char *base = path_base(patch);
	scope_strbuf name = STRBUF_INIT;

	strbuf_addstr(&name, "livepatch_");
	for (; *base && name.len < MAX_MODULE_NAME; base++) {
		if (!strcmp(base, ".patch") || !strcmp(base, ".diff"))
			break;
		strbuf_addch(&name, isalnum((unsigned char)*base) ? *base : '_');
	}
	return strbuf_detach(&name);
}

struct err *klp_check_name(const char *name)
{
	size_t len = strlen(name);

	if (!len || len > MAX_MODULE_NAME)
		return err_code_new(ERR_USAGE, "name '%s': a module's name has 1 to %d characters",
				    name, MAX_MODULE_NAME);
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '_')
			return err_code_new(
				ERR_USAGE,
				"name: a module's name consists of letters, digits and '_', not of '%c'",
				*name);
	return NULL;
}

struct err *klp_check_new_name(const char *name, const struct target *target)
{
	scope_free char *module = NULL;

	err_try(klp_check_name(name));
	module = target_module_path(target, name);
	if (module || !strcmp(name, "vmlinux"))
		return err_code_new(
			ERR_USAGE,
			"name '%s': a part of the kernel has that name, so that this module could not be loaded beside it",
			name);
	return NULL;
}
