/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolves the names in an interpreter's arguments and environment as the interpreter does. */
#include "advise/scan_script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "advise/procfs.h"
#include "base/alloc.h"
#include "base/path.h"
#include "base/strbuf.h"

#define MAX_LINKS 8	       /* so many links lead to a script */
#define MAX_ENVIRONMENT 131072 /* more of an environment is not read */

/* Returns an absolute path for a script's name; NULL if that is unknown; free(). */
static char *absolute_path(const struct script_reader *reader, int pid, const char *name)
{
	char path[64], cwd[4096];

	if (*name == '/')
		return xstrdup(name);
	snprintf(path, sizeof(path), "%d/cwd", pid);

	ssize_t len = readlinkat(reader->proc, path, cwd, sizeof(cwd) - 1);

	if (len <= 0)
		return NULL;
	cwd[len] = '\0';
	while (str_starts(name, "./"))
		name += 2;
	return *name ? xasprintf("%s/%s", len > 1 ? cwd : "", name) : xstrdup(cwd);
}

/* Returns the path behind links, of which there may be a few; NULL for a loop; takes over path. */
static char *follow_links(const struct root *root, char *path)
{
	for (unsigned i = 0; path && i < MAX_LINKS; i++) {
		scope_free char *link = root_link(root, path);

		if (!link)
			return path;

		scope_free char *folder = path_parent(path);
		char *target = *link == '/' ? xstrdup(link) : xasprintf("%s/%s", folder, link);

		free(path);
		path = target;
	}
	free(path);
	return NULL;
}

/* Returns the file of "python3 -m a.b"; NULL if it is in none of the usual folders; free(). */
static char *file_of_module(const struct script_reader *reader, int pid, const char *version,
			    const char *module)
{
	static const char *const ends[] = {"/__main__.py", ".py"};
	scope_free char *cwd = absolute_path(reader, pid, "");
	scope_free char *local = xasprintf("/usr/local/lib/python%s/dist-packages", version);
	scope_free char *site = xasprintf("/usr/lib/python%s/site-packages", version);
	scope_free char *own = xasprintf("/usr/lib/python%s", version);
	const char *const folders[] = {cwd, local, "/usr/lib/python3/dist-packages", site, own};
	scope_free char *name = xstrdup(module);

	for (char *c = name; *c; c++)
		*c = *c == '.' ? '/' : *c;
	for (size_t i = 0; i < array_size(folders); i++)
		for (size_t k = 0; folders[i] && k < array_size(ends); k++) {
			char *path = xasprintf("%s/%s%s", folders[i], name, ends[k]);

			if (root_exists(reader->root, path))
				return path;
			free(path);
		}
	return NULL;
}

/* Sets Python's version and virtual environment by the program's path and the name it was called
 * by. */
static void take_python(const char *exe, const char *called, struct script_use *script)
{
	const char *digit = strpbrk(path_base(exe), "0123456789");
	const char *bin = strstr(called, "/bin/");

	snprintf(script->version, sizeof(script->version), "%s", digit ? digit : "3");
	if (*called == '/' && bin && bin > called && !str_starts(called, "/usr/bin/") &&
	    !str_starts(called, "/usr/local/bin/"))
		script->prefix = xstrndup(called, bin - called);
}

/* Adds the folders of modules that belong to an interpreter in a place of its own, such as /opt. */
static void add_own_folders(const char *exe, struct script_use *script)
{
	static const char *const names[] = {
		[SCRIPT_PERL] = "perl5", [SCRIPT_RUBY] = "ruby", [SCRIPT_NODE] = "node_modules",
		[SCRIPT_JAVA] = NULL,	 [SCRIPT_LUA] = "lua",	 [SCRIPT_SHELL] = NULL,
	};
	const char *bin = strstr(exe, "/bin/");
	int len = bin ? (int)(bin - exe) : 0;

	if (!len || (len == 4 && str_starts(exe, "/usr/")))
		return;
	if (script->language == SCRIPT_PYTHON)
		vec_push(&script->folders,
			 xasprintf("%.*s/lib/python%s", len, exe, script->version));
	else if (names[script->language])
		vec_push(&script->folders,
			 xasprintf("%.*s/lib/%s", len, exe, names[script->language]));
}

/* Adds the folders that the process was told to search, by arguments and environment. */
static void add_told_folders(const struct script_reader *reader, int pid, struct bytes args,
			     struct script_use *script)
{
	scope_free char *environment = xcalloc(1, MAX_ENVIRONMENT + 1);
	ssize_t len = procfs_read(reader->proc, pid, "environ", environment, MAX_ENVIRONMENT);
	scope_str_vec folders = {};

	script_folders(script->language, args,
		       (struct bytes){(uint8_t *)environment, len > 0 ? len : 0}, &folders);
	vec_foreach(&folders, it) {
		char *path = absolute_path(reader, pid, *it);

		if (path)
			vec_push(&script->folders, path);
	}
}

const struct file_use *scan_script_take(const struct script_reader *reader, const struct view *view,
					int pid, struct bytes args, struct script_use *script)
{
	const char *text = (const char *)args.data;

	script->language = script_language(script->program);

	struct script_call call = script_parse(script->language, text, args.size);

	if (script->language == SCRIPT_PYTHON)
		take_python(script->program, text, script);
	add_own_folders(script->program, script);
	add_told_folders(reader, pid, args, script);
	script->module = call.module;
	script->cwd = absolute_path(reader, pid, "");
	script_names(script->language, args, &script->names);
	if (call.module)
		script->path = file_of_module(reader, pid, script->version, call.module);
	else if (call.file)
		script->path = follow_links(reader->root, absolute_path(reader, pid, call.file));

	const struct file_use *file =
		script->path ? scan_files_script(reader->files, view, script->path, script->started)
			     : NULL;

	if (!file)
		free(take_ptr(script->path));
	return file;
}

void scan_script_embedded(const struct script_reader *reader, int pid, struct script_use *script)
{
	const char *name =
		path_base(script->program); /* libpython3.11.so.1.0, libruby-3.1.so.3.1 */
	const char *digit = strpbrk(name, "0123456789");

	script->language = str_starts(name, "libruby") ? SCRIPT_RUBY : SCRIPT_PYTHON;
	if (digit)
		snprintf(script->version, sizeof(script->version), "%.*s",
			 (int)strspn(digit, "0123456789."), digit);
	if (str_ends(script->version, "."))
		script->version[strlen(script->version) - 1] = '\0';
	script->cwd = absolute_path(reader, pid, "");
	add_told_folders(reader, pid, (struct bytes){}, script);
}
