/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads unit files to judge whether restarting a service harms others. */
#include "advise/unit_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "advise/unit_text.h"
#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/vec.h"

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

static void unit_take_service(const char *key, const char *value, struct unit_facts *facts)
{
	if (!strcmp(key, "Restart"))
		facts->restarts = !strcmp(value, "always") || !strcmp(value, "on-failure");
	else if (!strcmp(key, "Type"))
		facts->oneshot = !strcmp(value, "oneshot");
	else if (!strcmp(key, "Delegate")) /* a boolean, or a list of controllers */
		facts->delegates = !is_no(value);
	else if (!strcmp(key, "KillMode")) {
		facts->keeps_rest = !strcmp(value, "process");
		facts->keeps_all = !strcmp(value, "none");
	} else if (!strcmp(key, "StandardInput")) {
		facts->connection = !strcmp(value, "socket");
		facts->session = facts->session || str_starts(value, "tty");
	} else if (!strcmp(key, "PAMName") || !strcmp(key, "UtmpIdentifier"))
		facts->session = facts->session || *value;
	else if (!strcmp(key, "Slice"))
		facts->guests = str_starts(value, "machine");
}

static void unit_take(const char *section, const char *key, const char *value, void *data)
{
	struct unit_facts *facts = data;

	if (!strcmp(section, "[Service]"))
		unit_take_service(key, value, facts);
	else if (!strcmp(section, "[Unit]") &&
		 (!strcmp(key, "RefuseManualStop") || !strcmp(key, "RefuseManualStart")))
		facts->refuses = facts->refuses || is_yes(value);
}

static bool unit_read_file(const struct root *root, const char *path, struct unit_facts *facts)
{
	scope_free char *text = NULL;
	struct err *err = root_exists(root, path) ? root_read(root, path, &text) : NULL;

	err_free(err); /* without facts, no restart counts as safe */
	if (!text || strlen(text) > MAX_UNIT_TEXT)
		return false;
	unit_text_read(text, unit_take, facts);
	return true;
}

/* Returns "foo@.service" for "foo@bar.service"; NULL for a unit without a template; free(). */
static char *template_of(const char *name)
{
	const char *at = strchr(name, '@'), *dot = strrchr(name, '.');

	return at && dot && at + 1 < dot ? xasprintf("%.*s%s", (int)(at + 1 - name), name, dot)
					 : NULL;
}

static bool unit_read_fragment(const struct root *root, const struct str_vec *folders,
			       const char *name, struct unit_facts *facts)
{
	vec_foreach(folders, it) {
		scope_free char *path = xasprintf("%s/%s", *it, name);
		scope_free char *link = root_link(root, path);

		facts->masked = link && !strcmp(link, "/dev/null");
		if (facts->masked)
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
static void unit_read_drop_ins(const struct root *root, const struct str_vec *folders,
			       const char *name, const char *template, struct unit_facts *facts)
{
	scope_str_vec names = {};
	struct drop_in_vec found = {};

	unit_list_names(name, template, &names);
	vec_foreach(folders, above)
		vec_foreach(&names, it) {
			scope_free char *folder = xasprintf("%s/%s.d", *above, *it);

			drop_ins_add(root, folder, &found);
		}
	vec_foreach(folders, above) {
		scope_free char *folder = xasprintf("%s/service.d", *above);

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

void unit_folders_list(const struct root *root, struct str_vec *folders)
{
	for (size_t i = 0; i < UNIT_FOLDERS; i++)
		if (root_exists(root, unit_folders[i]))
			vec_push(folders, xstrdup(unit_folders[i]));
}

void unit_facts_read(const struct root *root, const struct str_vec *folders, const char *name,
		     struct unit_facts *facts)
{
	scope_free char *template = template_of(name);

	*facts = (struct unit_facts){};
	facts->found =
		unit_read_fragment(root, folders, name, facts) ||
		(template && !facts->masked && unit_read_fragment(root, folders, template, facts));
	if (!facts->found)
		return;
	facts->guests = facts->guests || unit_is_machine(root, name);
	unit_read_drop_ins(root, folders, name, template, facts);
}

const char *unit_facts_refusal(const struct unit_facts *facts)
{
	return facts->masked
		       ? "its unit is masked, so that it could be stopped, but not started again"
	       : !facts->found	? "its unit file cannot be found, so that a restart would fail"
	       : facts->refuses ? "its unit refuses to be stopped or started by hand"
	       : facts->oneshot ? "its unit runs a job once (Type=oneshot)"
	       : facts->keeps_all
		       ? "its unit ends no process when it is stopped (KillMode=none): end the processes by other means"
		       : NULL;
}

const char *unit_facts_obstacle(const struct unit_facts *facts)
{
	return facts->delegates
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

#define MAX_ENVIRONMENT 65536

char *unit_invocation(const struct root *root, const char *unit, bool *inactive)
{
	scope_free char *path = xasprintf("/run/systemd/units/invocation:%s", unit);
	char *now = root_link(root, path);
	scope_str_vec links = {};

	*inactive = false;
	if (!now)
		err_free(root_list(root, "/run/systemd/units", &links));
	vec_foreach(&links, it)
		*inactive = *inactive || str_starts(*it, "invocation:");
	return now;
}

bool unit_process_is_earlier(const struct root *root, int pid, const char *invocation)
{
	static const char key[] = "INVOCATION_ID=";
	scope_free char *file = xasprintf("/proc/%d/environ", pid);
	scope_free char *text = xcalloc(MAX_ENVIRONMENT + 1, 1);
	scope_close int fd = root_openat(root, file, O_RDONLY | O_NONBLOCK, 0);
	ssize_t len = fd < 0 ? 0 : read(fd, text, MAX_ENVIRONMENT);

	for (ssize_t at = 0; at < len; at += strlen(text + at) + 1)
		if (str_starts(text + at, key))
			return strcmp(text + at + strlen(key), invocation) != 0;
	return false;
}
