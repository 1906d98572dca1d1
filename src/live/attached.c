/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads what the kernel runs at functions besides a live patch.  Probes at a function's entry and
 * its returns, tracers, fentry and fexit go on with the new code, as all of them are reached by way
 * of ftrace; a probe in the middle of the old code does not, and fmod_ret may return before the new
 * code.
 */
#include "live/attached.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"

void live_attached_read(const struct root *root, struct live_attached *attached)
{
	static const char *const traced[] = {"/sys/kernel/tracing/enabled_functions",
					     "/sys/kernel/debug/tracing/enabled_functions"};

	*attached = (struct live_attached){};
	for (size_t i = 0; i < array_size(traced) && !attached->traced; i++)
		err_free(root_read(root, traced[i], &attached->traced));
	err_free(root_read(root, "/sys/kernel/debug/kprobes/list", &attached->probed));
	bpf_links_read(root, &attached->links);
}

void live_attached_free(struct live_attached *attached)
{
	free(attached->traced);
	free(attached->probed);
	vec_free(&attached->links);
}

/*
 * Takes a function's flags from enabled_functions: "vfs_read (2) R I D  tramp: ...", where a direct
 * call has another line, "\tdirect-->bpf_trampoline_6442461440+0x0/0x1000".
 */
static void take_traced(const char *entry, const char *end, struct live_users *users)
{
	scope_free char *text = xstrndup(entry, end - entry);
	const char *at = strchr(text, ')');

	for (; at && *at && *at != '\t' && *at != '\n'; at++) {
		users->diverted |= *at == 'I';
		users->direct |= *at == 'D';
	}

	const char *direct = strstr(text, "direct-->");

	users->keyed = direct && bpf_trampoline_key(direct, &users->key);
}

static void look_traced(const char *list, const char *object, const char *function,
			struct live_users *users)
{
	bool builtin = !strcmp(object, "vmlinux");
	scope_free char *start =
		builtin ? xasprintf("%s (", function) : xasprintf("%s [%s] (", function, object);

	for (const char *at = list; at && *at;) {
		const char *end = strchrnul(at, '\n');

		while (end[0] && end[1] == '\t') /* lines that belong to this one */
			end = strchrnul(end + 1, '\n');
		if (str_starts(at, start))
			take_traced(at, end, users);
		at = *end ? end + 1 : NULL;
	}
}

/*
 * Takes a line like "ffffffff8128a1b0  k  vfs_read+0x2a    [OPTIMIZED]", where a module's name
 * follows the offset.  A probe with [FTRACE] is at the entry, whose offset is not 0 where functions
 * begin with endbr64.
 */
static void take_probed(const char *line, const char *object, const char *function,
			struct live_users *users)
{
	char type, name[512], module[64] = "[";
	unsigned long long offset;

	if (sscanf(line, "%*s %c %511[^+]+0x%llx %63s", &type, name, &offset, module) < 3 ||
	    type != 'k' || !offset || strstr(line, "[FTRACE]") || strcmp(name, function) ||
	    strcmp(*module == '[' ? "vmlinux" : module, object))
		return;
	if (!users->probed_inside || offset < users->offset)
		users->offset = offset;
	users->probed_inside = true;
}

static void look_probed(const char *list, const char *object, const char *function,
			struct live_users *users)
{
	for (const char *at = list; at && *at;) {
		size_t len = strcspn(at, "\n");
		scope_free char *line = xstrndup(at, len);

		take_probed(line, object, function, users);
		at += len + (at[len] == '\n');
	}
}

struct live_users live_attached_users(const struct live_attached *attached, const char *object,
				      const char *function)
{
	struct live_users users = {};

	look_traced(attached->traced, object, function, &users);
	look_probed(attached->probed, object, function, &users);
	return users;
}

/* Warns of a direct call, whose user the kernel calls in place of the function. */
static void warn_direct(const struct bpf_link_vec *links, const struct live_users *users,
			const char *module, const char *function, struct finding_vec *findings)
{
	bool decides = users->keyed && bpf_links_decide(links, users->key);
	scope_free char *who = users->keyed ? bpf_links_describe(links, users->key, decides)
					    : xstrdup("a direct call of another module");

	if (decides)
		finding_add_about(
			findings, SEVERITY_WARN, "bpf", module,
			"detach the program, or make sure that it returns 0",
			"%s is attached to %s and comes first: if it returns another value than 0, neither the old nor the new code runs",
			who, function);
	else if (users->keyed && bpf_links_wait(links, users->key))
		finding_add_about(
			findings, SEVERITY_NOTE, "bpf", module, NULL,
			"%s is attached to %s: a task that sleeps in the function holds up each transition until it leaves it, for seconds at least",
			who, function);
	else if (!users->keyed)
		finding_add_about(
			findings, SEVERITY_WARN, "bpf", module,
			"find out what uses it: see /sys/kernel/tracing/enabled_functions",
			"%s is attached to %s: it may run in place of the old and the new code",
			who, function);
}

void live_attached_warn(const struct live_attached *attached, const char *module,
			const char *object, const char *function, struct finding_vec *findings)
{
	struct live_users users = live_attached_users(attached, object, function);

	if (users.probed_inside)
		finding_add_about(
			findings, SEVERITY_WARN, "probe", module,
			"set the probe at the function's entry, which works with either code",
			"a kprobe is at %s+0x%llx, inside the old code: it does not fire while the patch is loaded",
			function, users.offset);
	if (users.direct)
		warn_direct(&attached->links, &users, module, function, findings);
}
