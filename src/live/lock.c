/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One command at a time: locks that the kernel drops with the process, however that ends.  A
 * command that only watches keeps others from loading, but not from unloading.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/interrupt.h"
#include "live/lock.h"
#include "live/machine.h"
#include "live/paths.h"
#include "live/state.h"

#define LOCK_FILE LIVE_RUN "/lock"

#define PID_SIZE 16

/* The bytes of the file that are locked, in the order of taking them. */
enum part { PART_WATCH, PART_CHANGE };

static int set_lock(int fd, enum part part, int command, short type)
{
	struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = part, .l_len = 1};

	return fcntl(fd, command, &lock);
}

/* Who has it writes down who that is: the kernel does not tell for locks of this kind. */
static void tell_waiting(int fd, enum part part, struct progress *progress)
{
	char text[PID_SIZE + 1] = "";
	int pid = pread(fd, text, PID_SIZE, part * PID_SIZE) > 0 ? atoi(text) : 0;
	scope_free char *who = pid > 0 ? xasprintf(" (process %d)", pid) : xstrdup("");

	progress_note(progress, "waiting for another suture command%s to %s", who,
		      part == PART_WATCH
			      ? "end its watch: 'suture unload' of what it has loaded ends that"
			      : "end");
}

static struct err *take(int fd, enum part part, struct progress *progress)
{
	char text[PID_SIZE + 1] = "";

	if (set_lock(fd, part, F_OFD_SETLK, F_WRLCK) < 0)
		tell_waiting(fd, part, progress);
	while (set_lock(fd, part, F_OFD_SETLKW, F_WRLCK) < 0) {
		if (errno != EINTR)
			return err_errno(errno, LOCK_FILE ": cannot be locked");
		if (interrupt_pending())
			return interrupt_error();
	}
	snprintf(text, sizeof(text), "%-15d\n", (int)getpid());
	if (pwrite(fd, text, PID_SIZE, part * PID_SIZE) < 0)
		progress_note(progress, LOCK_FILE ": those who wait will not know for whom");
	return NULL;
}

void live_lock_pause(int fd)
{
	if (fd > 0)
		set_lock(fd, PART_CHANGE, F_OFD_SETLK, F_UNLCK);
}

/* Not given up at a signal: what comes next is the way back. */
struct err *live_lock_again(int fd)
{
	while (fd > 0 && set_lock(fd, PART_CHANGE, F_OFD_SETLKW, F_WRLCK) < 0)
		if (errno != EINTR)
			return err_errno(errno, LOCK_FILE ": cannot be locked");
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

struct err *live_lock(const struct root *root, enum live_turn turn, struct progress *progress,
		      int *fd)
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
	if (turn == LIVE_TURN_ALONE)
		err_try(take(lock, PART_WATCH, progress));
	err_try(take(lock, PART_CHANGE, progress));
	live_state_sweep(root);
	return NULL;
}
