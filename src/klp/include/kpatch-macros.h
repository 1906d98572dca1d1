/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names that patches written for kpatch use. */
#ifndef __KPATCH_MACROS_H_
#define __KPATCH_MACROS_H_

#include <linux/livepatch_helpers.h>
#include <linux/printk.h>

typedef struct klp_object patch_object;

#define KPATCH_PRE_PATCH_CALLBACK(func) KLP_PRE_PATCH_CALLBACK(func)
#define KPATCH_POST_PATCH_CALLBACK(func) KLP_POST_PATCH_CALLBACK(func)
#define KPATCH_PRE_UNPATCH_CALLBACK(func) KLP_PRE_UNPATCH_CALLBACK(func)
#define KPATCH_POST_UNPATCH_CALLBACK(func) KLP_POST_UNPATCH_CALLBACK(func)

#define KPATCH_STATIC_CALL(name) KLP_STATIC_CALL(name)
#define KPATCH_PRINTK(fmt, ...) printk(KERN_DEBUG fmt, ##__VA_ARGS__)

/* These silence checks of kpatch; Suture has its own rules and ignores them. */
#define KPATCH_IGNORE_SECTION(section)
#define KPATCH_IGNORE_FUNCTION(function)
#define KPATCH_FORCE_UNSAFE(function)

#endif
