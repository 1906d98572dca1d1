/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture explain`: shows what a rule on patches or on loading means, from doc/rules.md.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "finding/rule.h"

static json_t *rule_json(const struct rule *rule)
{
	scope_free char *text = rule_text(rule);

	return json_pack("{s:s, s:s, s:b, s:s, s:s}", "rule", rule->id, "severity",
			 severity_name(rule->severity), "can_be_allowed", rule->overridable,
			 "title", rule->title, "text", text);
}

static struct err *explain_json(const struct cli *cli, const struct rule *rules, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, rule_json(&rules[i]));
	return cli_json(cli, json_pack("{s:o}", "rules", array));
}

static void print_rule(const struct rule *rule)
{
	scope_free char *text = rule_text(rule);

	cli_printf("%s: %s\n\n", rule->id, rule->title);
	cli_block(stdout, text);
}

static void print_list(const struct rule *rules, size_t count)
{
	for (size_t i = 0; i < count; i++)
		cli_printf("%-6s  %-24s %s%s\n", severity_name(rules[i].severity), rules[i].id,
			   rules[i].title, rules[i].overridable ? " (can be allowed)" : "");
}

static struct err *run_explain(const struct cli *cli, const struct cli_args *args, int *status)
{
	size_t count;
	const struct rule *rules = rule_list(&count);

	(void)status;
	if (args->argc) {
		rules = rule_find(args->argv[0]);
		count = 1;
	}
	if (!rules)
		return rule_unknown(args->argv[0]);
	if (cli->json)
		return explain_json(cli, rules, count);
	if (args->argc)
		print_rule(rules);
	else
		print_list(rules, count);
	return NULL;
}

const struct command cmd_explain = {
	.name = "explain",
	.summary = "explain a rule of the safety check, or list all rules",
	.args = "[RULE]",
	.max_args = 1,
	.help = "RULE is the name in brackets at the end of a finding.  The text explains what the\n"
		"rule means, why it matters, and how to write the patch instead.\n",
	.example = "suture explain data-changed",
	.run = run_explain,
};
