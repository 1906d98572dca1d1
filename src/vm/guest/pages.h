/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much memory the kernel holds for itself. */
#ifndef SUTURE_VM_GUEST_PAGES_H
#define SUTURE_VM_GUEST_PAGES_H

/* In KB, without what the kernel would give back; 0 if it cannot be told. */
long pages_kernel_kb(void);
/* The free pages in the processors' own lists, in KB, by the text of /proc/zoneinfo. */
long pages_listed_kb(const char *zoneinfo);

#endif
