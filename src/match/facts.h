/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps what is known about a unit: facts about its symbols, and bindings of its sections. A
 * binding says where the kernel has the counterpart of a section (with -ffunction-sections, mostly
 * one function or object) or of an undefined symbol. Compared code binds the symbols that it refers
 * to; a binding that contradicts an older one is a difference.
 */
#ifndef SUTURE_MATCH_FACTS_H
#define SUTURE_MATCH_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "match/match.h"
#include "match/shipped.h"

struct binding {
	bool known;
	struct place place;
	const char *by; /* the symbol whose code says so */
};

struct binding_vec VEC(struct binding *);

/* Keeps the facts about one symbol of pre. */
struct fact {
	const struct elf_symbol *symbol;
	struct fact *next;	/* in the same section */
	struct binding binding; /* of undefined and overridden symbols; others: their section's */
	bool looked_up;
	struct candidate_vec candidates; /* filled when looked up */
	bool judged;			 /* set for functions; the members below are valid then */
	enum match_proof proof;
	struct place place;
	uint64_t shipped_size;
	char *why;
};

/* Keeps the facts about one section of pre. */
struct section_fact {
	const struct elf_section *section;
	struct binding base;
	struct fact *symbols;
	uint64_t size;	 /* as shipped, when proven */
	uint64_t shrink; /* how much smaller than size the shipped section may be */
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
	struct jump_vec jumps;	    /* sorted by code; filled when jumps_read is set */
	bool jumps_read;
	bool settled;
	struct str_vec reasons; /* handed out with results */
};

/* Returns all candidates of a symbol's name, looked up once. */
const struct candidate_vec *fact_candidates(struct match *match, struct fact *fact);

/* Returns whether that symbol can mean this candidate. Static and global symbols do not mix. */
bool match_candidate_fits(const struct candidate_vec *all, const struct candidate *candidate,
			  const struct elf_symbol *symbol);

/* Returns where the symbol is, if that is known. */
bool fact_place(const struct match *match, const struct fact *fact, struct place *place);

#endif
