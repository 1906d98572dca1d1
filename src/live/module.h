/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens a module file that is to be loaded or installed. */
#ifndef SUTURE_LIVE_MODULE_H
#define SUTURE_LIVE_MODULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/err.h"
#include "base/vec.h"
#include "klp/describe.h"
#include "live/signature.h"

/* The result of a module's trial in a virtual machine, by the attestation beside the module. */
enum live_attested {
	LIVE_ATTESTED_UNKNOWN, /* the record of a load does not say it */
	LIVE_ATTESTED_PASS,
	LIVE_ATTESTED_FAIL,
	LIVE_ATTESTED_NONE,	     /* there is no attestation */
	LIVE_ATTESTED_OTHER,	     /* it is about another file or kernel */
	LIVE_ATTESTED_NOT_EXERCISED, /* the patched modules were not loaded during the trial */
	LIVE_ATTESTED_UNREADABLE,
};

/* Returns the name for JSON, or NULL for LIVE_ATTESTED_UNKNOWN. */
const char *live_attested_name(enum live_attested attested);
/* Returns LIVE_ATTESTED_UNKNOWN for any other name, and for NULL. */
enum live_attested live_attested_find(const char *name);

struct live_module {
	char *path, *name;
	char *release; /* the kernel release in its vermagic */
	char *sha256;  /* the file's SHA-256, hexadecimal */
	char *digest;  /* the SHA-256 of the module unpacked and without a signature */
	char *report;  /* the path of <name>.report.json beside it, or NULL */
	char *cover;   /* the path of <name>.cover.json beside it, or NULL */
	/* Copies of the checked bytes, since the file may change before it is loaded. */
	uint8_t *file_data, *unpacked; /* unpacked is NULL if the file is not compressed */
	struct bytes file, image;      /* the bytes of the file, and those for the kernel */
	bool is_signed;
	char *signature_error; /* why the signature cannot be read, or NULL */
	struct live_signature signature;
	enum live_attested attested;
	char *attest_why;		   /* what is wrong unless the trial passed; else NULL */
	struct str_vec covered, uncovered; /* functions that the trial did and did not call */
	struct klp_module *klp;
};

/* Opens a module file, compressed or not; one that is not a live patch is an error. */
struct err *live_module_open(const char *path, struct live_module **module);
void live_module_free(struct live_module *module);

/*
 * Finds the name of the live patch that somebody means by a name or by a file: what has '/' or '.'
 * is a file, and the name is the one inside it.  A module that is not in the current folder may be
 * named as its file is.  A file of another kind, and a path to none, is an error.  free() *name.
 */
struct err *live_name_given(const char *name_or_path, char **name);
void live_module_freep(struct live_module **modulep);
#define scope_live_module __attribute__((cleanup(live_module_freep))) struct live_module *

struct live_module_vec VEC(struct live_module *);
void live_modules_free(struct live_module_vec *modules);
#define scope_live_modules __attribute__((cleanup(live_modules_free))) struct live_module_vec

#endif
