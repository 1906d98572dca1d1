/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process has mapped: /proc/<pid>/maps as text, or asked for by ioctl (Linux 6.11). */
#ifndef SUTURE_ADVISE_MAPS_H
#define SUTURE_ADVISE_MAPS_H

#include "advise/procfs.h"

#define MAPS_BUFFER (256u << 10)

struct maps_reader {
	uint8_t *buffer; /* MAPS_BUFFER bytes */
	bool text_only;	 /* set once the kernel turns out not to know the ioctl */

	/* Each mapping of a file; its name is valid during the call.  False: enough. */
	bool (*take)(struct maps_reader *reader, const struct mapping *mapping);
};

/*
 * All mappings of files, or only those that are executable, as far as the kernel can leave the
 * others out: *all tells whether none was.  fd is the opened maps.  0, or -errno.
 */
int maps_read(struct maps_reader *reader, int fd, bool code_only, bool *all);

#endif
