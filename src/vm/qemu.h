/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs one guest: a QEMU process and its two serial ports. */
#ifndef SUTURE_VM_QEMU_H
#define SUTURE_VM_QEMU_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "vm/session.h"

struct guest;

struct guest_config {
	const char *image, *initramfs;
	const char *dir; /* a folder for the files that the ports write to */
	enum vm_accelerator accelerator;
	const char *append; /* added to the kernel's command line: "" or " option..." */
	unsigned cpus;
	unsigned memory_mb;
};

struct err *guest_start(const struct guest_config *config, struct guest **guest);
/*
 * Gives the guest's next lines to the session, without waiting.  Sets *running to false once the
 * guest has ended and all its lines were read.
 */
struct err *guest_poll(struct guest *guest, struct session *session, bool *running);
/* Returns how long QEMU had to wait for a processor, by which the guest's limits are extended. */
uint64_t guest_starved_ms(const struct guest *guest);
/* Returns how the guest ended, after guest_poll() has said that it does not run; free(). */
char *guest_end(struct guest *guest);
/* Returns whether the guest was ended from outside, which says nothing about the module. */
bool guest_was_killed(struct guest *guest);
/* Kills the guest if it runs; sets what it printed on the console, and what QEMU itself printed. */
void guest_stop(struct guest *guest, struct strbuf *console, struct strbuf *qemu_output);
void guest_freep(struct guest **guestp);
#define scope_guest __attribute__((cleanup(guest_freep))) struct guest *

#endif
