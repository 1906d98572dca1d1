/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/printable.h"
#include "base/strbuf.h"
#include "cli/status.h"

static void head(struct strbuf *out, const char *name, const char *help)
{
	strbuf_addf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void number(struct strbuf *out, const char *name, const char *help, uint64_t value)
{
	head(out, name, help);
	strbuf_addf(out, "%s %llu\n", name, (unsigned long long)value);
}

/*
 * Of the format's three escapes two are left: a line that ends is no printable text, nor is what a
 * terminal would obey or what is not UTF-8.
 */
static void label(struct strbuf *out, const char *name, const char *value)
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
	head(out, "suture_patch_info", "A live patch that is loaded, with its state.");
	vec_foreach(&patches->list, it) {
		strbuf_addstr(out, "suture_patch_info{");
		label(out, "name", it->name);
		strbuf_addch(out, ',');
		label(out, "state", live_state_name(it->state));
		strbuf_addch(out, ',');
		label(out, "suture", it->record ? "1" : "0");
		strbuf_addstr(out, "} 1\n");
	}
	head(out, "suture_patch_functions", "Functions that a live patch replaces.");
	vec_foreach(&patches->list, it) {
		strbuf_addstr(out, "suture_patch_functions{");
		label(out, "name", it->name);
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

/* What is not known has no sample: a number would be wrong. */
struct err *prometheus_write(const char *path, const struct status *status)
{
	const struct live_tasks *tasks = &status->tasks;
	scope_strbuf out = STRBUF_INIT;

	number(&out, "suture_livepatch_supported", "Whether this kernel can be live-patched.",
	       status->machine->livepatch);
	add_patches(&out, status->patches);
	number(&out, "suture_patches_enabled", "Live patches that are in force.",
	       enabled_count(status->patches));
	number(&out, "suture_patches_unwatched",
	       "Loaded live patches whose watch was ended before its time.",
	       unwatched_count(status->watch));
	number(&out, "suture_transition_tasks", "Tasks that a transition looks at; 0 without one.",
	       tasks->total);
	number(&out, "suture_transition_tasks_waiting", "Those of them that have not switched.",
	       tasks->total - tasks->done);
	if (status->installed_known)
		number(&out, "suture_patches_installed",
		       "Live patches that this kernel's boot loads.", status->installed.len);
	if (status->held_known)
		number(&out, "suture_patches_held", "Live patches that are held back.",
		       status->held.len);
	number(&out, "suture_boot_loading_off", "Whether a switch keeps boots from loading any.",
	       status->machine->off || status->machine->disabled);
	number(&out, "suture_status_warnings", "What suture status warns of.",
	       status->findings.len);
	number(&out, "suture_status_time_seconds", "When this was written, in Unix time.",
	       time(NULL));
	return file_write(path, out.buf, out.len);
}
