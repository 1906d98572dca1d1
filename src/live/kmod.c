/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adds modules to the kernel and removes them. */
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cursor.h"
#include "live/kmod.h"

#define POLL_MS 20

/*
 * This does not use libkmod, which opens the path again: the path may lead to another file then
 * than the one that was checked.  The kernel copies the bytes and expects a signature at their end,
 * as it does with a file.
 */
int live_kmod_insert(struct bytes image)
{
	return syscall(SYS_init_module, image.data, image.size, "") < 0 ? -errno : 0;
}

/* This waits, as a work queue drops the last reference shortly after the sysfs folder is gone. */
int live_kmod_remove(const char *name)
{
	uint64_t end = clock_boot_ms() + LIVE_REMOVE_MS;
	int error;

	while ((error = syscall(SYS_delete_module, name, O_NONBLOCK) < 0 ? errno : 0)) {
		if ((error != EBUSY && error != EAGAIN) || clock_boot_ms() >= end)
			break;
		clock_sleep_ms(POLL_MS);
	}
	return error == ENOENT ? 0 : -error;
}
