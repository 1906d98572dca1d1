/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts the processes of a group, and tells whether any makes progress. The limits count work, so
 * that a busy machine kills nothing, and a process that waits forever on an idle one is killed.
 */
#ifndef SUTURE_BASE_PROC_GROUP_H
#define SUTURE_BASE_PROC_GROUP_H

#include <stdint.h>
#include <sys/types.h>

/* All zero at first. */
struct proc_group {
	uint64_t looked_ms;   /* last look */
	uint64_t progress_ms; /* when work was last seen */
	uint64_t
		work; /* ticks of processors: of the living, and of children that they waited for */
	unsigned count;
};

enum proc_group_state { PROC_GROUP_FINE, PROC_GROUP_STALLED, PROC_GROUP_TOO_MANY };

/*
 * Judges by the sandbox's limits.  Work is time on a processor, and waiting for one or for a disk;
 * /proc is looked through every five seconds at most, so that short commands pay nothing.
 */
enum proc_group_state proc_group_look(struct proc_group *group, pid_t id);

#endif
