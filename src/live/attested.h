/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a trial in a virtual machine has attested of a module. */
#ifndef SUTURE_LIVE_ATTESTED_H
#define SUTURE_LIVE_ATTESTED_H

#include "live/conf.h"
#include "finding/finding.h"
#include "live/module.h"

/* Fills in the attestation's members of the module. */
void live_attested_read(struct live_module *module);

/* Adds a finding when no passed trial is attested, as severe as the settings say. */
void live_attested_check(const struct live_conf *conf, const struct live_module *module,
			 struct finding_vec *findings);

#endif
