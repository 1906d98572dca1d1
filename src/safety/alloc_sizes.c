/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Follows constants through registers up to calls of allocators. It reads the code in order and
 * ignores jumps, which is enough to compare two versions of a function.
 */
#include "safety/alloc_sizes.h"

#include <fnmatch.h>
#include <string.h>

#include "safety/insns.h"

/* The registers that hold the first four arguments. */
enum argument { ARGUMENT_1, ARGUMENT_2, ARGUMENT_3, ARGUMENT_4, NR_ARGUMENTS };

/* The first pattern that matches says which argument is the size. */
static const struct {
	const char *pattern;
	enum argument size;
} allocators[] = {
	{"kmalloc_node_trace*", ARGUMENT_4},
	{"__kmalloc_cache_node*", ARGUMENT_4},
	{"kmalloc_trace*", ARGUMENT_3},
	{"__kmalloc_cache*", ARGUMENT_3},
	{"kmem_cache_alloc_trace", ARGUMENT_3},
	{"__kmalloc*", ARGUMENT_1},
	{"kmalloc_large*", ARGUMENT_1},
	{"kmalloc_order*", ARGUMENT_1},
	{"krealloc*", ARGUMENT_2},
	{"kmemdup*", ARGUMENT_2},
	{"devm_kmalloc*", ARGUMENT_2},
	{"devm_kzalloc*", ARGUMENT_2},
	{"vmalloc*", ARGUMENT_1},
	{"vzalloc*", ARGUMENT_1},
	{"__vmalloc*", ARGUMENT_1},
	{"kvmalloc_node*", ARGUMENT_1},
	{"__kvmalloc_node*", ARGUMENT_1},
	{"__alloc_percpu*", ARGUMENT_1},
	{"pcpu_alloc*", ARGUMENT_1},
	{"kmem_cache_create*", ARGUMENT_2},
	{"__kmem_cache_create*", ARGUMENT_2},
	{"alloc_netdev_mqs", ARGUMENT_1},
};

struct size_reader {
	const struct elf_symbol *function;
	struct alloc_size_vec *sizes;
	bool known[NR_ARGUMENTS];
	uint64_t value[NR_ARGUMENTS];
};

static int argument_of(unsigned reg)
{
	switch (reg) {
	case X86_REG_RDI:
	case X86_REG_EDI:
	case X86_REG_DI:
	case X86_REG_DIL:
		return ARGUMENT_1;
	case X86_REG_RSI:
	case X86_REG_ESI:
	case X86_REG_SI:
	case X86_REG_SIL:
		return ARGUMENT_2;
	case X86_REG_RDX:
	case X86_REG_EDX:
	case X86_REG_DX:
	case X86_REG_DL:
		return ARGUMENT_3;
	case X86_REG_RCX:
	case X86_REG_ECX:
	case X86_REG_CX:
	case X86_REG_CL:
		return ARGUMENT_4;
	default:
		return -1;
	}
}

/*
 * Returns the function that an instruction's relocation leads to, or NULL if the instruction is not
 * a direct call or jump.
 */
static const char *size_callee(const struct elf_symbol *function, const cs_insn *insn)
{
	if (insn->id != X86_INS_CALL && insn->id != X86_INS_JMP)
		return NULL;
	vec_foreach(&function->section->relas, it)
		if (it->offset == function->value + insn->address + 1)
			return it->symbol->name;
	return NULL;
}

static void note_size(struct size_reader *reader, const char *callee)
{
	for (size_t i = 0; i < sizeof(allocators) / sizeof(allocators[0]); i++) {
		enum argument size = allocators[i].size;

		if (fnmatch(allocators[i].pattern, callee, 0) != 0)
			continue;
		if (reader->known[size])
			vec_push(reader->sizes, (struct alloc_size){callee, reader->value[size]});
		return;
	}
}

static void follow_constants(const cs_insn *insn, void *arg)
{
	struct size_reader *reader = arg;
	const cs_x86 *x86 = insn->id ? &insn->detail->x86 : NULL;
	const char *callee = x86 ? size_callee(reader->function, insn) : NULL;
	int to;

	if (callee)
		note_size(reader, callee);
	if (!x86 || insn->id == X86_INS_CALL) {
		memset(reader->known, 0, sizeof(reader->known));
		return;
	}
	for (unsigned i = 0; i < x86->op_count; i++) {
		to = x86->operands[i].type == X86_OP_REG ? argument_of(x86->operands[i].reg) : -1;
		if (to < 0 || !(x86->operands[i].access & CS_AC_WRITE))
			continue;
		reader->known[to] = !i && x86->op_count == 2 &&
				    (insn->id == X86_INS_MOV || insn->id == X86_INS_MOVABS) &&
				    x86->operands[1].type == X86_OP_IMM;
		if (reader->known[to])
			reader->value[to] = x86->operands[1].imm;
	}
}

void alloc_sizes_read(const struct elf_symbol *function, struct alloc_size_vec *sizes)
{
	struct size_reader reader = {.function = function, .sizes = sizes};

	if (function->section && function->section->data && function->size)
		insns_visit(function, true, follow_constants, &reader);
}
