/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens a release and reads which files it compiles and which of them include a header. */
#include "cover/survey.h"

#include <stdlib.h>

#include "base/alloc.h"

struct err *survey_open(const struct target *target, enum sandbox_kind kind, const char *work,
			struct progress *progress, struct survey *survey)
{
	const struct confine_spec confine = {.target = target, .kind = kind, .work = work};

	survey->kbuild.progress = progress;
	err_try(confine_build(&confine, &survey->sandbox));
	err_try(kbuild_open(target, work, survey->sandbox, &survey->kbuild));
	err_try(kbuild_units_load(&survey->kbuild, work, progress, &survey->units));
	return include_graph_load(&survey->kbuild, &survey->units, progress, &survey->graph);
}

void survey_close(struct survey *survey)
{
	include_graph_free(survey->graph);
	kbuild_units_free(&survey->units);
	kbuild_close(&survey->kbuild);
	sandbox_free(survey->sandbox);
	*survey = (struct survey){};
}

static const struct kbuild_unit *survey_unit(const struct survey *survey, const char *source)
{
	scope_free char *object = kbuild_object_of(source);
	const struct kbuild_unit *unit = kbuild_unit_find(&survey->units, object);

	return unit && kbuild_unit_is_kernel(unit) ? unit : NULL;
}

bool survey_is_unit(const struct survey *survey, const char *source)
{
	return survey_unit(survey, source);
}

const char *survey_owners(const struct survey *survey, const char *source)
{
	const struct kbuild_unit *unit = survey_unit(survey, source);

	return unit ? unit->owners : "";
}
