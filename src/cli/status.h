/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The data that `suture status` shows; a part that could not be read becomes a finding. */
#ifndef SUTURE_CLI_STATUS_H
#define SUTURE_CLI_STATUS_H

#include "cli/cli.h"
#include "live/live.h"

struct status {
	struct live_machine *machine;
	struct live_patches *patches;
	struct live_tasks tasks; /* of the transition; the kernel runs one at a time */
	struct live_watch *watch;
	struct finding_vec findings;

	/* What the next boot of this kernel will load, and what is blocked. */
	struct live_installed_vec installed;
	bool installed_known;
	struct live_block_vec blocks;
	struct live_packaged_vec packaged; /* what became of live patches in packages */
	bool blocks_known;
	enum live_boot boot;
	struct live_attached attached; /* what else the kernel runs at replaced functions */
	char *obstacle;		       /* why installed patches would not be loaded; or NULL */
};

#endif
