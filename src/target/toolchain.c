/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Brings a compiler with its libraries into the cache, and makes its programs run from there. */
#include "target/toolchain.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "target/cache.h"
#include "target/compiler.h"
#include "target/tools.h"
#include "target/unpack.h"
#include "target/usage.h"

#define DOWNLOAD_TIMEOUT_MS (15 * 60 * 1000)

/* The packages, 50 MB, need so much space when unpacked. */
#define SPACE_NEEDED (300ull << 20)

#define LOADER "ld-linux-x86-64.so.2"

void toolchain_free(struct toolchain *toolchain)
{
	free(toolchain->dir);
	free(toolchain->bin);
	free(toolchain->compiler);
	*toolchain = (struct toolchain){};
}

/* ---- programs that run from the folder ---- */

/* Where Debian's libraries are, before and since /lib became a link to /usr/lib. */
static const char *const toolchain_library_dirs[] = {"usr/lib/x86_64-linux-gnu",
						     "lib/x86_64-linux-gnu"};

static char *loader_of(const char *root)
{
	for (size_t i = 0; i < array_size(toolchain_library_dirs); i++) {
		char *path = xasprintf("%s/%s/" LOADER, root, toolchain_library_dirs[i]);

		if (file_exists(path))
			return path;
		free(path);
	}
	return NULL;
}

/* Where a toolchain is, and where it is made. */
struct home {
	const char *root, *made_in;
	const char *loader;
	bool names; /* the loader can set a program's name (--argv0, since glibc 2.33) */
};

static bool loader_knows_names(const char *loader)
{
	static const char option[] = "--argv0";
	scope_file_map map = {};
	struct err *err = file_map(loader, &map);

	err_free(err);
	return !err && memmem(map.bytes.data, map.bytes.size, option, strlen(option));
}

/* Returns the path that will lead to a file that is being made; free(). */
static char *final_path(const struct home *home, const char *path)
{
	size_t len = strlen(home->made_in);

	return strncmp(path, home->made_in, len) ? xstrdup(path)
						 : xasprintf("%s%s", home->root, path + len);
}

/*
 * The real program gets a second name first, and the script then replaces the first name by rename,
 * so that the program exists at all times.
 */
static struct err *program_adopt(const struct home *home, const char *path)
{
	scope_free char *real = xasprintf("%s" TOOLS_ADOPTED, path);
	scope_free char *temp = xasprintf("%s.new", path), *run = final_path(home, real);
	scope_strbuf script = STRBUF_INIT;

	/* A program that was set up for another toolchain gets a new script. */
	if (!tools_is_dynamic(path) && !file_exists(real))
		return NULL;
	if (strchr(home->root, '\'') || strchr(run, '\''))
		return err_new("%s: a compiler cannot be run from a path that contains a quote",
			       path);
	strbuf_addf(&script, "#!/bin/sh\nexec '%s' --library-path '", home->loader);
	for (size_t i = 0; i < array_size(toolchain_library_dirs); i++)
		strbuf_addf(&script, "%s%s/%s", i ? ":" : "", home->root,
			    toolchain_library_dirs[i]);
	/*
	 * Some programs depend on the name that they were called by: Debian's objtool and modpost
	 * do.
	 */
	strbuf_addf(&script, "'%s '%s' \"$@\"\n", home->names ? " --argv0 \"$0\"" : "", run);
	if (link(path, real) < 0 && errno != EEXIST)
		return err_errno(errno, "%s", real);
	err_try(file_write_scratch(temp, script.buf, script.len));
	if (chmod(temp, 0755) < 0 || rename(temp, path) < 0)
		return err_errno(errno, "%s", path);
	return NULL;
}

static struct err *adopt_visited(void *home, const char *path)
{
	return program_adopt(home, path);
}

