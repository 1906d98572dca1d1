/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens a kernel that no archive has, by the folders that it was built in. */
#include "target/local.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "elf/elf.h"
#include "image/image.h"
#include "target/cache.h"
#include "target/copy.h"
#include "target/index.h"
#include "target/prepare.h"

void local_inputs_free(struct local_inputs *in)
{
	free(in->image);
	free(in->modules);
	free(in->build_dir);
	free(in->source);
	free(in->release);
}

static struct err *local_resolve(const char *option, const char *path, bool folder, char **absolute)
{
	*absolute = realpath(path, NULL);
	if (!*absolute)
		return err_errno(errno, "%s %s", option, path);
	if (folder ? !dir_exists(path) : !file_exists(path))
		return err_new("%s %s: not a %s", option, path, folder ? "folder" : "file");
	return NULL;
}

static struct err *resolve_inputs(const struct target_spec *spec, struct local_inputs *in)
{
	if (!spec->image || !spec->build_dir || !spec->source)
		return err_code_new(ERR_USAGE,
				    "a local kernel needs --image, --build-dir and --source");
	err_try(local_resolve("--image", spec->image, false, &in->image));
	err_try(local_resolve("--build-dir", spec->build_dir, true, &in->build_dir));
	err_try(local_resolve("--source", spec->source, true, &in->source));
	if (spec->modules)
		return local_resolve("--modules", spec->modules, true, &in->modules);
	/* The modules were not installed, so they are where they were built. */
	scope_free char *order = xasprintf("%s/modules.order", in->build_dir);

	if (file_exists(order))
		in->modules = xstrdup(in->build_dir);
	return NULL;
}

/*
 * Reads UTS_RELEASE, since include/config/kernel.release differs in Debian's packages ("6.1.190").
 */
static struct err *read_release(const char *build_dir, char **release)
{
	static const char define[] = "#define UTS_RELEASE \"";
	scope_free char *path = xasprintf("%s/include/generated/utsrelease.h", build_dir);
	scope_free char *text = NULL;

	if (!file_exists(path))
		return err_new(
			"--build-dir %s: not the folder of a built kernel: no include/generated/utsrelease.h",
			build_dir);
	err_try(file_read(path, &text, NULL));

	const char *found = strstr(text, define);

	if (!found)
		return err_new("%s: no UTS_RELEASE", path);
	found += strlen(define);
	*release = xstrndup(found, strcspn(found, "\"\n"));
	return NULL;
}

/* Returns the number that follows `name` at the start of a line, after any of " \t=". */
static long number_after(const char *text, const char *name)
{
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		size_t len = strlen(name);

		if (!strncmp(line, name, len) && strchr(" \t=", line[len]) && line[len])
			return strtol(line + len + strspn(line + len, " \t="), NULL, 10);
	}
	return -1;
}

/*
 * Compares the version in the source's Makefile with the one that the build folder was made from.
 */
static struct err *check_source(const struct local_inputs *in)
{
	scope_free char *makefile = xasprintf("%s/Makefile", in->source);
	scope_free char *header =
		xasprintf("%s/include/generated/uapi/linux/version.h", in->build_dir);
	scope_free char *source = NULL, *built = NULL;

	if (!file_exists(makefile))
		return err_new("--source %s: not a kernel source tree: no Makefile", in->source);
	if (!file_exists(header))
		return NULL;
	err_try(file_read(makefile, &source, NULL));
	err_try(file_read(header, &built, NULL));

	static const struct {
		const char *variable, *macro;
	} parts[] = {
		{"VERSION", "#define LINUX_VERSION_MAJOR"},
		{"PATCHLEVEL", "#define LINUX_VERSION_PATCHLEVEL"},
		{"SUBLEVEL", "#define LINUX_VERSION_SUBLEVEL"},
	};
	long has[3], wants[3];

	for (size_t i = 0; i < array_size(parts); i++) {
		has[i] = number_after(source, parts[i].variable);
		wants[i] = number_after(built, parts[i].macro);
	}
	if (has[0] == wants[0] && has[1] == wants[1] && has[2] == wants[2])
		return NULL;
	return err_new(
		"--source %s is Linux %ld.%ld.%ld, but --build-dir %s was made from %ld.%ld.%ld",
		in->source, has[0], has[1], has[2], in->build_dir, wants[0], wants[1], wants[2]);
}

/* Returns "6.1.0-54-amd64" of "vermagic=6.1.0-54-amd64 SMP ..." in .modinfo, or NULL; free(). */
static char *module_release(const struct elf_object *module)
{
	static const char key[] = "vermagic=";
	const struct elf_section *info = elf_find_section(module, ".modinfo");
	struct cursor cur = {};

	if (info && info->data)
		cur = cursor_at((struct bytes){info->data, info->size}, 0);
	while (cursor_left(&cur)) {
		const char *line = cursor_string(&cur);

		if (!line)
			break;
		if (str_starts(line, key)) {
			line += strlen(key);
			return xstrndup(line, strcspn(line, " "));
		}
	}
	return NULL;
}

