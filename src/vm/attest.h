/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attestations: <name>.attest.json beside <name>.ko says what was tried when and how it ended.  It
 * is bound to the module by its SHA-256, and is not a signature.
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
	bool ok;     /* it ended as expected; other statuses than 0 may be expected */
	int status;  /* exit code, or 128 + signal */
};

struct vm_attest {
	char *path;	/* the attestation's file */
	char *module;	/* the module's name */
	char *sha256;	/* the hash of the file that was tried, hexadecimal */
	char *kernel;	/* the release of the kernel that it was tried in */
	char *build_id; /* that kernel's build id; "" if the kernel did not tell it */
	char *suture;	/* the version of Suture that tried it */
	char *time;	/* when it was tried: RFC 3339, UTC */
	bool pass;
	bool exercised; /* something was patched: vm_was_exercised() */
	bool current;	/* the module's file is still the one that was tried */
	struct vm_attest_trials VEC(struct vm_attest_trial) trials;
	struct vm_attest_checks VEC(struct vm_attest_check) checks;
	struct str_vec covered, uncovered; /* "object:function" */
};

/* Returns "dir/name.attest.json" for "dir/name.ko.xz"; free(). */
char *vm_attest_path(const char *module_path);

/* Writes the attestation of a module, which must have been read, beside its file. */
struct err *vm_attest_write(const struct vm_result *result, const struct vm_module_result *module);

/*
 * Reads a module's attestation; *attest is NULL if there is none.  An attestation that is not valid
 * is an error.
 */
struct err *vm_attest_read(const char *module_path, struct vm_attest **attest);
/* Reads an attestation from its text; path is for messages, and `current` stays false. */
struct err *vm_attest_parse(const char *path, const char *text, size_t size,
			    struct vm_attest **attest);

void vm_attest_free(struct vm_attest *attest);
void vm_attest_freep(struct vm_attest **attestp);
#define scope_vm_attest __attribute__((cleanup(vm_attest_freep))) struct vm_attest *

/* Sets *hex to the SHA-256 of the bytes, in hexadecimal; free(). */
struct err *vm_sha256(struct bytes bytes, char **hex);

#endif
