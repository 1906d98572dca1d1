/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers for each CVE whether this machine's kernel has the fix, and from where. */
#ifndef SUTURE_SHIP_CVES_H
#define SUTURE_SHIP_CVES_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/root.h"
#include "base/vec.h"

enum cve_state {
	CVE_UNKNOWN,	  /* nothing on this machine names it */
	CVE_IN_KERNEL,	  /* the changelog of the kernel's package has it */
	CVE_IN_LIVEPATCH, /* an enabled live patch fixes it */
	CVE_OPEN,	  /* a newer kernel that is installed fixes it, and this one does not */
};

/* Returns the name of the value, such as "fixed by kernel". */
const char *cve_state_name(enum cve_state state);

struct cve_answer {
	char *cve;
	enum cve_state state;
	char *why; /* which patch, which kernel; never NULL */
};

struct cve_answers {
	char *release, *version; /* of the kernel that the answers are about */
	bool changelog;		 /* the changelog of its package could be read */
	bool livepatches;	 /* it is known which live patches are loaded */
	struct cve_answer_vec VEC(struct cve_answer) list;
};

/*
 * Looks up the CVE ids; if there are none, answers for all that live patches and the changelogs of
 * newer installed kernels name.  release NULL means the running kernel.  For another one, live
 * patches that its boot will load do not count, since they are not loaded.
 */
struct err *ship_cves(const struct root *root, const char *release, const struct str_vec *cves,
		      struct cve_answers *answers);
void ship_cves_free(struct cve_answers *answers);
#define scope_cve_answers __attribute__((cleanup(ship_cves_free))) struct cve_answers

/* Returns the OpenVEX document of the answers; there must be one. */
json_t *ship_cves_vex(const struct cve_answers *answers);

#endif
