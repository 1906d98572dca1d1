/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Restarts the services that are safe to restart, and tells what it did and what it left alone. */
#include "cli/advise_apply.h"

#include <stdlib.h>
#include <string.h>

#include "base/proc.h"

#define RESTART_TIMEOUT_MS 120000

struct applied {
	const struct advise_service *service;
	struct err *err; /* from the restart; NULL if it worked or was not tried */
};

struct apply {
	const struct advice *advice;
	bool really;
	struct VEC(struct applied) done; /* or what would be done, without --yes */
	struct VEC(const struct advise_service *) left;
	unsigned failed;
};

/* The unit's name has only a unit's characters, as advice marks no other as safe. */
static struct err *apply_restart(const struct advise_service *service)
{
	const char *const reexec[] = {"systemctl", "daemon-reexec", NULL};
	const char *const unit[] = {"systemctl", "restart", "--", service->unit, NULL};
	bool init = service->kind == OWNER_INIT;
	struct proc_spec spec = {.argv = init ? reexec : unit, .timeout_ms = RESTART_TIMEOUT_MS};

	return proc_check(&spec, NULL);
}

static void apply_all(struct apply *apply)
{
	vec_foreach(&apply->advice->services, it) {
		struct applied applied = {.service = it};

		if (it->pending || it->action == ACTION_NOTHING)
			continue;
		if (!it->apply || it->action != ACTION_RESTART) {
			vec_push(&apply->left, it);
			continue;
		}
		if (apply->really)
			applied.err = apply_restart(it);
		apply->failed += applied.err != NULL;
		vec_push(&apply->done, applied);
	}
}

/*
 * A service that could not be examined may still need a restart, so the exit code is not 0; failed
 * restarts take precedence.
 */
static int apply_status(const struct apply *apply)
{
	return apply->failed		    ? (int)ERR_FAILED
	       : apply->advice->unknown.len ? (int)VERDICT_UNKNOWN
					    : 0;
}

static json_t *apply_json(const struct apply *apply)
{
	json_t *restarts = json_array(), *left = json_array();

	vec_foreach(&apply->done, it)
		json_array_append_new(
			restarts,
			json_pack("{s:o, s:o, s:b, s:o}", "unit", printable_json(it->service->unit),
				  "command", printable_json(it->service->command), "restarted",
				  (int)(apply->really && !it->err), "error",
				  printable_json(it->err ? err_message(it->err) : NULL)));
	vec_foreach(&apply->left, it)
		json_array_append_new(left, json_pack("{s:o, s:s, s:s, s:o}", "name",
						      printable_json(advise_service_name(*it)),
						      "kind", owner_kind_name((*it)->kind),
						      "action", advise_action_name((*it)->action),
						      "why", printable_json((*it)->why)));
	return json_pack("{s:b, s:o, s:o, s:o, s:i}", "applied", (int)apply->really, "restarts",
			 restarts, "left", left, "unknown",
			 printables_json(&apply->advice->unknown), "code", apply_status(apply));
}

static void apply_print(const struct apply *apply)
{
	vec_foreach(&apply->done, it) {
		if (!apply->really)
			cli_print("would run: %s", it->service->command);
		else if (it->err)
			cli_fprintf(stderr, "suture: %s: %s\n", it->service->unit,
				    err_message(it->err));
		else
			cli_print("restarted %s", it->service->unit);
	}
	vec_foreach(&apply->left, it)
		cli_fprintf(stderr, "left alone: %s (%s): %s\n", advise_service_name(*it),
			    advise_action_name((*it)->action), (*it)->why);
	vec_foreach(&apply->advice->unknown, it)
		cli_fprintf(stderr, "not known: %s\n", *it);
	if (apply->done.len && !apply->really)
		cli_print("nothing was restarted; add --yes to restart these services");
	else if (!apply->done.len && !apply->left.len)
		cli_print("%s",
			  apply->advice->unknown.len
				  ? "cannot tell whether services use replaced or removed files"
				  : "no process uses replaced or removed files");
}

struct err *cli_advise_apply(const struct cli *cli, const struct advice *advice, bool really,
			     int *status)
{
	struct apply apply = {.advice = advice, .really = really};
	struct err *err = NULL;

	apply_all(&apply);
	*status = apply_status(&apply);
	if (cli->json)
		err = cli_json(cli, apply_json(&apply));
	else
		apply_print(&apply);
	vec_foreach(&apply.done, it)
		err_free(it->err);
	vec_free(&apply.done);
	vec_free(&apply.left);
	return err;
}
