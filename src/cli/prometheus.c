/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the metrics of `suture status` in the text format of Prometheus. */
#include <string.h>
#include <time.h>

#include "base/printable.h"
#include "base/strbuf.h"
#include "cli/live_common.h"
#include "cli/status.h"

static void metric_head(struct strbuf *out, const char *name, const char *help)
{
	strbuf_addf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void metric_number(struct strbuf *out, const char *name, const char *help, uint64_t value)
{
	metric_head(out, name, help);
	strbuf_addf(out, "%s %llu\n", name, (unsigned long long)value);
}

/*
 * The format escapes quotes, backslashes and newlines; text_printable() has already replaced
 * newlines, other control characters and what is not UTF-8.
 */
static void metric_label(struct strbuf *out, const char *name, const char *value)
{
	scope_free char *safe = text_printable(value);

	strbuf_addf(out, "%s=\"", name);
	for (const char *c = safe; *c; c++) {
		if (*c == '"' || *c == '\\')
			strbuf_addch(out, '\\');
		strbuf_addch(out, *c);
	}
	strbuf_addch(out, '"');
}

static void add_patches(struct strbuf *out, const struct live_patches *patches)
{
	metric_head(out, "suture_patch_info", "A loaded live patch and its state.");
	vec_foreach(&patches->list, it) {
		strbuf_addstr(out, "suture_patch_info{");
		metric_label(out, "name", it->name);
		strbuf_addch(out, ',');
		metric_label(out, "state", live_state_name(it->state));
		strbuf_addch(out, ',');
		metric_label(out, "suture", it->record ? "1" : "0");
		strbuf_addstr(out, "} 1\n");
	}
	metric_head(out, "suture_patch_functions", "Functions that a live patch replaces.");
	vec_foreach(&patches->list, it) {
		strbuf_addstr(out, "suture_patch_functions{");
		metric_label(out, "name", it->name);
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

	metric_number(&out, "suture_livepatch_supported",
		      "Whether this kernel can be live-patched.", status->machine->livepatch);
	add_patches(&out, status->patches);
	metric_number(&out, "suture_patches_enabled", "Live patches that are enabled.",
		      enabled_count(status->patches));
	metric_number(&out, "suture_patches_unwatched",
		      "Loaded live patches whose watch ended early.",
		      unwatched_count(status->watch));
	metric_number(&out, "suture_transition_tasks",
		      "Tasks in the current transition; 0 without one.", tasks->total);
	metric_number(&out, "suture_transition_tasks_waiting",
		      "Tasks in the current transition that have not switched.",
		      tasks->total - tasks->done);
	if (status->installed_known)
		metric_number(&out, "suture_patches_installed",
			      "Live patches that the next boot of this kernel loads.",
			      status->installed.len);
	if (status->held_known)
		metric_number(&out, "suture_patches_held", "Live patches that are blocked.",
			      status->held.len);
	metric_number(&out, "suture_boot_loading_off",
		      "Whether a kill switch keeps boots from loading live patches.",
		      status->machine->off || status->machine->disabled);
	metric_number(&out, "suture_status_warnings", "Warnings of suture status.",
		      status->findings.len);
	metric_number(&out, "suture_status_time_seconds",
		      "When these metrics were written, in Unix time.", time(NULL));
	return cli_write_metrics(cli, path, &out);
}
