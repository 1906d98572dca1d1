/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads from /sys what live patches the kernel has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "live/name.h"
#include "live/patches.h"
#include "live/paths.h"
#include "live/record.h"

const char *live_state_name(enum live_state state)
{
	static const char *const names[] = {
		[LIVE_ENABLED] = "enabled",   [LIVE_DISABLED] = "disabled",
		[LIVE_PATCHING] = "patching", [LIVE_UNPATCHING] = "unpatching",
		[LIVE_REPLACED] = "replaced",
	};

	return names[state];
}

int live_attribute(const struct root *root, const char *name, const char *file)
{
	scope_free char *path = xasprintf(LIVE_SYSFS "/%s/%s", name, file);

	return root_read_number(root, path, -1);
}

static enum live_state read_state(const struct root *root, const char *name)
{
	bool enabled = live_attribute(root, name, "enabled") == 1;
	bool transition = live_attribute(root, name, "transition") == 1;

	if (transition)
		return enabled ? LIVE_PATCHING : LIVE_UNPATCHING;
	return enabled ? LIVE_ENABLED : LIVE_DISABLED;
}

/* Reads an object's functions, which are folders such as "version_proc_show,1". */
static struct err *read_functions(const struct root *root, const char *path,
				  struct live_object *object)
{
	scope_str_vec names = {};

	err_try(root_list(root, path, &names));
	vec_foreach(&names, it) {
		const char *comma = strrchr(*it, ',');

		if (comma) /* the attribute "patched" has none */
			vec_push(&object->functions,
				 (struct live_function){.name = xstrndup(*it, comma - *it),
							.sympos = atoi(comma + 1)});
	}
	return NULL;
}

static bool is_folder(const struct root *root, const char *path)
{
	struct stat st;

	return !root_stat(root, path, &st) && S_ISDIR(st.st_mode);
}

static struct err *read_objects(const struct root *root, struct live_patch *patch)
{
	scope_free char *dir = xasprintf(LIVE_SYSFS "/%s", patch->name);
	scope_str_vec names = {};

	err_try(root_list(root, dir, &names));
	vec_foreach(&names, it) {
		scope_free char *path = xasprintf("%s/%s", dir, *it);
		scope_free char *patched = xasprintf("%s/patched", *it);

		if (!is_folder(root, path))
			continue;
		vec_push(&patch->objects,
			 (struct live_object){
				 .name = xstrdup(*it),
				 .patched = live_attribute(root, patch->name, patched),
			 });
		err_try(read_functions(root, path, &patch->objects.data[patch->objects.len - 1]));
	}
	return NULL;
}

/* Returns the letters of the module's taint flags, or NULL if it is not loaded; free(). */
static char *module_taint(const struct root *root, const char *name)
{
	scope_free char *path = xasprintf(LIVE_SYS_MODULE "/taint", name);

	return root_read_line(root, path);
}

static struct err *read_patch(const struct root *root, const char *name, bool in_sysfs,
			      struct live_patches *patches)
{
	char *taint = module_taint(root, name);

	vec_push(&patches->list,
		 (struct live_patch){
			 .name = xstrdup(name),
			 .state = in_sysfs ? read_state(root, name) : LIVE_REPLACED,
			 .replace = in_sysfs ? live_attribute(root, name, "replace") : -1,
			 .taint = taint ? taint : xstrdup(""),
		 });

	struct live_patch *patch = &patches->list.data[patches->list.len - 1];

	struct err *err = live_record_read(root, name, &patch->record);

	patch->record_damaged = err != NULL;
	if (err)
		vec_push(&patches->damage, xstrdup(err_message(err)));
	err_free(err);
	return in_sysfs ? read_objects(root, patch) : NULL;
}

/*
 * Lists modules in the order in which they were loaded, which is the order of the patches: a patch
 * is enabled only once, when its module is loaded.  /proc/modules has the latest module first.  A
 * module with taint flag K that has no patch in sysfs was replaced, or its patch was disabled.
 */
static struct err *load_order(const struct root *root, struct str_vec *order)
{
	scope_free char *text = NULL;
	char *save = NULL;
	struct str_vec latest_first = {};

