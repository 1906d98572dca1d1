/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes system calls that sleep in a page fault. */
#ifndef SUTURE_VM_GUEST_FAULTS_H
#define SUTURE_VM_GUEST_FAULTS_H

/* Returns how many such system calls there are. */
unsigned fault_count(void);
/* Makes the system call of that index, from 0; returns only after a signal. */
void fault_run(unsigned place);

#endif
