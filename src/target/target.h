/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel release on disk: from its name to everything that building for it
 * needs, all of one package version, in the cache.
 *
 * Nothing below `struct target` changes once target_open() has returned it, and
 * nobody writes to the folders that it names, except for derived data that its
 * maker publishes by rename below `dir` (an include graph, compiled objects).
 */
#ifndef SUTURE_TARGET_TARGET_H
#define SUTURE_TARGET_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/vec.h"

/* What the command line says; NULL members are unset. */
struct target_spec {
	const char *release; /* "6.1.0-54-amd64"; "6.1", "6.1-rt-amd64": its newest;
				NULL: the running kernel */

	/*
	 * A kernel that no provider knows: all of these, only modules may be NULL.
	 * Source alone: the packaged release, compiled from that tree.
	 */
	const char *image;     /* bzImage or vmlinux */
	const char *modules;   /* a lib/modules/<release> folder; NULL: build_dir's, if any */
	const char *build_dir; /* configured and built: .config, Module.symvers, include/ ... */
	const char *source;    /* the source tree it was built from */

	/* A folder that is the root of a system with the kernel's compiler; "host": the installed
	   one; NULL: the installed one if it is the kernel's, else one that is fetched. */
	const char *toolchain;
};

struct target_index;

/* All paths are absolute. */
struct target {
	char *release;
	char *version;	 /* package version "6.1.190-1"; "" for a local kernel */
	char *dir;	 /* cache folder of this release and version */
	char *vmlinuz;	 /* the shipped image as packaged */
	char *vmlinux;	 /* the ELF inside it; NULL when the cache cannot keep it */
	char *modules;	 /* .../lib/modules/<release>, or NULL */
	char *build_dir; /* prepared: .config, Module.symvers, include/, arch/x86/, scripts/, tools/
			  */
	char *source;	 /* pristine source tree */
	char *source_gap;      /* what the source is known to lack, as a sentence without its full
				  stop: such code is refused; NULL: nothing */
	char *compiler;	       /* the program that built the kernel: "gcc-12", or a path */
	char *compiler_text;   /* CONFIG_CC_VERSION_TEXT */
	bool compiler_checked; /* the program was asked, and is the one that compiler_text names */
	char *toolchain;       /* the folder that the compiler or the kernel's tools, and what these
				  need, are run from; NULL: the host's are used */
	char *tools; /* in it, the folder of programs to be looked in before $PATH; or NULL */

	int locks[3]; /* private: on the entries of kernel, source and toolchain, as long as they
			 are used */
	struct target_index *index; /* private: parsed .config, Module.symvers, module list */
};

/* Fetches what is missing; waits for another process that fetches the same release. */
struct err *target_open(const struct target_spec *spec, struct progress *progress,
			struct target **target);

/* Zero-initialised, but for its locks. */
struct target *target_new(void);
void target_free(struct target *target);
void target_freep(struct target **targetp);
#define scope_target __attribute__((cleanup(target_freep))) struct target *

/*
 * The value of a config symbol, with or without "CONFIG_": "y", "m", a number, or
 * a string without its quotes; NULL when unset.  Owned by target.
 */
const char *target_config(const struct target *target, const char *symbol);

/*
 * The file of a module by its name, where '-' and '_' are the same, or NULL.
 * Owned by the caller (free()).
 */
char *target_module_path(const struct target *target, const char *module);

/* A line of Module.symvers.  Owned by target. */
struct target_export {
	const char *symbol;
	const char *owner; /* "vmlinux", or a module's name as the kernel spells it (with '_') */
	const char *ns;	   /* symbol namespace, "" when none */
	uint32_t crc;
	bool gpl;
};

/* Who exports a symbol, or NULL when nobody does. */
const struct target_export *target_export_find(const struct target *target, const char *symbol);

/*
 * That target->compiler is installed and is what the kernel was built with; else
 * an ERR_REFUSED that names the package to install.
 */
struct err *target_check_compiler(const struct target *target) ERR_MUST_USE;

/* "PATH=...": where programs that build for it are looked for; free(). */
char *target_path_variable(const struct target *target);

/* A release of the archives. */
struct target_listed {
	char *release, *version;
	char *suite;	/* NULL: not known */
	char *compiler; /* "gcc-14"; NULL: not known */
	char *why;	/* it cannot be served; NULL: it can */
};

struct target_listed_vec VEC(struct target_listed);

void target_listed_vec_free(struct target_listed_vec *list);
#define scope_target_listed_vec                                                                    \
	__attribute__((cleanup(target_listed_vec_free))) struct target_listed_vec

/*
 * All releases that the archives have, the newest first: the host's, and those of archives.d, whose
 * lists are brought up to date when they are older than a day.
 */
struct err *target_list(struct progress *progress, struct target_listed_vec *list);

/*
 * $SUTURE_CACHE, else /var/cache/suture for root, else $XDG_CACHE_HOME/suture or
 * ~/.cache/suture; free().  Not made by this call.
 */
char *target_cache_dir(void);

#endif
