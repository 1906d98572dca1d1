/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls functions by reading files of /proc and /sys, and by opening sockets of all families. */
#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "walk.h"
#include "util.h"

#define FAMILY_NAME "sockets of family %d"
#define DEPTH_MAX 8
#define FILES_MAX 1000
#define PATH_SIZE 512

/* These files are endless or huge, block, or have side effects when they are read. */
static const char *const left_out[] = {
	"/proc/kmsg",	       "/proc/kcore",	       "/proc/kpage*",
	"/proc/sysrq-trigger", "/proc/acpi/*",	       "/proc/kallsyms",
	"/proc/*/pagemap",     "/proc/*/mem",	       "/proc/*/clear_refs",
	"/sys/kernel/debug*",  "/sys/kernel/tracing*", "/sys/kernel/livepatch*",
	"*/uevent_*",	       "/proc/*/task",	       "/sys/module*",
	"/sys/kernel/slab*",   "/sys/firmware*",       "*/base_reachable_time",
	"*/retrans_time",
};

static char walk_buf[4096];
static unsigned files_left;

static bool walk_is_left_out(const char *path)
{
	for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++) {
		if (!fnmatch(left_out[i], path, 0))
			return true;
	}
	return false;
}

static void walk_read_one(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return;
	for (int i = 0; i < 4 && read(fd, walk_buf, sizeof(walk_buf)) > 0; i++)
		;
	close(fd);
}

/* Sets the path of an entry; returns false if the entry is left out. */
static bool path_of(const char *dir_path, const struct dirent *entry, char path[PATH_SIZE])
{
	bool process = !strcmp(dir_path, "/proc") && *entry->d_name >= '0' && *entry->d_name <= '9';

	return *entry->d_name != '.' && !process &&
	       snprintf(path, PATH_SIZE, "%s/%s", dir_path, entry->d_name) < PATH_SIZE &&
	       !walk_is_left_out(path);
}

/* Reads the files of one folder; calls the walker's `seen` after each if `tell` is set. */
static void read_files(DIR *dir, const char *dir_path, const struct walker *walker, bool tell)
{
	struct dirent *entry;
	char path[PATH_SIZE];

	rewinddir(dir);
	while (files_left && (entry = readdir(dir))) {
		if (entry->d_type != DT_REG || !path_of(dir_path, entry, path))
			continue;
		files_left--;
		walker->next(path);
		walk_read_one(path);
		if (tell)
			walker->seen(path);
	}
}

/* Reads a folder's files before its folders, since files near the top are more promising. */
static void walk_dir(const char *dir_path, int depth, const struct walker *walker)
{
	DIR *dir = depth < DEPTH_MAX ? opendir(dir_path) : NULL;
	struct dirent *entry;
	char path[PATH_SIZE];

	if (!dir)
		return;
	read_files(dir, dir_path, walker, false);
	if (walker->news(dir_path)) /* a file has reached a function: find out which one */
		read_files(dir, dir_path, walker, true);
	rewinddir(dir);
	while (files_left && (entry = readdir(dir))) {
		if (entry->d_type == DT_DIR && path_of(dir_path, entry, path))
			walk_dir(path, depth + 1, walker);
	}
	closedir(dir);
}

static void family_sockets(int family)
{
	static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		int fd = socket(family, types[i] | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

		if (fd < 0)
			continue;
		(void)!recv(fd, walk_buf, sizeof(walk_buf), MSG_DONTWAIT);
		close(fd);
	}
}

static void families(const struct walker *walker)
{
	char name[32];

	for (int family = 1; family < AF_MAX; family++) {
		family_sockets(family);
		snprintf(name, sizeof(name), FAMILY_NAME, family);
		walker->seen(name);
	}
}

void walk_again(const char *path)
{
	int family;

	if (*path == '/')
		walk_read_one(path);
	else if (sscanf(path, FAMILY_NAME, &family) == 1)
		family_sockets(family);
}

/* The most promising walks come first; each reads a limited number of files. */
static const struct {
	const char *name;
	const char *dir;
} walks[] = {
	{"/proc", "/proc"},
	{"/proc/self", "/proc/self"},
	{"sockets", NULL},
	{"/sys/kernel", "/sys/kernel"},
	{"/sys/devices", "/sys/devices"},
	{"/sys/fs", "/sys/fs"},
};

unsigned walk_count(void)
{
	return sizeof(walks) / sizeof(walks[0]);
}

const char *walk_name(unsigned walk)
{
	return walks[walk].name;
}

void walk_run(unsigned walk, const struct walker *walker)
{
	files_left = FILES_MAX;
	if (walks[walk].dir)
		walk_dir(walks[walk].dir, 0, walker);
	else
		families(walker);
}
