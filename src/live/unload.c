/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disables patches and removes their modules from memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "live/follow.h"
#include "live/guard.h"
#include "live/journal.h"
#include "live/kmod.h"
#include "live/lock.h"
#include "live/machine.h"
#include "live/name.h"
#include "live/outcome.h"
#include "live/patches.h"
#include "live/paths.h"
#include "live/record.h"
#include "live/tasks.h"
#include "live/unload.h"

#define POLL_MS 10
#define RETRY_MS 100
/* A rollback may take at least this long, even if the limit for loading was shorter. */
#define UNDO_MS 30000

struct unload {
	const struct root *root;
	const char *name;
	unsigned limit_ms;
	int wait_ms;
	bool uninterruptible;
	bool was_whole; /* the patch was not in transition before */
	int lock;	/* the command lock, which is given up while a rollback waits; 0: none */
	struct progress *progress;
	struct live_outcome *outcome;
};

static unsigned unload_undo_limit(unsigned limit_ms)
{
	return limit_ms > UNDO_MS ? limit_ms : UNDO_MS;
}

/*
 * Writes an attribute; while another patch is in transition, a rollback waits and tries again.  The
 * administrator may end that transition meanwhile, by a command that needs the lock.
 */
static int unload_store(const struct unload *unload, const char *path, const char *value)
{
	uint64_t end = clock_boot_ms() + unload_undo_limit(unload->limit_ms);
	bool told = false;
	int error;

	while ((error = root_store(unload->root, path, value)) == -EBUSY &&
	       unload->uninterruptible && clock_boot_ms() < end) {
		if (!told)
			progress_detail(unload->progress,
					"%s: waiting for another patch's transition to finish",
					unload->name);
		told = true;
		live_lock_pause(unload->lock);
		clock_sleep_ms(RETRY_MS);

		struct err *err = live_lock_again(unload->lock);
		bool failed = err != NULL;

		err_free(err);
		if (failed)
			break;
	}
	return error;
}

static struct err *unload_write_enabled(const struct unload *unload, const char *value)
{
	scope_free char *path = xasprintf(LIVE_SYSFS "/%s/enabled", unload->name);
	int error = unload_store(unload, path, value);

	/* EINVAL means that the attribute has that value already, ENOENT that the patch is gone. */
	if (!error || error == -EINVAL || error == -ENOENT)
		return NULL;
	if (error == -EBUSY)
		return err_new(
			"%s: the kernel is busy with another patch's transition; 'suture status' shows it",
			unload->name);
	return err_errno(-error, "%s: cannot be %s", unload->name,
			 *value == '0' ? "disabled" : "enabled again");
}

static bool unload_is_enabled(const struct unload *unload)
{
	return live_attribute(unload->root, unload->name, "enabled") == 1;
}

/* Waits until the patch's folder is gone, which the kernel removes once it has released it. */
static void unload_wait_gone(const struct unload *unload)
{
	scope_free char *path = xasprintf(LIVE_SYSFS "/%s", unload->name);
	uint64_t end = clock_boot_ms() + LIVE_REMOVE_MS;

	while (root_exists(unload->root, path) && clock_boot_ms() < end)
		clock_sleep_ms(POLL_MS);
}

static struct err *unload_remove_module(const struct unload *unload)
{
	unload_wait_gone(unload);

	int error = live_kmod_remove(unload->name);

	/* kernel.modules_disabled, no CAP_SYS_MODULE, or no CONFIG_MODULE_UNLOAD */
	if (error == -EPERM || error == -ENOSYS) {
		unload->outcome->note = xstrdup(
			"its module stays in memory, since the kernel or this process's rights do not allow removing modules");
		return NULL; /* so does the record, which says who loaded it */
	}
	if (error == -EBUSY || error == -EAGAIN)
		return err_new(
			"%s: disabled, but the kernel keeps its module in memory: its transition was forced, or something uses it",
			unload->name);
	if (error)
		return err_errno(-error, "%s: disabled, but its module cannot be removed",
				 unload->name);
	live_record_drop(unload->root, unload->name);
	vec_push(&unload->outcome->unloaded, xstrdup(unload->name));
	return NULL;
}

static struct err *unload_follow(const struct unload *unload, int target, unsigned limit_ms,
				 enum follow_end *end)
{
	return live_follow(&(struct follow){.root = unload->root,
					    .name = unload->name,
					    .target = target,
					    .limit_ms = limit_ms,
					    .uninterruptible = unload->uninterruptible || target,
					    .progress = unload->progress},
			   end, &unload->outcome->blocking);
}

