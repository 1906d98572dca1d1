/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints findings in the form that editors and CI systems know from compilers. */
#include "cli/findings.h"

#include <stdlib.h>

#include "cli/cli.h"

static void print_finding(FILE *out, const struct finding *finding)
{
	static const enum cli_colour colours[] = {[SEVERITY_NOTE] = COLOUR_NONE,
						  [SEVERITY_WARN] = COLOUR_YELLOW,
						  [SEVERITY_REFUSE] = COLOUR_RED};
	const char *place = finding->file ? finding->file : finding->object;

	if (place && finding->line)
		cli_fprintf(out, "%s:%u: ", place, finding->line);
	else if (place)
		cli_fprintf(out, "%s: ", place);
	cli_colour(out, colours[finding->severity]);
	cli_fprintf(out, "%s:", finding->allowed ? "allowed" : severity_name(finding->severity));
	cli_colour(out, COLOUR_NONE);
	if (finding->symbol)
		cli_fprintf(out, " %s:", finding->symbol);
	cli_fprintf(out, " %s [%s]\n", finding->message, finding->rule);
	if (finding->allowed)
		cli_fprintf(out, "  because: %s\n", finding->allowed);
	else if (finding->remedy)
		cli_fprintf(out, "  help: %s\n", finding->remedy);
}

void findings_print(FILE *out, const struct finding_vec *findings, enum severity least)
{
	for (int severity = least; severity <= SEVERITY_REFUSE; severity++)
		vec_foreach(findings, it)
			if (it->severity == (enum severity)severity)
				print_finding(out, it);
}
