/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Follows the address of an object that comes with the patch, from the instruction that makes it,
 * to find whether it is only used or is stored where it may outlive the patch. It follows all paths
 * through the function, with the registers that contain the address on each.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/capstone.h"
#include "diff/stored.h"

/* At most so many instructions are followed for one address; after that it counts as stored. */
#define MAX_STEPS 2000

/*
 * Each register is a bit. rdi, rsi, rdx, rcx, r8 and r9 are arguments; those from rbx on are
 * preserved by calls.
 */
static const x86_reg registers[][2] = {
	{X86_REG_RDI, X86_REG_EDI},  {X86_REG_RSI, X86_REG_ESI},  {X86_REG_RDX, X86_REG_EDX},
	{X86_REG_RCX, X86_REG_ECX},  {X86_REG_R8, X86_REG_R8D},	  {X86_REG_R9, X86_REG_R9D},
	{X86_REG_RAX, X86_REG_EAX},  {X86_REG_R10, X86_REG_R10D}, {X86_REG_R11, X86_REG_R11D},
	{X86_REG_RBX, X86_REG_EBX},  {X86_REG_RBP, X86_REG_EBP},  {X86_REG_R12, X86_REG_R12D},
	{X86_REG_R13, X86_REG_R13D}, {X86_REG_R14, X86_REG_R14D}, {X86_REG_R15, X86_REG_R15D},
};

#define ARGUMENTS 0x003fU
#define RESULT 0x0040U
#define KEPT_BY_CALLS 0x7e00U

/* A place where the walk continues, and the registers that contain the address there. */
struct stop {
	uint64_t at;
	unsigned mask;
};

struct address_walk {
	csh handle;
	cs_insn *insn;
	const struct atom *function;
	unsigned *seen; /* for each offset, the registers with which it was passed */
	struct VEC(struct stop) todo;
	struct diff_stored *found;
	unsigned steps;
};

static unsigned bit_of(unsigned reg)
{
	for (size_t i = 0; i < array_size(registers); i++)
		if (registers[i][0] == reg || registers[i][1] == reg)
			return 1U << i;
	return 0;
}

static const struct ref *ref_in(const struct atom *function, const cs_insn *insn)
{
	for (size_t i = 0; i < function->refs.len; i++)
		if (function->refs.data[i].offset >= insn->address &&
		    function->refs.data[i].offset < insn->address + insn->size)
			return &function->refs.data[i];
	return NULL;
}

static const char *target_name(const struct ref *ref)
{
	return ref->target && ref->target->symbol ? ref->target->symbol->name : ref->symbol->name;
}

static void walk_reach(struct address_walk *walk, uint64_t at, unsigned mask)
{
	if (!mask || at >= walk->function->size || !(mask & ~walk->seen[at]))
		return;
	walk->seen[at] |= mask;
	vec_push(&walk->todo, (struct stop){at, walk->seen[at]});
}

static bool is_on_stack(const cs_x86_op *operand)
{
	return operand->mem.base == X86_REG_RSP;
}

/* Returns the registers that contain the address after the instruction. */
static unsigned walk_effect(struct address_walk *walk, const cs_insn *insn, unsigned mask)
{
	const cs_x86 *x86 = &insn->detail->x86;
	const cs_x86_op *to = &x86->operands[0], *from = &x86->operands[1];
	unsigned held =
		x86->op_count > 1 && from->type == X86_OP_REG ? bit_of(from->reg) & mask : 0;
	unsigned set;

	if (insn->id == X86_INS_PUSH || insn->id == X86_INS_CMP || insn->id == X86_INS_TEST ||
	    !x86->op_count)
		return mask;
	if (to->type == X86_OP_MEM) {
		if (held && is_on_stack(to))
			walk->found->hidden = true;
		else if (held)
			walk->found->written = true;
		return mask;
	}
	set = to->type == X86_OP_REG ? bit_of(to->reg) : 0;
	if (insn->id == X86_INS_LEA)
		held = (bit_of(from->mem.base) | bit_of(from->mem.index)) & mask;
	else if (insn->id != X86_INS_MOV && insn->id != X86_INS_MOVZX && insn->id != X86_INS_POP &&
		 !(insn->id == X86_INS_XOR && from->type == X86_OP_REG && from->reg == to->reg))
		held |= set & mask;
	return held ? mask | set : mask & ~set;
}

