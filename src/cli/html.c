/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the report of a build as one page for a browser, without scripts or outside resources. */
#include "cli/html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "cli/cli.h"
#include "cli/html_page.h"

/* So many equal instructions are shown around those that differ. */
#define CONTEXT 3

/* ---- verdict ---- */

static size_t count_severity(const struct klp_report *report, enum severity severity)
{
	size_t count = 0;

	vec_foreach(&report->findings, it)
		count += it->severity == severity && !it->allowed;
	return count;
}

static const char *html_headline(const struct klp_report *report)
{
	if (report->refused)
		return "Refused: cannot be live-patched in this form";
	return klp_report_is_empty(report) ? "Nothing to live-patch" : "Can be live-patched";
}

static void add_count(struct strbuf *out, size_t count, const char *what)
{
	strbuf_addf(out, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

static void html_verdict(struct strbuf *out, const struct klp_report *report,
			 const struct klp_build_spec *spec)
{
	scope_free char *total = cli_seconds(report->seconds.total);

	strbuf_addf(out, "<header class=\"verdict %s\"><h1>%s</h1><p>",
		    report->refused ? "bad" : "good", html_headline(report));
	add_count(out, report->nr_replaced, "function");
	strbuf_addstr(out, " to replace in ");
	add_count(out, report->nr_units, "file");
	strbuf_addstr(out, "; ");
	add_count(out, count_severity(report, SEVERITY_REFUSE), "reason");
	strbuf_addstr(out, " to refuse, ");
	add_count(out, count_severity(report, SEVERITY_WARN), "warning");
	strbuf_addch(out, '.');
	strbuf_addstr(out, "</p></header><dl>");
	html_fact(out, "module", report->module ? report->module : report->name);
	html_fact(out, "kernel", spec->target->release);
	html_fact(out, "package", spec->target->version);
	for (size_t i = 0; i < spec->nr_patches; i++)
		html_fact(out, "patch", spec->patches[i]);
	html_fact(out, "took", total);
	strbuf_addstr(out, "</dl>");
}

/* ---- findings ---- */

static void html_findings(struct strbuf *out, const struct klp_report *report)
{
	strbuf_addstr(out, "<h2>Findings</h2>");
	if (!report->findings.len)
		strbuf_addstr(out, "<p>None.</p>");
	for (int severity = SEVERITY_REFUSE; severity >= SEVERITY_NOTE; severity--)
		vec_foreach(&report->findings, it)
			if (it->severity == (enum severity)severity)
				html_finding(out, it);
}

/* ---- source ---- */

static void add_source_line(struct strbuf *out, const char *line, size_t len)
{
	scope_free char *copy = xstrndup(line, len);

	html_element(out, "span",
		     *copy == '+'   ? "add"
		     : *copy == '-' ? "del"
		     : *copy == '@' ? "at"
				    : "",
		     copy);
}

/* Returns whether a line like "+++ b/fs/pipe.c" names the file. */
static bool names_file(const char *line, size_t len, const char *file)
{
	size_t size = strlen(file);

	while (len && (line[len - 1] == '\r' || line[len - 1] == ' '))
		len--;
	for (size_t i = 0; i + size <= len; i++)
		if (!strncmp(line + i, file, size) && (i + size == len || line[i + size] == '\t') &&
		    (line[i - !!i] == '/' || line[i - !!i] == ' '))
			return true;
	return false;
}

/* Adds the hunks of one file whose old lines are in [first, last), and returns their number. */
static unsigned add_hunks(struct strbuf *out, const char *patch, const char *file, unsigned first,
			  unsigned last)
{
	bool in_file = false, wanted = false;
	unsigned count = 0, start, lines;

	for (const char *line = patch; *line;) {
		size_t len = strcspn(line, "\n");

		if (!strncmp(line, "--- ", 4) || !strncmp(line, "diff ", 5))
			in_file = wanted = false;
		if (!strncmp(line, "+++ ", 4)) {
			in_file = names_file(line, len, file);
		} else if (in_file && !strncmp(line, "@@ -", 4)) {
			lines = 1;
			wanted = sscanf(line, "@@ -%u,%u", &start, &lines) >= 1 && start < last &&
				 start + lines > first;
			count += wanted;
		}
		if (wanted)
			add_source_line(out, line, len);
		line += len + (line[len] == '\n');
	}
	return count;
}

/* Returns the line where the file's next function begins. */
static unsigned hunk_end(const struct klp_report *report, const struct klp_function *function)
{
	unsigned end = function->facts.line + 400;

	vec_foreach(&report->functions, it)
		if (!strcmp(it->file, function->file) && it->facts.line > function->facts.line &&
		    it->facts.line < end)
			end = it->facts.line;
	return end;
}

static void html_source(struct strbuf *out, const struct klp_report *report,
			const struct klp_function *function, const struct str_vec *patches)
{
	scope_strbuf hunks = STRBUF_INIT;
	unsigned count = 0;

	vec_foreach(patches, it)
		count += add_hunks(&hunks, *it, function->file, function->facts.line,
				   hunk_end(report, function));
	strbuf_addstr(out, "<h3>source</h3>");
	if (count)
		strbuf_addf(out, "<div class=\"scroll\"><pre>%s</pre></div>", hunks.buf);
	else
		strbuf_addstr(
			out,
			"<p class=\"remedy\">No hunk in its own lines: it changes through code that it includes or inlines.</p>");
}

/* ---- functions ---- */

static void html_names(struct strbuf *out, const char *what, const struct str_vec *names)
{
	if (!names->len)
		return;
	strbuf_addf(out, "<dt>%s</dt><dd>", what);
	for (size_t i = 0; i < names->len; i++) {
		strbuf_addstr(out, i ? ", <code>" : "<code>");
		html_text(out, names->data[i]);
		strbuf_addstr(out, "</code>");
	}
	strbuf_addstr(out, "</dd>");
}

static bool near_difference(const struct code_pair_vec *pairs, size_t at)
{
	size_t first = at > CONTEXT ? at - CONTEXT : 0;

	for (size_t i = first; i <= at + CONTEXT && i < pairs->len; i++)
		if (!pairs->data[i].same)
			return true;
	return false;
}

/* A note that a single line was left out would take as much room as the line. */
static bool is_shown(const struct code_pair_vec *pairs, size_t at)
{
	return near_difference(pairs, at) ||
	       ((!at || near_difference(pairs, at - 1)) &&
		(at + 1 == pairs->len || near_difference(pairs, at + 1)));
}

static void html_cell(struct strbuf *out, const char *class, const char *str)
{
	strbuf_addf(out, "<td class=\"%s\">", str ? class : "");
	html_text(out, str ? str : "");
	strbuf_addstr(out, "</td>");
}

static void html_code(struct strbuf *out, const struct code_pair_vec *pairs)
{
	size_t skipped = 0;

	strbuf_addstr(
		out,
		"<h3>code</h3><div class=\"scroll\"><table class=\"code\"><thead><tr><th>before</th><th>after</th></tr></thead><tbody>");
	for (size_t i = 0; i <= pairs->len; i++) {
		bool shown = i < pairs->len && is_shown(pairs, i);

		if (i < pairs->len && !shown) {
			skipped++;
			continue;
		}
		if (skipped)
			strbuf_addf(
				out,
				"<tr><td class=\"gap\" colspan=\"2\">%zu unchanged instructions</td></tr>",
				skipped);
		skipped = 0;
		if (!shown)
			continue;

		const struct code_pair *pair = &pairs->data[i];

		strbuf_addstr(out, "<tr>");
		html_cell(out, pair->same ? "" : "del", pair->before);
		html_cell(out, pair->same ? "" : "add", pair->after);
		strbuf_addstr(out, "</tr>");
	}
	strbuf_addstr(out, "</tbody></table></div>");
}

/* Adds the rules that have findings on the function; the findings are shown above. */
static void html_rules(struct strbuf *out, const struct klp_report *report,
		       const struct klp_function *function)
{
	vec_foreach(&report->findings, it) {
		scope_free char *class = xasprintf(
			"badge %s", it->allowed ? "allowed" : severity_name(it->severity));

		if (finding_is_at(it, function->file, function->name))
			html_element(out, "span", class, it->rule);
	}
}

static void html_function(struct strbuf *out, const struct klp_report *report,
			  const struct klp_function *function, const struct str_vec *patches)
{
	const struct function_facts *facts = &function->facts;
	const char *change = diff_change_name(function->change);
	unsigned long long before = facts->size_before, after = facts->size_after;

	strbuf_addf(out, "<details class=\"card\"%s><summary><span class=\"badge %s\">%s</span><b>",
		    report->functions.len <= 3 ? " open" : "", change, change);
	html_text(out, function->name);
	strbuf_addstr(out, "</b><span>");
	html_text(out, function->file);
	if (facts->line)
		strbuf_addf(out, ":%u", facts->line);
	strbuf_addstr(out, "</span><span>");
	if (before && after && before != after)
		strbuf_addf(out, "%llu → %llu bytes", before, after);
	else if (before && after)
		strbuf_addf(out, "%llu bytes", after);
	else
		strbuf_addf(out, "%llu bytes", before + after);
	strbuf_addstr(out, "</span>");
	html_rules(out, report, function);
	strbuf_addstr(out, "</summary><div class=\"body\"><dl>");
	html_fact(out, "part of", function->object);
	html_fact(out, "proof", klp_function_proof(function));
	html_names(out, "now calls", &facts->calls_new);
	html_names(out, "no longer calls", &facts->calls_gone);
	html_names(out, "now inlines", &facts->inlined_new);
	html_names(out, "no longer inlines", &facts->inlined_gone);
	strbuf_addstr(out, "</dl>");
	if (facts->line)
		html_source(out, report, function, patches);
	if (function->code.len)
		html_code(out, &function->code);
	strbuf_addstr(out, "</div></details>");
}

/* Shows the lines of one version, and marks those that the other does not have. */
static void html_version(struct strbuf *out, const char *title, const char *class,
			 const struct str_vec *lines, const struct str_vec *other)
{
	strbuf_addf(out, "<div><h3>%s</h3><div class=\"scroll\"><pre>", title);
	vec_foreach(lines, it)
		html_element(out, "span", str_vec_has(other, *it) ? "" : class, *it);
	strbuf_addstr(out, "</pre></div></div>");
}

static void html_types(struct strbuf *out, const struct klp_report *report)
{
	if (report->types.len)
		strbuf_addstr(out, "<h2>Types</h2>");
	vec_foreach(&report->types, it) {
		strbuf_addstr(out, "<details class=\"card\" open><summary><b>");
		html_text(out, it->name);
		strbuf_addstr(out, "</b><span>");
		html_text(out, it->where);
		strbuf_addstr(out, "</span></summary><div class=\"body two\">");
		html_version(out, "before", "del", &it->before, &it->after);
		html_version(out, "after", "add", &it->after, &it->before);
		strbuf_addstr(out, "</div></details>");
	}
}

struct err *html_report(const struct klp_report *report, const struct klp_build_spec *spec,
			const char *path)
{
	scope_str_vec patches = {};
	scope_strbuf out = STRBUF_INIT;

	for (size_t i = 0; i < spec->nr_patches; i++) {
		char *patch;

		err_try(file_read(spec->patches[i], &patch, NULL));
		vec_push(&patches, patch);
	}
	html_begin(&out, report->name);
	html_verdict(&out, report, spec);
	html_findings(&out, report);
	strbuf_addstr(&out, "<h2>Functions</h2>");
	vec_foreach(&report->functions, it)
		html_function(&out, report, it, &patches);
	html_types(&out, report);
	html_end(&out);
	return file_write(path, out.buf, out.len);
}