static struct err *adopt_folders(const struct home *home, const char *dir,
				 const char *const *folders)
{
	for (; *folders; folders++) {
		scope_free char *folder = xasprintf("%s/%s", dir, *folders);

		err_try(tools_each(folder, adopt_visited, (void *)home));
	}
	return NULL;
}

static struct err *adopt_all(const char *made_in, const char *root)
{
	static const char *const folders[] = {"usr/bin", "usr/lib/gcc", "usr/libexec", NULL};
	scope_free char *there = loader_of(made_in);

	if (!there)
		return err_new("the packages of the compiler do not contain %s", LOADER);

	scope_free char *loader = xasprintf("%s%s", root, there + strlen(made_in));

	return adopt_folders(&(struct home){root, made_in, loader, loader_knows_names(there)},
			     made_in, folders);
}

struct err *toolchain_adopt(const struct toolchain *toolchain, const char *dir,
			    const char *const *folders)
{
	scope_free char *loader = loader_of(toolchain->dir);
	struct home home = {toolchain->dir, toolchain->dir, loader, true};

	if (!loader)
		return err_new("%s: no %s in it", toolchain->dir, LOADER);
	/*
	 * Such an old C library is not newer than the host's, so the programs run with the host's.
	 */
	return loader_knows_names(loader) ? adopt_folders(&home, dir, folders) : NULL;
}

/* ---- from the archive ---- */

/*
 * Returns the entry's name in the cache, such as "gcc-14_14.2.0-19", or NULL if the text names no
 * package; free().
 */
static char *toolchain_name(const struct toolchain_spec *spec, char **version)
{
	*version = compiler_package_version(spec->text);
	return *version ? xasprintf("%s_%s", compiler_package(spec->program), *version) : NULL;
}

static void toolchain_fill(struct toolchain *toolchain, const char *dir, const char *program)
{
	toolchain->dir = xstrdup(dir);
	toolchain->bin = xasprintf("%s/usr/bin", dir);
	toolchain->compiler = xasprintf("%s/%s", toolchain->bin, program);
}

struct err *toolchain_find(const char *root, const struct toolchain_spec *spec,
			   struct toolchain *toolchain, bool *found)
{
	scope_free char *version = NULL, *name = toolchain_name(spec, &version);
	scope_free char *path = xasprintf("%s/toolchains/%s", root, name ? name : "");
	scope_free char *dir = xasprintf("%s/root", path);

	*found = name && cache_has(path);
	if (*found)
		toolchain_fill(toolchain, dir, spec->program);
	return NULL;
}

/* apt resolves dependencies for an empty system, so that nothing on the host is needed. */
static struct err *toolchain_download(const struct apt_view *view,
				      const struct toolchain_spec *spec, const char *version,
				      const char *folder)
{
	scope_free char *compiler = xasprintf("%s=%s", compiler_package(spec->program), version);
	scope_free char *archives = xasprintf("Dir::Cache::archives=%s", folder);
	scope_free char *partial = xasprintf("%s/partial", folder), *suite = NULL;

	err_try(dir_make(partial));
	err_try(apt_suite(view, compiler_package(spec->program), version, &suite));
	if (!suite)
		return err_new("no archive has %s in version %s", compiler_package(spec->program),
			       version);

	const char *const words[] = {"install",
				     "--download-only",
				     "--no-install-recommends",
				     "-y",
				     "-q",
				     "-o",
				     "Debug::NoLocking=true",
				     "-o",
				     archives,
				     "-t",
				     suite,
				     compiler,
				     "binutils",
				     spec->kbuild,
				     NULL};

	return apt_run(view, "apt-get", words, DOWNLOAD_TIMEOUT_MS);
}

/*
 * The compiler's packages depend on these, but a compiler does not run them: the kernel's own
 * packages, and programs that install packages.
 */
static bool is_needless(const char *deb)
{
	static const char *const names[] = {"linux-", "perl-base_", "dpkg_", "debconf_", "tar_"};

	for (size_t i = 0; i < array_size(names); i++)
		if (str_starts(deb, names[i]))
			return true;
	return false;
}

