/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A boot image whose kernel does not have to unpack itself, which takes as long as the rest of a
 * boot under emulation. It has the real-mode code of the packaged image, and the kernel as the
 * image's own decompressor would leave it in memory: its segments at an address of their own, with
 * relocations applied for a random virtual address (Documentation/arch/x86/boot.rst, and
 * arch/x86/boot/compressed/ of the kernel, misc.c and kaslr.c).
 */
#ifndef SUTURE_VM_PLACED_H
#define SUTURE_VM_PLACED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"

/* A kernel in memory; free with placed_free(). */
struct placed_kernel {
	struct bytes setup; /* the packaged image's real-mode part; borrowed */
	uint8_t *kernel;
	uint64_t size;	   /* bytes of the kernel, including those that start as zeros */
	uint64_t linked;   /* the physical address that it was linked for */
	uint64_t entry;	   /* offset of its first instruction */
	uint64_t physical; /* where it will be */
};

void placed_free(struct placed_kernel *placed);
#define scope_placed __attribute__((cleanup(placed_free))) struct placed_kernel

/*
 * Reads a packaged image and the ELF file in it, with the relocations behind its end, and applies
 * these for a virtual address that is `shift` bytes above the linked one. Returns false if a part
 * has a form that is not known, so that the packaged image has to boot itself.
 */
bool placed_read(struct bytes packaged, struct bytes elf, uint64_t shift,
		 struct placed_kernel *placed);

/*
 * Returns a random shift that the kernel's decompressor could choose for an ELF file of this size.
 */
uint64_t placed_random_shift(uint64_t elf_size);
/* Chooses a random physical address in a guest of that memory; false if it does not fit. */
bool placed_choose(struct placed_kernel *placed, uint64_t memory, uint64_t initramfs);

/* Writes the boot image. */
struct err *placed_write(const struct placed_kernel *placed, const char *path);

#endif
