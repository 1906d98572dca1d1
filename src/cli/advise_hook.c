/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What apt shows before it asks whether to go on. */
#include <stdio.h>
#include <stdlib.h>

#include "base/printable.h"
#include "cli/advise_views.h"

struct text_hook {
	struct advise_apt_hook hook; /* first */
	const struct root *root;
};

static const char *headline(enum advise_verdict verdict)
{
	switch (verdict) {
	case VERDICT_NOTHING:
		return "nothing has to be restarted for it";
	case VERDICT_RESTART:
		return "services have to be restarted for it";
	case VERDICT_SOFT_REBOOT:
		return "userspace has to be restarted for it (soft-reboot)";
	case VERDICT_REBOOT:
		return "it needs a reboot";
	case VERDICT_COVERED:
		return "a reboot is pending, and live patches cover it";
	default:
		return "what it needs is not known";
	}
}

static struct err *show(struct advise_apt_hook *hook, struct advise_update_vec *updates)
{
	const struct text_hook *own = (const struct text_hook *)hook;
	const struct advise_options options = {.source = SOURCE_GIVEN, .pending_only = true};
	scope_advice advice = NULL;
	unsigned told = 0;

	err_try(advise_run(own->root, &options, updates, NULL, &advice));
	printf("Suture: %s.\n", headline(advice->pending));
	vec_foreach(&advice->updates, it) {
		if (it->action != ACTION_NOTHING && told++ < 8) {
			scope_free char *package = text_printable(it->package);
			scope_free char *why = text_printable(it->why);

			printf("  %-11s %s: %s\n", advise_action_name(it->action), package, why);
		}
	}
	if (told > 8)
		printf("  and %u more\n", told - 8);
	fflush(stdout);
	return NULL;
}

struct err *advise_hook_apt(const struct cli *cli, const struct root *root)
{
	const char *socket = getenv("APT_HOOK_SOCKET");
	struct text_hook hook = {.hook.show = show, .root = root};
	char *end;
	long fd = socket ? strtol(socket, &end, 10) : -1;

	(void)cli;
	if (!socket || *end || fd < 0 || fd > 65535)
		return err_code_new(
			ERR_USAGE,
			"--apt-hook: APT_HOOK_SOCKET is not set: apt calls this, as AptCli::Hooks::Upgrade");
	return advise_apt_hook_serve((int)fd, &hook.hook);
}
