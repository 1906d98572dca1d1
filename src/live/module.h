/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A module file that is to be loaded or installed: its fingerprints and what it says. */
#ifndef SUTURE_LIVE_MODULE_H
#define SUTURE_LIVE_MODULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/err.h"
#include "base/vec.h"
#include "klp/describe.h"
#include "live/signature.h"

struct live_module {
	char *path, *name;
	char *release; /* of the kernel in its vermagic */
	char *sha256;  /* of the file */
	char *digest;  /* of the module itself: unpacked, without a signature */
	char *report;  /* <name>.report.json beside it, or NULL */
	/* A copy of what was checked, since the file may change before it is loaded. */
	uint8_t *file_data, *unpacked; /* unpacked NULL: the file is not compressed */
	struct bytes file, image;      /* as in the file, and as the kernel gets it */
	bool is_signed;
	char *signature_error; /* why its signature cannot be read; NULL */
	struct live_signature signature;
	const char *attested; /* "pass", "fail", "no", "other", "not exercised", "unreadable" */
	char *attest_why;     /* what is wrong when it is not "pass"; else NULL */
	struct str_vec covered, uncovered; /* functions that the trial called, or did not */
	struct klp_module *klp;
};

struct err *live_module_open(const char *path, struct live_module **module);
void live_module_free(struct live_module *module);
void live_module_freep(struct live_module **modulep);
#define scope_live_module __attribute__((cleanup(live_module_freep))) struct live_module *

struct live_module_vec VEC(struct live_module *);
void live_modules_free(struct live_module_vec *modules);
#define scope_live_modules __attribute__((cleanup(live_modules_free))) struct live_module_vec

#endif
