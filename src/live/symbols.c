/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks symbols up in the text of /proc/kallsyms: "ffffffff8128a1b0 T vfs_read", "...\t[ext4]". */
#include "live/symbols.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"

/* Returns whether what follows a symbol's name names that object, or no module for vmlinux. */
static bool symbol_is_of(const char *rest, const char *object)
{
	size_t len = strlen(object);

	if (*rest != '\t')
		return !strcmp(object, "vmlinux");
	return rest[1] == '[' && !strncmp(rest + 2, object, len) && rest[2 + len] == ']';
}

void live_symbols_find(const char *kallsyms, const char *object, const char *name,
		       struct live_address_vec *addresses)
{
	scope_free char *wanted = xasprintf(" %s", name);
	size_t len = strlen(wanted);

	for (const char *at = kallsyms; at && (at = strstr(at, wanted)); at += len) {
		const char *line = at, *rest = at + len;

		if (!strchr("\t\n", *rest) || !symbol_is_of(rest, object))
			continue;
		while (line > kallsyms && line[-1] != '\n')
			line--;
		vec_push(addresses, strtoull(line, NULL, 16));
	}
}
