/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Declares the state that the steps of one cover_run() share. */
#ifndef SUTURE_COVER_COVERING_H
#define SUTURE_COVER_COVERING_H

#include "cover/atoms.h"
#include "cover/cover.h"
#include "cover/links.h"
#include "cover/mixture.h"
#include "patch/series.h"

/* Facts about a file that differs which its atoms do not hold. */
struct covered_file {
	struct atom_lines_vec
		lines;	/* lines of its carried atoms in the text that was last built */
	bool not_built; /* no compiled file of this kernel contains it */
	bool elsewhere; /* only modules that cover_spec.modules lacks contain it */
};

struct covering {
	const struct cover_spec *spec;
	struct progress *progress;
	struct cover_report *report;
	struct tree_change_vec changes;
	struct atoms atoms;
	struct series_commit_vec series; /* empty if there is none */
	struct atom_list *located;  /* for each commit of the series: the atoms with its lines */
	size_t *unit;		    /* for each atom: see links_find() */
	struct atom_need_vec needs; /* what atoms need outside their unit */
	bool *carried;		    /* for each atom: the next build contains its change */
	bool *replaced;		    /* for each atom: see added_replace() */
	bool *kept; /* for each atom: its type keeps members that it should lose: blame_keeps() */
	char **refitted; /* for each atom: text in the place of its new version: refit_type() */
	bool *unseen;	 /* for each atom: it defines a type that no probe's debug data describe */
	struct finding_vec *reasons;	 /* for each atom: why it is not carried */
	struct covered_file *files;	 /* for each of atoms.files */
	char *work;			 /* path of the folder with mixtures */
	bool has_built;			 /* a build compiled something */
	bool *built;			 /* for each atom: that build contained its change */
	struct altered_file_vec altered; /* what differs from that build */
	struct settled_unit_vec settled; /* that build's klp_report.settled */
};

#endif
