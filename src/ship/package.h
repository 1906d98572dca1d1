/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes packages of live patches for package managers. */
#ifndef SUTURE_SHIP_PACKAGE_H
#define SUTURE_SHIP_PACKAGE_H

#include "base/err.h"
#include "live/live.h"
#include "ship/subject.h"

enum ship_format { SHIP_DEB, SHIP_RPM };

struct ship_package_spec {
	const char *module; /* the file of the live patch */
	unsigned level;
	const char *untested;	/* why it has no passed trial; or NULL */
	const char *maintainer; /* "Name <mail>" */
	const char *out_dir;
	enum ship_format format;
	const struct live_sign_spec *sign; /* sign the copy in the package; or NULL */
};

struct ship_package {
	char *path; /* the path of the package */
	struct ship_subject *subject;
	bool vex; /* it has documents for scanners: some CVE is known */
};

/*
 * Makes the package; a killed run leaves no file of its name, and the same inputs give the same
 * bytes, except for signatures.  dpkg-deb or rpmbuild does the work.
 */
struct err *ship_package_make(const struct ship_package_spec *spec, struct ship_package *package);
void ship_package_free(struct ship_package *package);
#define scope_ship_package __attribute__((cleanup(ship_package_free))) struct ship_package

#endif
