/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modules in and out. */
#include <errno.h>
#include <fcntl.h>
#include <libkmod.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "live/live_internal.h"
#include "base/clock.h"

#define POLL_MS 20

/* Its messages would go to stderr. */
static void no_log(void *data, int priority, const char *file, int line, const char *fn,
		   const char *format, va_list args)
{
	(void)data, (void)priority, (void)file, (void)line, (void)fn, (void)format, (void)args;
}

static struct kmod_ctx *new_context(void)
{
	const char *no_config = NULL; /* neither options nor blacklists are wanted */
	struct kmod_ctx *ctx = kmod_new("/", &no_config);

	if (ctx)
		kmod_set_log_fn(ctx, no_log, NULL);
	return ctx;
}

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
	struct kmod_ctx *ctx = new_context();
	struct kmod_module *module = NULL;
	uint64_t end = clock_boot_ms() + LIVE_REMOVE_MS;
	int error = ctx ? kmod_module_new_from_name(ctx, name, &module) : -ENOMEM;

	while (!error) {
		error = kmod_module_remove_module(module, O_NONBLOCK);
		if ((error != -EBUSY && error != -EAGAIN) || clock_boot_ms() >= end)
			break;
		error = 0;
		live_sleep_ms(POLL_MS);
	}
	kmod_module_unref(module);
	kmod_unref(ctx);
	return error == -ENOENT ? 0 : error;
}
