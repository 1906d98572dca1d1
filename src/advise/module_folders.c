/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists folders of modules: those of packages, and those that scripts, their arguments, environment
 * and *.pth files add.
 */
#include "advise/module_folders.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "advise/imports.h"
#include "base/alloc.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/text.h"

#define MAX_MODULE (1 << 20) /* a larger file is not read */

/* Where packages put modules; a folder with a version in its name is found below. */
static const char *const python_folders[] = {"/usr/lib/python3/dist-packages", NULL};
static const char *const python_versions[] = {
	"/usr/lib/python%s",
	"/usr/lib64/python%s",
	"/usr/lib/python%s/site-packages",
	"/usr/lib64/python%s/site-packages",
	"/usr/local/lib/python%s/dist-packages",
	"/usr/local/lib/python%s/site-packages",
};
static const char *const perl_folders[] = {"/etc/perl",
					   "/usr/local/lib/site_perl",
					   "/usr/local/share/perl",
					   "/usr/share/perl5",
					   "/usr/share/perl",
					   "/usr/lib/perl5",
					   "/usr/lib64/perl5",
					   "/usr/lib/x86_64-linux-gnu/perl5",
					   "/usr/lib/x86_64-linux-gnu/perl",
					   "/usr/lib/x86_64-linux-gnu/perl-base",
					   NULL};
static const char *const ruby_folders[] = {"/usr/lib/ruby",
					   "/usr/share/rubygems-integration",
					   "/var/lib/gems",
					   "/usr/share/gems",
					   "/usr/share/ruby",
					   "/usr/local/share/ruby",
					   NULL};
static const char *const node_folders[] = {"/usr/share/nodejs",		  "/usr/lib/nodejs",
					   "/usr/lib/node_modules",	  "/usr/share/node_modules",
					   "/usr/local/lib/node_modules", NULL};
static const char *const no_folders[] = {NULL};
static const char *const lua_folders[] = {"/usr/share/lua", "/usr/local/share/lua", NULL};
static const char *const php_folders[] = {"/usr/share/php", "/usr/share/pear", NULL};

static const struct {
	const char *const *folders;
	const char *ends[4];
	bool read; /* names of modules are read in texts */
} modules_of[] = {
	[SCRIPT_PYTHON] = {python_folders, {".py"}, true},
	[SCRIPT_PERL] = {perl_folders, {".pm", ".pl"}, true},
	[SCRIPT_RUBY] = {ruby_folders, {".rb"}, false},
	[SCRIPT_NODE] = {node_folders, {".js", ".mjs", ".cjs"}, false},
	[SCRIPT_PHP] = {php_folders, {".php", ".inc"}, false},
	[SCRIPT_JAVA] = {no_folders, {".class"}, false},
	[SCRIPT_LUA] = {lua_folders, {".lua"}, false},
	[SCRIPT_SHELL] = {no_folders, {}, true},
};

bool module_is_name(enum script_language language, const char *name)
{
	for (size_t i = 0; i < array_size(modules_of[language].ends); i++)
		if (modules_of[language].ends[i] && str_ends(name, modules_of[language].ends[i]))
			return true;
	return false;
}

bool module_names_are_read(enum script_language language)
{
	return modules_of[language].read;
}

const char *const *module_folders_of(enum script_language language)
{
	return modules_of[language].folders;
}

/* Returns the path of a name in an absolute folder, without "x/.." parts; free(). */
static char *folder_below(const char *folder, const char *name)
{
	scope_free char *path = path_join(folder, name);

	return xasprintf("/%s", path);
}

static void add_folder_of(const struct root *root, const char *path, struct str_vec *folders)
{
	if (root_exists(root, path))
		str_vec_add(folders, path);
}

bool module_folders_add(const struct root *root, enum script_language language, const char *text,
			const char *own, struct str_vec *folders)
{
	scope_str_vec named = {};
	bool computed = imports_folders(language, text, &named);

	vec_foreach(&named, it) {
		scope_free char *path = **it == '/' ? xstrdup(*it) : folder_below(own, *it);

		add_folder_of(root, path, folders);
	}
	return computed;
}

