/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads unit files and open files to judge whether restarting a service harms others. */
#include "advise/unit_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/vec.h"

/* The first folder that has the file wins: systemd.unit(5). */
static const char *const unit_folders[] = {
	"/etc/systemd/system",	   "/run/systemd/transient", "/run/systemd/generator.early",
	"/run/systemd/system",	   "/run/systemd/generator", "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system", "/lib/systemd/system",    "/run/systemd/generator.late",
};

#define MAX_UNIT_TEXT (1 << 20)

static bool is_yes(const char *value)
{
	static const char *const words[] = {"yes", "true", "on", "1"};

	for (size_t i = 0; i < array_size(words); i++)
		if (!strcasecmp(value, words[i]))
			return true;
	return false;
}

static bool is_no(const char *value)
{
	static const char *const words[] = {"", "no", "false", "off", "0"};

	for (size_t i = 0; i < array_size(words); i++)
		if (!strcasecmp(value, words[i]))
			return true;
	return false;
}

static void unit_take_unit(const char *key, const char *value, struct unit_facts *facts)
{
	if (!strcmp(key, "RefuseManualStop") || !strcmp(key, "RefuseManualStart"))
		facts->refuses = facts->refuses || is_yes(value);
}

static void unit_take_service(const char *key, const char *value, struct unit_facts *facts)
{
	if (!strcmp(key, "Restart"))
		facts->restarts = !strcmp(value, "always") || !strcmp(value, "on-failure");
	else if (!strcmp(key, "Type"))
		facts->oneshot = !strcmp(value, "oneshot");
	else if (!strcmp(key, "Delegate")) /* a boolean, or a list of controllers */
		facts->delegates = !is_no(value);
	else if (!strcmp(key, "KillMode"))
		facts->keeps_rest = !strcmp(value, "process") || !strcmp(value, "none");
	else if (!strcmp(key, "StandardInput")) {
		facts->connection = !strcmp(value, "socket");
		facts->session = facts->session || str_starts(value, "tty");
	} else if (!strcmp(key, "PAMName") || !strcmp(key, "UtmpIdentifier"))
		facts->session = facts->session || *value;
	else if (!strcmp(key, "Slice"))
		facts->guests = str_starts(value, "machine");
}

/* A line that ends with a backslash goes on in the next one; comments between are left out. */
static void unit_join_lines(char *text)
{
	char *to = text;
	bool on = false;

	while (*text) {
		size_t len = strcspn(text, "\n");
		const char *first = text + strspn(text, " \t");
		bool comment = *first == '#' || *first == ';';
		bool more = len && text[len - 1] == '\\' && !comment;

		if (!on || !comment) {
			memmove(to, text, len);
			to += len;
			to[more ? -1 : 0] = more ? ' ' : '\n';
			to += !more && text[len];
			on = more;
		}
		text += len + (text[len] == '\n');
	}
	*to = '\0';
}

static void unit_take_text(char *text, struct unit_facts *facts)
{
	char *save = NULL;
	void (*take)(const char *, const char *, struct unit_facts *) = NULL;

	unit_join_lines(text);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *equals = strchr(line, '=');

		line = str_trim(line);
		if (*line == '[')
			take = !strcmp(line, "[Service]") ? unit_take_service
			       : !strcmp(line, "[Unit]")  ? unit_take_unit
							  : NULL;
		if (!equals || *line == '#' || *line == ';' || *line == '[' || !take)
			continue;
		*equals = '\0';
		take(str_trim(line), str_trim(equals + 1), facts);
	}
}

static bool unit_read_file(const struct root *root, const char *path, struct unit_facts *facts)
{
	scope_free char *text = NULL;
	struct err *err = root_exists(root, path) ? root_read(root, path, &text) : NULL;

	err_free(err); /* without facts, no restart counts as safe */
	if (!text || strlen(text) > MAX_UNIT_TEXT)
		return false;
	unit_take_text(text, facts);
	return true;
}