static void walk_call(struct address_walk *walk, const struct ref *ref, unsigned mask)
{
	const char *name = ref ? target_name(ref) : "a function";

	size_t i = 0;

	if (!(mask & ARGUMENTS))
		return;
	while (i < walk->found->nr_callees && strcmp(walk->found->callees[i], name) != 0)
		i++;
	if (i == array_size(walk->found->callees))
		return;
	if (i == walk->found->nr_callees)
		walk->found->callees[walk->found->nr_callees++] = name;
	walk->found->arguments[i] |= mask & ARGUMENTS;
}

static void walk_step(struct address_walk *walk, const cs_insn *insn, unsigned mask)
{
	const struct ref *ref = ref_in(walk->function, insn);
	const cs_x86 *x86 = &insn->detail->x86;
	uint64_t next = insn->address + insn->size;
	bool jumps = capstone.cs_insn_group(walk->handle, insn, CS_GRP_JUMP);
	bool returns = insn->id == X86_INS_RET || (ref && strstr(target_name(ref), "return_thunk"));

	if (returns) {
		walk->found->returned |= (mask & RESULT) != 0;
	} else if (insn->id == X86_INS_CALL) {
		walk_call(walk, ref, mask);
		walk_reach(walk, next, mask & KEPT_BY_CALLS);
	} else if (jumps) {
		if (ref && insn->id == X86_INS_JMP)
			walk_call(walk, ref, mask);
		else if (!ref && x86->op_count && x86->operands[0].type == X86_OP_IMM)
			walk_reach(walk, x86->operands[0].imm, mask);
		if (insn->id != X86_INS_JMP)
			walk_reach(walk, next, mask);
	} else if (insn->id) {
		walk_reach(walk, next, walk_effect(walk, insn, mask));
	}
}

static bool walk_decode(struct address_walk *walk, uint64_t at)
{
	const struct atom *function = walk->function;
	const uint8_t *code = function->section->data + function->start + at;
	size_t left = function->size - at;

	return capstone.cs_disasm_iter(walk->handle, &code, &left, &at, walk->insn);
}

/* Starts where the address is the instruction's immediate operand, or the result of lea. */
static void walk_start(struct address_walk *walk, uint64_t field)
{
	const cs_insn *insn = walk->insn;
	const cs_x86 *x86 = &insn->detail->x86;
	bool is_address = insn->id == X86_INS_LEA || x86->encoding.disp_offset == 0 ||
			  insn->address + x86->encoding.disp_offset != field;

	if (!insn->id || !is_address || !x86->op_count || insn->id == X86_INS_CMP)
		return;
	if (x86->operands[0].type == X86_OP_MEM) {
		if (is_on_stack(&x86->operands[0]))
			walk->found->hidden = true;
		else
			walk->found->written = true;
	} else if (x86->operands[0].type == X86_OP_REG) {
		walk_reach(walk, insn->address + insn->size, bit_of(x86->operands[0].reg));
	}
	while (walk->todo.len && walk->steps++ < MAX_STEPS) {
		struct stop stop = walk->todo.data[--walk->todo.len];

		if (walk_decode(walk, stop.at))
			walk_step(walk, walk->insn, stop.mask);
	}
	walk->found->hidden |= walk->todo.len > 0;
}

/*
 * Finds the instruction that contains the field, starting from an earlier one, as instructions
 * differ in length. *from becomes its position.
 */
static bool walk_find(struct address_walk *walk, uint64_t field, uint64_t *from)
{
	const struct atom *function = walk->function;
	uint64_t at = field >= *from ? *from : 0;
	const uint8_t *code = function->section->data + function->start + at;
	size_t left = function->size - at;

	while (capstone.cs_disasm_iter(walk->handle, &code, &left, &at, walk->insn)) {
		if (field >= walk->insn->address + walk->insn->size)
			continue;
		*from = walk->insn->address;
		return true;
	}
	return false;
}

struct err *stored_follow(const struct atom *function, const struct ref *ref, uint64_t *from,
			  struct diff_stored *found)
{
	struct address_walk walk = {.function = function, .found = found};

	err_try(capstone_open(&walk.handle));
	capstone.cs_option(walk.handle, CS_OPT_DETAIL, CS_OPT_ON);
	capstone.cs_option(walk.handle, CS_OPT_SKIPDATA, CS_OPT_ON);
	walk.insn = capstone.cs_malloc(walk.handle);
	walk.seen = xcalloc(function->size, sizeof(*walk.seen));
	if (walk_find(&walk, ref->offset, from))
		walk_start(&walk, ref->offset);
	free(walk.seen);
	vec_free(&walk.todo);
	capstone.cs_free(walk.insn, 1);
	capstone.cs_close(&walk.handle);
	return NULL;
}
