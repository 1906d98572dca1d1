/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Says what a file is by its path in the kernel's source tree: source, makefile, configuration,
 * documentation, or a file of another architecture.
 */
#include "reach/tree_files.h"

#include <string.h>

#include "base/alloc.h"
#include "base/path.h"

bool tree_is_apart(const char *path)
{
	return str_starts(path, "Documentation/") || str_starts(path, "tools/") ||
	       str_starts(path, "LICENSES/");
}

bool tree_is_foreign(const struct kbuild *kbuild, const char *path)
{
	scope_free char *arch = xasprintf("arch/%s/", kbuild_env(kbuild, "SRCARCH"));

	return str_starts(path, "arch/") && !str_starts(path, arch);
}

bool tree_is_source(const char *path)
{
	return str_ends(path, ".c") || str_ends(path, ".S");
}

bool tree_is_makefile(const char *path)
{
	const char *base = path_base(path);

	return !strcmp(base, "Makefile") || !strcmp(base, "Kbuild") ||
	       str_starts(base, "Makefile.");
}

bool tree_is_kconfig(const char *path)
{
	return str_starts(path_base(path), "Kconfig");
}

bool tree_is_configuration(const char *path)
{
	return tree_is_kconfig(path) || str_ends(path, "_defconfig") || strstr(path, "/configs/");
}

bool tree_is_global_makefile(const struct kbuild *kbuild, const char *path)
{
	scope_free char *arch = xasprintf("arch/%s/Makefile", kbuild_env(kbuild, "SRCARCH"));

	return !strcmp(path, "Makefile") || str_starts(path, arch) || str_starts(path, "scripts/");
}

bool tree_may_generate(const struct kbuild *kbuild, const char *path)
{
	static const char *const texts[] = {".rst", ".txt", ".md", ".yaml", ".rs", ".h", ".cocci"};
	static const char *const names[] = {"README", "TODO", "MAINTAINERS", "CREDITS", "."};

	if (tree_is_source(path) || tree_is_apart(path) || !strchr(path, '/') ||
	    str_starts(path, "scripts/") || str_starts(path, "samples/") ||
	    tree_is_foreign(kbuild, path))
		return false;
	for (size_t i = 0; i < array_size(texts); i++)
		if (str_ends(path, texts[i]))
			return false;
	for (size_t i = 0; i < array_size(names); i++)
		if (str_starts(path_base(path), names[i]))
			return false;
	return true;
}

/* These build objtool and the libraries in it, resolve_btfids, modpost and the scripts. */
#define TREE_BUILD_TOOL                                                                            \
	"the change is ignored: Suture builds with the unpatched scripts and tools of the kernel's packages"

/* Returns why no unit of this kernel is made from a file at this path, or NULL if one may be. */
static const char *tree_other_use(const struct kbuild *kbuild, const char *path)
{
	static const struct {
		const char *prefix, *use;
	} places[] = {
		{"Documentation/", "documentation is not part of the kernel"},
		{"LICENSES/", "documentation is not part of the kernel"},
		{"tools/objtool/", TREE_BUILD_TOOL},
		{"tools/lib/", TREE_BUILD_TOOL},
		{"tools/include/", TREE_BUILD_TOOL},
		{"tools/arch/", TREE_BUILD_TOOL},
		{"tools/build/", TREE_BUILD_TOOL},
		{"tools/scripts/", TREE_BUILD_TOOL},
		{"tools/bpf/resolve_btfids/", TREE_BUILD_TOOL},
		{"tools/", "user-space tools are not part of the kernel"},
		{"scripts/", TREE_BUILD_TOOL},
		{"arch/x86/boot/", "boot code has finished before a live patch is loaded"},
	};

	if (tree_is_foreign(kbuild, path))
		return "the file belongs to another architecture";
	for (size_t i = 0; i < array_size(places); i++)
		if (str_starts(path, places[i].prefix))
			return places[i].use;
	return strchr(path, '/') ? NULL : "the file is not source code";
}

bool tree_could_be_unit(const struct kbuild *kbuild, const char *path)
{
	return str_ends(path, ".c") && !tree_other_use(kbuild, path);
}

bool tree_is_rust(const struct kbuild *kbuild, const char *path)
{
	return str_ends(path, ".rs") && !str_starts(path, "samples/") &&
	       target_config(kbuild->target, "RUST") && !tree_other_use(kbuild, path);
}

const char *tree_why_no_unit(const struct kbuild *kbuild, const char *path)
{
	const char *use = tree_other_use(kbuild, path);

	if (use)
		return use;
	return tree_is_source(path) ? "this kernel's configuration does not build it"
				    : "no file that this kernel builds uses it";
}
