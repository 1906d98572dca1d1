/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sandbox that makefiles, compilers and the tools around them run in. */
#ifndef SUTURE_KBUILD_CONFINE_H
#define SUTURE_KBUILD_CONFINE_H

#include "base/err.h"
#include "base/sandbox.h"
#include "target/target.h"

struct confine_spec {
	const struct target *target;
	enum sandbox_kind kind; /* with SANDBOX_NONE, *sandbox becomes NULL */
	const char *work;	/* the only folder that may be written */
	const char *headers[2]; /* more folders that may be read; or NULL */
};

/*
 * Makes a sandbox in which the target's folders, the compiler's, and system programs can be read.
 */
struct err *confine_build(const struct confine_spec *spec, struct sandbox **sandbox);

#endif
