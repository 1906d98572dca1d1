/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sends events to systemd's journal, and the notification that a service is ready. */
#ifndef SUTURE_LIVE_JOURNAL_H
#define SUTURE_LIVE_JOURNAL_H

#include "base/progress.h"
#include "base/root.h"

/* The kinds of events; each has its own MESSAGE_ID. */
enum live_event {
	EVENT_LOADED,
	EVENT_UNLOADED,
	EVENT_NOT_LOADED, /* refused, rejected, or rolled back after a timeout */
	EVENT_ROLLED_BACK,
	EVENT_BLOCKED,
	EVENT_RELEASED,
	EVENT_OFF, /* a kill switch kept a boot from loading patches */
	EVENT_INSTALLED,
	EVENT_UNINSTALLED,
};

/* Sends an event; module may be NULL.  Does nothing if the root is not the machine itself. */
void live_journal(const struct root *root, enum live_event event, const char *module,
		  const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Tells systemd, if it started this process, that the service is ready; status is for people. */
void live_notify_ready(const char *status, struct progress *progress);

#endif
