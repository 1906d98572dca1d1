/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers for the shipped vmlinux that a unit is built into, from linked code and kallsyms. */
#include "match/shipped_vmlinux.h"

#include <ctype.h>

#include "base/alloc.h"

struct shipped_vmlinux {
	struct shipped shipped;
	const struct image *image;
};

static const struct image *image_of(const struct shipped *shipped)
{
	return ((const struct shipped_vmlinux *)shipped)->image;
}

static void vmlinux_find(const struct shipped *shipped, const char *name,
			 struct candidate_vec *found)
{
	const struct image_symbol *const *symbols;
	size_t count = image_find(image_of(shipped), name, &symbols);

	for (size_t i = 0; i < count; i++) {
		char type = symbols[i]->type;

		/* scripts/kallsyms.c makes all per-CPU symbols 'A' (make_percpus_absolute()). */
		vec_push(found, (struct candidate){
					.place.address = symbols[i]->address,
					.global = isupper((unsigned char)type),
					.local = type == 'A' || islower((unsigned char)type),
					.sympos = count == 1 ? 0 : i + 1,
				});
	}
}

static bool vmlinux_read(const struct shipped *shipped, struct place place, uint64_t size,
			 struct bytes *bytes)
{
	return image_read(image_of(shipped), place.address, size, bytes);
}

static bool vmlinux_section(const struct shipped *shipped, const char *name, struct place *place,
			    uint64_t *size)
{
	struct bytes bytes;

	*place = (struct place){};
	if (!image_section(image_of(shipped), name, &place->address, &bytes))
		return false;
	*size = bytes.size;
	return true;
}

static bool vmlinux_relocated(const struct shipped *shipped, struct place place, uint64_t size)
{
	(void)shipped, (void)place, (void)size;
	return false;
}

static void vmlinux_free(struct shipped *shipped)
{
	free(shipped);
}

struct shipped *shipped_vmlinux_new(const struct image *image)
{
	static const struct shipped_ops ops = {
		.find = vmlinux_find,
		.read = vmlinux_read,
		.solve = shipped_solve_linked,
		.section = vmlinux_section,
		.relocated = vmlinux_relocated,
		.free = vmlinux_free,
	};
	struct shipped_vmlinux *vmlinux = xcalloc(1, sizeof(*vmlinux));

	vmlinux->shipped.ops = &ops;
	vmlinux->image = image;
	return &vmlinux->shipped;
}
