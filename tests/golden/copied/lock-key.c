/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lock keys have no size, so that several may share an address; one more in front.
 *
 * @changed first
 * @unchanged second
 * @contains symbol __key.* .bss.__key.* 0
 * @contains section .bss.__key.* 0
 * @contains reloc .bss.__key.* .text.second
 * @contains-after symbol __key.1
 * @part-contains symbol __key.* .bss.__key.* 0
 */
#include "kernel.h"

void first(struct mutex *mutex)
{
#ifdef PATCHED
	mutex_init(mutex + 1);
#endif
	consume(mutex);
}

void second(struct mutex *mutex)
{
	mutex_init(mutex);
}
