/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes other programs speak English. */
#ifndef SUTURE_BASE_LOCALE_H
#define SUTURE_BASE_LOCALE_H

/* The environment, as in struct proc_spec, of programs whose output is parsed. */
extern const char *const locale_c_env[];

#endif
