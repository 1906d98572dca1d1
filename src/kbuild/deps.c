/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the dependency files that compilers write for make. */
#include "kbuild/deps.h"

#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"

void kbuild_deps_parse(const char *text, struct str_vec *deps)
{
	const char *at = strstr(text, ": ");

	if (!at)
		return;
	for (at += 2; *at;) {
		scope_strbuf name = STRBUF_INIT;

		at += strspn(at, " \t\n");
		/* In a name, "\ " is a blank and "$$" is a dollar; "\<newline>" ends the name. */
		while (*at && !strchr(" \t\n", *at)) {
			if (at[0] == '\\' && (at[1] == '\n' || at[1] == '\r'))
				break;
			if ((at[0] == '\\' && strchr(" \t#\\", at[1]) && at[1]) ||
			    (at[0] == '$' && at[1] == '$'))
				at++;
			strbuf_addch(&name, *at++);
		}
		if (*at == '\\')
			at++;
		if (*at == '\r')
			at++;
		if (name.len)
			vec_push(deps, strbuf_detach(&name));
	}
}
