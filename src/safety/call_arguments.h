/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows what code puts into the registers of arguments before it calls a function. */
#ifndef SUTURE_SAFETY_CALL_ARGUMENTS_H
#define SUTURE_SAFETY_CALL_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "elf/elf.h"

#define NR_CALL_ARGUMENTS 6

/* What is known of an argument that is passed in a register. */
enum argument_kind {
	ARGUMENT_UNKNOWN,
	ARGUMENT_CONSTANT, /* it is the value */
	ARGUMENT_SUM,	   /* it is the value and something that is computed */
	ARGUMENT_LOADED,   /* it is loaded from the variable that the relocation leads to */
};

struct call_argument {
	enum argument_kind kind;
	int64_t value;
	const struct elf_rela *variable; /* its addend is for the end of the instruction */
	unsigned tail; /* bytes of the instruction from the relocated field to its end */
};

/*
 * Calls visit() for each direct call and jump to another symbol, in code order, with the first six
 * arguments. Jumps inside the function are ignored, which is enough to compare two versions of it.
 */
void call_arguments_visit(const struct elf_symbol *function,
			  void (*visit)(const char *callee,
					const struct call_argument arguments[NR_CALL_ARGUMENTS],
					void *arg),
			  void *arg);

#endif
