/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads from machine code and its relocations what a function calls, refers to and needs. */
#include "safety/code.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "safety/insns.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct call *)a)->name, ((const struct call *)b)->name);
}

static bool is_relative(uint32_t type)
{
	return type == R_X86_64_PLT32 || type == R_X86_64_PC32;
}

/* Returns the function that a relocation means, also when the relocation names a section. */
static const struct elf_symbol *target_of(const struct elf_object *object,
					  const struct elf_rela *rela)
{
	const struct elf_symbol *symbol = rela->symbol;

	if (symbol->type != STT_SECTION)
		return symbol;

	uint64_t at = rela->addend + (is_relative(rela->type) ? 4 : 0);

	vec_foreach(&object->symbols, it)
		if ((*it)->section == symbol->section && (*it)->type == STT_FUNC &&
		    (*it)->value == at)
			return *it;
	return symbol;
}

/*
 * preempt_disable() and preempt_enable() compile to one instruction that changes the count in
 * memory: inc, dec, add or sub. Returns NULL if the field is not that count.
 */
static const char *preemption(const struct elf_section *section, const struct elf_rela *rela)
{
	const uint8_t *data = section->data;
	bool absolute;
	uint8_t opcode, digit;

	if ((strcmp(rela->symbol->name, "__preempt_count") != 0 &&
	     strcmp(rela->symbol->name, "pcpu_hot") != 0) || /* since 6.2 */
	    !data ||
	    rela->offset < 4)
		return NULL;
	absolute = data[rela->offset - 1] == 0x25; /* a SIB byte between ModRM and the field */
	opcode = data[rela->offset - 2 - absolute];
	digit = data[rela->offset - 1 - absolute] >> 3 & 7;
	if (opcode == 0xff && digit < 2)
		return digit ? "preempt_enable" : "preempt_disable";
	if ((opcode == 0x83 || opcode == 0x81) && (digit == 0 || digit == 5))
		return digit ? "preempt_enable" : "preempt_disable";
	return NULL;
}

static void add_calls(const struct elf_object *object, const struct elf_symbol *function,
		      struct call_vec *calls)
{
	if (!function->section)
		return;
	vec_foreach(&function->section->relas, rela) {
		const struct elf_symbol *to;
		const char *inlined;

		if (rela->offset < function->value ||
		    rela->offset >= function->value + function->size)
			continue;
		inlined = preemption(function->section, rela);
		if (inlined)
			vec_push(calls, (struct call){inlined, 1});
		if (inlined || !is_relative(rela->type))
			continue;
		to = target_of(object, rela);
		/*
		 * Assemblers write calls of other sections as PLT32, but not calls of local
		 * functions.
		 */
		if (rela->type != R_X86_64_PLT32 && to->type != STT_FUNC)
			continue;
		if (to == function || !*to->name || !strcmp(to->name, "__fentry__") ||
		    (to->section && to->type != STT_FUNC) || strstr(to->name, "x86_return_thunk") ||
		    /*
		     * A call through a pointer uses a thunk for each register; which register it is
		     * does not matter.
		     */
		    str_starts(to->name, "__x86_indirect_thunk_"))
			continue;
		vec_push(calls, (struct call){to->name, 1});
	}
}

void code_merge_calls(struct call_vec *calls)
{
	size_t kept = 0;

	if (!calls->len)
		return;
	qsort(calls->data, calls->len, sizeof(*calls->data), by_name);
	for (size_t i = 1; i < calls->len; i++) {
		if (!strcmp(calls->data[i].name, calls->data[kept].name))
			calls->data[kept].count += calls->data[i].count;
		else
			calls->data[++kept] = calls->data[i];
	}
	calls->len = kept + 1;
}

const struct elf_symbol *code_cold_part(const struct elf_object *object,
					const struct elf_symbol *function)
{
	scope_free char *cold = xasprintf("%s.cold", function->name);
	const struct elf_symbol *part = elf_find_symbol(object, cold);

	return part && part->section ? part : NULL;
}

/* Jumps between a function and its cold part are not calls. */
static void drop_own_parts(struct call_vec *calls, const struct elf_symbol *function,
			   const struct elf_symbol *part)
{
	size_t kept = 0;

	for (size_t i = 0; i < calls->len; i++)
		if (strcmp(calls->data[i].name, function->name) != 0 &&
		    strcmp(calls->data[i].name, part->name) != 0)
			calls->data[kept++] = calls->data[i];
	calls->len = kept;
}

