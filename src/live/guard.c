/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes and reads the marker of loads in progress, which keeps a patch that crashes the machine
 * from doing so again at each boot.  The marker is on the disk before the first module is loaded;
 * it names the boot, by which a crash is distinguished from a killed process.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/proc_stat.h"
#include "base/strbuf.h"
#include "live/guard.h"
#include "live/block.h"
#include "live/machine.h"
#include "live/module.h"
#include "live/patches.h"
#include "live/paths.h"
#include "live/state.h"

#define MARKER LIVE_STATE "/loading.json"

static struct err *guard_read_marker(const struct root *root, json_t **marker)
{
	scope_free char *option = live_root_option(root);
	scope_free char *remedy = xasprintf(
		"whether a live patch crashed the machine is unknown; 'suture unlock --all%s' removes the file, and unblocks all blocked patches",
		option);

	scope_json read = NULL;

	*marker = NULL;
	err_try(live_state_read(root, MARKER, remedy, &read));
	if (read && (!json_is_string(json_object_get(read, "boot_id")) ||
		     !json_is_array(json_object_get(read, "modules"))))
		return live_state_invalid(root, MARKER, remedy);
	*marker = take_ptr(read);
	return NULL;
}

static json_int_t guard_start_time(const struct root *root, int pid)
{
	scope_free char *path = xasprintf("/proc/%d/stat", pid);
	scope_free char *line = root_read_line(root, path);

	return proc_start_time(line);
}

struct err *live_guard_begin(const struct root *root, const struct live_machine *machine,
			     const struct live_module_vec *modules)
{
	scope_free char *time = clock_utc();
	json_t *array = json_array();

	vec_foreach(modules, it)
		json_array_append_new(array,
				      json_pack("{s:o, s:s}", "name", printable_json((*it)->name),
						"digest", (*it)->digest));

	json_t *object = json_pack("{s:s, s:s, s:s, s:i, s:I, s:o}", "boot_id", machine->boot_id,
				   "kernel", machine->release, "time", time, "pid", (int)getpid(),
				   "started", guard_start_time(root, getpid()), "modules", array);

	return live_state_write(root, MARKER, object);
}

void live_guard_end(const struct root *root)
{
	/* If the marker stays, the worst result is a blocked patch. */
	err_free(root_remove(root, MARKER));
}

/* Appends the modules that a marker of an earlier boot names. */
static void guard_read_suspects(const json_t *marker, struct live_block_vec *suspects)
{
	scope_free char *release = live_state_text(marker, "kernel");
	scope_free char *time = live_state_text(marker, "time");
	size_t i;
	json_t *module;

	json_array_foreach(json_object_get(marker, "modules"), i, module)
	{
		const char *name = json_string_value(json_object_get(module, "name"));
		const char *digest = json_string_value(json_object_get(module, "digest"));

		if (!name || !digest || strchr(digest, '/') || live_blocks_find(suspects, digest))
			continue;
		vec_push(
			suspects,
			(struct live_block){
				.name = xstrdup(name),
				.digest = xstrdup(digest),
				.release = xstrdup(release),
				.why = xasprintf(
					"the machine went down while it was being loaded or shortly after (%s)",
					*time ? time : "time unknown"),
				.time = xstrdup(*time ? time : "unknown"),
			});
	}
}

static struct err *guard_hold_all(const struct root *root, const json_t *marker)
{
	scope_live_blocks suspects = {};

	guard_read_suspects(marker, &suspects);
	vec_foreach(&suspects, it)
		err_try(live_block_add(root, it->name, it->digest, it->release, it->why));
	return NULL;
}

static bool guard_is_of_boot(const json_t *marker, const char *boot_id)
{
	return !strcmp(json_string_value(json_object_get(marker, "boot_id")), boot_id);
}

void live_guard_suspects(const struct root *root, struct live_block_vec *blocks)
{
	scope_free char *boot_id = root_read_line(root, "/proc/sys/kernel/random/boot_id");
	scope_json marker = NULL;

	err_free(guard_read_marker(root, &marker));
	if (marker && !guard_is_of_boot(marker, boot_id ? boot_id : ""))
		guard_read_suspects(marker, blocks);
}

struct err *live_guard_check(const struct root *root, const struct live_machine *machine)
{
	scope_json marker = NULL;

	err_try(guard_read_marker(root, &marker));
	if (!marker)
		return NULL;

	/* A marker of this boot means that its process was killed and the machine did not crash. */
	struct err *err =
		guard_is_of_boot(marker, machine->boot_id) ? NULL : guard_hold_all(root, marker);

	return err ? err : root_remove(root, MARKER);
}

struct err *live_guard_release(const struct root *root, const char *name, struct str_vec *released)
{
	scope_json marker = NULL;
	struct err *err = guard_read_marker(root, &marker);

	if (err && !name) {
		err_free(err);
		return root_remove(root, MARKER);
	}
	err_try(err);
	if (!marker)
		return NULL;

	json_t *modules = json_object_get(marker, "modules");
	size_t before = json_array_size(modules);

	for (size_t i = before; i-- > 0;) {
		const char *its =
			json_string_value(json_object_get(json_array_get(modules, i), "name"));

		if (name && (!its || strcmp(its, name)))
			continue;
		if (its)
			vec_push(released, xstrdup(its));
		json_array_remove(modules, i);
	}
	if (!json_array_size(modules))
		return root_remove(root, MARKER);
	if (json_array_size(modules) != before)
		return live_state_write(root, MARKER, take_ptr(marker));
	return NULL;
}

struct err *live_watch_read(const struct root *root, const struct live_machine *machine,
			    const struct live_patches *patches, struct live_watch **watchp)
{
	scope_live_watch watch = xcalloc(1, sizeof(*watch));
	scope_json marker = NULL;
	json_t *module;
	size_t i;

	*watchp = NULL;
	err_try(guard_read_marker(root, &marker));
	if (!marker || !guard_is_of_boot(marker, machine->boot_id))
		return NULL;
	watch->pid = json_integer_value(json_object_get(marker, "pid"));
	watch->time = live_state_text(marker, "time");

	json_int_t since = json_integer_value(json_object_get(marker, "started"));

	/* If /proc hides the processes of other users, a process that is not seen may be alive. */
	watch->alive = (since && guard_start_time(root, watch->pid) == since) ||
		       (root_is_machine(root) && !root_exists(root, "/proc/1"));
	json_array_foreach(json_object_get(marker, "modules"), i, module)
	{
		const char *name = json_string_value(json_object_get(module, "name"));

		if (name && live_patches_find(patches, name))
			vec_push(&watch->names, xstrdup(name));
	}
	if (watch->names.len)
		*watchp = take_ptr(watch);
	return NULL;
}

char *live_watch_lost(const struct live_watch *watch)
{
	scope_strbuf names = STRBUF_INIT;

	if (!watch || watch->alive)
		return NULL;
	vec_foreach(&watch->names, it)
		strbuf_addf(&names, "%s%s", it == watch->names.data ? "" : " ", *it);
	return xasprintf(
		"nobody watches %s: the command that loaded it (process %d, %s) ended early; 'suture unload %s' removes it, 'suture unlock %s' keeps it and clears this warning",
		names.buf, watch->pid, watch->time, names.buf, names.buf);
}

void live_watch_free(struct live_watch *watch)
{
	if (!watch)
		return;
	str_vec_free(&watch->names);
	free(watch->time);
	free(watch);
}

void live_watch_freep(struct live_watch **watchp)
{
	live_watch_free(*watchp);
}
