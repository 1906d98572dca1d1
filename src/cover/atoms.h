/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The changes between two source trees, cut into atoms: what stands at the outer level of a file
 * (a function, a variable, a type, a macro, a declaration), and is carried as a whole or not.
 */
#ifndef SUTURE_COVER_ATOMS_H
#define SUTURE_COVER_ATOMS_H

#include "base/err.h"
#include "cover/chunk_diff.h"
#include "cover/names.h"
#include "cover/tree_diff.h"
#include "reach/cfile.h"

#define NO_ATOM SIZE_MAX

struct source_atom {
	size_t file;	  /* in atoms.files */
	bool is_whole;	  /* all that the file changes; it is not cut */
	bool is_function; /* a function's definition, on either side */
	bool is_type;	  /* a structure's, union's or enumeration's definition */
	bool is_enum;	  /* of types: an enumeration's */
	bool is_new;	  /* the earlier version has nothing of it */
	bool is_local;	  /* only its own file can name it */
	bool interface;	  /* how it is used changes, so it concerns all who name it */
	char *name;	  /* for people: what it declares, or the file */
	char *tag;	  /* of a type: "struct foo"; NULL where it has none */

	/* All sorted, without repetitions. */
	struct name_set declares;
	struct name_set brings, takes;	/* declared on one side only: what is new, what goes */
	struct name_set added, removed; /* names that it uses more often than before, or less */
	struct name_set touched;	/* names on lines that only one side has */
	struct name_set fields;		/* of a structure or union: members that come or go */
	struct name_set members;	/* of added and removed, those of structures */
	struct name_set later;		/* of an enumeration: all behind its first difference */
	struct name_set names;		/* all that it has, on both sides */
};

struct source_atom_vec VEC(struct source_atom);

/* A file that differs; its atoms are numbered [first, end). */
struct atom_file {
	const struct tree_change *change;
	size_t first, end;
	bool is_cut;
	struct cfile text[2];		  /* before and after, where it is cut */
	struct VEC(const char *) ends[2]; /* where each chunk of these ends */
	struct chunk_step_vec steps;	  /* in the order in which a mixture of both is written */
	struct VEC(size_t) atom_of; /* for each step: its atom, or NO_ATOM for what is the same */
};

struct atom_file_vec VEC(struct atom_file);

struct atoms {
	struct source_atom_vec atoms;
	struct atom_file_vec files;
	struct name_table names;
};

/* changes and the trees must outlive the result. */
struct err *atoms_cut(const char *before, const char *after, const struct tree_change_vec *changes,
		      struct atoms *atoms);
void atoms_free(struct atoms *atoms);

/* Frees what only cutting and linking need, which is most of the memory. */
void atoms_drop_tokens(struct atoms *atoms);

/* The file of that path, or NULL when it does not differ. */
struct atom_file *atoms_find_file(const struct atoms *atoms, const char *path);

/* The chunk that a step takes, and the text that it is of. */
const struct cchunk *atom_file_chunk(const struct atom_file *file, const struct chunk_step *step,
				     const struct cfile **text);
#define scope_atoms __attribute__((cleanup(atoms_free))) struct atoms

#endif
