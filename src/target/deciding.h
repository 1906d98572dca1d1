/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of a fetched release that decide what is built: its configuration, its exports, its list of
 * modules and the headers that its build generated. If one of them is cut short, makefiles and
 * compiler go on with what is left, and another module or none would result.
 *
 *	kernels/<release>_<version>/   seals/<file>.seal
 */
#ifndef SUTURE_TARGET_DECIDING_H
#define SUTURE_TARGET_DECIDING_H

#include "base/err.h"

/*
 * Compares these files of a release, which is in the folder dir of the cache, with their seals. A
 * release without seals, as after unpacking, gets them; it is no error if the cache cannot be
 * written.
 */
struct err *deciding_check(const char *dir, const char *release);

#endif
