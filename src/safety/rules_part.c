/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on what was selected to be loaded. */
#include "safety/safety.h"

static void check_keys(const struct diff_part *part, const char *file, struct finding_vec *findings)
{
	vec_foreach(&part->keys, key) {
		if (key->harmless)
			finding_add(findings, "module-key", SEVERITY_NOTE, file, key->function,
				    NULL,
				    "%s belongs to a module: that tracepoint stays silent in the "
				    "replaced function, a static call goes the slower way",
				    key->key);
		else
			finding_add(findings, "module-key", SEVERITY_REFUSE, file, key->function,
				    "use static_key_enabled() in the patched source",
				    "its static branch on %s, which a module owns, would stay as "
				    "compiled whatever the key says",
				    key->key);
	}
}

void safety_check_part(const struct diff_part *part, const char *file, struct finding_vec *findings)
{
	vec_foreach(&part->ambiguous, name)
		finding_add(findings, "static-local-ambiguous", SEVERITY_REFUSE, file, *name,
			    "give the variable a name of its own in the patched source",
			    "several static variables of that name: which of the running "
			    "kernel's it is cannot be told");
	vec_foreach(&part->stored_functions, name)
		finding_add(findings, "address-stored", SEVERITY_WARN, file, *name,
			    "make sure that nothing keeps the pointer when the patch is removed, "
			    "or never remove the patch",
			    "is new and its address is passed on: it must not be called after "
			    "the patch is unloaded");
	check_keys(part, file, findings);
}
