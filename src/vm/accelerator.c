/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds out whether KVM works.  On some machines /dev/kvm exists and its users hang, as nested
 * virtualisation is off or very slow.  So a tiny guest is started once, with a time limit that a
 * working KVM keeps easily, and the answer is remembered until the host boots again.
 */
#include "vm/accelerator.h"

#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/tempdir.h"

#define PROBE_MS 2000
#define PROBE_PORT "0xf4"
#define PROBE_STATUS 43 /* isa-debug-exit ends QEMU with (value << 1) | 1 */
#define SECTOR 512

/* The program is: mov $0x15, %al; out %al, $0xf4; hlt. */
static const uint8_t probe_code[] = {0xb0, PROBE_STATUS >> 1, 0xe6, 0xf4, 0xf4};

/* Runs a boot sector that ends QEMU; the firmware, which loads it, is thereby tested, too. */
static bool probe_kvm(const char *dir)
{
	uint8_t sector[SECTOR] = {[SECTOR - 2] = 0x55, [SECTOR - 1] = 0xaa};
	scope_free char *path = xasprintf("%s/probe", dir);
	scope_free char *drive = xasprintf("file=%s,format=raw,if=floppy", path);
	const char *const argv[] = {"qemu-system-x86_64",
				    "-accel",
				    "kvm",
				    "-nodefaults",
				    "-no-user-config",
				    "-display",
				    "none",
				    "-m",
				    "16",
				    "-drive",
				    drive,
				    "-device",
				    "isa-debug-exit,iobase=" PROBE_PORT ",iosize=1",
				    NULL};
	int status = -1;

	memcpy(sector, probe_code, sizeof(probe_code));

	struct err *err = file_write(path, sector, sizeof(sector));

	if (!err)
		err = proc_run(&(struct proc_spec){.argv = argv, .timeout_ms = PROBE_MS}, &status,
			       NULL);

	bool works = !err && status == PROBE_STATUS;

	err_free(err);
	return works;
}

const char *vm_accelerator_name(enum vm_accelerator accelerator)
{
	static const char *const names[] = {[VM_TCG] = "tcg", [VM_KVM] = "kvm"};

	return names[accelerator];
}

/* Returns the line "<accelerator> <the host's boot id>" for a file of the cache; free(). */
static char *remembered_line(enum vm_accelerator accelerator)
{
	scope_free char *boot_id = NULL;

	err_free(file_read("/proc/sys/kernel/random/boot_id", &boot_id, NULL));
	return xasprintf("%s %s", vm_accelerator_name(accelerator), boot_id ? boot_id : "");
}

static void remember(const char *cache_dir, enum vm_accelerator accelerator)
{
	scope_free char *path = xasprintf("%s/accelerator", cache_dir);
	scope_free char *line = remembered_line(accelerator);

	/* If the cache cannot be written, the next run only has to probe again. */
	err_free(dir_make(cache_dir));
	err_free(file_write(path, line, strlen(line)));
}

static bool is_remembered(const char *cache_dir, enum vm_accelerator accelerator)
{
	scope_free char *path = xasprintf("%s/accelerator", cache_dir);
	scope_free char *line = remembered_line(accelerator);
	scope_free char *text = NULL;

	err_free(file_read(path, &text, NULL));
	return text && !strcmp(text, line);
}

enum vm_accelerator accelerator_choose(const char *cache_dir)
{
	scope_dir_temp dir = NULL;

	if (!cache_dir || access("/dev/kvm", R_OK | W_OK))
		return VM_TCG;
	if (is_remembered(cache_dir, VM_TCG))
		return VM_TCG;
	if (is_remembered(cache_dir, VM_KVM))
		return VM_KVM;

	struct err *err = dir_temp(dir_for_temp(), "suture-kvm", &dir);
	enum vm_accelerator accelerator = !err && probe_kvm(dir) ? VM_KVM : VM_TCG;

	err_free(err);
	remember(cache_dir, accelerator);
	return accelerator;
}

void accelerator_distrust(const char *cache_dir)
{
	if (cache_dir)
		remember(cache_dir, VM_TCG);
}
