/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on what the running kernel has attached to the functions that would be replaced. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "safety/safety.h"

/* A line of kprobes/list is like "ffffffff812a3c40 k vfs_read+0x0 [OPTIMIZED]". */
static bool has_probe(const char *line, size_t len, const char *function, char *kind)
{
	scope_free char *copy = xstrndup(line, len);
	char *save = NULL;
	char *address = strtok_r(copy, " \t", &save);
	char *type = address ? strtok_r(NULL, " \t", &save) : NULL;
	char *name = type ? strtok_r(NULL, " \t", &save) : NULL;

	if (!name)
		return false;
	name[strcspn(name, "+")] = '\0';
	*kind = *type;
	return !strcmp(name, function);
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
	char kind, users[5];

	for (const char *line = kprobes; line && *line; line += strcspn(line, "\n") + 1) {
		size_t len = strcspn(line, "\n");

		if (has_probe(line, len, function, &kind))
			finding_add(
				findings, "in-use", file, function,
				"remove the probe before loading the patch",
				"has a %s: a probe in the old code does not see the new code, and one with a post handler makes loading fail",
				kind == 'r' ? "kretprobe" : "kprobe");
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
