/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings as text, in the form that editors and CI systems know from compilers. */
#include "cli/findings.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/printable.h"
#include "cli/cli.h"

/* Prints a part of the line, which may be foreign text, and what separates it from the next. */
static void print_part(FILE *out, const char *part, const char *after)
{
	scope_free char *safe = part ? text_printable(part) : NULL;

	if (safe)
		fprintf(out, "%s%s", safe, after);
}

static void print_finding(FILE *out, const struct finding *finding)
{
	static const char *const colours[] = {
		[SEVERITY_NOTE] = "", [SEVERITY_WARN] = "\033[33m", [SEVERITY_REFUSE] = "\033[31m"};
	bool colour = cli_colours(fileno(out));
	const char *place = finding->file ? finding->file : finding->object;

	if (finding->line) {
		print_part(out, place, ":");
		fprintf(out, "%u: ", finding->line);
	} else {
		print_part(out, place, ": ");
	}
	fprintf(out, "%s%s:%s ", colour ? colours[finding->severity] : "",
		finding->allowed ? "allowed" : severity_name(finding->severity),
		colour ? "\033[0m" : "");
	print_part(out, finding->symbol, ": ");
	print_part(out, finding->message, " ");
	fprintf(out, "[%s]\n", finding->rule);
	if (finding->allowed) {
		fputs("  because: ", out);
		print_part(out, finding->allowed, "\n");
	} else if (finding->remedy) {
		fputs("  help: ", out);
		print_part(out, finding->remedy, "\n");
	}
}

void findings_print(FILE *out, const struct finding_vec *findings, enum severity least)
{
	for (int severity = least; severity <= SEVERITY_REFUSE; severity++)
		vec_foreach(findings, it)
			if (it->severity == (enum severity)severity)
				print_finding(out, it);
}
