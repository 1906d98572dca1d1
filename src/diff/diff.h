/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds what changed between two compilations of one translation unit, and makes the smallest
 * object that contains the change.
 *
 * Both objects are built with -ffunction-sections -fdata-sections. An object is cut into atoms (a
 * function, a variable, a string literal, an unnamed constant). Atoms of both sides are correlated
 * by name and by who refers to them, then compared byte by byte with relocated fields masked and
 * their targets compared instead.
 */
#ifndef SUTURE_DIFF_DIFF_H
#define SUTURE_DIFF_DIFF_H

#include "elf/elf.h"

struct diff;

enum diff_kind { DIFF_FUNCTION, DIFF_DATA };
enum diff_change { DIFF_SAME, DIFF_CHANGED, DIFF_NEW, DIFF_REMOVED };

/* Facts about an item that decide whether a live patch can change it. */
enum diff_flag {
	DIFF_INIT = 1 << 0,	 /* is in a section that the kernel frees after boot */
	DIFF_TRACEABLE = 1 << 1, /* the original function starts with a call to __fentry__ */
	DIFF_GLOBAL = 1 << 2,
	DIFF_WEAK = 1 << 3,
	DIFF_AMBIGUOUS = 1 << 4, /* a static local that could be any of several on the other side */
	DIFF_REGISTERED = 1 << 5, /* the kernel finds it through its section, not by name */
	DIFF_COLD = 1 << 6,	  /* the .cold part of another function */
	DIFF_READ_ONLY = 1 << 7,
	DIFF_CARRIED = 1 << 8,	/* not traceable, but all its callers are replaced as well */
	DIFF_CALLBACK = 1 << 9, /* tells the glue of the patch about a callback or states */
};

struct diff_item {
	enum diff_kind kind;
	enum diff_change change;
	unsigned flags;
	const char *name;    /* the original's name if there is one; the section's for a list */
	const char *section; /* the section that contains it */
	const struct elf_symbol *orig;	  /* NULL if it is new */
	const struct elf_symbol *patched; /* NULL if it is removed */
	const char *why;		  /* says what differs; NULL if nothing does */
	/* The symbols to which the first differing reference points, before and after; or NULL. */
	const char *was, *is;
};

/*
 * Compares two objects, which must outlive the diff. An error names the object and the place that
 * cannot be read.
 */
struct err *diff_new(const struct elf_object *orig, const struct elf_object *patched,
		     struct diff **diff);
void diff_free(struct diff *diff);
void diff_freep(struct diff **diffp);
#define scope_diff __attribute__((cleanup(diff_freep))) struct diff *

/*
 * Returns functions and named data of both sides, in the order of the patched object, removed ones
 * last.
 */
const struct diff_item *diff_items(const struct diff *diff, size_t *count);

/* Returns whether nothing that is loaded differs. */
bool diff_is_empty(const struct diff *diff);

/*
 * Returns the original of a patched object's symbol, or NULL unless it exists and is equivalent, so
 * that code that was compiled for one can use the other.
 */
const struct elf_symbol *diff_counterpart(const struct diff *diff,
					  const struct elf_symbol *patched);

/*
 * Adapts the diff if the original object is not compiled as the kernel is: its functions that the
 * kernel does not have become new ones, and callers of those that changed count as changed.
 */
void diff_detach(struct diff *diff, bool (*known)(void *ctx, const struct elf_symbol *orig),
		 void *ctx);

/* Returns "changed", "new", "removed" or "unchanged". */
const char *diff_change_name(enum diff_change change);

/*
 * Returns whether a section of that name is a list of entries, so that no padding may be put
 * between two such sections when they are joined.
 */
bool diff_section_is_list(const char *name);

/* Pointers in sections with this prefix register callbacks of the patch and are always selected. */
#define DIFF_CALLBACK_SECTION ".suture.callback."

struct diff_select_options {
	/* New global symbols that other units of the patch refer to. */
	const char *const *wanted;
	size_t nr_wanted;
	/* Weak functions of the unit for which the kernel uses another file's definition. */
	const char *const *overridden;
	size_t nr_overridden;
	/*
	 * Returns whether a static key or static call belongs to a module other than the patch,
	 * since the kernel cannot bind a patch's jump labels to those. NULL means that none does.
	 */
	bool (*key_in_module)(void *ctx, const char *symbol, bool defined_here);
	void *ctx;
};

/* A symbol of the part that the running kernel has to provide. */
struct diff_external {
	struct elf_symbol *symbol;     /* undefined, in the part */
	const struct elf_symbol *orig; /* of the original object; NULL: only the patch names it */
	bool pointed_at;	       /* its address is used, not only called */
};

/* A function that the part replaces. */
struct diff_replacement {
	const struct elf_symbol *orig;
	struct elf_symbol *replacement; /* in the part */
};

/* A static key or static call that had to be left out, or that makes the part unusable. */
struct diff_key {
	const char *function, *key;
	bool harmless; /* a tracepoint or debug message that stays silent */
};

/* A list that says what to do with a function's code, and that the part cannot carry over. */
struct diff_list {
	const char *function, *section;
};

/* A reference that the part cannot have. */
struct diff_lost {
	const char *function, *target; /* for a short jump a function, else a section */
	bool jump;
};

struct diff_lost_vec VEC(struct diff_lost);
struct diff_list_vec VEC(struct diff_list);
struct diff_external_vec VEC(struct diff_external);
struct diff_replacement_vec VEC(struct diff_replacement);
struct diff_key_vec VEC(struct diff_key);

/* An object that comes with the part, if code does more with its address than load from it. */
struct diff_stored {
	const char *function; /* the function that does so */
	const char *object;   /* its name, or NULL if it has none */
	const char *text;     /* its text if it is a string literal, else NULL */
	bool read_only;
	bool written, returned; /* to memory that is not on the stack; as the function's result */
	bool hidden;		/* the address could not be followed further */
	const char *callees[8];
	unsigned char
		arguments[8]; /* of each callee, those that are the address: bit 0 the first */
	size_t nr_callees;
};

struct diff_stored_vec VEC(struct diff_stored);

/* An object with the changed functions and with everything new that they need. */
struct diff_part {
	struct elf_object *object;
	struct diff_external_vec externals;
	struct diff_replacement_vec replacements;
	struct diff_key_vec keys;
	struct diff_list_vec lists;
	struct diff_lost_vec lost;
	struct str_vec new_functions;	 /* added to the kernel by the part */
	struct str_vec stored_functions; /* new functions whose address is stored or passed on */
	struct diff_stored_vec stored;	 /* the same for data */
	struct str_vec ambiguous; /* static locals that it needs and that could be any of several */
};

/* May be called again with more wanted symbols: each call starts afresh. */
struct err *diff_select(struct diff *diff, const struct diff_select_options *options,
			struct diff_part **part);
void diff_part_free(struct diff_part *part);
void diff_part_freep(struct diff_part **partp);
#define scope_diff_part __attribute__((cleanup(diff_part_freep))) struct diff_part *

#endif