	err_free(root_read(root, "/proc/modules", &text));
	for (char *line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		vec_push(&latest_first, xstrndup(line, strcspn(line, " ")));
	for (size_t i = latest_first.len; i-- > 0;)
		vec_push(order, latest_first.data[i]);
	vec_free(&latest_first);
	return NULL;
}

static bool is_livepatch_module(const struct root *root, const char *name)
{
	scope_free char *taint = module_taint(root, name);

	return taint && strchr(taint, 'K');
}

static const char *find_top(const struct live_patches *patches, const char *object,
			    const struct live_function *function)
{
	const char *top = NULL;

	vec_foreach(&patches->list, patch) {
		if (patch->state != LIVE_ENABLED && patch->state != LIVE_PATCHING)
			continue;
		vec_foreach(&patch->objects, it) {
			if (strcmp(it->name, object))
				continue;
			vec_foreach(&it->functions, other)
				if (!strcmp(other->name, function->name) &&
				    other->sympos == function->sympos)
					top = patch->name;
		}
	}
	return top;
}

static void set_tops(struct live_patches *patches)
{
	vec_foreach(&patches->list, patch)
		vec_foreach(&patch->objects, object)
			vec_foreach(&object->functions, function) {
				const char *top = find_top(patches, object->name, function);

				function->top = top ? xstrdup(top) : NULL;
			}
}

/*
 * Distinguishes disabled from replaced patches, which sysfs does not show: a patch was replaced if
 * there is a later one that replaces others.
 */
static void tell_disabled(struct live_patches *patches)
{
	bool replaced = false;

	for (size_t i = patches->list.len; i-- > 0;) {
		struct live_patch *it = &patches->list.data[i];

		if (it->state == LIVE_REPLACED && !replaced)
			it->state = LIVE_DISABLED;
		replaced |= it->state == LIVE_ENABLED && it->replace != 0;
	}
}

struct err *live_patches_read(const struct root *root, struct live_patches **patchesp)
{
	scope_live_patches patches = xcalloc(1, sizeof(*patches));
	scope_str_vec in_sysfs = {}, order = {};

	err_try(root_list(root, LIVE_SYSFS, &in_sysfs));
	err_try(load_order(root, &order));
	vec_foreach(&in_sysfs, it) /* first the patches whose module is not listed */
		if (!str_vec_has(&order, *it))
			err_try(read_patch(root, *it, true, patches));
	vec_foreach(&order, it) {
		bool listed = str_vec_has(&in_sysfs, *it);

		if (listed || is_livepatch_module(root, *it))
			err_try(read_patch(root, *it, listed, patches));
	}
	tell_disabled(patches);
	set_tops(patches);
	*patchesp = take_ptr(patches);
	return NULL;
}

const struct live_patch *live_patches_find(const struct live_patches *patches, const char *name)
{
	scope_free char *wanted = live_name_of(name);

	vec_foreach(&patches->list, it)
		if (!strcmp(it->name, wanted))
			return it;
	return NULL;
}

size_t live_patch_functions(const struct live_patch *patch)
{
	size_t count = 0;

	vec_foreach(&patch->objects, it)
		count += it->functions.len;
	return count;
}

static void free_object(struct live_object *object)
{
	vec_foreach(&object->functions, it) {
		free(it->name);
		free(it->top);
	}
	vec_free(&object->functions);
	free(object->name);
}

void live_patches_free(struct live_patches *patches)
{
	if (!patches)
		return;
	vec_foreach(&patches->list, patch) {
		vec_foreach(&patch->objects, it)
			free_object(it);
		vec_free(&patch->objects);
		live_record_free(patch->record);
		free(patch->name);
		free(patch->taint);
	}
	vec_free(&patches->list);
	str_vec_free(&patches->damage);
	free(patches);
}

void live_patches_freep(struct live_patches **patchesp)
{
	live_patches_free(*patchesp);
}

static bool is_diverted(const struct live_patch *patch)
{
	vec_foreach(&patch->objects, object)
		vec_foreach(&object->functions, it)
			if (it->top && strcmp(it->top, patch->name))
				return true;
	return false;
}

const struct live_patch *live_cover_loaded(const struct live_patches *patches)
{
	const struct live_patch *found = NULL;

	vec_foreach(&patches->list, it)
		if (it->state == LIVE_ENABLED && it->record && it->record->cover &&
		    !is_diverted(it))
			found = it;
	return found;
}
