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
#include "live/symbols.h"

#define TRACED "/sys/kernel/tracing/enabled_functions"
#define DEBUGFS "/sys/kernel/debug"

/* Returns whether debugfs can be read and says that no kprobe fires. */
static bool attached_no_probes(const struct root *root)
{
	scope_free char *enabled = root_read_line(root, DEBUGFS "/kprobes/enabled");
	scope_str_vec names = {};

	if (enabled)
		return *enabled == '0';
	err_free(root_list(root, DEBUGFS, &names));
	return names.len && !str_vec_has(&names, "kprobes");
}

void live_attached_read(const struct root *root, struct live_attached *attached)
{
	static const char *const traced[] = {TRACED, DEBUGFS "/tracing/enabled_functions"};

	*attached = (struct live_attached){.root = root};
	for (size_t i = 0; i < array_size(traced) && !attached->traced; i++)
		err_free(root_read(root, traced[i], &attached->traced));
	attached->no_probes = attached_no_probes(root);
	if (!attached->no_probes)
		err_free(root_read(root, DEBUGFS "/kprobes/list", &attached->probed));
	bpf_links_read(root, &attached->links);
}

void live_attached_free(struct live_attached *attached)
{
	free(attached->traced);
	free(attached->probed);
	free(attached->symbols);
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

	/* Another function of the same name may have no direct call. */
	if (direct)
		users->keyed = bpf_trampoline_key(direct, &users->key);
}

static void look_traced(const char *list, const struct live_place *place, struct live_users *users)
{
	scope_free char *start = !strcmp(place->object, "vmlinux")
					 ? xasprintf("%s (", place->function)
					 : xasprintf("%s [%s] (", place->function, place->object);

	for (const char *at = list; at && *at;) {
		const char *end = strchrnul(at, '\n');

		while (end[0] && end[1] == '\t') /* lines that belong to this one */
			end = strchrnul(end + 1, '\n');
		if (str_starts(at, start))
			take_traced(at, end, users);
		at = *end ? end + 1 : NULL;
	}
}

/* A kprobe behind the entry of a function. */
struct inner_probe {
	unsigned long long address, offset; /* the address is 0 where the kernel hides it */
};

struct inner_probe_vec VEC(struct inner_probe);

/*
 * Takes a line like "ffffffff8128a1b0  k  vfs_read+0x2a    [OPTIMIZED]", where a module's name
 * follows the offset.  A probe with [FTRACE] is at the entry, whose offset is not 0 where functions
 * begin with endbr64; one with [DISABLED] or [GONE] does not fire, whatever code runs.
 */
static void take_probed(const char *line, const struct live_place *place,
			struct inner_probe_vec *probes)
{
	char type, name[512], module[64] = "[";
	struct inner_probe probe;

	if (sscanf(line, "%llx %c %511[^+]+0x%llx %63s", &probe.address, &type, name, &probe.offset,
		   module) < 4 ||
	    type != 'k' || !probe.offset || strstr(line, "[FTRACE]") ||
	    strstr(line, "[DISABLED]") || strstr(line, "[GONE]") || strcmp(name, place->function) ||
	    strcmp(*module == '[' ? "vmlinux" : module, place->object))
		return;
	vec_push(probes, probe);
}

static void look_probed(const char *list, const struct live_place *place,
			struct inner_probe_vec *probes)
{
	for (const char *at = list; at && *at;) {
		size_t len = strcspn(at, "\n");
		scope_free char *line = xstrndup(at, len);

		take_probed(line, place, probes);
		at += len + (at[len] == '\n');
	}
}

/* Takes the probes that are in the function, or may be: the lists name functions, not addresses. */
static void choose_probes(const struct inner_probe_vec *probes,
			  const struct live_address_vec *functions, unsigned sympos,
			  struct live_users *users)
{
	unsigned which = sympos ? sympos - 1 : 0;
	uint64_t ours = which < functions->len ? functions->data[which] : 0;

	vec_foreach(probes, it) {
		bool sure = !users->namesakes || (ours && it->address);

		if (users->namesakes && sure && it->address - it->offset != ours)
			continue;
		users->probed_which = users->probed_inside ? users->probed_which && !sure : !sure;
		if (!users->probed_inside || it->offset < users->offset)
			users->offset = it->offset;
		users->probed_inside = true;
	}
}

/* Finds all functions of the name, for which the kernel's long list of symbols is searched. */
static void attached_find(struct live_attached *attached, const struct live_place *place,
			  struct live_address_vec *functions)
{
	if (!attached->symbols && attached->root)
		err_free(root_read(attached->root, "/proc/kallsyms", &attached->symbols));
	live_symbols_find(attached->symbols, place->object, place->function, functions);
}

