/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows in apt what an upgrade will take, before apt asks whether to go on. */
#include "cli/advise_hook.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/printable.h"

struct text_hook {
	struct advise_apt_hook
		hook; /* it is the first member, so that a pointer to it leads to the others */
	const struct root *root;
};

static const char *hook_headline(enum advise_verdict verdict)
{
	switch (verdict) {
	case VERDICT_NOTHING:
		return "this upgrade requires no restart";
	case VERDICT_RESTART:
		return "this upgrade requires restarting services";
	case VERDICT_SOFT_REBOOT:
		return "this upgrade requires a restart of userspace (soft-reboot)";
	case VERDICT_REBOOT:
		return "this upgrade requires a reboot";
	case VERDICT_COVERED:
		return "a reboot is pending; loaded live patches cover its fixes";
	default:
		return "the effects of this upgrade are unknown";
	}
}

static struct err *hook_show(struct advise_apt_hook *hook, struct advise_update_vec *updates)
{
	const struct text_hook *own = (const struct text_hook *)hook;
	const struct advise_options options = {.source = SOURCE_GIVEN, .pending_only = true};
	scope_advice advice = NULL;
	unsigned told = 0;

	err_try(advise_run(own->root, &options, updates, NULL, &advice));
	cli_printf("Suture: %s.\n", hook_headline(advice->pending));
	vec_foreach(&advice->updates, it) {
		if (it->action != ACTION_NOTHING && told++ < 8) {
			scope_free char *package = text_printable(it->package);
			scope_free char *why = text_printable(it->why);

			cli_printf("  %-11s %s: %s\n", advise_action_name(it->action), package,
				   why);
		}
	}
	if (told > 8)
		cli_printf("  and %u more\n", told - 8);
	fflush(stdout);
	return NULL;
}

struct err *cli_advise_hook_apt(const struct cli *cli, const struct root *root)
{
	const char *socket = getenv("APT_HOOK_SOCKET");
	struct text_hook hook = {.hook.show = hook_show, .root = root};
	char *end;
	long fd = socket ? strtol(socket, &end, 10) : -1;

	(void)cli;
	if (!socket || *end || fd < 0 || fd > 65535)
		return err_code_new(
			ERR_USAGE,
			"--apt-hook: APT_HOOK_SOCKET is not set; apt runs this as AptCli::Hooks::Upgrade");
	return advise_apt_hook_serve((int)fd, &hook.hook);
}
