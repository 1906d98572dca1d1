/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Atoms are the pieces into which an object is cut, with their references. */
#ifndef SUTURE_DIFF_ATOM_H
#define SUTURE_DIFF_ATOM_H

#include "diff/diff.h"
#include "elf/elf.h"

struct special;

enum atom_kind {
	ATOM_FUNCTION,
	ATOM_DATA,    /* a named variable or table */
	ATOM_STRING,  /* one literal of a string section */
	ATOM_UNNAMED, /* constants without a symbol, replacement code */
};

/* A relocated field of an atom or of a special section's entry. */
struct ref {
	uint64_t offset; /* from the start of the atom or entry */
	uint32_t type;
	bool branch;	     /* a direct call or jump, as opposed to taking an address */
	struct atom *target; /* NULL: the object does not define it */
	const struct elf_symbol *symbol; /* as the relocation names it */
	int64_t inside; /* where in target it points; without target, from symbol */
	int64_t bias;	/* addend = distance from the symbol + bias */
	/* Into a list of which code has addresses: the function that holds the entry, and which of
	   the entries that it has it is; inside then counts from the entry.  NULL: not into one. */
	struct atom *holder;
	size_t nth;
};

struct ref_vec VEC(struct ref);

/* One entry of a special section, held by the function that its first field points at. */
struct entry {
	const struct special *special;
	struct elf_section *section;
	uint64_t start, size;
	uint64_t padding; /* behind it */
	struct ref_vec refs;
	struct elf_section *parallel; /* .orc_unwind beside .orc_unwind_ip, or NULL */
	uint64_t parallel_start, parallel_size;
	struct elf_section *out_section; /* in the part that diff_select() makes, NULL: left out */
	uint64_t out_offset;
};

struct entry_vec VEC(struct entry);

struct offset_vec VEC(uint64_t);

struct atom {
	enum atom_kind kind;
	unsigned order; /* in its side */
	struct elf_section *section;
	uint64_t start, size;
	uint64_t lead;		   /* bytes before start that belong to it (__pfx_ padding) */
	struct elf_symbol *symbol; /* NULL unless FUNCTION or DATA */
	char *canonical;	   /* its name without numbering */
	struct ref_vec refs;
	struct entry_vec entries;
	struct offset_vec cuts; /* of unnamed data: where references point, in order */
	struct atom *parent;	/* of a .cold part */
	struct atom *cold;	/* of a function */
	struct atom *twin;	/* on the other side */
	unsigned flags;		/* enum diff_flag */
	bool copied;		/* never correlated: each side has its own */
	bool referred;		/* something in the object refers to it */
	bool changed;
	bool detached; /* has a namesake on the other side that must not be taken for it */
	char *why;
	const char *was, *is; /* what the first differing reference names, on either side */
	bool overridden;      /* weak, and the kernel has another definition */
	bool included;	      /* in the part that diff_select() makes; then: */
	struct elf_section *out_section;
	struct elf_symbol *out_symbol; /* NULL when it has no name */
	uint64_t out_offset;
};

struct atom_vec VEC(struct atom *);

/* All atoms of one object. */
struct side {
	const struct elf_object *obj;
	struct atom_vec atoms;	     /* by section, then by address */
	struct atom_vec *by_section; /* indexed by section number */
	size_t nr_sections;
	struct atom **by_symbol; /* indexed by symbol number */
	size_t nr_symbols;
};

/* Returns the atom that holds offset, or NULL. */
struct atom *side_atom_at(const struct side *side, const struct elf_section *section,
			  uint64_t offset);

#endif
