/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events for systemd's journal, and the notification that a service is ready. */
#ifndef SUTURE_LIVE_JOURNAL_H
#define SUTURE_LIVE_JOURNAL_H

#include "base/progress.h"
#include "base/root.h"

/* Each kind has a MESSAGE_ID of its own. */
enum live_event {
	EVENT_LOADED,
	EVENT_UNLOADED,
	EVENT_NOT_LOADED, /* refused, rejected, or rolled back after a timeout */
	EVENT_ROLLED_BACK,
	EVENT_HELD,
	EVENT_RELEASED,
	EVENT_OFF, /* by a kill switch */
	EVENT_INSTALLED,
	EVENT_UNINSTALLED,
};

/* module may be NULL.  Nothing is sent for a root that is not the machine itself. */
void live_journal(const struct root *root, enum live_event event, const char *module,
		  const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Tells systemd, if it started this process, that it is ready; status is for people. */
void live_notify_ready(const char *status, struct progress *progress);

#endif
