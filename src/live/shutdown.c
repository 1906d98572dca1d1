/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts suture-shutdown.service, which removes the marker of a load at a clean shutdown. */
#include "live/shutdown.h"

#include "base/proc.h"

#define SYSTEMCTL_MS 10000

void live_shutdown_prepare(const struct root *root, struct progress *progress)
{
	/* A start that waits could wait for this very command, if a unit runs it at boot. */
	static const char *const argv[] = {
		"systemctl", "--no-ask-password",	"--no-block", "start",
		"--quiet",   "suture-shutdown.service", NULL};

	if (!root_exists(root, "/run/systemd/system"))
		return;

	struct err *err =
		proc_check(&(struct proc_spec){.argv = argv, .timeout_ms = SYSTEMCTL_MS}, NULL);

	if (err)
		progress_note(
			progress,
			"if the machine is shut down before the watch ends, that will be taken for a crash: suture-shutdown.service cannot be started (%s)",
			err_message(err));
	err_free(err);
}
