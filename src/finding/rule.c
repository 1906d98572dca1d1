/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists every rule on patches and on loading them, and explains each by its section of
 * doc/rules.md. */
#include "finding/rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/embed.h"
#include "base/nearest.h"
#include "base/strbuf.h"

EMBED(rules_document, "doc/rules.md");

#define REFUSE SEVERITY_REFUSE
#define WARN SEVERITY_WARN
#define NOTE SEVERITY_NOTE

/* A check of a command on the running kernel, with the most severe level that its findings have. */
#define LIVE(id, severity, title)                                                                  \
	{                                                                                          \
		id, severity, false, title                                                         \
	}

/*
 * The order is that of doc/rules.md. A rule can be allowed if a module could still be made and
 * somebody who knows the code could know better; it cannot be allowed if that would be a guess.
 */
static const struct rule rules[] = {
	/* patches that are not built */
	{"build-hostile", REFUSE, false,
	 "building the patch would run a command or read other files"},
	{"not-compiled", REFUSE, false, "a file does not compile, or its objects cannot be read"},
	{"protection-lost", REFUSE, true,
	 "a file would be compiled without protections that the kernel has"},

	/* the running kernel's data */
	{"data-changed", REFUSE, true, "existing data would have to change"},
	{"init-data", REFUSE, true, "data that is only read at boot changes"},
	{"data-retyped", REFUSE, true, "existing data would be read as another type"},
	{"data-moved", REFUSE, false, "a variable moves to another file"},
	{"data-renamed", WARN, false, "a variable may have been renamed"},

	/* types and their members */
	{"layout-changed", REFUSE, true,
	 "members of a structure move or are replaced, or it grows"},
	{"layout-extended", WARN, false, "a structure gets a member in unused space"},
	{"member-retyped", REFUSE, true, "a member changes its type or name, or is removed"},
	{"object-grown", REFUSE, true, "existing objects are smaller than patched code expects"},
	{"allocator-changed", REFUSE, true, "memory is freed by another allocator's function"},
	{"enum-renumbered", REFUSE, true, "constants of an enumeration change their values"},
	{"enum-extended", NOTE, false, "an enumeration gets a constant after the others"},
	{"type-unlike-kernel", REFUSE, true, "a type differs from the kernel's definition"},
	{"prototype-changed", WARN, false, "a function's prototype changes"},
	{"export-changed", REFUSE, true, "an exported function's prototype changes"},
	{"export-new", WARN, false, "a function is newly exported to modules"},
	{"export-removed", NOTE, false, "a function is no longer exported to modules"},

	/* code that cannot be replaced */
	{"init-function", REFUSE, true, "code that only runs at boot changes"},
	{"init-reference", REFUSE, false, "code uses boot code or data"},
	{"registration", REFUSE, true, "a new object would be registered at boot"},
	{"table-changed", REFUSE, true,
	 "a table that a live patch does not carry has other entries"},
	{"not-traceable", REFUSE, false, "calls to the function cannot be redirected"},
	{"assembly", REFUSE, true, "assembler source changes"},
	{"own-ground", REFUSE, true, "live patching itself depends on the code"},
	{"short-jump", REFUSE, false, "a short jump does not reach the kernel from a live patch"},
	{"tail-call", REFUSE, false, "tasks could sleep where the kernel does not look for them"},
	{"reference-lost", REFUSE, false,
	 "code refers to a section that a live patch does not carry"},
	{"change-lost", REFUSE, true, "a live patch does not reach all of the change"},
	{"runtime-constant", REFUSE, false, "code uses a constant that is filled in at boot"},
	{"sealed-function", REFUSE, false,
	 "a new pointer leads to a function without a landing place"},
	{"unknown-section", REFUSE, false, "a section lists the code for an unknown purpose"},

	/* what could not be proven */
	{"not-as-shipped", REFUSE, false, "the unpatched code differs from the kernel's"},
	{"not-proven", REFUSE, false, "the address of a function is not certain"},
	{"symbol-unproven", REFUSE, false, "the address of a symbol is not certain"},
	{"static-local-ambiguous", REFUSE, false,
	 "it is not certain which static variable is meant"},

	/* what belongs to modules */
	{"symbol-in-module", REFUSE, false, "vmlinux would use what a module defines"},
	{"new-dependency", REFUSE, false, "a module would use what another module defines"},
	{"module-key", REFUSE, false, "code uses a static key or call that a module owns"},
	{"late-relocation", REFUSE, false, "a special section refers to a module's symbol"},
	{"no-such-module", REFUSE, false, "the kernel does not have the module"},

	/* what needs a check */
	{"locks-changed", WARN, false, "the use of locks changes"},
	{"references-changed", WARN, false, "reference counting changes"},
	{"new-state", WARN, false, "a variable is new"},
	{"long-sleep", WARN, false, "tasks sleep in the function for a long time"},
	{"thread-loop", WARN, false, "the loop of a kernel thread changes"},
	{"callback-changed", WARN, false, "a function changes together with the code that arms it"},
	{"stack-frame", WARN, false, "the function uses much more of the stack"},
	{"hot-function", WARN, false, "the function runs very often"},
	{"in-use", WARN, false,
	 "the running kernel has a probe or tracer attached to the function"},
	{"hunk-fuzz", WARN, false, "a hunk applies only where lines around it differ"},
	{"address-stored", WARN, false, "the address of a new function or object is kept"},

	/* information only */
	{"no-code-change", NOTE, false, "the patch changes nothing that this kernel runs"},
	{"not-built", NOTE, false, "the kernel is not built from the file"},
	{"file-skipped", NOTE, false, "a file that holds no code"},
	{"unit-removed", NOTE, false, "a file is removed"},
	{"data-removed", NOTE, false, "a variable is removed"},
	{"function-removed", NOTE, false, "a function is removed"},
	{"overridden", NOTE, false, "a weak function is defined by another file"},
	{"plain", NOTE, false,
	 "a file is compiled once more without constants and branches that need the kernel's help"},
	{"not-plain", NOTE, false, "a file does not compile without such constants and branches"},
	{"assembler-new", NOTE, false, "the patch adds assembler outside of functions"},
	{"flags-dropped", NOTE, false, "a file loses compiler flags of its own"},
	{"bpf-inlined", NOTE, false, "BPF programs contain code in the function's place"},
	{"source-gap", NOTE, false, "the source lacks patches that the kernel was built with"},

	/* checks of the running kernel's patches, by load, install and status */
	LIVE("kernel", REFUSE, "the module was built for another kernel release"),
	LIVE("build-id", REFUSE, "the module was built for another build of the release"),
	LIVE("loaded", REFUSE, "a module of that name is already loaded"),
	LIVE("twice", REFUSE, "two files have the same module name"),
	LIVE("transition", REFUSE, "another transition has not finished"),
	LIVE("state", REFUSE,
	     "a state that is recorded or that patches share does not permit the load"),
	LIVE("changed", REFUSE, "an installed module is not the file that was installed"),
	LIVE("signature", REFUSE, "the kernel would not accept the module's signature"),
	LIVE("held", REFUSE, "the module is blocked"),
	LIVE("tested", REFUSE, "no passed trial of the module is attested"),
	LIVE("memory", REFUSE, "too little memory is available"),
	LIVE("probe", REFUSE, "a probe on the kernel, or a health probe, is in the way"),
	LIVE("bpf", WARN, "a BPF program or direct call is attached to a replaced function"),
	LIVE("pause", WARN, "the kernel's first check of all tasks takes long"),
	LIVE("replace", WARN, "the module replaces a loaded patch"),
	LIVE("lost", WARN, "the module lacks functions or fixes of the patch that it replaces"),
	LIVE("stack", WARN, "the module replaces a function that a loaded patch replaces, too"),
	LIVE("unload", WARN, "the kernel cannot unload modules"),
	LIVE("taint", WARN, "the kernel has had an Oops"),
	LIVE("container", WARN, "the command runs in a container"),
	LIVE("order", WARN, "a patch is not loaded, since the one below it was not"),
	LIVE("log", WARN, "the watch does not see all of the kernel's log"),
	LIVE("watch", WARN, "a loaded patch is not watched to the end"),
	LIVE("off", WARN, "loading at boot is switched off"),
	LIVE("boot", WARN, "nothing will be loaded at boot"),
	LIVE("sys", WARN, "the list of loaded patches cannot be read"),
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

struct err *rule_unknown(const char *id)
{
	struct nearest nearest = NEAREST_INIT(id);

	for (size_t i = 0; i < array_size(rules); i++)
		nearest_offer(&nearest, rules[i].id);

	scope_free char *hint = nearest_hint(&nearest, "'suture explain' lists them all");

	return err_code_new(ERR_USAGE, "%s: there is no such rule; %s", id, hint);
}

/* Returns the text from the rule's heading to the next one. */
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
