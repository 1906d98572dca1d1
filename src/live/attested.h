/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks that a trial in a virtual machine is attested for a module. */
#ifndef SUTURE_LIVE_ATTESTED_H
#define SUTURE_LIVE_ATTESTED_H

#include "live/conf.h"
#include "finding/finding.h"
#include "live/module.h"

/* Adds a finding if no passed trial is attested; its severity follows from the settings. */
void live_attested_check(const struct live_conf *conf, const struct live_module *module,
			 struct finding_vec *findings);

#endif
