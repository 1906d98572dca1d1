/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the result of `suture advise` for monitoring: a plugin's line, and metrics. */
#include "cli/advise_monitor.h"

#include <stdbool.h>
#include <stdlib.h>

#include "cli/metrics.h"
#include "cli/advise_text.h"

struct counts {
	unsigned services, sessions, updates, reboot_updates;
};

static struct counts count_services_and_updates(const struct advice *advice)
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

/* If processes could not be examined, none is no answer. */
static bool counts_services(const struct advice *advice, const struct counts *counts)
{
	return !advice->unreadable || counts->services || counts->sessions;
}

/* The status describes the machine's current state; pending updates only appear in the graph. */
void cli_advise_nagios(const struct advice *advice, struct strbuf *out, int *status)
{
	static const char *const names[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
	struct counts counts = count_services_and_updates(advice);
	scope_free char *phrase = cli_advise_phrase(advice, advice->now, false);

	*status = advice->now == VERDICT_NOTHING || advice->now == VERDICT_COVERED ? 0
		  : advice->now == VERDICT_REBOOT				   ? 2
		  : advice->now == VERDICT_UNKNOWN				   ? 3
										   : 1;
	strbuf_addf(out, "SUTURE %s - %s | ", names[*status], phrase);
	if (counts_services(advice, &counts))
		strbuf_addf(out, "services=%u sessions=%u ", counts.services, counts.sessions);
	if (advice->updates_known)
		strbuf_addf(out, "updates=%u reboot_updates=%u ", counts.updates,
			    counts.reboot_updates);
	strbuf_addf(out, "verdict=%d\n", (int)advice->now);
}

/* Unknown numbers are left out, since a zero would be an answer. */
static void advise_add_updates(const struct advice *advice, const struct counts *counts,
			       struct strbuf *out)
{
	if (!advice->updates_known)
		return;
	metrics_add(out, "suture_advise_verdict_with_updates",
		    "Exit code of suture advise once pending updates are installed.",
		    advice->verdict);
	metrics_add(out, "suture_advise_pending_updates", "Pending updates.", counts->updates);
	metrics_add(out, "suture_advise_pending_updates_reboot",
		    "Pending updates that need a reboot.", counts->reboot_updates);
}

static void advise_add_kernel(const struct advise_kernel *kernel, struct strbuf *out)
{
	if (kernel->state != KERNEL_UNMANAGED && kernel->state != KERNEL_UNKNOWN)
		metrics_add(out, "suture_advise_kernel_current",
			    "Whether the newest installed kernel runs.",
			    kernel->state == KERNEL_CURRENT);
	if (!kernel->fixes_known)
		return;
	metrics_add(out, "suture_advise_kernel_fixes",
		    "CVEs that the newest installed kernel fixes.", kernel->fixes.len);
	metrics_add(out, "suture_advise_kernel_fixes_covered",
		    "CVEs among kernel_fixes that loaded live patches cover.", kernel->covered.len);
}

void cli_advise_prometheus(const struct advice *advice, struct strbuf *out)
{
	struct counts counts = count_services_and_updates(advice);

	metrics_add(out, "suture_advise_verdict",
		    "Exit code of suture advise for the machine's current state.", advice->now);
	if (advice->now != VERDICT_UNKNOWN)
		metrics_add(out, "suture_advise_reboot_required", "Whether a reboot is due.",
			    advice->now == VERDICT_REBOOT);
	if (counts_services(advice, &counts)) {
		metrics_add(out, "suture_advise_services_to_restart",
			    "Services that use replaced or removed files.", counts.services);
		metrics_add(out, "suture_advise_sessions_to_end",
			    "Sessions that use replaced or removed files.", counts.sessions);
	}
	advise_add_updates(advice, &counts, out);
	advise_add_kernel(&advice->kernel, out);
	metrics_add(out, "suture_advise_processes_unreadable",
		    "Processes that could not be examined.", advice->unreadable);
	metrics_add(out, "suture_advise_scan_seconds", "Duration of the scan in seconds.",
		    advice->seconds);
}
