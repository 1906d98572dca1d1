/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reaches symbols of vmlinux that are not exported from one that is, by their distance in the
 * shipped image.  The kernel looks up each livepatch relocation by itself; before Linux 6.2 it
 * walks all its symbols for that.  KASLR moves the image as a whole, so distances stay.
 */
#ifndef SUTURE_KLP_ANCHOR_H
#define SUTURE_KLP_ANCHOR_H

#include <stdbool.h>
#include <stdint.h>

#include "image/image.h"
#include "klp/part.h"

/* Each live patch imports it: it is what enables a live patch. */
#define ANCHOR_NAME "klp_enable_patch"

/*
 * Symbols of vmlinux are kept in the module's symbol table under their livepatch names. This table,
 * which the kernel does not load, says which field each of them belongs to: pairs of pointers,
 * whose relocations name the field and the symbol plus the original addend.
 */
#define ANCHOR_TABLE ".suture.anchors"
#define ANCHOR_ENTRY_SIZE 16

/* The absolute symbol of value 0 that offsets in per-CPU data count from. */
#define ANCHOR_ZERO ".suture.zero"

struct anchor {
	const struct image *image;
	uint64_t address; /* of ANCHOR_NAME in the image */
	bool usable;	  /* the kernel's lookups are slow, and distances hold */
};

/* The image must outlive the returned anchor. */
struct anchor anchor_find(const struct image *image);

/*
 * Returns the base from which a symbol of vmlinux is reached, and the distance; sympos is as
 * livepatch counts. KLP_BASE_NONE: leave it to the kernel.
 */
enum klp_base anchor_reach(const struct anchor *anchor, const char *name, unsigned sympos,
			   int64_t *distance);

/*
 * Returns whether a field of that section, filled by that relocation, may be reached so. Only code
 * may: before the glue has checked which kernel is running, no code of the module runs, but the
 * kernel may already follow pointers in data and lists.
 */
bool anchor_may_fill(const struct elf_section *section, uint32_t type);

#endif
