/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Documents for scanners of vulnerabilities: OpenVEX 0.2.0 and CSAF 2.0 (profile VEX).  `fixed` is
 * said of what a live patch carries as a whole, about the kernel with that package installed on it.
 */
#ifndef SUTURE_SHIP_VEX_H
#define SUTURE_SHIP_VEX_H

#include <jansson.h>

#include "base/vec.h"

enum vex_status { VEX_FIXED, VEX_AFFECTED, VEX_UNDER_INVESTIGATION };

struct vex_statement {
	const char *cve;
	enum vex_status status;
	const char *note;   /* how that is known */
	const char *action; /* the remedy; NULL unless VEX_AFFECTED */
};

struct vex_document {
	const char *id; /* unique for a product and its version; letters, digits and "+-._~:" */
	const char *title;
	const char *author; /* who makes the statements */
	const char *time;   /* RFC 3339, UTC */
	/* A live patch that is installed on the kernel; NULL if the statements are about the
	 * kernel. */
	const char *package, *version;
	const char *kernel_package, *kernel_version;
	struct vex_statement_vec VEC(struct vex_statement) statements; /* one for each CVE */
};

/* Returns the document as an object; there must be a statement. */
json_t *vex_openvex(const struct vex_document *document);
json_t *vex_csaf(const struct vex_document *document);

/* Returns the name that CSAF wants for the file of the document; free(). */
char *vex_csaf_file(const struct vex_document *document);

void vex_document_free(struct vex_document *document);
#define scope_vex_document __attribute__((cleanup(vex_document_free))) struct vex_document

#endif