bool live_attached_has_namesakes(struct live_attached *attached, const struct live_place *place)
{
	struct live_address_vec functions = {};
	bool several;

	attached_find(attached, place, &functions);
	several = place->sympos > 1 || functions.len > 1;
	vec_free(&functions);
	return several;
}

struct live_users live_attached_users(struct live_attached *attached,
				      const struct live_place *place)
{
	struct live_users users = {};
	struct inner_probe_vec probes = {};
	struct live_address_vec functions = {};

	look_traced(attached->traced, place, &users);
	look_probed(attached->probed, place, &probes);
	/* Every function that a live patch replaces is diverted, which alone needs no search. */
	if (!users.direct && !probes.len)
		return users;
	attached_find(attached, place, &functions);
	users.namesakes = place->sympos > 1 || functions.len > 1;
	choose_probes(&probes, &functions, place->sympos, &users);
	vec_free(&functions);
	vec_free(&probes);
	return users;
}

/* Names a function in a message: "f", or "a function named f" if it may be another one. */
static char *attached_name(const struct live_place *place, bool which)
{
	return which ? xasprintf("one of the functions named %s", place->function)
		     : xstrdup(place->function);
}

/* Returns whether a direct call may run in place of the function, as far as is known. */
static bool attached_may_decide(const struct bpf_link_vec *links, const struct live_users *users)
{
	return users->direct && (!users->keyed || !bpf_links_known(links, users->key) ||
				 bpf_links_decide(links, users->key));
}

static char *attached_describe(const struct bpf_link_vec *links, const struct live_users *users,
			       bool deciding_only)
{
	return users->keyed ? bpf_links_describe(links, users->key, deciding_only)
			    : xstrdup("a direct call of another module");
}

/* Warns of a direct call, whose user the kernel calls in place of the function. */
static void warn_direct(const struct bpf_link_vec *links, const struct live_users *users,
			const char *module, const char *function, struct finding_vec *findings)
{
	bool decides = users->keyed && bpf_links_decide(links, users->key);
	scope_free char *who = attached_describe(links, users, decides);

	if (decides)
		finding_add_about(
			findings, SEVERITY_WARN, "bpf", module,
			"detach the program, or make sure that it returns 0",
			"%s is attached to %s and comes first: if it returns another value than 0, neither the old nor the new code runs",
			who, function);
	else if (users->keyed && !bpf_links_known(links, users->key))
		finding_add_about(
			findings, SEVERITY_WARN, "bpf", module,
			"'bpftool link' shows its kind to root; fmod_ret may return in place of the function",
			"%s is attached to %s: it may run in place of the old and the new code",
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

void live_attached_warn(struct live_attached *attached, const char *module,
			const struct live_place *place, struct finding_vec *findings)
{
	struct live_users users = live_attached_users(attached, place);
	scope_free char *name = attached_name(place, users.namesakes);

	if (users.probed_inside && users.probed_which)
		finding_add_about(
			findings, SEVERITY_WARN, "probe", module,
			"set the probe at the function's entry, which works with either code",
			"a kprobe is at %s+0x%llx of one of the functions of that name: if it is the replaced one, the probe does not fire while the patch is loaded",
			place->function, users.offset);
	else if (users.probed_inside)
		finding_add_about(
			findings, SEVERITY_WARN, "probe", module,
			"set the probe at the function's entry, which works with either code",
			"a kprobe is at %s+0x%llx, inside the old code: it does not fire while the patch is loaded",
			place->function, users.offset);
	if (users.direct)
		warn_direct(&attached->links, &users, module, name, findings);
}

void live_attached_warn_unread(const struct live_attached *attached, struct finding_vec *findings)
{
	if (!attached->traced)
		finding_add_about(
			findings, SEVERITY_WARN, "bpf", NULL,
			"run this as root, where tracefs is mounted at /sys/kernel/tracing",
			"which BPF programs and direct calls are attached to replaced functions is unknown, since %s cannot be read",
			TRACED);
	if (!attached->probed && !attached->no_probes)
		finding_add_about(
			findings, SEVERITY_WARN, "probe", NULL,
			"run this as root, where debugfs is mounted at /sys/kernel/debug",
			"which kprobes are set inside replaced functions is unknown, since %s cannot be read",
			DEBUGFS "/kprobes/list");
}

char *live_attached_over(struct live_attached *attached, const struct live_place *place)
{
	struct live_users users = live_attached_users(attached, place);
	bool decides = users.keyed && bpf_links_decide(&attached->links, users.key);

	return attached_may_decide(&attached->links, &users)
		       ? attached_describe(&attached->links, &users, decides)
		       : NULL;
}
