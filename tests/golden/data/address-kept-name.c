/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel keeps the name that an interrupt is requested with; that of a replaced function is the
 * patch's own.
 *
 * @changed f
 * @finding address-stored
 * @contains-after symbol f
 */
#include "kernel.h"

int request_threaded_irq(unsigned int irq, void *handler, void *thread, unsigned long flags,
			 const char *name, void *device);

int f(void *device, int a)
{
#ifdef PATCHED
	a++;
#endif
	return request_threaded_irq(a, external, 0, 0, "own name", device);
}
