/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sections of a vmlinux, in which the tables of kallsyms are looked for. */
#ifndef SUTURE_IMAGE_PART_H
#define SUTURE_IMAGE_PART_H

#include <stdint.h>

#include "base/cursor.h"
#include "base/vec.h"

/* A section of the ELF file. The image owns its bytes, which are empty for SHT_NOBITS. */
struct image_part {
	char *name;
	uint32_t type;
	uint64_t flags, address, size;
	struct bytes bytes;
};

struct image_part_vec VEC(struct image_part);

#endif
