/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of every rule on patches, and the explanation of each, from doc/rules.md. */
#include "finding/rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/embed.h"
#include "base/strbuf.h"

EMBED(rules_document, "doc/rules.md");

#define REFUSE SEVERITY_REFUSE
#define WARN SEVERITY_WARN
#define NOTE SEVERITY_NOTE

/*
 * In the order of doc/rules.md.  A rule can be allowed where a module could be made all the same
 * and somebody who knows the code could know better; never where that would be a guess.
 */
static const struct rule rules[] = {
	/* what is not even built */
	{"build-hostile", REFUSE, false,
	 "building the patch would run a command or read other files"},
	{"not-compiled", REFUSE, false, "a file does not compile, or its objects cannot be read"},

	/* the running kernel's data */
	{"data-changed", REFUSE, true, "data that exists would have to change"},
	{"init-data", REFUSE, true, "data that is read at start only changes"},
	{"data-retyped", REFUSE, true, "data that exists would be read as another type"},
	{"data-moved", REFUSE, false, "a variable moves to another file"},
	{"data-renamed", WARN, false, "a variable may have got another name"},

	/* types */
	{"layout-changed", REFUSE, true,
	 "members of a structure move or are replaced, or it grows"},
	{"layout-extended", WARN, false, "a structure gets a member where there was room"},
	{"member-retyped", REFUSE, true, "a member changes its type or name, or goes"},
	{"object-grown", REFUSE, true, "objects that exist are smaller than patched code expects"},
	{"allocator-changed", REFUSE, true, "memory is freed as that of another allocator"},
	{"enum-renumbered", REFUSE, true, "constants of an enumeration get other values"},
	{"enum-extended", NOTE, false, "an enumeration gets a constant behind the others"},
	{"type-unlike-kernel", REFUSE, true, "a type is not what the kernel says that it is"},
	{"prototype-changed", WARN, false, "a function is called in another way than before"},
	{"export-changed", REFUSE, true, "an exported function's prototype changes"},
	{"export-new", WARN, false, "something is newly exported to modules"},
	{"export-removed", NOTE, false, "something is no longer exported to modules"},

	/* code that cannot be replaced */
	{"init-function", REFUSE, true, "code that runs at start only changes"},
	{"init-reference", REFUSE, false, "start-up code or data is used"},
	{"registration", REFUSE, true, "something new is registered at start"},
	{"table-changed", REFUSE, true, "a table that is not carried over has other entries"},
	{"not-traceable", REFUSE, false, "calls to the function cannot be redirected"},
	{"assembly", REFUSE, true, "assembler source changes"},
	{"own-ground", REFUSE, true, "live patching itself runs on the code"},
	{"short-jump", REFUSE, false, "a jump does not reach from where a live patch is"},
	{"tail-call", REFUSE, false, "tasks could sleep where the kernel does not look for them"},
	{"reference-lost", REFUSE, false, "code refers to a section that is not carried over"},
	{"change-lost", REFUSE, true, "a change that a live patch does not reach"},
	{"runtime-constant", REFUSE, false, "a constant that is filled in at boot"},
	{"sealed-function", REFUSE, false, "a pointer to a function that nothing pointed at"},
	{"unknown-section", REFUSE, false, "a section says what is to be done with the code"},

	/* what could not be proven */
	{"not-as-shipped", REFUSE, false, "the unpatched code is not what the kernel has"},
	{"not-proven", REFUSE, false, "the place of a function is not certain"},
	{"symbol-unproven", REFUSE, false, "the place of a symbol is not certain"},
	{"static-local-ambiguous", REFUSE, false, "which static variable is meant is not certain"},

	/* modules */
	{"symbol-in-module", REFUSE, false, "vmlinux would use what a module defines"},
	{"new-dependency", REFUSE, false, "a module would use what another module defines"},
	{"module-key", REFUSE, false, "a static key or call that a module owns"},
	{"late-relocation", REFUSE, false, "a special section refers to a module's symbol"},
	{"no-such-module", REFUSE, false, "the module is not among the kernel's"},

	/* what needs a look */
	{"locks-changed", WARN, false, "locks are taken or released otherwise"},
	{"references-changed", WARN, false, "references are taken or given back otherwise"},
	{"new-state", WARN, false, "a variable is new"},
	{"long-sleep", WARN, false, "tasks sleep in the function for long"},
	{"callback-changed", WARN, false, "a function changes together with what arms it"},
	{"stack-frame", WARN, false, "the function takes much more of the stack"},
	{"hot-function", WARN, false, "the function runs very often"},
	{"in-use", WARN, false, "something of the running kernel is attached to the function"},
	{"address-stored", WARN, false, "the address of a new function or object is kept"},

	/* what is merely said */
	{"no-code-change", NOTE, false, "nothing that this kernel runs changes"},
	{"not-built", NOTE, false, "a file that this kernel is not built from"},
	{"file-skipped", NOTE, false, "a file that holds no code"},
	{"unit-removed", NOTE, false, "a file is gone"},
	{"data-removed", NOTE, false, "a variable is gone"},
	{"function-removed", NOTE, false, "a function is gone"},
	{"overridden", NOTE, false, "a weak function that another file defines"},
	{"plain", NOTE, false, "a file is compiled in another way"},
	{"not-plain", NOTE, false, "a file does not compile in another way"},
	{"assembler-new", NOTE, false, "the patch adds assembler outside of functions"},
	{"flags-dropped", NOTE, false, "a file loses compiler flags of its own"},
	{"bpf-inlined", NOTE, false, "BPF programs contain code in the function's place"},
	{"source-gap", NOTE, false, "the source is not all that the kernel was built from"},
};

const struct rule *rule_list(size_t *count)
{
	*count = array_size(rules);
	return rules;
}

const struct rule *rule_find(const char *id)
{
	for (size_t i = 0; i < array_size(rules); i++)
		if (!strcmp(rules[i].id, id))
			return &rules[i];
	return NULL;
}

/* From its heading to the next one. */
char *rule_text(const struct rule *rule)
{
	scope_free char *heading = xasprintf("\n### %s\n", rule->id);
	const char *start = strstr(rules_document, heading);

	if (!start)
		return xstrdup("");
	start += strlen(heading);

	const char *end = start;

	while (*end && !str_starts(end, "\n## ") && !str_starts(end, "\n### "))
		end++;
	while (start < end && *start == '\n')
		start++;
	while (end > start && end[-1] == '\n')
		end--;
	return xasprintf("%.*s\n", (int)(end - start), start);
}
