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

#include "advise/imports.h"
#include "advise/module_folders.h"
#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/text.h"

#define MAX_MODULES 5000 /* so many modules of one process are followed */
#define MAX_DEPTH 12
#define MAX_FOLDERS 20000

static double changed_at(const struct stat *st)
{
	return st->st_ctim.tv_sec + st->st_ctim.tv_nsec / 1e9;
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
	    !module_is_name(walk->language, entry->d_name) ||
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
	DIR *dir = dir_take(fd);
	const struct dirent *entry;
	struct stat st;

	if (!dir)
		return;

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
	struct str_vec *folders;
	const struct module_walk *walk; /* what changed; NULL if all modules are wanted */
	struct module_walk *changes;	/* walks folders that are found later */
	struct str_vec files;		/* those found, in the order in which they are read */
	bool dynamic;
};

/* Returns whether a file is of the standard library of Python or Perl, not of an added package. */
static bool is_standard(const char *file)
{
	static const char *const standard[] = {
		"/usr/lib/python3.", "/usr/lib64/python3.", "/usr/share/perl/",
		"/usr/lib/x86_64-linux-gnu/perl/", "/usr/lib/x86_64-linux-gnu/perl-base/"};

	for (size_t i = 0; i < array_size(standard); i++)
		if (str_starts(file, standard[i]))
			return !strstr(file, "-packages/");
	return false;
}

/*
 * Returns whether a file of the standard library need not be read: nothing of the library changed,
 * and its modules load no others.
 */
