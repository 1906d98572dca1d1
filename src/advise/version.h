/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares versions of packages and kernels as dpkg does (deb-version(7)). */
#ifndef SUTURE_ADVISE_VERSION_H
#define SUTURE_ADVISE_VERSION_H

/*
 * Returns a value below, equal to or above 0.  This serves for the versions of rpm and of the
 * kernel as well, as far as they are alike.
 */
int version_compare(const char *a, const char *b);

#endif
