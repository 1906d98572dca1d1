/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system call filter of a sandbox. */
#ifndef SUTURE_BASE_SECCOMP_H
#define SUTURE_BASE_SECCOMP_H

#include <stdbool.h>

/*
 * Denies this process, and all that it starts, the system calls that no build needs and that reach
 * other machines, other processes or the kernel's settings. Needs no_new_privs. Allocates nothing;
 * if it returns false, errno says why.
 */
bool seccomp_install(void);

#endif
