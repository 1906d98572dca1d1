/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements /sbin/modprobe, which the guest's kernel runs. */
#ifndef SUTURE_VM_GUEST_MODPROBE_H
#define SUTURE_VM_GUEST_MODPROBE_H

/* Loads the modules that have the alias; returns an exit code. */
int modprobe(const char *alias);

#endif
