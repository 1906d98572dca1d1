/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One guest: a QEMU process and its two serial ports. */
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
	const char *dir; /* for the files that it writes */
	const char *accelerator;
	const char *append; /* more for the kernel's command line, or NULL */
	unsigned cpus;
	unsigned memory_mb;
};

struct err *guest_start(const struct guest_config *config, struct guest **guest);
/* Gives its next lines to the session, without waiting; false once it has ended and all is read. */
struct err *guest_poll(struct guest *guest, struct session *session, bool *running);
/* How long QEMU had to wait for a processor: that time is not the guest's. */
uint64_t guest_starved_ms(const struct guest *guest);
/* Why guest_poll() says that it does not run any more; free(). */
char *guest_end(struct guest *guest);
/* Whether it was ended from outside, which says nothing about the module. */
bool guest_was_killed(struct guest *guest);
/* Kills it if need be; gives what it printed on the console, and QEMU's own last words. */
void guest_stop(struct guest *guest, struct strbuf *console, struct strbuf *qemu_output);
void guest_freep(struct guest **guestp);
#define scope_guest __attribute__((cleanup(guest_freep))) struct guest *

#endif
