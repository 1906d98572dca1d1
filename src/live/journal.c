/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sends events to systemd's journal, and tells systemd when the patches are loaded. */
#include <stdarg.h>
#include <stdlib.h>
#include <syslog.h>
#define SD_JOURNAL_SUPPRESS_LOCATION /* keeps a macro from adding lines of this source */
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

#include "base/alloc.h"
#include "base/library.h"
#include "base/strbuf.h"
#include "live/journal.h"

#define SYSTEMD_FUNCTIONS(F) F(sd_journal_send) F(sd_notify)

static struct systemd {
	SYSTEMD_FUNCTIONS(LIBRARY_MEMBER)
} systemd;

LIBRARY_DEFINE(systemd, SYSTEMD_FUNCTIONS, "libsystemd.so.0", "journal",
	       "entries in the journal, and telling that a service is ready");

/* These ids never change: administrators filter by them, and suture(1) lists them. */
static const struct {
	const char *id;
	int priority;
} events[] = {
	[EVENT_LOADED] = {"9b3f6c1e5d0a4f7f8a2c7d1b60e4a511", LOG_NOTICE},
	[EVENT_UNLOADED] = {"1c7e0d2a9f5b4b6e93d84a7c25f0b612", LOG_NOTICE},
	[EVENT_NOT_LOADED] = {"5f2a8b7d3c1e4e09b6a1f4d8e7390c13", LOG_WARNING},
	[EVENT_ROLLED_BACK] = {"d4e16a9b0c7f4d28a5b3c8f2e1709a14", LOG_ERR},
	[EVENT_BLOCKED] = {"72c9f3e8a1b64c5d9e0f7a2b8d4c3615", LOG_ERR},
	[EVENT_RELEASED] = {"e8b5d7c20f314a96b7d2c1e9f0a84716", LOG_NOTICE},
	[EVENT_OFF] = {"3a6d1f9c8e2b47508c4e9b7a5d3f1017", LOG_NOTICE},
	[EVENT_INSTALLED] = {"b0f4c7a96d3e4182a7c5e8d1f2b69318", LOG_NOTICE},
	[EVENT_UNINSTALLED] = {"46e2a8d5c9b74f3e8d1a0c6f7b52e419", LOG_NOTICE},
};

void live_journal(const struct root *root, enum live_event event, const char *module,
		  const char *fmt, ...)
{
	scope_strbuf text = STRBUF_INIT;
	va_list ap;

	if (!root_is_machine(root))
		return;

	struct err *err = library_load(&systemd_library);

	if (err) { /* a machine without libsystemd has no journal either */
		err_free(err);
		return;
	}
	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	systemd.sd_journal_send("MESSAGE_ID=%s", events[event].id, "PRIORITY=%i",
				events[event].priority, "MESSAGE=%s", text.buf, "SUTURE_MODULE=%s",
				module ? module : "", "SYSLOG_IDENTIFIER=suture", NULL);
}

void live_notify_ready(const char *status, struct progress *progress)
{
	scope_free char *text = xasprintf("READY=1\nSTATUS=%s", status);
	struct err *err = getenv("NOTIFY_SOCKET") ? library_load(&systemd_library) : NULL;

	if (err)
		progress_note(progress, "systemd cannot be notified: %s", err_message(err));
	else if (getenv("NOTIFY_SOCKET"))
		systemd.sd_notify(0, text);
	err_free(err);
}
