/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs hammers: processes, one on each processor, that repeat the aims until they are ended. */
#ifndef SUTURE_VM_GUEST_HAMMER_H
#define SUTURE_VM_GUEST_HAMMER_H

enum hammer_pace { HAMMER_FAST, HAMMER_SLOW, HAMMER_REST };

enum hammer_pace hammer_set_pace(enum hammer_pace pace); /* returns the old pace */
unsigned long hammer_calls(void);			 /* how many runs there were so far */
/* Returns how many runs can be expected in that time, even on a busy host. */
unsigned long hammer_calls_in(unsigned ms);

#endif