void code_calls(const struct elf_object *object, const struct elf_symbol *function,
		struct call_vec *calls)
{
	code_calls_of_parts(object, function, code_cold_part(object, function), calls);
}

void code_calls_of_parts(const struct elf_object *object, const struct elf_symbol *function,
			 const struct elf_symbol *part, struct call_vec *calls)
{
	add_calls(object, function, calls);
	if (part) {
		add_calls(object, part, calls);
		drop_own_parts(calls, function, part);
	}
	code_merge_calls(calls);
}

uint64_t code_size(const struct elf_object *object, const struct elf_symbol *function)
{
	const struct elf_symbol *part = code_cold_part(object, function);

	return function->size + (part ? part->size : 0);
}

void code_call_sequence(const struct elf_object *object, const struct elf_symbol *function,
			struct call_vec *calls)
{
	add_calls(object, function, calls);
}

unsigned calls_of(const struct call_vec *calls, const char *name)
{
	vec_foreach(calls, it)
		if (!strcmp(it->name, name))
			return it->count;
	return 0;
}

/*
 * Exports were named "__ksymtab_foo" until 6.3 and are "__export_symbol_foo" since (v6.4, commit
 * 5e9e95cc9148).
 */
void code_exports(const struct elf_object *object, struct str_vec *names)
{
	static const char *const prefixes[] = {"__ksymtab_", "__export_symbol_"};

	vec_foreach(&object->symbols, it)
		for (size_t i = 0; i < array_size(prefixes); i++)
			if ((*it)->section && str_starts((*it)->name, prefixes[i]))
				vec_push(names, xstrdup((*it)->name + strlen(prefixes[i])));
	str_vec_sort_unique(names);
}

static const char *holder_of(const struct elf_object *object, const struct elf_section *section,
			     uint64_t offset)
{
	vec_foreach(&object->symbols, it)
		if ((*it)->section == section && (*it)->type == STT_FUNC &&
		    offset >= (*it)->value && offset - (*it)->value < (*it)->size)
			return (*it)->name;
	return section->name;
}

/*
 * Returns whether the field belongs to a call or a jump, not to an instruction that takes an
 * address.
 */
static bool is_branch_field(const struct elf_section *section, uint64_t offset)
{
	const uint8_t *data = section->data;

	if (!(section->flags & SHF_EXECINSTR) || !data || offset < 2)
		return false;
	return data[offset - 1] == 0xe8 || data[offset - 1] == 0xe9 ||
	       (data[offset - 2] == 0x0f && (data[offset - 1] & 0xf0) == 0x80);
}

void code_references(const struct elf_object *object, const struct elf_symbol *function,
		     struct code_reference_vec *references)
{
	vec_foreach(&object->sections, it) {
		const struct elf_section *section = *it;

		if (!(section->flags & SHF_ALLOC) || diff_section_is_list(section->name) ||
		    str_starts(section->name, "__ksymtab") || str_starts(section->name, ".discard"))
			continue;
		vec_foreach(&section->relas, rela)
			if ((rela->symbol == function ||
			     (rela->symbol->type == STT_SECTION &&
			      rela->symbol->section == function->section)) &&
			    target_of(object, rela) == function)
				vec_push(references,
					 (struct code_reference){
						 holder_of(object, section, rela->offset),
						 is_branch_field(section, rela->offset)});
	}
}

/* Returns the function that is called next after an offset in a section of code, or NULL. */
static const struct elf_symbol *next_call(const struct elf_object *object,
					  const struct elf_section *section, uint64_t offset)
{
	const struct elf_rela *next = NULL;

	vec_foreach(&section->relas, rela)
		if (rela->offset > offset && is_relative(rela->type) &&
		    is_branch_field(section, rela->offset) &&
		    (!next || rela->offset < next->offset))
			next = rela;
	return next ? target_of(object, next) : NULL;
}

/* Returns whether a relocation stands for the address of the function. */
static bool is_address_of(const struct elf_object *object, const struct elf_rela *rela,
			  const struct elf_symbol *function)
{
	return target_of(object, rela) == function ||
	       (rela->symbol->type == STT_SECTION && rela->symbol->section == function->section &&
		(uint64_t)rela->addend == function->value);
}

