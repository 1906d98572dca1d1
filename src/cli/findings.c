/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/findings.h"

#include <stdio.h>

#include "cli/cli.h"

json_t *findings_json(const struct finding_vec *findings)
{
	json_t *array = json_array();

	vec_foreach(findings, it)
		json_array_append_new(
			array, json_pack("{s:s, s:s, s:s, s:i, s:s, s:s?, s:s?}", "rule", it->rule,
					 "severity", severity_name(it->severity), "where",
					 it->where, "line", it->line, "message", it->message,
					 "remedy", it->remedy, "allowed", it->allowed));
	return array;
}

static void print_finding(const struct finding *finding)
{
	static const char *const colours[] = {
		[SEVERITY_NOTE] = "", [SEVERITY_WARN] = "\033[33m", [SEVERITY_REFUSE] = "\033[31m"};
	bool colour = cli_colours(1);

	printf("%s%s%s: %s: %s [%s]\n", colour ? colours[finding->severity] : "",
	       finding->allowed ? "allowed" : severity_name(finding->severity),
	       colour ? "\033[0m" : "", finding->where, finding->message, finding->rule);
	if (finding->allowed)
		printf("        because: %s\n", finding->allowed);
	else if (finding->remedy)
		printf("        what helps: %s\n", finding->remedy);
}

/* What weighs most stands last, where a terminal shows it. */
void findings_print(const struct finding_vec *findings, bool verbose)
{
	for (int severity = verbose ? SEVERITY_NOTE : SEVERITY_WARN; severity <= SEVERITY_REFUSE;
	     severity++)
		vec_foreach(findings, it)
			if (it->severity == (enum severity)severity)
				print_finding(it);
}
