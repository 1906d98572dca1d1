/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adds a finding on a module whose trial in a virtual machine is not attested. */
#include "live/attested.h"
#include "live/conf.h"
#include "finding/finding.h"
#include "live/module.h"

void live_attested_check(const struct live_conf *conf, const struct live_module *module,
			 struct finding_vec *findings)
{
	static const enum severity levels[] = {[LIVE_TESTED_NO] = SEVERITY_NOTE,
					       [LIVE_TESTED_WARN] = SEVERITY_WARN,
					       [LIVE_TESTED_YES] = SEVERITY_REFUSE};
	enum severity level = levels[conf->require_tested];

	if (module->attested == LIVE_ATTESTED_PASS)
		return;
	finding_add_about(findings, level, "tested", module->name,
			  module->attested != LIVE_ATTESTED_UNREADABLE ? "'suture test' tests it"
								       : NULL,
			  "%s%s", module->attest_why,
			  level == SEVERITY_REFUSE
				  ? "; the settings demand a passed test (require-tested = yes)"
				  : "");
}
