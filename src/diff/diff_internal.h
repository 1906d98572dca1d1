/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUTURE_DIFF_INTERNAL_H
#define SUTURE_DIFF_INTERNAL_H

#include "diff/diff.h"

struct atom;
struct side;

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
};

struct ref_vec VEC(struct ref);

/* One entry of a special section, held by the function that its first field points at. */
struct entry {
	const struct special *special;
	struct elf_section *section;
	uint64_t start, size;
	struct ref_vec refs;
	struct elf_section *parallel; /* .orc_unwind beside .orc_unwind_ip, or NULL */
	uint64_t parallel_start, parallel_size;
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
	bool changed;
	bool detached; /* has a namesake on the other side that must not be taken for it */
	char *why;
	bool overridden; /* weak, and the kernel has another definition */
	bool included;	 /* in the part that diff_select() makes; then: */
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

struct diff {
	struct side orig, patched;
	struct diff_item *items;
	size_t nr_items;
};

/* side.c */
struct err *side_init(struct side *side, const struct elf_object *obj);
void side_free(struct side *side);
/* The atom that holds offset; NULL when none does. */
struct atom *side_atom_at(const struct side *side, const struct elf_section *section,
			  uint64_t offset);

/* refs.c */
/* Fills the refs of every atom. */
struct err *refs_read(struct side *side);
/* tail: bytes of the instruction behind the field; 0 outside code. */
void ref_resolve(const struct side *side, const struct elf_section *section,
		 const struct elf_rela *rela, uint64_t start, unsigned tail, struct ref *ref);

/* special.c */
enum special_use {
	SPECIAL_KEEP,	 /* entries go with the function that the first field points at */
	SPECIAL_DROP,	 /* of no use in a live patch */
	SPECIAL_UNKNOWN, /* says something of the code that nobody here understands */
};

struct special {
	const char *name;
	enum special_use use;
	uint8_t refs_per_entry;
	uint8_t least_refs;   /* when some configurations have fewer; else 0 */
	bool compared;	      /* a difference is a change of the function */
	bool has_line;	      /* u16 source line behind the relocated fields */
	bool length_last;     /* u8 at the end: size of what the last relocated field points at */
	bool key;	      /* the last field is a static key or static call key */
	const char *parallel; /* a section with as many entries and no relocations */
};

/* NULL when the section is an ordinary one. */
const struct special *special_find(const char *name);
struct err *special_read(struct side *side);
/* Tables of other sections that point into code: entries of SPECIAL_UNKNOWN. */
void special_find_unknown(struct side *side);
/* The patched entry says the same as the original one. */
bool entry_equal(const struct entry *a, const struct entry *b);

/* names.c */
/* The name without what the compiler numbers ("foo.isra.0" → "foo.isra", "x.12" → "x"); owned by
 * the caller. */
char *name_canonical(const char *name);
/* True for a local variable's symbol ("count.12"). */
bool name_is_static_local(const char *name);
/* Things like __func__ that belong to one place in the code, not to the program. */
bool name_is_copied(const char *name, const char *canonical, bool writable);
/* "foo" of "foo.cold"; 0 when it is no such name. */
size_t name_cold_parent_length(const char *name);

/* diff.c: makes items of what is known of the atoms. */
void diff_make_items(struct diff *diff);
/* The function starts with a call to __fentry__. */
bool atom_is_traceable(const struct atom *function);

/* correlate.c: sets twins. */
void correlate(struct side *orig, struct side *patched);

/* stored.c: what the function does with the address that the ref is. */
struct err *stored_follow(const struct atom *function, const struct ref *ref,
			  struct diff_stored *found) ERR_MUST_USE;

/* tables.c: takes tables apart whose only users are replaced with them. */
struct err *tables_release(struct side *orig, struct side *patched);

/* compare.c: sets changed on both twins and why on the original. */
void compare_sides(struct side *orig);
void atom_change(struct atom *orig, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The two point at the same thing. */
bool ref_equal(const struct ref *a, const struct ref *b);
/* Bytes outside relocated fields are the same. */
bool atom_bytes_equal(const struct atom *a, const struct atom *b);
/* The same bytes, pointing at the same things: one could stand for the other. */
bool atom_content_equal(const struct atom *a, const struct atom *b);

#endif
