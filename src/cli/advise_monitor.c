/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For monitoring: a plugin's line, and metrics. */
#include "cli/advise_views.h"

#include <stdlib.h>

struct counts {
	unsigned services, sessions, updates, reboot_updates;
};

static struct counts count(const struct advice *advice)
{
	struct counts counts = {.updates = advice->updates.len};

	vec_foreach(&advice->services, it) {
		counts.services += !it->pending && it->action != ACTION_NOTHING &&
				   it->action != ACTION_LOG_OUT;
		counts.sessions += !it->pending && it->action == ACTION_LOG_OUT;
	}
	vec_foreach(&advice->updates, it)
		counts.reboot_updates += it->action >= ACTION_KEXEC;
	return counts;
}

/* What is due now decides; updates that wait are for the graph. */
void advise_nagios(const struct advice *advice, struct strbuf *out, int *status)
{
	static const char *const names[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
	struct counts counts = count(advice);
	scope_free char *phrase = advise_phrase(advice, advice->now, false);

	*status = advice->now == VERDICT_NOTHING || advice->now == VERDICT_COVERED ? 0
		  : advice->now == VERDICT_REBOOT				   ? 2
		  : advice->now == VERDICT_UNKNOWN				   ? 3
										   : 1;
	strbuf_addf(out, "SUTURE %s - %s | services=%u sessions=%u ", names[*status], phrase,
		    counts.services, counts.sessions);
	if (advice->updates_known)
		strbuf_addf(out, "updates=%u reboot_updates=%u ", counts.updates,
			    counts.reboot_updates);
	strbuf_addf(out, "verdict=%d\n", (int)advice->now);
}

static void add_metric(struct strbuf *out, const char *name, const char *help, double value)
{
	strbuf_addf(out,
		    "# HELP suture_advise_%s %s\n# TYPE suture_advise_%s gauge\n"
		    "suture_advise_%s %g\n",
		    name, help, name, name, value);
}

/* What is not known is left out: a zero would be an answer. */
static void add_updates(const struct advice *advice, const struct counts *counts,
			struct strbuf *out)
{
	if (!advice->updates_known)
		return;
	add_metric(out, "verdict_with_updates", "The same once pending updates are installed.",
		   advice->verdict);
	add_metric(out, "pending_updates", "Updates that wait.", counts->updates);
	add_metric(out, "pending_updates_reboot", "Updates that wait and need a reboot.",
		   counts->reboot_updates);
}

static void add_kernel(const struct advise_kernel *kernel, struct strbuf *out)
{
	if (kernel->state != KERNEL_UNMANAGED && kernel->state != KERNEL_UNKNOWN)
		add_metric(out, "kernel_current", "Whether the newest installed kernel runs.",
			   kernel->state == KERNEL_CURRENT);
	if (!kernel->fixes_known)
		return;
	add_metric(out, "kernel_fixes", "CVEs that the newest installed kernel fixes.",
		   kernel->fixes.len);
	add_metric(out, "kernel_fixes_covered", "Of those, covered by loaded live patches.",
		   kernel->covered.len);
}

void advise_prometheus(const struct advice *advice, struct strbuf *out)
{
	struct counts counts = count(advice);

	add_metric(out, "verdict", "Exit code of suture advise for the machine as it is.",
		   advice->now);
	add_metric(out, "reboot_required", "Whether a reboot is due.",
		   advice->now == VERDICT_REBOOT);
	add_metric(out, "services_to_restart", "Services that run replaced or removed files.",
		   counts.services);
	add_metric(out, "sessions_to_end", "Sessions that run replaced or removed files.",
		   counts.sessions);
	add_updates(advice, &counts, out);
	add_kernel(&advice->kernel, out);
	add_metric(out, "processes_unreadable", "Processes that could not be looked into.",
		   advice->unreadable);
	add_metric(out, "scan_seconds", "How long it took.", advice->seconds);
}
