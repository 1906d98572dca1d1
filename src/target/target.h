/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel release on disk: everything that building for it needs, all of one package version, in
 * the cache.
 *
 * Nothing below `struct target` changes after target_open() has returned it. Nobody writes to the
 * folders that it names, except that derived data (an include graph, compiled objects) may be
 * published by rename below `dir`.
 */
#ifndef SUTURE_TARGET_TARGET_H
#define SUTURE_TARGET_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/vec.h"

/* What the command line says; members that are NULL were not given. */
struct target_spec {
	const char *release; /* "6.1.0-54-amd64"; "6.1" or "6.1-rt-amd64" means the newest of the
				series; NULL means the running kernel */

	/*
	 * A kernel that no archive has needs all of these, except that modules may be NULL. The
	 * source alone means that the packaged release is compiled from that tree.
	 */
	const char *image;     /* bzImage or vmlinux */
	const char *modules;   /* a lib/modules/<release> folder; NULL: that of build_dir, if it has
				  one */
	const char *build_dir; /* configured and built: .config, Module.symvers, include/ ... */
	const char *source;    /* the source tree it was built from */

	/*
	 * The root folder of a system that has the kernel's compiler. "host" means the installed
	 * compiler. NULL means the installed one if it is the kernel's, else one that is fetched.
	 */
	const char *toolchain;
};

struct target_index;

/* All paths are absolute. */
struct target {
	char *release;
	char *version;	 /* package version "6.1.190-1"; "" for a local kernel */
	char *dir;	 /* cache folder of this release and version */
	char *vmlinuz;	 /* the shipped image as packaged */
	char *vmlinux;	 /* the ELF inside it; NULL if the cache cannot keep it */
	char *modules;	 /* .../lib/modules/<release>, or NULL */
	char *build_dir; /* prepared: .config, Module.symvers, include/, arch/x86/, scripts/, tools/
			  */
	char *source;	 /* pristine source tree */
	char *source_gap; /* what the source lacks, as a sentence without its full stop; such code
			     is refused; or NULL */
	char *compiler;	  /* the program that built the kernel, such as "gcc-12", or a path */
	char *compiler_text;   /* CONFIG_CC_VERSION_TEXT */
	bool compiler_checked; /* the program's version was checked and is compiler_text */
	char *toolchain; /* the folder from which the compiler, the kernel's tools, and what they
			    need are run; NULL: those of the host are used */
	char *tools;	 /* a folder below toolchain that is searched before $PATH; or NULL */

	int locks[3]; /* private: locks on the entries of kernel, source and toolchain while they
			 are used */
	struct target_index *index; /* private: parsed .config, Module.symvers, module list */
};

/* Fetches what is missing; waits if another process fetches the same release. */
struct err *target_open(const struct target_spec *spec, struct progress *progress,
			struct target **target);

/* Returns a target whose members are zero, except its locks. */
struct target *target_new(void);
void target_free(struct target *target);
void target_freep(struct target **targetp);
#define scope_target __attribute__((cleanup(target_freep))) struct target *

/*
 * Returns the value of a configuration symbol, which may be given with or without "CONFIG_": "y",
 * "m", a number, or a string without its quotes; NULL if it is not set. Owned by target.
 */
const char *target_config(const struct target *target, const char *symbol);

/* Returns whether it is the kernel that runs, by the release. */
bool target_runs_here(const struct target *target);

/* Returns the file of a module, in whose name '-' and '_' are the same, or NULL; free(). */
char *target_module_path(const struct target *target, const char *module);

/* A line of Module.symvers. The target owns its strings. */
struct target_export {
	const char *symbol;
	const char *owner; /* "vmlinux", or a module's name as the kernel spells it (with '_') */
	const char *ns;	   /* symbol namespace, "" if there is none */
	uint32_t crc;
	bool gpl;
};

/* Returns the export of a symbol, or NULL if nobody exports it. */
const struct target_export *target_export_find(const struct target *target, const char *symbol);

/*
 * Checks that target->compiler is installed and is the compiler that the kernel was built with;
 * else returns an error that names the package to install.
 */
struct err *target_check_compiler(const struct target *target) ERR_MUST_USE;

/* Returns "PATH=...", the value for programs that build for the target; free(). */
char *target_path_variable(const struct target *target);

/* A release that an archive has. */
struct target_listed {
	char *release, *version;
	char *suite;	/* NULL: not known */
	char *compiler; /* "gcc-14"; NULL: not known */
	char *why;	/* why it is not supported; NULL: it is */
};

struct target_listed_vec VEC(struct target_listed);

void target_listed_vec_free(struct target_listed_vec *list);
#define scope_target_listed_vec                                                                    \
	__attribute__((cleanup(target_listed_vec_free))) struct target_listed_vec

/*
 * Lists all releases of the archives, newest first: those of the host, and those of archives.d,
 * whose lists are updated if they are older than a day.
 */
struct err *target_list(struct progress *progress, struct target_listed_vec *list);

/*
 * Returns $SUTURE_CACHE, else /var/cache/suture for root, else $XDG_CACHE_HOME/suture or
 * ~/.cache/suture; free(). Does not make the folder.
 */
char *target_cache_dir(void);

#endif
