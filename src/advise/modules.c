/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Follows the names of modules from scripts through folders of modules.  Files are only read, and
 * only those of scripts whose modules matter: one has changed, or updates are pending.
 */
#include "advise/modules.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "advise/imports.h"
#include "base/alloc.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/text.h"

#define MAX_MODULES 5000     /* so many modules of one process are followed */
#define MAX_MODULE (1 << 20) /* a larger file is not read */
#define MAX_DEPTH 12
#define MAX_FOLDERS 20000

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
static const char *const java_folders[] = {NULL};
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
	[SCRIPT_JAVA] = {java_folders, {".class"}, false},
};

static bool modules_is_name(enum script_language language, const char *name)
{
	for (size_t i = 0; i < array_size(modules_of[language].ends); i++)
		if (modules_of[language].ends[i] && str_ends(name, modules_of[language].ends[i]))
			return true;
	return false;
}

static double changed_at(const struct stat *st)
{
	return st->st_ctim.tv_sec + st->st_ctim.tv_nsec / 1e9;
}

static void add_folder_of(const struct root *root, const char *path, struct str_vec *folders)
{
	if (root_exists(root, path))
		str_vec_add(folders, path);
}

/* Adds the folders that the script itself adds to those that are searched. */
static void list_named_folders(const struct root *root, const struct script_use *script,
			       const char *own, struct str_vec *folders)
{
	scope_free char *text = NULL;
	scope_str_vec named = {};
	struct stat st;

	if (root_stat(root, script->path, &st) || !S_ISREG(st.st_mode) || st.st_size > MAX_MODULE)
		return;
	err_free(root_read(root, script->path, &text));
	if (text)
		imports_folders(script->language, text, &named);
	vec_foreach(&named, it) {
		scope_free char *path = **it == '/' ? xstrdup(*it) : xasprintf("%s/%s", own, *it);

		add_folder_of(root, path, folders);
	}
}

/* Lists the folders that are searched for a process's modules, the script's own first. */
static void list_folders(const struct root *root, const struct script_use *script,
			 struct str_vec *folders)
{
	const char *const *fixed = modules_of[script->language].folders;
	scope_free char *own = script->path ? path_parent(script->path) : NULL;

	if (own && *own) {
		str_vec_add(folders, own);
		if (modules_of[script->language].read)
			list_named_folders(root, script, own, folders);
	}
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
}

/* ---- which modules changed ---- */

struct module_change {
	char *path;
	double changed;
	double born; /* of its folder; 0: unknown */
};

struct module_walk {
	const struct root *root;
	enum script_language language;
	double since;
	unsigned folders;
	struct module_change_vec VEC(struct module_change) found;
};

static double birth_of(const struct root *root, int fd)
{
	struct statx sx;

	if (!root_is_machine(root) || statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &sx) ||
	    !(sx.stx_mask & STATX_BTIME))
		return 0;
	return sx.stx_btime.tv_sec;
}

static void walk_folder(struct module_walk *walk, const char *path, unsigned depth);

/* A folder that is walked; only if it changed are its files looked at. */
struct module_folder {
	const char *path;
	int fd;
	unsigned depth;
	bool changed;
	double born; /* 0: unknown */
};

static void walk_entry(struct module_walk *walk, const struct module_folder *folder,
		       const struct dirent *entry)
{
	scope_free char *full = xasprintf("%s/%s", folder->path, entry->d_name);
	struct stat st;

	if (entry->d_type == DT_DIR && *entry->d_name != '.' &&
	    strcmp(entry->d_name, "__pycache__"))
		walk_folder(walk, full, folder->depth + 1);
	if (entry->d_type != DT_REG || !folder->changed ||
	    !modules_is_name(walk->language, entry->d_name) ||
	    fstatat(folder->fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
	    changed_at(&st) <= walk->since)
		return;
	vec_push(&walk->found,
		 (struct module_change){take_ptr(full), changed_at(&st), folder->born});
}

/* An update renames files into place, which changes the folder as well; so others are not looked
 * at. */
static void walk_folder(struct module_walk *walk, const char *path, unsigned depth)
{
	int fd = depth > MAX_DEPTH || walk->folders++ > MAX_FOLDERS
			 ? -1
			 : root_openat(walk->root, path, O_RDONLY | O_DIRECTORY, 0);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	struct stat st;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}

	struct module_folder folder = {.path = path, .fd = fd, .depth = depth};

	folder.changed = !fstat(fd, &st) && changed_at(&st) > walk->since;
	folder.born = folder.changed ? birth_of(walk->root, fd) : 0;
	while ((entry = readdir(dir)))
		walk_entry(walk, &folder, entry);
	closedir(dir);
}

