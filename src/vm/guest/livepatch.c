/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements the verbs that enable, disable and observe a live patch by its files in sysfs. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modules.h"
#include "probe.h"
#include "step.h"
#include "util.h"

#define POLL_MS 5
/* The kernel tries each second; a task that two tries do not switch really blocks a transition. */
#define STALL_MS 2500
#define REPLACED_MS 2000
#define REMOVE_MS 2000 /* a short limit, as an earlier step may have tried to remove it, too */
#define BLOCKERS_MAX 16

static char *patch_path(const char *name, const char *file)
{
	static char path[512];

	snprintf(path, sizeof(path), "/sys/kernel/livepatch/%s%s%s", name, *file ? "/" : "", file);
	return path;
}

/* Returns the number in an attribute's file, or -1. */
static int patch_value(const char *name, const char *file)
{
	char text[16];

	return guest_read_text(patch_path(name, file), text, sizeof(text)) < 0 ? -1 : atoi(text);
}

static bool livepatch_wait_gone(const char *name, unsigned limit_ms)
{
	struct deadline deadline = deadline_from(now_ms(), limit_ms);

	while (path_exists(patch_path(name, ""))) {
		if (deadline_over(&deadline))
			return false;
		sleep_ms(POLL_MS);
	}
	return true;
}

static void add_task_text(struct event *ev, const char *key, const char *dir, const char *file)
{
	static char text[4096];
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", dir, file);

	long size = guest_read_text(path, text, sizeof(text));

	event_text(ev, key, text, size > 0 ? size : 0);
}

struct blockers {
	struct event *ev;
	int target;
	unsigned count;
};

/* Lists a thread if it has not switched yet; returns true once enough are listed. */
static bool list_blocker(const char *task, const char *tid, void *arg)
{
	struct blockers *blockers = arg;
	char path[512], text[16];

	snprintf(path, sizeof(path), "%s/patch_state", task);
	if (guest_read_text(path, text, sizeof(text)) < 0 || atoi(text) == blockers->target ||
	    atoi(text) < 0)
		return false;
	event_object(blockers->ev);
	event_num(blockers->ev, KEY_TID, atoi(tid));
	add_task_text(blockers->ev, KEY_NAME, task, "comm");
	add_task_text(blockers->ev, KEY_STACK, task, "stack");
	event_close(blockers->ev, '}');
	return ++blockers->count == BLOCKERS_MAX;
}

/* Lists the tasks that block a transition to the target state, with their stacks. */
static void list_blockers(struct event *ev, int target)
{
	event_list(ev, KEY_BLOCKERS);
	tasks_find(list_blocker, &(struct blockers){.ev = ev, .target = target});
	event_close(ev, ']');
}

/* settle NAME: waits for the end of the transition; succeeds if the patch is enabled then. */
bool verb_settle(const struct step *step, struct event *ev)
{
	const char *name = step->argv[1];
	struct deadline deadline = deadline_from(now_ms(), step->limit_ms);
	int transition;

	while ((transition = patch_value(name, "transition")) == 1) {
		if (deadline_over(&deadline)) {
			event_string(ev, KEY_WHY, WHY_STALLED);
			list_blockers(ev, 1);
			return false;
		}
		sleep_ms(POLL_MS);
	}
	if (transition < 0)
		event_string(ev, KEY_WHY, WHY_ABSENT);
	else if (patch_value(name, "enabled") != 1)
		event_string(ev, KEY_WHY, "not enabled");
	else
		return true;
	return false;
}

static void list_functions(struct event *ev, const char *object_dir)
{
	DIR *functions = opendir(object_dir);
	struct dirent *entry;

	event_list(ev, KEY_FUNCTIONS);
	while (functions && (entry = readdir(functions))) {
		if (entry->d_type == DT_DIR && *entry->d_name != '.')
			event_string(ev, NULL, entry->d_name);
	}
	event_close(ev, ']');
	if (functions)
		closedir(functions);
}

/* objects NAME: reports the objects that the patch covers, and which of them the kernel has
 * patched. */
