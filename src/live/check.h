/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the checks before a module is loaded or installed. */
#ifndef SUTURE_LIVE_CHECK_H
#define SUTURE_LIVE_CHECK_H

#include "finding/finding.h"
#include "live/machine.h"
#include "live/module.h"

/* Checks everything that can be known before the modules are loaded in the given order. */
struct err *live_check(const struct root *root, const struct live_machine *machine,
		       const struct live_module_vec *modules, struct finding_vec *findings);

/* Checks a module that is to be installed, for a later boot: omits what may change until then. */
struct err *live_check_install(const struct root *root, const struct live_module *module,
			       struct finding_vec *findings);

#endif
