/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares machine code with machine code, relocated fields aside.
 *
 * One difference is not a difference.  Built the kernel's way, the static functions of a unit
 * share one .text, and the assembler gives a tail call to one nearby the two bytes of a short
 * jump.  Built with -ffunction-sections the target is in another section: the jump takes five
 * bytes and a relocation, what follows moves, and branches across it have other displacements.
 */
#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/capstone.h"
#include "match/code.h"

void code_map_free(struct code_map *map)
{
	vec_free(&map->shifts);
	vec_free(&map->jumps);
}

uint64_t code_map_offset(const struct code_map *map, uint64_t offset)
{
	uint64_t less = 0;

	vec_foreach(&map->shifts, it) {
		if (it->offset > offset)
			break;
		less = it->less;
	}
	return offset - less;
}

/*
 * Two pieces of code side by side: the unit's starts at offset in section, the shipped one at
 * place.
 */
struct pair {
	const struct match *match;
	const struct elf_section *section;
	uint64_t offset, size;
	struct place place;
	struct bytes theirs;
};

/*
 * Compares the unit's code from `pos` to `end` with the shipped code from `at`; no field of the
 * unit's is in between.
 */
static char *compare_span(const struct pair *pair, uint64_t pos, uint64_t end, uint64_t at)
{
	const struct shipped *shipped = pair->match->shipped;
	const uint8_t *ours = pair->section->data + pair->offset;

	if (pos >= end)
		return NULL;
	if (at > pair->theirs.size || end - pos > pair->theirs.size - at)
		return xasprintf("byte 0x%" PRIx64 ": the shipped code ends", pos);
	if (shipped->ops->relocated(shipped, place_add(pair->place, at), end - pos))
		return xasprintf("byte 0x%" PRIx64
				 ": the shipped code has a relocation, but this code has none",
				 pos);
	if (!memcmp(ours + pos, pair->theirs.data + at, end - pos))
		return NULL;
	while (ours[pos] == pair->theirs.data[at])
		pos++, at++;
	return xasprintf("byte 0x%" PRIx64 ": %02x, shipped %02x", pos, ours[pos],
			 pair->theirs.data[at]);
}

/* Compares both pieces of code from field to field. */
static char *compare_masked(const struct pair *pair, uint64_t pos, uint64_t end, uint64_t at)
{
	const struct elf_rela *rela;
	size_t count = shipped_relas_between(pair->section, pair->offset + pos, end - pos, &rela);
	uint64_t start = pos;
	char *why = NULL;

	for (size_t i = 0; i < count && !why; i++) {
		uint64_t field = rela[i].offset - pair->offset;

		why = compare_span(pair, pos, field, at + (pos - start));
		pos = field + elf_rela_width(rela[i].type);
		if (!why &&
		    pair->match->shipped->ops->relocated(
			    pair->match->shipped, place_add(pair->place, at + (field + 1 - start)),
			    pos - field - 1))
			why = xasprintf("byte 0x%" PRIx64 ": the shipped code has another field",
					field);
	}
	return why ? why : compare_span(pair, pos, end, at + (pos - start));
}

char *code_compare_bytes(const struct match *match, const struct elf_section *section,
			 uint64_t offset, uint64_t size, struct place place)
{
	struct pair pair = {match, section, offset, size, place, {}};

	if (!match->shipped->ops->read(match->shipped, place, size, &pair.theirs))
		return xasprintf("the shipped file has no %" PRIu64 " bytes there", size);
	return compare_masked(&pair, 0, size, 0);
}

struct branch {
	uint8_t kind;	/* 0: no direct branch; 0xeb: jump; 0x70 to 0x7f: conditional */
	uint8_t length; /* bytes of the instruction */
	int32_t displacement;
};

static struct branch decode_branch(struct bytes code, uint64_t pos)
{
	struct cursor cur = cursor_at(code, pos);
	struct branch branch = {};
	uint8_t opcode = cursor_u8(&cur);

	if (opcode == 0xeb || (opcode & 0xf0) == 0x70) {
		branch.kind = opcode;
		branch.displacement = (int8_t)cursor_u8(&cur);
	} else if (opcode == 0xe9) {
		branch.kind = 0xeb;
		branch.displacement = cursor_u32(&cur);
	} else if (opcode == 0x0f) {
		opcode = cursor_u8(&cur);
		if ((opcode & 0xf0) != 0x80)
			return branch;
		branch.kind = opcode - 0x10;
		branch.displacement = cursor_u32(&cur);
	}
	branch.length = cur.pos - pos;
	return cur.overrun ? (struct branch){} : branch;
}

/* Returns how many bytes a relocated jump saves when it becomes short; 0 for every other field. */
static uint64_t jump_saves(const struct elf_section *section, const struct elf_rela *rela)
{
	struct bytes code = {section->data, section->size};

	if (rela->type != R_X86_64_PLT32 && rela->type != R_X86_64_PC32)
		return 0;
	if (rela->offset >= 1 && decode_branch(code, rela->offset - 1).length == 5)
		return 3;
	if (rela->offset >= 2 && decode_branch(code, rela->offset - 2).length == 6)
		return 4;
	return 0;
}

