/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes temporary folders and removes those that killed processes have left. */
#include "base/tempdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/proc_stat.h"
#include "base/strbuf.h"

#define PREFIX "suture-"

struct folder_owner {
	unsigned long namespace;
	int pid;
	uint64_t start; /* proc_start_time() */
};

const char *dir_for_temp(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/var/tmp";
}

/* Returns when the process began, or 0 if it has ended or there is no /proc. */
static uint64_t start_of(int pid)
{
	scope_free char *path = xasprintf("/proc/%d/stat", pid);
	char text[1024];
	scope_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (size < 0)
		return 0;
	text[size] = '\0';
	return proc_start_time(text);
}

static bool know_myself(struct folder_owner *self)
{
	struct stat st;

	if (stat("/proc/self/ns/pid", &st) < 0)
		return false;
	*self = (struct folder_owner){st.st_ino, getpid(), start_of(getpid())};
	return self->start > 0;
}

/* Reads the owner from a folder's name; returns false for names that Suture does not give. */
static bool parse_owner(const char *name, struct folder_owner *owner)
{
	const char *dot = strchr(name, '.');
	int end = 0;

	return !strncmp(name, PREFIX, strlen(PREFIX)) && dot &&
	       sscanf(dot, ".%lu.%d.%" SCNu64 ".%n", &owner->namespace, &owner->pid, &owner->start,
		      &end) == 3 &&
	       end > 0;
}

static void tempdir_remove_leftovers(const char *parent, const struct folder_owner *self)
{
	DIR *dir = opendir(parent);
	struct dirent *entry;
	struct folder_owner owner;
	struct stat st;

	while (dir && (entry = readdir(dir))) {
		if (!parse_owner(entry->d_name, &owner) || owner.namespace != self->namespace ||
		    start_of(owner.pid) == owner.start ||
		    fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISDIR(st.st_mode) || st.st_uid != geteuid())
			continue;

		scope_free char *path = xasprintf("%s/%s", parent, entry->d_name);

		err_free(dir_remove(path)); /* if this fails, the next command tries again */
	}
	if (dir)
		closedir(dir);
}

struct err *dir_temp(const char *parent, const char *prefix, char **path)
{
	struct folder_owner self;
	bool known = know_myself(&self);
	scope_free char *template = known ? xasprintf("%s/%s.%lu.%d.%" PRIu64 ".XXXXXX", parent,
						      prefix, self.namespace, self.pid, self.start)
					  : xasprintf("%s/%s.XXXXXX", parent, prefix);

	if (known)
		tempdir_remove_leftovers(parent, &self);
	if (!mkdtemp(template))
		return err_errno(errno, "%s: a temporary folder cannot be created there", parent);
	*path = take_ptr(template);
	return NULL;
}

void dir_temp_cleanup(char **path)
{
	if (*path)
		err_free(dir_remove(*path));
	free(*path);
}
