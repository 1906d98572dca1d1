/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Determines from a function's code and unwind data whether it takes arguments on the stack. */
#ifndef SUTURE_KLP_STACK_ARGUMENTS_H
#define SUTURE_KLP_STACK_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "elf/elf.h"

/* An entry of .orc_unwind: how the frame is found at an instruction. */
struct orc_state {
	const uint8_t *bytes; /* in the kernel's format; part of the object */
	size_t size;
	unsigned reg;	/* the register that the frame's end is counted from: ORC_SP, ORC_BP, … */
	int16_t offset; /* from there to the end of the frame, where arguments begin */
};

/* include/asm/orc_types.h; the numbers are the same in all versions. */
enum { ORC_BP = 4, ORC_SP = 5 };

/* Finds the entry for the instruction at offset; returns false if there is none. */
bool orc_state_find(const struct elf_object *object, const struct elf_section *section,
		    uint64_t offset, struct orc_state *state);

/* Sets *takes to whether the function uses memory beyond its frame and return address. */
struct err *stack_arguments_taken(const struct elf_object *object,
				  const struct elf_symbol *function, bool *takes);

#endif
