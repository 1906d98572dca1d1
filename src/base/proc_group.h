/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts the processes of a group, and tells whether any makes progress. The limits count work, so
 * that a busy machine kills nothing, and a process that waits forever on an idle one is killed.
 */
#ifndef SUTURE_BASE_PROC_GROUP_H
#define SUTURE_BASE_PROC_GROUP_H

#include <stdint.h>
#include <sys/types.h>

/* Set all members to zero at first. */
struct proc_group {
	uint64_t looked_ms;   /* time of the last look */
	uint64_t progress_ms; /* time at which work was last seen */
	uint64_t work; /* clock ticks of the living processes, and of children that they waited for
			*/
	unsigned count;
};

enum proc_group_state { PROC_GROUP_FINE, PROC_GROUP_STALLED, PROC_GROUP_TOO_MANY };

/*
 * Judges the group by the sandbox's limits. Work is time on a processor, or waiting for a processor
 * or a disk. /proc is read every five seconds at most, so that short commands cost nothing more.
 */
enum proc_group_state proc_group_look(struct proc_group *group, pid_t id);

#endif
