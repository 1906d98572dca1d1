/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls that sleep in a page fault. */
#ifndef SUTURE_VM_GUEST_FAULTS_H
#define SUTURE_VM_GUEST_FAULTS_H

unsigned fault_count(void);
/* Sleeps in the system call of that number, from 0; returns after a signal only. */
void fault_run(unsigned place);

#endif
