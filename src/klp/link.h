/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Links livepatch modules. */
#ifndef SUTURE_KLP_LINK_H
#define SUTURE_KLP_LINK_H

#include "klp/join.h"

/* Joins glue and parts into a finished module at path. */
struct err *klp_link(const struct klp_link_spec *spec, const char *path);

#endif
