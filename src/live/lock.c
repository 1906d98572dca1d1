/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lets one command at a time change patches, by locks that the kernel drops when the process ends,
 * however it ends.  A command that only watches keeps others from loading, but not from unloading.
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

/* These bytes of the file are locked, in this order. */
enum part { PART_WATCH, PART_CHANGE };

static int lock_set(int fd, enum part part, int command, short type)
{
	struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = part, .l_len = 1};

	return fcntl(fd, command, &lock);
}

/*
 * Names the command that holds the lock.  It writes its process id into the file, since the kernel
 * does not tell the holder of an OFD lock.
 */
static void lock_tell_waiting(int fd, enum part part, struct progress *progress)
{
	char text[PID_SIZE + 1] = "";
	int pid = pread(fd, text, PID_SIZE, part * PID_SIZE) > 0 ? atoi(text) : 0;

	/* The holder may not have written its process id yet. */
	if (part == PART_WATCH && pid > 0)
		progress_detail(
			progress,
			"waiting for another suture command (process %d) to finish its watch; unloading its patches by 'suture unload' ends that",
			pid);
	else if (part == PART_WATCH)
		progress_detail(
			progress,
			"waiting for another suture command to finish its watch; unloading its patches by 'suture unload' ends that");
	else if (pid > 0)
		progress_detail(progress,
				"waiting for another suture command (process %d) to finish", pid);
	else
		progress_detail(progress, "waiting for another suture command to finish");
}

static struct err *lock_take(int fd, enum part part, struct progress *progress)
{
	char text[PID_SIZE + 1] = "";

	if (lock_set(fd, part, F_OFD_SETLK, F_WRLCK) < 0)
		lock_tell_waiting(fd, part, progress);
	while (lock_set(fd, part, F_OFD_SETLKW, F_WRLCK) < 0) {
		if (errno != EINTR)
			return err_errno(errno, LOCK_FILE " cannot be locked");
		if (interrupt_pending())
			return interrupt_error();
	}
	snprintf(text, sizeof(text), "%-15d\n", (int)getpid());
	if (pwrite(fd, text, PID_SIZE, part * PID_SIZE) < 0)
		progress_note(
			progress, LOCK_FILE
			" cannot be written: waiting commands will not be able to name this one");
	return NULL;
}

void live_lock_pause(int fd)
{
	if (fd > 0)
		lock_set(fd, PART_CHANGE, F_OFD_SETLK, F_UNLCK);
}

/* This waits in spite of signals, since a rollback follows. */
struct err *live_lock_again(int fd)
{
	while (fd > 0 && lock_set(fd, PART_CHANGE, F_OFD_SETLKW, F_WRLCK) < 0)
		if (errno != EINTR)
			return err_errno(errno, LOCK_FILE " cannot be locked");
	return NULL;
}

/* Fails if there is a file in the place of the folder; it is not removed, as it may be needed. */
static struct err *lock_check_folder(const struct root *root, const char *dir)
{
	scope_free char *path = root_path(root, dir);
	struct stat st;

	if (root_stat(root, dir, &st) || S_ISDIR(st.st_mode))
		return live_state_trusted(root, dir);
	return err_new("%s is not a folder, but Suture needs a folder there: move it away", path);
}

struct err *live_lock(const struct root *root, enum live_turn turn, struct progress *progress,
		      int *fd)
{
	if (root_is_machine(root) && geteuid())
		return live_not_root();
	err_try(lock_check_folder(root, LIVE_STATE));
	err_try(lock_check_folder(root, LIVE_RUN));
	err_try(root_make_dir(root, LIVE_RUN));

	int lock = root_openat(root, LOCK_FILE, O_RDWR | O_CREAT, 0600);

	if (lock == -EISDIR) { /* a folder in the file's place can be removed: nobody can lock it */
		err_try(root_remove(root, LOCK_FILE));
		lock = root_openat(root, LOCK_FILE, O_RDWR | O_CREAT, 0600);
	}
	if (lock < 0) {
		scope_free char *path = root_path(root, LOCK_FILE);

		return err_errno(
			-lock,
			"%s cannot be opened, so that other commands at the same time cannot be excluded",
			path);
	}
	*fd = lock;
	if (turn == LIVE_TURN_ALONE)
		err_try(lock_take(lock, PART_WATCH, progress));
	err_try(lock_take(lock, PART_CHANGE, progress));
	live_state_sweep(root);
	return NULL;
}
