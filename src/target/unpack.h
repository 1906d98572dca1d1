/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files out of Debian packages. */
#ifndef SUTURE_TARGET_UNPACK_H
#define SUTURE_TARGET_UNPACK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Where a part of a package goes: an entry with the path `from`, or below it, goes to `to` instead.
 * The first rule that fits decides; entries that fit no rule are omitted.
 */
struct unpack_rule {
	const char *from; /* without leading "./" or "/"; NULL ends the table */
	const char *to;	  /* relative to the destination, "" for itself; NULL: omitted */
	bool archive; /* the entry is a tar archive, whose files go to `to` without the first part
			 of their paths */
};

struct unpack_package {
	const char *deb; /* path; NULL ends the list */
	const struct unpack_rule *rules;
};

struct sum_vec;

/* Lets another thread follow and stop an unpacking. */
struct unpack_watch {
	_Atomic uint64_t consumed; /* bytes of the packages that were processed so far */
	_Atomic bool cancel;
};

/*
 * Unpacks packages into one existing, empty folder. Absolute paths, paths with "..", links out of
 * the folder, and anything but files, folders and symbolic links are errors; no file is ever
 * written through a link. If sums is given, each file and link of an archive within a package is
 * added to it, by its path below the archive's `to`.
 */
struct err *unpack_debs(const struct unpack_package *packages, const char *folder,
			struct unpack_watch *watch, struct sum_vec *sums);

#endif
