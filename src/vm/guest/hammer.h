/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes that visit the aims, one on each processor, while they are on. */
#ifndef SUTURE_VM_GUEST_HAMMER_H
#define SUTURE_VM_GUEST_HAMMER_H

enum hammer_pace { HAMMER_FAST, HAMMER_SLOW, HAMMER_REST };

enum hammer_pace hammer_set_pace(enum hammer_pace pace); /* returns the old one */
unsigned long hammer_calls(void);			 /* visits so far */
/* As many visits as can be expected in that time, on however busy a host. */
unsigned long hammer_calls_in(unsigned ms);

#endif
