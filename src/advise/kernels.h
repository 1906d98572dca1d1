/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kernel runs, which are installed, which one boots next. */
#ifndef SUTURE_ADVISE_KERNELS_H
#define SUTURE_ADVISE_KERNELS_H

#include "advise/advise.h"
#include "base/cursor.h"

/* Fills in all but what concerns live patches and fixes. */
struct err *kernels_look(const struct root *root, bool container, struct advise_kernel *kernel);
void kernels_free(struct advise_kernel *kernel);

/*
 * What a bzImage says of itself ("6.1.0-56-amd64 (...) #1 SMP ..."), from its first bytes; the
 * setup code's size bounds where that can be.  free(); NULL when it is no bzImage.
 */
char *kernel_image_text(struct bytes start);
#define KERNEL_IMAGE_BYTES 65536

/* "6.1.192-2" of "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-08-02)", else the whole; free(). */
char *kernel_version_of(const char *text);

/* Whether releases are of one flavour, like amd64 or cloud-amd64. */
bool kernel_same_flavour(const char *a, const char *b);

/* The release in the name of an image; NULL when it has none.  Points into path. */
const char *kernel_release_of(const char *path);

/* What starts at the next boot. */
struct boot_choice {
	char *release; /* NULL: not known */
	char *why;     /* who chose, or why it is not known; never NULL */
};

struct boot_choice boot_next(const struct root *root);

/* Parts of boot_next(), for texts of boot loaders: who chose goes to *why; all free(). */
char *grub_next(const char *config, const char *environment, char **why);
char *grub_environment_value(const char *environment, const char *name);

/* The revision of microcode that the machine's first processor runs and has on disk. */
struct microcode {
	char *running, *disk; /* "0x2b000603"; NULL: not known */
	bool old;
};

void microcode_look(const struct root *root, struct microcode *microcode);

/* The best revision in a file of Intel's or AMD's for a processor; 0: none. */
uint32_t microcode_intel(struct bytes file, uint32_t signature, uint32_t flags);
uint32_t microcode_amd(struct bytes file, uint32_t signature);

#endif
