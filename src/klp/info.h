/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a module says of itself. */
#ifndef SUTURE_KLP_INFO_H
#define SUTURE_KLP_INFO_H

#include "klp/link.h"

/* Writes .modinfo, __versions and the module's name into spec->glue. */
struct err *klp_write_info(const struct klp_link_spec *spec);

#endif
