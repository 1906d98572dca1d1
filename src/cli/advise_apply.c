/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Restarts the services that rules allow to be restarted without asking. */
#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "base/proc.h"
#include "cli/advise_views.h"

#define RESTART_TIMEOUT_MS 120000

/* The unit's name has only a unit's characters: apply is set for no other. */
static struct err *restart(const struct advise_service *service)
{
	const char *const reexec[] = {"systemctl", "daemon-reexec", NULL};
	const char *const unit[] = {"systemctl", "restart", "--", service->unit, NULL};
	bool init = !strcmp(service->kind, "init");
	struct proc_spec spec = {.argv = init ? reexec : unit, .timeout_ms = RESTART_TIMEOUT_MS};

	return proc_check(&spec, NULL);
}

static void apply_one(const struct advise_service *service, bool really, unsigned *failed)
{
	scope_free char *name = text_printable(service->unit);

	if (!really) {
		cli_printf("would run: %s\n", service->command);
		return;
	}

	struct err *err = restart(service);

	if (err) {
		(*failed)++;
		cli_fprintf(stderr, "suture: %s: %s\n", name, err_message(err));
		err_free(err);
	} else {
		cli_printf("restarted %s\n", name);
	}
}

struct err *advise_apply(const struct advice *advice, bool really, unsigned *failed)
{
	unsigned left = 0, done = 0;

	*failed = 0;
	vec_foreach(&advice->services, it) {
		if (it->pending || it->action == ACTION_NOTHING)
			continue;
		if (it->apply && it->action == ACTION_RESTART) {
			apply_one(it, really, failed);
			done++;
			continue;
		}

		scope_free char *name = text_printable(it->unit ? it->unit : it->programs);

		cli_fprintf(stderr, "left alone: %s (%s)\n", name, advise_action_name(it->action));
		left++;
	}
	if (!done && !left)
		cli_print("no process uses replaced or removed files");
	else if (!really && done)
		cli_print("nothing was restarted; add --yes to restart these services");
	return NULL;
}
