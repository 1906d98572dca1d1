/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables that the linker writes (plan.c) and that the compiled glue reads (glue.c): names of
 * their sections and symbols, and where the members of their entries are, in bytes.
 */
#ifndef SUTURE_KLP_GLUE_LAYOUT_H
#define SUTURE_KLP_GLUE_LAYOUT_H

/* The glue is compiled under this name, which the name of the live patch overwrites. */
#define GLUE_NAME "suture_glue_with_a_name_to_be_replaced"

#define GLUE_OBJECTS_SECTION ".suture.objects"
#define GLUE_REPLACE_SECTION ".suture.replace"
#define GLUE_STATES_SECTION ".suture.states" /* struct klp_state[]; a zeroed one ends it */
#define GLUE_BUILD_SECTION                                                                         \
	".suture.build" /* facts that identify the build of the kernel; ends with size 0 */
#define GLUE_PATCH "suture_patch" /* the struct klp_patch, for callbacks */

/* One byte in GLUE_REPLACE_SECTION, then one of these per object in GLUE_OBJECTS_SECTION. */
enum {
	GLUE_OBJECT_NAME = 0, /* pointer to a string; NULL: vmlinux */
	GLUE_OBJECT_FUNCS = 8,
	GLUE_OBJECT_NR_FUNCS = 16,
	GLUE_OBJECT_CALLBACKS = 24, /* pre_patch, post_patch, pre_unpatch, post_unpatch */
	GLUE_OBJECT_SIZE = 56,

	GLUE_FUNC_OLD_NAME = 0,
	GLUE_FUNC_NEW = 8,
	GLUE_FUNC_SYMPOS = 16,
	GLUE_FUNC_SIZE = 24,

	GLUE_FACT_FOUND = 0,	 /* where the kernel's own symbol table says that the bytes are */
	GLUE_FACT_RECKONED = 8,	 /* the same place, by its distance from the anchor; or NULL */
	GLUE_FACT_EXPECTED = 16, /* the bytes */
	GLUE_FACT_LENGTH = 24,	 /* their number */
	GLUE_FACT_WHAT = 32,	 /* what they are, for the kernel's log */
	GLUE_FACT_SIZE = 40,
};

#endif
