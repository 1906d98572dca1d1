/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a match works inside.
 *
 * What was shipped is asked through `struct shipped`, so that a linked vmlinux and a relocatable
 * module look alike.  What is known of the unit are bindings: where each of its sections (with
 * -ffunction-sections, mostly one function or object each) and each symbol that it does not
 * define has its counterpart.  Code that is compared binds what it refers to; a binding that
 * contradicts an older one is a difference.
 *
 * Functions that return a reason give NULL when all is well, else a line for people that the
 * caller frees.
 */
#ifndef SUTURE_MATCH_INTERNAL_H
#define SUTURE_MATCH_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "match/match.h"

/* Where a shipped thing is. */
struct place {
	const struct elf_section *section; /* of the module; NULL in vmlinux */
	const struct elf_symbol *import;   /* what a module imports: address counts from it */
	uint64_t address;
};

bool place_equal(struct place a, struct place b);
struct place place_add(struct place place, int64_t offset);
/* "0xffffffff81000000" or ".text+0x10" or "printk+0x0"; owned by the caller. */
char *place_text(struct place place);

#define SYMPOS_NONE UINT32_MAX /* livepatch has no way to say which one is meant */

/* A shipped symbol of some name. */
struct candidate {
	struct place place;
	uint64_t size;	    /* 0: not known */
	bool global, local; /* one of them, or both when that is not known */
	unsigned sympos;
};

struct candidate_vec VEC(struct candidate);

struct shipped;

struct shipped_ops {
	/* Appends all symbols of that name, in the order that sympos counts. */
	void (*find)(const struct shipped *shipped, const char *name, struct candidate_vec *found);
	/* Contents, as far as the file has them. */
	bool (*read)(const struct shipped *shipped, struct place place, uint64_t size,
		     struct bytes *bytes);
	/* The place that the symbol of a pre object's relocation must have for field to be right.
	 */
	char *(*solve)(const struct shipped *shipped, struct place field,
		       const struct elf_rela *rela, struct place *target);
	/* A section by name: where it starts. */
	bool (*section)(const struct shipped *shipped, const char *name, struct place *place,
			uint64_t *size);
	/* Does the file relocate any of these bytes?  Always false for linked code. */
	bool (*relocated)(const struct shipped *shipped, struct place place, uint64_t size);
	void (*free)(struct shipped *shipped);
};

struct shipped {
	const struct shipped_ops *ops;
};

struct shipped *shipped_vmlinux_new(const struct image *image);
struct shipped *shipped_module_new(const struct elf_object *module);

/* solve() for linked code, by what read() gives. */
char *shipped_solve_linked(const struct shipped *shipped, struct place field,
			   const struct elf_rela *rela, struct place *target);

/* The relocations of [offset, offset + size) in a section: their number and the first. */
size_t relas_between(const struct elf_section *section, uint64_t offset, uint64_t size,
		     const struct elf_rela **first);

/*
 * objtool names the padding before each function (--prefix, 6.2); in vmlinux that is done after
 * the link, when an overridden weak function has no name any more.
 */
#define PADDING_PREFIX "__pfx_"

struct binding {
	bool known;
	struct place place;
	const char *by; /* the symbol whose code says so */
};

struct binding_vec VEC(struct binding *);

/* What is known about one symbol of pre. */
struct fact {
	const struct elf_symbol *symbol;
	struct fact *next;	/* in the same section */
	struct binding binding; /* of undefined and overridden symbols; others: their section's */
	bool looked_up;
	struct candidate_vec candidates; /* filled when looked up */
	bool judged;			 /* for functions; then: */
	enum match_proof proof;
	struct place place;
	uint64_t shipped_size;
	char *why;
};

/* What is known about one section of pre. */
struct section_fact {
	const struct elf_section *section;
	struct binding base;
	struct fact *symbols;
	uint64_t size;	 /* as shipped, when proven */
	uint64_t shrink; /* by how much the shipped one may be smaller than size */
	bool explored;	 /* its relocations were used as evidence (data only) */
	struct section_fact *before, *after; /* code that the linker puts next to it */
};

