/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Measures how much memory the kernel holds for itself. */
#ifndef SUTURE_VM_GUEST_PAGES_H
#define SUTURE_VM_GUEST_PAGES_H

/* Returns that memory in KB, without what the kernel can reclaim; 0 if it is not known. */
long pages_kernel_kb(void);
/* Returns how many KB of free pages are in the processors' lists, by the text of /proc/zoneinfo. */
long pages_listed_kb(const char *zoneinfo);

#endif
