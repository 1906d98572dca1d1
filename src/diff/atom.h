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
	ATOM_UNNAMED, /* constants without a symbol, or replacement code */
};

/* A relocated field of an atom or of a special section's entry. */
struct ref {
	uint64_t offset; /* from the start of the atom or entry */
	uint32_t type;
	bool branch;	     /* a direct call or jump, as opposed to taking an address */
	struct atom *target; /* NULL if the object does not define it */
	const struct elf_symbol *symbol; /* the symbol that the relocation names */
	int64_t inside; /* the offset in target, or from symbol if there is no target */
	int64_t bias;	/* addend = distance from the symbol + bias */
	/*
	 * If the reference leads into a list, and code has addresses of the list's entries: the
	 * function that owns the entry, and which of the function's entries it is; `inside` then
	 * counts from the entry. NULL if it does not.
	 */
	struct atom *holder;
	size_t nth;
};

struct ref_vec VEC(struct ref);

/* One entry of a special section. The function to which its first field points owns it. */
struct entry {
	const struct special *special;
	struct elf_section *section;
	uint64_t start, size;
	uint64_t padding; /* bytes of padding behind it */
	struct ref_vec refs;
	struct elf_section *parallel; /* such as .orc_unwind for .orc_unwind_ip, or NULL */
	uint64_t parallel_start, parallel_size;
	struct elf_section *out_section; /* in the part that diff_select() makes; NULL: left out */
	uint64_t out_offset;
};

struct entry_vec VEC(struct entry);

struct offset_vec VEC(uint64_t);

struct atom {
	enum atom_kind kind;
	unsigned order; /* position in its side */
	struct elf_section *section;
	uint64_t start, size;
	uint64_t lead; /* number of bytes before start that belong to it (__pfx_ padding) */
	struct elf_symbol *symbol; /* NULL unless FUNCTION or DATA */
	char *canonical;	   /* its name without the compiler's numbers */
	struct ref_vec refs;
	struct entry_vec entries;
	struct offset_vec cuts; /* where references point, in order; for unnamed data */
	struct atom *parent;	/* the function of a .cold part */
	struct atom *cold;	/* the .cold part of a function */
	struct atom *twin;	/* its counterpart on the other side */
	unsigned flags;		/* bits of enum diff_flag */
	bool copied;		/* never correlated, as each side has its own */
	bool referred;		/* something in the object refers to it */
	bool changed;
	bool detached; /* must not be paired with the atom of the same name on the other side */
	char *why;
	const char *was, *is; /* what the first differing reference points to, in the original and
				 in the patched object */
	bool overridden;      /* weak, and the kernel uses another definition */
	bool included; /* in the part that diff_select() makes; the next members are then set */
	struct elf_section *out_section;
	struct elf_symbol *out_symbol; /* NULL if it has no name */
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
