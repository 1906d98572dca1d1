/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A patch that takes the machine down must not do so again at each boot.  The marker is on the
 * disk before the first module is loaded; it names the boot, so that it cannot be mistaken for
 * one of a process that was merely killed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "live/live_internal.h"

#define MARKER LIVE_STATE "/loading.json"

struct err *live_guard_begin(const struct root *root, const struct live_machine *machine,
			     const struct live_module_vec *modules)
{
	scope_free char *time = clock_utc();
	json_t *array = json_array();

	vec_foreach(modules, it)
		json_array_append_new(array, json_pack("{s:s, s:s}", "name", (*it)->name, "digest",
						       (*it)->digest));

	json_t *object = json_pack("{s:s, s:s, s:s, s:o}", "boot_id", machine->boot_id, "kernel",
				   machine->release, "time", time, "modules", array);

	return live_write_json(root, MARKER, object);
}

void live_guard_end(const struct root *root)
{
	err_free(root_remove(root, MARKER)); /* should it stay, the worst is a patch held back */
}

static struct err *hold_all(const struct root *root, const json_t *marker)
{
	const char *release = json_string_value(json_object_get(marker, "kernel"));
	const char *time = json_string_value(json_object_get(marker, "time"));
	scope_free char *why =
		xasprintf("the machine went down while it was loaded or shortly after "
			  "(%s)",
			  time ? time : "time unknown");
	size_t i;
	json_t *module;

	json_array_foreach(json_object_get(marker, "modules"), i, module)
	{
		const char *name = json_string_value(json_object_get(module, "name"));
		const char *digest = json_string_value(json_object_get(module, "digest"));

		if (name && digest && !strchr(digest, '/'))
			err_try(live_hold(root, name, digest, release ? release : "", why));
	}
	return NULL;
}

struct err *live_guard_check(const struct root *root, const struct live_machine *machine)
{
	scope_free char *text = NULL;

	if (!root_exists(root, MARKER))
		return NULL;
	err_try(root_read(root, MARKER, &text));

	json_t *marker = json_loads(text, 0, NULL);
	const char *boot_id = json_string_value(json_object_get(marker, "boot_id"));
	/* Of this boot: its process was killed, and the machine lives. */
	struct err *err =
		boot_id && strcmp(boot_id, machine->boot_id) ? hold_all(root, marker) : NULL;

	json_decref(marker);
	if (!err)
		err = root_remove(root, MARKER);
	return err;
}
