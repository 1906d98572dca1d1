/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the metrics of `suture status` in the text format of Prometheus. */
#include "cli/prometheus.h"

#include <string.h>
#include <time.h>

#include "base/strbuf.h"
#include "cli/metrics.h"
#include "live/live.h"

static void add_patches(struct strbuf *out, const struct live_patches *patches)
{
	metrics_add_head(out, "suture_patch_info", "A loaded live patch and its state.");
	vec_foreach(&patches->list, it) {
		strbuf_addstr(out, "suture_patch_info{");
		metrics_add_label(out, "name", it->name);
		strbuf_addch(out, ',');
		metrics_add_label(out, "state", live_state_name(it->state));
		strbuf_addch(out, ',');
		metrics_add_label(out, "suture",
				  it->record	       ? "1"
				  : it->record_damaged ? "unknown"
						       : "0");
		strbuf_addstr(out, "} 1\n");
	}
	metrics_add_head(out, "suture_patch_functions", "Functions that a live patch replaces.");
	vec_foreach(&patches->list, it) {
		strbuf_addstr(out, "suture_patch_functions{");
		metrics_add_label(out, "name", it->name);
		strbuf_addf(out, "} %zu\n", live_patch_functions(it));
	}
}

static size_t enabled_count(const struct live_patches *patches)
{
	size_t count = 0;

	vec_foreach(&patches->list, it)
		count += it->state == LIVE_ENABLED;
	return count;
}

static size_t unwatched_count(const struct live_watch *watch)
{
	return watch && !watch->alive ? watch->names.len : 0;
}

/* An unknown value has no sample, since any number would be wrong. */
struct err *prometheus_write(const struct cli *cli, const char *path, const struct status *status)
{
	const struct live_tasks *tasks = &status->tasks;
	scope_strbuf out = STRBUF_INIT;

	if (status->machine->sys) {
		metrics_add(&out, "suture_livepatch_supported",
			    "Whether this kernel can be live-patched.", status->machine->livepatch);
		add_patches(&out, status->patches);
		metrics_add(&out, "suture_patches_enabled", "Live patches that are enabled.",
			    enabled_count(status->patches));
	}
	metrics_add(&out, "suture_patches_unwatched",
		    "Loaded live patches whose watch ended early.", unwatched_count(status->watch));
	metrics_add(&out, "suture_transition_tasks",
		    "Tasks in the current transition; 0 without one.", tasks->total);
	metrics_add(&out, "suture_transition_tasks_waiting",
		    "Tasks in the current transition that have not switched.",
		    tasks->total - tasks->done);
	if (status->installed_known)
		metrics_add(&out, "suture_patches_installed",
			    "Live patches that the next boot of this kernel loads.",
			    status->installed.len);
	if (status->blocks_known)
		metrics_add(&out, "suture_patches_held", "Live patches that are blocked.",
			    status->blocks.len);
	metrics_add(&out, "suture_boot_loading_off",
		    "Whether a kill switch keeps boots from loading live patches.",
		    status->machine->off || status->machine->disabled);
	metrics_add(&out, "suture_status_warnings", "Warnings of suture status.",
		    status->findings.len);
	metrics_add(&out, "suture_status_time_seconds",
		    "When these metrics were written, in Unix time.", time(NULL));
	return metrics_write(cli, path, &out);
}
