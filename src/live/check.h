/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checks before a module is loaded or installed. */
#ifndef SUTURE_LIVE_CHECK_H
#define SUTURE_LIVE_CHECK_H

#include "finding/finding.h"
#include "live/machine.h"
#include "live/module.h"

/* Everything that can be known before loading the modules, in this order. */
struct err *live_check(const struct root *root, const struct live_machine *machine,
		       const struct live_module_vec *modules, struct finding_vec *findings);

/* For a module that is to be installed: only what does not depend on the moment. */
struct err *live_check_install(const struct root *root, const struct live_module *module,
			       struct finding_vec *findings);

#endif
