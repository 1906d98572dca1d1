/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/findings.h"

#include <stdio.h>

#include "cli/cli.h"

json_t *findings_json(const struct finding_vec *findings)
{
	json_t *array = json_array();

	vec_foreach(findings, it)
		json_array_append_new(array,
				      json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s?}", "rule",
						it->rule, "severity", severity_name(it->severity),
						"where", it->where, "message", it->message,
						"remedy", it->remedy, "allowed", it->allowed));
	return array;
}

void findings_print(const struct finding_vec *findings, bool verbose)
{
	static const char *const colours[] = {
		[SEVERITY_NOTE] = "", [SEVERITY_WARN] = "\033[33m", [SEVERITY_REFUSE] = "\033[31m"};
	bool colour = cli_colours(1);

	vec_foreach(findings, it) {
		if (it->severity == SEVERITY_NOTE && !verbose)
			continue;
		printf("%s%s%s: %s: %s [%s]\n", colour ? colours[it->severity] : "",
		       it->allowed ? "allowed" : severity_name(it->severity),
		       colour ? "\033[0m" : "", it->where, it->message, it->rule);
		if (it->allowed)
			printf("        because: %s\n", it->allowed);
		else if (it->remedy)
			printf("        what helps: %s\n", it->remedy);
	}
}
