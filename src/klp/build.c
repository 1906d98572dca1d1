/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens shipped modules once for a build, and measures its steps. */
#include "klp/build.h"

#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"

void build_lap(double *mark, double *seconds)
{
	double time = clock_seconds();

	*seconds += time - *mark;
	*mark = time;
}

struct err *build_open_module(struct build *build, const char *name,
			      const struct elf_object **module)
{
	*module = NULL;
	vec_foreach(&build->modules, it)
		if (!strcmp(it->name, name))
			*module = it->object;
	if (*module)
		return NULL;

	scope_free char *path = target_module_path(build->spec->target, name);
	struct opened_module opened = {};

	if (!path)
		return NULL;
	err_try(image_module_open(path, &opened.object));
	opened.name = xstrdup(name);
	vec_push(&build->modules, opened);
	*module = opened.object;
	return NULL;
}
