/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Iterates over the instructions of a function. */
#ifndef SUTURE_SAFETY_INSNS_H
#define SUTURE_SAFETY_INSNS_H

#include <stdbool.h>

#include "base/capstone.h"
#include "elf/elf.h"

/*
 * Calls visit() for each instruction. Addresses begin at 0, and bytes that are no instruction have
 * the id 0. With detail, operands are decoded. Returns false if nothing was decoded, for example
 * without capstone.
 */
bool insns_visit(const struct elf_symbol *function, bool detail,
		 void (*visit)(const cs_insn *insn, void *arg), void *arg);

#endif
