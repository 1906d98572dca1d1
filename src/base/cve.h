/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ids of security fixes, CVE-<year>-<number>, and where they stand in texts. */
#ifndef SUTURE_BASE_CVE_H
#define SUTURE_BASE_CVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

/* Returns whether text is a CVE id and nothing else. */
bool cve_is_id(const char *text);

/* Appends the CVE ids of a text of size bytes, in its order, to cves. */
void cve_find(const char *text, size_t size, struct str_vec *cves);

#endif
