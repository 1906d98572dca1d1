/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out what the running kernel is, and whether this process may load patches into it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cursor.h"
#include "base/text.h"
#include "live/health.h"
#include "live/machine.h"
#include "live/paths.h"
#include "vm/kernel_log.h"

#define CAP_SYS_MODULE 16      /* include/uapi/linux/capability.h */
#define NOTE_BUILD_ID 3	       /* NT_GNU_BUILD_ID */
#define SYSFS_MAGIC 0x62656572 /* include/uapi/linux/magic.h */
#define SECURE_BOOT "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

char *live_build_id(struct bytes notes)
{
	struct cursor cur = cursor_at(notes, 0);

	while (cursor_left(&cur)) {
		uint32_t name_size = cursor_u32(&cur);
		uint32_t size = cursor_u32(&cur);
		uint32_t type = cursor_u32(&cur);
		const uint8_t *name = cursor_take(&cur, name_size);

		cursor_align(&cur, 4);

		const uint8_t *data = cursor_take(&cur, size);

		if (cur.overrun)
			break;
		if (type == NOTE_BUILD_ID && name_size == 4 && !memcmp(name, "GNU", 4))
			return str_hex(data, size);
		cursor_align(&cur, 4);
	}
	return NULL;
}

static char *machine_read_build_id(const struct root *root)
{
	scope_close int fd = root_openat(root, "/sys/kernel/notes", O_RDONLY | O_NONBLOCK, 0);
	uint8_t buf[4096];
	ssize_t got = fd < 0 ? -1 : read(fd, buf, sizeof(buf));

	return got > 0 ? live_build_id((struct bytes){buf, got}) : NULL;
}

/* Reads the number after "Name:", which is written in that base, in a text of such lines. */
static bool proc_field(const char *text, const char *name, int base, uint64_t *value)
{
	size_t len = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, name, len) && line[len] == ':') {
			*value = strtoull(line + len + 1, NULL, base);
			return true;
		}
	}
	return false;
}

static void machine_read_rights(const struct root *root, struct live_machine *machine)
{
	scope_free char *text = NULL;
	struct err *err = root_read(root, "/proc/self/status", &text);
	uint64_t uid = 1, effective = 0, bounding = UINT64_MAX;

	err_free(err);
	if (!text)
		return;
	proc_field(text, "Uid", 10, &uid);
	proc_field(text, "CapEff", 16, &effective);
	proc_field(text, "CapBnd", 16, &bounding);
	machine->is_root = uid == 0;
	machine->may_load = effective >> CAP_SYS_MODULE & 1;
	if (!machine->container && machine->is_root && !(bounding >> CAP_SYS_MODULE & 1))
		machine->container = xstrdup("of an unknown kind");
}

/* Recognises containers by the files that container managers create inside. */
static char *find_container(const struct root *root)
{
	static const struct {
		const char *file, *kind;
	} signs[] = {
		{"/run/.containerenv", "podman"},
		{"/.dockerenv", "docker"},
		{"/run/systemd/container", NULL}, /* the file's content is the kind */
	};

	for (size_t i = 0; i < array_size(signs); i++) {
		if (!root_exists(root, signs[i].file))
			continue;
		return signs[i].kind ? xstrdup(signs[i].kind) : root_read_line(root, signs[i].file);
	}
	return NULL;
}

/* Returns the mode in brackets of "none [integrity] confidentiality", or NULL; free(). */
static char *machine_read_lockdown(const struct root *root)
{
	scope_free char *line = root_read_line(root, "/sys/kernel/security/lockdown");
	const char *open = line ? strchr(line, '[') : NULL;

	return open ? xstrndup(open + 1, strcspn(open + 1, "]")) : NULL;
}

/* Reads an EFI variable, whose file has four bytes of attributes before the value. */
static int machine_read_secure_boot(const struct root *root)
{
	scope_close int fd = root_openat(root, "/sys/firmware/efi/efivars/" SECURE_BOOT,
					 O_RDONLY | O_NONBLOCK, 0);
	uint8_t variable[5];

	if (fd < 0 || read(fd, variable, sizeof(variable)) != sizeof(variable))
		return -1;
	return variable[4] == 1;
}

static void machine_read_memory(const struct root *root, struct live_machine *machine)
{
	scope_free char *text = NULL;
	uint64_t available = 0;

	err_free(root_read(root, "/proc/meminfo", &text));
	if (text && proc_field(text, "MemAvailable", 10, &available))
		machine->free_bytes = available * 1024;
}

static char *line_or_empty(char *line)
{
	return line ? line : xstrdup("");
}

/*
 * Returns whether /sys, which has the attribute that disables a patch, is read-only here, as it may
 * be in a container or unit.
 */
static bool machine_sys_is_read_only(const struct root *root)
{
	scope_close int fd = root_openat(root, LIVE_SYSFS, O_PATH, 0);
	struct statvfs fs;

	return fd >= 0 && !fstatvfs(fd, &fs) && fs.f_flag & ST_RDONLY;
}

