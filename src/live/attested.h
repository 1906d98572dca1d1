/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and judges what a trial in a virtual machine has attested of a module. */
#ifndef SUTURE_LIVE_ATTESTED_H
#define SUTURE_LIVE_ATTESTED_H

#include "live/conf.h"
#include "finding/finding.h"
#include "live/module.h"

/* Sets the module's members about its attestation. */
void live_attested_read(struct live_module *module);

/* Adds a finding if no passed trial is attested; its severity follows from the settings. */
void live_attested_check(const struct live_conf *conf, const struct live_module *module,
			 struct finding_vec *findings);

#endif
