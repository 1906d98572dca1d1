/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's log as events. */
#ifndef SUTURE_VM_GUEST_KLOG_H
#define SUTURE_VM_GUEST_KLOG_H

/* Opens the log at its end; -1 if it cannot be read. */
int klog_open(void);
/* Sends each new record as an event to fd, without waiting. */
void klog_drain(int klog_fd, int fd);
/* Writes a line of our own, of protocol.h's LOG_MARKs, into the kernel's log. */
void klog_mark(const char *text);

#endif
