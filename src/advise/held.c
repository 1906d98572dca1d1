/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Knows which open devices say nothing about others that depend on a process. */
#include "advise/held.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/vec.h"

#define MAX_OPEN 4096 /* so many open files of one process are looked at */

static const struct {
	const char *pattern, *what;
} serving_devices[] = {
	{"/dev/fuse*", "serves a file system"},
	{"/dev/cuse*", "serves a device"},
	{"/dev/autofs*", "serves a file system"},
	{"/dev/kvm*", "runs virtual machines"},
	{"/dev/vhost*", "runs virtual machines"},
	{"/dev/vbox*", "runs virtual machines"},
	{"/dev/vfio/*", "runs virtual machines"},
	{"anon_inode:kvm*", "runs virtual machines"},
	{"anon_inode:*vfio*", "runs virtual machines"},
	{"/dev/xen/*", "serves virtual machines"},
	{"/dev/net/tun*", "carries a network"},
	{"/dev/ppp*", "carries a network"},
	{"anon_inode:bpf*link*", "keeps BPF programs attached"},
	{"/dev/watchdog*", "feeds a watchdog"},
	{"/dev/dri/*", "holds a display"},
	{"/dev/nbd*", "serves a disk"},
	{"/dev/uio*", "serves a device"},
	{"/dev/ptmx", "runs terminals"},
	{"/dev/pts/ptmx", "runs terminals"},
};

/* Nobody else notices if these are closed: sources of data, clocks, logs, memory. */
static const char *const harmless_devices[] = {
	"/dev/null*", "/dev/zero*",	  "/dev/full",	   "/dev/random", "/dev/urandom",
	"/dev/hwrng", "/dev/shm/*",	  "/dev/mqueue/*", "/dev/log",	  "/dev/console",
	"/dev/kmsg",  "/dev/pts/[0-9]*",  "/dev/tty",	   "/dev/rtc*",	  "/dev/ptp*",
	"/dev/pps*",  "/dev/input/*",	  "/dev/rfkill",   "/dev/cpu/*",  "/dev/hpet",
	"/dev/tpm*",  "/dev/hugepages/*", "/dev/udmabuf",
};

/* Returns what an open file says, or NULL; free(). */
static char *held_link(const char *link)
{
	for (size_t i = 0; i < array_size(serving_devices); i++)
		if (!fnmatch(serving_devices[i].pattern, link, 0))
			return xasprintf("it %s (%s)", serving_devices[i].what, link);
	for (size_t i = 0; i < array_size(harmless_devices); i++)
		if (!fnmatch(harmless_devices[i], link, 0))
			return NULL;
	return str_starts(link, "/dev/") ? xasprintf("it holds the device %s", link) : NULL;
}

char *held_by_process(const struct root *root, int pid)
{
	scope_free char *folder = xasprintf("/proc/%d/fd", pid);
	scope_str_vec numbers = {};

	err_free(root_list(root, folder, &numbers));
	if (numbers.len > MAX_OPEN)
		return xasprintf("process %d has more open files than are looked at", pid);
	vec_foreach(&numbers, it) {
		scope_free char *path = xasprintf("%s/%s", folder, *it);
		scope_free char *link = root_link(root, path);
		char *held = link ? held_link(link) : NULL;

		if (held)
			return held;
	}
	return NULL;
}
