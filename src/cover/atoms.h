/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Divides the changes between two source trees into atoms. An atom is a function, variable, type,
 * macro or declaration at the outer level of a file that differs; the live patch contains either
 * all of its change or none.
 */
#ifndef SUTURE_COVER_ATOMS_H
#define SUTURE_COVER_ATOMS_H

#include "base/err.h"
#include "cover/atom_file.h"
#include "cover/names.h"
#include "cover/tree_diff.h"

struct source_atom {
	size_t file;	    /* index in atoms.files */
	bool is_whole;	    /* it stands for every change of a file that is not cut */
	bool is_function;   /* either version defines a function */
	bool is_type;	    /* it defines a structure, union or enumeration */
	bool is_enum;	    /* the type is an enumeration */
	bool only_loses;    /* the type is the same but for members that the new version lacks */
	bool is_macro;	    /* either version defines a macro */
	bool is_new;	    /* the earlier version does not contain it */
	bool only_declares; /* it declares what is defined elsewhere */
	bool is_local;	    /* other files cannot name it */
	bool interface;	    /* its prototype or parameters change, which affects every user */
	char *name;	    /* for people: the first name that it declares, or the file's path */
	char *tag;	    /* "struct foo"; NULL if it defines no type with a tag */

	/* Each set is sorted and has no repetitions. */
	struct name_set declares;
	struct name_set brings,
		takes; /* names that only the new or only the old version declares */
	struct name_set added,
		removed;	 /* names that it uses more often, or less often, than before */
	struct name_set touched; /* names on lines that only one version contains */
	struct name_set fields;	 /* members that a structure or union gains or loses */
	struct name_set members; /* the names in added and removed that are used as members */
	struct name_set later;	 /* constants of an enumeration after its first difference */
	struct name_set names;	 /* every name in either version */
};

struct source_atom_vec VEC(struct source_atom);

struct atom_list VEC(size_t); /* numbers of atoms */

struct atoms {
	struct source_atom_vec atoms;
	struct atom_file_vec files;
	struct name_table names;
};

/* Divides all changed files. The changes must outlive the result, which atoms_free() frees. */
struct err *atoms_cut(const char *before, const char *after, const struct tree_change_vec *changes,
		      struct atoms *atoms);
void atoms_free(struct atoms *atoms);

/* Frees the tokens, which only atoms_cut() and links_find() need and which take most memory. */
void atoms_drop_tokens(struct atoms *atoms);

/* Returns the file with that path, or NULL if it does not differ. */
struct atom_file *atoms_find_file(const struct atoms *atoms, const char *path);

#endif
