/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what a trial in a virtual machine has attested of a module, and judges it. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "live/attested.h"
#include "live/conf.h"
#include "finding/finding.h"
#include "live/module.h"
#include "vm/attest.h"

/*
 * Judges an attestation; returns the result, and in *why what is wrong with it.  The attestation
 * applies to the bytes that were tested.  A signature that was added later does not change what the
 * kernel runs, so the digest of the module without one is accepted as well.
 */
static const char *attested_judge(const struct live_module *module, const struct vm_attest *attest,
				  char **why)
{
	if (strcmp(attest->sha256, module->sha256) && strcmp(attest->sha256, module->digest)) {
		*why = xasprintf(
			"%s is about another file of that name: the module was changed after its trial",
			attest->path);
		return "other";
	}
	if (strcmp(attest->kernel, module->release)) {
		*why = xasprintf("it was tested in kernel %s, but is for %s", attest->kernel,
				 module->release);
		return "other";
	}
	if (!attest->pass) {
		*why = xasprintf("its trial failed (%s)", attest->path);
		return "fail";
	}
	if (!attest->exercised) {
		*why = xasprintf("its targets were not loaded during its trial (%s)", attest->path);
		return "not exercised";
	}
	return "pass";
}

void live_attested_read(struct live_module *module)
{
	scope_vm_attest attest = NULL;
	struct err *err = vm_attest_read(module->path, &attest);

	if (err) {
		module->attested = "unreadable";
		module->attest_why = xstrdup(err_message(err));
		err_free(err);
		return;
	}
	if (!attest) {
		module->attested = "no";
		module->attest_why = xstrdup("no attestation says that it was tested");
		return;
	}
	module->attested = attested_judge(module, attest, &module->attest_why);
	if (strcmp(module->attested, "pass"))
		return;
	vec_foreach(&attest->covered, it)
		vec_push(&module->covered, xstrdup(*it));
	vec_foreach(&attest->uncovered, it)
		vec_push(&module->uncovered, xstrdup(*it));
}

void live_attested_check(const struct live_conf *conf, const struct live_module *module,
			 struct finding_vec *findings)
{
	static const enum severity levels[] = {[LIVE_TESTED_NO] = SEVERITY_NOTE,
					       [LIVE_TESTED_WARN] = SEVERITY_WARN,
					       [LIVE_TESTED_YES] = SEVERITY_REFUSE};
	enum severity level = levels[conf->require_tested];

	if (!strcmp(module->attested, "pass"))
		return;
	finding_add_about(findings, level, "tested", module->name,
			  strcmp(module->attested, "unreadable") ? "'suture test' tests it" : NULL,
			  "%s%s", module->attest_why,
			  level == SEVERITY_REFUSE ? ", and require-tested = yes" : "");
}
