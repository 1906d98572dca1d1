/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Releases tables of constants that change. The kernel's table cannot be changed, and code with a
 * pointer to it would not see a new copy. But if only instructions that load from the table refer
 * to it, no pointer was ever made: the functions with these instructions are replaced and bring
 * their own table.
 */
#include <string.h>

#include "base/capstone.h"
#include "base/strbuf.h"
#include "diff/compare.h"
#include "diff/tables.h"

/*
 * Returns whether the table's address is the displacement of a memory operand and is not computed
 * itself.
 */
static bool is_load(const cs_insn *insn, uint64_t field)
{
	uint8_t at = insn->detail->x86.encoding.disp_offset;

	return insn->id && insn->id != X86_INS_LEA && at && insn->address + at == field;
}

/* Returns the first reference to the table at or after index, or refs.len. */
static size_t next_use(const struct atom *function, const struct atom *table, size_t index)
{
	while (index < function->refs.len && function->refs.data[index].target != table)
		index++;
	return index;
}

static bool only_loads(csh handle, const struct atom *function, const struct atom *table)
{
	const uint8_t *code = function->section->data + function->start;
	size_t left = function->size, use = next_use(function, table, 0);
	uint64_t address = 0;
	cs_insn *insn = capstone.cs_malloc(handle);
	bool good = true;

	while (good && use < function->refs.len &&
	       capstone.cs_disasm_iter(handle, &code, &left, &address, insn)) {
		const struct ref *ref = &function->refs.data[use];

		if (ref->offset >= insn->address + insn->size)
			continue;
		good = is_load(insn, ref->offset);
		use = next_use(function, table, use + 1);
	}
	capstone.cs_free(insn, 1);
	return good && use == function->refs.len;
}

static bool entries_refer(const struct atom *atom, const struct atom *table)
{
	vec_foreach(&atom->entries, entry)
		for (size_t i = 0; i < entry->refs.len; i++)
			if (entry->refs.data[i].target == table)
				return true;
	return false;
}

static bool is_only_loaded(csh handle, const struct side *side, const struct atom *table)
{
	vec_foreach(&side->atoms, it) {
		const struct atom *atom = *it;

		if (entries_refer(atom, table))
			return false;
		if (next_use(atom, table, 0) == atom->refs.len)
			continue;
		if (atom->kind != ATOM_FUNCTION || !atom->section->data ||
		    !only_loads(handle, atom, table))
			return false;
	}
	return true;
}

static bool is_private_table(const struct atom *atom)
{
	return atom->kind == ATOM_DATA && !atom->copied &&
	       (atom->flags & (DIFF_READ_ONLY | DIFF_GLOBAL | DIFF_REGISTERED | DIFF_INIT)) ==
		       DIFF_READ_ONLY &&
	       str_starts(atom->section->name, ".rodata");
}

static void release_tables(csh handle, struct side *orig, struct side *patched)
{
	vec_foreach(&orig->atoms, it) {
		struct atom *a = *it, *b = a->twin;

		if (!b || !is_private_table(a) || !is_private_table(b) ||
		    atom_content_equal(a, b) || !is_only_loaded(handle, orig, a) ||
		    !is_only_loaded(handle, patched, b))
			continue;
		a->twin = b->twin = NULL;
		a->copied = b->copied = true;
	}
}

struct err *tables_release(struct side *orig, struct side *patched)
{
	csh handle;

	err_try(capstone_open(&handle));
	capstone.cs_option(handle, CS_OPT_SKIPDATA, CS_OPT_ON);
	capstone.cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
	release_tables(handle, orig, patched);
	capstone.cs_close(&handle);
	return NULL;
}
