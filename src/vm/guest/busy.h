/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps processors awake during a transition. */
#ifndef SUTURE_VM_GUEST_BUSY_H
#define SUTURE_VM_GUEST_BUSY_H

/* Starts the sleepers, which must be there before the first transition. */
void busy_prepare(void);
/* Between start and stop, the processors other than the caller's are not idle for long. */
void busy_start(void);
void busy_stop(void);

#endif
