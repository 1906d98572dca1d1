/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Live patches that come in packages: what the settings want is done when a package manager
 * installs, upgrades or removes one.  /var/lib/suture/packages/<release>.json says what became of
 * it.
 */
#ifndef SUTURE_LIVE_PACKAGED_H
#define SUTURE_LIVE_PACKAGED_H

#include "base/progress.h"
#include "base/root.h"
#include "finding/finding.h"
#include "live/outcome.h"

/* What became of the live patch of a package. */
enum live_packaged_end {
	LIVE_PACKAGED_BEGUN,	/* the command that dealt with it was killed */
	LIVE_PACKAGED_KEPT,	/* the settings want nothing done with it */
	LIVE_PACKAGED_AT_BOOT,	/* it is installed, and its kernel will load it */
	LIVE_PACKAGED_LOADED,	/* it is loaded and installed */
	LIVE_PACKAGED_FAILED,	/* it is not loaded: `why` */
	LIVE_PACKAGED_FELL_BACK /* it is not loaded, and the level before it is */
};

/* Returns the name of the value, such as "loaded". */
const char *live_packaged_name(enum live_packaged_end end);

struct live_packaged {
	char *release; /* the kernel that it is for */
	char *module;  /* the file in the package */
	char *name;    /* the name of the module */
	enum live_packaged_end end;
	char *why, *time;
	struct str_vec names; /* of all modules that packages for this release have brought */
};

struct live_packaged_vec VEC(struct live_packaged);
void live_packaged_free(struct live_packaged_vec *packaged);
#define scope_live_packaged __attribute__((cleanup(live_packaged_free))) struct live_packaged_vec

/* Reads what became of all packages.  A damaged file becomes a finding. */
struct err *live_packaged_read(const struct root *root, struct live_packaged_vec *packaged,
			       struct finding_vec *findings);

/*
 * Does what the setting load-packages wants with the module of a package.  A module that its kernel
 * can take now is loaded and watched first, and installed afterwards, so that the level before it
 * is still installed if it is rolled back; that one is then loaded again.  In a container or below
 * another root, nothing is loaded.  What became of it is written down and returned; only a problem
 * that kept it from being written down is an error.  Needs the lock with LIVE_TURN_ALONE.
 */
struct err *live_packaged_install(const struct root *root, const char *path, int lock,
				  struct progress *progress, struct finding_vec *findings,
				  struct live_packaged *packaged);

/*
 * Unloads and uninstalls what packages for a release have brought, and forgets them.  A patch that
 * cannot be unloaded stays loaded, and its outcome says why.  Needs the command lock.
 */
struct err *live_packaged_remove(const struct root *root, const char *release,
				 struct progress *progress, struct str_vec *removed,
				 struct live_outcome_vec *outcomes);

void live_packaged_clear(struct live_packaged *packaged);

#endif
