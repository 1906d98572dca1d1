#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The VM gate runs checks that behave like reproducers: they crash, use up the memory, and unmount
# file systems.  None of that fails a good module, and a check that ends the guest is named.
. tests/vm/lib.sh
need_kernel

patched good fs/proc/version.c version_proc_show 'seq_puts(m, "patched\n");'
built good

# This program does what its name in the guest says.
cat >"$dir/check.c" <<'END'
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

static void crash(void)
{
	*(volatile int *)1 = 1;
}

static void crash_far(void)
{
	*(volatile int *)0x4141414141414141 = 1;
}

static void crash_opcode(void)
{
	__asm__ volatile("ud2");
}

static void eat(void)
{
	for (char *p;;)
		if ((p = malloc(1 << 20)))
			memset(p, 1, 1 << 20);
}

/* Whether a child that does it is killed. */
static int dies(void (*what)(void))
{
	int status;

	if (!fork()) {
		what();
		_exit(0);
	}
	wait(&status);
	return WIFSIGNALED(status);
}

static int say_bye(void)
{
	static const char bye[] = "\n{\"event\":\"bye\"}\n";
	int fd = open("/dev/ttyS1", O_WRONLY);

	return write(fd, bye, sizeof(bye) - 1) == sizeof(bye) - 1;
}

int main(int argc, char **argv)
{
	const char *name = basename(argv[argc - 1]);

	if (!strcmp(name, "crashes"))
		return !(dies(crash) && dies(crash_far) && dies(crash_opcode));
	if (!strcmp(name, "eats"))
		return !dies(eat);
	if (!strcmp(name, "unmounts"))
		return umount2("/proc", MNT_DETACH) || umount2("/sys", MNT_DETACH);
	if (!strcmp(name, "lies"))
		return !say_bye();
	if (!strcmp(name, "kills"))
		return kill(-1, SIGKILL);
	return 1;
}
END
gcc -static -O1 -w -o "$dir/crashes" "$dir/check.c"
for name in eats unmounts lies kills; do
	cp "$dir/crashes" "$dir/$name"
done

tried --trial load --check "$dir/crashes" --check "$dir/eats" --check "$dir/unmounts" \
	--check "$dir/lies" "$dir/good.ko"
check "a good module passes in spite of what checks do to themselves" json '.result == "pass" and
	(.checks | length) == 12 and .findings == []'
check "the checks did what they should" json '.kernel_log | any(test("crashes\\[[0-9]+\\]: segfault")) and
	any(test("crashes\\[[0-9]+\\] general protection")) and
	any(test("crashes\\[[0-9]+\\] trap invalid opcode")) and any(test("eats invoked oom-killer"))'
check "the check that used up the memory is named" json '[.checks[] | select(.used_up_memory) | .name] ==
	["eats", "eats", "eats"]'

tried --trial load --check "$dir/kills" "$dir/good.ko"
check "a check that ends the guest is named" json '.result == "fail" and
	(.why | test("was killed inside the kernel while check kills ran, before the patch was loaded"))'
check "no temporary file is left behind" is_empty "$dir/tmp"
finish
