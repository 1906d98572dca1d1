/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Determines from a function's code and unwind data whether it takes arguments on the stack. Debug
 * data does not show it, since the compiler changes the arguments of static functions. But objtool
 * has computed for each instruction where the frame ends, and everything beyond belongs to the
 * caller.
 */
#include "klp/stack_arguments.h"

#include "base/capstone.h"

bool orc_state_find(const struct elf_object *object, const struct elf_section *section,
		    uint64_t offset, struct orc_state *state)
{
	const struct elf_section *places = elf_find_section(object, ".orc_unwind_ip");
	const struct elf_section *entries = elf_find_section(object, ".orc_unwind");
	size_t count = places ? places->size / 4 : 0;
	uint64_t best = 0;

	state->size = count && entries && entries->data ? entries->size / count : 0;
	state->bytes = NULL;
	if (state->size < 5)
		return false;
	vec_foreach(&places->relas, rela) {
		uint64_t at = rela->symbol->value + rela->addend;

		if (rela->symbol->section != section || at > offset ||
		    (state->bytes && at < best) || rela->offset / 4 >= count)
			continue;
		best = at;
		state->bytes = entries->data + rela->offset / 4 * state->size;
	}
	if (!state->bytes)
		return false;
	state->offset = (int16_t)(state->bytes[0] | state->bytes[1] << 8);
	state->reg = state->bytes[4] & 0xf;
	return true;
}

static bool is_beyond_frame(const cs_x86_op *operand, const struct orc_state *state)
{
	if (operand->type != X86_OP_MEM || operand->mem.disp < state->offset)
		return false;
	return (operand->mem.base == X86_REG_RSP && state->reg == ORC_SP) ||
	       (operand->mem.base == X86_REG_RBP && state->reg == ORC_BP);
}

static bool uses_stack_arguments(csh handle, const struct elf_object *object,
				 const struct elf_symbol *function)
{
	const uint8_t *code = function->section->data + function->value;
	size_t left = function->size;
	uint64_t address = function->value;
	cs_insn *insn = capstone.cs_malloc(handle);
	bool uses = false;

	while (!uses && capstone.cs_disasm_iter(handle, &code, &left, &address, insn)) {
		struct orc_state state;

		if (!insn->id || !orc_state_find(object, function->section, insn->address, &state))
			continue;
		for (unsigned i = 0; i < insn->detail->x86.op_count; i++)
			uses = uses || is_beyond_frame(&insn->detail->x86.operands[i], &state);
	}
	capstone.cs_free(insn, 1);
	return uses;
}

struct err *stack_arguments_taken(const struct elf_object *object,
				  const struct elf_symbol *function, bool *takes)
{
	csh handle;

	err_try(capstone_open(&handle));
	capstone.cs_option(handle, CS_OPT_SKIPDATA, CS_OPT_ON);
	capstone.cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
	*takes = uses_stack_arguments(handle, object, function);
	capstone.cs_close(&handle);
	return NULL;
}