bool code_is_given_to(const struct elf_object *object, const struct elf_symbol *function,
		      bool (*wanted)(const char *name))
{
	vec_foreach(&object->sections, it) {
		const struct elf_section *section = *it;

		if (!(section->flags & SHF_EXECINSTR) || !(section->flags & SHF_ALLOC))
			continue;
		vec_foreach(&section->relas, rela) {
			const struct elf_symbol *next;

			if (is_branch_field(section, rela->offset) ||
			    !is_address_of(object, rela, function))
				continue;
			next = next_call(object, section, rela->offset);
			if (next && wanted(next->name))
				return true;
		}
	}
	return false;
}

/*
 * A jump out of a function, except to its cold part, is a tail call. The relocation is in one of
 * its parts, itself or its cold part.
 */
static bool is_way_out(const struct elf_symbol *function, const struct elf_symbol *part,
		       const struct elf_rela *rela)
{
	const uint8_t *before = part->section->data + rela->offset;
	const struct elf_symbol *to = rela->symbol;
	size_t len = strlen(function->name);

	if (!is_relative(rela->type) || rela->offset < 2 ||
	    !is_branch_field(part->section, rela->offset) || before[-1] == 0xe8)
		return false;
	if (!strncmp(to->name, function->name, len) && str_starts(to->name + len, ".cold"))
		return false;
	return to->section != function->section &&
	       !(to->section && str_starts(to->section->name, ".text.unlikely"));
}

static void find_return(const cs_insn *insn, void *returns)
{
	*(bool *)returns |= insn->id == X86_INS_RET;
}

/* Returns whether a part of a function, itself or its cold part, leaves it. */
static bool part_returns(const struct elf_symbol *function, const struct elf_symbol *part)
{
	bool returns = false;

	vec_foreach(&part->section->relas, rela)
		if (rela->offset >= part->value && rela->offset < part->value + part->size)
			returns |= is_way_out(function, part, rela);
	return returns || !insns_visit(part, false, find_return, &returns) || returns;
}

bool code_never_returns(const struct elf_object *object, const struct elf_symbol *function)
{
	const struct elf_section *section = function->section;
	const struct elf_symbol *cold = code_cold_part(object, function);

	if (!section || !section->data || !function->size)
		return false;
	/* gcc may move the only return into the cold part. */
	return !part_returns(function, function) &&
	       !(cold && cold->section->data && part_returns(function, cold));
}

/*
 * Relative relocations in code are corrected by the distance from the field to the end of the
 * instruction.
 */
#define MAX_TAIL 8

static bool may_mean(const struct elf_rela *rela, const struct elf_symbol *variable)
{
	int64_t from = variable->value - MAX_TAIL, to = variable->value + variable->size;

	if (rela->symbol == variable)
		return true;
	return rela->symbol->type == STT_SECTION && rela->symbol->section == variable->section &&
	       rela->addend >= from && rela->addend < to;
}

void code_users(const struct elf_object *object, const struct elf_symbol *variable,
		struct str_vec *functions)
{
	vec_foreach(&object->sections, it) {
		const struct elf_section *section = *it;

		if (!(section->flags & SHF_EXECINSTR))
			continue;
		vec_foreach(&section->relas, rela)
			if (may_mean(rela, variable))
				vec_push(functions,
					 xstrdup(holder_of(object, section, rela->offset)));
	}
	str_vec_sort_unique(functions);
}

/* Pushes after this many bytes are arguments of calls, or belong to another path. */
#define PROLOGUE 96

static unsigned insn_frame(const cs_insn *insn, uint64_t offset)
{
	const cs_x86 *x86 = &insn->detail->x86;

	if (insn->id == X86_INS_PUSH && offset < PROLOGUE && x86->operands[0].type == X86_OP_REG)
		return 8;
	if (x86->op_count != 2 || x86->operands[0].type != X86_OP_REG ||
	    x86->operands[0].reg != X86_REG_RSP || x86->operands[1].type != X86_OP_IMM)
		return 0;

	/*
	 * Compilers take 128 bytes by adding -128 and give them back by subtracting it, which is a
	 * shorter encoding.
	 */
	int64_t down = insn->id == X86_INS_SUB	 ? x86->operands[1].imm
		       : insn->id == X86_INS_ADD ? -x86->operands[1].imm
						 : 0;

	return down > 0 ? down : 0;
}

static void add_frame(const cs_insn *insn, void *frame)
{
	*(unsigned *)frame += insn->id ? insn_frame(insn, insn->address) : 0;
}

unsigned code_frame(const struct elf_symbol *function)
{
	unsigned frame = 8; /* the return address */

	if (!function->section || !function->section->data ||
	    !insns_visit(function, true, add_frame, &frame))
		return 0;
	return frame;
}
