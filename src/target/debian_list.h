/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the kernels of archives that package as Debian does. */
#ifndef SUTURE_TARGET_DEBIAN_LIST_H
#define SUTURE_TARGET_DEBIAN_LIST_H

#include "target/debian.h"

/* Appends all releases, in no order. */
struct err *debian_list(const struct apt_view *view, struct target_listed_vec *list);

#endif
