/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The written word of a trial: <name>.attest.json beside <name>.ko, bound to the module by
 * its SHA-256.  It says what was tried when, and is no signature.
 */
#ifndef SUTURE_VM_ATTEST_H
#define SUTURE_VM_ATTEST_H

#include "base/cursor.h"
#include "vm/vm.h"

struct vm_attest_trial {
	char *name, *result, *why; /* result: "pass", "fail", "skip"; why may be NULL */
};

/* One run of a check. */
struct vm_attest_check {
	char *name;
	char *phase; /* "before", "patched", "after" */
	bool ok;     /* it ended as was expected, with whatever status */
	int status;  /* exit code, or 128 + signal */
};

struct vm_attest {
	char *path;	/* of the attestation */
	char *module;	/* the name of the module */
	char *sha256;	/* of the file that was tried, hexadecimal */
	char *kernel;	/* release */
	char *build_id; /* of that kernel; "" when it did not say */
	char *suture;	/* version that tried it */
	char *time;	/* RFC 3339, UTC */
	bool pass;
	bool exercised; /* something was patched: vm_was_exercised() */
	bool current;	/* the module's file is still the one that was tried */
	struct vm_attest_trials VEC(struct vm_attest_trial) trials;
	struct vm_attest_checks VEC(struct vm_attest_check) checks;
	struct str_vec covered, uncovered; /* "object:function" */
};

/* "dir/name.ko.xz": "dir/name.attest.json"; free(). */
char *vm_attest_path(const char *module_path);

/* What is written beside the module's file; sha256 is of the bytes that were tried. */
struct err *vm_attest_write(const struct vm_result *result, const struct vm_module_result *module);

/* *attest is NULL when there is none; one that cannot be understood is an error. */
struct err *vm_attest_read(const char *module_path, struct vm_attest **attest);
/* The same of its text; `current` stays false. */
struct err *vm_attest_parse(const char *path, const char *text, size_t size,
			    struct vm_attest **attest);

void vm_attest_free(struct vm_attest *attest);
void vm_attest_freep(struct vm_attest **attestp);
#define scope_vm_attest __attribute__((cleanup(vm_attest_freep))) struct vm_attest *

/* Of a file's bytes, in hexadecimal; free(). */
struct err *vm_sha256(struct bytes bytes, char **hex);

#endif
