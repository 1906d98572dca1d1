/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connects the loop with this machine. */
#include "auto/world.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auto/actions.h"
#include "auto/command.h"
#include "auto/effective.h"
#include "auto/machine.h"
#include "auto/marks.h"
#include "auto/report.h"
#include "base/alloc.h"
#include "base/json.h"
#include "live/state.h"

#define SOURCES_FILE AUTO_DIR "/sources.json"

static struct err *here_look(void *data, const struct auto_policy *policy,
			     const struct auto_state *state, struct auto_facts *facts)
{
	const struct auto_here *here = data;

	return auto_machine_look(here->root, policy, state, facts);
}

static struct err *here_act(void *data, const struct auto_policy *policy, enum auto_action action,
			    struct auto_state *state, struct auto_result *result)
{
	const struct auto_here *here = data;

	progress_note(here->progress, "%s: level %s", auto_action_name(action),
		      state->level.version);
	return auto_action_do(here->root, policy, action, state, result);
}

static struct err *here_undo(void *data, struct auto_state *state, const char *why)
{
	const struct auto_here *here = data;

	return auto_action_undo(here->root, state, why);
}

static struct err *here_mark(void *data, const struct auto_state *state, bool there)
{
	const struct auto_here *here = data;

	return there ? auto_mark_write(here->root, state->boot_id) : auto_mark_remove(here->root);
}

/* The flags of a pending reboot follow from what runs; `suture advise` knows how. */
static void here_flag(const struct auto_policy *policy)
{
	static const char *const args[] = {"advise", "--now", "--flag", NULL};
	scope_json answer = NULL;
	int status;

	if (policy->reboot != AUTO_REBOOT_NEVER)
		err_free(auto_command_run(&(struct auto_command){.args = args}, &answer, &status));
}

static struct err *here_report(const struct auto_here *here, const struct auto_policy *policy,
			       const struct auto_state *state, enum auto_step from, char **text)
{
	scope_auto_effective effective = {};
	scope_free char *hold = NULL;

	err_try(auto_effective_read(here->root, &effective));
	auto_hold_read(here->root, &hold, NULL);

	scope_json object = auto_report_json(
		&(struct auto_report){.policy = policy,
				      .state = state,
				      .effective = &effective,
				      .ring = auto_machine_ring(here->root, policy),
				      .hold = hold});

	if (object) {
		json_object_set_new(object, "schema", json_string("suture.auto/1"));
		json_object_set_new(object, "from", json_string(auto_step_name(from)));
	}
	*text = object ? json_dumps(object, JSON_INDENT(2)) : NULL;
	return *text ? NULL : err_new("the report is not UTF-8");
}

static void here_tell(void *data, const struct auto_policy *policy, const struct auto_state *state,
		      const struct auto_facts *facts, enum auto_step from)
{
	const struct auto_here *here = data;
	scope_free char *text = NULL;

	(void)facts;
	if (auto_step_runs(from) || auto_step_runs(state->step))
		here_flag(policy);
	if (!policy->notify.len)
		return;
	err_free(here_report(here, policy, state, from, &text));
	for (size_t i = 0; text && i < policy->notify.len; i++) {
		struct err *err = auto_program_run(policy->notify.data[i], text);

		if (err)
			progress_note(here->progress, "notify: %s", err_message(err));
		err_free(err);
	}
}

static struct err *here_reboot(void *data, char **why)
{
	(void)data;
	return auto_action_reboot(why);
}

struct auto_world auto_world_of(struct auto_here *here)
{
	return (struct auto_world){here,      here_look, here_act,   here_undo,
				   here_mark, here_tell, here_reboot};
}

static bool policy_builds(const struct auto_policy *policy)
{
	for (unsigned i = 0; i < policy->nr_sources; i++)
		if (policy->sources[i] == AUTO_BUILD)
			return policy->mode >= AUTO_PREPARE && policy->keep_sources;
	return false;
}

/* Returns whether the file says that it was fetched, or that it is too early to try again. */
static bool sources_are_kept(const json_t *object, const char *kernel, unsigned *failures)
{
	const char *of;
	json_int_t next_try;
	int failed;

	*failures = 0;
	if (!object || json_unpack((json_t *)object, "{s:s, s:i, s:I}", "kernel", &of, "failures",
				   &failed, "next_try", &next_try))
		return false;
	if (strcmp(of, kernel) || failed < 0)
		return false;
	*failures = failed;
	return !failed || time(NULL) < next_try;
}

struct err *auto_world_keep_sources(struct auto_here *here, const struct auto_policy *policy,
				    const char *kernel, char **why)
{
	scope_json object = NULL;
	unsigned failures;

	*why = NULL;
	if (!policy_builds(policy))
		return NULL;
	err_try(live_state_read(here->root, SOURCES_FILE, "remove it", &object));
	if (sources_are_kept(object, kernel, &failures)) {
		*why = failures ? json_copy_member(object, "why") : NULL;
		return NULL;
	}

	struct err *err = auto_action_keep_sources(policy, kernel);

	if (err && err_code(err) == ERR_INTERRUPTED)
		return err;
	if (err)
		*why = xstrdup(err_message(err));
	failures = err ? failures + 1 : 0;
	err_free(err);
	return live_state_write(here->root, SOURCES_FILE,
				json_pack("{s:s, s:o, s:i, s:I, s:o}", "schema",
					  "suture.auto-sources/1", "kernel", printable_json(kernel),
					  "failures", (int)failures, "next_try",
					  (json_int_t)auto_next_try(time(NULL), failures), "why",
					  printable_json(*why)));
}
