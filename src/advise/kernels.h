/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out which kernel runs, which are installed, and which one boots next. */
#ifndef SUTURE_ADVISE_KERNELS_H
#define SUTURE_ADVISE_KERNELS_H

#include "advise/advise.h"

/*
 * Sets all members of kernel that do not concern live patches and fixes; guest is what this is if
 * the kernel is that of the machine around it, such as "container", or NULL.
 */
struct err *kernels_look(const struct root *root, const char *guest, struct advise_kernel *kernel);
void kernels_free(struct advise_kernel *kernel);

/*
 * Returns "6.1.192-2" for "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-08-02)", and a text of
 * another form as a whole; free().
 */
char *kernel_version_of(const char *text);

/* Returns the end of a release that names its flavour, such as "-cloud-amd64", or "". */
const char *kernel_flavour(const char *release);

#endif