static bool closure_may_skip(const struct closure *closure, const char *file)
{
	if (!closure->walk || !is_standard(file))
		return false;
	vec_foreach(&closure->walk->found, it)
		if (is_standard(it->path))
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

/* Finds a module by its name in a file's text, or in the arguments. */
static void closure_find(struct closure *closure, const char *file, const char *name)
{
	scope_free char *own = path_parent(file);

	if (*name == '/') {
		closure_try(closure, name);
		return;
	}
	if (*name == '.') {
		closure_find_beside(closure, file, name);
		return;
	}
	for (size_t i = 0; i < closure->folders->len; i++)
		if (closure_find_in(closure, closure->folders->data[i], name))
			return;
	/* Files that are read by their names are often beside the one that reads them. */
	if (closure->language != SCRIPT_PYTHON)
		closure_find_in(closure, own, name);
}

/* A module may add folders as well, for those that are loaded after it. */
static void closure_add_folders(struct closure *closure, const char *file, const char *text)
{
	scope_free char *own = path_parent(file);
	size_t before = closure->folders->len;

	if (!is_standard(file))
		module_folders_add(closure->root, closure->language, text, own, closure->folders);
	for (size_t i = before; closure->changes && i < closure->folders->len; i++)
		walk_folder(closure->changes, closure->folders->data[i], 0);
}

/* Follows what a file's text names. */
static void closure_take(struct closure *closure, const char *file, const char *text)
{
	scope_str_vec names = {};
	bool dynamic = imports_find(closure->language, text, &names);

	/* The standard library loads by computed names only what its callers ask for. */
	closure->dynamic |= dynamic && !is_standard(file);
	vec_foreach(&names, name)
		closure_find(closure, file, *name);
	closure_add_folders(closure, file, text);
}

static void closure_read(struct closure *closure, const char *file)
{
	scope_free char *text =
		closure_may_skip(closure, file) ? NULL : module_folders_read(closure->root, file);

	if (text)
		closure_take(closure, file, text);
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
	const char *first = NULL, *script = process->script->path;
	size_t count = 0;

	vec_foreach(&walk->found, it) {
		if (!may_change_unseen(it, process->script->started) ||
		    (script && !strcmp(it->path, script)) || str_vec_has(&closure->files, it->path))
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
	bool computed; /* there may be other folders */
	char *missing; /* a module that is in none of the folders, if there may be others; or NULL
			*/
	struct module_walk walk;
	struct closure closure;
};

struct known_vec VEC(struct known_script *);

static void known_free(struct known_script *known)
{
	free(known->key);
	free(known->missing);
	str_vec_free(&known->folders);
	str_vec_free(&known->closure.files);
	vec_foreach(&known->walk.found, it)
		free(it->path);
	vec_free(&known->walk.found);
	free(known);
}

/* Returns whether it is the working folder of Perl, which reads files there, but no modules below.
 */
static bool is_only_for_files(const struct script_use *script, const char *folder)
{
	return script->language == SCRIPT_PERL && script->cwd && !strcmp(script->cwd, folder);
}

static void known_walk(struct known_script *known, const struct script_use *script)
{
	vec_foreach(&known->folders, it) {
		bool below = false;

		/* A script in /usr/bin has no modules beside it, and folders may contain others. */
		vec_foreach(&known->folders, other)
			below |= str_starts(*it, *other) && (*it)[strlen(*other)] == '/' &&
				 !is_only_for_files(script, *other);
		/* Only modules are searched near the root: the rest of the machine is below. */
		unsigned depth = !strcmp(*it, "/") || is_only_for_files(script, *it) ? MAX_DEPTH
				 : strrchr(*it, '/') == *it			     ? MAX_DEPTH - 1
										     : 0;

		if (!below && !str_ends(*it, "/bin") && !str_ends(*it, "/sbin"))
			walk_folder(&known->walk, *it, depth);
	}
}

static void known_follow(struct known_script *known, const struct script_use *script,
			 const char *text)
{
	struct closure *closure = &known->closure;

	vec_push(&closure->files, xstrdup(script->path ? script->path : ""));
	if (script->module)
		closure_find_beside(closure, script->path, "__init__");
	vec_foreach(&script->names, it)
		closure_find(closure, script->path ? script->path : "", *it);
	if (text && !closure_may_skip(closure, script->path))
		closure_take(closure, script->path, text);
	for (size_t i = 1; i < closure->files.len; i++)
		closure_read(closure, closure->files.data[i]);
}

/* Returns whether a module of Python is compiled into it, or one of the usual folders has it. */
static bool known_has(const struct known_script *known, const char *name)
{
	static const char *const built_in[] = {
		"sys",	       "builtins",     "time",	   "itertools", "marshal",  "gc",
		"errno",       "posix",	       "pwd",	   "atexit",	"signal",   "math",
		"fcntl",       "select",       "resource", "syslog",	"zlib",	    "array",
		"cmath",       "mmap",	       "grp",	   "termios",	"readline", "binascii",
		"unicodedata", "faulthandler", "audioop",  "spwd",	"nis",	    "ossaudiodev",
	};

	if (str_is_among(name, built_in, array_size(built_in)))
		return true;
	vec_foreach(&known->folders, it) {
		scope_str_vec names = {};

		err_free(root_list(known->closure.root, *it, &names));
		vec_foreach(&names, file) /* x, x.py, x.cpython-311-x86_64-linux-gnu.so */
			if (str_starts(*file, name) && strchr("./", (*file)[strlen(name)]))
				return true;
	}
	return false;
}

/* Finds a module without which the script would not run, and which is in no known folder. */
static void known_find_missing(struct known_script *known, const char *text)
{
	scope_str_vec names = {};

	imports_required(text, &names);
	vec_foreach(&names, it)
		if (!known->missing && !known_has(known, *it))
			known->missing = xstrdup(*it);
}

/* Returns whether the script reads files by paths, which need not be in a folder of modules. */
static bool reads_by_path(const struct script_use *script, const char *text)
{
	scope_str_vec names = {};

	if (text && script->language == SCRIPT_PERL)
		imports_find(script->language, text, &names);
	vec_foreach(&names, it)
		if (**it == '/')
			return true;
	return script->language == SCRIPT_SHELL;
}

/* Looks at a script, unless it was looked at for a process that started earlier. */
static const struct known_script *known_of(const struct root *root, bool all,
					   const struct script_use *script,
					   struct known_vec *scripts)
{
	bool read = module_names_are_read(script->language);
	scope_free char *text =
		read && script->path ? module_folders_read(root, script->path) : NULL;
	struct known_script *known = xcalloc(1, sizeof(*known));

	known->computed = module_folders_list(root, script, text, &known->folders);

	scope_free char *folders = str_vec_join(&known->folders, "\n");
	scope_free char *names = str_vec_join(&script->names, " ");

	known->key = xasprintf("%d %d %s %s\n%s", script->language, script->module,
			       script->path ? script->path : "", names, folders);
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
					  .changes = &known->walk,
					  .dynamic = !script->path || !read};
	known_walk(known, script);
	if ((script->path || script->names.len) && read &&
	    (all || known->walk.found.len || known->computed || reads_by_path(script, text)))
		known_follow(known, script, text);
	if (known->computed && text && script->language == SCRIPT_PYTHON)
		known_find_missing(known, text);
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
	if (known->missing)
		vec_push(
			&scan->unknown,
			xasprintf(
				"it is unknown whether %s (process %d) runs an old version of its module %s, whose folder its script computes",
				process->comm, process->pid, known->missing));
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
	    !module_is_name(script->language, path))
		return false;
	if (script->language == SCRIPT_PYTHON && str_starts(path, "/usr/lib/python3"))
		return true;
	for (const char *const *it = module_folders_of(script->language); *it; it++)
		if (str_starts(path, *it))
			return true;
	return false;
}