/* Returns "foo@.service" for "foo@bar.service"; NULL for a unit without a template; free(). */
static char *template_of(const char *name)
{
	const char *at = strchr(name, '@'), *dot = strrchr(name, '.');

	return at && dot && at + 1 < dot ? xasprintf("%.*s%s", (int)(at + 1 - name), name, dot)
					 : NULL;
}

static bool unit_read_fragment(const struct root *root, const char *name, struct unit_facts *facts)
{
	for (size_t i = 0; i < array_size(unit_folders); i++) {
		scope_free char *path = xasprintf("%s/%s", unit_folders[i], name);
		scope_free char *link = root_link(root, path);

		if (link && !strcmp(link, "/dev/null")) /* the unit is masked */
			return false;
		if (unit_read_file(root, path, facts))
			return true;
	}
	return false;
}

/* Adds "foo-bar-" and "foo-" with the end, for a prefix "foo-bar-baz". */
static void add_dashed(const char *prefix, size_t len, const char *end, struct str_vec *names)
{
	while (len-- > 1)
		if (prefix[len] == '-' && prefix[len - 1] != '-')
			vec_push(names, xasprintf("%.*s%s", (int)len + 1, prefix, end));
}

/*
 * Lists the names whose drop-ins apply, by precedence as systemd 252 has it: the unit, its
 * template, both without what follows a dash of their prefix.
 */
static void unit_list_names(const char *name, const char *template, struct str_vec *names)
{
	const char *dot = strrchr(name, '.');
	size_t prefix = strcspn(name, "@.");

	vec_push(names, xstrdup(name));
	if (template)
		vec_push(names, xstrdup(template));
	if (dot)
		add_dashed(name, prefix, dot, names);
	if (!template)
		return;
	add_dashed(name, prefix, name + prefix, names);
	add_dashed(name, prefix, template + prefix, names);
}

struct drop_in {
	char *file; /* the name without the folder */
	char *path;
};

struct drop_in_vec VEC(struct drop_in);

static int compare_drop_ins(const void *a, const void *b)
{
	const struct drop_in *x = a, *y = b;

	return strcmp(x->file, y->file);
}

/* Adds the files of a folder, but for those that another one with precedence replaces. */
static void drop_ins_add(const struct root *root, const char *folder, struct drop_in_vec *found)
{
	scope_str_vec files = {};

	err_free(root_list(root, folder, &files));
	vec_foreach(&files, it) {
		bool known = !str_ends(*it, ".conf");

		vec_foreach(found, other)
			known |= !strcmp(other->file, *it);
		if (!known)
			vec_push(found,
				 (struct drop_in){xstrdup(*it), xasprintf("%s/%s", folder, *it)});
	}
}

/* Reads all drop-ins in the order of their names: systemd.unit(5). */
static void unit_read_drop_ins(const struct root *root, const char *name, const char *template,
			       struct unit_facts *facts)
{
	scope_str_vec names = {};
	struct drop_in_vec found = {};

	unit_list_names(name, template, &names);
	for (size_t i = 0; i < array_size(unit_folders); i++)
		vec_foreach(&names, it) {
			scope_free char *folder = xasprintf("%s/%s.d", unit_folders[i], *it);

			drop_ins_add(root, folder, &found);
		}
	for (size_t i = 0; i < array_size(unit_folders); i++) {
		scope_free char *folder = xasprintf("%s/service.d", unit_folders[i]);

		drop_ins_add(root, folder, &found);
	}
	if (found.len)
		qsort(found.data, found.len, sizeof(*found.data), compare_drop_ins);
	vec_foreach(&found, it) {
		unit_read_file(root, it->path, facts);
		free(it->file);
		free(it->path);
	}
	vec_free(&found);
}

