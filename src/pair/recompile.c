/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiling a unit once more, with other headers in front of the kernel's. */
#include "pair/recompile.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/proc.h"
#include "pair/pool.h"

/* What it takes; the folders live as long as the result. */
struct pair_recompile {
	char *object;
	char *dir[NR_SIDES]; /* NULL: the unit is not on that side */
	struct kbuild_command command[NR_SIDES];
};

static void copy_command(const struct kbuild_command *from, struct kbuild_command *to)
{
	to->compile = xstrdup(from->compile);
	to->source = xstrdup(from->source);
	to->depfile = xstrdup(from->depfile);
	to->objtool = xstrdup(from->objtool);
	to->finish = xstrdup(from->finish);
}

struct pair_recompile *pair_recipe_new(const struct build *build, const struct reached *unit)
{
	struct pair_recompile *again = xcalloc(1, sizeof(*again));

	again->object = xstrdup(unit->object);
	for (enum side side = PRE; side < NR_SIDES; side++) {
		if (!unit->object_file[side])
			continue;
		again->dir[side] = xstrdup(build_side_dir(build, unit, side));
		copy_command(build_side_command(unit, side), &again->command[side]);
	}
	return again;
}

void pair_recipe_free(struct pair_recompile *again)
{
	if (!again)
		return;
	for (enum side side = PRE; side < NR_SIDES; side++) {
		free(again->dir[side]);
		kbuild_command_free(&again->command[side]);
	}
	free(again->object);
	free(again);
}

static struct err *wait_for_all(struct pool *pool, const char *source)
{
	struct pool_done done;
	bool any;

	for (;;) {
		err_try(pool_next(pool, &done, &any));
		if (!any)
			return NULL;
		if (!done.failure)
			continue;

		scope_free char *failure = done.failure;
		scope_free char *why = kbuild_first_errors(failure);

		return err_new("%s: %s", source, why);
	}
}

struct err *pair_recompile(const struct pair_spec *spec, const struct pair_result *result,
			   const struct pair_unit *unit, const char *first_dir, char **pre,
			   char **post)
{
	const struct pair_recompile *again = unit->again;
	char **const objects[NR_SIDES] = {pre, post};
	scope_kbuild kbuild = {};

	err_try(kbuild_open(spec->target, result->work, &kbuild));

	scope_pool pool = pool_new(spec->jobs ? spec->jobs : proc_cpus(), &kbuild, result->work,
				   spec->include_dir);

	pool_put_first(pool, first_dir);
	for (enum side side = PRE; side < NR_SIDES; side++)
		if (again->dir[side])
			pool_add(pool, &(struct pool_job){.dir = again->dir[side],
							  .object = again->object,
							  .command = &again->command[side]});
	err_try(wait_for_all(pool, unit->source));
	for (enum side side = PRE; side < NR_SIDES; side++)
		*objects[side] = again->dir[side]
					 ? xasprintf("%s/%s", again->dir[side], again->object)
					 : NULL;
	return NULL;
}
