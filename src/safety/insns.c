/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disassembles a function by capstone, if that can be loaded. */
#include "safety/insns.h"

bool insns_visit(const struct elf_symbol *function, bool detail,
		 void (*visit)(const cs_insn *insn, void *arg), void *arg)
{
	csh handle;
	struct err *err = capstone_open(&handle);

	if (err) {
		err_free(err);
		return false;
	}
	capstone.cs_option(handle, CS_OPT_DETAIL, detail ? CS_OPT_ON : CS_OPT_OFF);
	capstone.cs_option(handle, CS_OPT_SKIPDATA, CS_OPT_ON);

	cs_insn *insn = capstone.cs_malloc(handle);
	const uint8_t *code = function->section->data + function->value;
	size_t left = function->size;
	uint64_t at = 0;

	while (left && capstone.cs_disasm_iter(handle, &code, &left, &at, insn))
		visit(insn, arg);
	capstone.cs_free(insn, 1);
	capstone.cs_close(&handle);
	return true;
}
