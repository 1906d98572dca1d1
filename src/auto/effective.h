/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells which version a kernel is at, live patches included; uname is never changed. */
#ifndef SUTURE_AUTO_EFFECTIVE_H
#define SUTURE_AUTO_EFFECTIVE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/root.h"

struct auto_effective {
	char *kernel;  /* the release */
	char *version; /* of the package that the running kernel came in; the release if unknown */
	char *to;      /* the version that a cumulative live patch carries; NULL without one */
	char *patch;   /* its name */
	bool equivalent;
	int changes_open;	     /* units that it leaves out; -1: unknown */
	int cves_carried, cves_open; /* by the list beside the module; -1: unknown */
};

struct err *auto_effective_read(const struct root *root, struct auto_effective *effective);
void auto_effective_free(struct auto_effective *effective);
#define scope_auto_effective __attribute__((cleanup(auto_effective_free))) struct auto_effective

/*
 * Returns one line, such as "6.1.190-1, live-patched to the level of 6.1.192-3: 1143 of 1262 CVEs,
 * 119 open"; free().
 */
char *auto_effective_text(const struct auto_effective *effective);

#endif
