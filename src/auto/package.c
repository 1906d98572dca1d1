/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Levels from a repository.  The module is loaded and watched before its package is installed, so
 * that a machine that goes down with it starts without it.
 */
#include "auto/package.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/root.h"
#include "base/strbuf.h"
#include "ship/subject.h"

#define PACKAGE_TIMEOUT_MS 1800000

static bool package_is_apt(void)
{
	scope_free char *apt = proc_find("apt-get");

	return apt != NULL;
}

static struct err *manager_run(const char *const *argv, const char *dir)
{
	static const char *const env[] = {"LC_ALL=C", "LANGUAGE", "DEBIAN_FRONTEND=noninteractive",
					  NULL};
	scope_strbuf output = STRBUF_INIT, errors = STRBUF_INIT;

	return proc_check(&(struct proc_spec){.argv = argv,
					      .cwd = dir,
					      .env = env,
					      .timeout_ms = PACKAGE_TIMEOUT_MS,
					      .output_max = 1 << 16,
					      .errors = &errors},
			  &output);
}

/* Makes the argument by which apt or dnf knows a version of the package for a kernel; free(). */
static struct err *package_argument(const char *kernel, const char *version, char **argument)
{
	scope_free char *package = ship_package_name(kernel);

	if (!package)
		return err_new("no package can be named after kernel %s", kernel);
	*argument = xasprintf("%s%s%s", package, package_is_apt() ? "=" : "-", version);
	return NULL;
}

struct err *auto_package_get(const char *kernel, const char *version, const char *dir)
{
	scope_free char *package = NULL;

	err_try(package_argument(kernel, version, &package));

	const char *const by_apt[] = {"apt-get", "-q", "download", "--", package, NULL};
	const char *const by_dnf[] = {"dnf", "-q", "download", "--", package, NULL};

	return manager_run(package_is_apt() ? by_apt : by_dnf, dir);
}

/* Finds the only file of a folder whose name ends so, or the only module; free(). */
static char *package_find(const char *dir, const char *suffix)
{
	scope_root root = NULL;
	scope_str_vec names = {};

	err_free(root_open(dir, &root));
	if (root)
		err_free(root_list(root, "/", &names));
	vec_foreach(&names, it)
		if (suffix ? str_ends(*it, suffix) : path_module_ending(*it) != NULL)
			return xasprintf("%s/%s", dir, *it);
	return NULL;
}

struct err *auto_package_unpack(const char *dir, const char *kernel, char **module)
{
	scope_free char *deb = package_find(dir, ".deb"), *rpm = package_find(dir, ".rpm");
	scope_free char *tree = xasprintf("%s/tree", dir);
	scope_free char *modules = xasprintf("%s" SHIP_DIR "/%s", tree, kernel);
	scope_free char *script =
		rpm ? xasprintf("mkdir -p tree && cd tree && rpm2cpio \"$1\" | cpio -idm --quiet")
		    : NULL;
	const char *const by_dpkg[] = {"dpkg-deb", "-x", deb, tree, NULL};
	const char *const by_rpm[] = {"sh", "-c", script, "sh", rpm, NULL};

	if (!deb && !rpm)
		return err_new("%s has no package", dir);
	err_try(manager_run(deb ? by_dpkg : by_rpm, dir));
	*module = package_find(modules, NULL);
	return *module ? NULL
		       : err_code_new(ERR_REFUSED, "the package has no live patch for kernel %s",
				      kernel);
}

struct err *auto_package_install(const char *kernel, const char *version)
{
	scope_free char *package = NULL;

	err_try(package_argument(kernel, version, &package));

	const char *const by_apt[] = {
		"apt-get", "-q", "-y",	  "--no-remove", "-o", "DPkg::Lock::Timeout=600",
		"install", "--", package, NULL};
	const char *const by_dnf[] = {"dnf", "-q", "-y", "install", "--", package, NULL};

	return manager_run(package_is_apt() ? by_apt : by_dnf, "/");
}
