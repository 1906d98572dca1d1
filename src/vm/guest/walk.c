/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of /proc and /sys, read for the functions behind them; and all socket families. */
#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "work.h"

#define FAMILY_NAME "sockets of family %d"
#define DEPTH_MAX 8
#define WALK_MS 1500

/* What is endless, waits, is huge, or does something when read. */
static const char *const left_out[] = {
	"/proc/kmsg",	       "/proc/kcore",	       "/proc/kpage*",
	"/proc/sysrq-trigger", "/proc/acpi/*",	       "/proc/kallsyms",
	"/proc/*/pagemap",     "/proc/*/mem",	       "/proc/*/clear_refs",
	"/sys/kernel/debug*",  "/sys/kernel/tracing*", "/sys/kernel/livepatch*",
	"*/uevent_*",	       "/proc/*/task",	       "/sys/module*",
	"/sys/kernel/slab*",   "/sys/firmware*",       "*/base_reachable_time",
	"*/retrans_time",
};

static char buf[4096];
static uint64_t walk_end;

static bool is_left_out(const char *path)
{
	for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++) {
		if (!fnmatch(left_out[i], path, 0))
			return true;
	}
	return false;
}

static void read_one(const char *path, void (*seen)(const char *path))
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return;
	for (int i = 0; i < 4 && read(fd, buf, sizeof(buf)) > 0; i++)
		;
	close(fd);
	seen(path);
}

static void walk_dir(const char *dir_path, int depth, void (*seen)(const char *path))
{
	DIR *dir = depth < DEPTH_MAX ? opendir(dir_path) : NULL;
	struct dirent *entry;
	char path[512];

	while (dir && now_ms() < walk_end && (entry = readdir(dir))) {
		bool process = !strcmp(dir_path, "/proc") && *entry->d_name >= '0' &&
			       *entry->d_name <= '9';

		if (*entry->d_name == '.' || process ||
		    snprintf(path, sizeof(path), "%s/%s", dir_path, entry->d_name) >=
			    (int)sizeof(path) ||
		    is_left_out(path))
			continue;
		if (entry->d_type == DT_REG)
			read_one(path, seen);
		else if (entry->d_type == DT_DIR)
			walk_dir(path, depth + 1, seen);
	}
	if (dir)
		closedir(dir);
}

static void family_sockets(int family)
{
	static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		int fd = socket(family, types[i] | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

		if (fd < 0)
			continue;
		(void)!recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
		close(fd);
	}
}

static void families(void (*seen)(const char *path))
{
	char name[32];

	for (int family = 1; family < AF_MAX; family++) {
		family_sockets(family);
		snprintf(name, sizeof(name), FAMILY_NAME, family);
		seen(name);
	}
}

static void not_seen(const char *path)
{
	(void)path;
}

void walk_again(const char *path)
{
	int family;

	if (*path == '/')
		read_one(path, not_seen);
	else if (sscanf(path, FAMILY_NAME, &family) == 1)
		family_sockets(family);
}

/* The likelier ones first: each has so much time and no more. */
static const struct {
	const char *name;
	const char *dir;
} walks[] = {
	{"/proc/self", "/proc/self"},	  {"/proc", "/proc"},	  {"/sys/kernel", "/sys/kernel"},
	{"/sys/devices", "/sys/devices"}, {"/sys/fs", "/sys/fs"}, {"sockets", NULL},
};

unsigned walk_count(void)
{
	return sizeof(walks) / sizeof(walks[0]);
}

const char *walk_name(unsigned walk)
{
	return walks[walk].name;
}

void walk_run(unsigned walk, void (*seen)(const char *path))
{
	walk_end = now_ms() + WALK_MS;
	if (walks[walk].dir)
		walk_dir(walks[walk].dir, 0, seen);
	else
		families(seen);
}