struct err *live_take_down(const struct root *root, const char *name, unsigned limit_ms, int lock,
			   struct progress *progress, struct live_outcome *outcome)
{
	struct unload unload = {.root = root,
				.name = name,
				.limit_ms = limit_ms,
				.wait_ms = -1,
				.uninterruptible = true,
				.lock = lock,
				.progress = progress,
				.outcome = outcome};
	enum follow_end end;

	struct err *err = unload_write_enabled(&unload, "0");

	if (err) {
		outcome->end = LIVE_END_STUCK;
		return err;
	}
	err_try(unload_follow(&unload, 0, unload_undo_limit(limit_ms), &end));
	if (end == FOLLOW_DONE && !unload_is_enabled(&unload))
		return unload_remove_module(&unload);
	outcome->end = LIVE_END_STUCK;
	if (end == FOLLOW_DONE)
		return err_new("%s: another process enabled it again", name);

	char *why = xasprintf(
		"%s; rolling it back does not finish either and continues in the background: some tasks run the new code and some do not",
		outcome->why ? outcome->why : "disabled");

	free(outcome->why);
	outcome->why = why;
	return NULL;
}

/*
 * Enables the patch again, as the whole patch is better than a part of it.  The kernel only does so
 * while the transition lasts, which may have ended just before.
 */
static struct err *unload_enable_again(const struct unload *unload, const char *why)
{
	scope_live_task_vec blocking = unload->outcome->blocking;
	enum follow_end end;

	unload->outcome->blocking = (struct live_task_vec){};
	progress_note(unload->progress, "%s: %s; enabling it again", unload->name, why);
	err_try(unload_write_enabled(unload, "1"));
	err_try(unload_follow(unload, 1, unload_undo_limit(unload->limit_ms), &end));
	if (end == FOLLOW_DONE && !unload_is_enabled(unload)) {
		unload->outcome->end = LIVE_END_DONE;
		return unload_remove_module(unload);
	}
	unload->outcome->end = end == FOLLOW_DONE ? LIVE_END_REVERSED : LIVE_END_STUCK;
	unload->outcome->why = xasprintf(
		"%s; %s", why,
		end == FOLLOW_DONE
			? "it stays enabled"
			: "enabling it again does not finish either, and continues in the background");
	if (end == FOLLOW_DONE) {
		unload->outcome->blocking = blocking;
		blocking = (struct live_task_vec){};
	}
	return NULL;
}

struct err *live_bring_back(const struct root *root, const char *name, unsigned limit_ms,
			    const char *why, struct progress *progress,
			    struct live_outcome *outcome)
{
	struct unload unload = {.root = root,
				.name = name,
				.limit_ms = limit_ms,
				.wait_ms = -1,
				.progress = progress,
				.outcome = outcome};

	return unload_enable_again(&unload, why);
}

/* Leaves a patch as it is that was already in transition before, as nobody wanted it enabled. */
static void unload_leave_running(const struct unload *unload, const char *why)
{
	unload->outcome->end = LIVE_END_STUCK;
	unload->outcome->why = xasprintf(
		"%s; it was in transition before, so it is not enabled again: disabling it continues in the background, and 'suture unload %s' then removes it",
		why, unload->name);
}

/* Gives the unloading up; restores the state before, unless a transition was going on then. */
static struct err *unload_give_up(const struct unload *unload, const char *why)
{
	if (unload->was_whole)
		return unload_enable_again(unload, why);
	unload_leave_running(unload, why);
	return NULL;
}

static struct err *unload_settle(const struct unload *unload, enum follow_end end)
{
	struct live_outcome *outcome = unload->outcome;

	if (end == FOLLOW_INTERRUPTED) {
		err_try(unload_give_up(unload, "interrupted"));
		if (outcome->end == LIVE_END_DONE)
			return err_code_new(
				ERR_INTERRUPTED,
				"interrupted: %s was already disabled, and cannot be enabled again",
				unload->name);
		return unload->was_whole ? interrupt_error()
					 : err_code_new(ERR_INTERRUPTED, "%s: %s", unload->name,
							outcome->why);
	}
	if (end == FOLLOW_LATE && unload->wait_ms >= 0) {
		outcome->end = LIVE_END_GOING_ON;
		outcome->why = xstrdup(
			"some tasks still run its code; the transition continues in the background, and 'suture unload' then removes the module");
		return NULL;
	}
	if (end == FOLLOW_LATE) {
		scope_free char *waiting = live_waiting(&outcome->blocking);
		scope_free char *why = xasprintf("%s did not switch back in time", waiting);

		return unload_give_up(unload, why);
	}
	if (unload_is_enabled(unload))
		return err_new("%s: another process enabled it again", unload->name);
	outcome->end = LIVE_END_DONE;
	return unload_remove_module(unload);
}

