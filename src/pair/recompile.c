/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiles a unit once more, with other headers in front of the kernel's. */
#include "pair/recompile.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/proc.h"
#include "pair/pool.h"

/* Keeps the commands and folders of a unit; the folders live as long as the result. */
struct pair_recipe {
	char *object;
	char *dir[NR_SIDES]; /* NULL: the unit is not on that side */
	struct kbuild_command command[NR_SIDES];
};

static void recipe_copy_command(const struct kbuild_command *from, struct kbuild_command *to)
{
	to->compile = xstrdup(from->compile);
	to->source = xstrdup(from->source);
	to->depfile = xstrdup(from->depfile);
	to->objtool = xstrdup(from->objtool);
	to->finish = xstrdup(from->finish);
}

struct pair_recipe *pair_recipe_new(const struct pairing *pairing, const struct paired_unit *unit)
{
	struct pair_recipe *recipe = xcalloc(1, sizeof(*recipe));

	recipe->object = xstrdup(unit->unit->object);
	for (enum side side = PRE; side < NR_SIDES; side++) {
		if (!unit->object_file[side])
			continue;
		recipe->dir[side] = xstrdup(pairing_dir(pairing, unit, side));
		recipe_copy_command(pairing_command(unit, side), &recipe->command[side]);
	}
	return recipe;
}

void pair_recipe_free(struct pair_recipe *recipe)
{
	if (!recipe)
		return;
	for (enum side side = PRE; side < NR_SIDES; side++) {
		free(recipe->dir[side]);
		kbuild_command_free(&recipe->command[side]);
	}
	free(recipe->object);
	free(recipe);
}

static struct err *recompile_wait(struct pool *pool, const char *source)
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
	const struct pair_recipe *recipe = unit->recipe;
	char **const objects[NR_SIDES] = {pre, post};
	scope_sandbox sandbox = NULL;
	scope_kbuild kbuild = {};

	err_try(confine_build(&(struct confine_spec){.target = spec->target,
						     .kind = spec->sandbox,
						     .work = result->work,
						     .headers = {spec->include_dir, first_dir}},
			      &sandbox));
	err_try(kbuild_open(spec->target, result->work, sandbox, &kbuild));

	scope_pool pool = pool_new(pairing_jobs(spec), &kbuild, result->work, spec->include_dir);

	pool_put_first(pool, first_dir);
	for (enum side side = PRE; side < NR_SIDES; side++)
		if (recipe->dir[side])
			pool_add(pool, &(struct pool_job){.dir = recipe->dir[side],
							  .object = recipe->object,
							  .command = &recipe->command[side]});
	err_try(recompile_wait(pool, unit->source));
	for (enum side side = PRE; side < NR_SIDES; side++)
		*objects[side] = recipe->dir[side]
					 ? xasprintf("%s/%s", recipe->dir[side], recipe->object)
					 : NULL;
	return NULL;
}
