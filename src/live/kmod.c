/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modules in and out. */
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cursor.h"
#include "live/kmod.h"
#include "live/util.h"

#define POLL_MS 20

/*
 * Not by libkmod, which takes a path and opens it once more: in between, it may have become
 * another file than the one that was checked.  The kernel copies the bytes and looks for a
 * signature at their end, as it does with a file's.
 */
int live_kmod_insert(struct bytes image)
{
	return syscall(SYS_init_module, image.data, image.size, "") < 0 ? -errno : 0;
}

/* A disabled patch's last reference goes from a work queue, a little after its sysfs folder. */
int live_kmod_remove(const char *name)
{
	uint64_t end = clock_boot_ms() + LIVE_REMOVE_MS;
	int error;

	while ((error = syscall(SYS_delete_module, name, O_NONBLOCK) < 0 ? errno : 0)) {
		if ((error != EBUSY && error != EAGAIN) || clock_boot_ms() >= end)
			break;
		live_sleep_ms(POLL_MS);
	}
	return error == ENOENT ? 0 : -error;
}