bool verb_objects(const struct step *step, struct event *ev)
{
	const char *name = step->argv[1];
	char file[300], dir_path[512];
	struct dirent *entry;

	probe_list(name);
	snprintf(dir_path, sizeof(dir_path), "%s", patch_path(name, ""));

	DIR *dir = opendir(dir_path);

	event_list(ev, KEY_OBJECTS);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_type != DT_DIR || *entry->d_name == '.')
			continue;
		event_object(ev);
		event_string(ev, KEY_NAME, entry->d_name);
		snprintf(file, sizeof(file), "%s/patched", entry->d_name);
		event_num(ev, KEY_PATCHED, patch_value(name, file)); /* kernels before 6.1: -1 */
		list_functions(ev, patch_path(name, entry->d_name));
		event_close(ev, '}');
	}
	event_close(ev, ']');
	if (dir)
		closedir(dir);
	return dir != NULL;
}

/* disable NAME: disables the patch, and waits until the kernel does not use it any more. */
bool verb_disable(const struct step *step, struct event *ev)
{
	const char *name = step->argv[1];
	int error = guest_write_text(patch_path(name, "enabled"), "0");

	if (error) {
		event_num(ev, KEY_ERRNO, -error);
		return false;
	}
	if (livepatch_wait_gone(name, step->limit_ms))
		return true;
	event_string(ev, KEY_WHY, WHY_STALLED);
	list_blockers(ev, 0);
	return false;
}

/*
 * drop NAME: removes the patch, in whatever state an earlier step left it.  Writing to `enabled`
 * during a transition reverses it.
 */
bool verb_drop(const struct step *step, struct event *ev)
{
	const char *name = step->argv[1];

	if (patch_value(name, "enabled") == 1)
		guest_write_text(patch_path(name, "enabled"), "0");
	if (!livepatch_wait_gone(name, step->limit_ms))
		return false;

	int error = module_remove(name, REMOVE_MS);

	if (error && error != -ENOENT)
		event_num(ev, KEY_ERRNO, -error);
	return !error || error == -ENOENT;
}

/* stall NAME: succeeds if the transition does not end, and lists the tasks that block it. */
bool verb_stall(const struct step *step, struct event *ev)
{
	uint64_t end = now_ms() + STALL_MS;

	while (patch_value(step->argv[1], "transition") == 1) {
		if (now_ms() >= end) {
			list_blockers(ev, 1);
			return true;
		}
		sleep_ms(POLL_MS);
	}
	return false;
}

/* reverse NAME: reverses a transition that has not ended. */
bool verb_reverse(const struct step *step, struct event *ev)
{
	int error = guest_write_text(patch_path(step->argv[1], "enabled"), "0");

	if (error)
		event_num(ev, KEY_ERRNO, -error);
	return !error && livepatch_wait_gone(step->argv[1], step->limit_ms);
}

/*
 * replaced NAME: waits until another patch has replaced this one, and unloads its module.  Once the
 * transition has ended, the replaced patch is disabled, and the kernel releases it a moment later
 * (klp_complete_transition() in kernel/livepatch/transition.c, 6.1).
 */
bool verb_replaced(const struct step *step, struct event *ev)
{
	(void)ev;
	return patch_value(step->argv[1], "enabled") != 1 &&
	       livepatch_wait_gone(step->argv[1], REPLACED_MS) &&
	       !module_remove(step->argv[1], step->limit_ms);
}

/* leave NAME: disables the patch without waiting for the end of the transition. */
bool verb_leave(const struct step *step, struct event *ev)
{
	int error = guest_write_text(patch_path(step->argv[1], "enabled"), "0");

	if (error)
		event_num(ev, KEY_ERRNO, -error);
	return !error;
}

/* gone NAME: waits until the kernel does not use the patch any more. */
bool verb_gone(const struct step *step, struct event *ev)
{
	if (livepatch_wait_gone(step->argv[1], step->limit_ms))
		return true;
	event_string(ev, KEY_WHY, WHY_STALLED);
	list_blockers(ev, 0);
	return false;
}
