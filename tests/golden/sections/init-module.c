/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * module_init() and module_exit() give functions a second, global name: they are known by those of
 * the source.
 *
 * @changed start, stop
 * @finding init-function
 * @finding not-traceable
 * @contains symbol init_module .init.text
 * @contains symbol cleanup_module .exit.text
 * @contains symbol start .init.text
 */
#include "kernel.h"

#ifdef PATCHED
#define VALUE 2
#else
#define VALUE 1
#endif

static int __init start(void)
{
	return external(VALUE);
}

static void __exit stop(void)
{
	external(VALUE);
}

int init_module(void) __attribute__((alias("start")));
void cleanup_module(void) __attribute__((alias("stop")));
