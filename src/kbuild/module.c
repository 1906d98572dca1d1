/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds one piece of C as an external module, the way that the kernel documents. */
#include "kbuild/module.h"

#include <string.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/tempdir.h"
#include "kbuild/confine.h"
#include "kbuild/kept.h"
#include "kbuild/makefiles.h"
#include "kbuild/open.h"

static struct err *module_write_text(const char *dir, const char *name, const char *text)
{
	scope_free char *path = xasprintf("%s/%s", dir, name);

	return file_write_scratch(path, text, strlen(text));
}

/* Writes the C file and a Kbuild file that names its object. */
static struct err *write_sources(const char *dir, const char *name, const char *c_text)
{
	scope_free char *source = xasprintf("%s.c", name);
	scope_free char *rule = xasprintf("obj-m := %s.o\n", name);

	err_try(dir_make(dir));
	err_try(module_write_text(dir, source, c_text));
	return module_write_text(dir, "Kbuild", rule);
}

static struct err *make_module(const struct kbuild *kbuild, const char *work, const char *module)
{
	scope_free char *dir = xasprintf("%s/module-build", work);
	scope_free char *extmod = xasprintf("M=%s", module);
	scope_free char *compiler = xasprintf("CC=%s", kbuild->target->compiler);
	scope_free char *release = xasprintf("KERNELRELEASE=%s", kbuild->target->release);
	/* Without KBUILD_OUTPUT, Linux 6.13 and later look for the configuration in the source. */
	scope_free char *objtree = xasprintf("KBUILD_OUTPUT=%s", dir);
	/* Keeps private paths out of the module, so that the same text gives the same bytes. */
	scope_free char *flags = xasprintf("KCFLAGS=-g0 -fmacro-prefix-map=%s/=", module);
	const char *const argv[] = {"make", "-rR", "--no-print-directory", "-f", "source/Makefile",
				    extmod, compiler, release, flags, objtree,
				    /* BTF would be made from debug data, which -g0 omits. */
				    "CONFIG_DEBUG_INFO_BTF_MODULES=", "modules", NULL};
	scope_strbuf output = STRBUF_INIT;
	int status;

	err_try(kbuild_dir_make(kbuild, dir, kbuild->target->source));
	err_try(kbuild_exec(kbuild, dir, false, argv, &status, &output));
	if (!status)
		return NULL;

	scope_free char *why = kbuild_first_errors(output.buf);

	return err_new("module glue for %s cannot be built: %s", kbuild->target->release, why);
}

static struct err *module_build(const struct kbuild *kbuild, const char *work, const char *name,
				const char *c_text, const char *kept)
{
	scope_free char *module = xasprintf("%s/module", work);
	scope_free char *built = xasprintf("%s/%s.ko", module, name);

	err_try(write_sources(module, name, c_text));
	err_try(make_module(kbuild, work, module));
	return kept_copy(kbuild, built, kept);
}

static bool is_module_name(const char *name)
{
	static const char good[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	return *name && *name != '-' && !name[strspn(name, good)];
}

struct err *kbuild_module(const struct target *target, enum sandbox_kind kind,
			  struct progress *progress, const char *name, const char *c_text,
			  const char *ko_path)
{
	scope_dir_temp work = NULL;
	scope_sandbox sandbox = NULL;
	scope_kbuild kbuild = {.progress = progress};

	if (!is_module_name(name))
		return err_code_new(ERR_USAGE, "\"%s\" is not a valid module name", name);
	err_try(dir_temp(dir_for_temp(), "suture-module", &work));
	err_try(confine_build(&(struct confine_spec){.target = target, .kind = kind, .work = work},
			      &sandbox));
	err_try(kbuild_open_cache(target, work, sandbox, &kbuild));

	scope_free char *kept = xasprintf("modules/%s-%016llx.ko", name,
					  (unsigned long long)XXH3_64bits(c_text, strlen(c_text)));
	scope_free char *path = kept_path(&kbuild, kept);

	if (!kept_has(&kbuild, kept)) {
		err_try(target_check_compiler(target));
		err_try(module_build(&kbuild, work, name, c_text, kept));
	}
	return file_copy(path, ko_path);
}
