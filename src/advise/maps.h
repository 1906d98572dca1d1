/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what a process has mapped: /proc/<pid>/maps as text, or by ioctl (Linux 6.11). */
#ifndef SUTURE_ADVISE_MAPS_H
#define SUTURE_ADVISE_MAPS_H

#include "advise/procfs.h"

#define MAPS_BUFFER (256u << 10)

struct maps_reader {
	uint8_t *buffer; /* the caller's, MAPS_BUFFER bytes */
	bool text_only;	 /* set once the kernel is seen to lack the ioctl */

	/*
	 * Gets each mapping of a file; its name is valid during the call.  False ends the reading.
	 */
	bool (*take)(struct maps_reader *reader, const struct mapping *mapping);
};

/*
 * Reads all mappings of files; or only executable ones if code_only is set and the kernel can leave
 * the others out.  *all tells whether none was left out.  fd is the opened maps.  Returns 0 or
 * -errno.
 */
int maps_read(struct maps_reader *reader, int fd, bool code_only, bool *all);

#endif
