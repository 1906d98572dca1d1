/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/capstone.h"

#include "base/alloc.h"

#define SONAME "libcapstone.so." LIBRARY_TEXT(CS_API_MAJOR)

LIBRARY_NOTE(SONAME, "disassembly", "disassembling functions of the kernel");

struct capstone capstone;

static const char *const names[] = {CAPSTONE_FUNCTIONS(LIBRARY_NAME)};
static struct library library = {SONAME, names, array_size(names), &capstone, NULL};

struct err *capstone_open(csh *handle)
{
	err_try(library_load(&library));

	cs_err error = capstone.cs_open(CS_ARCH_X86, CS_MODE_64, handle);

	return error == CS_ERR_OK ? NULL : err_new("the disassembler cannot be set up (%d)", error);
}
