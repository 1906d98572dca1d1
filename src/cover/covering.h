/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One cover_run(): what its steps hand to each other. */
#ifndef SUTURE_COVER_COVERING_H
#define SUTURE_COVER_COVERING_H

#include "cover/atoms.h"
#include "cover/cover.h"
#include "cover/mixture.h"

/* What is known of a file that differs, besides its atoms. */
struct covered_file {
	struct atom_lines_vec lines; /* of its carried atoms, in the text that was last built */
	bool not_built;		     /* this kernel has no unit that contains it */
};

struct covering {
	const struct cover_spec *spec;
	struct progress *progress;
	struct cover_report *report;
	struct tree_change_vec changes;
	struct atoms atoms;
	size_t *unit;		     /* links.h */
	bool *carried;		     /* for each atom */
	bool *unseen;		     /* for each atom: a type of which no layout was seen */
	struct finding_vec *reasons; /* for each atom: why it is not carried */
	struct covered_file *files;  /* for each of atoms.files */
	char *work;		     /* the folder with mixtures */
	struct str_vec settled;	     /* sorted: klp_report.settled of all rounds */
};

#endif
