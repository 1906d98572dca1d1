/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolves relocations to the atoms that they point at. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/capstone.h"
#include "diff/refs.h"

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
	 * In code, offsets count from the next instruction, so the addend contains the distance to
	 * it; in tables, they count from the field itself.
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
 * If a field counts from the next instruction, the addend includes the bytes of the instruction
 * behind the field. They must be subtracted, or one target would look like two.
 */
static bool needs_tail(const struct elf_section *section, const struct elf_rela *rela)
{
	return section->flags & SHF_EXECINSTR && elf_rela_is_relative(rela->type) &&
	       !is_branch(section, rela);
}

/* The state while one atom is decoded. */
struct decoding {
	const struct side *side;
	struct atom *atom;
	const struct elf_rela *relas; /* relocations in the atom */
	size_t count, next;
	uint8_t *tails;
};

/* Reads the relocations of one instruction, and says whether there were any. */
static struct err *decode_fields(struct decoding *dec, const cs_insn *insn, bool *relocated)
{
	const struct elf_section *section = dec->atom->section;
	uint64_t insn_end = insn->address + insn->size;

	*relocated = false;
	for (; dec->next < dec->count && dec->relas[dec->next].offset < insn_end; dec->next++) {
		const struct elf_rela *rela = &dec->relas[dec->next];
		uint64_t end = rela->offset + elf_rela_width(rela->type);

		*relocated = true;
		if (!needs_tail(section, rela))
			continue;
		if (!insn->id || end > insn_end) {
			scope_free char *where =
				elf_location(dec->side->obj, section, insn->address);

			return err_new("%s: this instruction cannot be decoded", where);
		}
		dec->tails[dec->next] = insn_end - end;
	}
	return NULL;
}

/* Returns the width of the distance in a direct call or jump; 0 for other instructions. */
static unsigned branch_width(const cs_insn *insn)
{
	uint8_t opcode = insn->bytes[0];

	if (opcode == 0xe8 || opcode == 0xe9)
		return insn->size == 5 ? 4 : 0;
	if (opcode == 0x0f && (insn->bytes[1] & 0xf0) == 0x80)
		return insn->size == 6 ? 4 : 0;
	if (opcode == 0xeb || (opcode & 0xf0) == 0x70 || (opcode & 0xfc) == 0xe0)
		return insn->size == 2 ? 1 : 0;
	return 0;
}

/*
 * Between local functions of one section (.sched.text, .init.text), the assembler fills in the
 * distance itself. A branch of this kind that leaves the atom is a reference, too.
 */
static void find_local_branch(struct decoding *dec, const cs_insn *insn)
{
	struct atom *atom = dec->atom;
	unsigned width = insn->id ? branch_width(insn) : 0;
	uint64_t end = insn->address + insn->size;
	const uint8_t *field = atom->section->data + end - width;
	int64_t distance = 0;

	if (!width)
		return;
	if (width == 1)
		distance = (int8_t)*field;
	else
		distance = (int32_t)(field[0] | field[1] << 8 | field[2] << 16 |
				     (uint32_t)field[3] << 24);

	uint64_t to = end + distance;

	if (to >= atom->start && to <= atom->start + atom->size)
		return;

	struct atom *target = side_atom_at(dec->side, atom->section, to);

	if (target && target != atom && target->symbol)
		vec_push(&atom->refs, (struct ref){
					      .offset = end - width - atom->start,
					      .type = width == 1 ? R_X86_64_PC8 : R_X86_64_PC32,
					      .branch = true,
					      .target = target,
					      .symbol = target->symbol,
					      .inside = to - target->start,
					      .bias = -(int64_t)width,
				      });
}

/*
 * The disassembler may not know every instruction. It then skips a byte and soon finds the
 * beginning of an instruction again, so it only has to know those that are examined.
 */
static struct err *decode_atom(struct decoding *dec, csh handle)
{
	const struct atom *atom = dec->atom;
	const uint8_t *code = atom->section->data + atom->start;
	size_t left = atom->size;
	uint64_t address = atom->start;
	cs_insn *insn = capstone.cs_malloc(handle);
	struct err *err = NULL;

	while (!err && left && capstone.cs_disasm_iter(handle, &code, &left, &address, insn)) {
		bool relocated;

		err = decode_fields(dec, insn, &relocated);
		if (!err && !relocated)
			find_local_branch(dec, insn);
	}
	capstone.cs_free(insn, 1);
	return err;
}

static int compare_ref_offsets(const void *a, const void *b)
{
	const struct ref *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static struct err *read_atom(const struct side *side, csh handle, struct atom *atom,
			     const struct elf_rela *relas, size_t count)
{
	scope_free uint8_t *tails = xcalloc(count, 1);
	struct decoding dec = {side, atom, relas, count, 0, tails};
	bool code = atom->kind == ATOM_FUNCTION && atom->section->data;
	bool needed = code && side->by_section[atom->section->index].len > 1;

	for (size_t i = 0; i < count && !needed; i++)
		needed = needs_tail(atom->section, &relas[i]);
	if (needed)
		err_try(decode_atom(&dec, handle));
	for (size_t i = 0; i < count; i++) {
		struct ref ref;

		if (relas[i].offset + elf_rela_width(relas[i].type) > atom->start + atom->size) {
			scope_free char *where =
				elf_location(side->obj, atom->section, relas[i].offset);

			return err_new("%s: a relocation crosses the end of a symbol", where);
		}
		ref_resolve(side, atom->section, &relas[i], atom->start, tails[i], &ref);
		vec_push(&atom->refs, ref);
	}
	if (atom->refs.len > count)
		qsort(atom->refs.data, atom->refs.len, sizeof(*atom->refs.data),
		      compare_ref_offsets);
	return NULL;
}

static struct err *read_atoms(struct side *side, csh handle)
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

	err_try(capstone_open(&handle));
	capstone.cs_option(handle, CS_OPT_SKIPDATA, CS_OPT_ON);

	struct err *err = read_atoms(side, handle);

	capstone.cs_close(&handle);
	return err;
}
