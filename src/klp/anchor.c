/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides which symbols of vmlinux are reached by their distance from the anchor. */
#include "klp/anchor.h"

#include <string.h>

#include "base/strbuf.h"
#include "diff/diff.h"

/*
 * Since "livepatch: Use kallsyms_on_each_match_symbol() to improve performance" (Linux 6.2),
 * livepatch finds names of vmlinux by bisection, and calls this for each one found.  6.1.y has the
 * sorted names, too, but its livepatch code does not use them.
 */
#define BISECTING "klp_match_callback"

/*
 * The addresses of a kernel image: __START_KERNEL_map and KERNEL_IMAGE_SIZE with KASLR.  No two of
 * them are further apart than a field of 32 bits can say.
 */
#define MAP_START 0xffffffff80000000
#define MAP_SIZE (1ull << 30)

#define PER_CPU ".data..percpu"

static bool is_mapped(const struct image *image, uint64_t address)
{
	return address >= MAP_START && address - MAP_START < MAP_SIZE &&
	       image_section_at(image, address);
}

struct anchor anchor_find(const struct image *image)
{
	struct anchor anchor = {.image = image};
	const struct image_symbol *const *symbols;

	if (!image_address(image, ANCHOR_NAME, 0, &anchor.address) ||
	    image_find(image, BISECTING, &symbols))
		return anchor;
	anchor.usable = is_mapped(image, anchor.address) && !image_is_granular(image);
	return anchor;
}

enum klp_base anchor_reach(const struct anchor *anchor, const char *name, unsigned sympos,
			   int64_t *distance)
{
	uint64_t address, per_cpu;
	struct bytes unused;

	*distance = 0;
	if (!anchor->usable || !image_address(anchor->image, name, sympos, &address))
		return KLP_BASE_NONE;
	if (is_mapped(anchor->image, address)) {
		*distance = (int64_t)(address - anchor->address);
		return KLP_BASE_ANCHOR;
	}

	const char *section = image_section_at(anchor->image, address);

	if (!section || strcmp(section, PER_CPU) ||
	    !image_section(anchor->image, PER_CPU, &per_cpu, &unused) || per_cpu)
		return KLP_BASE_NONE;
	*distance = (int64_t)address;
	return KLP_BASE_ZERO;
}

bool anchor_may_fill(const struct elf_section *section, uint32_t type)
{
	if (!(section->flags & SHF_EXECINSTR) || !(section->flags & SHF_ALLOC) ||
	    diff_section_is_list(section->name) || str_starts(section->name, ".altinstr"))
		return false;
	return type == R_X86_64_64 || type == R_X86_64_32S || type == R_X86_64_PC32 ||
	       type == R_X86_64_PLT32;
}
