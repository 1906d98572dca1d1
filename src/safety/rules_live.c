/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks what the running kernel has attached to the functions that would be replaced. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "safety/safety.h"

/*
 * Returns whether a line of kprobes/list, such as "ffffffff812a3c40  k  vfs_read+0x2a [OPTIMIZED]",
 * is about a probe in the middle of the function.  Those at its entry, which have [FTRACE] or no
 * offset, and at its returns go on with the new code.
 */
static bool has_probe_inside(const char *line, size_t len, const char *function,
			     unsigned long long *offset)
{
	scope_free char *copy = xstrndup(line, len);
	char type, name[512];

	return sscanf(copy, "%*s %c %511[^+]+0x%llx", &type, name, offset) == 3 && type == 'k' &&
	       *offset && !strstr(copy, "[FTRACE]") && !strcmp(name, function);
}

/* A line of enabled_functions is like "vfs_read (1) R I tramp: ...". */
static bool is_traced(const char *line, size_t len, const char *function, char *users)
{
	size_t name = strlen(function);

	if (len <= name + 1 || strncmp(line, function, name) != 0 || line[name] != ' ')
		return false;

	size_t used = 0;

	for (size_t i = name; i < len && line[i] != ':' && used < 4; i++)
		if (line[i] == 'D' || line[i] == 'I')
			users[used++] = line[i];
	users[used] = '\0';
	return true;
}

void safety_check_in_use(const char *kprobes, const char *traced, const char *file,
			 const char *function, struct finding_vec *findings)
{
	unsigned long long offset;
	char users[5];

	for (const char *line = kprobes; line && *line; line += strcspn(line, "\n") + 1) {
		size_t len = strcspn(line, "\n");

		if (has_probe_inside(line, len, function, &offset))
			finding_add(
				findings, "in-use", file, function,
				"set the probe at the function's entry, which works with either code",
				"has a kprobe at +0x%llx, inside the old code: it does not fire while the patch is loaded",
				offset);
		if (!line[len])
			break;
	}
	for (const char *line = traced; line && *line; line += strcspn(line, "\n") + 1) {
		size_t len = strcspn(line, "\n");

		if (is_traced(line, len, function, users))
			finding_add(findings, "in-use", file, function,
				    "check that the tracer can tolerate losing this function",
				    "is traced now%s%s",
				    strchr(users, 'D') ? ", by a BPF program or another direct call"
						       : "",
				    strchr(users, 'I') ? ", and is replaced by a live patch" : "");
		if (!line[len])
			break;
	}
}
