/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The actions of the loop.  Most are commands of this program, run as processes of their own: see
 * command.h.  What they left undone when they were cut off, they do when they are run again.
 */
#include "auto/actions.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auto/command.h"
#include "auto/machine.h"
#include "auto/package.h"
#include "base/alloc.h"
#include "base/file.h"
#include "base/json.h"
#include "base/proc.h"
#include "base/text.h"
#include "finding/json.h"
#include "live/health.h"
#include "live/klog.h"
#include "live/live.h"
#include "live/module.h"
#include "target/target.h"
#include "target/usage.h"

#define REBOOT_TIMEOUT_MS 60000

static void result_set(struct auto_result *result, enum auto_event event, char *why)
{
	free(result->why);
	*result = (struct auto_result){event, why};
}

/* Returns the message of the first finding that refuses, or NULL; free(). */
static char *answer_refusal(const json_t *answer)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(answer, "findings"), i, item)
	{
		const char *severity = json_string_value(json_object_get(item, "severity"));
		const char *message = json_string_value(json_object_get(item, "message"));

		if (severity && message && !strcmp(severity, "refuse"))
			return xstrdup(message);
	}
	return NULL;
}

/* Keeps the cache below max-disk; what was used last stays longest. */
static struct err *action_bound_cache(const struct auto_policy *policy)
{
	scope_free char *cache = target_cache_dir();
	scope_usages usages = {};
	uint64_t left = 0;

	if (!policy->max_disk)
		return NULL;
	err_try(usage_list(cache, &usages));
	err_try(usage_prune(&usages, 0, policy->max_disk));
	vec_foreach(&usages, it)
		left += it->removed ? 0 : it->bytes;
	return left <= policy->max_disk
		       ? NULL
		       : err_new("%s takes more than max-disk, and all of it is in use", cache);
}

static struct err *action_fetch(const struct auto_policy *policy, const char *kernel)
{
	const char *const args[] = {"fetch", "--kernel", kernel, NULL};
	scope_json answer = NULL;
	int status;

	err_try(auto_command_run(&(struct auto_command){.args = args, .limits = policy}, &answer,
				 &status));
	return status ? err_new("suture fetch ended with status %d", status)
		      : action_bound_cache(policy);
}

struct err *auto_action_keep_sources(const struct auto_policy *policy, const char *kernel)
{
	return action_fetch(policy, kernel);
}

static char *level_dir(const struct root *root)
{
	return root_path(root, AUTO_DIR "/level");
}

static struct err *action_get(const struct root *root, const struct auto_policy *policy,
			      struct auto_state *state)
{
	scope_free char *dir = level_dir(root);

	err_try(root_remove(root, AUTO_DIR "/level"));
	err_try(root_make_dir(root, AUTO_DIR "/level"));
	if (state->level.source == AUTO_REPOSITORY)
		return auto_package_get(state->kernel, state->level.version, dir);
	return action_fetch(policy, state->kernel);
}

/* Notes the module that is to be loaded; *module owns what was read of it. */
static struct err *action_take_module(struct auto_state *state, const char *path)
{
	scope_live_module module = NULL;

	err_try(live_module_open(path, &module));
	if (strcmp(module->release, state->kernel))
		return err_code_new(ERR_REFUSED, "%s is for kernel %s, which does not run here",
				    path, module->release);

	struct live_cover *cover = live_cover_read(module);

	auto_module_clear(&state->module);
	state->module = (struct auto_module){.path = xstrdup(path),
					     .name = xstrdup(module->name),
					     .digest = xstrdup(module->digest),
					     .equivalent = cover && cover->equivalent};
	live_cover_free(cover);
	return NULL;
}

/*
 * Does the policy accept what was carried?  A level that carries all that changes is never asked.
 */
static void action_judge(const struct auto_policy *policy, const struct auto_state *state,
			 struct auto_result *result)
{
	const struct auto_module *module = &state->module;
	unsigned percent = module->changed ? 100 * module->patched / module->changed : 0;

	if (module->equivalent)
		return;
	if (policy->accept == AUTO_EQUIVALENT)
		result_set(
			result, AUTO_EV_REFUSED,
			xasprintf(
				"%s is carried in part (%u of %u functions), and the policy has accept = equivalent",
				state->level.to, module->patched, module->changed));
	else if (percent < policy->min_coverage)
		result_set(
			result, AUTO_EV_REFUSED,
			xasprintf(
				"%u of %u changed functions of %s are carried, which is less than min-coverage = %u%%",
				module->patched, module->changed, state->level.to,
				policy->min_coverage));
}

