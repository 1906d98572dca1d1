/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chooses the facts that the glue checks before it enables the patch, so that it does so only in
 * the very build of the kernel that the patch was made for: the banner and the build id, found by
 * the kernel's own symbol table.
 */
#ifndef SUTURE_KLP_GUARD_H
#define SUTURE_KLP_GUARD_H

#include "base/cursor.h"
#include "base/err.h"
#include "klp/anchor.h"

struct guard_fact {
	const char *symbol; /* of vmlinux; its name is unique */
	uint64_t offset;    /* of the bytes behind the symbol */
	struct bytes bytes; /* of the image */
	const char *what;   /* "banner" */
	enum klp_base base; /* where the anchor is used, the symbol is also reached from it */
	int64_t distance;
};

struct klp_guard {
	struct guard_fact facts[2];
	size_t count;
};

/*
 * Reads from the image what must be there. The guard points into the image. An image without
 * symbols for it has fewer facts than GUARD_COMPLETE.
 */
#define GUARD_COMPLETE 2
struct klp_guard guard_of_image(const struct image *image, const struct anchor *anchor);

/* Writes the guard into the glue's table; a glue that has no table is an error. */
struct err *guard_write(struct elf_object *out, const struct klp_guard *guard);

#endif
