/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads which files a release compiles and which headers they include, before anything is built. */
#ifndef SUTURE_COVER_SURVEY_H
#define SUTURE_COVER_SURVEY_H

#include "base/sandbox.h"
#include "kbuild/kbuild.h"
#include "reach/include_graph.h"
#include "reach/include_graph_load.h"

struct survey {
	struct sandbox *sandbox;
	struct kbuild kbuild;
	struct kbuild_units units;
	struct include_graph *graph;
};

/* Reads the units and the include graph; work is a folder for temporary files. survey_close() frees
 * the result. */
struct err *survey_open(const struct target *target, enum sandbox_kind kind, const char *work,
			struct progress *progress, struct survey *survey);
void survey_close(struct survey *survey);
#define scope_survey __attribute__((cleanup(survey_close))) struct survey

/* Returns whether the kernel contains an object compiled from this source. */
bool survey_is_unit(const struct survey *survey, const char *source);

/* Returns what the source is linked into, with blanks between them; "" if it is not a unit. */
const char *survey_owners(const struct survey *survey, const char *source);

#endif