/* An entry of the shipped jump table. */
struct jump {
	struct place code, entry;
};

struct jump_vec VEC(struct jump);

struct match {
	const struct elf_object *pre;
	struct shipped *shipped; /* the unit's module, or vmlinux */
	struct shipped *imports; /* vmlinux, for a unit of a module; else NULL */
	char *object;		 /* for messages: "vmlinux" or the module's name */
	struct fact *facts;	 /* by symbol index */
	size_t nr_facts;
	struct section_fact *sections; /* by section index */
	size_t nr_sections;
	struct binding_vec journal; /* bindings since a trial began, to be undone */
	struct jump_vec jumps;	    /* by code, when jumps_read */
	bool jumps_read;
	bool settled;
	struct str_vec reasons; /* handed out with results */
};

/* As match_new(), the shipped sides given; the match owns them, also when it fails. */
struct err *match_new_shipped(struct shipped *shipped, struct shipped *imports, const char *object,
			      const struct elf_object *pre, struct match **match);

/* All candidates of a symbol's name; looked up once. */
const struct candidate_vec *fact_candidates(struct match *match, struct fact *fact);

/* May this candidate be meant by that symbol?  Static and global ones don't mix. */
bool candidate_fits(const struct candidate_vec *all, const struct candidate *candidate,
		    const struct elf_symbol *symbol);

/* Where the symbol is, if that is known. */
bool fact_place(const struct match *match, const struct fact *fact, struct place *place);

/* bind.c */
void journal_undo(struct match *match, size_t mark);
char *bind_section(struct match *match, const struct elf_section *section, struct place base,
		   const char *by);
/* The target of a relocation, solved to be at place: has it that name, that content? */
char *bind_target(struct match *match, const struct elf_rela *rela, struct place place,
		  const char *by);
/* Solves one relocation, whose field was shipped at the given place, and binds its target. */
char *solve_and_bind(struct match *match, const struct elf_rela *rela, struct place field,
		     const char *by);

/* code.c */

/*
 * Jumps that the assembler made shorter in the shipped code: after `offset` bytes of pre's, a
 * total of `less` bytes are not in the shipped one.
 */
struct shift {
	uint64_t offset, less;
};

struct shift_vec VEC(struct shift);

/* A relocated jump of pre that was shipped without relocation. */
struct short_jump {
	const struct elf_rela *rela;
	uint64_t target; /* from the start of the shipped function */
};

/* How a function of pre lies over the shipped code. */
struct code_map {
	struct shift_vec shifts;
	struct VEC(struct short_jump) jumps;
};

void code_map_free(struct code_map *map);
#define scope_code_map __attribute__((cleanup(code_map_free))) struct code_map
/* Where that offset of pre's function is in the shipped one. */
uint64_t code_map_offset(const struct code_map *map, uint64_t offset);

/* Bytes of pre that are not relocated against those at place. */
char *compare_bytes(const struct match *match, const struct elf_section *section, uint64_t offset,
		    uint64_t size, struct place place);
/* The same for a function, where jumps to neighbours may be shorter; fills map. */
char *compare_code(const struct match *match, const struct elf_symbol *function, struct place place,
		   struct code_map *map);
/* Upper limit of what short jumps can save in a section. */
uint64_t code_shrinkable(const struct elf_section *section);

/* order.c: what the neighbours of a section of code say about its place. */
enum order_verdict { ORDER_UNKNOWN, ORDER_FITS, ORDER_CONTRADICTS };
void order_link(struct match *match);
enum order_verdict order_check(const struct match *match, const struct elf_section *section,
			       struct place base);
bool order_predict(const struct match *match, const struct elf_section *section,
		   struct place *base);

/* evidence.c: binds what data and tables about proven code refer to; true if that was new. */
bool evidence_explore(struct match *match);

/* function.c */
void function_judge(struct match *match, struct fact *fact);
/* Proves all that can be proven: for when evidence from elsewhere is needed. */
void match_settle(struct match *match);

#endif
