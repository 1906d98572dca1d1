/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Proof that a compiled object is what the shipped kernel contains, and which of its symbols
 * each name of the object means.
 *
 * A function counts as proven when its bytes are in the shipped code under its name, and when
 * every relocated field, solved for the symbol that it refers to, gives an address that bears
 * that symbol's name (or holds that string, or that constant) and the same one wherever the
 * unit refers to it.  Work is done when asked for and remembered.
 */
#ifndef SUTURE_MATCH_MATCH_H
#define SUTURE_MATCH_MATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "elf/elf.h"
#include "image/image.h"

struct match;

/*
 * pre is one unit, compiled with -ffunction-sections -fdata-sections, unlinked.  module is the
 * shipped module that the unit is part of, module_name what the kernel calls it ("nf_tables");
 * both NULL when the unit is part of vmlinux.  image is needed in either case: modules refer to
 * vmlinux.  image, module and pre must outlive the match and may not change; the name is copied.
 */
struct err *match_new(const struct image *image, const struct elf_object *module,
		      const char *module_name, const struct elf_object *pre, struct match **match);

struct shipped;

/* Works like match_new() with given shipped sides, which the match then owns, also if it fails. */
struct err *match_new_shipped(struct shipped *shipped, struct shipped *imports, const char *object,
			      const struct elf_object *pre, struct match **match);

void match_free(struct match *match);
void match_freep(struct match **matchp);
#define scope_match __attribute__((cleanup(match_freep))) struct match *

enum match_proof {
	MATCH_EXACT,	 /* one shipped symbol, and everything that is known agrees on it */
	MATCH_OVERRIDE,	 /* weak here, and another file's definition is in the kernel */
	MATCH_DIFFERENT, /* the shipped code differs: wrong source, configuration or compiler */
	MATCH_ABSENT,	 /* no shipped symbol of that name */
	MATCH_AMBIGUOUS, /* several match, and nothing tells them apart */
	MATCH_IMPORT,	 /* a module imports it from another module: Module.symvers has which */
};

/* "exact", "override", …: as in the reports. */
const char *match_proof_name(enum match_proof proof);

struct match_result {
	enum match_proof proof;
	/*
	 * When EXACT, the shipped symbol.  With section NULL it is vmlinux's, address a virtual
	 * one; otherwise the module's: that section of it, address an offset in there.
	 */
	const struct elf_section *section;
	uint64_t address;
	/*
	 * When EXACT, as livepatch counts: 0 when the name is unique in its object, else 1..n, for
	 * vmlinux in the order of kallsyms, for a module in that of its symbol table.  Where a
	 * module's init code has a symbol of the same name, so that the position would change once
	 * init has run, the proof is AMBIGUOUS.
	 */
	unsigned sympos;
	unsigned count;	 /* how many symbols of the object have the name */
	const char *why; /* for people; NULL when exact.  Belongs to the match. */
};

/* Returns whether this function of pre is what was shipped. The symbol is a defined STT_FUNC. */
struct err *match_function(struct match *match, const struct elf_symbol *symbol,
			   struct match_result *result);

/*
 * Finds the shipped symbol that a symbol of pre means: function or data, static or global, or
 * undefined. Functions are proven as above. Data is proven by the code that refers to it, or by a
 * name that only one shipped symbol has.
 */
struct err *match_symbol(struct match *match, const struct elf_symbol *symbol,
			 struct match_result *result);

/*
 * Finds the shipped symbol that a new reference to a global name would mean in this unit's code. It
 * is known by name alone: a definition in the unit's module, else in vmlinux.
 */
struct err *match_name(struct match *match, const char *name, struct match_result *result);

#endif
