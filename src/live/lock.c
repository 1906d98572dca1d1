/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One command at a time: a lock that the kernel drops with the process, however that ends. */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "live/live_internal.h"

#define LOCK_FILE LIVE_RUN "/lock"

struct err *live_lock(const struct root *root, struct progress *progress, int *fd)
{
	if (root_is_machine(root) && geteuid())
		return live_not_root();
	err_try(root_make_dir(root, LIVE_RUN));

	int lock = root_openat(root, LOCK_FILE, O_RDWR | O_CREAT, 0600);

	if (lock < 0)
		return err_errno(-lock, LOCK_FILE ": cannot be opened");
	*fd = lock;
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
