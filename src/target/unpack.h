/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files out of Debian packages. */
#ifndef SUTURE_TARGET_UNPACK_H
#define SUTURE_TARGET_UNPACK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Where a part of a package goes.  An entry whose path is `from`, or is below it,
 * goes to `to` instead of `from`.  The first rule that fits decides; an entry that
 * none fits is left out.
 */
struct unpack_rule {
	const char *from; /* no leading "./" or "/"; NULL ends the table */
	const char *to;	  /* relative to the destination, "" for itself; NULL: left out */
	bool archive;	  /* the entry is a tar archive: its files go to `to`, first part of
			     their paths dropped */
};

struct unpack_package {
	const char *deb; /* path; NULL ends the list */
	const struct unpack_rule *rules;
};

struct sum_vec;

/* How another thread follows and ends an unpacking. */
struct unpack_watch {
	_Atomic uint64_t consumed; /* bytes of the packages worked through so far */
	_Atomic bool cancel;
};

/*
 * Unpacks packages into one existing, empty folder.  Paths that are absolute or
 * contain "..", links out of the folder, and anything but files, folders and
 * symbolic links are errors; no file is ever written through a link.  With sums, each file and
 * link of an archive within a package is added to them, by its path below the archive's `to`.
 */
struct err *unpack_debs(const struct unpack_package *packages, const char *folder,
			struct unpack_watch *watch, struct sum_vec *sums);

#endif
