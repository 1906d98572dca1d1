/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of a release before anything is built: its units, and who includes what. */
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

/* work is a folder for what is made on the way. */
struct err *survey_open(const struct target *target, enum sandbox_kind kind, const char *work,
			struct progress *progress, struct survey *survey);
void survey_close(struct survey *survey);
#define scope_survey __attribute__((cleanup(survey_close))) struct survey

/* Whether an object of the kernel is made from this source. */
bool survey_is_unit(const struct survey *survey, const char *source);

#endif