/* Returns whether systemd-machined knows the unit as that of a virtual machine or container. */
static bool unit_is_machine(const struct root *root, const char *name)
{
	scope_free char *line = xasprintf("UNIT=%s", name);
	scope_str_vec machines = {};
	bool found = false;

	err_free(root_list(root, "/run/systemd/machines", &machines));
	vec_foreach(&machines, it) {
		scope_free char *path = xasprintf("/run/systemd/machines/%s", *it);
		scope_free char *text = NULL;

		if (!str_starts(*it, "unit:"))
			err_free(root_read(root, path, &text));
		found |= text && str_has_word(text, line, "\n");
	}
	return found;
}

void unit_facts_read(const struct root *root, const char *name, struct unit_facts *facts)
{
	scope_free char *template = template_of(name);

	*facts = (struct unit_facts){};
	facts->found = unit_read_fragment(root, name, facts) ||
		       (template && unit_read_fragment(root, template, facts));
	if (!facts->found)
		return;
	facts->guests = facts->guests || unit_is_machine(root, name);
	unit_read_drop_ins(root, name, template, facts);
}

const char *unit_facts_obstacle(const struct unit_facts *facts)
{
	return !facts->found	? "its unit file cannot be read"
	       : facts->refuses ? "its unit refuses to be stopped or started by hand"
	       : facts->oneshot ? "its unit runs a job once (Type=oneshot)"
	       : facts->delegates
		       ? "other programs manage processes below it (Delegate=), such as containers"
	       : facts->guests
		       ? "it runs guests (Slice=machine.slice, or it is registered as a machine)"
	       : facts->session ? "users are logged in by it (PAMName=, or a terminal)"
	       : facts->connection
		       ? "it serves one connection, which ends with it (StandardInput=socket)"
	       : !facts->restarts
		       ? "neither a rule nor Restart= in its unit says that a restart is safe"
		       : NULL;
}

const char *advise_process_holding(const struct root *root, int pid)
{
	static const struct {
		const char *device, *what;
	} held[] = {
		{"/dev/fuse", "it serves a file system (/dev/fuse)"},
		{"/dev/cuse", "it serves a device (/dev/cuse)"},
		{"/dev/kvm", "it runs virtual machines (/dev/kvm)"},
		{"/dev/vhost", "it runs virtual machines (/dev/vhost*)"},
		{"/dev/xen/", "it serves virtual machines (/dev/xen)"},
		{"/dev/net/tun", "it carries a network (/dev/net/tun)"},
		{"/dev/ppp", "it carries a network (/dev/ppp)"},
		{"/dev/watchdog", "it feeds a watchdog (/dev/watchdog)"},
		{"/dev/dri/", "it holds a display (/dev/dri)"},
	};
	scope_free char *folder = xasprintf("/proc/%d/fd", pid);
	scope_str_vec numbers = {};

	err_free(root_list(root, folder, &numbers));
	vec_foreach(&numbers, it) {
		scope_free char *path = xasprintf("%s/%s", folder, *it);
		scope_free char *link = root_link(root, path);

		for (size_t i = 0; link && i < array_size(held); i++)
			if (str_starts(link, held[i].device))
				return held[i].what;
	}
	return NULL;
}

#define MAX_ENVIRONMENT 65536

bool advise_process_outlived_unit(const struct root *root, int pid, const char *unit)
{
	static const char key[] = "INVOCATION_ID=";
	scope_free char *path = xasprintf("/run/systemd/units/invocation:%s", unit);
	scope_free char *now = root_link(root, path);
	scope_free char *file = xasprintf("/proc/%d/environ", pid);
	scope_free char *text = xcalloc(MAX_ENVIRONMENT + 1, 1);
	scope_close int fd = now ? root_openat(root, file, O_RDONLY | O_NONBLOCK, 0) : -1;
	ssize_t len = fd < 0 ? 0 : read(fd, text, MAX_ENVIRONMENT);

	for (ssize_t at = 0; at < len; at += strlen(text + at) + 1)
		if (str_starts(text + at, key))
			return strcmp(text + at + strlen(key), now) != 0;
	return false;
}
