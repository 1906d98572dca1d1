/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads special sections: lists of entries that the build tools put beside the code. */
#ifndef SUTURE_DIFF_SPECIAL_H
#define SUTURE_DIFF_SPECIAL_H

#include "diff/atom.h"

enum special_use {
	SPECIAL_KEEP,	 /* an entry goes with the function to which its first field points */
	SPECIAL_DROP,	 /* a live patch has no use for the section */
	SPECIAL_UNKNOWN, /* the meaning of the section is not known */
};

struct special {
	const char *name;
	enum special_use use;
	uint8_t refs_per_entry;
	uint8_t least_refs; /* if some configurations have fewer fields, else 0 */
	bool compared;	    /* a difference counts as a change of the function */
	uint8_t least_size; /* of an entry, if one could be taken for several; else 0 */
	uint8_t align;	    /* of entries, if the last one lacks its padding; else 0 */
	bool has_line;	    /* a u16 after the relocated fields is a source line */
	bool length_last; /* a u8 at the end is the size of what the last relocated field points to
			   */
	bool referred;	  /* code contains addresses of its own entries */
	bool key;	  /* the last field is a static key or static call key */
	const char *parallel; /* a section that has as many entries but no relocations */
};

/* Returns NULL if the section is an ordinary one. */
const struct special *special_find(const char *name);

/* Gives each entry of the special sections to its function. */
struct err *special_read(struct side *side);

/* Does the same as special_read() with tables of other sections that point into code: they are
 * SPECIAL_UNKNOWN. */
void special_find_unknown(struct side *side);

/* Returns whether two references, one of which leads into a list, mean the same entry of twins. */
bool special_ref_equal(const struct ref *a, const struct ref *b);

/* Returns whether ftrace can redirect the function, which must begin with a call to __fentry__. */
bool atom_is_traceable(const struct atom *function);

#endif