struct err *local_check_modules(const struct target *target)
{
	const struct target_index *index = target->index;
	scope_free char *path = NULL, *release = NULL;
	scope_elf module = NULL;

	for (size_t i = 0; !path && i < index->modules.len; i++)
		path = index_module_path(index, target->modules, index->modules.data[i].name);
	if (!path)
		return NULL;
	err_try(image_module_open(path, &module));
	release = module_release(module);
	if (release && !strcmp(release, target->release))
		return NULL;
	return err_new("--modules: %s was built for %s, not for %s", path,
		       release ? release : "no release", target->release);
}

static void add_identity(struct strbuf *key, const char *folder, const char *name)
{
	scope_free char *path = xasprintf("%s%s%s", folder, *name ? "/" : "", name);
	struct stat st;

	strbuf_addf(key, "%s", path);
	if (!stat(path, &st))
		strbuf_addf(key, " %llu %llu %lld.%09ld", (unsigned long long)st.st_ino,
			    (unsigned long long)st.st_size, (long long)st.st_mtim.tv_sec,
			    st.st_mtim.tv_nsec);
	strbuf_addch(key, '\n');
}

/* Returns a name that changes when any of the inputs does. */
static char *entry_name(const struct local_inputs *in)
{
	static const char *const telling[] = {
		".config",
		"Module.symvers",
		"include/config/auto.conf",
		"include/generated/autoconf.h",
		"include/generated/utsrelease.h",
		"include/generated/utsversion.h",
		"include/generated/compile.h",
		"scripts/basic/fixdep",
		"tools/objtool/objtool",
	};
	scope_strbuf key = STRBUF_INIT;

	add_identity(&key, in->image, "");
	add_identity(&key, in->source, "Makefile");
	add_identity(&key, in->modules ? in->modules : "", "");
	for (size_t i = 0; i < array_size(telling); i++)
		add_identity(&key, in->build_dir, telling[i]);
	return xasprintf("%016llx", (unsigned long long)XXH3_64bits(key.buf, key.len));
}

/* The parts of a build folder that a compilation needs; objects are not copied. */
static const struct {
	const char *name;
	bool optional;
} build_parts[] = {
	{".config", false},
	{"Module.symvers", false},
	{"include/config", false},
	{"include/generated", false},
	{"arch/x86/include/generated", false},
	{"arch/x86/module.lds", true},
	{"scripts", false},
	{"tools/objtool", false},
	{"tools/bpf/resolve_btfids", true},
};

static struct err *copy_build(const char *from, const char *to)
{
	for (size_t i = 0; i < array_size(build_parts); i++) {
		scope_free char *source = xasprintf("%s/%s", from, build_parts[i].name);
		scope_free char *copy = xasprintf("%s/%s", to, build_parts[i].name);

		if (build_parts[i].optional && !file_exists(source) && !dir_exists(source))
			continue;
		err_try(copy_tree(source, copy));
	}
	return prepare_build(to);
}

static struct err *make_entry(const char *root, const char *name, const struct local_inputs *in,
			      struct progress *progress)
{
	scope_free char *path = xasprintf("%s/local/%s", root, name);
	scope_close int lock = -1;
	scope_cache_new entry = {};

	err_try(cache_lock(root, name, progress, &lock));

	scope_json stamp = cache_stamp(path);

	if (stamp)
		return NULL;
	err_try(cache_begin(root, "local", name, &entry));

	scope_free char *build = xasprintf("%s/build", entry.temp);

	err_try(dir_make(build));
	err_try(err_wrap(copy_build(in->build_dir, build), "--build-dir %s", in->build_dir));
	return cache_publish(&entry, json_pack("{s:s,s:s,s:s}", "image", in->image, "build_dir",
					       in->build_dir, "source", in->source));
}

struct err *local_inputs_read(const struct target_spec *spec, struct local_inputs *in)
{
	err_try(resolve_inputs(spec, in));
	err_try(read_release(in->build_dir, &in->release));
	if (spec->release && strcmp(spec->release, in->release))
		return err_new("--build-dir %s is of release %s, not %s", in->build_dir,
			       in->release, spec->release);
	return check_source(in);
}

struct err *local_open(const struct target_spec *spec, struct progress *progress,
		       struct target **targetp)
{
	scope_local_inputs in = {};
	scope_free char *root = NULL, *name = NULL;

	err_try(local_inputs_read(spec, &in));
	err_try(cache_root(&root));
	name = entry_name(&in);

	scope_free char *path = xasprintf("%s/local/%s", root, name);
	scope_json stamp = cache_stamp(path);

	if (!stamp)
		err_try(make_entry(root, name, &in, progress));

	struct target *target = target_new();

	target->release = take_ptr(in.release);
	target->version = xstrdup("");
	target->build_dir = xasprintf("%s/build", path);
	target->dir = take_ptr(path);
	target->vmlinuz = take_ptr(in.image);
	target->modules = take_ptr(in.modules);
	target->source = take_ptr(in.source);
	*targetp = target;
	return NULL;
}
