/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checksums of all files of a source tree, made while it is unpacked: two versions of 80,000 files
 * are compared without reading them again.
 *
 *	sources/<package>_<version>/   sums sums.seal
 */
#ifndef SUTURE_TARGET_SUMS_H
#define SUTURE_TARGET_SUMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"

struct sum {
	char *path;	    /* relative to the tree */
	uint64_t high, low; /* XXH3 of the file's bytes or of a link's target, and of which of the
			       two it is */
};

struct sum_vec VEC(struct sum);

void sums_free(struct sum_vec *sums);
#define scope_sums __attribute__((cleanup(sums_free))) struct sum_vec

/* Writes and seals the sums; folder contains tree/, and name is the name of its entry. */
struct err *sums_write(const char *folder, const char *name, const struct sum_vec *sums);

/*
 * Reads the sums of the tree at path, sorted by path. *known is false if there are none, as for
 * trees that Suture did not unpack, or if they are damaged.
 */
struct err *sums_read(const char *tree, struct sum_vec *sums, bool *known);

#endif
