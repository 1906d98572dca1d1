/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns the kernel's log into events. */
#ifndef SUTURE_VM_GUEST_KLOG_H
#define SUTURE_VM_GUEST_KLOG_H

/* Opens the log at its end; returns -1 if it cannot be read. */
int klog_open(void);
/* Sends each new record as an event to fd, without waiting. */
void klog_drain(int klog_fd, int fd);
/* Writes a line, one of the LOG_MARKs of protocol.h, into the kernel's log. */
void klog_mark(const char *text);

#endif
