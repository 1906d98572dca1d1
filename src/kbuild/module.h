/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One piece of C as an external module, built the way that everybody builds these. */
#ifndef SUTURE_KBUILD_MODULE_H
#define SUTURE_KBUILD_MODULE_H

#include "base/err.h"

#include "base/sandbox.h"

struct progress;
struct target;

/*
 * Compiles a C text as an external module of the target, called `name`, and puts the linked module
 * at ko_path. The same text and name are compiled once for each target, and then taken from its
 * folder. progress may be NULL.
 */
struct err *kbuild_module(const struct target *target, enum sandbox_kind sandbox,
			  struct progress *progress, const char *name, const char *c_text,
			  const char *ko_path);

#endif
