/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out which kernel runs, which are installed, and which one boots next. */
#ifndef SUTURE_ADVISE_KERNELS_H
#define SUTURE_ADVISE_KERNELS_H

#include "advise/advise.h"
#include "base/cursor.h"

/*
 * Sets all members of kernel that do not concern live patches and fixes; guest is what this is if
 * the kernel is that of the machine around it, such as "container", or NULL.
 */
struct err *kernels_look(const struct root *root, const char *guest, struct advise_kernel *kernel);
void kernels_free(struct advise_kernel *kernel);

/*
 * Returns the version text of a bzImage ("6.1.0-56-amd64 (...) #1 SMP ..."), which is in its setup
 * code; start is the image's first KERNEL_IMAGE_BYTES.  NULL if it is not a bzImage; free().
 */
char *kernel_image_text(struct bytes start);
#define KERNEL_IMAGE_BYTES 65536

/*
 * Returns "6.1.192-2" for "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-08-02)", and a text of
 * another form as a whole; free().
 */
char *kernel_version_of(const char *text);

/* Returns the end of a release that names its flavour, such as "-cloud-amd64", or "". */
const char *kernel_flavour(const char *release);

/* Returns the release in the name of an image, a part of path; NULL if the name has none. */
const char *kernel_release_of(const char *path);

/* The kernel that starts at the next boot; both members are free()d by the caller. */
struct boot_choice {
	char *release; /* NULL if unknown */
	char *why;     /* who chose it, or why it is unknown; never NULL */
};

struct boot_choice boot_choice_next(const struct root *root);

/* Returns what GRUB starts next by the texts of its files; *why says who chose it; free() both. */
char *grub_next(const char *config, const char *environment, char **why);
/* Returns a variable of GRUB's environment block, or NULL; free(). */
char *grub_environment_value(const char *environment, const char *name);

/* The revision of microcode that the machine's first processor runs, and the one on the disk. */
struct microcode {
	char *running, *disk; /* "0x2b000603"; NULL if unknown */
	bool old;	      /* the running revision is older than the one on the disk */
};

void microcode_look(const struct root *root, struct microcode *microcode);

/* Return the highest revision for a processor in a file of Intel's or AMD's; 0 if there is none. */
uint32_t microcode_intel(struct bytes file, uint32_t signature, uint32_t flags);
uint32_t microcode_amd(struct bytes file, uint32_t signature);

#endif
