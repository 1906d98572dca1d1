/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads the disassembler; see base/library.h. */
#ifndef SUTURE_BASE_CAPSTONE_H
#define SUTURE_BASE_CAPSTONE_H

#include <capstone/capstone.h>

#include "base/library.h"

/* clang-format off */
#define CAPSTONE_FUNCTIONS(F) \
	F(cs_open) \
	F(cs_close) \
	F(cs_option) \
	F(cs_malloc) \
	F(cs_free) \
	F(cs_disasm_iter) \
	F(cs_insn_group)
/* clang-format on */

/* The functions may be called after capstone_open() has succeeded. */
extern struct capstone {
	CAPSTONE_FUNCTIONS(LIBRARY_MEMBER)
} capstone;

/* Opens a disassembler for the code of an x86-64 kernel; capstone.cs_close() closes it. */
struct err *capstone_open(csh *handle) ERR_MUST_USE;

#endif