/* Returns the patch whose code runs now for a function, or NULL if the original code runs. */
static const char *unload_find_top(const struct live_patches *now, const char *object,
				   const struct live_function *function)
{
	vec_foreach(&now->list, patch)
		vec_foreach(&patch->objects, it)
			vec_foreach(&it->functions, other)
				if (other->top && !strcmp(it->name, object) &&
				    !strcmp(other->name, function->name) &&
				    other->sympos == function->sympos)
					return other->top;
	return NULL;
}

/* Returns whether tasks are switching, so that no single code runs. */
static bool unload_is_any_in_transition(const struct live_patches *patches)
{
	vec_foreach(&patches->list, it)
		if (it->state == LIVE_PATCHING || it->state == LIVE_UNPATCHING)
			return true;
	return false;
}

/*
 * Finds out whose code runs now for the functions of the unloaded patch.  The kernel does not tell
 * the functions of a patch that was replaced or disabled.
 */
static void unload_find_instead(const struct unload *unload, const struct live_patch *old)
{
	scope_live_patches now = NULL;
	struct live_outcome *outcome = unload->outcome;

	if (old && (old->state == LIVE_REPLACED || old->state == LIVE_DISABLED)) {
		outcome->runs = LIVE_RUNS_AS_BEFORE;
		return;
	}
	err_free(live_patches_read(unload->root, &now));
	if (!now || !old || !live_patch_functions(old) || unload_is_any_in_transition(now))
		return;
	outcome->runs = LIVE_RUNS_FOUND;
	outcome->nr_functions = live_patch_functions(old);
	vec_foreach(&old->objects, object)
		vec_foreach(&object->functions, it) {
			const char *top = unload_find_top(now, object->name, it);

			if (!top || !strcmp(top, unload->name))
				continue;
			outcome->nr_instead++;
			str_vec_add(&outcome->instead, top);
		}
}

static struct err *unload_one(const struct unload *unload)
{
	scope_live_patches before = NULL;

	uint64_t start = clock_boot_ms();
	unsigned limit = unload->wait_ms >= 0 ? (unsigned)unload->wait_ms : unload->limit_ms;
	enum follow_end end;

	err_try(live_patches_read(unload->root, &before));
	err_try(unload_write_enabled(unload, "0"));
	err_try(unload_follow(unload, 0, limit, &end));
	err_try(unload_settle(unload, end));
	if (unload->outcome->end == LIVE_END_DONE)
		unload_find_instead(unload, live_patches_find(before, unload->name));
	unload->outcome->seconds = (clock_boot_ms() - start) / 1e3;
	return NULL;
}

static struct err *unload_all(const struct root *root, const struct live_unload_spec *spec,
			      struct progress *progress, struct live_outcome_vec *outcomes)
{
	scope_live_patches patches = NULL;

	err_try(live_patches_read(root, &patches));
	vec_foreach(spec->names, it) {
		vec_push(outcomes,
			 (struct live_outcome){.name = live_name_of(*it), .end = LIVE_END_FAILED});

		struct live_outcome *outcome = &outcomes->data[outcomes->len - 1];

		if (!live_patches_find(patches, *it)) {
			outcome->end = LIVE_END_DONE;
			outcome->unchanged = true;
			continue;
		}
		err_try(unload_one(&(struct unload){
			.root = root,
			.name = outcome->name,
			.was_whole = live_attribute(root, outcome->name, "transition") != 1,
			.limit_ms = spec->timeout_ms ? spec->timeout_ms : LIVE_TIMEOUT_MS,
			.wait_ms = spec->wait_ms,
			.progress = progress,
			.outcome = outcome}));
		if (outcome->end == LIVE_END_DONE)
			live_journal(root, EVENT_UNLOADED, outcome->name, "%s is unloaded",
				     outcome->name);
		else if (outcome->end != LIVE_END_GOING_ON)
			break;
	}
	return NULL;
}

/*
 * Removes the marker of a watch that ended early once its patches are unloaded.  A marker that
 * cannot be read stays, and the next load reports it.
 */
static void unload_forget_watch(const struct root *root, const struct live_machine *machine)
{
	scope_live_patches patches = NULL;
	scope_live_watch watch = NULL;
	struct err *err = live_patches_read(root, &patches);

	if (!err)
		err = live_watch_read(root, machine, patches, &watch);
	if (!err && !watch)
		err = live_guard_check(root, machine);
	err_free(err);
}

struct err *live_unload(const struct root *root, const struct live_unload_spec *spec,
			struct progress *progress, struct live_outcome_vec *outcomes)
{
	scope_live_machine machine = NULL;

	err_try(live_machine_read(root, &machine));
	err_try(live_machine_check_unload(machine));

	struct err *err = unload_all(root, spec, progress, outcomes);

	unload_forget_watch(root, machine);
	return err;
}
