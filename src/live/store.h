/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Live patches that are installed, to be loaded at each boot of the kernel that they are for:
 * /var/lib/suture/<release>/.
 */
#ifndef SUTURE_LIVE_STORE_H
#define SUTURE_LIVE_STORE_H

#include "base/root.h"
#include "finding/finding.h"

struct live_installed {
	char *name;
	char *path; /* of the module's file, below the root */
	char *sha256, *digest, *time;
	bool replace; /* it replaces all others */
};

struct live_installed_vec VEC(struct live_installed);
void live_installed_free(struct live_installed_vec *installed);
#define scope_live_installed __attribute__((cleanup(live_installed_free))) struct live_installed_vec

/* In the order of loading; none is fine.  A damaged list is an error that names the remedy. */
struct err *live_installed_read(const struct root *root, const char *release,
				struct live_installed_vec *installed);

/* What installing a module has done. */
struct live_install {
	char *name, *release;
	struct str_vec dropped; /* names of installed patches that it replaces */
};

void live_install_free(struct live_install *install);
#define scope_live_install __attribute__((cleanup(live_install_free))) struct live_install

/*
 * Copies a module with its report and attestation, and enters it for the kernel that it is
 * for; one that replaces others drops them.  Refusals are findings, and then nothing is done.
 * Either all of it is on the disk afterwards, or nothing.  Needs the command lock.
 */
struct err *live_install(const struct root *root, const char *path, struct live_install *install,
			 struct finding_vec *findings);

/*
 * names NULL: removes all, and the remains of a damaged list.  An unknown name is an error.
 * Needs the command lock.
 */
struct err *live_uninstall(const struct root *root, const char *release,
			   const struct str_vec *names, struct str_vec *removed);

#endif