/* ---- which modules are loaded ---- */

struct closure {
	const struct root *root;
	enum script_language language;
	const struct str_vec *folders;
	const struct module_walk *walk; /* what changed; NULL if all modules are wanted */
	struct str_vec files;		/* those found, in the order in which they are read */
	bool dynamic;
};

/*
 * Returns whether a file of the standard library need not be read: nothing of the library changed,
 * and its modules load no others.
 */
static bool closure_may_skip(const struct closure *closure, const char *file)
{
	static const char *const standard[] = {
		"/usr/lib/python3.", "/usr/lib64/python3.", "/usr/share/perl/",
		"/usr/lib/x86_64-linux-gnu/perl/", "/usr/lib/x86_64-linux-gnu/perl-base/"};
	bool is_standard = false;

	for (size_t i = 0; closure->walk && i < array_size(standard); i++)
		is_standard |= str_starts(file, standard[i]);
	if (!is_standard || strstr(file, "-packages/"))
		return false;
	vec_foreach(&closure->walk->found, it)
		for (size_t i = 0; i < array_size(standard); i++)
			if (str_starts(it->path, standard[i]))
				return false;
	return true;
}

static bool closure_try(struct closure *closure, const char *path)
{
	struct stat st;

	if (root_stat(closure->root, path, &st) || !S_ISREG(st.st_mode))
		return false;
	if (closure->files.len < MAX_MODULES)
		str_vec_add(&closure->files, path);
	return true;
}

/* Finds a module below a folder, as a file or as a package. */
static bool closure_find_in(struct closure *closure, const char *folder, const char *name)
{
	static const char *const python[] = {"%s.py", "%s/__init__.py", "%s/__main__.py"};
	static const char *const perl[] = {"%s.pm", "%s"};
	bool is_python = closure->language == SCRIPT_PYTHON;
	size_t count = is_python ? array_size(python) : array_size(perl);
	bool found = false;

	for (size_t i = 0; i < count && !found; i++) {
		const char *end = (is_python ? python : perl)[i] + 2;
		scope_free char *path = xasprintf("%s/%s%s", folder, name, end);

		found = closure_try(closure, path);
	}
	/* The packages around a module of Python are loaded before it. */
	for (const char *slash = strchr(name, '/'); is_python && found && slash;
	     slash = strchr(slash + 1, '/')) {
		scope_free char *path =
			xasprintf("%s/%.*s/__init__.py", folder, (int)(slash - name), name);

		closure_try(closure, path);
	}
	return found;
}

/* Resolves "./x" and "../x" against the folder of the file that names them. */
static void closure_find_beside(struct closure *closure, const char *file, const char *name)
{
	scope_free char *folder = path_parent(file);

	while (str_starts(name, "../")) {
		char *slash = strrchr(folder, '/');

		if (slash)
			*slash = '\0';
		name += 3;
	}
	name += str_starts(name, "./") ? 2 : 0;
	if (*name)
		closure_find_in(closure, folder, name);
}

static void closure_read(struct closure *closure, const char *file)
{
	scope_free char *text = NULL;
	scope_str_vec names = {};
	struct stat st;

	if (closure_may_skip(closure, file) || root_stat(closure->root, file, &st) ||
	    !S_ISREG(st.st_mode) || st.st_size > MAX_MODULE)
		return;
	err_free(root_read(closure->root, file, &text));
	if (!text)
		return;

	bool dynamic = imports_find(closure->language, text, &names);

	/* The standard library loads by computed names only what its callers ask for. */
	closure->dynamic |= dynamic && !str_starts(file, "/usr/lib/python3.") &&
			    !str_starts(file, "/usr/share/perl/") &&
			    !str_starts(file, "/usr/lib/x86_64-linux-gnu/perl");
	vec_foreach(&names, name) {
		if (**name == '.') {
			closure_find_beside(closure, file, *name);
			continue;
		}
		for (size_t i = 0; i < closure->folders->len; i++)
			if (closure_find_in(closure, closure->folders->data[i], *name))
				break;
	}
}

/* ---- what that means for processes ---- */

static bool may_change_unseen(const struct module_change *change, double started)
{
	bool packaged =
		str_starts(change->path, "/usr/lib") || str_starts(change->path, "/usr/share");

	/* What is in a new folder of a package was not there when the process started. */
	return change->changed > started + 1 && !(packaged && change->born > started);
}