static struct err *action_cover(const struct root *root, const struct auto_policy *policy,
				struct auto_state *state, struct auto_result *result)
{
	scope_free char *dir = level_dir(root);
	const char *const args[] = {"cover", "--kernel", state->kernel, "--to", state->level.to,
				    "-o",    dir,	 "--loaded",	NULL};
	scope_json answer = NULL;
	const char *path;
	int status, changed = 0, patched = 0;

	err_try(auto_command_run(&(struct auto_command){.args = args, .limits = policy}, &answer,
				 &status));
	path = json_string_value(json_object_get(answer, "module"));
	if (!path) {
		result_set(result, AUTO_EV_REFUSED,
			   xasprintf("no change of %s can be live-patched", state->level.to));
		return NULL;
	}
	json_unpack(answer, "{s:{s:i, s:i}}", "totals", "functions_changed", &changed,
		    "functions_patched", &patched);
	err_try(action_take_module(state, path));
	state->module.changed = changed;
	state->module.patched = patched;
	action_judge(policy, state, result);
	return NULL;
}

/*
 * A level's package states what it carries; a package without that statement carries single fixes.
 */
static struct err *action_unpack(const struct root *root, const struct auto_policy *policy,
				 struct auto_state *state, struct auto_result *result)
{
	scope_free char *dir = level_dir(root), *path = NULL;

	err_try(auto_package_unpack(dir, state->kernel, &path));
	err_try(action_take_module(state, path));
	if (!state->module.equivalent && policy->accept == AUTO_EQUIVALENT)
		result_set(
			result, AUTO_EV_REFUSED,
			xasprintf(
				"level %s carries a part of %s, and the policy has accept = equivalent",
				state->level.version, state->level.to));
	return NULL;
}

/* Returns why a trial in a virtual machine is not attested for the module, or NULL. */
static struct err *action_attested(const struct auto_state *state, char **why)
{
	scope_live_module module = NULL;

	*why = NULL;
	err_try(live_module_open(state->module.path, &module));
	if (strcmp(module->digest, state->module.digest))
		return err_new("%s is not the module that was built", state->module.path);
	if (module->attested != LIVE_ATTESTED_PASS)
		*why = xstrdup(module->attest_why ? module->attest_why : "no trial is attested");
	return NULL;
}

static struct err *action_try(const struct auto_policy *policy, struct auto_state *state,
			      struct auto_result *result)
{
	const char *const args[] = {"test", state->module.path, NULL};
	scope_free char *why = NULL;
	scope_json answer = NULL;
	int status;

	err_try(action_attested(state, &why));
	if (why && state->level.source == AUTO_BUILD) {
		free(take_ptr(why));
		err_try(auto_command_run(&(struct auto_command){.args = args, .limits = policy},
					 &answer, &status));
		err_try(action_attested(state, &why));
	}
	if (why)
		result_set(
			result, AUTO_EV_REFUSED,
			xasprintf("the live patch is not loaded without a passed trial: %s", why));
	return NULL;
}

/* Maps how the only module of an answer of `suture load` ended. */
static void action_loaded(const json_t *answer, struct auto_result *result)
{
	const json_t *module = json_array_get(json_object_get(answer, "modules"), 0);
	const char *end = json_string_value(json_object_get(module, "result"));
	const char *why = json_string_value(json_object_get(module, "why"));
	scope_free char *refusal = answer_refusal(answer);

	if (refusal)
		result_set(result, AUTO_EV_REFUSED, take_ptr(refusal));
	else if (end && !strcmp(end, live_end_name(LIVE_END_ROLLED_BACK)))
		result_set(result, AUTO_EV_BAD,
			   xasprintf("the live patch was rolled back: %s", why ? why : "-"));
	else if (!end || strcmp(end, live_end_name(LIVE_END_DONE)))
		result_set(result, AUTO_EV_FAILED,
			   xasprintf("the live patch could not be loaded: %s", why ? why : "-"));
}

/* A setting of the kernel says nothing about the level: it is tried again once the setting allows.
 */
static struct err *action_check_settings(const struct root *root)
{
	scope_live_machine machine = NULL;

	err_try(live_machine_read(root, &machine));

	struct err *closed = live_machine_check_settings(machine);
	struct err *err = closed ? err_new("%s", err_message(closed)) : NULL;

	err_free(closed);
	return err;
}

static struct err *action_load(const struct root *root, const struct auto_policy *policy,
			       struct auto_state *state, struct auto_result *result)
{
	const char *const args[] = {"load", state->module.path, NULL};
	scope_free char *sick = NULL;
	scope_json answer = NULL;
	int status;

