/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks whether the kernel would find a task wherever it can sleep in the code of a live patch.
 *
 * coverage MODULE
 *
 * Before the module's code is freed, the kernel looks at the stacks of sleeping tasks for addresses
 * between the start of each replacement and the next symbol. So all code that a task can reach from
 * a replacement by jumps, without a call in between, has to be there or in another replacement.
 * This holds for all instructions, not only for calls that sleep: every access to user memory can
 * sleep, and a preempted task can be anywhere. The program prints what is elsewhere; the exit
 * status is then 1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/capstone.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "elf/elf.h"

/* The range that the kernel takes for the body of one replacement. */
struct range {
	const char *name;
	const struct elf_section *section;
	uint64_t start, end;
};

static struct VEC(struct range) ranges;
static unsigned problems, jumps, indirect;
static bool stores_functions;

static void must(struct err *err)
{
	if (!err)
		return;
	fprintf(stderr, "coverage: %s\n", err_message(err));
	exit(2);
}

static bool is_code(const struct elf_section *section)
{
	return section && section->flags & SHF_EXECINSTR;
}

/* find_kallsyms_symbol() in kernel/module/kallsyms.c ignores these (6.1). */
static bool is_symbol_of_kernel(const struct elf_symbol *symbol)
{
	return symbol->section && *symbol->name && !str_starts(symbol->name, ".L") &&
	       !str_starts(symbol->name, "L0");
}

static uint64_t next_symbol(const struct elf_object *module, const struct elf_section *section,
			    uint64_t start)
{
	uint64_t next = section->size;

	vec_foreach(&module->symbols, it)
		if (is_symbol_of_kernel(*it) && (*it)->section == section && (*it)->value > start &&
		    (*it)->value < next)
			next = (*it)->value;
	return next;
}

static const char *name_at(const struct elf_object *module, const struct elf_section *section,
			   uint64_t offset)
{
	vec_foreach(&module->symbols, it)
		if (is_symbol_of_kernel(*it) && (*it)->section == section && (*it)->value == offset)
			return (*it)->name;
	return section->name;
}

/* Finds the replacements, to which the glue's table of functions points. */
static void find_ranges(const struct elf_object *module)
{
	const struct elf_section *funcs = elf_find_section(module, ".suture.funcs");

	for (size_t i = 0; funcs && i < funcs->relas.len; i++) {
		const struct elf_rela *rela = &funcs->relas.data[i];
		const struct elf_section *section = rela->symbol->section;
		uint64_t start = rela->symbol->value + rela->addend;

		if (is_code(section))
			vec_push(&ranges,
				 (struct range){name_at(module, section, start), section, start,
						next_symbol(module, section, start)});
	}
}

static bool is_covered(const struct elf_section *section, uint64_t offset)
{
	vec_foreach(&ranges, it)
		if (it->section == section && offset >= it->start && offset < it->end)
			return true;
	return false;
}

static const struct elf_rela *rela_in(const struct elf_section *section, const cs_insn *insn)
{
	vec_foreach(&section->relas, it)
		if (it->offset >= insn->address && it->offset < insn->address + insn->size)
			return it;
	return NULL;
}

/* Returns whether livepatch fills a field of the instruction: it then leads to code of the kernel.
 */
static bool is_filled_by_livepatch(const struct elf_object *module,
				   const struct elf_section *section, const cs_insn *insn)
{
	vec_foreach(&module->sections, it) {
		if (!((*it)->flags & SHF_RELA_LIVEPATCH) || (*it)->target != section)
			continue;
		if (rela_in(*it, insn))
			return true;
	}
	return false;
}

static void check_target(const struct elf_object *module, const struct range *range,
			 const cs_insn *insn, const struct elf_section *section, uint64_t offset)
{
	jumps++;
	/*
	 * Replacement code that the kernel copies when it loads the module is never run where it
	 * is.
	 */
	if (!is_code(section) || str_starts(section->name, ".altinstr") ||
	    is_covered(section, offset))
		return;
	printf("%s+0x%llx: jumps to %s, where the kernel does not look\n", range->name,
	       (unsigned long long)(insn->address - range->start),
	       name_at(module, section, offset));
	problems++;
}

static void check_jump(const struct elf_object *module, const struct range *range,
		       const cs_insn *insn)
{
	const struct elf_rela *rela = rela_in(range->section, insn);
	const cs_x86 *x86 = &insn->detail->x86;

	if (rela && str_starts(rela->symbol->name, "__x86_indirect_thunk"))
		indirect++;
	else if (x86->op_count && x86->operands[0].type != X86_OP_IMM)
		indirect++;
	else if (rela && rela->symbol->section)
		check_target(module, range, insn, rela->symbol->section,
			     rela->symbol->value + rela->addend + 4);
	else if (!rela && x86->op_count && !is_filled_by_livepatch(module, range->section, insn))
		check_target(module, range, insn, range->section, x86->operands[0].imm);
}

static void check_range(csh handle, const struct elf_object *module, const struct range *range)
{
	const uint8_t *code = range->section->data + range->start;
	size_t left = range->end - range->start;
	uint64_t address = range->start;
	cs_insn *insn = capstone.cs_malloc(handle);
	bool called = false;

	while (capstone.cs_disasm_iter(handle, &code, &left, &address, insn)) {
		if (!insn->id)
			continue;
		called = insn->id == X86_INS_CALL;
		if (capstone.cs_insn_group(handle, insn, CS_GRP_JUMP))
			check_jump(module, range, insn);
	}
	/* The return address of a call that does not return is that of the next symbol. */
	if (called) {
		printf("%s: ends with a call, whose return address lies behind it\n", range->name);
		problems++;
	}
	capstone.cs_free(insn, 1);
}

/*
 * Returns whether data of the patch contains pointers to its own functions, to which indirect jumps
 * may lead.
 */
static bool holds_pointers(const struct elf_object *module)
{
	vec_foreach(&module->sections, it) {
		const struct elf_section *section = *it;

		if (!str_starts(section->name, ".data") && !str_starts(section->name, ".rodata"))
			continue;
		vec_foreach(&section->relas, rela)
			if (rela->symbol->type == STT_FUNC && is_code(rela->symbol->section) &&
			    str_starts(rela->symbol->section->name, ".text."))
				return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	scope_elf module = NULL;
	csh handle;

	if (argc != 2) {
		fprintf(stderr, "usage: coverage MODULE\n");
		return 2;
	}
	must(elf_object_open(argv[1], &module));
	must(capstone_open(&handle));
	capstone.cs_option(handle, CS_OPT_SKIPDATA, CS_OPT_ON);
	capstone.cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
	find_ranges(module);
	vec_foreach(&ranges, it)
		check_range(handle, module, it);
	stores_functions = holds_pointers(module);
	capstone.cs_close(&handle);
	printf("%zu replacements, %u jumps, %u of them indirect%s, %u problems\n", ranges.len,
	       jumps, indirect, stores_functions ? " beside pointers to new functions" : "",
	       problems);
	vec_free(&ranges);
	return problems ? 1 : 0;
}
