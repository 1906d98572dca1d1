/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Versions of packages and kernels, ordered as dpkg orders them (deb-version(7)). */
#ifndef SUTURE_ADVISE_VERSION_H
#define SUTURE_ADVISE_VERSION_H

/* <0, 0, >0.  Works for rpm's and the kernel's numbering as well, as far as that is alike. */
int version_compare(const char *a, const char *b);

#endif
