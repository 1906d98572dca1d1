/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The objects of a release, and what each of them is linked into. */
#ifndef SUTURE_KBUILD_UNITS_H
#define SUTURE_KBUILD_UNITS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/vec.h"
#include "kbuild/makefiles.h"

enum kbuild_unit_kind {
	KBUILD_UNIT_KERNEL = 'k', /* in vmlinux, in modules, or both */
	KBUILD_UNIT_LIB = 'l',	  /* in vmlinux if something refers to it */
	KBUILD_UNIT_HOST = 'h',	  /* part of a program that runs during the build */
	KBUILD_UNIT_OTHER = 'o'	  /* in another image: vDSO, boot code, … */
};

struct kbuild_unit {
	const char *object; /* "fs/proc/version.o" */
	const char *goal;   /* the name that make has for it: "drivers/a/../b/c.o", or the same */
	enum kbuild_unit_kind kind;
	const char *owners; /* separated by blanks; "" if it is not in the kernel */
};

struct kbuild_unit_vec VEC(struct kbuild_unit);

/* Every object of a release, sorted by name. */
struct kbuild_units {
	struct kbuild_unit_vec units;
	char *text; /* contains the strings */
};

/* Loads the units from the cache, or walks the makefiles of the source tree. */
struct err *kbuild_units_load(const struct kbuild *kbuild, const char *work,
			      struct progress *progress, struct kbuild_units *units);

/* Walks the makefiles as the build folder dir sees them. */
struct err *kbuild_units_walk(const struct kbuild *kbuild, const char *dir,
			      struct kbuild_units *units);

void kbuild_units_free(struct kbuild_units *units);
#define scope_kbuild_units __attribute__((cleanup(kbuild_units_free))) struct kbuild_units

const struct kbuild_unit *kbuild_unit_find(const struct kbuild_units *units, const char *object);

/* Returns whether any unit of the kernel is in the folder dir ("…/") or below it. */
bool kbuild_units_below(const struct kbuild_units *units, const char *dir);

/*
 * Turns the walker's output into the sorted text of the cache; arch_lib is the value of
 * $(ARCH_LIB).
 */
char *kbuild_units_digest(const char *walk, const char *arch_lib);

/* Takes ownership of text. */
struct err *kbuild_units_parse(char *text, struct kbuild_units *units);

/* Returns whether the unit is in vmlinux or a module. */
bool kbuild_unit_is_kernel(const struct kbuild_unit *unit);

/* Turns "fs/proc/version.c" into "fs/proc/version.o"; free(). */
char *kbuild_object_of(const char *source);

#endif
