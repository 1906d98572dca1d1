/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the result of `suture cover` as a page: charts of the totals, then the units. */
#include "cli/cover_html.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/strmap.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/html_page.h"

/* A part of a bar. */
struct share {
	const char *name;
	const char *class; /* its colour, from html.css */
	size_t count;
};

/* Adds a bar whose parts are as wide as their shares, and a legend with the numbers. */
static void page_bar(struct strbuf *out, const char *title, const struct share *shares,
		     size_t count)
{
	size_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += shares[i].count;
	if (!total)
		return;
	strbuf_addf(out, "<h3>%s: %zu</h3><div class=\"bar\" role=\"img\" aria-label=\"", title,
		    total);
	for (size_t i = 0; i < count; i++)
		strbuf_addf(out, "%s%zu %s", i ? ", " : "", shares[i].count, shares[i].name);
	strbuf_addstr(out, "\">");
	for (size_t i = 0; i < count; i++)
		if (shares[i].count)
			strbuf_addf(out, "<span class=\"%s\" style=\"width:%.2f%%\"></span>",
				    shares[i].class, 100.0 * shares[i].count / total);
	strbuf_addstr(out, "</div><p class=\"legend\">");
	for (size_t i = 0; i < count; i++)
		if (shares[i].count)
			strbuf_addf(out, "<span class=\"%s\">■</span> %zu %s (%.0f %%) ",
				    shares[i].class, shares[i].count, shares[i].name,
				    100.0 * shares[i].count / total);
	strbuf_addstr(out, "</p>");
}

static void page_totals(struct strbuf *out, const struct cover_report *report)
{
	const struct cover_totals *totals = &report->totals;
	const struct share functions[] = {
		{"carried", "fill-good", totals->functions_patched},
		{"left out", "fill-bad", totals->functions_changed - totals->functions_patched},
	};
	const struct share units[] = {
		{"carried", "fill-good", totals->units[COVER_PATCHED]},
		{"left out", "fill-bad",
		 totals->units[COVER_REFUSED] + totals->units[COVER_DROPPED_WITH]},
		{"without code", "fill-dim", totals->units[COVER_NO_CODE]},
		{"not in this kernel", "fill-none", totals->units[COVER_NOT_BUILT]},
	};
	const struct share cves[] = {
		{"carried", "fill-good", totals->cves[COVER_FIX_CARRIED]},
		{"open", "fill-bad", totals->cves[COVER_FIX_OPEN]},
		{"without code", "fill-dim", totals->cves[COVER_FIX_NO_CODE]},
		{"not in this kernel", "fill-none", totals->cves[COVER_FIX_NOT_BUILT]},
	};

	page_bar(out, "CVEs", cves, array_size(cves));
	page_bar(out, "Changed functions in files of this kernel", functions,
		 array_size(functions));
	page_bar(out, "Units", units, array_size(units));
}

struct rule_count {
	const char *rule;
	size_t units;
};

static int rule_compare(const void *one, const void *two)
{
	const struct rule_count *first = one, *second = two;

	if (first->units != second->units)
		return first->units > second->units ? -1 : 1;
	return strcmp(first->rule, second->rule);
}

/* Shows how many units each rule keeps out; a unit counts for each rule that it breaks. */
static void page_rules(struct strbuf *out, const struct cover_unit_list *open)
{
	struct VEC(struct rule_count) counts = {};
	scope_strmap map = {};

	vec_foreach(open, unit) {
		vec_foreach(&(*unit)->reasons, it) {
			uint32_t index = strmap_get(&map, it->rule);

			if (it != (*unit)->reasons.data && !strcmp(it[-1].rule, it->rule))
				continue;
			if (index == STRMAP_NONE) {
				index = counts.len;
				strmap_set(&map, it->rule, index);
				vec_push(&counts, (struct rule_count){.rule = it->rule});
			}
			counts.data[index].units++;
		}
	}
	if (counts.len)
		qsort(counts.data, counts.len, sizeof(*counts.data), rule_compare);
	strbuf_addstr(out, "<h2>Why units are left out</h2><div class=\"rules\">");
	vec_foreach(&counts, it)
		strbuf_addf(
			out,
			"<code>%s</code><span>%zu</span><div class=\"bar\"><span class=\"fill-bad\" style=\"width:%.2f%%\"></span></div>",
			it->rule, it->units, 100.0 * it->units / counts.data[0].units);
	strbuf_addstr(out, "</div>");
	vec_free(&counts);
}

static void page_list(struct strbuf *out, const char *name, const struct str_vec *list)
{
	scope_free char *all = str_vec_join(list, ", ");

	html_fact(out, name, all);
}

static void page_unit(struct strbuf *out, const struct cover_unit *unit)
{
	strbuf_addf(out, "<details class=\"card\"><summary><span class=\"badge %s\">%s</span><b>",
		    unit->state == COVER_PATCHED ? "new" : "refuse", cover_state_name(unit->state));
	html_text(out, unit->name);
	strbuf_addf(out, "</b><span>%zu function%s</span>", unit->functions.len,
		    unit->functions.len == 1 ? "" : "s");
	if (unit->cves.len)
		strbuf_addf(out, "<span class=\"badge warn\">%zu CVE%s</span>", unit->cves.len,
			    unit->cves.len == 1 ? "" : "s");
	if (unit->elsewhere)
		strbuf_addstr(out, "<span>not loaded by this machine</span>");
	strbuf_addstr(out, "</summary><div class=\"body\"><dl>");
	page_list(out, "files", &unit->files);
	page_list(out, "functions", &unit->functions);
	page_list(out, "CVEs", &unit->cves);
	strbuf_addstr(out, "</dl>");
	vec_foreach(&unit->reasons, it)
		html_finding(out, it);
	strbuf_addstr(out, "</div></details>");
}

static void page_units(struct strbuf *out, const struct cover_report *report,
		       const struct cover_unit_list *open)
{
	strbuf_addf(out, "<h2>Left out: %zu units, the most important first</h2>", open->len);
	vec_foreach(open, it)
		page_unit(out, *it);
	strbuf_addf(out, "<h2>Carried: %zu units</h2>", report->totals.units[COVER_PATCHED]);
	vec_foreach(&report->units, it)
		if (it->state == COVER_PATCHED)
			page_unit(out, it);
}

struct err *cli_cover_html(const struct cover_report *report, const char *release, const char *path)
{
	scope_free char *title = xasprintf("%s, live-patched to %s", report->from, report->to);
	scope_free char *time = cli_seconds(report->seconds);
	struct cover_unit_list open = {};
	scope_strbuf out = STRBUF_INIT;

	cover_open_units(report, &open);
	html_begin(&out, title);
	strbuf_addf(&out, "<header class=\"verdict %s\"><h1>",
		    report->verdict == COVER_EQUIVALENT ? "good" : "bad");
	html_text(&out, title);
	strbuf_addf(&out, ": %s%s</h1></header><dl>", cover_verdict_name(report->verdict),
		    report->for_machine ? " for this machine" : "");
	html_fact(&out, "kernel", release);
	html_fact(&out, "module", report->module);
	html_fact(&out, "took", time);
	strbuf_addstr(&out, "</dl>");
	page_totals(&out, report);
	if (open.len)
		page_rules(&out, &open);
	page_units(&out, report, &open);
	html_end(&out);
	vec_free(&open);
	return file_write(path, out.buf, out.len);
}
