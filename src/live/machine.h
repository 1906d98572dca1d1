/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out what the running kernel is, and whether this process may load modules into it. */
#ifndef SUTURE_LIVE_MACHINE_H
#define SUTURE_LIVE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/err.h"
#include "base/root.h"

struct live_machine {
	char *release;		/* the running kernel's release */
	char *build_id;		/* hexadecimal; NULL if the kernel has none */
	char *boot_id;		/* differs from boot to boot; "" if unknown */
	char *container;	/* the kind of container this process runs in; NULL if in none */
	char *lockdown;		/* "none", "integrity", "confidentiality"; NULL if not supported */
	bool sys;		/* /sys can be seen; otherwise nothing is known of live patches */
	const char *sys_hidden; /* the folder over which another file system lies, or NULL */
	bool livepatch;		/* the kernel has CONFIG_LIVEPATCH; false without /sys */
	bool sys_read_only;	/* /sys is mounted read-only here, so no patch can be disabled */
	bool is_root;		/* the user id is 0 */
	bool may_load;		/* the process has CAP_SYS_MODULE */
	bool sig_enforce;	/* the kernel loads only signed modules */
	int secure_boot;	/* 0, 1; -1 if not booted by EFI, or if EFI does not tell */
	bool loading_closed;	/* kernel.modules_disabled=1 */
	bool ftrace_off;	/* kernel.ftrace_enabled=0 */
	bool has_died;		/* the kernel has had an Oops or BUG since it booted */
	bool off;		/* LIVE_OFF_WORD is on the kernel's command line */
	bool disabled;		/* LIVE_OFF_FILE exists */
	uint64_t free_bytes;	/* available memory; 0 if unknown */
};

/* Reads all of it; the only error is that the kernel's release cannot be read. */
struct err *live_machine_read(const struct root *root, struct live_machine **machine);
void live_machine_free(struct live_machine *machine);
void live_machine_freep(struct live_machine **machinep);
#define scope_live_machine __attribute__((cleanup(live_machine_freep))) struct live_machine *

/* Checks that this process can load live patches at all. */
struct err *live_machine_check(const struct live_machine *machine) ERR_MUST_USE;

/*
 * Checks that the kernel's settings allow to load live patches. The error is a verdict
 * (ERR_REFUSED): nothing is missing or broken, but the kernel was told not to do this.
 */
struct err *live_machine_check_settings(const struct live_machine *machine) ERR_MUST_USE;

/*
 * Checks that this process can unload live patches, which needs less: a kernel that loads no more
 * modules still disables patches, and only keeps their modules in memory.
 */
struct err *live_machine_check_unload(const struct live_machine *machine) ERR_MUST_USE;

/* Checks that /sys can be seen, which tells what live patches are loaded. */
struct err *live_machine_check_sys(const struct live_machine *machine) ERR_MUST_USE;

/* Returns the error of a command that only root may run. */
struct err *live_not_root(void) ERR_MUST_USE;

/* Returns the GNU build id among ELF notes, in hexadecimal, or NULL; free(). */
char *live_build_id(struct bytes notes);

#endif