uint64_t code_shrinkable(const struct elf_section *section)
{
	uint64_t saves = 0;

	if (!(section->flags & SHF_EXECINSTR))
		return 0;
	vec_foreach(&section->relas, it)
		saves += jump_saves(section, it);
	/*
	 * Branches across short jumps may become short themselves, so the limit allows for a few
	 * more.
	 */
	saves = saves ? saves + 16 : 0;
	return saves < section->size ? saves : section->size;
}

/* A branch inside the function, with its target in either code. */
struct inner {
	uint64_t from, ours, theirs;
};

struct relaxed {
	struct pair pair;
	struct bytes ours;
	struct code_map *map;
	struct VEC(struct inner) inners;
	uint64_t pos, at; /* in the unit's code, in the shipped code */
};

/* Compares one pair of direct branches, and moves on in both. */
static char *step_branch(struct relaxed *r, struct branch ours, struct branch theirs)
{
	const struct elf_rela *rela;
	bool relocated =
		shipped_relas_between(r->pair.section, r->pair.offset + r->pos, ours.length, &rela);
	uint64_t target = r->at + theirs.length + theirs.displacement;
	uint64_t less;

	if (ours.kind != theirs.kind)
		return compare_masked(&r->pair, r->pos, r->pos + ours.length, r->at);
	if (relocated && theirs.length == 2) {
		vec_push(&r->map->jumps, (struct short_jump){rela, target});
	} else if (!relocated) {
		struct place field = place_add(r->pair.place, r->at);

		if (r->pair.match->shipped->ops->relocated(r->pair.match->shipped, field,
							   theirs.length))
			return xasprintf(
				"byte 0x%" PRIx64
				": a branch that has a relocation in the shipped code only",
				r->pos);
		vec_push(&r->inners,
			 (struct inner){r->pos, r->pos + ours.length + ours.displacement, target});
	}
	less = r->pos + ours.length - (r->at + theirs.length);
	r->pos += ours.length;
	r->at += theirs.length;
	if (ours.length != theirs.length)
		vec_push(&r->map->shifts, (struct shift){r->pos, less});
	return NULL;
}

static char *code_walk(struct relaxed *r, csh disassembler, cs_insn *insn)
{
	char *why = NULL;

	while (r->pos < r->ours.size && !why) {
		struct branch ours = decode_branch(r->ours, r->pos);
		struct branch theirs = decode_branch(r->pair.theirs, r->at);
		const uint8_t *code = r->ours.data + r->pos;
		size_t left = r->ours.size - r->pos;
		uint64_t address = 0;

		if (ours.kind && theirs.kind) {
			why = step_branch(r, ours, theirs);
			continue;
		}
		if (!capstone.cs_disasm_iter(disassembler, &code, &left, &address, insn))
			return xasprintf("byte 0x%" PRIx64 ": not an instruction", r->pos);
		why = compare_masked(&r->pair, r->pos, r->pos + address, r->at);
		r->pos += address;
		r->at += address;
	}
	return why;
}

static char *compare_relaxed(const struct match *match, const struct elf_symbol *function,
			     struct place place, struct code_map *map)
{
	const struct elf_section *section = function->section;
	const struct shipped *shipped = match->shipped;
	uint64_t size = function->size, shrink = code_shrinkable(section);
	uint64_t least = shrink < size ? size - shrink : 1;
	struct relaxed r = {.pair = {match, section, function->value, size, place, {}},
			    .ours = {section->data + function->value, size},
			    .map = map};
	csh disassembler;
	char *why;

	/* The file may end with a function that is shorter than the unit's. */
	while (!shipped->ops->read(shipped, place, size, &r.pair.theirs))
		if (--size < least)
			return xasprintf("the shipped code ends");

	struct err *err = capstone_open(&disassembler);

	if (err) {
		why = xstrdup(err_message(err));
		err_free(err);
		return why;
	}

	/* Instructions that it does not know are compared byte by byte. */
	capstone.cs_option(disassembler, CS_OPT_SKIPDATA, CS_OPT_ON);

	cs_insn *insn = capstone.cs_malloc(disassembler);

	why = code_walk(&r, disassembler, insn);
	capstone.cs_free(insn, 1);
	capstone.cs_close(&disassembler);
	vec_foreach(&r.inners, it)
		if (!why && code_map_offset(map, it->ours) != it->theirs)
			why = xasprintf("byte 0x%" PRIx64 ": branches elsewhere", it->from);
	vec_free(&r.inners);
	return why;
}

char *code_compare(const struct match *match, const struct elf_symbol *function, struct place place,
		   struct code_map *map)
{
	char *exact = code_compare_bytes(match, function->section, function->value, function->size,
					 place);

	if (!exact || !code_shrinkable(function->section))
		return exact;

	char *relaxed = compare_relaxed(match, function, place, map);

	/* A difference after a short jump explains more. */
	if (!relaxed || map->shifts.len) {
		free(exact);
		return relaxed;
	}
	free(relaxed);
	return exact;
}
