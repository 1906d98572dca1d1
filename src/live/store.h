/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Installs live patches in /var/lib/suture/<release>/, to be loaded at each boot of the kernel that
 * they are for.
 */
#ifndef SUTURE_LIVE_STORE_H
#define SUTURE_LIVE_STORE_H

#include "base/root.h"
#include "finding/finding.h"

struct live_installed {
	char *name;
	char *path; /* the module's file, below the root */
	char *sha256, *digest, *time;
	bool replace; /* the patch replaces all others */
};

struct live_installed_vec VEC(struct live_installed);
void live_installed_free(struct live_installed_vec *installed);
#define scope_live_installed __attribute__((cleanup(live_installed_free))) struct live_installed_vec

/*
 * Reads what is installed, in the order of loading; nothing may be.  A damaged list is an error
 * that names the remedy.
 */
struct err *live_installed_read(const struct root *root, const char *release,
				struct live_installed_vec *installed);

/* Adds the releases, other than this one, for which a patch of that name is installed. */
struct err *live_installed_elsewhere(const struct root *root, const char *release, const char *name,
				     struct str_vec *releases);

/* Fails unless the name of a release can be that of a folder of state, beside those of others. */
struct err *live_check_release(const char *release);

/* What installing a module has done. */
struct live_install {
	char *name, *release;
	bool unchanged;		/* the module was installed already; its report may be newer now */
	struct str_vec dropped; /* names of installed patches that were removed for it */
};

void live_install_free(struct live_install *install);
#define scope_live_install __attribute__((cleanup(live_install_free))) struct live_install

/*
 * Installs a module, with its report and attestation, for the kernel that it is for; if it replaces
 * others, removes those.  If findings refuse that, nothing is done.  Afterwards either all of it is
 * on the disk or nothing.  Needs the command lock.
 */
struct err *live_install(const struct root *root, const char *path, struct live_install *install,
			 struct finding_vec *findings);

/*
 * Uninstalls patches by name; if names is NULL, all patches, with the remains of a damaged list. An
 * unknown name is an error.  Needs the command lock.
 */
struct err *live_uninstall(const struct root *root, const char *release,
			   const struct str_vec *names, struct str_vec *removed);

#endif
