/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One command at a time: a lock that the kernel drops with the process, however that ends. */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "live/live_internal.h"

#define LOCK_FILE LIVE_RUN "/lock"

static struct err *take(int lock, struct progress *progress)
{
	if (!flock(lock, LOCK_EX | LOCK_NB))
		return NULL;
	progress_note(progress, "waiting for another suture command to end");
	while (flock(lock, LOCK_EX) < 0) {
		if (errno != EINTR)
			return err_errno(errno, LOCK_FILE ": cannot be locked");
		if (interrupt_pending())
			return interrupt_error();
	}
	return NULL;
}

/* What else may be there, nobody knows whose it is. */
static struct err *check_folder(const struct root *root, const char *dir)
{
	scope_free char *path = root_path(root, dir);
	struct stat st;

	if (root_stat(root, dir, &st) || S_ISDIR(st.st_mode))
		return NULL;
	return err_new("%s is not a folder, as which suture needs it: move it away", path);
}

struct err *live_lock(const struct root *root, struct progress *progress, int *fd)
{
	if (root_is_machine(root) && geteuid())
		return live_not_root();
	err_try(check_folder(root, LIVE_STATE));
	err_try(check_folder(root, LIVE_RUN));
	err_try(root_make_dir(root, LIVE_RUN));

	int lock = root_openat(root, LOCK_FILE, O_RDWR | O_CREAT, 0600);

	if (lock == -EISDIR) { /* nobody can hold that */
		err_try(root_remove(root, LOCK_FILE));
		lock = root_openat(root, LOCK_FILE, O_RDWR | O_CREAT, 0600);
	}
	if (lock < 0) {
		scope_free char *path = root_path(root, LOCK_FILE);

		return err_errno(-lock, "%s: cannot be opened, so that commands cannot take turns",
				 path);
	}
	*fd = lock;
	err_try(take(lock, progress));
	live_state_sweep(root);
	return NULL;
}