	err_try(action_check_settings(root));
	err_try(auto_machine_probe(policy, &sick));
	if (sick)
		return err_new("a probe fails before anything is loaded: %s", sick);
	err_try(auto_command_run(
		&(struct auto_command){.args = args, .inhibit = "a live patch is being loaded"},
		&answer, &status));
	action_loaded(answer, result);
	return NULL;
}

/* Has the next boot load it, too: by its package if it came in one. */
static struct err *action_settle(struct auto_state *state, struct auto_result *result)
{
	const char *const args[] = {"install", state->module.path, NULL};
	scope_json answer = NULL;
	int status;

	if (state->level.source == AUTO_REPOSITORY)
		return auto_package_install(state->kernel, state->level.version);
	err_try(auto_command_run(&(struct auto_command){.args = args}, &answer, &status));
	if (status) {
		char *refusal = answer_refusal(answer);

		result_set(result, status == ERR_REFUSED ? AUTO_EV_REFUSED : AUTO_EV_FAILED,
			   refusal ? refusal : xstrdup("it could not be installed"));
	}
	return NULL;
}

static struct err *action_watch(const struct root *root, const struct auto_policy *policy,
				struct auto_state *state)
{
	state->watch_until = time(NULL) + policy->watch;
	state->taint = live_taint(root);
	state->log_from = live_klog_number(root);
	return NULL;
}

static struct err *action_dispatch(const struct root *root, const struct auto_policy *policy,
				   enum auto_action action, struct auto_state *state,
				   struct auto_result *result)
{
	switch (action) {
	case AUTO_DO_GET:
		return action_get(root, policy, state);
	case AUTO_DO_MAKE:
		return state->level.source == AUTO_BUILD
			       ? action_cover(root, policy, state, result)
			       : action_unpack(root, policy, state, result);
	case AUTO_DO_TRY:
		return action_try(policy, state, result);
	case AUTO_DO_LOAD:
		return action_load(root, policy, state, result);
	case AUTO_DO_WATCH:
		return action_watch(root, policy, state);
	case AUTO_DO_SETTLE:
		return action_settle(state, result);
	default:
		return NULL;
	}
}

/*
 * A sound "no" of a command is one of the action; other errors are failures, which are tried again.
 */
struct err *auto_action_do(const struct root *root, const struct auto_policy *policy,
			   enum auto_action action, struct auto_state *state,
			   struct auto_result *result)
{
	struct err *err = action_dispatch(root, policy, action, state, result);

	if (!err || err_code(err) != ERR_REFUSED)
		return err;
	result_set(result, AUTO_EV_REFUSED, xstrdup(err_message(err)));
	err_free(err);
	return NULL;
}

static struct err *undo_unload(struct auto_state *state)
{
	const char *const args[] = {"unload", state->module.name, NULL};
	scope_json answer = NULL;
	int status;

	err_try(auto_command_run(
		&(struct auto_command){.args = args, .inhibit = "a live patch is being unloaded"},
		&answer, &status));
	if (!status)
		return NULL;

	const json_t *module = json_array_get(json_object_get(answer, "modules"), 0);
	const char *why = json_string_value(json_object_get(module, "why"));

	return err_new("%s could not be unloaded: %s", state->module.name, why ? why : "-");
}

struct err *auto_action_undo(const struct root *root, struct auto_state *state, const char *why)
{
	const char *const args[] = {"load", "--installed", NULL};
	scope_live_installed installed = {};
	scope_json answer = NULL;
	int status;

	err_try(live_block_add(root, state->module.name, state->module.digest, state->kernel, why));
	err_try(undo_unload(state));
	err_try(live_installed_read(root, state->kernel, &installed));
	if (!installed.len)
		return NULL;
	/* The level before it was replaced by it, and runs again; its own end is in `suture
	 * status`. */
	err_free(auto_command_run(&(struct auto_command){.args = args}, &answer, &status));
	return NULL;
}

struct err *auto_action_reboot(char **why)
{
	static const char *const argv[] = {"systemctl", "reboot", "--check-inhibitors=yes",
					   "--no-wall", NULL};
	scope_strbuf output = STRBUF_INIT, last = STRBUF_INIT;
	int status;

	*why = NULL;
	err_try(proc_run(&(struct proc_spec){.argv = argv, .timeout_ms = REBOOT_TIMEOUT_MS},
			 &status, &output));
	if (!status)
		return NULL;
	proc_last_lines(output.buf, 3, &last);
	*why = xasprintf("a reboot is due, but systemctl refused it: %s", last.buf);
	return NULL;
}
