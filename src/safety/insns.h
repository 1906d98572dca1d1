/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The instructions of a function one after the other. */
#ifndef SUTURE_SAFETY_INSNS_H
#define SUTURE_SAFETY_INSNS_H

#include <stdbool.h>

#include "base/capstone.h"
#include "elf/elf.h"

/*
 * Calls visit() for each; addresses begin at 0, and what is no instruction has the id 0.  detail:
 * with operands.  False when nothing could be looked at, as without capstone.
 */
bool code_visit_insns(const struct elf_symbol *function, bool detail,
		      void (*visit)(const cs_insn *insn, void *arg), void *arg);

#endif
