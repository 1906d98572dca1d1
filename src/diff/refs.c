/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From relocations to what they point at. */
#include <capstone/capstone.h>
#include <string.h>

#include "base/alloc.h"
#include "diff/diff_internal.h"

/*
 * A field addressed relative to the next instruction is preceded by a ModRM byte with
 * mod 00 and r/m 101 (Intel SDM, table 2-2); a direct call or jump never is.
 */
static bool is_branch(const struct elf_section *section, const struct elf_rela *rela)
{
	return section->flags & SHF_EXECINSTR && elf_rela_is_relative(rela->type) && rela->offset &&
	       (section->data[rela->offset - 1] & 0xc7) != 0x05;
}

void ref_resolve(const struct side *side, const struct elf_section *section,
		 const struct elf_rela *rela, uint64_t start, unsigned tail, struct ref *ref)
{
	const struct elf_symbol *symbol = rela->symbol;

	*ref = (struct ref){
		.offset = rela->offset - start,
		.type = rela->type,
		.symbol = symbol,
		.branch = is_branch(section, rela),
	};
	/*
	 * Code counts from the next instruction, so the addend holds the distance to it;
	 * tables hold offsets from the field itself.
	 */
	if (elf_rela_is_relative(rela->type) && section->flags & SHF_EXECINSTR)
		ref->bias = -(int64_t)(elf_rela_width(rela->type) + tail);
	ref->inside = rela->addend - ref->bias;
	if (!symbol->section)
		return;
	ref->target = side->by_symbol[symbol->index];
	if (!ref->target)
		ref->target = side_atom_at(side, symbol->section, symbol->value + ref->inside);
	if (ref->target)
		ref->inside += symbol->value - ref->target->start;
}

/*
 * The bytes of the instruction behind each field matter only where they decide which of
 * several atoms is meant.
 */
static bool needs_decoding(const struct side *side, const struct elf_section *section,
			   const struct elf_rela *rela)
{
	const struct elf_symbol *symbol = rela->symbol;

	return section->flags & SHF_EXECINSTR && elf_rela_is_relative(rela->type) &&
	       symbol->section && !side->by_symbol[symbol->index] && !is_branch(section, rela) &&
	       side->by_section[symbol->section->index].len > 1;
}

/*
 * Fills in the tails of what needs_decoding().  The disassembler may not know every
 * instruction; it then skips a byte and soon falls into step again, so what matters is
 * that it knows the instruction around each such field.
 */
static struct err *decode_tails(const struct side *side, csh handle, const struct atom *atom,
				const struct elf_rela *relas, size_t count, uint8_t *tails)
{
	const struct elf_section *section = atom->section;
	const uint8_t *code = section->data + atom->start;
	size_t left = atom->size, i = 0;
	uint64_t address = atom->start;
	cs_insn *insn = cs_malloc(handle);
	struct err *err = NULL;

	while (i < count && !err && left && cs_disasm_iter(handle, &code, &left, &address, insn)) {
		for (; i < count && relas[i].offset < address; i++) {
			uint64_t end = relas[i].offset + elf_rela_width(relas[i].type);

			if (!needs_decoding(side, section, &relas[i]))
				continue;
			if (insn->id && end <= address) {
				tails[i] = address - end;
				continue;
			}

			scope_free char *where = elf_location(side->obj, section, insn->address);

			err = err_new("%s: this instruction cannot be decoded", where);
			break;
		}
	}
	cs_free(insn, 1);
	return err;
}

static struct err *read_atom(const struct side *side, csh handle, struct atom *atom,
			     const struct elf_rela *relas, size_t count)
{
	scope_free uint8_t *tails = xcalloc(count, 1);

	for (size_t i = 0; i < count; i++) {
		if (needs_decoding(side, atom->section, &relas[i])) {
			err_try(decode_tails(side, handle, atom, relas, count, tails));
			break;
		}
	}
	for (size_t i = 0; i < count; i++) {
		struct ref ref;

		ref_resolve(side, atom->section, &relas[i], atom->start, tails[i], &ref);
		vec_push(&atom->refs, ref);
	}
	return NULL;
}

static struct err *read_all(struct side *side, csh handle)
{
	for (size_t s = 0; s < side->nr_sections; s++) {
		const struct atom_vec *atoms = &side->by_section[s];
		size_t next = 0;

		for (size_t i = 0; i < atoms->len; i++) {
			struct atom *atom = atoms->data[i];
			const struct elf_rela_vec *relas = &atom->section->relas;
			size_t first;

			while (next < relas->len && relas->data[next].offset < atom->start)
				next++;
			first = next;
			while (next < relas->len &&
			       relas->data[next].offset < atom->start + atom->size)
				next++;
			err_try(read_atom(side, handle, atom, relas->data + first, next - first));
		}
	}
	return NULL;
}

struct err *refs_read(struct side *side)
{
	csh handle;

	if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle) != CS_ERR_OK)
		return err_new("the disassembler cannot be set up");

	cs_option(handle, CS_OPT_SKIPDATA, CS_OPT_ON);

	struct err *err = read_all(side, handle);

	cs_close(&handle);
	return err;
}
