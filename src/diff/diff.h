/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What changed between two compilations of one translation unit, and the smallest
 * object that carries the change.
 *
 * Both objects come from -ffunction-sections -fdata-sections builds.  An object is cut
 * into atoms (a function, a variable, a string literal, an unnamed constant); atoms of
 * the two sides are correlated by name and by who refers to them, then compared byte by
 * byte with relocated fields masked and their targets compared instead.
 */
#ifndef SUTURE_DIFF_DIFF_H
#define SUTURE_DIFF_DIFF_H

#include "elf/elf.h"

struct diff;

enum diff_kind { DIFF_FUNCTION, DIFF_DATA };
enum diff_change { DIFF_SAME, DIFF_CHANGED, DIFF_NEW, DIFF_REMOVED };

/* Facts about an item that decide whether it can be live-patched. */
enum diff_flag {
	DIFF_INIT = 1 << 0,	 /* is in a section that the kernel frees after boot */
	DIFF_TRACEABLE = 1 << 1, /* the original function starts with a call to __fentry__ */
	DIFF_GLOBAL = 1 << 2,
	DIFF_WEAK = 1 << 3,
	DIFF_AMBIGUOUS = 1 << 4,  /* a static local that several of the other side could be */
	DIFF_REGISTERED = 1 << 5, /* found by the kernel through its section, not by name */
	DIFF_COLD = 1 << 6,	  /* the split-off part of another function */
	DIFF_READ_ONLY = 1 << 7,
	DIFF_CARRIED = 1 << 8,	/* not traceable, but all its callers are replaced with it */
	DIFF_CALLBACK = 1 << 9, /* tells the glue of the patch about a callback or its states */
};

struct diff_item {
	enum diff_kind kind;
	enum diff_change change;
	unsigned flags;
	const char *name;	       /* of the original where there is one; of a list's section */
	const char *section;	       /* the section that contains it */
	const struct elf_symbol *orig; /* NULL when new */
	const struct elf_symbol *patched; /* NULL when removed */
	const char *why;		  /* for people; NULL when the same */
	/* Symbols that the first differing reference points at, before and after; or NULL. */
	const char *was, *is;
};

/* Both objects must outlive the diff.  An error names the object and place it cannot read. */
struct err *diff_new(const struct elf_object *orig, const struct elf_object *patched,
		     struct diff **diff);
void diff_free(struct diff *diff);
void diff_freep(struct diff **diffp);
#define scope_diff __attribute__((cleanup(diff_freep))) struct diff *

/* Functions and named data of both sides, in the order of the patched object, removed ones last. */
const struct diff_item *diff_items(const struct diff *diff, size_t *count);

/* True when nothing that is loaded differs. */
bool diff_is_empty(const struct diff *diff);

/*
 * The original of a patched object's symbol: NULL unless it is there and as good as that one, so
 * that code made for the one can use the other.
 */
const struct elf_symbol *diff_counterpart(const struct diff *diff,
					  const struct elf_symbol *patched);

/*
 * For an original object that is not compiled as the kernel is: functions of it that the kernel
 * does not know become new ones, and what calls a changed one of these is changed.
 */
void diff_detach(struct diff *diff, bool (*known)(void *ctx, const struct elf_symbol *orig),
		 void *ctx);

/* "changed", "new", "removed", "unchanged" */
const char *diff_change_name(enum diff_change change);

/*
 * True for sections that are lists of entries: joining two such sections must not put
 * padding between.
 */
bool diff_section_is_list(const char *name);

/*
 * Pointers in sections of this prefix register callbacks of the patch; they are always
 * selected.
 */
#define DIFF_CALLBACK_SECTION ".suture.callback."

struct diff_select_options {
	/* New global symbols that other units of the patch refer to. */
	const char *const *wanted;
	size_t nr_wanted;
	/* Weak functions of the unit in whose place the kernel has another file's. */
	const char *const *overridden;
	size_t nr_overridden;
	/*
	 * Whether a static key or static call belongs to a module other than the patch:
	 * the kernel cannot bind a patch's jump labels to those.  NULL: none does.
	 */
	bool (*key_in_module)(void *ctx, const char *symbol, bool defined_here);
	void *ctx;
};

/* A symbol of the part that the running kernel has to provide. */
struct diff_external {
	struct elf_symbol *symbol;     /* undefined, in the part */
	const struct elf_symbol *orig; /* what it is in the original object; NULL when only the
					  patched source names it */
	bool pointed_at;	       /* its own address is used, not only called */
};

/* A function to be replaced. */
struct diff_replacement {
	const struct elf_symbol *orig;
	struct elf_symbol *replacement; /* in the part */
};

/* A static key or call that had to be left out, or makes the part unusable. */
struct diff_key {
	const char *function, *key;
	bool harmless; /* a tracepoint or debug message that stays silent */
};

/* A list that the part cannot carry over, of what is to be done with a function's code. */
struct diff_list {
	const char *function, *section;
};

/* A reference that the part cannot have. */
struct diff_lost {
	const char *function, *target; /* of a short jump a function, else a section */
	bool jump;
};

struct diff_lost_vec VEC(struct diff_lost);
struct diff_list_vec VEC(struct diff_list);
struct diff_external_vec VEC(struct diff_external);
struct diff_replacement_vec VEC(struct diff_replacement);
struct diff_key_vec VEC(struct diff_key);

/* An object that comes with the part, and what code does with its address but load from it. */
struct diff_stored {
	const char *function; /* that does it */
	const char *object;   /* its name; NULL: it has none */
	const char *text;     /* a string literal; NULL: it is none */
	bool read_only;
	bool written, returned; /* into memory that is not on the stack; as the result */
	bool hidden;		/* where it goes further could not be followed */
	const char *callees[8];
	size_t nr_callees;
};

struct diff_stored_vec VEC(struct diff_stored);

/* The changed functions with all that is new and that they need, as an object of its own. */
struct diff_part {
	struct elf_object *object;
	struct diff_external_vec externals;
	struct diff_replacement_vec replacements;
	struct diff_key_vec keys;
	struct diff_list_vec lists;
	struct diff_lost_vec lost;
	struct str_vec new_functions;	 /* added to the kernel by the part */
	struct str_vec stored_functions; /* new ones whose address is stored or passed on */
	struct diff_stored_vec stored;	 /* the same for data */
	struct str_vec ambiguous;	 /* static locals it needs that could be several */
};

/* May be called again with more wanted symbols: each call starts from nothing. */
struct err *diff_select(struct diff *diff, const struct diff_select_options *options,
			struct diff_part **part);
void diff_part_free(struct diff_part *part);
void diff_part_freep(struct diff_part **partp);
#define scope_diff_part __attribute__((cleanup(diff_part_freep))) struct diff_part *

#endif
