/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads the disassembler and sets it up for the code of a kernel. */
#include "base/capstone.h"

struct capstone capstone;

LIBRARY_DEFINE(capstone, CAPSTONE_FUNCTIONS, "libcapstone.so." LIBRARY_TEXT(CS_API_MAJOR),
	       "disassembly", "disassembling functions of the kernel");

struct err *capstone_open(csh *handle)
{
	err_try(library_load(&capstone_library));

	cs_err error = capstone.cs_open(CS_ARCH_X86, CS_MODE_64, handle);

	return error == CS_ERR_OK ? NULL : err_new("the disassembler cannot be set up (%d)", error);
}
