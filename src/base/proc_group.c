/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads from /proc how many processes a group has, and whether they make progress. */
#include "base/proc_group.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/sandbox.h"

#define LOOK_MS 5000

struct group_member {
	char state;
	int group;
	unsigned long long ticks;
};

/*
 * Reads the state, ppid, pgrp and, as 14th to 17th field, the times of a process and its children
 * (proc_pid_stat(5)).
 */
static bool read_member(const char *pid, struct group_member *member)
{
	scope_free char *path = xasprintf("/proc/%s/stat", pid);
	scope_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[512];
	ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	unsigned long long user, system;
	long long child_user, child_system;

	if (size <= 0)
		return false;
	text[size] = '\0';

	const char *at = strrchr(text, ')');

	if (!at ||
	    sscanf(at + 1, " %c %*d %d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %lld %lld",
		   &member->state, &member->group, &user, &system, &child_user, &child_system) != 6)
		return false;
	member->ticks = user + system + child_user + child_system;
	return true;
}

enum proc_group_state proc_group_look(struct proc_group *group, pid_t id)
{
	uint64_t now = clock_ms();
	struct proc_group fresh = {.looked_ms = now, .progress_ms = group->progress_ms};
	bool busy = false;
	struct dirent *entry;

	if (!group->looked_ms) {
		group->looked_ms = group->progress_ms = now;
		return PROC_GROUP_FINE;
	}
	if (now - group->looked_ms < LOOK_MS)
		return PROC_GROUP_FINE;

	DIR *dir = opendir("/proc");

	if (!dir)
		return PROC_GROUP_FINE;
	while ((entry = readdir(dir))) {
		struct group_member member;

		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    !read_member(entry->d_name, &member) || member.group != id)
			continue;
		fresh.count++;
		fresh.work += member.ticks;
		busy |= member.state == 'R' || member.state == 'D';
	}
	closedir(dir);
	if (busy || fresh.work != group->work || fresh.count != group->count)
		fresh.progress_ms = now;
	*group = fresh;
	if (fresh.count > SANDBOX_PROCESSES)
		return PROC_GROUP_TOO_MANY;
	return now - fresh.progress_ms > SANDBOX_STALL_MS ? PROC_GROUP_STALLED : PROC_GROUP_FINE;
}
