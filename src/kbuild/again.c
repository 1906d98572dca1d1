/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiling a unit once more, with other headers in front of the kernel's. */
#include "kbuild/again.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/proc.h"

/* What it takes; the folders live as long as the result. */
struct kbuild_again {
	char *object;
	char *dir[NR_SIDES]; /* NULL: the unit is not on that side */
	struct kb_command command[NR_SIDES];
};

static void copy_command(const struct kb_command *from, struct kb_command *to)
{
	to->compile = xstrdup(from->compile);
	to->source = xstrdup(from->source);
	to->depfile = xstrdup(from->depfile);
	to->objtool = xstrdup(from->objtool);
	to->finish = xstrdup(from->finish);
}

struct kbuild_again *again_new(const struct build *build, const struct reached *unit)
{
	struct kbuild_again *again = xcalloc(1, sizeof(*again));

	again->object = xstrdup(unit->object);
	for (enum side side = PRE; side < NR_SIDES; side++) {
		if (!unit->object_file[side])
			continue;
		again->dir[side] = xstrdup(build_side_dir(build, unit, side));
		copy_command(build_side_command(unit, side), &again->command[side]);
	}
	return again;
}

void again_free(struct kbuild_again *again)
{
	if (!again)
		return;
	for (enum side side = PRE; side < NR_SIDES; side++) {
		free(again->dir[side]);
		kb_command_free(&again->command[side]);
	}
	free(again->object);
	free(again);
}

static struct err *wait_for_all(struct kb_pool *pool, const char *source)
{
	struct kb_done done;
	bool any;

	for (;;) {
		err_try(kb_pool_next(pool, &done, &any));
		if (!any)
			return NULL;
		if (!done.failure)
			continue;

		scope_free char *failure = done.failure;
		scope_free char *why = kb_first_errors(failure);

		return err_new("%s: %s", source, why);
	}
}

struct err *kbuild_again(const struct kbuild_spec *spec, const struct kbuild_result *result,
			 const struct kbuild_unit *unit, const char *first_dir, char **pre,
			 char **post)
{
	const struct kbuild_again *again = unit->again;
	char **const objects[NR_SIDES] = {pre, post};
	scope_kb_tool tool = {};

	err_try(kb_tool_open(spec->target, result->work, &tool));

	scope_kb_pool pool = kb_pool_new(spec->jobs ? spec->jobs : proc_cpus(), &tool, result->work,
					 spec->include_dir);

	kb_pool_put_first(pool, first_dir);
	for (enum side side = PRE; side < NR_SIDES; side++)
		if (again->dir[side])
			kb_pool_add(pool, &(struct kb_job){.dir = again->dir[side],
							   .object = again->object,
							   .command = &again->command[side]});
	err_try(wait_for_all(pool, unit->source));
	for (enum side side = PRE; side < NR_SIDES; side++)
		*objects[side] = again->dir[side]
					 ? xasprintf("%s/%s", again->dir[side], again->object)
					 : NULL;
	return NULL;
}
