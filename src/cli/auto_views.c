/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows what `suture auto` knows: for people, and for Prometheus. */
#include "cli/auto_views.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "cli/metrics.h"
#include "cli/out.h"

static void view_level(const struct auto_state *state)
{
	scope_free char *since = auto_time_text(state->since);

	if (!state->has_level) {
		cli_print("%s since %s", auto_step_name(state->step), since);
		return;
	}
	cli_print("level %s (%s): %s since %s", state->level.version,
		  auto_source_name(state->level.source), auto_step_name(state->step), since);
	if (state->module.path && !state->module.equivalent && state->module.changed)
		cli_printf("    it carries %u of %u changed functions\n", state->module.patched,
			   state->module.changed);
}

void cli_auto_view_status(const struct auto_report *report, const struct auto_outcome *outcome)
{
	const struct auto_state *state = report->state;
	scope_free char *effective = auto_effective_text(report->effective);

	cli_print("kernel %s: %s", report->effective->kernel, effective);
	view_level(state);
	cli_print("    %s", outcome->why ? outcome->why : state->why);
	if (outcome->due != AUTO_DO_NOTHING)
		cli_print("next: %s, by the next 'suture auto run'",
			  auto_action_name(outcome->due));
	else if (outcome->until) {
		scope_free char *when = auto_time_text(outcome->until);

		cli_print("next: not before %s", when);
	}
	if (outcome->reboot)
		cli_print("reboot: %s", outcome->reboot);
	cli_printf("mode = %s, ring %u of 100\n", auto_mode_name(report->policy->mode),
		   report->ring);
	if (state->observe)
		cli_printf(
			"two levels in a row were rolled back: nothing is loaded until 'suture auto release'\n");
	vec_foreach(&state->bad, it)
		if (!strcmp(it->kernel, report->effective->kernel))
			cli_print("not tried again: level %s, %s: %s", it->level.version,
				  it->rolled_back ? "rolled back" : "refused", it->why);
}

void cli_auto_view_history(const json_t *entries)
{
	json_t *entry;
	size_t i;

	json_array_foreach(entries, i, entry)
	{
		const char *from, *step, *why;
		json_int_t when;

		if (json_unpack(entry, "{s:I, s:s, s:s, s:s}", "time", &when, "from", &from, "step",
				&step, "why", &why))
			continue;

		scope_free char *text = auto_time_text(when);
		const char *level = json_string_value(json_object_get(entry, "level"));

		cli_print("%s  %s%s%s%s%s: %s", text, level ? level : "", level ? "  " : "",
			  strcmp(from, step) ? from : "", strcmp(from, step) ? " -> " : "", step,
			  why);
	}
}

struct err *cli_auto_view_metrics(const struct cli *cli, const char *path,
				  const struct auto_report *report)
{
	const struct auto_state *state = report->state;
	const struct auto_effective *effective = report->effective;
	scope_strbuf out = STRBUF_INIT;

	metrics_add_head(&out, "suture_auto_info",
			 "The level that suture auto deals with, and its step.");
	strbuf_addstr(&out, "suture_auto_info{");
	metrics_add_label(&out, "level", state->has_level ? state->level.version : "");
	strbuf_addch(&out, ',');
	metrics_add_label(&out, "step", auto_step_name(state->step));
	strbuf_addch(&out, ',');
	metrics_add_label(&out, "effective", effective->to ? effective->to : effective->version);
	strbuf_addstr(&out, "} 1\n");
	metrics_add(&out, "suture_auto_step_since_seconds",
		    "When the level came to its step, in Unix time.", state->since);
	metrics_add(&out, "suture_auto_ring", "This machine's place in the order of machines.",
		    report->ring);
	metrics_add(&out, "suture_auto_rollbacks", "Rollbacks in a row.", state->rollbacks);
	metrics_add(&out, "suture_auto_failures", "Failures in a row of the step that is due.",
		    state->failures);
	metrics_add(&out, "suture_auto_held",
		    "Whether nothing is done until 'suture auto release'.",
		    state->step == AUTO_HELD || state->observe || report->hold);
	if (effective->to)
		metrics_add(&out, "suture_auto_equivalent",
			    "Whether the live patch carries all of its version.",
			    effective->equivalent);
	if (effective->cves_open >= 0)
		metrics_add(&out, "suture_auto_cves_open",
			    "CVEs of the version that the live patch leaves open.",
			    effective->cves_open);
	return metrics_write(cli, path, &out);
}
