/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Follows constants, sums with a constant, and loaded variables through registers up to calls. It
 * reads the code in order and ignores jumps, so a register may hold something else on another path.
 */
#include "safety/call_arguments.h"

#include <string.h>

#include "base/strbuf.h"
#include "safety/insns.h"

/* The registers of arguments come first, in their order. */
static const x86_reg register_names[][4] = {
	{X86_REG_RDI, X86_REG_EDI, X86_REG_DI, X86_REG_DIL},
	{X86_REG_RSI, X86_REG_ESI, X86_REG_SI, X86_REG_SIL},
	{X86_REG_RDX, X86_REG_EDX, X86_REG_DX, X86_REG_DL},
	{X86_REG_RCX, X86_REG_ECX, X86_REG_CX, X86_REG_CL},
	{X86_REG_R8, X86_REG_R8D, X86_REG_R8W, X86_REG_R8B},
	{X86_REG_R9, X86_REG_R9D, X86_REG_R9W, X86_REG_R9B},
	{X86_REG_RAX, X86_REG_EAX, X86_REG_AX, X86_REG_AL},
	{X86_REG_RBX, X86_REG_EBX, X86_REG_BX, X86_REG_BL},
	{X86_REG_RBP, X86_REG_EBP, X86_REG_BP, X86_REG_BPL},
	{X86_REG_R10, X86_REG_R10D, X86_REG_R10W, X86_REG_R10B},
	{X86_REG_R11, X86_REG_R11D, X86_REG_R11W, X86_REG_R11B},
	{X86_REG_R12, X86_REG_R12D, X86_REG_R12W, X86_REG_R12B},
	{X86_REG_R13, X86_REG_R13D, X86_REG_R13W, X86_REG_R13B},
	{X86_REG_R14, X86_REG_R14D, X86_REG_R14W, X86_REG_R14B},
	{X86_REG_R15, X86_REG_R15D, X86_REG_R15W, X86_REG_R15B},
};

#define NR_REGISTERS array_size(register_names)

struct argument_reader {
	const struct elf_symbol *function;
	void (*visit)(const char *callee, const struct call_argument *arguments, void *arg);
	void *arg;
	struct call_argument held[NR_REGISTERS];
};

static struct call_argument *register_held(struct argument_reader *reader, unsigned reg)
{
	for (size_t i = 0; i < NR_REGISTERS; i++)
		for (size_t k = 0; k < array_size(register_names[i]); k++)
			if (register_names[i][k] == reg)
				return &reader->held[i];
	return NULL;
}

static const struct elf_rela *insn_rela(const struct argument_reader *reader, const cs_insn *insn)
{
	uint64_t at = reader->function->value + insn->address;

	vec_foreach(&reader->function->section->relas, it)
		if (it->offset >= at && it->offset < at + insn->size)
			return it;
	return NULL;
}

/* Returns what the second operand puts into the register. */
static struct call_argument moved(struct argument_reader *reader, const cs_insn *insn)
{
	const cs_x86_op *from = &insn->detail->x86.operands[1];
	const struct elf_rela *rela = insn_rela(reader, insn);
	const struct call_argument *held;

	if (from->type == X86_OP_IMM && !rela)
		return (struct call_argument){.kind = ARGUMENT_CONSTANT, .value = from->imm};
	if (from->type == X86_OP_MEM && rela)
		return (struct call_argument){
			.kind = ARGUMENT_LOADED,
			.variable = rela,
			.tail = reader->function->value + insn->address + insn->size - rela->offset,
		};
	held = from->type == X86_OP_REG ? register_held(reader, from->reg) : NULL;
	return held ? *held : (struct call_argument){};
}

static struct call_argument computed(struct argument_reader *reader, const cs_insn *insn,
				     struct call_argument old)
{
	const cs_x86_op *from = &insn->detail->x86.operands[1];
	const struct call_argument *base;

	switch (insn->id) {
	case X86_INS_MOV:
	case X86_INS_MOVABS:
	case X86_INS_MOVSXD:
		return moved(reader, insn);
	case X86_INS_XOR:
		if (from->type == X86_OP_REG && from->reg == insn->detail->x86.operands[0].reg)
			return (struct call_argument){.kind = ARGUMENT_CONSTANT};
		return (struct call_argument){};
	case X86_INS_LEA:
		base = register_held(reader, from->mem.base);
		if (insn_rela(reader, insn) || from->mem.base == X86_REG_RSP)
			return (struct call_argument){};
		if (base && base->kind != ARGUMENT_UNKNOWN && base->kind != ARGUMENT_LOADED &&
		    from->mem.index == X86_REG_INVALID)
			return (struct call_argument){.kind = base->kind,
						      .value = base->value + from->mem.disp};
		return (struct call_argument){.kind = ARGUMENT_SUM, .value = from->mem.disp};
	case X86_INS_ADD:
	case X86_INS_SUB:
		if (from->type != X86_OP_IMM || insn_rela(reader, insn))
			return (struct call_argument){};
		if (old.kind != ARGUMENT_CONSTANT)
			old.kind = ARGUMENT_SUM;
		old.value += insn->id == X86_INS_ADD ? from->imm : -from->imm;
		return old;
	default:
		return (struct call_argument){};
	}
}

/*
 * Returns the function that an instruction's relocation leads to, or NULL if the instruction is not
 * a direct call or jump.
 */
static const char *argument_callee(const struct argument_reader *reader, const cs_insn *insn)
{
	if (insn->id != X86_INS_CALL && insn->id != X86_INS_JMP)
		return NULL;

	const struct elf_rela *rela = insn_rela(reader, insn);
	uint64_t operand = reader->function->value + insn->address + 1;

	return rela && rela->offset == operand ? rela->symbol->name : NULL;
}

static void follow_registers(const cs_insn *insn, void *arg)
{
	struct argument_reader *reader = arg;
	const cs_x86 *x86 = insn->id ? &insn->detail->x86 : NULL;
	const char *callee = x86 ? argument_callee(reader, insn) : NULL;

	if (callee)
		reader->visit(callee, reader->held, reader->arg);
	if (!x86 || insn->id == X86_INS_CALL) {
		memset(reader->held, 0, sizeof(reader->held));
		return;
	}
	for (unsigned i = 0; i < x86->op_count; i++) {
		struct call_argument *to = x86->operands[i].type == X86_OP_REG
						   ? register_held(reader, x86->operands[i].reg)
						   : NULL;

		if (!to || !(x86->operands[i].access & CS_AC_WRITE))
			continue;
		*to = !i && x86->op_count == 2 ? computed(reader, insn, *to)
					       : (struct call_argument){};
	}
}

void call_arguments_visit(const struct elf_symbol *function,
			  void (*visit)(const char *callee,
					const struct call_argument arguments[NR_CALL_ARGUMENTS],
					void *arg),
			  void *arg)
{
	struct argument_reader reader = {.function = function, .visit = visit, .arg = arg};

	if (function->section && function->section->data && function->size)
		insns_visit(function, true, follow_registers, &reader);
}