static struct err *toolchain_unpack(const char *folder, const char *to)
{
	static const struct unpack_rule rules[] = {
		/* These are links with absolute paths, which the loader does not need. */
		{"lib64", NULL},	 {"usr/lib64", NULL},
		{"usr/share", NULL},	 {"usr/include", NULL},
		{"usr/src", NULL},	 {"usr/lib/python3", NULL},
		{"usr/lib/debug", NULL}, {"usr", "root/usr"},
		{"lib", "root/lib"},	 {NULL, NULL},
	};
	struct VEC(struct unpack_package) packages = {};
	scope_str_vec debs = {};
	struct unpack_watch watch = {};
	DIR *dir = opendir(folder);

	if (!dir)
		return err_errno(errno, "%s", folder);
	for (struct dirent *entry; (entry = readdir(dir));)
		if (str_ends(entry->d_name, ".deb") && !is_needless(entry->d_name))
			vec_push(&debs, xasprintf("%s/%s", folder, entry->d_name));
	closedir(dir);
	vec_foreach(&debs, deb)
		vec_push(&packages, (struct unpack_package){*deb, rules});
	vec_push(&packages, (struct unpack_package){});

	struct err *err = unpack_debs(packages.data, to, &watch, NULL);

	vec_free(&packages);
	return err;
}

static struct err *toolchain_fetch(const struct apt_view *view, const struct toolchain_spec *spec,
				   const char *version, const char *root, struct cache_new *entry)
{
	scope_free char *folder = xasprintf("%s/download/toolchain-%s", root, version);
	scope_free char *made_in = xasprintf("%s/root", entry->temp);
	scope_free char *final = xasprintf("%s/root", entry->path);

	scope_close int hold = -1;

	err_try(dir_make(folder));
	usage_hold(folder, &hold);
	err_try(toolchain_download(view, spec, version, folder));
	err_try(toolchain_unpack(folder, entry->temp));
	err_try(adopt_all(made_in, final));
	err_free(dir_remove(folder));
	return cache_publish(entry, json_pack("{s:s,s:s}", "package",
					      compiler_package(spec->program), "version", version));
}

struct err *toolchain_open(struct lookup *lookup, const struct toolchain_spec *spec,
			   struct toolchain *toolchain)
{
	scope_free char *version = NULL, *name = toolchain_name(spec, &version);
	const struct apt_view *view = NULL;
	scope_cache_new entry = {};
	scope_close int lock = -1;
	bool found;

	if (!name)
		return err_new("it is not known which package has this compiler: %s", spec->text);
	err_try(cache_lock(lookup->root, name, lookup->progress, &lock));
	err_try(toolchain_find(lookup->root, spec, toolchain, &found));
	if (found)
		return NULL;
	err_try(lookup_own(lookup, &view));
	if (!view)
		return err_new("no archive that could have it is configured");
	err_try(cache_check_space(lookup->root, spec->program, SPACE_NEEDED));
	err_try(cache_begin(lookup->root, "toolchains", name, &entry));

	scope_free char *what = xasprintf("fetching the compiler %s", name);

	progress_begin(lookup->progress, what, 0, PROGRESS_COUNT);

	struct err *err = toolchain_fetch(view, spec, version, lookup->root, &entry);

	progress_end(lookup->progress);
	if (err)
		return err_wrap(err, "compiler %s", name);
	return toolchain_find(lookup->root, spec, toolchain, &found);
}

struct err *toolchain_given(const char *dir, const struct toolchain_spec *spec,
			    struct toolchain *toolchain)
{
	scope_free char *real = realpath(dir, NULL);

	if (!real)
		return err_errno(errno, "--toolchain %s", dir);
	toolchain_fill(toolchain, real, spec->program);
	if (!file_exists(toolchain->compiler))
		return err_new("--toolchain %s: it contains no usr/bin/%s", dir, spec->program);
	return NULL;
}
