/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel runs as /sbin/modprobe in the guest. */
#ifndef SUTURE_VM_GUEST_MODPROBE_H
#define SUTURE_VM_GUEST_MODPROBE_H

/* Loads the modules that have the alias; an exit code. */
int modprobe(const char *alias);

#endif