static void tell_unknown(const struct process *process, const struct module_walk *walk,
			 const struct closure *closure, struct scan *scan)
{
	const char *first = NULL;
	size_t count = 0;

	vec_foreach(&walk->found, it) {
		if (!may_change_unseen(it, process->script->started) ||
		    str_vec_has(&closure->files, it->path))
			continue;
		first = first ? first : it->path;
		count++;
	}
	if (!count)
		return;

	scope_free char *others =
		count > 1 ? xasprintf(" and %zu other files", count - 1) : xstrdup("");

	vec_push(
		&scan->unknown,
		xasprintf(
			"it is unknown whether %s (process %d) has loaded %s%s, which changed since it started",
			process->comm, process->pid, first, others));
}

/* What is known of one script, for all processes that run it and search the same folders. */
struct known_script {
	char *key;
	struct str_vec folders;
	struct module_walk walk;
	struct closure closure;
};

struct known_vec VEC(struct known_script *);

static void known_free(struct known_script *known)
{
	free(known->key);
	str_vec_free(&known->folders);
	str_vec_free(&known->closure.files);
	vec_foreach(&known->walk.found, it)
		free(it->path);
	vec_free(&known->walk.found);
	free(known);
}

static void known_walk(struct known_script *known)
{
	vec_foreach(&known->folders, it) {
		bool below = false;

		/* A script in /usr/bin has no modules beside it, and folders may contain others. */
		vec_foreach(&known->folders, other)
			below |= str_starts(*it, *other) && (*it)[strlen(*other)] == '/';
		if (!below && !str_ends(*it, "/bin") && !str_ends(*it, "/sbin"))
			walk_folder(&known->walk, *it, 0);
	}
}

static void known_follow(struct known_script *known, const struct script_use *script)
{
	struct closure *closure = &known->closure;

	vec_push(&closure->files, xstrdup(script->path));
	if (script->module)
		closure_find_beside(closure, script->path, "__init__");
	for (size_t i = 0; i < closure->files.len; i++)
		closure_read(closure, closure->files.data[i]);
}

/* Looks at a script, unless it was looked at for a process that started earlier. */
static const struct known_script *known_of(const struct root *root, bool all,
					   const struct script_use *script,
					   struct known_vec *scripts)
{
	bool read = modules_of[script->language].read;
	struct known_script *known = xcalloc(1, sizeof(*known));

	list_folders(root, script, &known->folders);

	scope_free char *folders = str_vec_join(&known->folders, "\n");

	known->key = xasprintf("%d %d %s\n%s", script->language, script->module,
			       script->path ? script->path : "", folders);
	vec_foreach(scripts, it)
		if (!strcmp((*it)->key, known->key) && (*it)->walk.since <= script->started + 1) {
			known_free(known);
			return *it;
		}
	vec_push(scripts, known);
	known->walk = (struct module_walk){
		.root = root, .language = script->language, .since = script->started + 1};
	known->closure = (struct closure){.root = root,
					  .language = script->language,
					  .folders = &known->folders,
					  .walk = all ? NULL : &known->walk,
					  .dynamic = !script->path || !read};
	known_walk(known);
	if (script->path && read && (all || known->walk.found.len))
		known_follow(known, script);
	return known;
}

static void look_at_process(const struct root *root, bool all, struct process *process,
			    struct known_vec *scripts, struct scan *scan)
{
	const struct known_script *known = known_of(root, all, process->script, scripts);
	const struct closure *closure = &known->closure;

	process->script->dynamic = closure->dynamic;
	for (size_t i = 1; i < closure->files.len; i++)
		scan_add_module(scan, process, root, closure->files.data[i], all);
	if (closure->dynamic)
		tell_unknown(process, &known->walk, closure, scan);
}

void modules_look(const struct root *root, bool all, struct scan *scan)
{
	struct known_vec scripts = {};

	vec_foreach(&scan->processes, it)
		if (it->script && it->script->language != SCRIPT_OTHER && !it->foreign)
			look_at_process(root, all, it, &scripts, scan);
	vec_foreach(&scripts, it)
		known_free(*it);
	vec_free(&scripts);
}

bool modules_may_use(const struct process *process, const char *path)
{
	const struct script_use *script = process->script;

	if (!script || !script->dynamic || script->language == SCRIPT_OTHER ||
	    !modules_is_name(script->language, path))
		return false;
	if (script->language == SCRIPT_PYTHON && str_starts(path, "/usr/lib/python3"))
		return true;
	for (const char *const *it = modules_of[script->language].folders; *it; it++)
		if (str_starts(path, *it))
			return true;
	return false;
}
