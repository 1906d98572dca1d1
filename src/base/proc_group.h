/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many processes a group has and whether any of them goes on: limits by work, so that a busy
 * machine ends nothing, and what waits for ever on an idle one is ended.
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
