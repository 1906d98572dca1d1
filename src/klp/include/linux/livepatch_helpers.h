/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the author of a live patch can use in the patched source, under the names that
 * Linux has since 6.19.  Suture offers this file to kernels that have none of their own.
 *
 *	#include <linux/livepatch_helpers.h>
 *
 *	static int prepare(struct klp_object *obj) { ... }
 *	KLP_PRE_PATCH_CALLBACK(prepare);
 *
 * Shadow variables (klp_shadow_alloc() and its kin) come with <linux/livepatch.h>.
 */
#ifndef _LINUX_LIVEPATCH_HELPERS_H
#define _LINUX_LIVEPATCH_HELPERS_H

#include <linux/compiler.h>
#include <linux/livepatch.h>
#include <linux/syscalls.h>

typedef int (*klp_pre_patch_t)(struct klp_object *obj);
typedef void (*klp_post_patch_t)(struct klp_object *obj);
typedef void (*klp_pre_unpatch_t)(struct klp_object *obj);
typedef void (*klp_post_unpatch_t)(struct klp_object *obj);

/*
 * Each object (vmlinux or a module) can have one callback of each kind; a callback belongs to the
 * object that its source file is linked into.
 */
#define __SUTURE_CALLBACK(kind, func)                                                              \
	static klp_##kind##_t __suture_callback_##kind __used                                      \
		__section(".suture.callback." #kind) = func

#define KLP_PRE_PATCH_CALLBACK(func) __SUTURE_CALLBACK(pre_patch, func)
#define KLP_POST_PATCH_CALLBACK(func) __SUTURE_CALLBACK(post_patch, func)
#define KLP_PRE_UNPATCH_CALLBACK(func) __SUTURE_CALLBACK(pre_unpatch, func)
#define KLP_POST_UNPATCH_CALLBACK(func) __SUTURE_CALLBACK(post_unpatch, func)

/*
 * Declares a state: this patch's callbacks get it by klp_get_state(klp_this_patch, id), those of a
 * patch that replaces this one by klp_get_prev_state(id).
 */
extern struct klp_patch suture_patch;
#define klp_this_patch (&suture_patch)

#define KLP_STATE(state_id, state_version)                                                         \
	static struct klp_state __suture_state_##state_id __used                                   \
		__section(".suture.callback.states") = {                                           \
			.id = (state_id),                                                          \
			.version = (state_version),                                                \
		}

/* static_call() through the key: for keys that a module owns. */
#define KLP_STATIC_CALL(name) ((typeof(STATIC_CALL_TRAMP(name)) *)(STATIC_CALL_KEY(name).func))

/*
 * SYSCALL_DEFINEn() for a system call that exists: the same entry points without the
 * tracing metadata, which the kernel reads at start only.
 */
#define KLP_SYSCALL_DEFINE1(name, ...) KLP_SYSCALL_DEFINEx(1, _##name, __VA_ARGS__)
#define KLP_SYSCALL_DEFINE2(name, ...) KLP_SYSCALL_DEFINEx(2, _##name, __VA_ARGS__)
#define KLP_SYSCALL_DEFINE3(name, ...) KLP_SYSCALL_DEFINEx(3, _##name, __VA_ARGS__)
#define KLP_SYSCALL_DEFINE4(name, ...) KLP_SYSCALL_DEFINEx(4, _##name, __VA_ARGS__)
#define KLP_SYSCALL_DEFINE5(name, ...) KLP_SYSCALL_DEFINEx(5, _##name, __VA_ARGS__)
#define KLP_SYSCALL_DEFINE6(name, ...) KLP_SYSCALL_DEFINEx(6, _##name, __VA_ARGS__)
#define KLP_SYSCALL_DEFINEx(x, sname, ...) __SYSCALL_DEFINEx(x, sname, __VA_ARGS__)

#endif
