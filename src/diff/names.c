/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interprets the names that compilers make. */
#include <ctype.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "diff/names.h"

/*
 * include/linux/compiler.h calls helper objects __UNIQUE_ID_<what><counter>; each use increases the
 * counter of those that follow.
 */
#define UNIQUE_PREFIX "__UNIQUE_ID_"

static bool all_digits(const char *str, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isdigit((unsigned char)str[i]))
			return false;
	return len > 0;
}

/*
 * GCC numbers clones (".isra.0", ".constprop.1", ".part.2") and static locals (".17") in the order
 * in which it meets them, so the number does not identify anything.
 */
char *name_canonical(const char *name)
{
	scope_strbuf out = STRBUF_INIT;
	const char *part = name;

	while (*part) {
		const char *end = part + 1 + strcspn(part + 1, ".");

		if (*part == '.' && all_digits(part + 1, end - part - 1)) {
			part = end;
			continue;
		}
		strbuf_add(&out, part, end - part);
		part = end;
		if (out.len == (size_t)(part - name) && str_starts(name, UNIQUE_PREFIX))
			while (out.len && isdigit((unsigned char)out.buf[out.len - 1]))
				out.buf[--out.len] = '\0';
	}
	return strbuf_detach(&out);
}

bool name_is_static_local(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && dot > name && all_digits(dot + 1, strlen(dot + 1));
}

/*
 * Each use in the source has its own object of these. They have no state that matters after a
 * replacement (only "was already printed"), and only the code around them names them.
 */
static const struct {
	const char *name;
	bool constant; /* a variable of that name that is written to is another one */
} copied_names[] = {
	{"__func__", true},
	{"__FUNCTION__", true},
	{"__PRETTY_FUNCTION__", true},
	{"__warned", false},
	{"__already_done", false},
	{"__key", false}, /* lockdep classes; they are empty without lockdep */
	{"__msg", true},  /* used by netlink's NL_SET_ERR_MSG */
	{"_rs", false},	  /* used by printk_ratelimited */
	{"CSWTCH", true},
	{"_entry", true},
	{"_entry_ptr", false},
	{"___tp_str",
	 false}, /* used by tracepoint_string(): names a string for readers of a trace */
};

static bool is_copied_part(const char *part, size_t len, bool writable)
{
	for (size_t i = 0; i < array_size(copied_names); i++)
		if (strlen(copied_names[i].name) == len &&
		    !strncmp(part, copied_names[i].name, len))
			return !(writable && copied_names[i].constant);
	return false;
}

bool name_is_copied(const char *name, const char *canonical, bool writable)
{
	const char *dot = strchr(canonical, '.');

	/* clang puts the function's name before ("tty_open.__key") or behind it ("__func__.f"). */
	if (dot && !strchr(dot + 1, '.'))
		return is_copied_part(canonical, dot - canonical, writable) ||
		       is_copied_part(dot + 1, strlen(dot + 1), writable);
	/* A variable of the file may have the same name, but without a number. */
	if (!name_is_static_local(name) && !str_starts(name, UNIQUE_PREFIX))
		return false;
	return is_copied_part(canonical, strlen(canonical), writable);
}

size_t name_cold_parent_length(const char *name)
{
	size_t len = strlen(name);
	const char *dot = strrchr(name, '.');

	if (dot && all_digits(dot + 1, strlen(dot + 1)))
		len = dot - name; /* older compilers write "foo.cold.3" */
	if (len > strlen(".cold") && !strncmp(name + len - strlen(".cold"), ".cold", 5))
		return len - strlen(".cold");
	return 0;
}
