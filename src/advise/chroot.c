/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recognises a chroot: by the root folder of process 1, or else by the list of mounts. */
#include "advise/chroot.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/*
 * Mounts are listed by their names below the reader's root, and those outside are left out.  So
 * only a process in a chroot that is no mount itself sees none named "/".  Returns false if
 * the list cannot be read.
 */
static bool chroot_is_no_mount(const struct root *root)
{
	scope_free char *text = NULL;
	struct err *err = root_read(root, "/proc/self/mountinfo", &text);
	bool found = err || !*text;
	char *save = NULL;

	err_free(err);
	for (char *line = found ? NULL : strtok_r(text, "\n", &save); line && !found;
	     line = strtok_r(NULL, "\n", &save)) {
		char where[4096]; /* the fifth field: proc(5) */

		found = sscanf(line, "%*s %*s %*s %*s %4095s", where) == 1 && !strcmp(where, "/");
	}
	return !found;
}

bool chroot_is_entered(const struct root *root)
{
	struct stat init, own;

	if (!root_is_machine(root))
		return false;
	/* Process 1 may be in a chroot of its own, or hidden from this one. */
	if (!stat("/proc/1/root", &init) && !stat("/", &own))
		return init.st_dev != own.st_dev || init.st_ino != own.st_ino;
	return chroot_is_no_mount(root);
}
