/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes unpacked packages a build folder that kbuild takes as it is. */
#include "target/prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"

static const char *const build_needs[] = {
	".config",
	"Module.symvers",
	"include/config/auto.conf",
	"include/config/kernel.release",
	"include/generated/autoconf.h",
	"include/generated/utsrelease.h",
	"include/generated/asm-offsets.h",
	"arch/x86/include/generated/asm/syscalls_64.h",
	"scripts/basic/fixdep",
	"scripts/mod/modpost",
	"tools/objtool/objtool",
	NULL,
};

static const char *const source_needs[] = {
	"tree/Makefile",
	"tree/Kbuild",
	"tree/arch/x86/Makefile",
	"tree/init/main.c",
	"tree/scripts/Makefile.build",
	NULL,
};

static struct err *prepare_check_files(const char *folder, const char *const *names)
{
	for (; *names; names++) {
		scope_free char *path = xasprintf("%s/%s", folder, *names);

		if (!file_exists(path))
			return err_new("%s: missing", path);
	}
	return NULL;
}

/*
 * The order is that in which kbuild makes them: its rule for include/config/auto.conf (top
 * Makefile) runs Kconfig's syncconfig when .config or auto.conf.cmd is newer.
 */
static const struct {
	const char *name;
	int how; /* flags for open(2): packages omit lists of build dependencies, so those are
		    created */
} by_age[] = {
	{".config", 0},
	/*
	 * This file is made empty, since kbuild also wants a new configuration if $(srctree), $(CC)
	 * and others are not spelled as they were (scripts/kconfig/confdata.c,
	 * conf_write_autoconf_cmd()).
	 */
	{"include/config/auto.conf.cmd", O_CREAT | O_TRUNC},
	{"include/config/auto.conf", 0},
	{"include/generated/autoconf.h", 0},
	{"include/generated/rustc_cfg", O_CREAT},
};

static struct err *set_time(const char *path, time_t when, int how)
{
	const struct timespec times[2] = {{.tv_sec = when}, {.tv_sec = when}};
	scope_close int fd = open(path, O_WRONLY | O_CLOEXEC | how, 0666);

	if (fd < 0 || futimens(fd, times) < 0)
		return err_errno(errno, "%s: its modification time cannot be set", path);
	return NULL;
}

struct err *prepare_check_build(const char *build_dir)
{
	return prepare_check_files(build_dir, build_needs);
}

struct err *prepare_build(const char *build_dir)
{
	time_t start = time(NULL) - 2 * array_size(by_age);

	err_try(prepare_check_files(build_dir, build_needs));
	for (size_t i = 0; i < array_size(by_age); i++) {
		scope_free char *path = xasprintf("%s/%s", build_dir, by_age[i].name);

		err_try(set_time(path, start + i, by_age[i].how));
	}
	return NULL;
}

struct err *prepare_kernel(const char *folder, const char *release)
{
	scope_free char *image = xasprintf("%s/boot/vmlinuz", folder);
	scope_free char *modules = xasprintf("%s/lib/modules/%s", folder, release);
	scope_free char *build = xasprintf("%s/build", folder);

	if (!file_exists(image))
		return err_new("%s: missing; the image package does not contain release %s", image,
			       release);
	if (!dir_exists(modules))
		return err_new("%s: missing; the image package does not contain release %s",
			       modules, release);
	return err_wrap(prepare_build(build), "the packages do not belong to this release");
}

struct err *prepare_source(const char *folder)
{
	return err_wrap(prepare_check_files(folder, source_needs),
			"the packages do not belong to this release");
}