/*
 * Returns the folder over which another file system lies, as units hide folders
 * (InaccessiblePaths=), among those that tell what live patches there are.  What it contains, or
 * lacks, says nothing about the kernel.
 */
static const char *machine_sys_hidden(const struct root *root)
{
	static const char *const folders[] = {"/sys/kernel", LIVE_SYSFS, "/sys/module"};

	for (size_t i = 0; i < array_size(folders) && root_is_machine(root); i++) {
		scope_close int fd = root_openat(root, folders[i], O_PATH, 0);
		struct statfs fs;

		if (fd >= 0 && !fstatfs(fd, &fs) && fs.f_type != SYSFS_MAGIC)
			return folders[i];
	}
	return NULL;
}

struct err *live_machine_read(const struct root *root, struct live_machine **machinep)
{
	struct live_machine *machine = xcalloc(1, sizeof(*machine));
	scope_free char *enforce =
		root_read_line(root, "/sys/module/module/parameters/sig_enforce");
	scope_free char *command_line = root_read_line(root, "/proc/cmdline");

	*machinep = machine;
	machine->release = root_read_line(root, "/proc/sys/kernel/osrelease");
	if (!machine->release) {
		live_machine_freep(machinep);
		*machinep = NULL;

		scope_free char *path = root_path(root, "/proc/sys/kernel/osrelease");

		return err_new("%s cannot be read; is /proc mounted?", path);
	}
	machine->build_id = machine_read_build_id(root);
	machine->boot_id = line_or_empty(root_read_line(root, "/proc/sys/kernel/random/boot_id"));
	machine->container = find_container(root);
	machine->lockdown = machine_read_lockdown(root);
	machine->sys_hidden = machine_sys_hidden(root);
	machine->sys = root_exists(root, "/sys/kernel") && !machine->sys_hidden;
	machine->livepatch = root_exists(root, LIVE_SYSFS);
	machine->sys_read_only = machine_sys_is_read_only(root);
	machine->secure_boot = machine_read_secure_boot(root);
	machine->sig_enforce = enforce && *enforce == 'Y';
	machine->loading_closed =
		root_read_number(root, "/proc/sys/kernel/modules_disabled", 0) != 0;
	machine->ftrace_off = root_read_number(root, "/proc/sys/kernel/ftrace_enabled", 1) == 0;
	machine->has_died = kernel_taint_has_died(live_taint(root));
	machine->off = command_line && str_has_word(command_line, LIVE_OFF_WORD, " ");
	machine->disabled = root_exists(root, LIVE_OFF_FILE);
	machine_read_rights(root, machine);
	machine_read_memory(root, machine);
	return NULL;
}

struct err *live_not_root(void)
{
	return err_new("only root can change live patches: run this command as root (sudo)");
}

struct err *live_machine_check_sys(const struct live_machine *machine)
{
	if (machine->sys_hidden)
		return err_new(
			"which live patches are loaded is unknown: another file system hides %s here",
			machine->sys_hidden);
	if (!machine->sys)
		return err_new("which live patches are loaded is unknown: /sys is not mounted");
	return NULL;
}

static struct err *machine_check_common(const struct live_machine *machine)
{
	if (!machine->is_root)
		return live_not_root();
	err_try(live_machine_check_sys(machine));
	if (!machine->livepatch)
		return err_new(
			"kernel %s cannot be live-patched: it was built without CONFIG_LIVEPATCH (there is no %s)",
			machine->release, LIVE_SYSFS);
	return NULL;
}

struct err *live_machine_check_unload(const struct live_machine *machine)
{
	err_try(machine_check_common(machine));
	if (machine->sys_read_only)
		return err_new("no live patch can be disabled: /sys is mounted read-only here");
	return NULL;
}

struct err *live_machine_check_settings(const struct live_machine *machine)
{
	if (machine->loading_closed)
		return err_code_new(
			ERR_REFUSED,
			"this kernel loads no modules until the next boot (kernel.modules_disabled=1)");
	if (machine->ftrace_off)
		return err_code_new(
			ERR_REFUSED,
			"live patching needs ftrace, which is disabled: run 'sysctl kernel.ftrace_enabled=1'");
	return NULL;
}

/* This names the most fundamental obstacle only, since others may vanish with it. */
struct err *live_machine_check(const struct live_machine *machine)
{
	if (!machine->is_root)
		return live_not_root();
	if (!machine->may_load && machine->container)
		return err_new(
			"this is a container (%s), which shares the host's kernel: load live patches on the host",
			machine->container);
	if (!machine->may_load)
		return err_new("this process may not load modules (it lacks CAP_SYS_MODULE)");
	err_try(machine_check_common(machine));
	if (machine->sys_read_only)
		return err_new(
			"nothing is loaded, since it could not be disabled again: /sys is mounted read-only here");
	return live_machine_check_settings(machine);
}

void live_machine_free(struct live_machine *machine)
{
	if (!machine)
		return;
	free(machine->release);
	free(machine->build_id);
	free(machine->boot_id);
	free(machine->container);
	free(machine->lockdown);
	free(machine);
}

void live_machine_freep(struct live_machine **machinep)
{
	live_machine_free(*machinep);
}
