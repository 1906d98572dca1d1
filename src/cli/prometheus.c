/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/prometheus.h"

#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/strbuf.h"

static void head(struct strbuf *out, const char *name, const char *help)
{
	strbuf_addf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void number(struct strbuf *out, const char *name, const char *help, uint64_t value)
{
	head(out, name, help);
	strbuf_addf(out, "%s %llu\n", name, (unsigned long long)value);
}

/* The format's three escapes. */
static void label(struct strbuf *out, const char *name, const char *value)
{
	strbuf_addf(out, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '\n')
			strbuf_addstr(out, "\\n");
		else if (*value == '"' || *value == '\\')
			strbuf_addf(out, "\\%c", *value);
		else
			strbuf_addch(out, *value);
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

struct err *prometheus_write(const char *path, const struct live_machine *machine,
			     const struct live_patches *patches, const struct live_tasks *tasks,
			     const struct live_installed_vec *installed,
			     const struct live_held_vec *held)
{
	scope_strbuf out = STRBUF_INIT;

	number(&out, "suture_livepatch_supported", "Whether this kernel can be live-patched.",
	       machine->livepatch);
	add_patches(&out, patches);
	number(&out, "suture_patches_enabled", "Live patches that are in force.",
	       enabled_count(patches));
	number(&out, "suture_transition_tasks", "Tasks that a transition looks at; 0 without one.",
	       tasks->total);
	number(&out, "suture_transition_tasks_waiting", "Those of them that have not switched.",
	       tasks->total - tasks->done);
	number(&out, "suture_patches_installed", "Live patches that this kernel's boot loads.",
	       installed->len);
	number(&out, "suture_patches_held", "Live patches that are held back.", held->len);
	number(&out, "suture_boot_loading_off", "Whether a switch keeps boots from loading any.",
	       machine->off || machine->disabled);
	number(&out, "suture_status_time_seconds", "When this was written, in Unix time.",
	       time(NULL));
	return file_write(path, out.buf, out.len);
}
