/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps programs whose output is parsed from translating it. */
#include "base/locale.h"

#include <stddef.h>

const char *const locale_c_env[] = {"LC_ALL=C", "LANGUAGE", NULL};