char *module_folders_read(const struct root *root, const char *path)
{
	char *text = NULL;
	struct stat st;

	if (!root_stat(root, path, &st) && S_ISREG(st.st_mode) && st.st_size <= MAX_MODULE)
		err_free(root_read(root, path, &text));
	return text;
}

/* Adds the folders that lines of *.pth in a folder of modules name. */
static void list_path_files(const struct root *root, const char *folder, struct str_vec *folders)
{
	scope_str_vec names = {};

	err_free(root_list(root, folder, &names));
	vec_foreach(&names, it) {
		scope_free char *path = xasprintf("%s/%s", folder, *it);
		scope_free char *text =
			str_ends(*it, ".pth") ? module_folders_read(root, path) : NULL;
		char *save = NULL;

		for (char *line = text ? strtok_r(text, "\r\n", &save) : NULL; line;
		     line = strtok_r(NULL, "\r\n", &save)) {
			bool runs = str_starts(line, "import ") || str_starts(line, "import\t");
			scope_free char *full =
				*line == '/' ? xstrdup(line) : folder_below(folder, line);

			if (*line != '#' && !runs)
				add_folder_of(root, full, folders);
		}
	}
}

/* Returns whether modules are searched in the working folder, or in what a server is told to load.
 */
static bool searches_cwd(const struct script_use *script)
{
	scope_free char *own = script->path ? path_parent(script->path) : NULL;

	if (!script->cwd || script->language == SCRIPT_SHELL)
		return false;
	return script->language != SCRIPT_PYTHON || !own || script->module ||
	       str_ends(own, "/bin") || str_ends(own, "/sbin");
}

/* Adds folders of Python that *.pth files in those listed so far name. */
static void list_python_paths(const struct root *root, struct str_vec *folders)
{
	for (size_t i = 0, count = folders->len; i < count; i++)
		if (str_ends(folders->data[i], "-packages"))
			list_path_files(root, folders->data[i], folders);
}

bool module_folders_list(const struct root *root, const struct script_use *script, const char *text,
			 struct str_vec *folders)
{
	const char *const *fixed = modules_of[script->language].folders;
	scope_free char *own = script->path ? path_parent(script->path) : NULL;
	bool computed = false;

	if (own && *own) {
		str_vec_add(folders, own);
		if (text)
			computed = module_folders_add(root, script->language, text, own, folders);
	}
	if (searches_cwd(script))
		add_folder_of(root, script->cwd, folders);
	vec_foreach(&script->folders, it)
		add_folder_of(root, *it, folders);
	for (size_t i = 0; script->language == SCRIPT_PYTHON && i < array_size(python_versions);
	     i++) {
		scope_strbuf path = STRBUF_INIT;
		const char *percent = strchr(python_versions[i], '%');

		strbuf_addf(&path, "%.*s%s%s", (int)(percent - python_versions[i]),
			    python_versions[i], script->version, percent + 2);
		add_folder_of(root, path.buf, folders);
	}
	if (script->prefix) {
		scope_free char *path =
			xasprintf("%s/lib/python%s/site-packages", script->prefix, script->version);

		add_folder_of(root, path, folders);
	}
	for (; *fixed; fixed++) {
		scope_str_vec names = {};

		add_folder_of(root, *fixed, folders);
		if (script->language == SCRIPT_PERL)
			err_free(root_list(root, *fixed, &names));
		vec_foreach(&names, name) {
			scope_free char *path = xasprintf("%s/%s", *fixed, *name);

			if (isdigit((unsigned char)**name) || !strcmp(*name, "vendor_perl"))
				str_vec_add(folders, path);
		}
	}
	if (script->language == SCRIPT_PYTHON)
		list_python_paths(root, folders);
	return computed;
}
